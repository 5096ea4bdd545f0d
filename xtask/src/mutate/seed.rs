//! What other people's crates were built to, taken over from the checkout's own target folder.
//!
//! The copy of the checkout has a target folder of its own: cargo names what it builds of a workspace by the path inside
//! it, so in a shared one the sabotaged programs would take the places of the good ones. Other people's crates are the
//! same in both, and building them again would take minutes. What is large and never written again is linked; what
//! cargo may write to is copied, with its times, by which cargo tells what is new.

use anyhow::Context;
use std::fs::{self, File, FileTimes};
use std::path::Path;

/// Takes over what is not there yet. Without it everything is built once more, and nothing else is different.
pub fn take_over(from: &Path, to: &Path) -> anyhow::Result<()> {
    let (from, to) = (from.join("debug"), to.join("debug"));
    if !from.join(".fingerprint").is_dir() {
        return Ok(());
    }
    for part in [".fingerprint", "build"] {
        each(&from.join(part), &to.join(part), &|name| !is_ours(name), &|from, to| tree(from, to))?;
    }
    let library = |name: &str| {
        let kind = Path::new(name).extension().and_then(|extension| extension.to_str());
        !is_ours(name) && matches!(kind, Some("rlib" | "rmeta" | "so" | "dylib" | "dll" | "d"))
    };
    each(&from.join("deps"), &to.join("deps"), &library, &file)
}

/// Whether something in a target folder was built of this workspace.
fn is_ours(name: &str) -> bool {
    const OURS: [&str; 8] =
        ["zhkh", "xtask", "power_cut", "test_postgres", "sim-", "benches", "fuzz_targets", "bench-"];
    let name = name.strip_prefix("lib").unwrap_or(name);
    OURS.iter().any(|ours| name.starts_with(ours))
}

type Take<'a> = &'a dyn Fn(&Path, &Path) -> anyhow::Result<()>;

fn each(from: &Path, to: &Path, wanted: &dyn Fn(&str) -> bool, take: Take<'_>) -> anyhow::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let there = to.join(entry.file_name());
        if wanted(&entry.file_name().to_string_lossy()) && !there.exists() {
            take(&entry.path(), &there).with_context(|| entry.path().display().to_string())?;
        }
    }
    Ok(())
}

fn tree(from: &Path, to: &Path) -> anyhow::Result<()> {
    if !from.is_dir() {
        return file(from, to);
    }
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        tree(&entry.path(), &to.join(entry.file_name()))?;
    }
    Ok(())
}

fn file(from: &Path, to: &Path) -> anyhow::Result<()> {
    /// Cargo's own notes are small, and of what it builds nothing else is written in place.
    const SMALL: u64 = 64 * 1024;
    let known = match fs::metadata(from) {
        // Somebody builds there at the same time.
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        known => known?,
    };
    if known.len() > SMALL && fs::hard_link(from, to).is_ok() {
        return Ok(());
    }
    fs::copy(from, to)?;
    let times = FileTimes::new().set_modified(known.modified()?);
    Ok(File::options().append(true).open(to)?.set_times(times)?)
}
