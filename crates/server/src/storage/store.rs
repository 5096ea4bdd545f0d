//! The handle by which everything else reaches the database.

use super::neighbours::Neighbours;
use super::opening::{self, Heard, Opened};
use super::postgres::Listener;
use super::readers::ReadJob;
use super::tx::{Ticket, Tx, Undo};
use super::workers::{Work, Workers, join};
use super::writer::{Finish, Job, Wakes, Writer};
use super::{Database, Sql, StoreError};
use crate::clock::{Clock, SystemClock};
use crate::random::{Ids, Random, SystemRandom};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{broadcast, oneshot};

/// How many groups of wakes a slow listener may lag behind; it is then woken for everything.
const WAKES: usize = 1024;

/// What was done so far.
#[derive(Debug, Default)]
pub struct Stats {
    pub(super) jobs: AtomicU64,
    pub(super) commits: AtomicU64,
    /// The last position that readers were woken for.
    pub(super) seq: AtomicI64,
}

impl Stats {
    /// How many writing jobs were committed.
    pub fn jobs(&self) -> u64 {
        self.jobs.load(Ordering::Relaxed)
    }

    /// In how many transactions.
    pub fn commits(&self) -> u64 {
        self.commits.load(Ordering::Relaxed)
    }
}

/// The result of a job, now on the disk.
#[derive(Debug)]
pub struct Committed<T> {
    /// What the job returned.
    pub value: T,
    base: i64,
}

impl<T> Committed<T> {
    /// The position of a row that the job put into the feed.
    pub fn position(&self, ticket: Ticket) -> i64 {
        self.base + 1 + i64::try_from(ticket.0).unwrap_or(i64::MAX - self.base - 1)
    }
}

/// The open database. Clones share it; it closes with the last one.
#[derive(Clone)]
pub struct Store {
    pub(super) inner: Arc<Inner>,
}

pub(super) struct Inner {
    workers: Workers,
    pub(super) wakes: broadcast::Sender<Wakes>,
    pub(super) stats: Arc<Stats>,
    clock: Arc<dyn Clock>,
    ids: Arc<Ids>,
    listener: Mutex<Option<Listener>>,
}

/// What a store takes from the outer world.
pub struct StorePorts {
    /// The time of all jobs.
    pub clock: Arc<dyn Clock>,
    /// Where ids and tokens come from.
    pub random: Arc<dyn Random>,
    /// Who runs the jobs.
    pub work: Work,
    /// A group of writes takes no more jobs after this long: those who wait for its commit shall not wait long.
    pub group_time: Duration,
}

/// The usual [`StorePorts::group_time`].
const GROUP_TIME: Duration = Duration::from_millis(50);

impl Default for StorePorts {
    fn default() -> Self {
        let (clock, random) = (Arc::new(SystemClock), Arc::new(SystemRandom));
        Self { clock, random, work: Work::Threads, group_time: GROUP_TIME }
    }
}

impl StorePorts {
    /// The usual ones, with this clock.
    pub fn with_clock(clock: Arc<dyn Clock>) -> Self {
        Self { clock, ..Self::default() }
    }
}

impl Store {
    /// Opens the database, makes or updates its tables, starts the threads.
    pub fn open(database: &Database, ports: StorePorts) -> Result<Self, StoreError> {
        let StorePorts { clock, random, work, group_time } = ports;
        let ids = Arc::new(Ids::new(random));
        let Opened { writer, readers, seq, heard } = opening::open(database, work, &ids)?;
        let (wakes, _) = broadcast::channel(WAKES);
        let stats = Arc::new(Stats::default());
        stats.seq.store(seq, Ordering::Release);
        let writer = Writer {
            group_time,
            database: writer,
            wakes: wakes.clone(),
            stats: Arc::clone(&stats),
            clock: Arc::clone(&clock),
            ids: Arc::clone(&ids),
        };
        let workers = Workers::start(work, writer, readers)?;
        let listener = Mutex::new(None);
        let store = Self { inner: Arc::new(Inner { workers, wakes, stats, clock, ids, listener }) };
        if let Some(Heard { settings, own }) = heard {
            let listener = Listener::start(settings, own, Neighbours::of(&store))?;
            *store.inner.listener.lock().unwrap_or_else(PoisonError::into_inner) = Some(listener);
        }
        Ok(store)
    }

