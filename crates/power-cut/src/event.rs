//! What was done to a watched folder, in the order in which it was done.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

/// A file, whatever its names are: what file systems call an inode.
pub(crate) type FileId = usize;

/// One thing that was done. Paths are relative to the watched folder.
#[derive(Debug, Clone)]
pub(crate) enum Event {
    /// A new, empty file got a name.
    Link { name: PathBuf, file: FileId },
    /// A file got another name, in place of whatever had it.
    Rename { from: PathBuf, to: PathBuf, file: FileId },
    /// A name was removed.
    Unlink { name: PathBuf },
    /// A folder was made.
    MakeFolder { name: PathBuf },
    /// The names in a folder were made durable.
    SyncFolder { folder: PathBuf },
    /// Bytes were written.
    Write { file: FileId, offset: u64, bytes: Arc<[u8]> },
    /// A file was cut or lengthened.
    Resize { file: FileId, size: u64 },
    /// The content of a file was made durable.
    Sync { file: FileId },
}

/// The folder when watching began: all of it durable.
#[derive(Debug, Clone, Default)]
pub(crate) struct Base {
    pub(crate) names: BTreeMap<PathBuf, FileId>,
    pub(crate) files: Vec<Arc<[u8]>>,
    pub(crate) folders: BTreeSet<PathBuf>,
}
