//! The same for every other file of a watched folder, by standing in front of the C library.
//!
//! Blobs, the wrapped key, the renaming of a finished copy: all of it goes through `std::fs`, and that through a handful
//! of functions of the C library. On Linux with glibc this module defines them, and the linker takes these in place of
//! the library's: no seam in the product is needed, and what is tested is what ships. Without a watched folder each
//! function is one look at a counter and the system call.
//!
//! Elsewhere there is nothing of this: the log has the databases only. A write by `copy_file_range`, `pwrite` or `writev`
//! is not seen; the product has none of them.
#![allow(unsafe_code)]

use std::cell::Cell;

thread_local! {
    static BENEATH: Cell<u32> = const { Cell::new(0) };
}

/// Runs what is logged by whoever calls this: the files of SQLite by the VFS.
pub(crate) fn beneath<T>(run: impl FnOnce() -> T) -> T {
    BENEATH.with(|depth| depth.set(depth.get() + 1));
    let done = run();
    BENEATH.with(|depth| depth.set(depth.get() - 1));
    done
}

#[cfg(all(target_os = "linux", target_env = "gnu", target_pointer_width = "64"))]
pub(crate) use glibc::link;

/// Makes the linker take this module. There is none to take.
#[cfg(not(all(target_os = "linux", target_env = "gnu", target_pointer_width = "64")))]
pub(crate) fn link() {}

#[cfg(all(target_os = "linux", target_env = "gnu", target_pointer_width = "64"))]
mod glibc {
    use super::{BENEATH, beneath};
    use crate::event::FileId;
    use crate::fault::{Deed, Refusal};
    use crate::folder::{self, Folder, is_memory};
    use libc::{c_char, c_int, c_long, c_void, mode_t, off64_t, size_t, ssize_t};
    use std::collections::BTreeMap;
    use std::ffi::{CStr, OsStr};
    use std::os::unix::ffi::OsStrExt;
    use std::path::{Path, PathBuf};
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::{Arc, Mutex, PoisonError};

    /// What a descriptor stands for.
    #[derive(Clone)]
    enum Open {
        File(Arc<Folder>, FileId),
        Names(Arc<Folder>, PathBuf),
    }

    /// Descriptors of watched files and folders.
    static OPEN: Mutex<BTreeMap<c_int, Open>> = Mutex::new(BTreeMap::new());
    static COUNT: AtomicUsize = AtomicUsize::new(0);

    /// Makes the linker take this module: it takes what is referred to.
    pub(crate) fn link() {
        let functions: [*const (); 9] = [
            open64 as *const (),
            close as *const (),
            write as *const (),
            ftruncate64 as *const (),
            fsync as *const (),
            fdatasync as *const (),
            rename as *const (),
            unlink as *const (),
            mkdir as *const (),
        ];
        std::hint::black_box(functions);
    }

    fn of(descriptor: c_int) -> Option<Open> {
        if COUNT.load(Ordering::Acquire) == 0 {
            return None;
        }
        OPEN.lock().unwrap_or_else(PoisonError::into_inner).get(&descriptor).cloned()
    }

    fn keep(descriptor: c_int, open: Open) {
        let mut all = OPEN.lock().unwrap_or_else(PoisonError::into_inner);
        all.insert(descriptor, open);
        COUNT.store(all.len(), Ordering::Release);
    }

    fn forget(descriptor: c_int) {
        if COUNT.load(Ordering::Acquire) > 0 {
            let mut all = OPEN.lock().unwrap_or_else(PoisonError::into_inner);
            all.remove(&descriptor);
            COUNT.store(all.len(), Ordering::Release);
        }
    }

