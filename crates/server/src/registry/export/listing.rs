//! A file of rows for people and other programs that is made anew and marks nothing: it lies complete beside its name before it gets
//! it, and never takes the place of another.

use super::{ExportError, beside, keep_names};
use crate::registry::encoding::to_cp1251;
use sha2::{Digest as _, Sha256};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

/// A file on its way.
pub(super) struct Sheet {
    file: BufWriter<File>,
    part: PathBuf,
    hash: Sha256,
    utf8: bool,
}

impl Sheet {
    /// Writes some text.
    pub(super) fn put(&mut self, text: &str) -> Result<(), ExportError> {
        let bytes = if self.utf8 { text.as_bytes().to_vec() } else { to_cp1251(text) };
        self.hash.update(&bytes);
        self.file.write_all(&bytes).map_err(|why| ExportError::Disk { path: self.part.clone(), why })
    }
}

/// Makes the file `out` of what `fill` puts into it, and gives its SHA-256 besides. Where `fill` fails, no file is left.
pub(super) fn make<T>(
    out: &Path,
    utf8: bool,
    fill: impl FnOnce(&mut Sheet) -> Result<T, ExportError>,
) -> Result<(T, String), ExportError> {
    let part = beside(out);
    if out.exists() {
        return Err(ExportError::Exists(out.to_owned()));
    }
    let disk = |why| ExportError::Disk { path: part.clone(), why };
    // Nobody else's: one that lies here is of an export that runs, or of one that was broken off.
    let file = File::create_new(&part).map_err(|why| match why.kind() {
        std::io::ErrorKind::AlreadyExists => ExportError::Unfinished(part.clone()),
        _ => disk(why),
    })?;
    let mut sheet = Sheet { file: BufWriter::new(file), part: part.clone(), hash: Sha256::new(), utf8 };
    let filled = fill(&mut sheet).and_then(|made| {
        let Sheet { file, hash, .. } = sheet;
        file.into_inner().map_err(|error| disk(error.into_error()))?.sync_all().map_err(disk)?;
        Ok((made, hex::encode(hash.finalize())))
    });
    match filled {
        Ok(made) => {
            let named = std::fs::rename(&part, out).and_then(|()| keep_names(out));
            named.map_err(|why| ExportError::Rename { kept: part, wanted: out.to_owned(), why })?;
            Ok(made)
        }
        Err(error) => {
            let _ = std::fs::remove_file(&part);
            Err(error)
        }
    }
}
