//! The clocks of this computer.

use super::boot;
use crate::ports::Clock;
use domain::capture::ClockReading;
use std::time::{SystemTime, UNIX_EPOCH};

/// The clocks of this computer.
pub struct SystemClock {
    boot_id: String,
}

impl SystemClock {
    /// Asks the system which run of it this is.
    pub fn new() -> Self {
        Self { boot_id: boot::id() }
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for SystemClock {
    fn read(&self) -> ClockReading {
        // A wall clock before 1970 is as wrong as one at 1970.
        let wall = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let wall_ms = i64::try_from(wall.as_millis()).unwrap_or(i64::MAX);
        ClockReading { wall_ms, boot_ms: boot::since_ms(), boot_id: self.boot_id.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_since_boot_goes_on_and_the_run_has_one_name() {
        let clock = SystemClock::new();
        let first = clock.read();
        let second = SystemClock::new().read();
        assert!(second.boot_ms >= first.boot_ms && first.boot_ms > 0);
        assert_eq!(first.boot_id, second.boot_id, "two programs of one run agree");
        assert!(!first.boot_id.is_empty());
        assert!(first.wall_ms > 1_700_000_000_000);
    }
}
