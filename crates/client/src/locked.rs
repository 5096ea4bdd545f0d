//! The way into a lock.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// What is behind the lock. What lies behind the locks of this crate is changed in one step, replaced as a whole, or compared
/// with the disk at the next look, so a panic elsewhere leaves nothing half done.
pub(crate) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
