//! How an engine is opened, and why it may not open.

use crate::store::StoreError;
use domain::{Source, UserId};
use std::path::PathBuf;

/// How to open the engine of one person.
#[derive(Clone)]
pub struct EngineConfig {
    /// The person's own folder. Created when it is not there.
    pub dir: PathBuf,
    /// The key of the person's databases and blobs.
    pub key: [u8; 32],
    /// The person.
    pub user: UserId,
    /// Through what kind of workplace things are entered.
    pub source: Source,
    /// Where the databases run.
    pub storage: Storage,
}

/// Where the databases run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Storage {
    /// On threads of their own, as in the program.
    #[default]
    Threads,
    /// On the caller's thread, as a simulation needs it.
    Inline,
}

/// Why an engine did not open.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another program, or another window of this one, has the person's data open.
    #[error("the data of this person are in use by another program")]
    InUse,
    /// The queue cannot be read with this key: a wrong key or a damaged file. Nothing was changed.
    #[error("the queue cannot be read with this key")]
    OutboxUnreadable,
    /// A newer program has used the queue, and this one does not know its form. Nothing was changed.
    #[error("the queue was written by a newer program")]
    NewerProgram,
    /// The disk.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The folder.
    #[error("the folder of this person: {0}")]
    Folder(#[from] std::io::Error),
}
