//! The handle by which everything else reaches the database.

use super::readers::{self, ReadJob};
use super::sqlite::Sqlite;
use super::tx::{Ticket, Tx, Undo};
use super::writer::{Finish, Job, Wakes, Writer};
use super::{Connection, Head, Sql, StoreError, migrations};
use crate::clock::Clock;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::mpsc::{self, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use tokio::sync::{broadcast, oneshot};

/// How many threads read.
const READERS: usize = 4;
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
    jobs: Mutex<Option<Sender<Job>>>,
    reads: Mutex<Option<Sender<ReadJob>>>,
    pub(super) wakes: broadcast::Sender<Wakes>,
    pub(super) stats: Arc<Stats>,
    clock: Arc<dyn Clock>,
    readers: Mutex<Vec<JoinHandle<()>>>,
    writer: Mutex<Vec<JoinHandle<()>>>,
}

impl Store {
    /// Opens the database file, makes or updates its tables, starts the threads.
    pub fn open(path: &Path, clock: Arc<dyn Clock>) -> Result<Self, StoreError> {
        let mut database = Sqlite::open_writer(path)?;
        migrations::run(&mut database)?;
        Head::ensure(&mut database)?;
        let (jobs, receive) = mpsc::channel();
        let (wakes, _) = broadcast::channel(WAKES);
        let stats = Arc::new(Stats::default());
        stats.seq.store(Head::read(&mut database)?.seq, Ordering::Release);
        let connections =
            (0..READERS).map(|_| Sqlite::open_reader(path).map(|reader| Box::new(reader) as Box<dyn Connection>));
        let (reads, readers) = readers::start(connections.collect::<Result<_, _>>()?)?;
        let writer = Writer {
            database: Box::new(database),
            jobs: receive,
            wakes: wakes.clone(),
            stats: Arc::clone(&stats),
            clock: Arc::clone(&clock),
        };
        let thread = std::thread::Builder::new()
            .name("writer".into())
            .spawn(move || writer.run())
            .map_err(|error| StoreError::Open(error.to_string()))?;
        let (jobs, reads) = (Mutex::new(Some(jobs)), Mutex::new(Some(reads)));
        let (readers, writer) = (Mutex::new(readers), Mutex::new(vec![thread]));
        let inner = Inner { jobs, reads, wakes, stats, clock, readers, writer };
        Ok(Self { inner: Arc::new(inner) })
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
        let jobs = self.inner.jobs.lock().unwrap_or_else(PoisonError::into_inner);
        jobs.as_ref().ok_or(StoreError::Closed)?.send(run).map_err(|_| StoreError::Closed)?;
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
        let reads = self.inner.reads.lock().unwrap_or_else(PoisonError::into_inner);
        reads.as_ref().ok_or(StoreError::Closed)?.send(run).map_err(|_| StoreError::Closed)?;
        Ok(receive)
    }
}

impl Inner {
    /// The threads end when their channels close. The writer goes last and alone: only the last connection of a file
    /// puts its log into it, and of two that close at once each takes the other for one that stays.
    fn close(&self) {
        self.reads.lock().unwrap_or_else(PoisonError::into_inner).take();
        join(&self.readers);
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner).take();
        join(&self.writer);
    }
}

fn join(threads: &Mutex<Vec<JoinHandle<()>>>) {
    let threads = std::mem::take(&mut *threads.lock().unwrap_or_else(PoisonError::into_inner));
    let here = std::thread::current().id();
    for thread in threads {
        // The last handle may live in a job: a thread cannot wait for itself.
        if thread.thread().id() != here && thread.join().is_err() {
            tracing::error!("a thread of the store panicked");
        }
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.close();
    }
}
