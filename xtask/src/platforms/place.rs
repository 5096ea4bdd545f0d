//! Where the check keeps what it fetched and built. Everything is under one folder; removing it is safe.

use super::trouble::Part;
use std::path::{Path, PathBuf};

/// The folder, absolute: compilers are run from elsewhere.
pub fn folder() -> anyhow::Result<PathBuf> {
    Ok(std::env::current_dir()?.join("target/platforms"))
}

/// The programs of the check, beside cargo's own target folder: neither waits for the other's lock.
pub fn build() -> anyhow::Result<PathBuf> {
    Ok(folder()?.join("build"))
}

/// Does `make` unless it was done, and remembers it in a file. What was half done is begun again.
pub fn once(done: &Path, what: &str, make: impl FnOnce() -> Part<()>) -> Part<()> {
    if std::fs::read_to_string(done).is_ok_and(|said| said == what) {
        return Ok(());
    }
    make()?;
    std::fs::write(done, what)?;
    Ok(())
}

/// An empty folder.
pub fn emptied(folder: &Path) -> std::io::Result<()> {
    match std::fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        _ => std::fs::create_dir_all(folder),
    }
}
