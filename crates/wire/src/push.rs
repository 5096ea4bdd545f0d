//! Batches of operations, and what became of each.

use crate::operation::Sealed;
use crate::problem::Rejection;
use domain::{Incarnation, OperationId};
use serde::{Deserialize, Serialize};

/// `POST /v1/operations`, JSON, usually `content-encoding: zstd`. At most [`crate::MAX_BATCH`] items.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Batch {
    /// The life of the outbox that sends. A server that has seen another operation under the same device
    /// sequence of this life answers 409 `incarnation_conflict`.
    pub incarnation: Incarnation,
    /// The items, lanes in order.
    pub items: Vec<Item>,
}

/// One thing to do.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum Item {
    /// Apply an operation, or say again what became of it.
    Apply {
        /// Its sealed bytes.
        operation: Sealed,
        /// The operation before it in its lane, if that one is not settled or was not discarded by the person.
        /// Not part of the sealed bytes: discarding a rejected operation moves what follows it up.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        after: Option<OperationId>,
    },
    /// Take back an operation that may have arrived. Final either way.
    Withdraw {
        /// The operation.
        id: OperationId,
    },
}

/// The answer to a batch: one result per item, in the order of the items.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct BatchAnswer {
    /// The results.
    pub results: Vec<ItemResult>,
}

/// What became of one item.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ItemResult {
    /// The operation meant.
    pub id: OperationId,
    /// Its fate.
    pub outcome: Outcome,
}

/// The fate of an operation. All but `Held`, `OutOfOrder` and `Failed` are final and in the ledger for ever.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Outcome {
    /// It took effect, now or at an earlier delivery.
    Applied {
        /// The feed position of its effect.
        position: i64,
    },
    /// It will never take effect.
    Rejected {
        /// Why.
        rejection: Rejection,
        /// The feed position at which this was decided.
        position: i64,
    },
    /// It was taken back before it took effect, and will never take effect.
    Withdrawn {
        /// The feed position at which this was decided.
        position: i64,
    },
    /// Not done: the operation named in `after` was rejected.
    Held {
        /// The operation it waits for.
        by: OperationId,
    },
    /// Not done: the operation named in `after` has not arrived.
    OutOfOrder,
    /// Not done: this one operation makes the server fail. To be tried alone, later.
    Failed,
    /// The same id with other content is in the ledger.
    IdTaken,
}
