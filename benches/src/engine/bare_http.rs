//! The bare limit of sending: reqwest, axum, one transaction per batch on either side, and nothing else.

use axum::extract::State;
use axum::routing::post;
use axum::{Json, Router};
use rusqlite::{Connection, params};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::task::JoinHandle;

/// One operation on its way.
#[derive(Serialize, Deserialize)]
pub struct Item {
    id: String,
    operation: Box<RawValue>,
}

impl Item {
    /// Of an id and sealed bytes.
    pub fn new(id: String, sealed: &str) -> anyhow::Result<Self> {
        Ok(Self { id, operation: RawValue::from_string(sealed.to_owned())? })
    }
}

/// A server that puts what comes into one table.
pub struct BareServer {
    /// Where it answers.
    pub url: String,
    serving: JoinHandle<()>,
}

impl BareServer {
    /// Its file is as the real server's: WAL, `synchronous=FULL`, not encrypted.
    pub async fn start(file: &Path) -> anyhow::Result<Self> {
        let connection = Connection::open(file)?;
        connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.execute_batch("CREATE TABLE taken (id TEXT PRIMARY KEY, operation TEXT NOT NULL)")?;
        let shared = Arc::new(Mutex::new(connection));
        let router = Router::new().route("/take", post(take)).with_state(shared);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}/take", listener.local_addr()?);
        let serving = tokio::spawn(async move {
            // It ends when the measuring does.
            let _ = axum::serve(listener, router).await;
        });
        Ok(Self { url, serving })
    }
}

impl Drop for BareServer {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn take(State(file): State<Arc<Mutex<Connection>>>, Json(items): Json<Vec<Item>>) -> Json<Vec<String>> {
    let stored = tokio::task::spawn_blocking(move || store(&file, items)).await;
    Json(stored.ok().and_then(Result::ok).unwrap_or_default())
}

fn store(file: &Mutex<Connection>, items: Vec<Item>) -> rusqlite::Result<Vec<String>> {
    let file = file.lock().unwrap_or_else(PoisonError::into_inner);
    file.execute_batch("BEGIN IMMEDIATE")?;
    for item in &items {
        file.prepare_cached("INSERT INTO taken VALUES (?1, ?2)")?.execute(params![item.id, item.operation.get()])?;
    }
    file.execute_batch("COMMIT")?;
    Ok(items.into_iter().map(|item| item.id).collect())
}
