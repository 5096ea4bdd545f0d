//! A VFS over the system's own: everything is passed through, and what concerns a watched folder is logged.
//!
//! It is the process's default, so programs open their databases as they always do. Files outside watched folders are
//! handed to the system's VFS as they are and cost nothing.
//!
//! What becomes durable when is taken from the source of SQLite's unix VFS (`os_unix.c`): `xSync` makes the content
//! durable, and the names of the folder too at the first sync of a journal or a write-ahead log that was opened with
//! `CREATE`; `xDelete` makes the names durable when it is asked to; nothing else does. The shared memory beside a
//! write-ahead log is opened by the system's VFS itself and never comes here.
#![allow(unsafe_code)]

use crate::event::FileId;
use crate::fault::{Deed, Refusal};
use crate::folder::{self, Folder};
use crate::system_calls::beneath;
use libsqlite3_sys as sys;
use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::path::{Path, PathBuf};
use std::ptr;
use std::sync::{Arc, Once, OnceLock};

/// The system's VFS.
static SYSTEM: OnceLock<System> = OnceLock::new();

struct System(*mut sys::sqlite3_vfs);

// SAFETY: SQLite keeps a registered VFS for the whole life of the process, and its methods may be called on any thread.
unsafe impl Send for System {}
// SAFETY: as above; the structure is only read.
unsafe impl Sync for System {}

/// What SQLite gets for an open file of a watched folder. The system's own file lies in memory right behind it.
#[repr(C)]
struct OpenFile {
    base: sys::sqlite3_file,
    watched: *mut Watched,
}

/// What we know of it.
struct Watched {
    folder: Arc<Folder>,
    name: PathBuf,
    file: FileId,
    /// Whether the next sync makes the names of the folder durable too.
    syncs_folder: bool,
}

/// Makes the VFS the process's default, once.
pub(crate) fn install() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // SAFETY: SQLite initialises itself at this call; a null name asks for the default VFS.
        let system = unsafe { sys::sqlite3_vfs_find(ptr::null()) };
        assert!(!system.is_null(), "SQLite has a VFS");
        // SAFETY: SQLite never frees a registered VFS; nobody changes it while tests begin.
        let inner = unsafe { &*system };
        assert!(SYSTEM.set(System(system)).is_ok(), "installed once");
        let file = size_of::<OpenFile>();
        let name = CString::new("power-cut").expect("no zero in it").into_raw();
        let vfs = sys::sqlite3_vfs {
            szOsFile: inner.szOsFile + c_int::try_from(file).expect("two words"),
            pNext: ptr::null_mut(),
            zName: name,
            xOpen: Some(open),
            xDelete: Some(delete),
            xAccess: Some(access),
            xFullPathname: Some(full_path),
            xRandomness: Some(randomness),
            xSleep: Some(sleep),
            xCurrentTime: Some(current_time),
            xGetLastError: Some(last_error),
            xCurrentTimeInt64: Some(current_time_64),
            // The rest does not look at which VFS it was called for.
            ..*inner
        };
        // SAFETY: the structure and its name are leaked, so they live as long as SQLite may use them; the second
        // argument makes it the default.
        let registered = unsafe { sys::sqlite3_vfs_register(Box::into_raw(Box::new(vfs)), 1) };
        assert_eq!(registered, sys::SQLITE_OK, "registered");
    });
}

fn system() -> *mut sys::sqlite3_vfs {
    SYSTEM.get().expect("set before our VFS is registered").0
}

/// Calls a method of the system's VFS; one that it does not have fails.
macro_rules! system {
    ($method:ident ( $($argument:expr),* )) => {{
        let vfs = system();
        // SAFETY: see `System`; the arguments are those SQLite passed to us for the same method.
        unsafe { (*vfs).$method.map_or(sys::SQLITE_ERROR, |call| call(vfs, $($argument),*)) }
    }};
}

/// Calls a method of the system's file behind ours.
macro_rules! inner {
    ($file:expr, $method:ident ( $($argument:expr),* )) => {{
        let inner = inner_of($file);
        // SAFETY: SQLite passes a file that `open` filled in; the system's file behind it was opened by the system's
        // VFS, which set its methods. The arguments are those SQLite passed to us for the same method.
        unsafe { (*(*inner).pMethods).$method.map_or(sys::SQLITE_IOERR, |call| call(inner, $($argument),*)) }
    }};
}

fn inner_of(file: *mut sys::sqlite3_file) -> *mut sys::sqlite3_file {
    // SAFETY: SQLite gives `szOsFile` bytes for a file: ours and the system's behind it, aligned as ours is.
    unsafe { file.cast::<OpenFile>().add(1).cast() }
}

