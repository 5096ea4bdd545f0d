//! Building and running tests of the copy, and which of them were red.

use crate::step;
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

/// The packages that cargo is told of, whatever is built: with these it chooses the same features of other people's
/// crates as for the whole workspace, so that none of them is built once more.
const PACKAGES: [&str; 9] = [
    "zhkh-domain",
    "zhkh-wire",
    "zhkh-outbox",
    "zhkh-client",
    "zhkh-server",
    "zhkh-power-cut",
    "zhkh-system-tests",
    "zhkh-desktop",
    "zhkh-bridge",
];

/// What a run came to.
pub struct Trial {
    /// How long building took.
    pub build_s: u64,
    /// How long the tests took.
    pub test_s: u64,
    /// What the tests did; `None` when it did not compile.
    pub tests: Option<Tests>,
    /// The end of the log, for the reader of a failure.
    pub tail: String,
}

/// The last words of the names of tests.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Tests {
    /// Those that passed.
    pub green: BTreeSet<String>,
    /// Those that failed, crashed or did not end.
    pub red: BTreeSet<String>,
}

/// The way to cargo in the copy.
pub struct Trials<'a> {
    /// Where the copy is.
    pub tree: &'a Path,
    /// Its target folder.
    pub target: &'a Path,
    /// Whether nextest is there.
    pub nextest: bool,
}

impl Trials<'_> {
    /// Builds and runs these programs of tests.
    pub fn run(&self, name: &str, programs: &BTreeSet<String>) -> anyhow::Result<Trial> {
        let began = Instant::now();
        let built = step::logged(&format!("mutate-{name}-build"), self.cargo(programs, true))?;
        let build_s = began.elapsed().as_secs();
        if !built.succeeded {
            return Ok(Trial { build_s, test_s: 0, tests: None, tail: built.tail() });
        }
        let began = Instant::now();
        let ran = step::logged(&format!("mutate-{name}"), self.cargo(programs, false))?;
        let test_s = began.elapsed().as_secs();
        let tests = Tests::read(&ran.output);
        // A program that could not even list its tests ran none.
        let tests = Some(tests).filter(|tests| ran.succeeded || !tests.red.is_empty());
        Ok(Trial { build_s, test_s, tests, tail: ran.tail() })
    }

    fn cargo(&self, programs: &BTreeSet<String>, only_build: bool) -> Command {
        let mut cargo = Command::new("cargo");
        cargo.current_dir(self.tree).env("CARGO_TARGET_DIR", self.target).env("CARGO_INCREMENTAL", "1");
        // Not the smallest history that shows the fault is wanted, but whether there is one.
        cargo.env("PROPTEST_MAX_SHRINK_TIME", "1000").env("RUST_BACKTRACE", "0");
        // A sabotage shows in the first few; the many are for faults that nobody thought of.
        cargo.env("ZHKH_POWER_CUTS", "120");
        cargo.args(if self.nextest { &["nextest", "run"][..] } else { &["test"][..] });
        for package in packages(programs) {
            cargo.args(["--package", package]);
        }
        let tests: BTreeSet<&str> =
            programs.iter().filter_map(|id| id.split_once("::")).map(|(_, test)| test).collect();
        if programs.iter().any(|id| !id.contains("::")) {
            cargo.arg("--lib");
        }
        for test in tests {
            cargo.args(["--test", test]);
        }
        cargo.arg(if only_build { "--no-run" } else { "--no-fail-fast" });
        if only_build {
            return cargo;
        }
        if self.nextest {
            let filter: Vec<_> = programs.iter().map(|id| format!("binary_id(={id})")).collect();
            cargo.args(["--profile", "mutants", "--status-level", "all", "--final-status-level", "none"]);
            cargo.args(["-E", &filter.join(" + ")]);
        }
        cargo
    }
}

/// Everything, but not what would be built in vain: on the crates that all others stand on, all of it.
fn packages(programs: &BTreeSet<String>) -> Vec<&'static str> {
    let alone = |package: &&str| programs.iter().all(|program| program.split("::").next() == Some(package));
    match ["zhkh-domain", "zhkh-wire"].into_iter().find(alone) {
        Some(package) => vec![package],
        None => PACKAGES.to_vec(),
    }
}

impl Tests {
    /// Reads what nextest or cargo's own runner printed.
    fn read(output: &str) -> Self {
        let mut tests = Self::default();
        for line in output.lines() {
            let Some((name, red)) = by_nextest(line).or_else(|| by_cargo(line)) else { continue };
            let name = name.rsplit("::").next().unwrap_or(name).to_owned();
            if red {
                tests.red.insert(name)
            } else {
                tests.green.insert(name)
            };
        }
        tests
    }
}

/// `        FAIL [   0.011s] ( 3/90) zhkh-outbox::rules a_lane_is_sent_in_order`
fn by_nextest(line: &str) -> Option<(&str, bool)> {
    let (word, rest) = line.trim_start().split_once(" [")?;
    let red = match word {
        "PASS" | "LEAK" => false,
        "FAIL" | "TIMEOUT" | "ABORT" | "LEAK-FAIL" => true,
        signal if signal.starts_with("SIG") => true,
        _ => return None,
    };
    let (_, test) = rest.split_once("s] ")?;
    Some((test.rsplit(' ').next()?, red))
}

/// `test queue::a_lane_is_sent_in_order ... FAILED`
fn by_cargo(line: &str) -> Option<(&str, bool)> {
    let (name, end) = line.strip_prefix("test ")?.split_once(" ... ")?;
    match end {
        "ok" => Some((name, false)),
        "FAILED" => Some((name, true)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_runners_tell_which_tests_were_red() {
        let nextest = "
    Starting 4 tests across 2 binaries
        PASS [   0.005s] (1/4) zhkh-outbox::rules taking_back
        FAIL [   0.011s] (2/4) zhkh-outbox::rules a_lane
     TIMEOUT [  60.002s] (3/4) zhkh-client engine::tests::disk::it_hangs
     SIGABRT [   0.011s] (4/4) zhkh-client store::it_crashes
     Summary [   0.016s] 4 tests run: 1 passed, 1 failed, 1 timed out";
        let cargo = "
test taking_back ... ok
test a_lane ... FAILED
test engine::tests::disk::it_hangs ... FAILED
test store::it_crashes ... FAILED
test ignored ... ignored
test result: FAILED. 1 passed; 3 failed";
        for output in [nextest, cargo] {
            let tests = Tests::read(output);
            assert_eq!(tests.green.iter().collect::<Vec<_>>(), ["taking_back"]);
            assert_eq!(tests.red.iter().collect::<Vec<_>>(), ["a_lane", "it_crashes", "it_hangs"]);
        }
    }
}
