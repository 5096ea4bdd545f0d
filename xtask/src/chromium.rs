//! The browser of the browser specs: Debian's Chromium where there is one, else Playwright's own (Ubuntu has Chromium
//! as a snap only, which cannot be driven from here).

use crate::{npm, setup, step};
use anyhow::Context;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The folder of the specs, whose packages hold Playwright.
pub const SPECS: &str = "tests/browser";

const PACKAGE: &str = "chromium";
const DEBIAN: &str = "/usr/bin/chromium";

/// Where the browser is; installs one when there is none.
pub fn find_or_install() -> anyhow::Result<PathBuf> {
    if let Some(named) = std::env::var_os("CHROMIUM").filter(|path| !path.is_empty()) {
        return Ok(named.into());
    }
    if let Some(found) = installed() {
        return Ok(found);
    }
    if has_candidate() {
        setup::debian_packages(&[PACKAGE])?;
    } else {
        step::run("установка Chromium", npm::program(SPECS, &["playwright", "install", "--with-deps", "chromium"]))?;
    }
    installed().context("Chromium поставлен, но его не видно. Назовите его программу в переменной CHROMIUM.")
}

fn installed() -> Option<PathBuf> {
    [Some(PathBuf::from(DEBIAN)), playwrights_own()].into_iter().flatten().find(|path| path.is_file())
}

/// Where Playwright would keep its own, there or not.
fn playwrights_own() -> Option<PathBuf> {
    let mut node = Command::new("node");
    node.args(["--print", "require('@playwright/test').chromium.executablePath()"]).current_dir(Path::new(SPECS));
    let output = node.output().ok().filter(|output| output.status.success())?;
    Some(PathBuf::from(String::from_utf8_lossy(&output.stdout).trim()))
}

/// Whether apt could install the package.
fn has_candidate() -> bool {
    let output = Command::new("apt-cache").args(["policy", PACKAGE]).env("LC_ALL", "C").output();
    output.is_ok_and(|output| names_a_candidate(&String::from_utf8_lossy(&output.stdout)))
}

fn names_a_candidate(policy: &str) -> bool {
    let candidate = policy.lines().find_map(|line| line.trim().strip_prefix("Candidate:"));
    candidate.is_some_and(|version| version.trim() != "(none)")
}

#[cfg(test)]
mod tests {
    use super::names_a_candidate;

    #[test]
    fn a_package_without_a_candidate_is_not_asked_of_apt() {
        assert!(names_a_candidate("chromium:\n  Installed: (none)\n  Candidate: 143.0-1~deb12u1\n"));
        assert!(!names_a_candidate("chromium:\n  Installed: (none)\n  Candidate: (none)\n"));
        assert!(!names_a_candidate(""));
    }
}
