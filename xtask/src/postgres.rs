//! PostgreSQL for the tests: the distribution's package without a server of its own, and one private cluster that all
//! steps share.

use crate::{programs, setup, step};
use anyhow::Context;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// The newest version that the distribution has.
const PACKAGE: &str = "postgresql";

/// Where Debian and Ubuntu keep the programs, in a folder per version.
const PROGRAMS: &str = "/usr/lib/postgresql";

/// Where the package reads whether to start a server for the whole computer.
const WISHES: &str = "/etc/postgresql-common/createcluster.d";

/// The environment variable in which tests find the address of the superuser; `test_postgres` reads it.
pub const SUPERUSER_URL: &str = "ZHKH_POSTGRES";

/// Installs the package. The computer of whoever tests gets no database server that it did not have: the wish not to
/// make one stands only while the package is installed.
pub fn install() -> anyhow::Result<()> {
    if cfg!(not(target_os = "linux")) || is_there() {
        return Ok(());
    }
    if !Path::new("/usr/bin/apt-get").exists() {
        // Says what to install by hand.
        return setup::debian_packages(&[PACKAGE]);
    }
    let wish = format!("{WISHES}/zhkh-tests.conf");
    step::run("настройка PostgreSQL", setup::as_root("mkdir", &["-p", WISHES]))?;
    let write = format!("echo 'create_main_cluster = false' > {wish}");
    step::run("настройка PostgreSQL", setup::as_root("sh", &["-c", &write]))?;
    let installed = setup::debian_packages(&[PACKAGE]);
    step::run("настройка PostgreSQL", setup::as_root("rm", &["-f", &wish]))?;
    installed
}

/// Whether there are programs where `test_postgres` looks for them.
fn is_there() -> bool {
    let versions = std::fs::read_dir(PROGRAMS).into_iter().flatten().flatten();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders = versions.map(|version| version.path().join("bin")).chain(std::env::split_paths(&path));
    folders.any(|folder| folder.join("initdb").is_file())
}

/// A private cluster, lent to the tests of several steps. It ends with this process, however that ends.
pub struct Lent {
    program: Child,
    /// The address of its superuser.
    pub url: String,
}

impl Lent {
    /// Starts it; its program has to be built.
    pub fn start() -> anyhow::Result<Self> {
        let program = programs::built("private-postgres");
        anyhow::ensure!(Path::new(&program).is_file(), "{} не собрана", program.display());
        // Nothing is killed in it: tests that kill it start one of their own.
        let mut command = Command::new(program);
        command.arg("--no-fsync").stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut program = command.spawn().context("PostgreSQL для тестов не запускается")?;
        let mut url = String::new();
        let output = program.stdout.take().context("its output is piped")?;
        BufReader::new(output).read_line(&mut url)?;
        let lent = Self { program, url: url.trim().to_owned() };
        anyhow::ensure!(!lent.url.is_empty(), "PostgreSQL для тестов не запустился");
        Ok(lent)
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        // The end of its input ends it; it removes its folder.
        drop(self.program.stdin.take());
        let _ = self.program.wait();
    }
}
