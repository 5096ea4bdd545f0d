//! npm in the folders of the checkout that have a `package.json`.

use crate::step;
use std::path::Path;
use std::process::Command;

/// Installs exactly what the lock file says, unless that was done for this lock file.
pub fn packages(folder: &str) -> anyhow::Result<()> {
    let folder = Path::new(folder);
    let wanted = std::fs::read(folder.join("package-lock.json"))?;
    let done = folder.join("node_modules/.zhkh-installed");
    if std::fs::read(&done).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    let mut command = npm(folder);
    // Not `ci`: it refuses a lock file that lacks optional packages of other systems, and some of those were never
    // published in the version that others ask for. `install` takes the locked versions all the same.
    command.args(["install", "--no-audit", "--no-fund"]);
    step::run(&format!("npm install в {}", folder.display()), command)?;
    Ok(std::fs::write(done, wanted)?)
}

/// `npm run SCRIPT` in a folder.
pub fn script(folder: &str, script: &str) -> Command {
    let mut command = npm(Path::new(folder));
    command.args(["run", "--silent", script]);
    command
}

/// `npx PROGRAM ARGS` of the packages installed in a folder.
pub fn program(folder: &str, args: &[&str]) -> Command {
    let mut command = Command::new(if cfg!(windows) { "npx.cmd" } else { "npx" });
    command.arg("--no-install").args(args).current_dir(folder);
    command
}

fn npm(folder: &Path) -> Command {
    let mut command = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
    command.current_dir(folder);
    command
}
