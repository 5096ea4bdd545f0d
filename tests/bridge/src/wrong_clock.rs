//! A computer whose clock was set wrong.

use client::platform::SystemClock;
use client::ports::Clock;
use domain::capture::ClockReading;

/// The clock of this computer, off by so much.
pub struct WrongClock {
    /// How far it is fast; negative when slow.
    pub offset_ms: i64,
    /// The clock it goes by.
    pub right: SystemClock,
}

impl Clock for WrongClock {
    fn read(&self) -> ClockReading {
        let right = self.right.read();
        ClockReading { wall_ms: right.wall_ms.saturating_add(self.offset_ms), ..right }
    }
}
