//! Hands the outer world to the core and opens it.

use crate::keychain::OsKeychain;
use crate::options::Options;
use client::platform::{SystemBlobDisk, SystemClock, SystemRandom, TokioSpawn};
use client::ports::{Keychain, NoKeychain, Ports};
use client::transport::HttpTransport;
use client::{Core, CoreConfig};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;
use std::sync::Arc;

/// Opens the core on the data folder. Fails when the server's address is none.
pub fn open(options: &Options) -> anyhow::Result<Arc<Core>> {
    let ports = Ports {
        transport: Arc::new(HttpTransport::new(&options.server)?),
        clock: Arc::new(SystemClock::new()),
        random: Arc::new(SystemRandom),
        keychain: keychain(options),
        // Background tasks run on Tauri's runtime.
        spawn: Arc::new(TokioSpawn::new(tauri::async_runtime::handle().inner().clone())),
        blobs: Arc::new(SystemBlobDisk),
    };
    let mut config = CoreConfig::new(&options.data);
    config.version = env!("CARGO_PKG_VERSION").to_owned();
    Ok(Core::open(config, ports))
}

/// A short name for a data folder apart: ASCII letters, for D-Bus and keyring.
pub fn mark_of(folder: &Path) -> String {
    let mut hasher = DefaultHasher::new();
    folder.hash(&mut hasher);
    format!("d{:016x}", hasher.finish())
}

/// The keyring, with a suffix for data folders apart.
fn keychain(options: &Options) -> Arc<dyn Keychain> {
    let suffix = if options.apart { format!("@{}", mark_of(&options.data)) } else { String::new() };
    match OsKeychain::start(suffix) {
        Ok(keychain) => Arc::new(keychain),
        Err(error) => {
            tracing::warn!(%error, "no thread for the keyring");
            Arc::new(NoKeychain)
        }
    }
}
