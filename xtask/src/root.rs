//! The root of the checkout.

use std::path::{Path, PathBuf};

/// The root of the checkout. Every command runs there.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new(".")).to_owned()
}
