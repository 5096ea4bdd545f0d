//! How much memory a thread held at most while it did something.
#![allow(unsafe_code)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

thread_local! {
    static HELD: Cell<isize> = const { Cell::new(0) };
    static HEIGHT: Cell<isize> = const { Cell::new(0) };
}

/// The system's allocator, counting.
struct Counting;

#[global_allocator]
static COUNTING: Counting = Counting;

fn note(bytes: isize) {
    // A thread that is being taken down has no counters any more, and nobody asks for them.
    let _ = HELD.try_with(|held| {
        held.set(held.get() + bytes);
        let _ = HEIGHT.try_with(|height| height.set(height.get().max(held.get())));
    });
}

fn size(layout: Layout) -> isize {
    isize::try_from(layout.size()).unwrap_or(isize::MAX)
}

// SAFETY: every call is passed on to the system's allocator as it came, and what that returns is returned. The counters
// are plain cells without destructors: they allocate nothing and cannot panic.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        note(size(layout));
        // SAFETY: the caller's promises are those that the system's allocator asks for.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        note(-size(layout));
        // SAFETY: as above; `place` came from `alloc`, which is the system's.
        unsafe { System.dealloc(place, layout) }
    }
}

/// What was done, and how many bytes more than before were held at its height.
pub fn height<T>(work: impl FnOnce() -> T) -> (T, usize) {
    let before = HELD.get();
    HEIGHT.set(before);
    let done = work();
    (done, usize::try_from(HEIGHT.get() - before).unwrap_or(0))
}

#[test]
fn a_large_piece_of_memory_is_seen_after_it_was_given_back() {
    let (sum, height) = height(|| vec![1_u8; 5 << 20].iter().map(|one| u64::from(*one)).sum::<u64>());
    assert_eq!(sum, 5 << 20);
    assert!((5 << 20..6 << 20).contains(&height), "{height}");
}
