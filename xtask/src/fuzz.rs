//! `cargo xtask fuzz`: the targets of `fuzz/` under libFuzzer. The same functions run as plain tests in `cargo xtask test`.

use anyhow::Context;
use std::path::Path;
use std::process::Command;

const VERSION: &str = "0.13.2";
const TOOLS: &str = "target/tools";
const TARGETS: &str = "fuzz/fuzz_targets";
/// Where the fuzzer saves what it has found interesting; the committed corpus stays as it is.
const GROWN: &str = "target/fuzz-corpus";
const FAILURES: &str = "target/fuzz-failures";
const USUAL_SECONDS: u32 = 60;

/// What is wanted.
#[derive(Debug, PartialEq, Eq)]
pub struct Wish {
    /// One target, or all.
    target: Option<String>,
    /// For how long each.
    seconds: u32,
}

impl Wish {
    /// Reads the words behind `fuzz`.
    pub fn read(words: &[String]) -> anyhow::Result<Self> {
        let mut wish = Self { target: None, seconds: USUAL_SECONDS };
        let mut words = words.iter();
        while let Some(word) = words.next() {
            match word.as_str() {
                "--seconds" => {
                    let number = words.next().context("--seconds: нужно число секунд")?;
                    wish.seconds = number.parse().with_context(|| format!("--seconds: «{number}» не число"))?;
                }
                name if !name.starts_with('-') => wish.target = Some(name.to_owned()),
                other => anyhow::bail!("непонятное слово: {other}"),
            }
        }
        Ok(wish)
    }
}

/// Throws at one target or at all, one after the other; fails when something broke.
pub fn fuzz(wish: &Wish) -> anyhow::Result<()> {
    let all = targets()?;
    let wanted = match &wish.target {
        None => all,
        Some(name) => {
            anyhow::ensure!(all.contains(name), "нет цели {name}. Есть: {}", all.join(", "));
            vec![name.clone()]
        }
    };
    install()?;
    let mut broken = Vec::new();
    for target in wanted {
        println!("{target}: {} с", wish.seconds);
        if !run(&target, wish.seconds)? {
            broken.push(target);
        }
    }
    anyhow::ensure!(broken.is_empty(), "не выдержали: {}. Данные лежат в {FAILURES}/", broken.join(", "));
    Ok(())
}

fn targets() -> anyhow::Result<Vec<String>> {
    let mut names = Vec::new();
    for file in std::fs::read_dir(TARGETS)? {
        let path = file?.path();
        names.extend(path.file_stem().map(|stem| stem.to_string_lossy().into_owned()));
    }
    names.sort();
    Ok(names)
}

fn install() -> anyhow::Result<()> {
    if Path::new(TOOLS).join("bin/cargo-fuzz").exists() {
        return Ok(());
    }
    let mut install = Command::new("cargo");
    install.args(["install", "cargo-fuzz", "--locked", "--version", VERSION, "--root", TOOLS]);
    let done = install.env("CARGO_TARGET_DIR", "target/fuzz-tools").status()?;
    anyhow::ensure!(done.success(), "cargo-fuzz не ставится");
    Ok(())
}

/// Whether it held. The program is built apart: with the fuzzer's instruments nothing of the usual build fits.
fn run(target: &str, seconds: u32) -> anyhow::Result<bool> {
    let grown = Path::new(GROWN).join(target);
    std::fs::create_dir_all(&grown)?;
    std::fs::create_dir_all(FAILURES)?;
    let mut fuzz = Command::new(Path::new(TOOLS).join("bin/cargo-fuzz"));
    // The sanitizers want a nightly compiler and find nothing where `unsafe` is denied.
    fuzz.args(["run", "--sanitizer", "none", "--features", "libfuzzer", target]).arg(std::path::absolute(&grown)?);
    fuzz.arg(std::path::absolute(Path::new("fuzz/corpus").join(target))?).arg("--");
    fuzz.arg(format!("-max_total_time={seconds}")).args(["-timeout=20", "-rss_limit_mb=1024", "-print_final_stats=1"]);
    fuzz.arg(format!("-artifact_prefix={}/{target}-", std::path::absolute(FAILURES)?.display()));
    fuzz.env("CARGO_TARGET_DIR", std::path::absolute("target/fuzz")?);
    // Built for minutes, not for months.
    for (setting, value) in [("LTO", "off"), ("CODEGEN_UNITS", "16"), ("OPT_LEVEL", "2")] {
        fuzz.env(format!("CARGO_PROFILE_RELEASE_{setting}"), value);
    }
    // cargo-fuzz switches the checks on behind cargo's back; only when cargo knows does it leave them off for the one
    // package that Cargo.toml excepts.
    for checks in ["DEBUG_ASSERTIONS", "OVERFLOW_CHECKS"] {
        fuzz.env(format!("CARGO_PROFILE_RELEASE_{checks}"), "true");
    }
    Ok(fuzz.status()?.success())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_for_is_understood() {
        let read = |words: &[&str]| Wish::read(&words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>());
        assert_eq!(read(&[]).expect("all"), Wish { target: None, seconds: USUAL_SECONDS });
        let one = Wish { target: Some("wires".into()), seconds: 5 };
        assert_eq!(read(&["wires", "--seconds", "5"]).expect("one"), one);
        assert!(read(&["--seconds"]).is_err() && read(&["--seconds", "soon"]).is_err() && read(&["--fast"]).is_err());
    }
}
