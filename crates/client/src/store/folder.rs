//! The person's folder, open in one program at a time.

use crate::engine::OpenError;
use std::fs::{File, TryLockError};
use std::path::Path;

/// The lock, held as long as this lives. The operating system frees it when the program dies.
pub(crate) struct FolderLock(#[allow(dead_code, reason = "held, not read")] File);

impl FolderLock {
    /// Creates the folder if need be and takes its lock.
    pub(crate) fn take(dir: &Path) -> Result<Self, OpenError> {
        std::fs::create_dir_all(dir)?;
        let file = File::options().create(true).truncate(false).write(true).open(dir.join("lock"))?;
        match file.try_lock() {
            Ok(()) => Ok(Self(file)),
            Err(TryLockError::WouldBlock) => Err(OpenError::InUse),
            Err(TryLockError::Error(error)) => Err(error.into()),
        }
    }
}
