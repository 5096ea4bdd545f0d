//! Counts tests in the output of whatever ran them.

use std::ops::AddAssign;

/// How many tests passed and failed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    /// Passed.
    pub passed: u64,
    /// Failed.
    pub failed: u64,
}

/// Who ran the tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Runner {
    /// No tests: a check that holds or not.
    Check,
    /// cargo nextest.
    Nextest,
    /// cargo test.
    CargoTest,
    /// vitest.
    Vitest,
    /// Playwright.
    Playwright,
    /// Programs of ours, which end with the same line as `cargo xtask test`.
    Ours,
}

impl Count {
    /// Reads the counts that a runner printed.
    pub fn read(runner: Runner, output: &str) -> Self {
        let mut count = Self::default();
        for line in output.lines().map(str::trim) {
            let counts = match runner {
                Runner::Check => false,
                Runner::Nextest => line.starts_with("Summary ["),
                Runner::CargoTest => line.starts_with("test result:"),
                Runner::Vitest => line.starts_with("Tests "),
                Runner::Playwright => is_playwright_total(line),
                Runner::Ours => line.ends_with(" failed") && line.contains(" passed, "),
            };
            if counts {
                count += Self { passed: before(line, "passed"), failed: before(line, "failed") };
                if runner == Runner::Nextest {
                    count.failed += before(line, "timed");
                }
            }
        }
        count
    }
}

impl AddAssign for Count {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

/// «12 passed (30s)» or «1 failed», and nothing else on the line.
fn is_playwright_total(line: &str) -> bool {
    let mut words = line.split_whitespace();
    let number = words.next().is_some_and(|word| word.parse::<u64>().is_ok());
    let word = words.next();
    number && matches!(word, Some("passed" | "failed")) && words.next().is_none_or(|rest| rest.starts_with('('))
}

/// The number that stands before a word.
fn before(line: &str, word: &str) -> u64 {
    let words: Vec<&str> =
        line.split(|c: char| c.is_whitespace() || ",;|".contains(c)).filter(|w| !w.is_empty()).collect();
    let at = words.iter().position(|found| *found == word).unwrap_or(0);
    at.checked_sub(1).and_then(|at| words[at].parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::{Count, Runner};

    fn count(runner: Runner, output: &str) -> (u64, u64) {
        let count = Count::read(runner, output);
        (count.passed, count.failed)
    }

    #[test]
    fn every_runner_is_counted() {
        let nextest = "     Summary [  12.3s] 345 tests run: 343 passed (1 slow), 1 failed, 1 timed out, 2 skipped";
        assert_eq!(count(Runner::Nextest, nextest), (343, 2));
        let cargo =
            "test result: ok. 3 passed; 0 failed; 0 ignored\ntest result: FAILED. 1 passed; 2 failed; 0 ignored";
        assert_eq!(count(Runner::CargoTest, cargo), (4, 2));
        assert_eq!(count(Runner::Vitest, " Test Files  4 passed (4)\n      Tests  1 failed | 41 passed (42)"), (41, 1));
        assert_eq!(count(Runner::Playwright, "  2 failed\n    a › b passed\n  12 passed (30.1s)"), (12, 2));
        assert_eq!(count(Runner::Ours, "12 passed, 1 failed"), (12, 1));
        assert_eq!(count(Runner::Check, "7 passed, 0 failed"), (0, 0));
    }
}
