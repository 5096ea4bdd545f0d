//! A watched folder: its log, and what is wrong with its disk.

use crate::device::Device;
use crate::event::{Base, Event, FileId};
use crate::fault::{Deed, Faults, Refusal};
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, RwLock};

/// The folders that are watched.
static WATCHED: RwLock<Vec<Arc<Folder>>> = RwLock::new(Vec::new());
/// How many there are: most calls of a process concern none.
static COUNT: AtomicUsize = AtomicUsize::new(0);

/// A watched folder.
pub(crate) struct Folder {
    root: PathBuf,
    /// The root as it was named, where that is another path to it.
    given: PathBuf,
    pub(crate) device: Device,
    state: Mutex<State>,
    moved: Condvar,
}

/// What changes with every call.
pub(crate) struct State {
    pub(crate) base: Base,
    pub(crate) events: Vec<Event>,
    pub(crate) faults: Faults,
    names: BTreeMap<PathBuf, FileId>,
    lengths: Vec<u64>,
    held: bool,
    waiting: usize,
    /// Whether a log is kept. If not, only the syncs are left out.
    logged: bool,
}

impl Folder {
    pub(crate) fn new(given: &Path, device: Device, logged: bool) -> io::Result<Self> {
        let root = given.canonicalize()?;
        let mut base = Base::default();
        if logged {
            read(&root, Path::new(""), &mut base)?;
        }
        let state = State {
            names: base.names.clone(),
            lengths: base.files.iter().map(|bytes| bytes.len() as u64).collect(),
            base,
            events: Vec::new(),
            faults: Faults::default(),
            held: false,
            waiting: 0,
            logged,
        };
        Ok(Self { root, given: given.to_owned(), device, state: Mutex::new(state), moved: Condvar::new() })
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The state, as soon as syncs are let through.
    pub(crate) fn state_for_sync(&self) -> MutexGuard<'_, State> {
        let mut state = self.state();
        state.waiting += 1;
        while state.held {
            state = self.moved.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        state.waiting -= 1;
        state
    }

    pub(crate) fn hold(&self, held: bool) {
        self.state().held = held;
        self.moved.notify_all();
    }

    pub(crate) fn a_sync_waits(&self) -> bool {
        self.state().waiting > 0
    }

    /// The path inside the folder.
    fn inside(&self, path: &Path) -> Option<PathBuf> {
        let inside = path.strip_prefix(&self.root).or_else(|_| path.strip_prefix(&self.given)).ok()?;
        Some(inside.to_owned())
    }
}

/// Reads what is there when watching begins. The index of a write-ahead log is memory, not a file.
fn read(root: &Path, folder: &Path, base: &mut Base) -> io::Result<()> {
    for entry in std::fs::read_dir(root.join(folder))? {
        let entry = entry?;
        let name = folder.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            base.folders.insert(name.clone());
            read(root, &name, base)?;
        } else if !is_memory(&name) {
            base.names.insert(name, base.files.len());
            base.files.push(std::fs::read(entry.path())?.into());
        }
    }
    Ok(())
}

/// Whether a file is shared memory in truth, and never survives.
pub(crate) fn is_memory(name: &Path) -> bool {
    name.to_string_lossy().ends_with("-shm")
}

/// Begins to watch. Of two folders in one another the one that was watched last has what lies in it.
pub(crate) fn watch(folder: Arc<Folder>) {
    let mut watched = WATCHED.write().unwrap_or_else(PoisonError::into_inner);
    watched.push(folder);
    COUNT.store(watched.len(), Ordering::Release);
}

/// Watches no longer.
pub(crate) fn forget(folder: &Arc<Folder>) {
    let mut watched = WATCHED.write().unwrap_or_else(PoisonError::into_inner);
    watched.retain(|other| !Arc::ptr_eq(other, folder));
    COUNT.store(watched.len(), Ordering::Release);
}

/// Whether any folder is watched.
pub(crate) fn any() -> bool {
    COUNT.load(Ordering::Acquire) > 0
}

