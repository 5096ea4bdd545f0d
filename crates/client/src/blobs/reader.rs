//! Reading any part of a blob without the rest.

use super::sealing::{self, CHUNK, HEADER, Keys, Seal, TAG};
use super::{BlobError, BlobName};
use crate::ports::BlobSource;
use std::io::{self, SeekFrom};
use std::ops::Range;
use zeroize::Zeroizing;

const SEALED: u64 = (CHUNK + TAG) as u64;

/// A blob that is being read.
pub(super) struct BlobReader {
    file: Box<dyn BlobSource>,
    seal: Seal,
    /// The number of the last piece.
    last: u64,
    /// The length of the last piece with its tag.
    last_sealed: u64,
}

impl BlobReader {
    /// Opens a file. Its last piece is opened at once: it alone tells that nothing was cut off or added.
    pub(super) fn open(mut file: Box<dyn BlobSource>, keys: &Keys, name: BlobName) -> Result<Self, BlobError> {
        let sealed = file.seek(SeekFrom::End(0))?.checked_sub(HEADER as u64).filter(|sealed| *sealed > 0);
        let sealed = sealed.ok_or(BlobError::Damaged)?;
        let last = (sealed - 1) / SEALED;
        let last_sealed = sealed - last * SEALED;
        file.rewind()?;
        let mut header = [0; HEADER];
        read_all(file.as_mut(), &mut header)?;
        let seal = keys.seal_of(name, &sealing::salt_in(&header)?);
        let mut reader = Self { file, seal, last, last_sealed };
        reader.piece(last)?;
        Ok(reader)
    }

    /// The length of the content.
    pub(super) fn len(&self) -> u64 {
        // The last piece was opened, so it has its tag.
        self.last * CHUNK as u64 + self.last_sealed - TAG as u64
    }

    /// The content of a range, piece by piece.
    pub(super) fn pieces(
        &mut self,
        range: Range<u64>,
    ) -> impl Iterator<Item = Result<Zeroizing<Vec<u8>>, BlobError>> + '_ {
        let end = range.end.min(self.len());
        let mut at = range.start;
        std::iter::from_fn(move || {
            if at >= end {
                return None;
            }
            let number = at / CHUNK as u64;
            let begin = number * CHUNK as u64;
            let cut = |at: u64| usize::try_from(at - begin).unwrap_or(CHUNK).min(CHUNK);
            let wanted = cut(at)..cut(end);
            at = begin + CHUNK as u64;
            Some(self.piece(number).map(|mut piece| {
                piece.truncate(wanted.end);
                piece.drain(..wanted.start);
                piece
            }))
        })
    }

    fn piece(&mut self, number: u64) -> Result<Zeroizing<Vec<u8>>, BlobError> {
        let last = number == self.last;
        let length = if last { self.last_sealed } else { SEALED };
        self.file.seek(SeekFrom::Start(HEADER as u64 + number * SEALED))?;
        let mut sealed = vec![0; usize::try_from(length).map_err(|_| BlobError::Damaged)?];
        read_all(self.file.as_mut(), &mut sealed)?;
        self.seal.open(number, last, &sealed)
    }
}

/// Fills `bytes`. A file that is shorter than it was a moment ago is damaged.
fn read_all(file: &mut dyn BlobSource, bytes: &mut [u8]) -> Result<(), BlobError> {
    match file.read_exact(bytes) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Err(BlobError::Damaged),
        read => Ok(read?),
    }
}
