//! A person's computer: a folder, a clock that follows tokio's, and an engine.

use super::town::Town;
use crate::engine::{
    Auth, AuthPause, Engine, EngineConfig, EngineEvent, Enqueued, NewOperation, OpenError, QueuedOperation, Storage,
};
use crate::platform::{SystemBlobDisk, SystemRandom};
use crate::ports::{Clock, NoKeychain, Ports, Spawn};
use async_trait::async_trait;
use domain::capture::ClockReading;
use domain::{MeterId, OperationId, Source, UserId};
use std::collections::BTreeSet;
use std::future::Future;
use std::path::Path;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tempfile::TempDir;
use uuid::Uuid;
use wire::operation::{Body, RenameMeter};

pub const KEY: [u8; 32] = [7; 32];

/// Tokens «1», «2», … each good until refused.
#[derive(Default)]
pub struct Tokens {
    pub refused: Mutex<Vec<String>>,
    pub pause: Mutex<Option<AuthPause>>,
}

#[async_trait]
impl Auth for Tokens {
    async fn access_token(&self) -> Result<String, AuthPause> {
        match *self.pause.lock().expect("whole") {
            Some(pause) => Err(pause),
            None => Ok((self.refused.lock().expect("whole").len() + 1).to_string()),
        }
    }

    async fn refused(&self, token: &str) {
        self.refused.lock().expect("whole").push(token.to_owned());
    }
}

/// A clock that goes as tokio's does, so that waiting costs a test no time.
struct TokioClock(tokio::time::Instant);

impl Clock for TokioClock {
    fn read(&self) -> ClockReading {
        let gone = i64::try_from(self.0.elapsed().as_millis()).expect("short");
        ClockReading { wall_ms: 1_800_000_000_000 + gone, boot_ms: 5_000 + gone, boot_id: "a".into() }
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
    pub town: Arc<Town>,
    pub tokens: Arc<Tokens>,
    pub dir: TempDir,
    ports: Ports,
}

impl Desk {
    pub fn new() -> Self {
        let user = UserId::new(Uuid::from_u128(42));
        let town = Town::new(user);
        let ports = Ports {
            transport: town.clone(),
            clock: Arc::new(TokioClock(tokio::time::Instant::now())),
            random: Arc::new(SystemRandom),
            keychain: Arc::new(NoKeychain),
            spawn: Arc::new(Here),
            blobs: Arc::new(SystemBlobDisk),
        };
        let dir = TempDir::new().expect("a folder");
        Self { user, town, tokens: Arc::default(), dir, ports }
    }

    pub fn try_open(&self, dir: &Path, key: [u8; 32], storage: Storage) -> Result<Arc<Engine>, OpenError> {
        let config = EngineConfig { dir: dir.to_owned(), key, user: self.user, source: Source::ResidentApp, storage };
        Engine::open(config, self.ports.clone(), self.tokens.clone())
    }

    pub fn open(&self) -> Arc<Engine> {
        self.try_open(self.dir.path(), KEY, Storage::Inline).expect("opens")
    }

    /// What the disk would hold if the power failed now.
    pub fn copy_of_the_disk(&self) -> TempDir {
        let copy = TempDir::new().expect("a folder");
        for file in std::fs::read_dir(self.dir.path()).expect("listed") {
            let file = file.expect("listed");
            // The shared-memory index does not survive a power cut.
            if !file.file_name().to_string_lossy().ends_with("-shm") {
                std::fs::copy(file.path(), copy.path().join(file.file_name())).expect("copied");
            }
        }
        copy
    }
}

pub fn rename(meter: u128, name: &str) -> NewOperation {
    NewOperation {
        body: Body::RenameMeter(RenameMeter { meter: MeterId::new(Uuid::from_u128(meter)), name: name.into() }),
        base_version: None,
        on_behalf_of: None,
        priority: outbox::WHENEVER,
        needs: BTreeSet::new(),
    }
}

pub async fn enter(engine: &Engine, meter: u128) -> OperationId {
    enter_for(engine, meter, None).await.id
}

pub async fn enter_for(engine: &Engine, meter: u128, replaces: Option<OperationId>) -> Enqueued {
    engine.enqueue(rename(meter, "Кухня"), replaces).await.expect("entered")
}

/// Waits until it is so, looking again whenever the engine says something.
pub async fn until(engine: &Engine, what: &str, so: impl Fn(&Engine) -> bool) {
    let mut events = engine.subscribe();
    let wait = async {
        while !so(engine) {
            // Not everything is an event: looked at again after a while of the test's own time.
            let _ = tokio::time::timeout(Duration::from_millis(200), events.recv()).await;
        }
    };
    assert!(tokio::time::timeout(Duration::from_secs(3_600), wait).await.is_ok(), "never came: {what}");
}

pub fn queue(engine: &Engine) -> Vec<QueuedOperation> {
    engine.read().expect("read").queue
}

pub fn name(engine: &Engine, id: Uuid) -> Option<String> {
    let found = engine.read().expect("read").mirror.get("profile", id).expect("read");
    found.map(|found| match found.entity {
        wire::entity::Entity::Profile(profile) => profile.name,
        other => panic!("{}", other.kind()),
    })
}

pub fn decided(events: &mut tokio::sync::broadcast::Receiver<EngineEvent>, id: OperationId) -> usize {
    let mut count = 0;
    while let Ok(event) = events.try_recv() {
        count += usize::from(matches!(event, EngineEvent::Decided { id: of, .. } if of == id));
    }
    count
}
