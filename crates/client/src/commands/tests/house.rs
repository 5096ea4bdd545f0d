//! A computer in a house: a data folder, a keyring, clocks, and a line to the server that can be cut.

use super::fake_server::FakeServer;
use crate::core::{Core, CoreConfig};
use crate::platform::{SystemBlobDisk, SystemRandom, TokioSpawn};
use crate::ports::{Clock, Keychain, KeychainError, Ports};
use crate::view::Failure;
use domain::UserId;
use domain::capture::ClockReading;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex, Weak};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// 20 October 2026, ten in the morning in Moscow.
pub(super) const NOW_MS: i64 = 1_792_479_600_000;

pub(super) struct House {
    pub(super) server: Arc<FakeServer>,
    pub(super) keyring: Arc<Keyring>,
    pub(super) clock: Arc<Hands>,
    /// What was handed to the system's programs.
    pub(super) opened: Arc<Opened>,
    data: TempDir,
}

/// The system's programs.
#[derive(Debug, Default)]
pub(super) struct Opened(pub(super) Mutex<Vec<std::path::PathBuf>>);

impl crate::ports::Opener for Opened {
    fn open(&self, file: &Path) -> std::io::Result<()> {
        self.0.lock().expect("no panic in it").push(file.to_owned());
        Ok(())
    }

    fn browse(&self, url: &str) -> std::io::Result<()> {
        self.open(Path::new(url))
    }
}

impl House {
    pub(super) fn new() -> Self {
        // A defect shows only a number; a failed test shows the log with it.
        let _ = tracing_subscriber::fmt().with_test_writer().try_init();
        let clock = Arc::new(Hands { started: Instant::now(), ahead_ms: AtomicI64::new(0) });
        Self {
            server: Arc::new(FakeServer::new(clock.clone())),
            keyring: Arc::default(),
            clock,
            opened: Arc::default(),
            data: tempfile::tempdir().expect("a folder"),
        }
    }

    /// Another computer of the same server.
    pub(super) fn beside(other: &Self) -> Self {
        Self {
            server: other.server.clone(),
            keyring: Arc::default(),
            clock: other.clock.clone(),
            data: tempfile::tempdir().expect("a folder"),
            opened: Arc::default(),
        }
    }

    /// A start of the program.
    pub(super) fn core(&self) -> Arc<Core> {
        self.core_with(&self.data.path().join("data"))
    }

    /// A start of the program on another folder of data.
    pub(super) fn core_with(&self, data: &Path) -> Arc<Core> {
        let ports = Ports {
            transport: self.server.clone(),
            clock: self.clock.clone(),
            random: Arc::new(SystemRandom),
            keychain: self.keyring.clone(),
            spawn: Arc::new(TokioSpawn::new(tokio::runtime::Handle::current())),
            blobs: Arc::new(SystemBlobDisk),
        };
        let mut config = CoreConfig::new(data);
        config.documents = self.data.path().join("documents");
        config.opener = self.opened.clone();
        Core::open(config, ports)
    }

    pub(super) fn data(&self) -> &Path {
        self.data.path()
    }
}

/// Calls a command that works.
pub(super) async fn ask(core: &Arc<Core>, command: &str, args: Value) -> Value {
    core.call(command, args).await.unwrap_or_else(|failure| panic!("{command}: {failure:?}"))
}

/// Calls a command that does not.
pub(super) async fn fails(core: &Arc<Core>, command: &str, args: Value) -> Failure {
    match core.call(command, args).await {
        Ok(answer) => panic!("{command} answered {answer}"),
        Err(failure) => failure,
    }
}

/// Asks until the answer is as wanted; twenty seconds are more than any of this takes.
pub(super) async fn until(core: &Arc<Core>, command: &str, args: Value, wanted: impl Fn(&Value) -> bool) -> Value {
    let asking = async {
        let mut events = core.events();
        loop {
            let answer = ask(core, command, args.clone()).await;
            if wanted(&answer) {
                return answer;
            }
            // An event says that it is worth asking again; without one it is asked now and then.
            let _ = tokio::time::timeout(Duration::from_millis(200), events.recv()).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), asking).await.unwrap_or_else(|_| panic!("{command} never came true"))
}

/// Clocks that run, and that a test can put forward.
pub(super) struct Hands {
    started: Instant,
    ahead_ms: AtomicI64,
}

impl Hands {
    pub(super) fn forward(&self, by: Duration) {
        self.ahead_ms.fetch_add(i64::try_from(by.as_millis()).expect("short"), Ordering::Relaxed);
    }
}

impl Clock for Hands {
    fn read(&self) -> ClockReading {
        let gone_ms = i64::try_from(self.started.elapsed().as_millis()).expect("short");
        let now_ms = NOW_MS + gone_ms + self.ahead_ms.load(Ordering::Relaxed);
        ClockReading { wall_ms: now_ms, boot_ms: now_ms - NOW_MS + 60_000, boot_id: "one".into() }
    }
}

/// A keyring in memory.
#[derive(Default)]
pub(super) struct Keyring {
    keys: Mutex<BTreeMap<UserId, Vec<u8>>>,
    gone: AtomicBool,
    /// Whose window may hear of a person too early.
    watched: Mutex<Weak<Core>>,
    too_late: AtomicBool,
}

impl Keyring {
    pub(super) fn is_empty(&self) -> bool {
        self.keys.lock().expect("no panic in it").is_empty()
    }

    pub(super) fn watch(&self, core: &Arc<Core>) {
        *self.watched.lock().expect("no panic in it") = Arc::downgrade(core);
    }

    /// Whether a key came when its person was signed in already.
    pub(super) fn came_too_late(&self) -> bool {
        self.too_late.load(Ordering::Relaxed)
    }

    pub(super) fn take_away(&self) {
        self.gone.store(true, Ordering::Relaxed);
    }
}

impl Keychain for Keyring {
    fn available(&self) -> bool {
        !self.gone.load(Ordering::Relaxed)
    }

    fn get(&self, user: UserId) -> Result<Option<Vec<u8>>, KeychainError> {
        Ok(self.keys.lock().expect("no panic in it").get(&user).cloned())
    }

    fn set(&self, user: UserId, secret: &[u8]) -> Result<(), KeychainError> {
        let watched = self.watched.lock().expect("no panic in it").upgrade();
        if watched.is_some_and(|core| core.person().is_some()) {
            self.too_late.store(true, Ordering::Relaxed);
        }
        self.keys.lock().expect("no panic in it").insert(user, secret.to_vec());
        Ok(())
    }

    fn delete(&self, user: UserId) -> Result<(), KeychainError> {
        self.keys.lock().expect("no panic in it").remove(&user);
        Ok(())
    }
}
