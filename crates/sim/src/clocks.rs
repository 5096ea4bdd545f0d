//! The time: one true time for all, which is tokio's paused clock, and the clocks of each computer on top of it.

use client::ports::Clock as DesktopClock;
use domain::capture::ClockReading;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};
use tokio::time::Instant;

/// A minute.
pub const MINUTE_MS: i64 = 60_000;
/// An hour.
pub const HOUR_MS: i64 = 60 * MINUTE_MS;
/// A day.
pub const DAY_MS: i64 = 24 * HOUR_MS;

/// The true time, which is also the server's.
pub struct TrueTime {
    began: Instant,
    from_ms: i64,
}

/// An hour of a day of November 2026 in Moscow.
pub fn november(day: u32, hour: i64) -> i64 {
    let midnight = chrono::NaiveDate::from_ymd_opt(2026, 11, day).and_then(|day| day.and_hms_opt(0, 0, 0));
    midnight.map_or(0, |at| at.and_utc().timestamp_millis()) + (hour - 3) * HOUR_MS
}

impl TrueTime {
    /// It is `from_ms` now.
    pub fn beginning(from_ms: i64) -> Arc<Self> {
        Arc::new(Self { began: Instant::now(), from_ms })
    }

    /// Milliseconds since 1970 UTC.
    pub fn ms(&self) -> i64 {
        self.from_ms + self.gone_ms()
    }

    /// Milliseconds since the simulation began.
    pub fn gone_ms(&self) -> i64 {
        i64::try_from(self.began.elapsed().as_millis()).unwrap_or(i64::MAX)
    }
}

impl server::clock::Clock for TrueTime {
    fn now_ms(&self) -> i64 {
        self.ms()
    }
}

/// The clocks of one computer.
pub struct ComputerClock {
    time: Arc<TrueTime>,
    name: usize,
    ahead_ms: AtomicI64,
    booted_ms: AtomicI64,
    boots: AtomicU32,
}

impl ComputerClock {
    /// Booted an hour ago, and right to the second.
    pub fn new(time: Arc<TrueTime>, name: usize) -> Self {
        let booted_ms = AtomicI64::new(time.ms() - HOUR_MS);
        Self { time, name, ahead_ms: AtomicI64::new(0), booted_ms, boots: AtomicU32::new(1) }
    }

    /// Somebody sets the wall clock.
    pub fn set_ahead(&self, ms: i64) {
        self.ahead_ms.store(ms, Ordering::Relaxed);
    }

    /// The computer was off for a moment.
    pub fn reboot(&self) {
        self.booted_ms.store(self.time.ms(), Ordering::Relaxed);
        self.boots.fetch_add(1, Ordering::Relaxed);
    }
}

impl DesktopClock for ComputerClock {
    fn read(&self) -> ClockReading {
        let now_ms = self.time.ms();
        ClockReading {
            wall_ms: now_ms + self.ahead_ms.load(Ordering::Relaxed),
            boot_ms: now_ms - self.booted_ms.load(Ordering::Relaxed),
            boot_id: format!("boot-{}-{}", self.name, self.boots.load(Ordering::Relaxed)),
        }
    }
}
