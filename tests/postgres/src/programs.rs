//! Where the programs of PostgreSQL are.

use anyhow::Context;
use std::path::{Path, PathBuf};

/// Where Debian and Ubuntu keep them: a folder per major version, on nobody's `PATH`.
const DEBIAN: &str = "/usr/lib/postgresql";

/// Whether there is a PostgreSQL to start.
pub fn are_installed() -> bool {
    folder().is_ok()
}

/// The folder of `initdb` and `postgres`: of the newest version of the distribution, else the one on `PATH`.
pub fn folder() -> anyhow::Result<PathBuf> {
    let newest = std::fs::read_dir(DEBIAN).into_iter().flatten().flatten().filter_map(|entry| {
        let version: u32 = entry.file_name().to_str()?.parse().ok()?;
        let folder = entry.path().join("bin");
        has_programs(&folder).then_some((version, folder))
    });
    if let Some((_, folder)) = newest.max() {
        return Ok(folder);
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .find(|folder| has_programs(folder))
        .context("PostgreSQL is not installed; `cargo xtask setup` installs it where there is apt")
}

fn has_programs(folder: &Path) -> bool {
    ["initdb", "postgres"]
        .iter()
        .all(|program| folder.join(format!("{program}{}", std::env::consts::EXE_SUFFIX)).is_file())
}
