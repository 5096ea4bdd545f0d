//! Folders of files, in memory where the system has such a place: nothing here has to survive a power cut.

use std::path::Path;

/// A folder that goes when it is dropped.
pub fn temporary() -> anyhow::Result<tempfile::TempDir> {
    let memory = Path::new("/dev/shm");
    if memory.is_dir()
        && let Ok(folder) = tempfile::tempdir_in(memory)
    {
        return Ok(folder);
    }
    Ok(tempfile::tempdir()?)
}

/// Copies a folder as it is at this moment, which is what is left of it when its program is killed.
pub fn copy(from: &Path, to: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let (source, target) = (entry.path(), to.join(entry.file_name()));
        if source.is_dir() {
            copy(&source, &target)?;
            continue;
        }
        // What SQLite's processes share in memory dies with them.
        let shared_memory = source.extension().is_some_and(|end| end == "db-shm");
        if !shared_memory {
            std::fs::copy(&source, &target)?;
        }
    }
    Ok(())
}
