//! The encrypted blobs of a person: photos and files that operations need, in the folder `blobs/`.
//!
//! A blob is named by a keyed hash of its content, so the same content is stored once and the name tells nothing about it
//! to whoever has no key. Its file is a header and sealed pieces of 64 KiB (see `sealing`), of which any range is read
//! without the rest. A changed, cut, lengthened, reordered or exchanged file does not open.
//!
//! # Durability
//!
//! A blob is written beside its place, synced, renamed into it, and the folder synced, all before its name is told to
//! anybody. Only then a row of the queue may name it. After a power cut at any moment it is there whole or not at all;
//! what lies half written beside is swept when the folder is opened.
//!
//! # Who may go
//!
//! The queue decides ([`outbox::Outbox::forget_blob`]): the file of a blob goes only when no operation needs it. Files
//! that no row names belong to entries that were never finished, or to operations that were forgotten; they go when the
//! person's data are opened next.
//!
//! Uploads attach at `outbox::blobs`, and read what they send with [`crate::engine::Engine::read_blob`].

mod error;
mod reader;
mod sealing;
#[cfg(test)]
mod tests;

pub use error::BlobError;
pub use outbox::{BlobName, Need};

use crate::ports::{BlobDisk, Random};
use reader::BlobReader;
use sealing::{CHUNK, Keys};
use std::collections::BTreeSet;
use std::io::{self, Read, Seek};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use zeroize::Zeroizing;

/// The ending of a file that is being written.
const PART: &str = ".part";

/// A part of a blob's plain content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlobPart {
    /// The length of the whole.
    pub total: u64,
    /// The bytes of the range that was asked for, as far as there are any.
    pub bytes: Vec<u8>,
}

/// As what the window may show a content that begins like this. Pictures and videos are told by their first bytes;
/// everything else is only to be saved, never shown: it could be a page.
pub const fn shown_as(head: &[u8]) -> &'static str {
    match head {
        [0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => "image/png",
        [0xFF, 0xD8, 0xFF, ..] => "image/jpeg",
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => "image/gif",
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => "image/webp",
        [0x1A, 0x45, 0xDF, 0xA3, ..] => "video/webm",
        [_, _, _, _, b'f', b't', b'y', b'p', b'q', b't', ..] => "video/quicktime",
        [_, _, _, _, b'f', b't', b'y', b'p', b'i', b's', ..]
        | [_, _, _, _, b'f', b't', b'y', b'p', b'm', b'p', ..]
        | [_, _, _, _, b'f', b't', b'y', b'p', b'M', b'4', ..] => "video/mp4",
        _ => "application/octet-stream",
    }
}

/// The blobs of one person.
pub(crate) struct BlobStore {
    disk: Arc<dyn BlobDisk>,
    random: Arc<dyn Random>,
    folder: PathBuf,
    keys: Keys,
    /// How many files were begun: no two of them have one name.
    begun: AtomicU64,
}

impl BlobStore {
    /// Opens the blobs in `folder` and sweeps what was left half written. The folder is made with the first blob.
    pub(crate) fn open(disk: Arc<dyn BlobDisk>, random: Arc<dyn Random>, folder: &Path, data_key: &[u8; 32]) -> Self {
        let keys = Keys::of(data_key);
        let store = Self { disk, random, folder: folder.to_owned(), keys, begun: AtomicU64::new(0) };
        store.sweep(|name| name.ends_with(PART));
        store
    }

    /// Stores what `content` holds from its beginning to its end. It is read twice: for the name, which its key depends
    /// on, and for the bytes. When this returns, the blob survives a power cut.
    pub(crate) fn add(&self, content: &mut (impl Read + Seek)) -> Result<BlobName, BlobError> {
        content.rewind()?;
        let name = self.keys.name_of(content)?;
        self.disk.make_folder(&self.folder)?;
        if self.check(name).is_err() {
            let part = self.folder.join(format!("{}{PART}", self.begun.fetch_add(1, Ordering::Relaxed)));
            content.rewind()?;
            let written =
                self.write(&part, name, content).and_then(|()| Ok(self.disk.rename(&part, &self.path(name))?));
            if written.is_err() {
                // On a full disk half a file would only make it worse. If this fails as well, the next start sweeps it.
                let _ = self.disk.remove(&part);
            }
            written?;
        }
        // Also when it was there: whoever renamed it may not have come to this.
        self.disk.sync_folder(&self.folder)?;
        Ok(name)
    }

