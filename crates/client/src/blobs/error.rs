//! Why a blob was not stored or read.

use crate::store::StoreError;
use std::io;

/// Why a blob was not stored, read or removed.
#[derive(Debug, thiserror::Error)]
pub enum BlobError {
    /// No room: nothing was stored.
    #[error("no room on the disk")]
    Full,
    /// There is no blob of this name here.
    #[error("there is no such blob here")]
    Missing,
    /// The file is not what was stored, or belongs to another key.
    #[error("the blob cannot be read")]
    Damaged,
    /// What was to be stored changed while it was read.
    #[error("the content changed while it was read")]
    Changed,
    /// An operation needs it.
    #[error("an operation needs this blob")]
    Needed,
    /// Nobody is signed in, or the engine is closed.
    #[error("the blobs are closed")]
    Closed,
    /// The database of the queue.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Anything else of the disk.
    #[error("the disk: {}", .0.kind())]
    Disk(io::Error),
}

impl From<io::Error> for BlobError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full,
            io::ErrorKind::NotFound => Self::Missing,
            _ => Self::Disk(error),
        }
    }
}
