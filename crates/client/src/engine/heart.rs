//! What the tasks of synchronisation and the person's commands share.
//!
//! The queue in memory is a copy of the disk. An event is applied and its rows submitted under one lock, so the disk
//! sees the same order; the wait for the commit is outside it, so many events share a commit. When the disk refuses,
//! memory is *broken*: nothing more is done with it until it has been read again from what the disk really holds.

use super::status::{Pause, Progress, SyncStatus};
use super::{EngineEvent, Moment, Storage};
use crate::blobs::{BlobName, BlobStore};
use crate::locked::locked;
use crate::store::{Cache, Changes, FolderLock, OutboxDb, Pending, Rows, StoreError};
use crate::sync::known::Known;
use crate::sync::link::Link;
use domain::{FileId, OperationId, Source, UserId};
use outbox::{Backoff, Effects, Failure, Now, Outbox, Record, State};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;
use tokio::sync::{Notify, broadcast, watch};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;
use wire::operation::LaneKind;
use wire::push::{ItemResult, Outcome};

/// One engine's heart.
pub(crate) struct Heart {
    pub(crate) user: UserId,
    /// Through what kind of workplace things are entered.
    pub(crate) source: Mutex<Source>,
    pub(crate) link: Link,
    pub(crate) outbox_db: Arc<OutboxDb>,
    pub(crate) cache: Cache,
    pub(crate) blobs: Arc<BlobStore>,
    pub(crate) storage: Storage,
    pub(crate) lock: Mutex<Option<FolderLock>>,
    pub(crate) queue: Mutex<Queue>,
    pub(crate) pull: Mutex<PullState>,
    pub(crate) events: broadcast::Sender<EngineEvent>,
    /// What was acknowledged at a position that the mirror had passed already: maybe of a restored server.
    pub(crate) unseen: Mutex<BTreeSet<OperationId>>,
    /// Where the mirror is, as far as pulling has come.
    pub(crate) mirrored: AtomicI64,
    /// How much of each file that is being sent the server has.
    pub(crate) sent: Mutex<BTreeMap<BlobName, u64>>,
    /// What blobs hold, as far as it was looked up: the size and the SHA-256.
    pub(crate) contents: Mutex<BTreeMap<BlobName, (u64, FileId)>>,
    pub(crate) known: Mutex<Known>,
    /// Whether batches go out one behind another.
    pub(crate) in_a_run: watch::Sender<bool>,
    pub(crate) push_wake: Notify,
    pub(crate) pull_wake: Notify,
    pub(crate) live_wake: Notify,
    pub(crate) upload_wake: Notify,
    /// Something wants a file sent. Ends no pause.
    pub(crate) file_wanted: Notify,
    pub(crate) stop: CancellationToken,
}

/// The queue in memory.
pub(crate) struct Queue {
    pub(crate) outbox: Outbox,
    /// Whether memory may hold more than the disk.
    pub(crate) broken: bool,
    /// Until when whoever sends sleeps by itself, by [`Now::ms`]. It writes that down with the lock it found it under.
    pub(crate) sender_sleeps_until: i64,
}

impl Queue {
    /// Whether whoever sends has something to do before it wakes up by itself. As long as there is no way to the server, a
    /// new entry is no reason to wake it: that would cost each entry more than its place in the queue does.
    fn is_sender_due(&self, now: Now) -> bool {
        self.outbox.next_try(now).is_some_and(|at| at <= now.ms || at < self.sender_sleeps_until)
    }
}

/// How reading the feed is doing.
#[derive(Default)]
pub(crate) struct PullState {
    backoff: Backoff,
    pause: Option<Pause>,
    last_synced_ms: Option<i64>,
    /// What was backed up, by the server's word, when the queue last let go of what is over, and when that was.
    tidied: Option<(i64, i64)>,
}

/// Without a new backup the queue is asked this often what it may let go of: that takes a look at all of it.
const TIDY_MS: i64 = 3_600_000;

/// Something submitted to the disk, to be [settled](Heart::settle).
#[must_use = "what nobody waits for nobody hears of"]
pub(crate) struct Written {
    pending: Option<Pending<Changes>>,
    effects: Effects,
}

