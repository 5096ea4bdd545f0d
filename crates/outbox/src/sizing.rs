//! How much to send at once, and how the one operation is found that makes the server fail.
//!
//! A batch that the server cannot take, or that fails twice, is halved, and halved again. An operation that fails alone
//! while others wait is *blamed*: its lane stands aside and is tried again slowly, alone, and everything else goes
//! on. Each success doubles the size again, so a long queue is drained in a number of batches linear in its length.
//!
//! A server that is down altogether looks the same for a while, and blames the innocent. They are cleared by the first
//! success: whoever was blamed for the first time since the last one, and not alone, is tried again at once.

use crate::backoff::Backoff;
use domain::OperationId;
use std::collections::BTreeMap;
use wire::MAX_BATCH;

/// Failures in a row before the search begins: one may be chance.
const PATIENCE: u32 = 2;

/// The size of the next batch.
#[derive(Debug, Clone)]
pub(crate) struct Sizing {
    limit: usize,
    most: usize,
    strikes: u32,
    /// Who was blamed since the last success.
    pub(crate) since_success: Vec<OperationId>,
}

impl Sizing {
    pub(crate) fn new() -> Self {
        Self { limit: MAX_BATCH, most: MAX_BATCH, strikes: 0, since_success: Vec::new() }
    }

    pub(crate) const fn limit(&self) -> usize {
        self.limit
    }

    /// Sends no more than so many at once.
    pub(crate) fn at_most(&mut self, most: usize) {
        self.most = most.clamp(1, MAX_BATCH);
        self.limit = self.limit.min(self.most);
    }

    /// A batch of `size` failed in a way that something in it may have caused: at once too large (`refused`), or for
    /// the second time, or again while the search is on. Returns whether the next one is to be smaller, or, of a lone
    /// operation, whether it is to blame.
    pub(crate) fn failed(&mut self, size: usize, refused: bool) -> bool {
        self.strikes += 1;
        let smaller = refused || self.strikes >= PATIENCE;
        if smaller {
            self.limit = (size / 2).max(1);
        }
        smaller
    }

    pub(crate) fn succeeded(&mut self) {
        self.strikes = 0;
        self.limit = (self.limit * 2).min(self.most);
    }
}

/// The operations that alone made the server fail, each with its own slow wait.
pub(crate) type Blamed = BTreeMap<OperationId, Backoff>;
