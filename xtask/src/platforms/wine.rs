//! wine: runs programs for Windows, with a Windows of its own that nobody else uses.

use super::place;
use super::trouble::{Part, missing};
use crate::postgres;
use anyhow::Context;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// wine 8 lacks this library. See `process_prng.c`.
const RANDOMNESS: &str = "bcryptprimitives.dll";
/// For the first start of a fresh Windows.
const START: Duration = Duration::from_secs(180);

/// A prepared Windows.
pub struct Wine {
    program: PathBuf,
    prefix: PathBuf,
    /// The address of a PostgreSQL for the tests.
    superuser: Option<String>,
}

impl Wine {
    /// Prepares it, once.
    pub fn prepared(c_compiler: &str, superuser: Option<String>) -> Part<Self> {
        let Some(program) = found("wine64") else { return missing("нет wine64") };
        let prefix = place::folder()?.join("wine");
        let wine = Self { program, prefix: prefix.clone(), superuser };
        place::once(&place::folder()?.join("wine.done"), "1", || {
            place::emptied(&prefix)?;
            let log = place::folder()?.join("wineboot.log");
            let status = wine.run("wineboot".as_ref(), &["-i"], &prefix, &log, START)?;
            if !status.is_some_and(|status| status.success()) {
                return missing("wine не запускается: смотрите target/platforms/wineboot.log");
            }
            let source = place::folder()?.join("process_prng.c");
            std::fs::write(&source, include_str!("process_prng.c"))?;
            let mut compile = Command::new(c_compiler);
            compile.args(["-shared", "-O1", "-o"]).arg(prefix.join("drive_c/windows/system32").join(RANDOMNESS));
            compile.arg(&source).arg("-ladvapi32");
            Ok(crate::step::run("случайные числа для wine", compile)?)
        })?;
        Ok(wine)
    }

    /// Runs a program for Windows in `folder`, its output in `log`; `None` when it took longer than `limit`.
    pub fn run(
        &self,
        program: &Path,
        args: &[&str],
        folder: &Path,
        log: &Path,
        limit: Duration,
    ) -> anyhow::Result<Option<ExitStatus>> {
        let output = File::create(log)?;
        let mut wine = Command::new(&self.program);
        wine.arg(program).args(args).current_dir(folder);
        wine.env("WINEPREFIX", &self.prefix).env("WINEDEBUG", "-all").env("RUST_BACKTRACE", "0");
        // Without these it would offer to download things nobody uses here, or look for a screen.
        wine.env("WINEDLLOVERRIDES", "mscoree=;mshtml=;winemenubuilder.exe=").env_remove("DISPLAY");
        // Where the window's loader lies, beside the programs; the programs of tests are one folder deeper.
        if let Some(folder) = program.parent().and_then(Path::parent) {
            wine.env("WINEPATH", format!("Z:{}", folder.display()).replace('/', "\\"));
        }
        // The tests of the core write the TypeScript twins of its types. The window has them already.
        wine.env("TS_RS_EXPORT_DIR", self.prefix.with_file_name("bindings"));
        if let Some(superuser) = &self.superuser {
            wine.env(postgres::SUPERUSER_URL, superuser);
        }
        wine.stdin(Stdio::null()).stdout(output.try_clone()?).stderr(output);
        let mut child = wine.spawn().with_context(|| format!("{wine:?}"))?;
        let began = Instant::now();
        loop {
            if let Some(status) = child.try_wait()? {
                return Ok(Some(status));
            }
            if began.elapsed() > limit {
                child.kill()?;
                child.wait()?;
                return Ok(None);
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Wine {
    /// Ends this Windows with all that still runs in it.
    fn drop(&mut self) {
        if let Some(server) = found("wineserver") {
            let _ = Command::new(server).arg("-k").env("WINEPREFIX", &self.prefix).status();
        }
    }
}

/// Debian keeps wine's own programs off the path.
fn found(name: &str) -> Option<PathBuf> {
    let places = std::env::var_os("PATH").unwrap_or_default();
    let mut places = std::env::split_paths(&places).chain([PathBuf::from("/usr/lib/wine")]);
    places.find_map(|place| Some(place.join(name)).filter(|program| program.is_file()))
}