/// # Safety
/// `file` is one that [`open`] opened as watched and [`close`] has not closed.
unsafe fn watched<'a>(file: *mut sys::sqlite3_file) -> &'a mut Watched {
    // SAFETY: `open` put a box there. SQLite uses a file in one thread at a time and not inside its own methods.
    unsafe { &mut *(*file.cast::<OpenFile>()).watched }
}

/// # Safety
/// `name` is null or a string of C.
unsafe fn path_of<'a>(name: *const c_char) -> Option<&'a Path> {
    if name.is_null() {
        return None;
    }
    // SAFETY: promised by the caller.
    let name = unsafe { CStr::from_ptr(name) };
    name.to_str().ok().map(Path::new)
}

unsafe extern "C" fn open(
    _: *mut sys::sqlite3_vfs,
    name: sys::sqlite3_filename,
    file: *mut sys::sqlite3_file,
    flags: c_int,
    out: *mut c_int,
) -> c_int {
    // SAFETY: SQLite passes a file name or null.
    let found = unsafe { path_of(name) }.and_then(|path| Some((path, folder::find(path)?)));
    let Some((path, (folder, inside))) = found else {
        // The system's file takes the place of ours: SQLite never comes back to us for it.
        return beneath(|| system!(xOpen(name, file, flags, out)));
    };
    // SAFETY: `file` has room for our file; without methods SQLite does not close what was not opened.
    unsafe { (*file).pMethods = ptr::null() };
    let mut state = folder.state();
    let was_there = path.exists();
    if !was_there && let Err(refusal) = state.pass(Deed::Name, 0) {
        return code(refusal, sys::SQLITE_CANTOPEN);
    }
    let opened = beneath(|| system!(xOpen(name, inner_of(file), flags, out)));
    if opened != sys::SQLITE_OK {
        return opened;
    }
    let number = state.opened(&inside, was_there, || beneath(|| std::fs::read(path).unwrap_or_default()));
    drop(state);
    const JOURNALS: c_int = sys::SQLITE_OPEN_MAIN_JOURNAL | sys::SQLITE_OPEN_SUPER_JOURNAL | sys::SQLITE_OPEN_WAL;
    let syncs_folder = flags & JOURNALS != 0 && flags & sys::SQLITE_OPEN_CREATE != 0;
    let watched = Box::new(Watched { folder, name: inside, file: number, syncs_folder });
    // SAFETY: SQLite gives `szOsFile` bytes, which begin with ours.
    unsafe {
        let file = file.cast::<OpenFile>();
        (*file).watched = Box::into_raw(watched);
        (*file).base.pMethods = &raw const METHODS;
    }
    sys::SQLITE_OK
}

unsafe extern "C" fn delete(_: *mut sys::sqlite3_vfs, name: *const c_char, sync_folder: c_int) -> c_int {
    // SAFETY: SQLite passes a file name.
    let Some((folder, inside)) = unsafe { path_of(name) }.and_then(folder::find) else {
        return beneath(|| system!(xDelete(name, sync_folder)));
    };
    let mut state = folder.state();
    if let Err(refusal) = state.pass(Deed::Name, 0) {
        return code(refusal, sys::SQLITE_IOERR_DELETE);
    }
    let deleted = beneath(|| system!(xDelete(name, 0)));
    if deleted == sys::SQLITE_OK {
        state.unlinked(&inside);
        if sync_folder != 0 {
            state.synced_folder(inside.parent().unwrap_or(Path::new("")));
        }
    }
    deleted
}

unsafe extern "C" fn close(file: *mut sys::sqlite3_file) -> c_int {
    let closed = beneath(|| inner!(file, xClose()));
    // SAFETY: `open` made the box, and SQLite closes a file once.
    drop(unsafe { Box::from_raw((*file.cast::<OpenFile>()).watched) });
    closed
}

unsafe extern "C" fn write(file: *mut sys::sqlite3_file, bytes: *const c_void, length: c_int, offset: i64) -> c_int {
    // SAFETY: it is a method of watched files only.
    let watched = unsafe { watched(file) };
    let (length_given, Ok(place)) = (length, u64::try_from(offset)) else { return sys::SQLITE_IOERR_WRITE };
    // SAFETY: SQLite passes that many bytes.
    let content = unsafe { std::slice::from_raw_parts(bytes.cast::<u8>(), usize::try_from(length).unwrap_or(0)) };
    let mut state = watched.folder.state();
    let growth = state.growth(watched.file, place, content.len());
    if let Err(refusal) = state.pass(Deed::Write, growth) {
        return code(refusal, sys::SQLITE_IOERR_WRITE);
    }
    let written = inner!(file, xWrite(bytes, length_given, offset));
    if written == sys::SQLITE_OK {
        state.wrote(watched.file, place, content);
    }
    written
}

