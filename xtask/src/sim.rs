//! `cargo xtask sim`: the real client and the real server in one process, on a simulated network and clock.

use crate::{programs, step};
use std::path::PathBuf;
use std::process::Command;

/// Builds the simulation and runs it with these words.
pub fn sim(words: &[String]) -> anyhow::Result<()> {
    let program = built()?;
    let status = Command::new(program).args(words).status()?;
    if !status.success() {
        std::process::exit(1);
    }
    Ok(())
}

/// What the tests run of it: the fixed seeds, and fresh ones for a while.
pub fn check() -> Command {
    let mut check = Command::new(programs::built("sim"));
    check.arg("--check");
    check
}

fn built() -> anyhow::Result<PathBuf> {
    let mut build = Command::new("cargo");
    build.args(["build", "--package", "zhkh-sim", "--bin", "sim"]);
    step::run("сборка симуляции", build)?;
    Ok(programs::built("sim"))
}
