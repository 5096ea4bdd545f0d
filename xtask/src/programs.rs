//! Builds the programs. Always the whole workspace at once: features are unified the same way every time, and nothing
//! is compiled twice.

use crate::{npm, step};
use std::path::PathBuf;
use std::process::Command;

/// Where cargo puts what it builds.
pub fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| PathBuf::from("target"), PathBuf::from)
}

/// Where cargo puts programs of the dev profile.
pub fn built(name: &str) -> PathBuf {
    target().join("debug").join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
}

/// The window for the shell.
pub fn window() -> anyhow::Result<()> {
    step::run("сборка окна", npm::script("ui", "build"))
}

/// `cargo build` of all programs.
pub fn all_command() -> Command {
    let mut build = Command::new("cargo");
    build.args(["build", "--workspace", "--bins"]);
    build
}

/// All programs.
pub fn all() -> anyhow::Result<()> {
    step::run("сборка программ", all_command())
}

/// A server that forgets its ledger, beside the real one: to see that the play notices.
pub fn sabotaged_server() -> anyhow::Result<PathBuf> {
    let mut build = Command::new("cargo");
    build.args(["build", "--workspace", "--bin", "zhkh-server", "--features", "zhkh-server/sabotage"]);
    step::run("сборка испорченного сервера", build)?;
    let copy = PathBuf::from("target/sabotage/zhkh-server");
    std::fs::create_dir_all("target/sabotage")?;
    std::fs::copy(built("zhkh-server"), &copy)?;
    // Puts the real one back under its name.
    all()?;
    Ok(copy)
}
