//! `cargo xtask check-platforms`: Windows and macOS, as far as Linux can tell. Builds everything for Windows, runs the
//! tests there is no window in under wine, and checks the types for macOS. What cannot be had here is said in a line
//! that begins with SKIP; it neither passes nor fails.

mod cross;
mod macos;
mod openssl;
mod place;
mod rust_src;
mod sysroot;
mod trouble;
mod under_wine;
mod windows;
mod wine;
mod zig;

use crate::count::Count;
use crate::{node, npm, programs};
use std::path::Path;
use std::time::Instant;
use trouble::{Part, Trouble};

/// What the check found so far.
#[derive(Default)]
pub struct Report {
    count: Count,
    skipped: u64,
}

/// Checks both systems, or the one that `words` name after `--only`; ends with the line that `cargo xtask test` counts by.
pub fn check(words: &[String]) -> anyhow::Result<()> {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let (windows, macos) = match words[..] {
        [] => (true, true),
        ["--only", "windows"] => (true, false),
        ["--only", "macos"] => (false, true),
        _ => anyhow::bail!("check-platforms [--only windows | --only macos]"),
    };
    let mut report = Report::default();
    if cfg!(not(target_os = "linux")) {
        report.skip("проверка других систем идёт с Linux");
    } else {
        for (package, why) in cross::LEFT_OUT {
            report.skip(&format!("{package} не собирается для других систем: {why}"));
        }
        built_window()?;
        if windows {
            let part = windows::check(&mut report);
            report.part("Windows", part);
        }
        if macos {
            let part = macos::check(&mut report);
            report.part("macOS", part);
        }
    }
    println!("пропущено: {}", report.skipped);
    println!("{} passed, {} failed", report.count.passed, report.count.failed);
    anyhow::ensure!(report.count.failed == 0, "Windows или macOS: не всё в порядке");
    Ok(())
}

/// The shell embeds the window's files; what `cargo xtask test` has just built is good enough.
fn built_window() -> anyhow::Result<()> {
    if Path::new("ui/dist/index.html").is_file() {
        return Ok(());
    }
    node::check()?;
    npm::packages("ui")?;
    programs::window()
}

impl Report {
    /// Says what is left out.
    fn skip(&mut self, why: &str) {
        println!("SKIP {why}");
        self.skipped += 1;
    }

    /// A build, which is one check. Its errors are told here.
    fn build<T>(&mut self, what: &str, build: impl FnOnce() -> Part<T>) -> Part<T> {
        let began = Instant::now();
        let built = build()?;
        println!("ok   {what} ({} с)", began.elapsed().as_secs());
        self.count.passed += 1;
        Ok(built)
    }

    /// A program of tests.
    fn tests(&mut self, program: &str, count: Count, seconds: u64, trouble: Option<String>) {
        let word = if trouble.is_none() { "ok  " } else { "FAIL" };
        println!("{word} {program}: {} ({seconds} с)", count.passed);
        if let Some(trouble) = trouble {
            println!("{trouble}");
        }
        self.count += count;
    }

    /// The end of one system's check.
    fn part(&mut self, system: &str, part: Part<()>) {
        match part {
            Ok(()) => {}
            Err(Trouble::Missing(what)) => self.skip(&format!("{system}: {what}")),
            Err(Trouble::Broken(error)) => {
                println!("FAIL {system}: {error:#}");
                self.count.failed += 1;
            }
        }
    }
}