unsafe extern "C" fn truncate(file: *mut sys::sqlite3_file, size: i64) -> c_int {
    // SAFETY: it is a method of watched files only.
    let watched = unsafe { watched(file) };
    let mut state = watched.folder.state();
    if let Err(refusal) = state.pass(Deed::Name, 0) {
        return code(refusal, sys::SQLITE_IOERR_TRUNCATE);
    }
    let cut = inner!(file, xTruncate(size));
    if cut == sys::SQLITE_OK {
        state.resized(watched.file, u64::try_from(size).unwrap_or(0));
    }
    cut
}

/// The system does not sync: nothing here needs to be durable, see [`crate::Disk`].
unsafe extern "C" fn sync(file: *mut sys::sqlite3_file, _: c_int) -> c_int {
    // SAFETY: it is a method of watched files only.
    let watched = unsafe { watched(file) };
    let mut state = watched.folder.state_for_sync();
    if let Err(refusal) = state.pass(Deed::Sync, 0) {
        return code(refusal, sys::SQLITE_IOERR_FSYNC);
    }
    state.synced(watched.file);
    if std::mem::take(&mut watched.syncs_folder) {
        state.synced_folder(watched.name.parent().unwrap_or(Path::new("")));
    }
    sys::SQLITE_OK
}

unsafe extern "C" fn sector_size(file: *mut sys::sqlite3_file) -> c_int {
    // SAFETY: it is a method of watched files only.
    let watched = unsafe { watched(file) };
    c_int::try_from(watched.folder.device.sector).unwrap_or(512)
}

unsafe extern "C" fn characteristics(file: *mut sys::sqlite3_file) -> c_int {
    // SAFETY: it is a method of watched files only.
    let watched = unsafe { watched(file) };
    // Of what else the system may claim nothing is true of this disk.
    if watched.folder.device.claims_powersafe_overwrite { sys::SQLITE_IOCAP_POWERSAFE_OVERWRITE } else { 0 }
}

fn code(refusal: Refusal, broken: c_int) -> c_int {
    match refusal {
        Refusal::NoRoom => sys::SQLITE_FULL,
        Refusal::Broken => broken,
    }
}

/// A method that is passed through.
macro_rules! passed_file {
    ($($name:ident = $method:ident($($argument:ident: $type:ty),*);)*) => {
        $(unsafe extern "C" fn $name(file: *mut sys::sqlite3_file, $($argument: $type),*) -> c_int {
            beneath(|| inner!(file, $method($($argument),*)))
        })*
    };
}

passed_file! {
    read = xRead(into: *mut c_void, length: c_int, offset: i64);
    file_size = xFileSize(size: *mut i64);
    lock = xLock(level: c_int);
    unlock = xUnlock(level: c_int);
    is_reserved = xCheckReservedLock(out: *mut c_int);
    control = xFileControl(what: c_int, argument: *mut c_void);
    shm_map = xShmMap(page: c_int, size: c_int, extend: c_int, out: *mut *mut c_void);
    shm_lock = xShmLock(offset: c_int, count: c_int, flags: c_int);
    shm_unmap = xShmUnmap(delete: c_int);
}

unsafe extern "C" fn shm_barrier(file: *mut sys::sqlite3_file) {
    let inner = inner_of(file);
    // SAFETY: as in `inner!`.
    if let Some(call) = unsafe { (*(*inner).pMethods).xShmBarrier } {
        // SAFETY: the method of that very file.
        unsafe { call(inner) };
    }
}

/// A method of the VFS that is passed through.
macro_rules! passed {
    ($($name:ident = $method:ident($($argument:ident: $type:ty),*);)*) => {
        $(unsafe extern "C" fn $name(_: *mut sys::sqlite3_vfs, $($argument: $type),*) -> c_int {
            system!($method($($argument),*))
        })*
    };
}

passed! {
    access = xAccess(name: *const c_char, flags: c_int, out: *mut c_int);
    full_path = xFullPathname(name: *const c_char, length: c_int, out: *mut c_char);
    randomness = xRandomness(length: c_int, out: *mut c_char);
    sleep = xSleep(microseconds: c_int);
    current_time = xCurrentTime(out: *mut f64);
    last_error = xGetLastError(length: c_int, out: *mut c_char);
    current_time_64 = xCurrentTimeInt64(out: *mut i64);
}

/// Version 2: without memory-mapped reading, which would pass us by.
static METHODS: sys::sqlite3_io_methods = sys::sqlite3_io_methods {
    iVersion: 2,
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(truncate),
    xSync: Some(sync),
    xFileSize: Some(file_size),
    xLock: Some(lock),
    xUnlock: Some(unlock),
    xCheckReservedLock: Some(is_reserved),
    xFileControl: Some(control),
    xSectorSize: Some(sector_size),
    xDeviceCharacteristics: Some(characteristics),
    xShmMap: Some(shm_map),
    xShmLock: Some(shm_lock),
    xShmBarrier: Some(shm_barrier),
    xShmUnmap: Some(shm_unmap),
    xFetch: None,
    xUnfetch: None,
};
