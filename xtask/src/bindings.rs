//! The TypeScript twins of the core's types.

use crate::step;
use std::process::Command;

/// Where they are.
pub const FOLDER: &str = "ui/src/platform/bindings";

/// Writes them: a test of the core does.
pub fn write() -> anyhow::Result<()> {
    let mut cargo = Command::new("cargo");
    cargo.args(["test", "--quiet", "--package", "zhkh-client", "--lib", "export_bindings"]);
    step::run("типы для окна", cargo)
}

/// A check that the committed ones are those of the code; `None` where there is no git.
pub fn check() -> Option<Command> {
    std::path::Path::new(".git").exists().then(|| {
        let mut git = Command::new("git");
        git.args(["diff", "--exit-code", "--stat", "--", FOLDER]);
        git
    })
}
