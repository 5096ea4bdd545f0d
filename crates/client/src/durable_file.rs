//! Replacing a small file so that after a power cut there is the old one or the new one, never half of either.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

/// Writes `bytes` to `path`: beside it, flushed, renamed over it, the folder flushed.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let beside = path.with_extension("new");
    let mut file = File::create(&beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    drop(file);
    fs::rename(&beside, path)?;
    path.parent().map_or(Ok(()), flush_folder)
}

/// Makes the names in `folder` durable.
#[cfg(unix)]
pub(crate) fn flush_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// Windows cannot flush a folder; NTFS journals the rename itself.
#[cfg(not(unix))]
pub(crate) fn flush_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_half_written_replacement_leaves_the_old_content_readable() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("vault.json");
        replace(&path, b"old").expect("written");
        // What a power cut in the middle of the next write leaves behind.
        fs::write(path.with_extension("new"), b"ne").expect("half");
        assert_eq!(fs::read(&path).expect("read"), b"old");
        replace(&path, b"new").expect("written over the half");
        assert_eq!(fs::read(&path).expect("read"), b"new");
        assert_eq!(fs::read_dir(folder.path()).expect("list").count(), 1, "nothing is left beside it");
    }
}
