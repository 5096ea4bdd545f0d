//! What the window is built from: the queue over the mirror, of one moment.

use crate::store::Mirror;
use domain::OperationId;
use outbox::{Record, State};
use wire::operation::{Operation, Sealed};

/// The queue and the mirror of one moment.
pub struct Reading {
    /// Operations that the mirror does not contain yet, or that wait for the person, in the order of entry. Replaced,
    /// discarded and withdrawn ones are not among them.
    pub queue: Vec<QueuedOperation>,
    /// Operations that were accepted and that the mirror shows, as long as they are kept, newest first. For
    /// «Принято сегодня» the caller takes those whose `decided_ms` is of today.
    pub accepted: Vec<QueuedOperation>,
    /// The mirror.
    pub mirror: Mirror,
}

/// One operation of the queue.
#[derive(Debug, Clone)]
pub struct QueuedOperation {
    /// Its id.
    pub id: OperationId,
    /// What was entered; `None` when this program cannot read it.
    pub operation: Option<Operation>,
    /// The bytes as they were entered, for «Сохранить в файл»; `None` when the row itself is damaged.
    pub sealed: Option<Sealed>,
    /// Where it is. A rejection and its reason are in here.
    pub state: State,
    /// Whether a copy may have left this computer.
    pub ever_sent: bool,
    /// Whether the mirror may not contain it although it stands at or above its position: positions of a server that was
    /// restored from a copy are given twice.
    pub unseen: bool,
    /// Whether the server is being asked to take it back.
    pub withdrawing: bool,
    /// When it was entered, as this computer believes, milliseconds since 1970 UTC.
    pub captured_ms: i64,
    /// When the server decided, as this computer believes.
    pub decided_ms: Option<i64>,
    /// How often it was sent.
    pub attempts: u32,
    /// The priority it was entered with.
    pub priority: i64,
}

impl From<&Record> for QueuedOperation {
    fn from(record: &Record) -> Self {
        Self {
            id: record.id,
            operation: record.sealed.as_ref().and_then(|sealed| sealed.open().ok()),
            sealed: record.sealed.clone(),
            state: record.state.clone(),
            ever_sent: record.ever_sent,
            unseen: false,
            withdrawing: record.withdrawing,
            captured_ms: record.captured_ms,
            decided_ms: record.decided_ms,
            attempts: record.attempts,
            priority: record.priority,
        }
    }
}
