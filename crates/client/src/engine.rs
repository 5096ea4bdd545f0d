//! The engine of one signed-in person: what they enter is kept, sent and followed, what the server has is mirrored.
//!
//! # The concept
//!
//! Two files and three tasks. `outbox.db` holds what was entered ([`outbox`] decides about it), `cache.db` mirrors the
//! server; the folder `blobs/` holds the photos and files that entries need. What the window shows is derived from both by [`Engine::read`]: the mirror, and over it the operations that
//! it does not contain yet. Nothing else is state. The tasks in `sync` push, pull and listen; none waits for
//! another, and the person waits for none of them.
//!
//! # The happy path
//!
//! 1. [`Engine::enqueue`] seals the entry, writes it durably, returns. [`EngineEvent::QueueChanged`]; the pushing task
//!    wakes.
//! 2. The batch's rows are marked "may have left" on the disk, then the batch leaves.
//! 3. The answer is written; [`EngineEvent::Decided`] makes a toast. The operation still lies over the mirror.
//! 4. A live event wakes the pulling task; a page of the feed is applied with its cursor in one transaction. The cursor
//!    has passed the operation: now the mirror shows it, and the queue lets go. [`EngineEvent::MirrorChanged`].
//!
//! # The corners
//!
//! * **Killed anywhere.** Before the commit of step 1 the person was told nothing. After it, opening finds the operation
//!   queued, whether or not it was on its way, and the server knows the id.
//! * **The disk refuses.** The command fails with [`StoreError::Full`] or another; memory is read again from the disk.
//! * **No token.** [`Auth`] says why; that is a pause, and no operation notices. A 401 is told to [`Auth::refused`] and
//!   tried once more with another token.
//! * **Somebody else answers** (a captive portal, a proxy): only `application/problem+json` with a code of ours
//!   decides anything; see `sync::answer`.
//! * **The mirror is damaged** or the server was restored: the mirror is built anew beside the old one; the queue is
//!   another file and is kept. What the server may have forgotten is sent again under its old ids.
//! * **A scope is granted**: its snapshot is fetched; while that is not complete a note in the mirror says so, also
//!   over a restart. **Revoked**: its entities go, operations that are still on their way stay.
//! * **Two programs.** The folder is locked; the second one is told [`OpenError::InUse`].

mod auth;
mod blob;
mod config;
mod entry;
mod event;
pub(crate) mod heart;
mod reading;
mod status;
#[cfg(test)]
mod tests;

pub use auth::{Auth, AuthPause};
pub use config::{EngineConfig, OpenError, Storage};
pub use entry::{Enqueued, Moment, NewOperation, Withdrawal};
pub use event::EngineEvent;
pub use reading::{QueuedOperation, Reading};
pub use status::{Pause, Progress, SyncStatus};

use crate::blobs::BlobStore;
use crate::locked::locked;
use crate::ports::{Ports, Random};
use crate::store::{Cache, DatabaseKey, FolderLock, Opened, OutboxDb, Rows, StoreError};
use crate::sync::anchor::AnchorKeeper;
use crate::sync::known::Known;
use crate::sync::link::Link;
use crate::sync::{live, pull, push, upload};
use domain::{Incarnation, OperationId, Source};
use heart::{Heart, PullState, Queue};
use outbox::{Outbox, State};
use std::collections::BTreeSet;
use std::sync::atomic::AtomicI64;
use std::sync::{Arc, Mutex};
use tokio::sync::{Notify, broadcast, watch};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// How many events a slow listener may be behind.
const EVENTS: usize = 1_024;

/// The engine of one signed-in person.
pub struct Engine {
    heart: Arc<Heart>,
    tasks: TaskTracker,
}

