//! How synchronisation is doing, for the pill and the queue panel.

pub use outbox::Pause;

/// How synchronisation is doing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyncStatus {
    /// Why nothing goes out or comes in; instants in it are milliseconds since 1970 UTC by the wall clock.
    pub pause: Option<Pause>,
    /// The run that is being sent, if one is.
    pub sending: Option<Progress>,
    /// When the next try is, milliseconds since 1970 UTC by the wall clock.
    pub next_try_ms: Option<i64>,
    /// When the mirror was last known to be complete, milliseconds since 1970 UTC by the server's clock.
    pub last_synced_ms: Option<i64>,
    /// How far the wall clock is from the server's, positive when fast; `None` when that is not known.
    pub wall_error_ms: Option<i64>,
    /// How many operations wait on this computer: not decided and nothing for the person to do.
    pub waiting: u32,
    /// How many need the person: rejected, or «Требует внимания».
    pub attention: u32,
}

/// «Отправляется 1 из 2».
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// How many of this run are done.
    pub done: u32,
    /// How many there are.
    pub total: u32,
}
