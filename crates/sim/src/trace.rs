//! What happened, line by line: two runs of one seed give the same lines.

use crate::clocks::TrueTime;
use sha2::{Digest, Sha256};
use std::sync::{Arc, Mutex, PoisonError};

/// The lines of a run.
pub struct Trace {
    time: Arc<TrueTime>,
    lines: Mutex<Vec<String>>,
}

impl Trace {
    /// Nothing has happened yet.
    pub fn new(time: Arc<TrueTime>) -> Arc<Self> {
        Arc::new(Self { time, lines: Mutex::default() })
    }

    /// Notes an event at the present time.
    pub fn note(&self, event: impl AsRef<str>) {
        let line = format!("{:>12} {}", self.time.gone_ms(), event.as_ref());
        self.lines.lock().unwrap_or_else(PoisonError::into_inner).push(line);
    }

    /// All lines so far.
    pub fn lines(&self) -> Vec<String> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// A few digits that stand for bytes.
pub fn short_hash(bytes: &[u8]) -> String {
    hex::encode(&Sha256::digest(bytes)[..4])
}
