//! `cargo xtask bench`: builds what is measured and measures it. What each figure means stands in `benches/README.md`.

use crate::{chromium, npm, programs, step};
use std::path::PathBuf;
use std::process::Command;

/// Where both windows are built: apart from everything else, so that nothing waits for them.
const WINDOWS: &str = "target/bench-window";

/// Builds and measures. Words are passed on: `--only ИМЯ,…`, `--json ФАЙЛ`, `--quick`, `--full`.
pub fn bench(words: &[String]) -> anyhow::Result<()> {
    let quick = words.iter().any(|word| word == "--quick");
    if wants(words, "peers") && !quick {
        // What cannot be installed is a SKIP in the output, with everything else still measured.
        if let Err(error) = npm::packages("benches/peers") {
            println!("пакеты для сравнения не установлены: {error:#}");
        }
    }
    if wants(words, "window")
        && !quick
        && let Err(error) = windows()
    {
        println!("окна для сравнения не собраны: {error:#}");
    }
    if wants(words, "chat")
        && let Err(error) = browser()
    {
        println!("браузер для переписки не готов: {error:#}");
    }
    if quick {
        // The same build as every other command's, so that a look in CI builds nothing twice and nothing for release.
        programs::all()?;
    } else {
        let mut build = Command::new("cargo");
        build.args(["build", "--release", "-p", "zhkh-benches", "-p", "zhkh-bridge", "--bin", "bench"]);
        build.args(["--bin", "zhkh-bridge"]);
        step::run("сборка замеров", build)?;
    }
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| PathBuf::from("target"), PathBuf::from);
    let bench =
        target.join(if quick { "debug" } else { "release" }).join(format!("bench{}", std::env::consts::EXE_SUFFIX));
    let mut command = Command::new(bench);
    command.args(words);
    if wants(words, "chat") {
        command.env("CHROMIUM", chromium::find_or_install()?);
    }
    step::run("замеры", command)
}

/// The window and an empty one, with the same profile and the same versions.
fn windows() -> anyhow::Result<()> {
    npm::packages("ui")?;
    programs::window()?;
    for of in [["-p", "zhkh-desktop"], ["--manifest-path", "benches/empty-window/Cargo.toml"]] {
        let mut build = Command::new("cargo");
        build.args(["build", "--release", "--target-dir", WINDOWS]).args(of);
        step::run("сборка окна для замеров", build)?;
    }
    Ok(())
}

/// What opens the window's pages in a browser, and the pages.
fn browser() -> anyhow::Result<()> {
    npm::packages("ui")?;
    npm::packages(chromium::SPECS)?;
    step::run("сборка окна для браузера", npm::script("ui", "build:http"))
}

/// Whether figures of this group are asked for: all are when none is named.
fn wants(words: &[String], group: &str) -> bool {
    let named = words.iter().position(|word| word == "--only").and_then(|at| words.get(at + 1));
    named.is_none_or(|names| names.split(',').any(|name| name.split('.').next() == Some(group)))
}

#[cfg(test)]
mod tests {
    use super::wants;

    #[test]
    fn peers_and_windows_are_prepared_only_when_they_are_asked_for() {
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        assert!(wants(&words("--json file"), "peers"));
        assert!(wants(&words("--only drain,peers.pouchdb"), "peers"));
        assert!(!wants(&words("--only drain"), "window"));
    }
}
