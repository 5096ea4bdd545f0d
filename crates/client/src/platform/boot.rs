//! How long the system has been on, sleep included, and which run of it this is. Rust's `Instant` stops in sleep.

#[cfg(unix)]
use rustix::time::{ClockId, clock_gettime};

/// Milliseconds since boot; goes on in sleep.
#[cfg(any(target_os = "linux", target_os = "android"))]
pub(super) fn since_ms() -> i64 {
    millis(clock_gettime(ClockId::Boottime))
}

/// Milliseconds since boot. Apple's monotonic clock is the calendar less the moment of the start, which whoever sets the
/// calendar moves too: like `mach_continuous_time` it goes on in sleep and cannot be set.
#[cfg(all(unix, not(any(target_os = "linux", target_os = "android"))))]
pub(super) fn since_ms() -> i64 {
    millis(clock_gettime(ClockId::Monotonic))
}

#[cfg(unix)]
fn millis(time: rustix::time::Timespec) -> i64 {
    time.tv_sec.saturating_mul(1_000).saturating_add(time.tv_nsec / 1_000_000)
}

/// Names this run of the system.
#[cfg(any(target_os = "linux", target_os = "android"))]
pub(super) fn id() -> String {
    let id = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
    named(id.trim())
}

/// Names this run of the system.
#[cfg(target_os = "macos")]
pub(super) fn id() -> String {
    let mut sysctl = std::process::Command::new("/usr/sbin/sysctl");
    let said = sysctl.args(["-n", "kern.bootsessionuuid"]).output().map(|said| said.stdout).unwrap_or_default();
    named(String::from_utf8_lossy(&said).trim())
}

/// Names this run of the program.
#[cfg(all(unix, not(any(target_os = "linux", target_os = "android", target_os = "macos"))))]
pub(super) fn id() -> String {
    this_program()
}

#[cfg(any(target_os = "linux", target_os = "android", target_os = "macos"))]
fn named(id: &str) -> String {
    if id.is_empty() { this_program() } else { id.to_owned() }
}

/// Where the system does not say it, a run of the program stands for a run of the system: a time of entry is then
/// less sure after the next start, and never wrongly sure.
fn this_program() -> String {
    static RUN: std::sync::OnceLock<String> = std::sync::OnceLock::new();
    RUN.get_or_init(|| format!("program-{}", uuid::Uuid::new_v4())).clone()
}

/// Milliseconds since boot; goes on in sleep.
#[cfg(windows)]
pub(super) fn since_ms() -> i64 {
    super::windows::ticks_ms()
}

/// Names this run of the system.
#[cfg(windows)]
pub(super) fn id() -> String {
    super::windows::run().unwrap_or_else(this_program)
}
