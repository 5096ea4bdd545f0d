//! What the queue knows of one operation: a row of the database.

use crate::State;
use crate::needs::Need;
use domain::{Incarnation, OperationId};
use std::collections::BTreeSet;
use wire::operation::{Lane, Sealed};

/// The priority of an operation for which nothing is urgent.
pub const WHENEVER: i64 = i64::MAX;

/// One operation in the queue.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// Its id.
    pub id: OperationId,
    /// Its sealed bytes; `None` when the row cannot be read.
    pub sealed: Option<Sealed>,
    /// The order it belongs to.
    pub lane: Lane,
    /// Its place in the order of entry. An operation that takes another's place takes this number too.
    pub place: u64,
    /// What goes first: the smaller number. A closing reading window gives its last day here.
    pub priority: i64,
    /// What has to be there before it goes out, besides its lane. Changes only when a needed operation is replaced.
    pub needs: BTreeSet<Need>,
    /// When it was entered, as the device believes, milliseconds since 1970 UTC.
    pub captured_ms: i64,
    /// Where it is.
    pub state: State,
    /// Whether a copy may have left this computer. Never false when one has.
    pub ever_sent: bool,
    /// Whether the person asked to take it back and the server has not answered yet.
    pub withdrawing: bool,
    /// How often it was part of a batch.
    pub attempts: u32,
    /// When the server decided, as the device believes, milliseconds since 1970 UTC.
    pub decided_ms: Option<i64>,
}

impl Record {
    /// An operation that was just entered.
    pub fn new(id: OperationId, sealed: Sealed, lane: Lane, priority: i64, captured_ms: i64) -> Self {
        Self {
            id,
            sealed: Some(sealed),
            lane,
            place: 0,
            priority,
            needs: BTreeSet::new(),
            captured_ms,
            state: State::Queued,
            ever_sent: false,
            withdrawing: false,
            attempts: 0,
            decided_ms: None,
        }
    }

    /// The same with needs.
    #[must_use]
    pub fn needing(self, needs: BTreeSet<Need>) -> Self {
        Self { needs, ..self }
    }
}

/// The life of this outbox, as far as it is used up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Device {
    /// The life.
    pub incarnation: Incarnation,
    /// The device sequence that the next operation takes. On the disk it may be behind what the rows say.
    pub next_seq: u64,
}
