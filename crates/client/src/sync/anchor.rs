//! What this computer knows of the server's time.

use crate::locked::locked;
use crate::ports::Clock;
use domain::Capture;
use domain::capture::{Anchor, ClockReading};
use std::sync::{Arc, Mutex};

/// How often the anchor goes to the disk, by the time since boot.
const KEEP_EVERY_MS: i64 = 60_000;

/// The last comparison of the clocks, shared by all calls.
pub(crate) struct AnchorKeeper {
    clock: Arc<dyn Clock>,
    held: Mutex<Held>,
}

struct Held {
    anchor: Option<Anchor>,
    kept: Option<ClockReading>,
}

impl AnchorKeeper {
    /// Goes on from the anchor that was on the disk.
    pub(crate) fn new(clock: Arc<dyn Clock>, anchor: Option<Anchor>) -> Self {
        Self { clock, held: Mutex::new(Held { anchor, kept: None }) }
    }

    fn held(&self) -> std::sync::MutexGuard<'_, Held> {
        locked(&self.held)
    }

    /// The server said its time. Returns the anchor when it is time to put it on the disk.
    pub(crate) fn heard(&self, server_ms: i64) -> Option<Anchor> {
        let here = self.clock.read();
        let mut held = self.held();
        let compared = match &held.anchor {
            Some(before) => before.again(server_ms, here.clone()),
            None => Anchor::new(server_ms, here.clone()),
        };
        let anchor = held.anchor.insert(compared).clone();
        let fresh = held.kept.as_ref().is_some_and(|kept| {
            kept.boot_id == here.boot_id && here.boot_ms.saturating_sub(kept.boot_ms) < KEEP_EVERY_MS
        });
        if fresh {
            return None;
        }
        held.kept = Some(here);
        Some(anchor)
    }

    /// The anchor as it is to lie on the disk when the program ends.
    pub(crate) fn last(&self) -> Option<Anchor> {
        self.held().anchor.clone()
    }

    /// The time of an entry made now.
    pub(crate) fn capture(&self) -> Capture {
        let now = self.clock.read();
        match &mut self.held().anchor {
            Some(anchor) => {
                let capture = anchor.capture(&now);
                anchor.observe(now.wall_ms);
                capture
            }
            None => Capture::unanchored(&now),
        }
    }

    /// How far the wall clock is from the server's, positive when fast.
    pub(crate) fn wall_error_ms(&self) -> Option<i64> {
        self.held().anchor.as_ref()?.wall_error_ms(&self.clock.read())
    }
}