impl Engine {
    /// Opens the person's queue and mirror and begins to synchronise. Reads and writes files: not for a task that must
    /// not block.
    pub fn open(config: EngineConfig, ports: Ports, auth: Arc<dyn Auth>) -> Result<Arc<Self>, OpenError> {
        let lock = FolderLock::take(&config.dir)?;
        let key = DatabaseKey::new(config.key);
        let life = Incarnation::new(random_life(ports.random.as_ref()));
        let Opened { db, rows, anchor, feed_seen, kept } = OutboxDb::open(&config.dir, &key, config.storage, life)?;
        let outbox_db = Arc::new(db);
        let Rows { device, records, blobs } = rows;
        // Whether the mirror contains what was acknowledged is known after the first look at the feed.
        let acked = |record: &&outbox::Record| matches!(record.state, State::Acked { .. });
        let unseen: BTreeSet<_> = records.iter().filter(acked).map(|record| record.id).collect();
        let store = BlobStore::open(ports.blobs.clone(), ports.random.clone(), &config.dir.join("blobs"), &config.key);
        let cache = Cache::open(&config.dir, &key, config.storage)?;
        blob::tidy(&store, &blobs, kept.into_iter().chain(cache.fetched_blobs()));
        let anchor = anchor.and_then(|json| serde_json::from_slice(&json).ok());
        let heart = Arc::new(Heart {
            user: config.user,
            source: Mutex::new(config.source),
            link: Link {
                anchor: AnchorKeeper::new(ports.clock.clone(), anchor),
                ports,
                auth,
                outbox_db: outbox_db.clone(),
            },
            outbox_db,
            cache,
            blobs: Arc::new(store),
            storage: config.storage,
            lock: Mutex::new(Some(lock)),
            queue: Mutex::new(Queue {
                outbox: Outbox::open(device, records, blobs),
                broken: false,
                sender_sleeps_until: i64::MAX,
            }),
            pull: Mutex::new(PullState::default()),
            events: broadcast::channel(EVENTS).0,
            unseen: Mutex::new(unseen),
            mirrored: AtomicI64::new(i64::MAX),
            sent: Mutex::default(),
            contents: Mutex::default(),
            known: Mutex::new(Known::kept(feed_seen)),
            in_a_run: watch::Sender::new(false),
            push_wake: Notify::new(),
            pull_wake: Notify::new(),
            live_wake: Notify::new(),
            upload_wake: Notify::new(),
            file_wanted: Notify::new(),
            stop: CancellationToken::new(),
        });
        let engine = Arc::new(Self { heart, tasks: TaskTracker::new() });
        engine.begin();
        Ok(engine)
    }

    fn begin(&self) {
        let heart = &self.heart;
        let spawn = &heart.link.ports.spawn;
        spawn.spawn(Box::pin(self.tasks.track_future(push::run(heart.clone()))));
        spawn.spawn(Box::pin(self.tasks.track_future(pull::run(heart.clone()))));
        spawn.spawn(Box::pin(self.tasks.track_future(live::run(heart.clone()))));
        spawn.spawn(Box::pin(self.tasks.track_future(upload::run(heart.clone()))));
        self.tasks.close();
    }

    /// The queue and the mirror, of one moment. The queue is read first: an operation that settles in between is seen
    /// in the mirror, and left out here because the mirror's cursor has passed it.
    pub fn read(&self) -> Result<Reading, StoreError> {
        let mut records: Vec<_> = self.heart.queue().outbox.records().cloned().collect();
        let file = self.heart.cache.number();
        let mirror = self.heart.cache.mirror()?;
        if self.heart.cache.number() != file {
            // The old one was damaged: the new one is to be filled at once.
            self.heart.pull_wake.notify_one();
        }
        let comparable = self.heart.known().is_of(mirror.cursor());
        let mirrored = mirror.cursor().filter(|_| comparable).map_or(i64::MIN, |cursor| cursor.seq);
        records.sort_by_key(|record| (record.place, record.id));
        let mut queue = Vec::new();
        let mut accepted = Vec::new();
        let unseen = self.heart.unseen().clone();
        for record in &records {
            match record.state {
                State::Acked { .. } if unseen.contains(&record.id) => {
                    queue.push(QueuedOperation { unseen: true, ..QueuedOperation::from(record) });
                }
                State::Acked { position } | State::Settled { position } if position <= mirrored => {
                    accepted.push(QueuedOperation::from(record));
                }
                // The queue knows that the mirror had it, and the mirror has it no more: a power cut left an older one, maybe
                // of an earlier life of the server, or it is being built anew. Until it has come there again it is shown
                // over the mirror.
                State::Settled { position } => {
                    let state = State::Acked { position };
                    queue.push(QueuedOperation { state, unseen: !comparable, ..QueuedOperation::from(record) });
                }
                State::Replaced { .. } | State::Discarded | State::Withdrawn => {}
                _ => queue.push(QueuedOperation::from(record)),
            }
        }
        accepted.sort_by_key(|operation| std::cmp::Reverse(operation.decided_ms));
        Ok(Reading { queue, accepted, mirror })
    }

