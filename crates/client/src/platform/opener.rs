//! The system's program for a file or a page.

use crate::ports::Opener;
use std::ffi::OsStr;
use std::io;
use std::path::Path;
use std::process::{Command, Stdio};

/// What the desktop of this computer opens files with.
#[derive(Debug)]
pub struct SystemOpener;

impl Opener for SystemOpener {
    fn open(&self, file: &Path) -> io::Result<()> {
        let mut command = Command::new(if cfg!(windows) { "explorer.exe" } else { OPENER });
        command.arg(file);
        begin(command)
    }

    fn browse(&self, url: &str) -> io::Result<()> {
        // Explorer reads commas of an address as the ends of its own options.
        let windows: [&OsStr; 2] = ["url.dll,FileProtocolHandler".as_ref(), url.as_ref()];
        let mut command = Command::new(if cfg!(windows) { "rundll32.exe" } else { OPENER });
        command.args(if cfg!(windows) { &windows[..] } else { &windows[1..] });
        begin(command)
    }
}

/// What takes files and addresses alike.
const OPENER: &str = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };

fn begin(mut command: Command) -> io::Result<()> {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = command.spawn()?;
    // Whoever ends is waited for, else it stays in the table of processes as long as this program runs.
    std::thread::Builder::new().name("opener".into()).spawn(move || child.wait()).map(drop)
}