    /// Runs a job in the next group and answers when it is on the disk.
    ///
    /// An error that [undoes](Undo) leaves no trace of the job; the others in its group are not touched.
    pub async fn write<T, E>(
        &self,
        job: impl FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<Committed<T>, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Undo + Send + 'static,
    {
        self.submit(job)?.await.unwrap_or_else(|_| Err(StoreError::Closed.into()))
    }

    /// [`Store::write`] for the command line. Must not be called on an async thread.
    pub fn write_blocking<T, E>(
        &self,
        job: impl FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<Committed<T>, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Undo + Send + 'static,
    {
        self.submit(job)?.blocking_recv().unwrap_or_else(|_| Err(StoreError::Closed.into()))
    }

    /// Runs a job that only reads, over one consistent state.
    pub async fn read<T, E>(&self, job: impl FnOnce(&mut dyn Sql) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.submit_read(job)?.await.unwrap_or_else(|_| Err(StoreError::Closed.into()))
    }

    /// [`Store::read`] for the command line. Must not be called on an async thread.
    pub fn read_blocking<T, E>(&self, job: impl FnOnce(&mut dyn Sql) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.submit_read(job)?.blocking_recv().unwrap_or_else(|_| Err(StoreError::Closed.into()))
    }

    /// Does what waits and closes the file, although others still hold the store: they are told that it is closed.
    /// Must not be called on an async thread.
    pub fn close(&self) {
        self.inner.close();
    }

    /// The scopes that got rows, group by group, from now on.
    pub fn wakes(&self) -> broadcast::Receiver<Wakes> {
        self.inner.wakes.subscribe()
    }

    /// What was done so far.
    pub fn stats(&self) -> &Stats {
        &self.inner.stats
    }

    /// The clock of all jobs.
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.inner.clock
    }

    /// Makes ids, as [`Tx::id_v4`] and [`Tx::id_v7`] do inside a job.
    pub fn ids(&self) -> &Ids {
        &self.inner.ids
    }

    fn submit<T, E>(
        &self,
        job: impl FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<oneshot::Receiver<Result<Committed<T>, E>>, StoreError>
    where
        T: Send + 'static,
        E: From<StoreError> + Undo + Send + 'static,
    {
        let (send, receive) = oneshot::channel();
        let run: Job = Box::new(move |tx| {
            let result = tx.map_err(E::from).and_then(|tx| tx.savepoint(job));
            let finish: Finish = Box::new(move |base| {
                let answer = match base {
                    Ok(base) => result.map(|value| Committed { value, base }),
                    Err(error) => Err(error.into()),
                };
                // Whoever asked may have gone; what is done stays done.
                let _ = send.send(answer);
            });
            finish
        });
        self.inner.workers.write(run)?;
        Ok(receive)
    }

    fn submit_read<T, E>(
        &self,
        job: impl FnOnce(&mut dyn Sql) -> Result<T, E> + Send + 'static,
    ) -> Result<oneshot::Receiver<Result<T, E>>, StoreError>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (send, receive) = oneshot::channel();
        let run: ReadJob = Box::new(move |sql| {
            let answer = match sql {
                Ok(sql) => catch_unwind(AssertUnwindSafe(|| job(sql))).unwrap_or(Err(StoreError::Panicked.into())),
                Err(error) => Err(error.into()),
            };
            let _ = send.send(answer);
        });
        self.inner.workers.read(run)?;
        Ok(receive)
    }
}

impl Inner {
    fn close(&self) {
        let listener = self.listener.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(listener) = listener {
            join([listener.end()]);
        }
        self.workers.close();
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.close();
    }
}
