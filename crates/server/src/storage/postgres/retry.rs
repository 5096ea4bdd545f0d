//! When to try to connect again: a database that starts takes no harm, and nobody waits for one that is away.

use std::time::{Duration, Instant};

/// After how long another try follows a failed one, from and up to.
const SOONEST: Duration = Duration::from_millis(50);
const LATEST: Duration = Duration::from_secs(2);

/// Due at once until a try fails.
#[derive(Default)]
pub(super) struct Retry {
    wait: Duration,
    not_before: Option<Instant>,
}

impl Retry {
    pub(super) fn is_due(&self) -> bool {
        self.not_before.is_none_or(|moment| moment <= Instant::now())
    }

    pub(super) fn failed(&mut self) {
        self.wait = (self.wait * 2).clamp(SOONEST, LATEST);
        self.not_before = Some(Instant::now() + self.wait);
    }
}
