//! The server as a program: started, closed, killed, and started again where it was.

use crate::folder;
use crate::program::{self, Program};
use anyhow::Context;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

/// One process of the server, running or not. Several may share one database.
#[derive(Debug)]
pub struct ServerProgram {
    /// What its log is called.
    pub name: String,
    /// Which program: there are some built to misbehave.
    pub program: PathBuf,
    /// Settings beside those of `demo/server.toml`.
    pub environment: Vec<(String, String)>,
    /// Where output goes.
    pub logs: PathBuf,
    /// Where it listens; port 0 until the first start.
    pub address: SocketAddr,
    running: Option<Program>,
}

impl ServerProgram {
    /// Not started yet.
    pub fn new(name: &str, program: PathBuf, environment: Vec<(String, String)>, logs: PathBuf) -> Self {
        let address = SocketAddr::from(([127, 0, 0, 1], 0));
        Self { name: name.into(), program, environment, logs, address, running: None }
    }

    /// Another process of the same server over the same database.
    pub fn another(&self, name: &str) -> Self {
        Self::new(name, self.program.clone(), self.environment.clone(), self.logs.clone())
    }

    /// The address for clients.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Starts it and waits until it listens, again where it listened before.
    pub fn start(&mut self) -> anyhow::Result<()> {
        let (running, address) = Program::serve(&self.name, self.serve(), &self.logs)?;
        self.address = address;
        self.running = Some(running);
        Ok(())
    }

    /// Starts it and waits for nothing: whoever does this wants to kill it on its way.
    pub fn begin_to_start(&mut self) -> anyhow::Result<()> {
        self.running = Some(Program::start(&self.name, self.serve(), &self.logs)?);
        Ok(())
    }

    /// Kills it as a power cut would. Tells whether it still ran.
    pub fn kill_9(&mut self) -> anyhow::Result<bool> {
        self.running.take().context("the server runs")?.kill_9()
    }

    /// Asks it to end, and kills it after so long. Tells whether it was still closing then.
    pub async fn close_and_kill_9(&mut self, after: Duration) -> anyhow::Result<bool> {
        let mut running = self.running.take().context("the server runs")?;
        running.interrupt();
        tokio::time::sleep(after).await;
        running.kill_9()
    }

    /// The running program.
    pub fn running(&self) -> Option<&Program> {
        self.running.as_ref()
    }

    /// A command of the same server: `import`, `export`, …
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = program::command(&self.program, ["--config"]);
        command.arg(folder::root().join("demo/server.toml")).args(args);
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }

    fn serve(&self) -> Command {
        let mut serve = self.command(&["serve", "--listen"]);
        serve.arg(self.address.to_string());
        serve
    }
}
