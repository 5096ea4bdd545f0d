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
    rename(&beside, path)?;
    path.parent().map_or(Ok(()), flush_folder)
}

/// Gives a file another name, in place of a file of that name. Durable when the folder has been flushed.
#[cfg(unix)]
pub(crate) fn rename(from: &Path, to: &Path) -> io::Result<()> {
    fs::rename(from, to)
}

/// Windows has no flush of a folder, and safe Rust no way to ask `MoveFileEx` for `WRITE_THROUGH`. Flushing the renamed
/// file instead makes NTFS write its journal up to here, with the rename in it. Somebody who looks into the file, as
/// virus scanners do, makes the rename fail for a moment: it is tried again.
#[cfg(not(unix))]
pub(crate) fn rename(from: &Path, to: &Path) -> io::Result<()> {
    const TRIES: u32 = 10;
    const PAUSE: std::time::Duration = std::time::Duration::from_millis(50);
    for _ in 1..TRIES {
        match fs::rename(from, to) {
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => std::thread::sleep(PAUSE),
            renamed => {
                renamed?;
                return File::options().write(true).open(to)?.sync_all();
            }
        }
    }
    fs::rename(from, to)?;
    File::options().write(true).open(to)?.sync_all()
}

/// Makes the names in `folder` durable.
#[cfg(unix)]
pub(crate) fn flush_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// Windows cannot flush a folder; [`rename`] does what can be done.
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