    /// A range of a blob. Reads only the pieces it touches, and the last one, which tells that the length is true.
    pub(crate) fn read(&self, name: BlobName, range: Range<u64>) -> Result<BlobPart, BlobError> {
        let mut reader = self.reader(name)?;
        let total = reader.len();
        let mut bytes = Vec::new();
        for piece in reader.pieces(range) {
            bytes.extend_from_slice(&piece?);
        }
        Ok(BlobPart { total, bytes })
    }

    /// The length of a blob in bytes.
    pub(crate) fn len(&self, name: BlobName) -> Result<u64, BlobError> {
        Ok(self.reader(name)?.len())
    }

    /// Which of these are not here.
    pub(crate) fn missing(&self, names: impl IntoIterator<Item = BlobName>) -> Vec<BlobName> {
        let here: BTreeSet<String> = self.names().into_iter().collect();
        names.into_iter().filter(|name| !here.contains(&name.to_string())).collect()
    }

    /// Removes a blob. That no operation needs it is for the caller to know.
    pub(crate) fn remove(&self, name: BlobName) -> Result<(), BlobError> {
        match self.disk.remove(&self.path(name)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            removed => Ok(removed?),
        }
    }

    /// Removes every blob but these.
    pub(crate) fn keep_only(&self, names: &BTreeSet<BlobName>) {
        self.sweep(|name| name.parse().is_ok_and(|name| !names.contains(&name)));
    }

    fn path(&self, name: BlobName) -> PathBuf {
        self.folder.join(name.to_string())
    }

    fn names(&self) -> Vec<String> {
        // Before the first blob there is no folder.
        self.disk.names(&self.folder).unwrap_or_default()
    }

    fn sweep(&self, of: impl Fn(&str) -> bool) {
        for name in self.names().into_iter().filter(|name| of(name)) {
            if let Err(error) = self.disk.remove(&self.folder.join(name)) {
                // It costs room and nothing else; the next start tries again.
                tracing::warn!(kind = %error.kind(), "a file of no use stays in the folder of blobs");
            }
        }
    }

    fn reader(&self, name: BlobName) -> Result<BlobReader, BlobError> {
        BlobReader::open(self.disk.open(&self.path(name))?, &self.keys, name)
    }

    /// Whether it is here and whole.
    fn check(&self, name: BlobName) -> Result<(), BlobError> {
        self.reader(name)?.pieces(0..u64::MAX).try_for_each(|piece| piece.map(drop))
    }

    fn write(&self, part: &Path, name: BlobName, content: &mut impl Read) -> Result<(), BlobError> {
        let mut salt = [0; sealing::SALT];
        self.random.fill(&mut salt);
        let seal = self.keys.seal_of(name, &salt);
        let mut named = self.keys.naming();
        let mut sink = self.disk.create(part)?;
        sink.write_all(&sealing::header(&salt))?;
        let mut piece = next_piece(content)?;
        for number in 0.. {
            let next = next_piece(content)?;
            named.take(&piece);
            sink.write_all(&seal.close(number, next.is_empty(), &piece)?)?;
            if next.is_empty() {
                break;
            }
            piece = next;
        }
        if named.name() != name {
            return Err(BlobError::Changed);
        }
        Ok(sink.sync()?)
    }
}

/// The next 64 KiB, fewer at the end, none behind it.
fn next_piece(content: &mut impl Read) -> io::Result<Zeroizing<Vec<u8>>> {
    let mut piece = Zeroizing::new(Vec::with_capacity(CHUNK));
    content.take(CHUNK as u64).read_to_end(&mut piece)?;
    Ok(piece)
}
