//! The folder of files: contents by their hash, `ab/abcdef…`, beside them what is made from them, and under `uploads`
//! what is coming in.
//!
//! A name appears only when what it names is whole and on the disk. All servers of one database share the folder; what
//! may not happen at once is kept apart by the database's one writer (contents) and by locks on the files (uploads).

use domain::FileId;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use uuid::Uuid;

/// The folder.
#[derive(Debug)]
pub struct Folder(PathBuf);

impl Folder {
    /// Makes it if it is not there.
    pub fn open(path: &Path) -> io::Result<Self> {
        let folder = Self(path.to_owned());
        make(path)?;
        make(&folder.uploads())?;
        // Names that a killed server had made and not flushed.
        flush(path)?;
        Ok(folder)
    }

    /// Where a content lies.
    pub fn content(&self, file: FileId) -> PathBuf {
        let name = file.to_string();
        self.0.join(&name[..2]).join(name)
    }

    /// Where the smaller picture of a content lies.
    pub fn thumbnail(&self, file: FileId, px: u32) -> PathBuf {
        self.content(file).with_extension(format!("{px}.jpg"))
    }

    /// Where an upload comes in.
    pub fn part(&self, upload: Uuid) -> PathBuf {
        self.uploads().join(upload.to_string())
    }

    /// What is coming in.
    pub fn parts(&self) -> io::Result<Vec<Uuid>> {
        let mut parts = Vec::new();
        for entry in fs::read_dir(self.uploads())? {
            parts.extend(entry?.file_name().to_str().and_then(|name| Uuid::parse_str(name).ok()));
        }
        Ok(parts)
    }

    /// Flushes the names of uploads.
    pub fn keep_parts(&self) -> io::Result<()> {
        flush(&self.uploads())
    }

    /// Gives an upload, all of it on the disk, the place of its content. One that is there already is replaced: it may
    /// have been damaged. False when the upload is not there.
    pub fn place(&self, upload: Uuid, file: FileId) -> io::Result<bool> {
        let place = self.content(file);
        let home = place.parent().unwrap_or(&self.0);
        make(home)?;
        match fs::rename(self.part(upload), &place) {
            Ok(()) => flush(home).map(|()| true),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Whether a content of this length is there.
    pub fn holds(&self, file: FileId, bytes: u64) -> bool {
        fs::metadata(self.content(file)).is_ok_and(|found| found.len() == bytes)
    }

    /// Writes what was made from a content, whole or not at all.
    pub fn add(&self, place: &Path, bytes: &[u8]) -> io::Result<()> {
        let beside = self.part(Uuid::new_v4());
        let mut file = private().write(true).create_new(true).open(&beside)?;
        let written = file.write_all(bytes).and_then(|()| file.sync_all());
        drop(file);
        written.and_then(|()| fs::rename(&beside, place)).inspect_err(|_| drop(fs::remove_file(&beside)))
    }

    /// Removes an upload.
    pub fn remove_part(&self, upload: Uuid) -> io::Result<()> {
        gone(fs::remove_file(self.part(upload)))
    }

    /// Removes a content and what was made from it.
    pub fn remove(&self, file: FileId) -> io::Result<()> {
        let place = self.content(file);
        gone(fs::remove_file(&place))?;
        let (Some(home), name) = (place.parent(), file.to_string()) else { return Ok(()) };
        for entry in fs::read_dir(home).into_iter().flatten() {
            let entry = entry?;
            if entry.file_name().to_str().is_some_and(|found| found.starts_with(&name)) {
                gone(fs::remove_file(entry.path()))?;
            }
        }
        Ok(())
    }

    fn uploads(&self) -> PathBuf {
        self.0.join("uploads")
    }
}

/// Opens files for this user's eyes only: people's papers are in them.
pub(super) fn private() -> fs::OpenOptions {
    #[cfg_attr(not(unix), expect(unused_mut, reason = "only Unix has the mode"))]
    let mut options = File::options();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Makes a folder, and its name durable, unless it is there.
fn make(path: &Path) -> io::Result<()> {
    #[cfg_attr(not(unix), expect(unused_mut, reason = "only Unix has the mode"))]
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    match builder.create(path) {
        Ok(()) => path.parent().map_or(Ok(()), flush).inspect_err(|_| drop(fs::remove_dir(path))),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error),
    }
}

/// What was to be removed may have been gone already.
fn gone(removed: io::Result<()>) -> io::Result<()> {
    match removed {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

/// Windows has no flush of a folder; NTFS keeps its journal of names in order.
fn flush(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}
