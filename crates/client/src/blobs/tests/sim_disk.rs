//! A disk that loses in a power cut what was not synced, and fails when it is told to.

use crate::ports::{BlobDisk, BlobSink, BlobSource};
use std::collections::BTreeMap;
use std::io::{self, Cursor, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};

/// What a power cut does to names that were changed since their folder was synced. Either may happen.
#[derive(Debug, Clone, Copy)]
pub enum Names {
    Lost,
    Kept,
}

#[derive(Default)]
struct State {
    files: Vec<File>,
    names: BTreeMap<PathBuf, usize>,
    durable: BTreeMap<PathBuf, usize>,
    folder: bool,
    room: Option<usize>,
    /// How many more calls work before the power fails.
    calls_left: Option<usize>,
}

#[derive(Default)]
struct File {
    bytes: Vec<u8>,
    synced: usize,
}

impl State {
    fn call(&mut self) -> io::Result<()> {
        match &mut self.calls_left {
            Some(0) => Err(io::Error::other("the power failed")),
            Some(left) => {
                *left -= 1;
                Ok(())
            }
            None => Ok(()),
        }
    }

    fn file(&self, file: &Path) -> io::Result<usize> {
        self.names.get(file).copied().ok_or_else(|| io::ErrorKind::NotFound.into())
    }
}

#[derive(Clone, Default)]
pub struct SimDisk(Arc<Mutex<State>>);

impl SimDisk {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().expect("whole")
    }

    /// The power fails after so many calls more; every later one fails.
    pub fn fails_after(&self, calls: usize) {
        self.state().calls_left = Some(calls);
    }

    /// The power fails now, and is back.
    pub fn power_cut(&self, names: Names) {
        let mut state = self.state();
        state.calls_left = None;
        match names {
            Names::Lost => state.names = state.durable.clone(),
            Names::Kept => state.durable = state.names.clone(),
        }
        for file in &mut state.files {
            file.bytes.truncate(file.synced);
        }
    }

    /// So many bytes more can be written.
    pub fn room(&self, bytes: usize) {
        self.state().room = Some(bytes);
    }

    pub fn names(&self) -> Vec<String> {
        let state = self.state();
        state.names.keys().map(|path| path.file_name().expect("a name").to_string_lossy().into_owned()).collect()
    }

    pub fn bytes(&self, file: &Path) -> Vec<u8> {
        let state = self.state();
        state.files[state.names[file]].bytes.clone()
    }

    pub fn change(&self, file: &Path, how: impl FnOnce(&mut Vec<u8>)) {
        let mut state = self.state();
        let at = state.names[file];
        how(&mut state.files[at].bytes);
    }
}

impl BlobDisk for SimDisk {
    fn make_folder(&self, _: &Path) -> io::Result<()> {
        let mut state = self.state();
        state.call()?;
        state.folder = true;
        Ok(())
    }

    fn names(&self, _: &Path) -> io::Result<Vec<String>> {
        if self.state().folder { Ok(Self::names(self)) } else { Err(io::ErrorKind::NotFound.into()) }
    }

    fn create(&self, file: &Path) -> io::Result<Box<dyn BlobSink>> {
        let mut state = self.state();
        state.call()?;
        assert!(state.folder, "a file without a folder");
        state.files.push(File::default());
        let number = state.files.len() - 1;
        state.names.insert(file.to_owned(), number);
        Ok(Box::new(Sink { disk: self.clone(), number }))
    }

    fn open(&self, file: &Path) -> io::Result<Box<dyn BlobSource>> {
        let state = self.state();
        let at = state.file(file)?;
        Ok(Box::new(Cursor::new(state.files[at].bytes.clone())))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut state = self.state();
        state.call()?;
        let at = state.file(from)?;
        state.names.remove(from);
        state.names.insert(to.to_owned(), at);
        Ok(())
    }

    fn remove(&self, file: &Path) -> io::Result<()> {
        let mut state = self.state();
        state.call()?;
        state.file(file)?;
        state.names.remove(file);
        Ok(())
    }

    fn sync_folder(&self, _: &Path) -> io::Result<()> {
        let mut state = self.state();
        state.call()?;
        state.durable = state.names.clone();
        Ok(())
    }
}

struct Sink {
    disk: SimDisk,
    number: usize,
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut state = self.disk.state();
        state.call()?;
        let length = bytes.len().min(state.room.unwrap_or(usize::MAX));
        if length == 0 && !bytes.is_empty() {
            return Err(io::ErrorKind::StorageFull.into());
        }
        state.room = state.room.map(|room| room - length);
        state.files[self.number].bytes.extend_from_slice(&bytes[..length]);
        Ok(length)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl BlobSink for Sink {
    fn sync(&mut self) -> io::Result<()> {
        let mut state = self.disk.state();
        state.call()?;
        let file = &mut state.files[self.number];
        file.synced = file.bytes.len();
        Ok(())
    }
}
