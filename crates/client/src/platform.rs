//! The real outer world behind [`crate::ports`]: clocks, randomness, tasks and disk of this computer.

mod blob_disk;
mod boot;
mod clock;
mod opener;
#[cfg(windows)]
pub(crate) mod windows;

pub use blob_disk::SystemBlobDisk;
pub use clock::SystemClock;
pub use opener::SystemOpener;

use crate::ports::{Random, Spawn};
use rand::TryRngCore;
use std::future::Future;
use std::pin::Pin;

/// Randomness of the operating system.
pub struct SystemRandom;

impl Random for SystemRandom {
    /// Panics when the operating system has none: every key made without it would be worthless.
    fn fill(&self, bytes: &mut [u8]) {
        rand::rngs::OsRng.try_fill_bytes(bytes).expect("the operating system gives randomness");
    }
}

/// Tasks on a tokio runtime.
pub struct TokioSpawn(tokio::runtime::Handle);

impl TokioSpawn {
    /// On this runtime.
    pub const fn new(runtime: tokio::runtime::Handle) -> Self {
        Self(runtime)
    }
}

impl Spawn for TokioSpawn {
    fn spawn(&self, task: Pin<Box<dyn Future<Output = ()> + Send>>) {
        self.0.spawn(task);
    }
}