    /// One operation, in whatever state it is, as long as it is kept.
    pub fn operation(&self, id: OperationId) -> Option<QueuedOperation> {
        self.heart.record(id).ok().as_ref().map(QueuedOperation::from)
    }

    /// «Отправить сейчас».
    pub fn send_now(&self) {
        self.heart.hurry();
    }

    /// The person or the network is back: waiting times begin anew.
    pub fn person_back(&self) {
        self.heart.hurry();
    }

    /// The person signed in again: the pause for sign-in is over.
    pub fn signed_in(&self) {
        self.heart.hurry();
    }

    /// Sends no more than so many operations at once until it is closed, to measure what a batch is worth.
    pub fn set_batch_limit(&self, most: usize) {
        self.heart.queue().outbox.set_batch_limit(most);
    }

    /// How synchronisation is doing.
    pub fn status(&self) -> SyncStatus {
        self.heart.status()
    }

    /// What happens from now on.
    pub fn subscribe(&self) -> broadcast::Receiver<EngineEvent> {
        self.heart.events.subscribe()
    }

    /// The time.
    pub fn now(&self) -> Moment {
        self.heart.moment()
    }

    /// Something kept for this person and device in the encrypted database.
    pub async fn secret(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.heart.outbox_db.secret(&own(name)).done().await
    }

    /// Keeps it, durably; `None` forgets it.
    pub async fn set_secret(&self, name: &str, value: Option<&[u8]>) -> Result<(), StoreError> {
        self.heart.outbox_db.set_secret(&own(name), value.map(<[u8]>::to_vec)).done().await
    }

    /// All of these whose names begin so.
    pub async fn secrets(&self, prefix: &str) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
        let found = self.heart.outbox_db.secrets(&own(prefix)).done().await?;
        let plain = |name: String| name.strip_prefix(OWN).map(str::to_owned).unwrap_or_default();
        Ok(found.into_iter().map(|(name, value)| (plain(name), value)).collect())
    }

    /// Through what kind of workplace things are entered from now on: who signed in may work for the utility.
    pub fn set_source(&self, source: Source) {
        *locked(&self.heart.source) = source;
    }

    /// Stops synchronising, closes the databases and frees the lock. What was entered is on the disk.
    pub async fn close(&self) {
        self.heart.stop.cancel();
        self.tasks.wait().await;
        if let Some(anchor) = self.heart.link.anchor.last() {
            self.heart.link.keep(&anchor);
        }
        self.heart.outbox_db.close();
        self.heart.cache.close();
        locked(&self.heart.lock).take();
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        self.heart.stop.cancel();
    }
}

/// The engine keeps notes of its own under plain names.
fn own(name: &str) -> String {
    format!("{OWN}{name}")
}

const OWN: &str = "secret:";

fn random_life(random: &dyn Random) -> uuid::Uuid {
    let mut bytes = [0; 16];
    random.fill(&mut bytes);
    uuid::Builder::from_random_bytes(bytes).into_uuid()
}
