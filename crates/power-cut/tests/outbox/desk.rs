//! A person's computer on a disk that is watched.

use crate::facts::{Fact, Facts};
use crate::town::Town;
use async_trait::async_trait;
use client::engine::{Auth, AuthPause, Engine, EngineConfig, NewOperation, OpenError, Storage};
use client::platform::SystemBlobDisk;
use client::ports::{Clock, NoKeychain, Ports, Random, Spawn};
use domain::capture::ClockReading;
use domain::{MeterId, OperationId, Source, UserId};
use outbox::Need;
use power_cut::Disk;
use rand::{RngCore, SeedableRng, rngs::StdRng};
use std::collections::BTreeSet;
use std::future::Future;
use std::path::Path;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use tempfile::TempDir;
use uuid::Uuid;
use wire::operation::{Body, RenameMeter};

pub const KEY: [u8; 32] = [7; 32];

struct Token;

#[async_trait]
impl Auth for Token {
    async fn access_token(&self) -> Result<String, AuthPause> {
        Ok("1".into())
    }

    async fn refused(&self, _: &str) {}
}

/// A clock that goes as tokio's does, so that waiting costs a test no time.
struct TokioClock;

impl Clock for TokioClock {
    fn read(&self) -> ClockReading {
        thread_local!(static BEGAN: tokio::time::Instant = tokio::time::Instant::now());
        let gone = BEGAN.with(|began| i64::try_from(began.elapsed().as_millis()).expect("short"));
        ClockReading { wall_ms: 1_800_000_000_000 + gone, boot_ms: 5_000 + gone, boot_id: "a".into() }
    }
}

/// Ids and waiting times of a seed, so that a failure comes again.
struct Seeded(Mutex<StdRng>);

impl Random for Seeded {
    fn fill(&self, bytes: &mut [u8]) {
        self.0.lock().expect("whole").fill_bytes(bytes);
    }
}

struct Here;

impl Spawn for Here {
    fn spawn(&self, task: Pin<Box<dyn Future<Output = ()> + Send>>) {
        tokio::spawn(task);
    }
}

pub struct Desk {
    pub user: UserId,
    pub facts: Arc<Facts>,
    pub town: Arc<Town>,
    pub disk: Arc<Disk>,
    pub dir: TempDir,
    random: Arc<Seeded>,
}

impl Desk {
    pub fn new(seed: u64) -> Self {
        let user = UserId::new(Uuid::from_u128(42));
        let dir = TempDir::new().expect("a folder");
        let disk = Arc::new(Disk::watch(dir.path()).expect("watched"));
        let facts = Arc::new(Facts::default());
        let town = Arc::new(Town::new(user, facts.clone(), disk.clone()));
        let random = Arc::new(Seeded(Mutex::new(StdRng::seed_from_u64(seed))));
        Self { user, facts, town, disk, dir, random }
    }

    pub fn open(&self, dir: &Path, storage: Storage) -> Result<Arc<Engine>, OpenError> {
        let ports = Ports {
            transport: self.town.clone(),
            clock: Arc::new(TokioClock),
            random: self.random.clone(),
            keychain: Arc::new(NoKeychain),
            spawn: Arc::new(Here),
            // The product's own: what it syncs is seen below it.
            blobs: Arc::new(SystemBlobDisk),
        };
        let config =
            EngineConfig { dir: dir.to_owned(), key: KEY, user: self.user, source: Source::ResidentApp, storage };
        Engine::open(config, ports, Arc::new(Token))
    }

    /// Notes that something was told, now.
    pub fn tell(&self, fact: Fact) {
        self.facts.tell(self.disk.point(), fact);
    }

    /// Enters something and notes what was told.
    pub async fn enter(&self, engine: &Engine, new: NewOperation, replaces: Option<OperationId>) -> OperationId {
        let entered = engine.enqueue(new, replaces).await.expect("entered");
        self.entered(engine, entered.id, entered.replaced);
        entered.id
    }

    /// Notes that an entry was told as kept.
    pub fn entered(&self, engine: &Engine, id: OperationId, replaced: Option<OperationId>) {
        let sealed = engine.operation(id).expect("kept").sealed.expect("readable");
        let operation = sealed.open().expect("readable");
        self.tell(Fact::Kept { id, text: sealed.text().to_owned() });
        self.tell(Fact::Numbered { life: operation.incarnation, number: operation.device_seq, id });
        if let Some(old) = replaced {
            self.tell(Fact::Replaced { old, by: id });
        }
    }
}

pub fn rename(meter: u128, name: &str, needs: impl IntoIterator<Item = Need>) -> NewOperation {
    NewOperation {
        body: Body::RenameMeter(RenameMeter { meter: MeterId::new(Uuid::from_u128(meter)), name: name.into() }),
        base_version: None,
        on_behalf_of: None,
        priority: outbox::WHENEVER,
        needs: BTreeSet::from_iter(needs),
    }
}

/// Runs on a runtime of its own, with tokio's time standing still unless everybody waits.
pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build();
    runtime.expect("a runtime").block_on(future)
}