impl Heart {
    pub(crate) fn queue(&self) -> MutexGuard<'_, Queue> {
        locked(&self.queue)
    }

    fn pull(&self) -> MutexGuard<'_, PullState> {
        locked(&self.pull)
    }

    /// The moment for the queue.
    pub(crate) fn now(&self) -> Now {
        let moment = self.moment();
        Now { ms: moment.capture.boot_ms, believed_ms: moment.ms, jitter: self.link.jitter() }
    }

    /// The time as far as it is known.
    pub(crate) fn moment(&self) -> Moment {
        let capture = self.link.anchor.capture();
        Moment { ms: capture.wall_ms.saturating_add(capture.server_offset_ms.unwrap_or(0)), capture }
    }

    /// A fresh UUIDv7.
    pub(crate) fn random_id(&self) -> Uuid {
        let mut random = [0; 10];
        self.link.ports.random.fill(&mut random);
        uuid::Builder::from_unix_timestamp_millis(self.moment().ms.unsigned_abs(), &random).into_uuid()
    }

    pub(crate) fn tell(&self, event: EngineEvent) {
        // Nobody listening is no fault.
        let _ = self.events.send(event);
    }

    /// Submits what the effects name. To be called with the lock that was held when they came about.
    pub(crate) fn write(&self, queue: &Queue, effects: Effects) -> Written {
        self.write_with(queue, effects, Vec::new())
    }

    /// The same, with secrets that are kept or forgotten in the same commit.
    pub(crate) fn write_with(
        &self,
        queue: &Queue,
        mut effects: Effects,
        secrets: Vec<(String, Option<Vec<u8>>)>,
    ) -> Written {
        if secrets.is_empty() && effects.writes_nothing() {
            return Written { pending: None, effects };
        }
        let changes = Changes {
            rows: effects.rows.iter().filter_map(|id| queue.outbox.get(*id).cloned()).collect(),
            forgotten: std::mem::take(&mut effects.forgotten),
            blobs: effects.blobs.iter().filter_map(|name| queue.outbox.blob(*name).copied()).collect(),
            forgotten_blobs: std::mem::take(&mut effects.forgotten_blobs),
            device: effects.device.then(|| queue.outbox.device()),
            secrets,
        };
        let pending = self.outbox_db.save(changes);
        Written { pending: Some(pending), effects }
    }

    /// Waits until it is durable, and tells what follows from it.
    pub(crate) async fn settle(&self, written: Written) -> Result<(), StoreError> {
        let Written { pending, effects } = written;
        let wrote = pending.is_some();
        if let Some(Err(error)) = match pending {
            Some(pending) => Some(pending.done().await),
            None => None,
        } {
            tracing::error!(%error, "the queue was not written");
            self.queue().broken = true;
            // The caller hears of the first error; a second one is met by whoever comes next.
            let _ = self.usable().await;
            return Err(error);
        }
        if wrote {
            self.tell(EngineEvent::QueueChanged);
            let now = self.now();
            let queue = self.queue();
            if queue.is_sender_due(now) {
                self.push_wake.notify_one();
            }
            if queue.outbox.has_blobs_here() {
                self.file_wanted.notify_one();
            }
        }
        for (id, outcome) in effects.decided {
            self.tell(EngineEvent::Decided { id, outcome });
        }
        if effects.pause_changed {
            self.tell(EngineEvent::PauseChanged);
            self.push_wake.notify_one();
        }
        Ok(())
    }

    /// Makes sure that memory is what the disk holds.
    pub(crate) async fn usable(&self) -> Result<(), StoreError> {
        if !self.queue().broken {
            return Ok(());
        }
        let Rows { device, records, blobs } = self.outbox_db.load().done().await?;
        let mut queue = self.queue();
        if queue.broken {
            queue.outbox.reopen(device, records, blobs);
            queue.broken = false;
        }
        drop(queue);
        self.tell(EngineEvent::QueueChanged);
        Ok(())
    }

    /// Applies an event and submits what follows.
    pub(crate) async fn apply(&self, event: impl FnOnce(&mut Outbox, Now) -> Effects) -> Result<Written, StoreError> {
        self.usable().await?;
        let now = self.now();
        let mut queue = self.queue();
        let effects = event(&mut queue.outbox, now);
        Ok(self.write(&queue, effects))
    }

    /// Applies an event and waits until what follows is durable.
    pub(crate) async fn change(&self, event: impl FnOnce(&mut Outbox, Now) -> Effects) -> Result<(), StoreError> {
        let written = self.apply(event).await?;
        self.settle(written).await
    }

    /// The mirror has come up to the feed: the way to the server is open.
    pub(crate) async fn pulled(&self) {
        let paused = {
            let mut pull = self.pull();
            pull.backoff.reset();
            pull.last_synced_ms = Some(self.moment().ms);
            pull.pause.take().is_some()
        };
        {
            let queue = self.queue();
            let acked =
                |id: &OperationId| queue.outbox.get(*id).is_some_and(|r| matches!(r.state, State::Acked { .. }));
            self.unseen().retain(acked);
        }
        let backed_up = self.cache.cursor().done().await.ok().flatten().map_or(0, |(_, backed_up)| backed_up);
        // What could not be written now is written at the next pull.
        let _ = self.change(|outbox, _| outbox.reached()).await;
        if self.is_untidy(backed_up) {
            let _ = self.change(|outbox, now| outbox.forget_old(backed_up, now)).await;
        }
        if paused {
            self.push_wake.notify_one();
            self.live_wake.notify_one();
            self.tell(EngineEvent::PauseChanged);
        }
    }

    /// Notes which of the answers tell a position that the mirror has passed already. They may come from a server that
    /// was restored from a copy, and the mirror then does not contain them: until the feed has been asked again they are
    /// shown over it.
    pub(crate) fn note_unseen(&self, results: &[ItemResult]) {
        let mirrored = self.mirrored.load(Ordering::Relaxed);
        let passed =
            |result: &&ItemResult| matches!(result.outcome, Outcome::Applied { position } if position <= mirrored);
        self.unseen().extend(results.iter().filter(passed).map(|result| result.id));
    }

    pub(crate) fn known(&self) -> MutexGuard<'_, Known> {
        locked(&self.known)
    }

    pub(crate) fn sent(&self) -> MutexGuard<'_, BTreeMap<BlobName, u64>> {
        locked(&self.sent)
    }

    /// So much of a file has reached the server.
    pub(crate) fn file_moved(&self, name: BlobName, bytes: u64) {
        if self.sent().insert(name, bytes) != Some(bytes) {
            self.tell(EngineEvent::FileMoved);
        }
    }

    pub(crate) fn unseen(&self) -> MutexGuard<'_, BTreeSet<OperationId>> {
        locked(&self.unseen)
    }

    /// Whether there may be something in the queue to let go of since the last look.
    fn is_untidy(&self, backed_up: i64) -> bool {
        let now_ms = self.now().ms;
        let mut pull = self.pull();
        if pull.tidied.is_some_and(|(known, at_ms)| known == backed_up && now_ms.saturating_sub(at_ms) < TIDY_MS) {
            return false;
        }
        pull.tidied = Some((backed_up, now_ms));
        true
    }

    /// The mirror did not come up to the feed. Returns how long to wait.
    pub(crate) fn pull_failed(&self, failure: Failure) -> Duration {
        let now = self.now();
        let mut pull = self.pull();
        let asked = if let Failure::Busy { retry_after_ms } = failure { retry_after_ms } else { None };
        pull.backoff.fail(now.ms, now.jitter, asked);
        let wait = pull.backoff.until(now.ms).unwrap_or(now.ms) - now.ms;
        let pause = failure.pause(now.ms).unwrap_or(Pause::Busy);
        let still_offline = matches!((pull.pause, pause), (Some(Pause::Offline { .. }), Pause::Offline { .. }));
        let changed = !still_offline && pull.pause != Some(pause);
        if changed {
            pull.pause = Some(pause);
        }
        drop(pull);
        if changed {
            tracing::info!(?failure, "the feed cannot be read");
            self.tell(EngineEvent::PauseChanged);
        }
        Duration::from_millis(wait.unsigned_abs())
    }

    /// The person or the network is back.
    pub(crate) fn hurry(&self) {
        self.queue().outbox.hurry();
        self.pull().backoff.reset();
        self.push_wake.notify_one();
        self.pull_wake.notify_one();
        self.live_wake.notify_one();
        self.upload_wake.notify_one();
    }

    pub(crate) fn status(&self) -> SyncStatus {
        let now = self.now();
        let wall_ms = self.link.ports.clock.read().wall_ms;
        // The queue waits by the time since boot; people read the wall clock.
        let on_the_wall = |ms: i64| wall_ms.saturating_add(ms - now.ms);
        let (pull_pause, pull_next, last_synced_ms) = {
            let pull = self.pull();
            (pull.pause, pull.backoff.until(now.ms), pull.last_synced_ms)
        };
        let queue = self.queue();
        let outbox = &queue.outbox;
        // A pause that passes by itself may be an old one of a queue that has nothing to send: it hides none that needs
        // the person.
        let needs_person = pull_pause.filter(|pause| !pause.passes_by_itself());
        let sending_pause = outbox.pause();
        let pause = needs_person.filter(|_| sending_pause.is_none_or(Pause::passes_by_itself)).or(sending_pause);
        let pause = pause.or(pull_pause).map(|pause| match pause {
            Pause::Offline { since_ms } => Pause::Offline { since_ms: on_the_wall(since_ms) },
            other => other,
        });
        let next_try = outbox.next_try(now).or(pull_next).filter(|_| pause.is_some());
        // How far a conversation was read is told to the server, and to nobody else.
        let told = || outbox.records().filter(|record| !is_read_mark(record));
        let count = |of: fn(&State) -> bool| told().filter(|record| of(&record.state)).count();
        SyncStatus {
            pause,
            sending: outbox.sending().map(|sending| Progress { done: sending.done, total: sending.total }),
            next_try_ms: next_try.map(on_the_wall),
            last_synced_ms,
            wall_error_ms: self.link.anchor.wall_error_ms(),
            waiting: u32::try_from(count(State::is_waiting)).unwrap_or(u32::MAX),
            attention: u32::try_from(count(State::blocks_lane)).unwrap_or(u32::MAX),
        }
    }

    /// A copy of an operation.
    pub(crate) fn record(&self, id: OperationId) -> Result<Record, StoreError> {
        self.queue().outbox.get(id).cloned().ok_or(StoreError::Unknown(id))
    }
}

/// Whether an operation only tells how far a conversation was read. Its bytes are not taken apart for that: this is asked of
/// all of the queue at every change of it, and no text in them can hold this, because its quotes would be escaped.
fn is_read_mark(record: &Record) -> bool {
    matches!(record.lane.kind, LaneKind::Ticket | LaneKind::Support)
        && record.sealed.as_ref().is_some_and(|sealed| sealed.text().contains(r#""kind":"conversation.read/1""#))
}
