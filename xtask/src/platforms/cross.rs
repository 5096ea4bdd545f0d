//! cargo for another system.

use super::place;
use super::sysroot::{self, Depth};
use super::trouble::Part;
use anyhow::Context;
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What stays out, and why.
pub const LEFT_OUT: [(&str, &str); 3] = [
    ("zhkh-system-tests", "ведёт окно под Xvfb, D-Bus и группы процессов: это есть только в Linux"),
    ("zhkh-benches", "меряет на Linux: память процессов и соседи по /proc"),
    ("xtask", "ставит пакеты Debian и ведёт проверки на Linux"),
];

/// Libraries in C whose optimisation costs more here than it saves: some of it where they run, all of it where they do not.
const C_LIBRARIES: [&str; 3] = ["libsqlite3-sys", "zstd-sys", "aws-lc-sys"];

/// cargo set up for another system.
pub struct Cross {
    target: &'static str,
    settings: Vec<(OsString, OsString)>,
}

/// A program that cargo made.
pub struct Made {
    /// The package's folder.
    pub folder: PathBuf,
    /// The target's name inside the package: of the library, the program or the file of tests.
    pub name: String,
    /// Whether it is a program of tests.
    pub tests: bool,
    /// Where it is.
    pub file: PathBuf,
}

impl Cross {
    /// For this target; builds the standard library when that was not done.
    pub fn new(target: &'static str, depth: Depth) -> Part<Self> {
        let sysroot = sysroot::with(target, depth)?;
        let mut cross = Self { target, settings: Vec::new() };
        let mut flags = OsString::from("--sysroot ");
        flags.push(sysroot);
        cross.set(format!("CARGO_TARGET_{}_RUSTFLAGS", variable(target).to_uppercase()), flags);
        cross.set("CARGO_TARGET_DIR", place::build()?);
        // Neither is asked for by anybody here, and both cost time and disk.
        cross.set("CARGO_PROFILE_DEV_DEBUG", "0");
        cross.set("CARGO_INCREMENTAL", "0");
        Ok(cross)
    }

    /// Sets a variable for cargo and what it runs.
    pub fn set(&mut self, name: impl Into<OsString>, value: impl AsRef<OsStr>) {
        self.settings.push((name.into(), value.as_ref().to_owned()));
    }

    /// Names the tools for C in the ways that build scripts ask for them.
    pub fn set_tool(&mut self, tool: &str, program: &Path) {
        self.set(format!("{tool}_{}", variable(self.target)), program);
    }

    /// Runs `cargo build` or `cargo check` over the workspace, the window and all tests included.
    pub fn workspace(&self, command: &str, log: &str) -> Part<Vec<Made>> {
        let mut cargo = Command::new("cargo");
        cargo.args([command, "--workspace", "--lib", "--bins", "--tests", "--target", self.target]);
        cargo.args(["--keep-going", "--message-format", "json-render-diagnostics"]);
        for (package, _) in LEFT_OUT {
            cargo.args(["--exclude", package]);
        }
        let optimised = u8::from(command != "check");
        for library in C_LIBRARIES {
            cargo.args(["--config", &format!("profile.dev.package.{library}.opt-level={optimised}")]);
        }
        cargo.envs(self.settings.iter().map(|(name, value)| (name, value)));
        let folder = Path::new("target/test-logs");
        std::fs::create_dir_all(folder)?;
        let log = folder.join(format!("{log}.log"));
        let output = cargo
            .env("CARGO_TERM_COLOR", "never")
            .stdin(Stdio::null())
            .stderr(File::create(&log)?)
            .output()
            .with_context(|| format!("{cargo:?}"))?;
        if !output.status.success() {
            return Err(anyhow::anyhow!("{}", end_of(&log)).into());
        }
        Ok(String::from_utf8_lossy(&output.stdout).lines().filter_map(made).collect())
    }
}

impl Made {
    /// «client/vault»: the package's folder and the target inside.
    pub fn label(&self) -> String {
        let package = self.folder.file_name().unwrap_or_default().to_string_lossy();
        format!("{package}/{}", self.name)
    }
}

/// A target's name as part of a variable's.
fn variable(target: &str) -> String {
    target.replace('-', "_")
}

/// What a line of cargo's messages says was made.
fn made(line: &str) -> Option<Made> {
    let message: serde_json::Value = serde_json::from_str(line).ok()?;
    let manifest = Path::new(message["manifest_path"].as_str()?);
    Some(Made {
        folder: manifest.parent()?.to_owned(),
        name: message["target"]["name"].as_str()?.to_owned(),
        tests: message["profile"]["test"].as_bool()?,
        file: message["executable"].as_str()?.into(),
    })
}

/// The errors of a log, or its end when it names none.
fn end_of(log: &Path) -> String {
    const LINES: usize = 60;
    let text = std::fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    let first = lines.iter().position(|line| line.starts_with("error")).unwrap_or(lines.len().saturating_sub(LINES));
    lines[first..].iter().take(LINES).copied().collect::<Vec<_>>().join("\n")
}
