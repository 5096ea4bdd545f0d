//! The release window: from the start of the program to its first useful picture, and the memory of all its processes,
//! beside an empty window built the same way.
//!
//! What is on the screen is read from the screen's own memory: nothing in the program has to help, and nothing is asked
//! of it while it starts.

use crate::figure::{Figure, Side, Unit};
use crate::stage::Stage;
use crate::{process, resident};
use anyhow::Context;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Where both programs are built.
const BUILT: &str = "target/bench-window/release";
/// Where the last picture of each stays, for whoever wants to see what was measured (X window dumps).
const PICTURES: &str = "target/bench-window";
/// How often the screen is looked at.
const LOOK: Duration = Duration::from_millis(10);
/// A picture that does not change for so long is the last one.
const STILL: Duration = Duration::from_secs(2);
/// No window takes longer.
const PATIENCE: Duration = Duration::from_secs(40);
/// How much of what is drawn in the end has to be there.
const USEFUL: f64 = 0.95;

/// What one start came to.
struct Start {
    milliseconds: f64,
    mib: f64,
    picture: Vec<u8>,
}

/// What the window of the product has on its computer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// Nothing: it shows its first screen.
    Nothing,
    /// Somebody signed in, with ten thousand rows; there is no network.
    Rows,
}

/// Start to first useful picture.
pub fn paint(stage: &Stage, holds: Holds) -> anyhow::Result<Figure> {
    let what = "от запуска программы до первой полезной картинки";
    measured(stage, holds, ("window.paint", what, Unit::Milliseconds), |start| start.milliseconds)
}

/// Memory of all processes.
pub fn memory(stage: &Stage, holds: Holds) -> anyhow::Result<Figure> {
    let what = "PSS всех процессов окна вместе с WebKit";
    measured(stage, holds, ("window.pss", what, Unit::MiB), |start| start.mib)
}

fn measured(
    stage: &Stage,
    holds: Holds,
    (name, what, unit): (&str, &str, Unit),
    of: fn(&Start) -> f64,
) -> anyhow::Result<Figure> {
    let rows = stage.pick(500, 10_000);
    let (end, with) = match holds {
        Holds::Nothing => ("empty", "первый экран".to_owned()),
        Holds::Rows => ("rows", format!("житель вошёл, {rows} строк на компьютере, сети нет")),
    };
    let (name, what) = (format!("{name}.{end}"), format!("{what}: ЖКХ Desktop ({with}) против пустого окна Tauri"));
    let programs = ["zhkh-desktop", "empty-window"].map(|program| Path::new(BUILT).join(program));
    if let Some(missing) = programs.iter().find(|program| !program.is_file()) {
        return Ok(Figure::skipped(name, what, format!("нет {}: его собирает cargo xtask bench", missing.display())));
    }
    let tools = ["Xvfb", "dbus-daemon", "gnome-keyring-daemon"];
    if let Some(missing) = tools.into_iter().find(|tool| which(tool).is_none()) {
        return Ok(Figure::skipped(name, what, format!("нет {missing}: его ставит cargo xtask setup")));
    }
    let home = Home::make(stage)?;
    if holds == Holds::Rows {
        home.sign_in(stage, rows)?;
    }
    let other = Home::make(stage)?;
    let mut runs = [Vec::new(), Vec::new()];
    // The first start of each only fills the caches of the system.
    for run in 0..=stage.pick(1, 5) {
        for ((program, home), runs) in programs.iter().zip([&home, &other]).zip(&mut runs) {
            let start = home.start(program, holds == Holds::Nothing)?;
            if run > 0 {
                runs.push(of(&start));
            } else if let Some(program) = program.file_name() {
                let file = format!("{}-{end}.xwd", program.display());
                std::fs::write(Path::new(PICTURES).join(file), &start.picture)?;
            }
        }
    }
    let sides = ["ЖКХ Desktop, release", "пустое окно Tauri, release"].into_iter().zip(runs);
    let sides = sides.map(|(name, runs)| Side { name: name.into(), durability: String::new(), runs }).collect();
    Ok(Figure::new(name, what, unit, sides))
}

/// A home with a session bus and an open keyring.
struct Home {
    place: PathBuf,
    bus: String,
    // Dropped in this order: what stands on something goes first.
    _keyring: Option<Held>,
    _bus: Held,
    _folder: TempDir,
}

impl Home {
    fn make(stage: &Stage) -> anyhow::Result<Self> {
        let folder = stage.fresh()?;
        let place = std::path::absolute(folder.path())?;
        for part in ["home", "run", "data"] {
            std::fs::create_dir(place.join(part))?;
        }
        std::fs::set_permissions(place.join("run"), std::os::unix::fs::PermissionsExt::from_mode(0o700))?;
        let mut daemon = Command::new("dbus-daemon");
        daemon.args(["--session", "--nofork", "--print-address=1"]);
        let (held, bus) = Held::telling(daemon)?;
        let mut home = Self { place, bus, _keyring: None, _bus: held, _folder: folder };
        let mut keyring = Command::new("gnome-keyring-daemon");
        keyring.args(["--foreground", "--unlock", "--components=secrets"]);
        home.seat(&mut keyring);
        home._keyring = Some(Held::quiet(keyring, b"x")?);
        Ok(home)
    }

    /// Puts a command into this home.
    fn seat(&self, command: &mut Command) {
        command
            .env("DBUS_SESSION_BUS_ADDRESS", &self.bus)
            .env("HOME", self.place.join("home"))
            .env("XDG_RUNTIME_DIR", self.place.join("run"))
            .env("ZHKH_DATA_DIR", self.place.join("data"))
            // Nobody answers there: neither screen needs anybody.
            .env("ZHKH_SERVER_URL", "http://127.0.0.1:9")
            .env("NO_AT_BRIDGE", "1")
            .env("GDK_BACKEND", "x11")
            .env("LANG", "C.UTF-8");
        for elsewhere in ["WAYLAND_DISPLAY", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XAUTHORITY"] {
            command.env_remove(elsewhere);
        }
    }

