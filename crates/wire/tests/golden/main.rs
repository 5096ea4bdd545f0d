//! What a released program wrote is read for ever: see `golden/README.md`.

mod announcements;
mod desk;
mod operations;
mod protocol;

use std::path::PathBuf;

/// A folder of golden files.
fn folder(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("golden").join(name)
}
