//! What a released program left on the disks: today's program opens it, shows it and sends it, and today's server
//! knows it. The files stand in `crates/client/golden` and `crates/server/golden`.

mod drain;
mod home;
mod make;
mod scene;

use anyhow::Context;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The form of outbox.db and of the server's database that today's program writes.
pub const NEWEST: &str = "2";

/// What is known of a golden queue besides its file.
#[derive(Serialize, Deserialize)]
pub struct Queue {
    /// Whose it is.
    pub user: domain::UserId,
    /// Every entry by the name of its part in the scene.
    pub operations: BTreeMap<String, domain::OperationId>,
}

fn golden(of: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../crates").join(of)
}

/// The folder of golden queues, one per form.
pub fn queues() -> PathBuf {
    golden("client/golden/outbox")
}

/// The folder of golden databases of the server, one per form.
pub fn databases() -> PathBuf {
    golden("server/golden/database")
}

/// The key under which every golden queue lies. It opens nothing else.
pub fn key() -> anyhow::Result<[u8; 32]> {
    let text = std::fs::read_to_string(queues().join("key.hex"))?;
    hex::decode(text.trim())?.try_into().ok().context("32 bytes")
}

/// Opens a queue from outside.
pub fn raw(outbox: &Path) -> anyhow::Result<rusqlite::Connection> {
    let connection = rusqlite::Connection::open(outbox)?;
    connection.execute_batch(&format!("PRAGMA key = \"x'{}'\"", hex::encode(key()?)))?;
    Ok(connection)
}