/// The watched folder that a path lies in, and the path inside it.
pub(crate) fn find(path: &Path) -> Option<(Arc<Folder>, PathBuf)> {
    if !any() {
        return None;
    }
    let watched = WATCHED.read().unwrap_or_else(PoisonError::into_inner);
    watched.iter().rev().find_map(|folder| Some((folder.clone(), folder.inside(path)?)))
}

impl State {
    fn log(&mut self, event: Event) {
        if self.logged {
            self.events.push(event);
        }
    }

    /// The file of this name after an opening that made it if need be. What came into the folder past us is taken as
    /// it is: somebody put it there before the story begins. What went past us was removed.
    pub(crate) fn opened(&mut self, name: &Path, was_there: bool, content: impl FnOnce() -> Vec<u8>) -> FileId {
        if let Some(file) = self.names.get(name).copied() {
            if was_there {
                return file;
            }
            self.log(Event::Unlink { name: name.to_owned() });
        }
        let file = self.lengths.len();
        self.lengths.push(0);
        self.names.insert(name.to_owned(), file);
        let taken = was_there && self.logged;
        if taken {
            // Before its name: no image shows it half taken.
            let bytes = content();
            self.lengths[file] = bytes.len() as u64;
            self.log(Event::Write { file, offset: 0, bytes: bytes.into() });
            self.log(Event::Sync { file });
        }
        self.log(Event::Link { name: name.to_owned(), file });
        if taken {
            self.log(Event::SyncFolder { folder: name.parent().map(Path::to_owned).unwrap_or_default() });
        }
        file
    }

    /// By how much a write makes a file longer.
    pub(crate) fn growth(&self, file: FileId, offset: u64, length: usize) -> u64 {
        (offset + length as u64).saturating_sub(self.lengths[file])
    }

    pub(crate) fn wrote(&mut self, file: FileId, offset: u64, bytes: &[u8]) {
        self.lengths[file] = self.lengths[file].max(offset + bytes.len() as u64);
        if self.logged {
            self.events.push(Event::Write { file, offset, bytes: bytes.into() });
        }
    }

    pub(crate) fn resized(&mut self, file: FileId, size: u64) {
        if self.lengths[file] != size {
            self.lengths[file] = size;
            self.log(Event::Resize { file, size });
        }
    }

    pub(crate) fn synced(&mut self, file: FileId) {
        self.log(Event::Sync { file });
    }

    pub(crate) fn synced_folder(&mut self, folder: &Path) {
        self.log(Event::SyncFolder { folder: folder.to_owned() });
    }

    #[cfg_attr(
        not(all(target_os = "linux", target_env = "gnu", target_pointer_width = "64")),
        expect(dead_code, reason = "only the C library tells of it, see `system_calls`")
    )]
    pub(crate) fn made_folder(&mut self, name: &Path) {
        self.log(Event::MakeFolder { name: name.to_owned() });
    }

    pub(crate) fn unlinked(&mut self, name: &Path) {
        if self.names.remove(name).is_some() {
            self.log(Event::Unlink { name: name.to_owned() });
        }
    }

    /// A file got another name. Where it came from may lie outside: then it is as good as new and durable.
    #[cfg_attr(
        not(all(target_os = "linux", target_env = "gnu", target_pointer_width = "64")),
        expect(dead_code, reason = "only the C library tells of it, see `system_calls`")
    )]
    pub(crate) fn renamed(&mut self, from: Option<&Path>, to: &Path, content: impl FnOnce() -> Vec<u8>) {
        match from.and_then(|from| self.names.remove(from).map(|file| (from, file))) {
            Some((from, file)) => {
                self.names.insert(to.to_owned(), file);
                self.log(Event::Rename { from: from.to_owned(), to: to.to_owned(), file });
            }
            None => {
                self.unlinked(to);
                self.opened(to, true, content);
            }
        }
    }

    pub(crate) fn pass(&mut self, deed: Deed, growth: u64) -> Result<(), Refusal> {
        self.faults.pass(deed, growth)
    }
}
