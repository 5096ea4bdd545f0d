//! A desk to sit at: a screen without glass, a session bus, an unlocked keyring, a notification daemon, a home, and an
//! opener of files and pages that keeps a list of them.

use crate::program::{self, Program};
use crate::until::until;
use anyhow::Context;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// What is on the desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Everything that a desktop of today has.
    Full,
    /// A screen and nothing else: no bus, no keyring, no notifications.
    Bare,
}

/// The desk. Dropping it ends everything on it.
#[derive(Debug)]
pub struct Desk {
    display: String,
    bus: String,
    home: PathBuf,
    // Dropped in this order: what stands on something goes first.
    _dunst: Option<Program>,
    _keyring: Option<Held>,
    _bus: Option<Held>,
    _screen: Held,
}

/// A child with pipes of ours that ends with the desk.
#[derive(Debug)]
struct Held(Child);

impl Drop for Held {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Desk {
    /// Sets it up. `folder` gets the home, `logs` the output.
    pub async fn set_up(kind: Kind, folder: &Path, logs: &Path) -> anyhow::Result<Self> {
        let home = folder.join("home");
        let run = folder.join("run");
        std::fs::create_dir_all(&home)?;
        std::fs::create_dir_all(&run)?;
        std::fs::set_permissions(&run, std::fs::Permissions::from_mode(0o700))?;
        lay_opener(&home)?;
        let (screen, display) = screen()?;
        let mut desk = Self {
            display,
            // An address where nobody is: without one, programs look in the usual places.
            bus: format!("unix:path={}", run.join("no-bus").display()),
            home: folder.to_owned(),
            _dunst: None,
            _keyring: None,
            _bus: None,
            _screen: screen,
        };
        if kind == Kind::Full {
            let (bus, address) = desk.start_bus()?;
            desk._bus = Some(bus);
            desk.bus = address;
            desk._keyring = Some(desk.start_keyring()?);
            desk._dunst = Some(desk.start_dunst(logs).await?);
        }
        Ok(desk)
    }

    /// The address of its session bus.
    pub fn bus(&self) -> &str {
        &self.bus
    }

    /// Every file and page that a program here had opened, in order.
    pub fn opened(&self) -> anyhow::Result<Vec<String>> {
        match std::fs::read_to_string(self.home.join("home").join(OPENED)) {
            Ok(list) => Ok(list.lines().map(str::to_owned).collect()),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
            Err(error) => Err(error.into()),
        }
    }

    /// A command that sits at this desk.
    pub fn seat(&self, command: &mut Command) {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let own = [self.home.join("home").join(PROGRAMS)];
        // A folder with a colon in its name cannot be one of several: then the system's own opener stays in its place.
        let path = std::env::join_paths(own.into_iter().chain(std::env::split_paths(&path))).unwrap_or(path);
        command
            .env("PATH", path)
            .env("DISPLAY", &self.display)
            .env("DBUS_SESSION_BUS_ADDRESS", &self.bus)
            .env("HOME", self.home.join("home"))
            .env("XDG_RUNTIME_DIR", self.home.join("run"))
            .env("NO_AT_BRIDGE", "1")
            .env("GDK_BACKEND", "x11")
            .env("LANG", "C.UTF-8");
        for elsewhere in ["WAYLAND_DISPLAY", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XAUTHORITY"] {
            command.env_remove(elsewhere);
        }
    }

    /// Takes a picture of the screen once it stands still: what a window has painted reaches the screen a moment later.
    pub async fn photograph(&self, file: &Path) -> anyhow::Result<()> {
        let mut before = Vec::new();
        let still = until("the screen stands still", Duration::from_secs(3), || {
            let seen = self
                .snap(file)
                .and_then(|()| Ok(std::fs::read(file)?))
                .map(|now| (std::mem::replace(&mut before, now.clone()), now));
            async move {
                let (before, now) = seen?;
                anyhow::ensure!(before == now, "it moves");
                Ok(())
            }
        });
        // A screen that never stands still (a caret blinks) is good as it is.
        drop(still.await);
        Ok(())
    }

    fn snap(&self, file: &Path) -> anyhow::Result<()> {
        let mut import = program::command("import", ["-window", "root", "-define", "png:exclude-chunks=date,time"]);
        import.arg(file);
        self.seat(&mut import);
        program::run(import).map(drop)
    }

