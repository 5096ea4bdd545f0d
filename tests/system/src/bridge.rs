//! The real core without a window: the bridge program, and its commands over HTTP.

use crate::folder;
use crate::program::{self, Program};
use crate::until::until;
use anyhow::Context;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How long anything may take that needs the server.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// A running core.
#[derive(Debug)]
pub struct Bridge {
    program: Program,
    url: String,
    http: reqwest::Client,
}

/// What a core needs to start, and to start again after a kill.
#[derive(Debug, Clone)]
pub struct Seat {
    /// Its data folder.
    pub data: PathBuf,
    /// The file that stands for the keyring.
    pub keyring: PathBuf,
    /// The server's address.
    pub server: String,
    /// Where output goes.
    pub logs: PathBuf,
}

impl Seat {
    /// A seat under `folder`.
    pub fn under(folder: &Path, server: &str, logs: &Path) -> Self {
        let keyring = folder.join("keyring");
        Self { data: folder.join("data"), keyring, server: server.into(), logs: logs.to_owned() }
    }

    /// Starts the core.
    pub fn start(&self) -> anyhow::Result<Bridge> {
        let ui = self.logs.join("no-ui");
        std::fs::create_dir_all(&self.data)?;
        std::fs::create_dir_all(&ui)?;
        let mut command = program::command(folder::program("zhkh-bridge")?, ["--listen", "127.0.0.1:0", "--server"]);
        command.arg(&self.server).arg("--data").arg(&self.data).arg("--ui").arg(&ui);
        command.arg("--keyring-file").arg(&self.keyring);
        let (program, listening) = Program::serve("bridge", command, &self.logs)?;
        Ok(Bridge { program, url: format!("http://{listening}"), http: reqwest::Client::new() })
    }
}

impl Bridge {
    /// Calls a command; a refusal is an error with the failure's JSON.
    pub async fn call(&self, command: &str, args: Value) -> anyhow::Result<Value> {
        let answer = self.http.post(format!("{}/call/{command}", self.url)).json(&args).send().await?;
        let status = answer.status();
        let text = answer.text().await?;
        anyhow::ensure!(status.is_success(), "{command} was refused ({status}): {text}");
        serde_json::from_str(&text).with_context(|| format!("{command} answered {text}"))
    }

    /// Asks a command again and again until `found` finds something in its answer.
    pub async fn await_in<T>(
        &self,
        command: &str,
        args: Value,
        found: impl Fn(&Value) -> Option<T>,
    ) -> anyhow::Result<T> {
        until(command, PATIENCE, || async {
            let answer = self.call(command, args.clone()).await?;
            found(&answer).with_context(|| format!("{command} answers {answer}"))
        })
        .await
    }

    /// The kind of the pill: `sent`, `offline`, …
    pub async fn pill(&self) -> anyhow::Result<String> {
        let queue = self.call("queue", json!({})).await?;
        Ok(queue["pill"]["pill"].as_str().unwrap_or_default().to_owned())
    }

    /// Its process id, for whoever kills it in the middle of a call.
    pub fn id(&self) -> u32 {
        self.program.id()
    }

    /// Kills it as a power cut would.
    pub fn kill_9(mut self) -> anyhow::Result<()> {
        self.program.kill_9()
    }
}
