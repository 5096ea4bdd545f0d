//! `cache.db`: the mirror on the disk, and how it survives being damaged.

use super::StoreError;
use super::apply::{self, Applied, LoosePage, SnapshotPage};
use super::connection::{self, DatabaseKey, Durability};
use super::database::{Database, Pending};
use super::fetched::{self, Fetched};
use super::mirror::{Mirror, Readers};
use crate::engine::Storage;
use crate::locked::locked;
use domain::Epoch;
use outbox::BlobName;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use wire::feed::{Cursor, Scope};

refinery::embed_migrations!("../../migrations/cache");

/// The mirror on the disk.
pub(crate) struct Cache {
    dir: PathBuf,
    key: DatabaseKey,
    storage: Storage,
    open: Mutex<Arc<File>>,
}

/// One file with a mirror.
struct File {
    number: u32,
    database: Database,
    readers: Arc<Readers>,
    /// The blobs that hold what was fetched, as it was when the file was opened.
    fetched: Vec<BlobName>,
}

impl Cache {
    /// Opens the newest mirror of the folder, or an empty one when that cannot be read.
    pub(crate) fn open(dir: &Path, key: &DatabaseKey, storage: Storage) -> Result<Self, StoreError> {
        let newest = (2..).take_while(|number| path(dir, *number).exists()).last().unwrap_or(1);
        let file = match File::open(dir, key, storage, newest) {
            Ok(file) => file,
            Err(StoreError::Full) => return Err(StoreError::Full),
            Err(error) => {
                tracing::warn!(%error, "the mirror cannot be read and is fetched again");
                File::open(dir, key, storage, newest + 1)?
            }
        };
        for number in (1..file.number).filter(|number| path(dir, *number).exists()) {
            set_aside(dir, number);
        }
        let open = Mutex::new(Arc::new(file));
        Ok(Self { dir: dir.to_owned(), key: key.clone(), storage, open })
    }

    fn file(&self) -> Arc<File> {
        locked(&self.open).clone()
    }

    /// The mirror as it is now. A damaged one is replaced by an empty one, which the next pull fills.
    pub(crate) fn mirror(&self) -> Result<Mirror, StoreError> {
        let file = self.file();
        match file.readers.mirror() {
            Err(StoreError::Damaged) => {
                self.start_anew(file.number)?;
                self.file().readers.mirror()
            }
            other => other,
        }
    }

    /// Leaves a damaged file aside and goes on with an empty one under a new name. The queue is another file.
    pub(crate) fn start_anew(&self, damaged: u32) -> Result<(), StoreError> {
        let mut open = locked(&self.open);
        if open.number == damaged {
            tracing::warn!("the mirror is damaged and is fetched again");
            *open = Arc::new(File::open(&self.dir, &self.key, self.storage, damaged + 1)?);
        }
        Ok(())
    }

    /// Which file is in use, for [`Self::start_anew`].
    pub(crate) fn number(&self) -> u32 {
        self.file().number
    }

    /// Where the mirror is in the feed, and up to where the server has a backup.
    pub(crate) fn cursor(&self) -> Pending<Option<(Cursor, i64)>> {
        self.file().database.submit(apply::cursor)
    }

    /// A scope whose snapshot is to be fetched.
    pub(crate) fn wanted(&self) -> Pending<Option<Scope>> {
        self.file().database.submit(apply::wanted)
    }

    /// Gives up a granted scope that the server no longer shows.
    pub(crate) fn unwant(&self, scope: Scope) -> Pending<()> {
        self.file().database.submit(move |connection| apply::unwant(connection, scope))
    }

    /// Applies a page of the feed, with its cursor.
    pub(crate) fn page(&self, epoch: Epoch, page: LoosePage) -> Pending<Applied> {
        self.file().database.submit(move |connection| apply::page(connection, epoch, &page))
    }

    /// Applies a page of a granted scope's snapshot.
    pub(crate) fn scope_page(&self, scope: Scope, page: SnapshotPage) -> Pending<BTreeSet<String>> {
        self.file().database.submit(move |connection| apply::scope_page(connection, scope, &page))
    }

    /// Begins to build the mirror anew beside the one that is shown.
    pub(crate) fn begin(&self) -> Pending<()> {
        self.file().database.submit(apply::begin)
    }

    /// Puts a page into the mirror that is being built.
    pub(crate) fn stage(&self, scope: Scope, page: SnapshotPage) -> Pending<()> {
        self.file().database.submit(move |connection| apply::stage(connection, scope, &page))
    }

    /// Shows the mirror that was built.
    pub(crate) fn finish(&self, scopes: Vec<Scope>, at: Cursor) -> Pending<BTreeSet<String>> {
        self.file().database.submit(move |connection| apply::finish(connection, &scopes, at))
    }

    /// The blobs that hold what was fetched, as it was when the mirror was opened.
    pub(crate) fn fetched_blobs(&self) -> Vec<BlobName> {
        self.file().fetched.clone()
    }

    /// What was fetched to be looked at.
    pub(crate) fn fetched(&self) -> Pending<Vec<Fetched>> {
        self.file().database.submit(fetched::all)
    }

    /// Notes what was fetched, or that it was used.
    pub(crate) fn note_fetched(&self, what: Fetched) -> Pending<()> {
        self.file().database.submit(move |connection| fetched::note(connection, &what))
    }

    /// It is not here any more.
    pub(crate) fn forget_fetched(&self, name: String) -> Pending<()> {
        self.file().database.submit(move |connection| fetched::forget(connection, &name))
    }

    /// Finishes what was submitted and closes the file.
    pub(crate) fn close(&self) {
        let file = self.file();
        file.readers.close();
        file.database.close();
    }
}

impl File {
    fn open(dir: &Path, key: &DatabaseKey, storage: Storage, number: u32) -> Result<Self, StoreError> {
        let path = path(dir, number);
        // Grouped: a form and the note of it in one commit, see `OutboxDb::open`.
        let runner = migrations::runner().set_grouped(true);
        let mut connection = connection::open_unless_newer(&path, key, Durability::Crash, &runner)?;
        connection::migrate(&mut connection, &runner)?;
        apply::cursor(&connection)?;
        let fetched = fetched::all(&connection)?.into_iter().map(|fetched| fetched.blob).collect();
        let readers = Arc::new(Readers::new(path, key.clone()));
        drop(readers.mirror()?);
        Ok(Self { number, database: Database::new(connection, storage, "cache")?, readers, fetched })
    }
}

fn path(dir: &Path, number: u32) -> PathBuf {
    dir.join(if number == 1 { "cache.db".to_owned() } else { format!("cache-{number}.db") })
}

/// Removes an old mirror. If the system still holds it, that is tried again at the next start.
fn set_aside(dir: &Path, number: u32) {
    let path = path(dir, number);
    for end in ["-wal", "-shm", ""] {
        let mut name = path.clone().into_os_string();
        name.push(end);
        let _ = std::fs::remove_file(name);
    }
}

#[cfg(test)]
mod tests;
