//! Replacing a small file so that after a power cut there is the old one or the new one, never half of either.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

/// Writes `bytes` to `path`: beside it, flushed, renamed over it, the folder flushed.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let beside = path.with_extension("new");
    let mut file = File::create(&beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    drop(file);
    rename(&beside, path)?;
    path.parent().map_or(Ok(()), flush_folder)
}

/// Gives a file another name, in place of a file of that name. Durable when the folder has been flushed.
#[cfg(unix)]
pub(crate) fn rename(from: &Path, to: &Path) -> io::Result<()> {
    std::fs::rename(from, to)
}

/// Gives a file another name, in place of a file of that name, and returns when the disk has it: Windows has no flush of a
/// folder for afterwards.
#[cfg(windows)]
pub(crate) fn rename(from: &Path, to: &Path) -> io::Result<()> {
    again_while_in_use(|| crate::platform::windows::move_durably(from, to))
}

/// Somebody who looks into a file, as virus scanners do, makes its renaming fail for a moment.
#[cfg(windows)]
fn again_while_in_use(mut attempt: impl FnMut() -> io::Result<()>) -> io::Result<()> {
    const TRIES: u32 = 10;
    const PAUSE: std::time::Duration = std::time::Duration::from_millis(50);
    let in_use =
        [windows_sys::Win32::Foundation::ERROR_ACCESS_DENIED, windows_sys::Win32::Foundation::ERROR_SHARING_VIOLATION];
    let may_pass = |error: &io::Error| error.raw_os_error().is_some_and(|code| in_use.contains(&code.cast_unsigned()));
    for _ in 1..TRIES {
        match attempt() {
            Err(error) if may_pass(&error) => std::thread::sleep(PAUSE),
            done => return done,
        }
    }
    attempt()
}

/// Makes the names in `folder` durable.
#[cfg(unix)]
pub(crate) fn flush_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// Windows cannot flush a folder; [`rename`] does what can be done.
#[cfg(windows)]
pub(crate) fn flush_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn a_half_written_replacement_leaves_the_old_content_readable() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("vault.json");
        replace(&path, b"old").expect("written");
        // What a power cut in the middle of the next write leaves behind.
        fs::write(path.with_extension("new"), b"ne").expect("half");
        assert_eq!(fs::read(&path).expect("read"), b"old");
        replace(&path, b"new").expect("written over the half");
        assert_eq!(fs::read(&path).expect("read"), b"new");
        assert_eq!(fs::read_dir(folder.path()).expect("list").count(), 1, "nothing is left beside it");
    }

    /// The disk under the C library is there on Linux only.
    #[cfg(target_os = "linux")]
    #[test]
    fn a_power_cut_at_any_step_of_a_replacement_leaves_the_old_content_or_the_new() {
        let folder = tempfile::tempdir().expect("a folder");
        let disk = power_cut::Disk::watch(folder.path()).expect("watched");
        let contents = [vec![1; 3_000], vec![2; 700], vec![3; 5_000]];
        let told = contents.clone().map(|content| {
            replace(&folder.path().join("vault.json"), &content).expect("written");
            disk.point()
        });
        let history = disk.history();
        let mut lost = 0;
        for point in 0..=history.len() {
            let sure = told.iter().filter(|told| **told <= point).count();
            for seed in 0..100 {
                let image = history.image_at(point, seed);
                match image.files.get(Path::new("vault.json")) {
                    None => assert_eq!(sure, 0, "at {point}: it was told as written and is gone"),
                    Some(bytes) => {
                        let which = contents.iter().position(|content| content == bytes);
                        let which = which.unwrap_or_else(|| panic!("at {point}: half a file"));
                        assert!(which + 1 >= sure, "at {point}: it was told as written and is the old one");
                        lost += usize::from(which < 2 && point > told[1]);
                    }
                }
            }
        }
        assert!(lost > 0, "the cuts hit before the end of a replacement");
    }

    #[cfg(windows)]
    #[test]
    fn a_replacement_outwaits_whoever_looks_into_the_old_file() {
        use std::os::windows::fs::OpenOptionsExt as _;
        const SHARED_FOR_READING_ONLY: u32 = 1;
        let folder = tempfile::tempdir().expect("a folder");
        let [from, to] = ["new", "old"].map(|name| folder.path().join(name));
        fs::write(&from, b"new").expect("written");
        fs::write(&to, b"old").expect("written");
        let mut looking = File::options().read(true).share_mode(SHARED_FOR_READING_ONLY).open(&to).ok();
        assert!(looking.is_some());
        let mut tries = 0;
        again_while_in_use(|| {
            tries += 1;
            if tries == 3 {
                looking = None;
            }
            crate::platform::windows::move_durably(&from, &to)
        })
        .expect("renamed in the end");
        assert_eq!(tries, 3, "in use means in use");
        assert_eq!(fs::read(&to).expect("read"), b"new");
    }
}
