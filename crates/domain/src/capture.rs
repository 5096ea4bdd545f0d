//! When something was entered, and how sure that is.
//!
//! A PC's clock may be wrong, set back or stand on another zone, so it is never used for order. At every
//! answer of the server the desktop notes an [`Anchor`]: the server's time beside its own wall clock and
//! beside the time since boot, which nobody can set. As long as the computer stays on, the server's time
//! follows from the time since boot alone.

use serde::{Deserialize, Serialize};

/// Within what distance of the server's a wall clock is trusted after a reboot: two minutes.
pub const TRUSTED_DRIFT_MS: i64 = 120_000;

/// No answer that counts was longer on its way than this.
const SLOWEST_ANSWER_MS: i64 = 60_000;

/// What the clocks of a computer show at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockReading {
    /// Milliseconds since 1970, UTC, by the wall clock that people can set.
    pub wall_ms: i64,
    /// Milliseconds since boot; goes on in sleep.
    pub boot_ms: i64,
    /// Names one run of the operating system; changes at every boot.
    pub boot_id: String,
}

/// One comparison of this computer's clocks with the server's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Anchor {
    /// The server's time at that moment, milliseconds since 1970, UTC.
    pub server_ms: i64,
    /// This computer's clocks at that moment.
    pub here: ClockReading,
    /// The latest wall time seen since then; a clock that ran back shows up against it.
    pub latest_wall_ms: i64,
}

/// The time of an entry as its envelope carries it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Capture {
    /// What the computer's wall clock showed.
    pub wall_ms: i64,
    /// The server's time minus the wall clock, as far as the computer knows; `None` if it never met the server.
    pub server_offset_ms: Option<i64>,
    /// Milliseconds since boot.
    pub boot_ms: i64,
    /// The run of the operating system.
    pub boot_id: String,
    /// Whether the offset can be relied on (see [`Anchor::capture`]).
    pub anchored: bool,
}

/// What the server believes about the time of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Believed {
    /// Milliseconds since 1970, UTC.
    pub at_ms: i64,
    /// Whether rules may rely on it. An unsure entry counts as made when it arrived.
    pub sure: bool,
}

impl Anchor {
    /// A comparison made now.
    pub fn new(server_ms: i64, here: ClockReading) -> Self {
        let latest_wall_ms = here.wall_ms;
        Self { server_ms, here, latest_wall_ms }
    }

    /// The next comparison. An answer tells the time at which it left the server, so one that was long on its way tells
    /// a time that is over: within one run of the system the server's time as it is known never runs back by that, or
    /// a change entered after a slow answer would count as older than what it changes.
    pub fn again(&self, server_ms: i64, here: ClockReading) -> Self {
        let same_run = here.boot_id == self.here.boot_id && here.boot_ms >= self.here.boot_ms;
        let known_ms = self.server_ms.saturating_add(here.boot_ms.saturating_sub(self.here.boot_ms));
        let slow = same_run && (0..=SLOWEST_ANSWER_MS).contains(&known_ms.saturating_sub(server_ms));
        Self::new(if slow { known_ms } else { server_ms }, here)
    }

    /// Notes the wall clock, so that a later step back is seen.
    pub fn observe(&mut self, wall_ms: i64) {
        self.latest_wall_ms = self.latest_wall_ms.max(wall_ms);
    }

    /// The time of an entry made when the clocks show `now`.
    ///
    /// In the same run of the system the time since boot carries the server's time on, whatever the wall clock
    /// does. After a reboot the wall clock is believed if it was right within [`TRUSTED_DRIFT_MS`] at the anchor
    /// and never ran back since.
    pub fn capture(&self, now: &ClockReading) -> Capture {
        let same_run = now.boot_id == self.here.boot_id && now.boot_ms >= self.here.boot_ms;
        let (offset, anchored) = if same_run {
            let server_ms = self.server_ms.saturating_add(now.boot_ms.saturating_sub(self.here.boot_ms));
            (server_ms.saturating_sub(now.wall_ms), true)
        } else {
            let offset = self.server_ms.saturating_sub(self.here.wall_ms);
            (offset, offset.saturating_abs() <= TRUSTED_DRIFT_MS && now.wall_ms >= self.latest_wall_ms)
        };
        Capture {
            wall_ms: now.wall_ms,
            server_offset_ms: Some(offset),
            boot_ms: now.boot_ms,
            boot_id: now.boot_id.clone(),
            anchored,
        }
    }

    /// How far the wall clock is from the server's: positive when it is fast. `None` when that cannot be known.
    pub fn wall_error_ms(&self, now: &ClockReading) -> Option<i64> {
        let capture = self.capture(now);
        if capture.anchored { capture.server_offset_ms.map(i64::saturating_neg) } else { None }
    }
}

impl Capture {
    /// An entry on a computer that never met the server.
    pub fn unanchored(now: &ClockReading) -> Self {
        Self {
            wall_ms: now.wall_ms,
            server_offset_ms: None,
            boot_ms: now.boot_ms,
            boot_id: now.boot_id.clone(),
            anchored: false,
        }
    }

