//! The server in a process of its own: its memory is its own, and clients do not share its threads.

use super::town::{Town, config};
use crate::stage::Stage;
use anyhow::Context;
use server::{Server, ServerPorts};
use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// A server in a process of its own. Dropping it ends it.
pub struct Alone {
    /// Where it answers.
    pub addr: SocketAddr,
    child: Child,
}

impl Alone {
    /// Starts one on the files of a town whose own server was stopped.
    pub fn start(folder: &Path, more: &str) -> anyhow::Result<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("serve").arg(folder).arg(more).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().context("the server's process")?;
        let mut line = String::new();
        BufReader::new(child.stdout.take().context("piped")?).read_line(&mut line)?;
        let addr = line.trim().parse().with_context(|| format!("the server said «{line}»"))?;
        Ok(Self { addr, child })
    }

    /// Its process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Alone {
    fn drop(&mut self) {
        // It stops when its input ends; a child that is gone already is no worse.
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

/// The child's part: serves until its input ends.
pub fn serve(stage: &Stage, folder: &Path, more: &str) -> anyhow::Result<()> {
    super::many_files()?;
    let running = stage.runtime.block_on(Server::start(config(folder, more)?, ServerPorts::default()))?;
    println!("{}", running.addr);
    std::io::stdin().read_to_end(&mut Vec::new())?;
    stage.runtime.block_on(running.stop());
    Ok(())
}

impl Town {
    /// Stops the town's own server and starts it in a process of its own.
    pub fn alone(self, stage: &Stage, more: &str) -> anyhow::Result<(Self, Alone)> {
        let town = self.stopped(stage);
        let alone = Alone::start(town.folder(), more)?;
        Ok((town, alone))
    }
}
