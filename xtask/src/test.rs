//! `cargo xtask test`: sets up, then runs everything. A failure does not stop the rest; the end tells all.

use crate::count::{Count, Runner};
use crate::step::logged;
use crate::{bindings, npm, postgres, programs, setup, sim};
use std::path::Path;
use std::process::Command;

/// How a line begins by which a test tells the reader how much it did.
const TOLD: &str = "» ";
/// How a line begins that says what could not be had here: never passed over in silence.
const SKIPPED: &str = "SKIP ";

/// What the steps gave so far.
#[derive(Default)]
struct Tally {
    count: Count,
    failed_steps: Vec<String>,
}

/// Runs everything; fails when anything failed.
pub fn test() -> anyhow::Result<()> {
    let browser = setup::for_test()?;
    let mut tally = Tally::default();
    checks(&mut tally)?;
    let built = tally.step("build", Runner::Check, programs::all_command())?;
    let lent = postgres::Lent::start();
    if let Err(error) = &lent {
        tally.fail("postgres", &format!("{error:#}"));
    }
    let superuser = lent.as_ref().map_or("", |lent| &lent.url);
    rust_tests(&mut tally, superuser)?;
    if built {
        real_programs(&mut tally, &browser, superuser)?;
    }
    other_builds(&mut tally, superuser)?;
    println!("{} passed, {} failed", tally.count.passed, tally.count.failed);
    if tally.failed_steps.is_empty() {
        return Ok(());
    }
    eprintln!("Не прошли: {}. Подробности: target/test-logs/", tally.failed_steps.join(", "));
    std::process::exit(1);
}