    /// Signs a resident with so many rows in; their server is gone afterwards.
    fn sign_in(&self, stage: &Stage, rows: usize) -> anyhow::Result<()> {
        let town = resident::town(stage, rows)?;
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("sign-in").arg(self.place.join("data")).arg(town.url());
        self.seat(&mut command);
        let status = command.stdin(Stdio::null()).status()?;
        anyhow::ensure!(status.success(), "signing in failed");
        town.stop(stage);
        Ok(())
    }

    /// One start on a fresh screen. `fresh` data are emptied before.
    fn start(&self, program: &Path, fresh: bool) -> anyhow::Result<Start> {
        if fresh {
            std::fs::remove_dir_all(self.place.join("data"))?;
            std::fs::create_dir(self.place.join("data"))?;
        }
        let screen = tempfile::tempdir_in(&self.place)?;
        let mut xvfb = Command::new("Xvfb");
        xvfb.args(["-displayfd", "1", "-screen", "0", "1366x768x24", "-nolisten", "tcp", "-fbdir"]).arg(screen.path());
        let (_screen, display) = Held::telling(xvfb)?;
        let picture = screen.path().join("Xvfb_screen0");
        let before = std::fs::read(&picture)?;
        let mut command = Command::new(program);
        self.seat(&mut command);
        command.env("DISPLAY", format!(":{display}")).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let began = Instant::now();
        let window = Held(command.spawn().with_context(|| program.display().to_string())?);
        let mut seen = watch(&picture, before, began)?;
        let mib = process::tree_pss_mib(window.0.id())?;
        let milliseconds = useful(&seen)?.as_secs_f64() * 1e3;
        Ok(Start { milliseconds, mib, picture: seen.pop().map(|(_, last)| last).unwrap_or_default() })
    }
}

/// Every other picture on the screen, each with its time, until nothing changes any more.
fn watch(picture: &Path, before: Vec<u8>, began: Instant) -> anyhow::Result<Vec<(Duration, Vec<u8>)>> {
    let mut seen = vec![(Duration::ZERO, before)];
    let mut changed = began;
    while began.elapsed() < PATIENCE && (seen.len() == 1 || changed.elapsed() < STILL) {
        std::thread::sleep(LOOK);
        let at = began.elapsed();
        let now = std::fs::read(picture)?;
        if seen.last().is_some_and(|(_, last)| *last != now) {
            changed = Instant::now();
            seen.push((at, now));
        }
    }
    anyhow::ensure!(seen.len() > 1, "the window showed nothing");
    Ok(seen)
}

/// The time at which nearly all that is drawn in the end was there: whatever has another colour than the ground.
fn useful(seen: &[(Duration, Vec<u8>)]) -> anyhow::Result<Duration> {
    let (_, last) = seen.last().context("a picture")?;
    let mut counts = std::collections::HashMap::<&[u8], usize>::new();
    for pixel in last.chunks_exact(4) {
        *counts.entry(pixel).or_default() += 1;
    }
    let ground =
        counts.into_iter().max_by_key(|(_, count)| *count).map(|(colour, _)| colour.to_vec()).unwrap_or_default();
    let drawn: Vec<usize> =
        last.chunks_exact(4).enumerate().filter(|(_, pixel)| *pixel != ground).map(|(at, _)| at * 4).collect();
    anyhow::ensure!(!drawn.is_empty(), "the window stayed empty");
    let there = |picture: &[u8]| {
        let same = drawn.iter().filter(|at| picture.get(**at..**at + 4) == last.get(**at..**at + 4)).count();
        same as f64 / drawn.len() as f64
    };
    // What was there before the program cannot count: the ground was not drawn yet.
    let (at, _) =
        seen.iter().skip(1).find(|(_, picture)| there(picture) >= USEFUL).context("the last one is useful")?;
    Ok(*at)
}

/// A child that ends with us, and whatever it started.
struct Held(Child);

impl Held {
    /// Starts it; when it is ready it prints a line.
    fn telling(command: Command) -> anyhow::Result<(Self, String)> {
        let words = format!("{command:?}");
        let (held, line) = Self::started(command, b"")?;
        anyhow::ensure!(!line.is_empty(), "{words} did not start");
        Ok((held, line))
    }

    /// Starts it with some input; when it is ready it lets go of its output and prints nothing.
    fn quiet(command: Command, input: &[u8]) -> anyhow::Result<Self> {
        let words = format!("{command:?}");
        let (mut held, _) = Self::started(command, input)?;
        anyhow::ensure!(held.0.try_wait()?.is_none(), "{words} did not start");
        Ok(held)
    }

    fn started(mut command: Command, input: &[u8]) -> anyhow::Result<(Self, String)> {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().with_context(|| format!("{command:?}"))?;
        child.stdin.take().context("piped")?.write_all(input)?;
        let output = child.stdout.take().context("piped")?;
        let held = Self(child);
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line)?;
        Ok((held, line.trim().to_owned()))
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        for id in process::tree(self.0.id()).unwrap_or_default() {
            if let Some(id) = i32::try_from(id).ok().and_then(rustix::process::Pid::from_raw) {
                // It may have ended by itself.
                let _ = rustix::process::kill_process(id, rustix::process::Signal::KILL);
            }
        }
        let _ = self.0.wait();
    }
}

fn which(program: &str) -> Option<PathBuf> {
    std::env::split_paths(&std::env::var_os("PATH")?).map(|folder| folder.join(program)).find(|file| file.is_file())
}