    /// The watched folder of a path that the C library was given, with the path.
    ///
    /// # Safety
    /// `path` is a string of C that outlives what is returned.
    unsafe fn place<'a>(path: *const c_char) -> Option<(Arc<Folder>, PathBuf, &'a Path)> {
        if path.is_null() || BENEATH.with(Cell::get) > 0 {
            return None;
        }
        // SAFETY: promised by the caller.
        let path = Path::new(OsStr::from_bytes(unsafe { CStr::from_ptr(path) }.to_bytes()));
        let (folder, inside) = folder::find(path)?;
        (!is_memory(&inside)).then_some((folder, inside, path))
    }

    use std::cell::Cell;

    fn refused(refusal: Refusal) -> c_int {
        let number = match refusal {
            Refusal::NoRoom => libc::ENOSPC,
            Refusal::Broken => libc::EIO,
        };
        // SAFETY: the C library gives every thread its own number, at a place that is always there.
        unsafe { *libc::__errno_location() = number };
        -1
    }

    fn int(answer: c_long) -> c_int {
        c_int::try_from(answer).unwrap_or(-1)
    }

    /// A system call, past everything. It sets the number of the error as the library's own function would.
    macro_rules! call {
        ($number:ident, $($argument:expr),*) => {
            // SAFETY: the arguments are those of the function of the C library that we stand for, whose caller promised
            // what that function asks for.
            unsafe { libc::syscall(libc::$number, $($argument),*) }
        };
    }

    /// # Safety
    /// As the function of the C library.
    #[unsafe(no_mangle)]
    pub(crate) unsafe extern "C" fn open64(path: *const c_char, flags: c_int, mode: mode_t) -> c_int {
        let open = || int(call!(SYS_openat, libc::AT_FDCWD, path, flags, mode));
        // SAFETY: a path of the caller's.
        let Some((folder, inside, whole)) = (unsafe { place(path) }) else {
            let descriptor = open();
            forget(descriptor);
            return descriptor;
        };
        if whole.is_dir() {
            let descriptor = open();
            if descriptor >= 0 {
                keep(descriptor, Open::Names(folder, inside));
            }
            return descriptor;
        }
        let mut state = folder.state();
        let was_there = whole.exists();
        if flags & (libc::O_CREAT | libc::O_TRUNC) != 0
            && let Err(refusal) = state.pass(Deed::Name, 0)
        {
            return refused(refusal);
        }
        let descriptor = open();
        if descriptor >= 0 {
            let file = state.opened(&inside, was_there, || content(whole));
            if flags & libc::O_TRUNC != 0 {
                state.resized(file, 0);
            }
            drop(state);
            keep(descriptor, Open::File(folder, file));
        }
        descriptor
    }

    fn content(path: &Path) -> Vec<u8> {
        beneath(|| std::fs::read(path).unwrap_or_default())
    }

    /// # Safety
    /// As the function of the C library.
    #[unsafe(no_mangle)]
    pub(crate) unsafe extern "C" fn close(descriptor: c_int) -> c_int {
        forget(descriptor);
        int(call!(SYS_close, descriptor))
    }

    /// # Safety
    /// As the function of the C library.
    #[unsafe(no_mangle)]
    pub(crate) unsafe extern "C" fn write(descriptor: c_int, bytes: *const c_void, length: size_t) -> ssize_t {
        let Some(Open::File(folder, file)) = of(descriptor) else {
            return call!(SYS_write, descriptor, bytes, length) as ssize_t;
        };
        let mut state = folder.state();
        let before = u64::try_from(call!(SYS_lseek, descriptor, 0, libc::SEEK_CUR)).unwrap_or(0);
        let growth = state.growth(file, before, length);
        if let Err(refusal) = state.pass(Deed::Write, growth) {
            return refused(refusal) as ssize_t;
        }
        let written = call!(SYS_write, descriptor, bytes, length);
        if let Some(count) = usize::try_from(written).ok().filter(|count| *count > 0) {
            let behind = u64::try_from(call!(SYS_lseek, descriptor, 0, libc::SEEK_CUR)).unwrap_or(0);
            // SAFETY: the caller gave at least as many bytes as were written.
            let bytes = unsafe { std::slice::from_raw_parts(bytes.cast::<u8>(), count) };
            state.wrote(file, behind.saturating_sub(count as u64), bytes);
        }
        written as ssize_t
    }

    /// # Safety
    /// As the function of the C library.
    #[unsafe(no_mangle)]
    pub(crate) unsafe extern "C" fn ftruncate64(descriptor: c_int, size: off64_t) -> c_int {
        let Some(Open::File(folder, file)) = of(descriptor) else {
            return int(call!(SYS_ftruncate, descriptor, size));
        };
        let mut state = folder.state();
        if let Err(refusal) = state.pass(Deed::Name, 0) {
            return refused(refusal);
        }
        let cut = int(call!(SYS_ftruncate, descriptor, size));
        if cut == 0 {
            state.resized(file, u64::try_from(size).unwrap_or(0));
        }
        cut
    }

    /// # Safety
    /// As the function of the C library.
    #[unsafe(no_mangle)]
    pub(crate) unsafe extern "C" fn fsync(descriptor: c_int) -> c_int {
        sync(descriptor).unwrap_or_else(|| int(call!(SYS_fsync, descriptor)))
    }

    /// # Safety
    /// As the function of the C library.
    #[unsafe(no_mangle)]
    pub(crate) unsafe extern "C" fn fdatasync(descriptor: c_int) -> c_int {
        sync(descriptor).unwrap_or_else(|| int(call!(SYS_fdatasync, descriptor)))
    }

    /// The system does not sync: nothing here needs to be durable, see [`crate::Disk`].
    fn sync(descriptor: c_int) -> Option<c_int> {
        let open = of(descriptor)?;
        let (Open::File(folder, _) | Open::Names(folder, _)) = &open;
        let mut state = folder.state_for_sync();
        if let Err(refusal) = state.pass(Deed::Sync, 0) {
            return Some(refused(refusal));
        }
        match &open {
            Open::File(_, file) => state.synced(*file),
            Open::Names(_, names) => state.synced_folder(names),
        }
        Some(0)
    }

    /// # Safety
    /// As the function of the C library.
    #[unsafe(no_mangle)]
    pub(crate) unsafe extern "C" fn rename(from: *const c_char, to: *const c_char) -> c_int {
        let rename = || int(call!(SYS_renameat2, libc::AT_FDCWD, from, libc::AT_FDCWD, to, 0));
        // SAFETY: paths of the caller's.
        let (source, target) = unsafe { (place(from), place(to)) };
        match (source, target) {
            (source, Some((folder, to, whole))) => {
                let mut state = folder.state();
                if let Err(refusal) = state.pass(Deed::Name, 0) {
                    return refused(refusal);
                }
                let renamed = rename();
                if renamed == 0 {
                    let from = source.filter(|(other, ..)| Arc::ptr_eq(other, &folder)).map(|(_, from, _)| from);
                    state.renamed(from.as_deref(), &to, || content(whole));
                }
                renamed
            }
            (Some((folder, from, _)), None) => {
                let mut state = folder.state();
                let renamed = rename();
                if renamed == 0 {
                    state.unlinked(&from);
                }
                renamed
            }
            (None, None) => rename(),
        }
    }

    /// # Safety
    /// As the function of the C library.
    #[unsafe(no_mangle)]
    pub(crate) unsafe extern "C" fn unlink(path: *const c_char) -> c_int {
        let unlink = || int(call!(SYS_unlinkat, libc::AT_FDCWD, path, 0));
        // SAFETY: a path of the caller's.
        let Some((folder, inside, _)) = (unsafe { place(path) }) else { return unlink() };
        let mut state = folder.state();
        if let Err(refusal) = state.pass(Deed::Name, 0) {
            return refused(refusal);
        }
        let gone = unlink();
        if gone == 0 {
            state.unlinked(&inside);
        }
        gone
    }

    /// # Safety
    /// As the function of the C library.
    #[unsafe(no_mangle)]
    pub(crate) unsafe extern "C" fn mkdir(path: *const c_char, mode: mode_t) -> c_int {
        let made = int(call!(SYS_mkdirat, libc::AT_FDCWD, path, mode));
        // SAFETY: a path of the caller's.
        if made == 0
            && let Some((folder, inside, _)) = unsafe { place(path) }
        {
            folder.state().made_folder(&inside);
        }
        made
    }
}
