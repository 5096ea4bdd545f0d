//! How long to wait after a failure: full jitter, so that a thousand desktops do not come back at once.

/// The shortest wait.
pub const FIRST_MS: i64 = 500;
/// The longest wait.
pub const LONGEST_MS: i64 = 60_000;
/// A `retry-after` longer than this is not believed: the person would think the program had died.
const LONGEST_ASKED_MS: i64 = 3_600_000;

/// A growing wait.
///
/// Public because whoever reads the feed waits by the same rule as whoever sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backoff {
    first_ms: i64,
    longest_ms: i64,
    failures: u32,
    until_ms: Option<i64>,
}

impl Default for Backoff {
    fn default() -> Self {
        Self::new()
    }
}

impl Backoff {
    /// The wait of an account.
    pub const fn new() -> Self {
        Self { first_ms: FIRST_MS, longest_ms: LONGEST_MS, failures: 0, until_ms: None }
    }

    /// The wait of one operation that alone makes the server fail: from 5 seconds to a quarter of an hour.
    pub(crate) const fn slow() -> Self {
        Self { first_ms: 5_000, longest_ms: 900_000, failures: 0, until_ms: None }
    }

    /// Something failed at `now_ms`. Waits from the shortest to a ceiling that doubles; never shorter than asked.
    pub fn fail(&mut self, now_ms: i64, jitter: f64, asked_ms: Option<i64>) {
        self.failures = self.failures.saturating_add(1);
        let doubled = self.first_ms.saturating_mul(1_i64 << self.failures.min(20));
        let room = (doubled.min(self.longest_ms) - self.first_ms) as f64;
        let wait = self.first_ms + (room * jitter.clamp(0.0, 1.0)) as i64;
        let asked = asked_ms.unwrap_or(0).clamp(0, LONGEST_ASKED_MS);
        self.until_ms = Some(now_ms.saturating_add(wait.max(asked)));
    }

    /// Something succeeded, or the network or the person is back.
    pub fn reset(&mut self) {
        self.failures = 0;
        self.until_ms = None;
    }

    /// Until when to wait, if that is still ahead.
    pub fn until(&self, now_ms: i64) -> Option<i64> {
        self.until_ms.filter(|until| *until > now_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_lies_between_half_a_second_and_a_ceiling_that_doubles_to_a_minute() {
        let mut backoff = Backoff::new();
        for ceiling in [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000] {
            let mut least = backoff;
            least.fail(100, 0.0, None);
            assert_eq!(least.until(100), Some(100 + FIRST_MS));
            backoff.fail(100, 1.0, None);
            assert_eq!(backoff.until(100), Some(100 + ceiling));
        }
        backoff.reset();
        assert_eq!(backoff.until(100), None);
    }

    #[test]
    fn a_longer_wait_that_the_server_asks_for_is_kept_up_to_an_hour() {
        let mut backoff = Backoff::new();
        backoff.fail(0, 0.5, Some(20_000));
        assert_eq!(backoff.until(0), Some(20_000));
        backoff.fail(0, 0.5, Some(i64::MAX));
        assert_eq!(backoff.until(0), Some(3_600_000));
        backoff.fail(0, 0.0, Some(-5));
        assert_eq!(backoff.until(0), Some(FIRST_MS), "a time that is over asks for nothing");
    }
}
