//! Why the disk did not do it.

use domain::OperationId;

/// Why something was not stored or read. Whatever a command was to do was not done.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// No room: nothing was saved.
    #[error("no room on the disk")]
    Full,
    /// The file is damaged or the key is wrong.
    #[error("the database cannot be read")]
    Damaged,
    /// The engine is closed.
    #[error("the database is closed")]
    Closed,
    /// There is no such operation.
    #[error("no operation {0}")]
    Unknown(OperationId),
    /// The operation's state does not allow it (any more).
    #[error("the state of operation {0} does not allow it")]
    NotPossible(OperationId),
    /// A blob that an operation was to need is not here.
    #[error("a needed blob is not here")]
    NoBlob,
    /// Anything else of the database.
    #[error("the database: {0}")]
    Sqlite(rusqlite::Error),
    /// The commit failed, for everybody who shared it.
    #[error("the commit: {0}")]
    Commit(String),
    /// A newer program has used the file; nothing of it was changed.
    #[error("the database was written by a newer program")]
    Newer,
    /// A migration failed.
    #[error("migration: {0}")]
    Migration(String),
    /// Something stored is not of the form expected.
    #[error("a stored value cannot be read: {0}")]
    Form(String),
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode;
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::Full,
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Damaged,
            _ => Self::Sqlite(error),
        }
    }
}
