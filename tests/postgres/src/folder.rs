//! Folders of clusters that nobody named, and the removal of those whose process could not remove them.

use anyhow::Context;
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

const PREFIX: &str = "zhkh-postgres-";

/// Locked as long as the process lives that uses the folder.
const LOCK: &str = "in-use";

/// The part that belongs to the system user.
const CLUSTER: &str = "cluster";

/// A folder that its owner removes, or else whoever comes next.
#[derive(Debug)]
pub struct Temporary {
    folder: TempDir,
    _in_use: File,
}

impl Temporary {
    /// A new folder. Removes those that dead processes left.
    pub fn make() -> anyhow::Result<Self> {
        let parent = std::env::temp_dir();
        remove_left(&parent)?;
        let folder = tempfile::Builder::new().prefix(PREFIX).tempdir_in(parent)?;
        #[cfg(unix)]
        {
            // The system user has to come through to its part of it.
            use std::os::unix::fs::PermissionsExt;
            std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755))?;
        }
        let in_use = File::create(folder.path().join(LOCK))?;
        in_use.lock()?;
        Ok(Self { folder, _in_use: in_use })
    }

    /// Where a cluster goes.
    pub fn cluster(&self) -> PathBuf {
        self.folder.path().join(CLUSTER)
    }
}

/// A cluster that is dropped removes its folder. One that ended with its process (kill -9, or a static of the process)
/// cannot: its lock is free.
fn remove_left(parent: &Path) -> anyhow::Result<()> {
    let entries = std::fs::read_dir(parent).with_context(|| format!("{} cannot be read", parent.display()))?;
    for entry in entries.flatten().filter(|entry| entry.file_name().to_string_lossy().starts_with(PREFIX)) {
        // None yet: it is being made. Not ours to open: somebody else's.
        let Ok(lock) = File::open(entry.path().join(LOCK)) else { continue };
        match lock.try_lock() {
            // A server that is just ending may still write: then the next one removes it, so the lock goes last.
            Ok(()) => drop(remove(&entry.path())),
            Err(TryLockError::WouldBlock | TryLockError::Error(_)) => {}
        }
    }
    Ok(())
}

fn remove(folder: &Path) -> std::io::Result<()> {
    match std::fs::remove_dir_all(folder.join(CLUSTER)) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        _ => std::fs::remove_dir_all(folder),
    }
}