    /// The server's view of the time of this entry, which it received at `received_ms`.
    ///
    /// Nothing is captured after it arrived: a later claim is not believed at all.
    pub fn believed(&self, received_ms: i64) -> Believed {
        match self.server_offset_ms {
            Some(offset) if self.anchored => {
                let at_ms = self.wall_ms.saturating_add(offset);
                if at_ms <= received_ms.saturating_add(TRUSTED_DRIFT_MS) {
                    Believed { at_ms: at_ms.min(received_ms), sure: true }
                } else {
                    Believed { at_ms: received_ms, sure: false }
                }
            }
            _ => Believed { at_ms: received_ms, sure: false },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clocks(wall_ms: i64, boot_ms: i64, boot: &str) -> ClockReading {
        ClockReading { wall_ms, boot_ms, boot_id: boot.into() }
    }

    #[test]
    fn a_clock_set_wrong_while_the_computer_is_on_does_not_matter() {
        let anchor = Anchor::new(1_000_000, clocks(1_000_000, 50_000, "a"));
        let entry = anchor.capture(&clocks(99_000_000, 60_000, "a"));
        assert_eq!(entry.believed(2_000_000), Believed { at_ms: 1_010_000, sure: true });
    }

    #[test]
    fn after_a_reboot_only_a_clock_that_was_right_and_never_ran_back_is_believed() {
        let right = Anchor::new(1_000_000, clocks(1_000_500, 50_000, "a"));
        assert!(right.capture(&clocks(2_000_000, 10, "b")).anchored);
        assert!(!right.capture(&clocks(900_000, 10, "b")).anchored, "ran back");
        let wrong = Anchor::new(1_000_000, clocks(11_800_000, 50_000, "a"));
        assert!(!wrong.capture(&clocks(12_000_000, 10, "b")).anchored, "three hours fast");
        let mut stepped = Anchor::new(1_000_000, clocks(1_000_000, 50_000, "a"));
        stepped.observe(5_000_000);
        assert!(!stepped.capture(&clocks(4_000_000, 10, "b")).anchored, "ran back since");
    }

    /// Anybody between us and the server may write any number where its time stands.
    #[test]
    fn no_number_in_place_of_the_servers_time_stops_the_program() {
        for server_ms in [i64::MIN, i64::MIN + 1, 0, i64::MAX] {
            let anchor = Anchor::new(server_ms, clocks(1_795_000_000_000, 50_000, "a"));
            for now in [clocks(1_795_000_000_001, 60_000, "a"), clocks(-1, 10, "b"), clocks(i64::MAX, i64::MAX, "a")] {
                let capture = anchor.again(server_ms, now.clone()).capture(&now);
                let _ = (anchor.capture(&now), anchor.wall_error_ms(&now));
                assert!(capture.believed(1_795_000_000_000).at_ms <= 1_795_000_000_000);
            }
        }
    }

    #[test]
    fn an_entry_from_the_future_counts_as_made_when_it_arrived() {
        let anchor = Anchor::new(1_000_000, clocks(1_000_000, 50_000, "a"));
        let entry = anchor.capture(&clocks(1_000_000, 10_050_000, "a"));
        assert_eq!(entry.believed(2_000_000), Believed { at_ms: 2_000_000, sure: false });
        assert!(!Capture::unanchored(&clocks(5, 5, "a")).believed(7).sure);
    }

    #[test]
    fn an_answer_that_was_long_on_its_way_does_not_turn_the_clock_back() {
        let anchor = Anchor::new(1_000_000, clocks(1_000_000, 50_000, "a"));
        let before = anchor.capture(&clocks(1_010_000, 60_000, "a")).believed(2_000_000);
        let slow = anchor.again(1_002_000, clocks(1_010_001, 60_001, "a"));
        let after = slow.capture(&clocks(1_010_002, 60_002, "a")).believed(2_000_000);
        assert_eq!((before.at_ms, after.at_ms), (1_010_000, 1_010_002));
        let ahead = slow.again(1_090_000, clocks(1_020_000, 70_000, "a"));
        assert_eq!(ahead.server_ms, 1_090_000, "a faster answer is nearer to the truth");
        let corrected = ahead.again(1_000_000, clocks(1_020_000, 70_000, "a"));
        assert_eq!(corrected.server_ms, 1_000_000, "the server's own clock was corrected");
        let booted = ahead.again(1_089_000, clocks(1_020_000, 10, "b"));
        assert_eq!(booted.server_ms, 1_089_000, "another run of the system has another count");
    }

    #[test]
    fn a_fast_clock_is_noticed() {
        let anchor = Anchor::new(1_000_000, clocks(1_000_000, 50_000, "a"));
        assert_eq!(anchor.wall_error_ms(&clocks(11_810_000, 60_000, "a")), Some(10_800_000));
    }
}
