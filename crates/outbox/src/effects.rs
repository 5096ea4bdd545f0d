//! What the caller passes in with every event, and what it has to do afterwards.

use crate::blobs::BlobName;
use domain::OperationId;
use std::collections::BTreeSet;
use wire::push::Outcome;

/// The moment of an event.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Now {
    /// Milliseconds of a clock that nobody can set and that goes on in sleep. Waiting times are measured by it.
    pub ms: i64,
    /// Milliseconds since 1970 UTC as the device believes. Only shown and written down, never used for order.
    pub believed_ms: i64,
    /// A fresh random number from 0 to 1 for jitter.
    pub jitter: f64,
}

/// What has to be done after an event, in this order.
#[derive(Debug, Clone, Default, PartialEq)]
#[must_use = "what is not written durably did not happen"]
pub struct Effects {
    /// Write these rows as they are now, with their needs, all in one commit.
    pub rows: BTreeSet<OperationId>,
    /// Remove these rows in the same commit.
    pub forgotten: Vec<OperationId>,
    /// Write the rows of these blobs in the same commit.
    pub blobs: BTreeSet<BlobName>,
    /// Remove the rows of these blobs in the same commit; after it their files may go.
    pub forgotten_blobs: Vec<BlobName>,
    /// Write the device row in the same commit: it begins a new life, or rows go that said how far its numbers are used
    /// up. An entry does not need it, its own row says it.
    pub device: bool,
    /// Tell that the server decided these.
    pub decided: Vec<(OperationId, Outcome)>,
    /// Tell that the pause is another.
    pub pause_changed: bool,
}

impl Effects {
    /// Whether the disk has nothing to do.
    pub fn writes_nothing(&self) -> bool {
        self.rows.is_empty()
            && self.forgotten.is_empty()
            && self.blobs.is_empty()
            && self.forgotten_blobs.is_empty()
            && !self.device
    }

    pub(crate) fn row(&mut self, id: OperationId) {
        self.rows.insert(id);
    }
}