    /// The texts of all notifications so far, shown or gone.
    pub fn notifications(&self) -> anyhow::Result<String> {
        // The history holds closed ones only.
        self.dunst(&["close-all"])?;
        self.dunst(&["history"])
    }

    /// How many notifications are shown now.
    pub fn shown(&self) -> anyhow::Result<u32> {
        Ok(self.dunst(&["count", "displayed"])?.trim().parse()?)
    }

    /// Clicks the notification that is shown first, once there is one.
    pub async fn click_notification(&self) -> anyhow::Result<()> {
        until("a notification to click", Duration::from_secs(30), || async {
            anyhow::ensure!(self.shown()? > 0, "none is shown");
            Ok(())
        })
        .await?;
        self.dunst(&["action", "0"]).map(drop)
    }

    fn dunst(&self, args: &[&str]) -> anyhow::Result<String> {
        let mut dunstctl = program::command("dunstctl", args);
        self.seat(&mut dunstctl);
        program::run(dunstctl)
    }

    fn start_bus(&self) -> anyhow::Result<(Held, String)> {
        let mut daemon = program::command("dbus-daemon", ["--session", "--nofork", "--print-address=1"]);
        self.seat(&mut daemon);
        let mut child = daemon.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
        let address = program::first_line(child.stdout.take().context("piped")?)?;
        anyhow::ensure!(address.starts_with("unix:"), "the session bus named no address");
        Ok((Held(child), address))
    }

    fn start_keyring(&self) -> anyhow::Result<Held> {
        let mut daemon = program::command("gnome-keyring-daemon", ["--foreground", "--unlock", "--components=secrets"]);
        self.seat(&mut daemon);
        let mut child = daemon.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
        program::feed(&mut child, b"x")?;
        // It prints its control socket when the keyring is open.
        program::first_line(child.stdout.take().context("piped")?)?;
        Ok(Held(child))
    }

    async fn start_dunst(&self, logs: &Path) -> anyhow::Result<Program> {
        let mut dunst = Command::new("dunst");
        self.seat(&mut dunst);
        let dunst = Program::start("dunst", dunst, logs)?;
        // Any call to the daemon before that would make the bus start a second one.
        until("the notification daemon", Duration::from_secs(10), || async {
            anyhow::ensure!(self.is_on_bus("org.freedesktop.Notifications")?, "nobody shows notifications");
            Ok(())
        })
        .await?;
        Ok(dunst)
    }

    fn is_on_bus(&self, name: &str) -> anyhow::Result<bool> {
        let mut ask = program::command(
            "dbus-send",
            ["--session", "--print-reply", "--dest=org.freedesktop.DBus", "/", "org.freedesktop.DBus.NameHasOwner"],
        );
        ask.arg(format!("string:{name}"));
        self.seat(&mut ask);
        Ok(program::run(ask)?.contains("boolean true"))
    }
}

/// The folder of the desk's own programs, and the list of what was opened, in the home.
const PROGRAMS: &str = "bin";
const OPENED: &str = "opened.txt";

/// What the desktop opens files and pages with: nothing is shown on this screen, whoever plays opens them elsewhere.
fn lay_opener(home: &Path) -> anyhow::Result<()> {
    let programs = home.join(PROGRAMS);
    std::fs::create_dir_all(&programs)?;
    let opener = programs.join("xdg-open");
    std::fs::write(&opener, format!("#!/bin/sh\nprintf '%s\\n' \"$1\" >> \"$HOME/{OPENED}\"\n"))?;
    Ok(std::fs::set_permissions(opener, std::fs::Permissions::from_mode(0o755))?)
}

/// Starts a screen of 1366×768, the smallest on which everything must work, on the first free number.
fn screen() -> anyhow::Result<(Held, String)> {
    let mut xvfb = program::command("Xvfb", ["-displayfd", "1", "-screen", "0", "1366x768x24", "-nolisten", "tcp"]);
    let mut child = xvfb
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .process_group(0)
        .spawn()
        .context("Xvfb cannot be started")?;
    let number = program::first_line(child.stdout.take().context("piped")?)?;
    anyhow::ensure!(number.parse::<u32>().is_ok(), "Xvfb named no screen");
    Ok((Held(child), format!(":{number}")))
}
