//! The file in which one upload comes in, held by whoever writes it.
//!
//! The lock is the operating system's, on the file itself: it holds between threads, between servers that share the
//! folder, and ends with a killed process. What the database says has come is the truth; bytes beyond that are cut off.

use super::checksum::Checksum;
use super::folder::{Folder, private};
use domain::FileId;
use sha2::{Digest, Sha256};
use std::fs::{File, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use uuid::Uuid;

/// How much is read at once to hash what is there.
const PIECE: usize = 256 << 10;

/// A held upload.
pub struct Part {
    file: File,
    checksum: Option<Checksum>,
}

impl Part {
    /// Takes hold of an upload; `None` when somebody else writes it now.
    pub fn hold(folder: &Folder, upload: Uuid) -> io::Result<Option<Self>> {
        let file = private().read(true).write(true).create(true).truncate(false).open(folder.part(upload))?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self { file, checksum: None })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    /// Makes ready to write on from `received`. False when there is less: the disk has lost what it had confirmed.
    pub fn begin(&mut self, received: u64, checksum: Option<Checksum>) -> io::Result<bool> {
        if self.file.metadata()?.len() < received {
            return Ok(false);
        }
        self.checksum = checksum;
        self.cut_to(received).map(|()| true)
    }

    /// Writes on.
    pub fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        if let Some(checksum) = &mut self.checksum {
            checksum.add(bytes);
        }
        self.file.write_all(bytes)
    }

    /// Whether what was written adds up to what was promised of it.
    pub fn adds_up(&mut self) -> bool {
        self.checksum.take().is_none_or(Checksum::holds)
    }

    /// Waits until the disk has all that was written.
    pub fn keep(&self) -> io::Result<()> {
        self.file.sync_data()
    }

    /// Takes back what was written beyond `received`.
    pub fn cut_to(&mut self, received: u64) -> io::Result<()> {
        self.file.set_len(received)?;
        self.file.seek(SeekFrom::Start(received)).map(drop)
    }

    /// The same file once more, to be read while the disk is waited for.
    pub fn twin(&self) -> io::Result<File> {
        self.file.try_clone()
    }
}

/// The name of a content.
pub fn name_of(mut file: File) -> io::Result<FileId> {
    let mut whole = Sha256::new();
    let mut piece = vec![0; PIECE];
    file.seek(SeekFrom::Start(0))?;
    loop {
        match file.read(&mut piece)? {
            0 => return Ok(FileId::of(whole.finalize().into())),
            count => whole.update(&piece[..count]),
        }
    }
}
