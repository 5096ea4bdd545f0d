//! What the engine tells by itself.

use domain::OperationId;
use std::collections::BTreeSet;
use wire::push::Outcome;

/// Something happened. A receiver that lags behind asks for everything again.
#[derive(Debug, Clone, PartialEq)]
pub enum EngineEvent {
    /// The queue is another: [`super::Engine::read`].
    QueueChanged,
    /// The mirror is another.
    MirrorChanged {
        /// Kinds of the entities that changed, as [`wire::entity::Entity::kind`] gives them.
        kinds: BTreeSet<String>,
    },
    /// The server decided about an operation: applied, rejected, withdrawn, or its id is taken.
    Decided {
        /// The operation.
        id: OperationId,
        /// What it decided.
        outcome: Outcome,
    },
    /// More of a file has reached the server.
    FileMoved,
    /// Sending or reading began to wait, or goes on: [`super::Engine::status`].
    PauseChanged,
}
