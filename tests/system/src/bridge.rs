//! The real core without a window: the bridge program, and its commands over HTTP.

use crate::folder;
use crate::program::{self, Program};
use crate::until::until;
use anyhow::Context;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::Command;
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

    /// Starts the core and waits until it takes commands.
    pub fn start(&self) -> anyhow::Result<Bridge> {
        let (program, listening) = Program::serve("bridge", self.command()?, &self.logs)?;
        Ok(Bridge { program, url: format!("http://{listening}"), http: reqwest::Client::new() })
    }

    /// Starts the core and kills it after so long, wherever it has got to.
    pub async fn start_and_kill_9(&self, after: Duration) -> anyhow::Result<bool> {
        let mut program = Program::start("bridge", self.command()?, &self.logs)?;
        tokio::time::sleep(after).await;
        program.kill_9()
    }

    fn command(&self) -> anyhow::Result<Command> {
        let ui = self.logs.join("no-ui");
        std::fs::create_dir_all(&self.data)?;
        std::fs::create_dir_all(&ui)?;
        let mut command = program::command(folder::program("zhkh-bridge")?, ["--listen", "127.0.0.1:0", "--server"]);
        command.arg(&self.server).arg("--data").arg(&self.data).arg("--ui").arg(&ui);
        command.arg("--keyring-file").arg(&self.keyring);
        Ok(command)
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

    /// Kills it in the middle of whatever it does, and does not wait for its end.
    pub fn shoot(&self) {
        self.program.shoot();
    }

    /// Kills it as a power cut would. Tells whether it still ran.
    pub fn kill_9(mut self) -> anyhow::Result<bool> {
        self.program.kill_9()
    }

    /// Asks it to end, and kills it after so long. Tells whether it was still closing then.
    pub async fn close_and_kill_9(mut self, after: Duration) -> anyhow::Result<bool> {
        self.program.interrupt();
        tokio::time::sleep(after).await;
        self.program.kill_9()
    }
}
