//! Instead of the system's programs: a file in which everything stands that was handed to them.

use client::ports::Opener;
use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Writes the path of every file and the address of every page that was opened, one a line.
#[derive(Debug)]
pub struct Opened(pub PathBuf);

impl Opener for Opened {
    fn open(&self, file: &Path) -> io::Result<()> {
        let mut list = OpenOptions::new().append(true).create(true).open(&self.0)?;
        writeln!(list, "{}", file.display())
    }

    fn browse(&self, url: &str) -> io::Result<()> {
        self.open(Path::new(url))
    }
}
