//! The system's program for a file.

use crate::ports::Opener;
use std::io;
use std::path::Path;
use std::process::{Command, Stdio};

/// What the desktop of this computer opens files with.
#[derive(Debug)]
pub struct SystemOpener;

impl Opener for SystemOpener {
    fn open(&self, file: &Path) -> io::Result<()> {
        let program = if cfg!(windows) {
            "explorer.exe"
        } else if cfg!(target_os = "macos") {
            "open"
        } else {
            "xdg-open"
        };
        let mut command = Command::new(program);
        command.arg(file).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = command.spawn()?;
        // Whoever ends is waited for, else it stays in the table of processes as long as this program runs.
        std::thread::Builder::new().name("opener".into()).spawn(move || child.wait()).map(drop)
    }
}
