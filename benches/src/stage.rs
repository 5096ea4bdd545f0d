//! What all figures share: how much to measure, where the files lie, what runs the tasks.

use crate::tickets::{Chat, Office};
use anyhow::Context;
use std::cell::OnceCell;
use std::path::PathBuf;
use std::time::Instant;
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// How much is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// Only that everything still works; the numbers mean little.
    Quick,
    /// What stands in the README.
    Usual,
    /// With the ten minutes of the city's last evening in full.
    Full,
}

/// What all figures share.
pub struct Stage {
    /// How much is measured.
    pub size: Size,
    // Dropped before what runs their tasks.
    chat: OnceCell<Chat>,
    office: OnceCell<Office>,
    /// Runs the engine, the server and their clients.
    pub runtime: Runtime,
    folder: PathBuf,
}

impl Stage {
    /// Files go into `folder`: it has to be on a real disk, where a commit costs what it costs.
    pub fn new(size: Size, folder: PathBuf) -> anyhow::Result<Self> {
        std::fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        Ok(Self { size, chat: OnceCell::new(), office: OnceCell::new(), runtime, folder })
    }

    /// A fresh folder, removed when dropped.
    pub fn fresh(&self) -> anyhow::Result<TempDir> {
        Ok(tempfile::tempdir_in(&self.folder)?)
    }

    /// The resident with the long conversation, made when it is asked for first.
    pub fn chat(&self) -> anyhow::Result<&Chat> {
        made(&self.chat, || Chat::make(self))
    }

    /// The dispatcher with all the tickets, made when they are asked for first.
    pub fn office(&self) -> anyhow::Result<&Office> {
        made(&self.office, || Office::make(self))
    }

    /// A number that depends on how much is measured.
    pub fn pick<T>(&self, quick: T, usual: T) -> T {
        if self.size == Size::Quick { quick } else { usual }
    }

    /// How often each side is measured.
    pub fn runs(&self) -> usize {
        self.pick(1, 5)
    }
}

fn made<T>(cell: &OnceCell<T>, make: impl FnOnce() -> anyhow::Result<T>) -> anyhow::Result<&T> {
    if let Some(made) = cell.get() {
        return Ok(made);
    }
    let new = make()?;
    Ok(cell.get_or_init(|| new))
}

/// Seconds since.
pub fn seconds(since: Instant) -> f64 {
    since.elapsed().as_secs_f64()
}
