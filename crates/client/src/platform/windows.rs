//! What only Windows itself can say or do and safe Rust cannot ask for.
#![allow(unsafe_code)]

use std::ffi::OsStr;
use std::io;
use std::iter::once;
use std::os::windows::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};
use windows_sys::Wdk::System::SystemInformation::{NtQuerySystemInformation, SystemTimeOfDayInformation};
use windows_sys::Win32::Storage::FileSystem::{MOVEFILE_REPLACE_EXISTING, MOVEFILE_WRITE_THROUGH, MoveFileExW};
use windows_sys::Win32::System::SystemInformation::GetTickCount64;

/// Milliseconds since the system was started; sleep and hibernation are counted.
pub(crate) fn ticks_ms() -> i64 {
    // SAFETY: takes nothing and only returns a number.
    let ticks = unsafe { GetTickCount64() };
    i64::try_from(ticks).unwrap_or(i64::MAX)
}

/// Names this run of the system; `None` when it does not say. Two facts together: the count of starts that the boot
/// loader keeps, and the moment of the start. Where a dead battery gives every start the same moment, the count differs.
pub(crate) fn run() -> Option<String> {
    let started = started()?;
    Some(format!("windows-{}-{started}", count_of_starts()))
}

/// When the system was started, in units of 100 ns, by the clock as it was then: somebody who sets the clock moves
/// `BootTime` and its bias by the same span.
fn started() -> Option<i64> {
    // SYSTEM_TIMEOFDAY_INFORMATION: BootTime, CurrentTime, TimeZoneBias (8 bytes each), TimeZoneId, Reserved (4 each),
    // BootTimeBias, SleepTimeBias (8 each).
    let mut said = [0_u8; 48];
    let size = u32::try_from(said.len()).ok()?;
    // SAFETY: the system writes at most `size` bytes to `said`, which is that long and lives until the call returns; the
    // length of the answer is not asked for.
    let status = unsafe {
        NtQuerySystemInformation(SystemTimeOfDayInformation, said.as_mut_ptr().cast(), size, std::ptr::null_mut())
    };
    let number = |at: usize| said.get(at..at + 8).and_then(|bytes| bytes.try_into().ok()).map(i64::from_le_bytes);
    let (boot_time, bias) = (number(0)?, number(32)?);
    (status == 0 && boot_time != 0).then(|| boot_time.wrapping_sub(bias))
}

/// `KUSER_SHARED_DATA.BootId`: the number of this start.
fn count_of_starts() -> u32 {
    /// The page that every process of every Windows NT has, and the place of `BootId` in it (ntddk.h, Windows 10).
    const BOOT_ID: usize = 0x7FFE_0000 + 0x2C4;
    // SAFETY: the kernel maps this page, readable, at this address into every process for its whole life; the place is
    // aligned for a `u32`, any bits are one, and nobody in this process can write there.
    unsafe { std::ptr::with_exposed_provenance::<u32>(BOOT_ID).read_volatile() }
}

/// Gives a file or folder another name, in place of a file of that name, and returns when the disk has it.
pub(crate) fn move_durably(from: &Path, to: &Path) -> io::Result<()> {
    let (from, to) = (wide(long(from).as_os_str()), wide(long(to).as_os_str()));
    // SAFETY: both are wide strings that end with a zero and live until the call returns.
    let done = unsafe { MoveFileExW(from.as_ptr(), to.as_ptr(), MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH) };
    if done == 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}

/// The form of a path that may be longer than 260 characters.
fn long(path: &Path) -> PathBuf {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    match (folder.canonicalize(), path.file_name()) {
        (Ok(folder), Some(name)) => folder.join(name),
        _ => path.to_owned(),
    }
}

fn wide(text: &OsStr) -> Vec<u16> {
    text.encode_wide().chain(once(0)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_run_of_windows_has_a_name_that_does_not_change() {
        let first = run().expect("Windows says when it was started");
        assert_eq!(run().as_ref(), Some(&first));
    }

    #[test]
    fn a_name_longer_than_the_old_limit_can_be_given() {
        let folder = tempfile::tempdir().expect("a folder");
        let deep = folder.path().join("п".repeat(100)).join("о".repeat(100)).join("в".repeat(100));
        std::fs::create_dir_all(&deep).expect("made");
        let (from, to) = (deep.join("one"), deep.join("another"));
        std::fs::write(&from, b"new").expect("written");
        std::fs::write(&to, b"old").expect("written");
        move_durably(&from, &to).expect("moved");
        assert_eq!(std::fs::read(&to).expect("read"), b"new");
        assert!(!from.exists());
    }
}