fn checks(tally: &mut Tally) -> anyhow::Result<()> {
    tally.step("format", Runner::Check, cargo(&["fmt", "--all", "--check"]))?;
    tally.step("ui-build", Runner::Check, npm::script("ui", "build"))?;
    tally.step("ui-build-http", Runner::Check, npm::script("ui", "build:http"))?;
    tally.step("ui-check", Runner::Check, npm::script("ui", "check"))?;
    tally.step("ui-test", Runner::Vitest, npm::script("ui", "test"))?;
    tally.step("clippy", Runner::Check, cargo(&["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]))?;
    let mut doc = cargo(&["doc", "--workspace", "--no-deps", "--document-private-items"]);
    doc.env("RUSTDOCFLAGS", "-D warnings");
    tally.step("rustdoc", Runner::Check, doc)?;
    Ok(())
}

fn rust_tests(tally: &mut Tally, superuser: &str) -> anyhow::Result<()> {
    if has_nextest() {
        let tests = nextest("not binary(window) & not binary(processes)");
        tally.step("rust", Runner::Nextest, over_postgres(superuser, tests))?;
        tally.step("rust-postgres", Runner::Nextest, server_on_postgres(superuser, nextest("package(zhkh-server)")))?;
        tally.step("rust-doc", Runner::CargoTest, cargo(&["test", "--workspace", "--doc"]))?;
    } else {
        let all_but_system = ["test", "--workspace", "--exclude", "zhkh-system-tests", "--tests", "--no-fail-fast"];
        tally.step("rust", Runner::CargoTest, over_postgres(superuser, cargo(&all_but_system)))?;
        let server = cargo(&["test", "--package", "zhkh-server", "--tests", "--no-fail-fast"]);
        tally.step("rust-postgres", Runner::CargoTest, server_on_postgres(superuser, server))?;
        let faults = ["test", "--package", "zhkh-system-tests", "--lib", "--test", "faults"];
        tally.step("faults", Runner::CargoTest, cargo(&faults))?;
        tally.step("rust-doc", Runner::CargoTest, cargo(&["test", "--workspace", "--doc"]))?;
    }
    if let Some(check) = bindings::check() {
        tally.step("bindings", Runner::Check, check)?;
    }
    Ok(())
}

/// What needs the real programs, over real sockets and in the real window.
fn real_programs(tally: &mut Tally, browser: &Path, superuser: &str) -> anyhow::Result<()> {
    if Path::new("tests/browser/package.json").is_file() {
        let mut stage = Command::new(programs::built("stage"));
        stage.args(["browser", "--folder", "target/browser-stage"]).env("CHROMIUM", browser);
        tally.step("browser", Runner::Playwright, stage)?;
    }
    for binary in ["processes", "window"] {
        let (runner, command) = if has_nextest() {
            (Runner::Nextest, nextest(&format!("binary({binary})")))
        } else {
            let args = ["test", "--workspace", "--test", binary, "--", "--test-threads", "1", "--show-output"];
            (Runner::CargoTest, cargo(&args))
        };
        tally.step(binary, runner, over_postgres(superuser, command))?;
    }
    tally.step("sim", Runner::Ours, sim::check())?;
    for (step, story) in [("play", "main-job"), ("play-tickets", "tickets"), ("play-money", "money")] {
        let mut play = Command::new(programs::built("play"));
        play.arg(story).arg("--out").arg(Path::new("target").join(step)).env("CHROMIUM", browser);
        tally.step(step, Runner::Ours, play)?;
    }
    broken_play(tally)
}

/// What costs builds of its own: a copy of the tree with one line changed at a time, and other systems.
fn other_builds(tally: &mut Tally, superuser: &str) -> anyhow::Result<()> {
    // Not the running file: the build of all programs has put another one in its place.
    let xtask = |words: &[&str]| {
        let mut command = Command::new(programs::built("xtask"));
        command.args(words);
        command
    };
    tally.step("mutate", Runner::Ours, xtask(&["mutate", "--reduced"]))?;
    tally.step("platforms", Runner::Ours, over_postgres(superuser, xtask(&["check-platforms"])))?;
    Ok(())
}

/// A play that cannot fail proves nothing: on a server without a ledger it must.
fn broken_play(tally: &mut Tally) -> anyhow::Result<()> {
    let server = match programs::sabotaged_server() {
        Ok(server) => server,
        Err(error) => {
            tally.fail("play-broken", &format!("{error:#}"));
            return Ok(());
        }
    };
    let mut play = Command::new(programs::built("play"));
    play.args(["--out", "target/play-broken", "--break-ack"]).arg(server);
    let outcome = logged("play-broken", play)?;
    if outcome.succeeded {
        tally.fail("play-broken", "the play did not notice that a reading is on the server twice");
    } else if outcome.output.contains("not exactly once") {
        tally.count.passed += 1;
        println!("{:<16} ok   {:>4} s   1 passed (it failed, as it must)", "play-broken", outcome.seconds);
    } else {
        tally.fail("play-broken", &format!("it failed for another reason:\n{}", outcome.tail()));
    }
    Ok(())
}

impl Tally {
    fn step(&mut self, name: &str, runner: Runner, command: Command) -> anyhow::Result<bool> {
        let outcome = logged(name, command)?;
        let mut count = Count::read(runner, &outcome.output);
        if !outcome.succeeded && count.failed == 0 {
            // A step that broke before it could count.
            count.failed = 1;
        }
        self.count += count;
        let ok = outcome.succeeded && count.failed == 0;
        let counted = if count == Count::default() { String::new() } else { format!("   {} passed", count.passed) };
        let failed = if count.failed == 0 { String::new() } else { format!(", {} failed", count.failed) };
        println!("{name:<16} {}  {:>4} s{counted}{failed}", if ok { "ok  " } else { "FAIL" }, outcome.seconds);
        for line in outcome.output.lines().map(str::trim) {
            let told = line.strip_prefix(TOLD).or_else(|| line.starts_with(SKIPPED).then_some(line));
            if let Some(words) = told {
                println!("{:<16} {words}", "");
            }
        }
        if !ok {
            println!("--- the end of {}:\n{}\n---", outcome.log.display(), outcome.tail());
            self.failed_steps.push(name.to_owned());
        }
        Ok(ok)
    }

    fn fail(&mut self, name: &str, why: &str) {
        println!("{name:<16} FAIL\n{why}");
        self.count.failed += 1;
        self.failed_steps.push(name.to_owned());
    }
}

fn cargo(args: &[&str]) -> Command {
    let mut cargo = Command::new("cargo");
    cargo.args(args);
    cargo
}

/// Tests that want a database of PostgreSQL find the cluster that is lent to them.
fn over_postgres(superuser: &str, mut command: Command) -> Command {
    command.env(postgres::SUPERUSER_URL, superuser);
    command
}

/// The server's own suite, once more: this time every database it asks for is one of PostgreSQL.
fn server_on_postgres(superuser: &str, command: Command) -> Command {
    let mut command = over_postgres(superuser, command);
    command.env("ZHKH_TEST_DATABASE", "postgres");
    command
}

fn nextest(filter: &str) -> Command {
    cargo(&["nextest", "run", "--workspace", "--no-fail-fast", "--no-tests", "pass", "-E", filter])
}

/// Whether nextest is there: it runs tests apart from one another, and side by side.
pub fn has_nextest() -> bool {
    Command::new("cargo").args(["nextest", "--version"]).output().is_ok_and(|output| output.status.success())
}
