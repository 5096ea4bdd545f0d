//! Where things are in this checkout.

use anyhow::Context;
use std::path::{Path, PathBuf};

/// The root of the checkout.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").components().collect()
}

/// The folder of the built programs: the one this program or test lies in.
pub fn built() -> anyhow::Result<PathBuf> {
    let here = std::env::current_exe()?;
    let folder = here.parent().context("a program lies in a folder")?;
    let built = if folder.ends_with("deps") { folder.parent().unwrap_or(folder) } else { folder };
    Ok(built.to_owned())
}

/// A built program; says how to build it when it is not there.
pub fn program(name: &str) -> anyhow::Result<PathBuf> {
    let path = built()?.join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    anyhow::ensure!(path.is_file(), "{} is not built; `cargo xtask test` builds it first", path.display());
    Ok(path)
}

/// The driver of the window, installed by `cargo xtask setup`.
pub fn tauri_driver() -> anyhow::Result<PathBuf> {
    let path = root().join("target/tools/bin/tauri-driver");
    anyhow::ensure!(path.is_file(), "tauri-driver is not there; `cargo xtask setup` installs it");
    Ok(path)
}
