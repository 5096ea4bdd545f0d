//! One step: a program that is run, its output in a log, one line for the reader.

use anyhow::Context;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

/// How many of the log's last lines are shown when a step fails.
const TAIL: usize = 60;

/// What became of a step.
pub struct Outcome {
    /// Whether the program succeeded.
    pub succeeded: bool,
    /// What it printed.
    pub output: String,
    /// How long it took.
    pub seconds: u64,
    /// Where its output is.
    pub log: PathBuf,
}

/// Runs a program whose output the reader sees as it comes; fails when it fails.
pub fn run(what: &str, mut command: Command) -> anyhow::Result<()> {
    let status = command.stdin(Stdio::null()).status().with_context(|| format!("{what}: {command:?}"))?;
    anyhow::ensure!(status.success(), "{what}: не получилось ({status})");
    Ok(())
}

/// Runs a program with its output in `target/test-logs/NAME.log`.
pub fn logged(name: &str, mut command: Command) -> anyhow::Result<Outcome> {
    let folder = Path::new("target/test-logs");
    std::fs::create_dir_all(folder)?;
    let log = folder.join(format!("{name}.log"));
    let mut file = File::create(&log)?;
    writeln!(file, "$ {command:?}")?;
    let began = Instant::now();
    // The colours of a terminal would stand between numbers and words.
    command.env("NO_COLOR", "1").env("CARGO_TERM_COLOR", "never").env("FORCE_COLOR", "0");
    // The way an error came up says nothing to the reader and pushes the error itself out of the log's end; a panic
    // keeps its own.
    command.env("RUST_LIB_BACKTRACE", "0");
    // Who builds once for all has no use for what speeds up the next build, and it is more than half of the folder.
    if std::env::var_os("CI").is_some() && !command.get_envs().any(|(name, _)| name == "CARGO_INCREMENTAL") {
        command.env("CARGO_INCREMENTAL", "0");
    }
    command.stdin(Stdio::null()).stdout(file.try_clone()?).stderr(file);
    let status = command.status().with_context(|| format!("{command:?}"))?;
    let output = String::from_utf8_lossy(&std::fs::read(&log)?).into_owned();
    Ok(Outcome { succeeded: status.success(), output, seconds: began.elapsed().as_secs(), log })
}

impl Outcome {
    /// The end of the log, for the reader of a failure.
    pub fn tail(&self) -> String {
        let lines: Vec<&str> = self.output.lines().collect();
        lines[lines.len().saturating_sub(TAIL)..].join("\n")
    }
}
