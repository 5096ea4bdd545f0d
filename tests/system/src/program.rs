//! A running program of ours: started with its output in a file, ended with everything it started.

use anyhow::Context;
use rustix::process::{Pid, Signal, kill_process_group};
use serde::Deserialize;
use std::ffi::OsStr;
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::SocketAddr;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

/// A running program. Dropping it kills it and its whole process group.
#[derive(Debug)]
pub struct Program {
    name: String,
    child: Child,
    log: PathBuf,
}

/// What our server programs print first.
#[derive(Deserialize)]
struct Listening {
    listening: SocketAddr,
}

impl Program {
    /// Starts `command` in a process group of its own, its output in `logs/NAME.log`.
    pub fn start(name: &str, mut command: Command, logs: &Path) -> anyhow::Result<Self> {
        let (log, file) = log_file(name, logs)?;
        command.stdin(Stdio::null()).stdout(file.try_clone()?).stderr(file).process_group(0);
        let child = command.spawn().with_context(|| format!("{name} cannot be started"))?;
        Ok(Self { name: name.into(), child, log })
    }

    /// Starts one of our server programs and reads from its first line where it listens.
    pub fn serve(name: &str, mut command: Command, logs: &Path) -> anyhow::Result<(Self, SocketAddr)> {
        let (log, file) = log_file(name, logs)?;
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(file.try_clone()?).process_group(0);
        let mut child = command.spawn().with_context(|| format!("{name} cannot be started"))?;
        let stdout = child.stdout.take().context("its output is piped")?;
        let mut program = Self { name: name.into(), child, log };
        let listening = program.first_line(stdout, file)?;
        Ok((program, listening))
    }

    fn first_line(&mut self, stdout: ChildStdout, mut log: File) -> anyhow::Result<SocketAddr> {
        let mut stdout = BufReader::new(stdout);
        loop {
            let mut line = String::new();
            if stdout.read_line(&mut line)? == 0 {
                let status = self.child.wait()?;
                anyhow::bail!("{} ended before it listened ({status}):\n{}", self.name, self.log_text());
            }
            log.write_all(line.as_bytes())?;
            if let Ok(found) = serde_json::from_str::<Listening>(&line) {
                std::thread::spawn(move || std::io::copy(&mut stdout, &mut log));
                return Ok(found.listening);
            }
        }
    }

    /// Kills it at once, as a power cut would, and everything it started. Tells whether that is what it died of: it may
    /// have ended by itself a moment before.
    pub fn kill_9(&mut self) -> anyhow::Result<bool> {
        self.shoot();
        Ok(self.child.wait()?.signal() == Some(Signal::KILL.as_raw()))
    }

    /// Kills it, and does not wait for its end.
    pub fn shoot(&self) {
        self.signal(Signal::KILL);
    }

    /// Asks it to end, as a terminal would, and does not wait.
    pub fn interrupt(&self) {
        self.signal(Signal::INT);
    }

    /// Asks it to end and waits; kills it when it does not.
    pub fn end(&mut self) -> anyhow::Result<()> {
        self.signal(Signal::TERM);
        let began = Instant::now();
        while self.child.try_wait()?.is_none() {
            if began.elapsed() > Duration::from_secs(10) {
                return self.kill_9().map(drop);
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }

    /// Whether it still runs.
    pub fn runs(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// What it wrote so far.
    pub fn log_text(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    fn signal(&self, signal: Signal) {
        let group = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw);
        if let Some(group) = group {
            // An error means that nobody of the group is left.
            let _ = kill_process_group(group, signal);
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // Also when the program itself has ended: what it started may still run in its group.
        self.signal(Signal::KILL);
        let _ = self.child.wait();
    }
}

/// Runs a program to its end and gives what it printed; fails with its words when it fails.
pub fn run(mut command: Command) -> anyhow::Result<String> {
    let output = command.stdin(Stdio::null()).output().with_context(|| format!("{command:?} cannot be started"))?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    anyhow::ensure!(
        output.status.success(),
        "{command:?} failed ({}):\n{text}{}",
        output.status,
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(text)
}

/// Gives `input` to a program that stays, and returns without waiting for it.
pub fn feed(child: &mut Child, input: &[u8]) -> anyhow::Result<()> {
    child.stdin.take().context("its input is piped")?.write_all(input)?;
    Ok(())
}

/// Reads the first line that a program prints.
pub fn first_line(output: impl Read) -> anyhow::Result<String> {
    let mut line = String::new();
    BufReader::new(output).read_line(&mut line)?;
    Ok(line.trim().to_owned())
}

/// A command with its arguments.
pub fn command<I: IntoIterator<Item = S>, S: AsRef<OsStr>>(program: impl AsRef<OsStr>, args: I) -> Command {
    let mut command = Command::new(program);
    command.args(args);
    command
}

fn log_file(name: &str, logs: &Path) -> anyhow::Result<(PathBuf, File)> {
    std::fs::create_dir_all(logs)?;
    let log = logs.join(format!("{name}.log"));
    let file = File::options().create(true).append(true).open(&log)?;
    Ok((log, file))
}
