//! A database on a thread of its own, where many writes share one commit.
//!
//! A commit costs one wait for the disk, a write costs microseconds. So the thread takes whatever has been submitted
//! while it was waiting for the disk, runs it all in one transaction, a savepoint each behind the first, and tells
//! everybody after the commit. What fails takes back only itself.
//!
//! Submissions run in the order in which they were submitted, which is the moment of the call and not of the waiting.
//! A simulation runs them on the caller's thread instead.

use super::StoreError;
use crate::engine::Storage;
use crate::locked::locked;
use rusqlite::Connection;
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;
use tokio::sync::oneshot;

/// The most writes that share a commit: the last one should not wait too long for the first.
const GROUP: usize = 256;

/// What a commit came to, as it can be told to many.
type Committed = Result<(), Refused>;
/// Tells the one who submitted.
type Tell = Box<dyn FnOnce(Committed) + Send>;
/// Runs inside the transaction, as the first there or behind others, and returns whom to tell after the commit.
type Job = Box<dyn FnOnce(&Connection, Turn) -> Tell + Send>;

/// Whether there is something in the transaction that a failure must not take back.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Turn {
    First,
    Behind,
}

/// A database that is written to.
pub(crate) struct Database {
    place: Mutex<Place>,
}

enum Place {
    Thread { jobs: Sender<Job>, thread: JoinHandle<()> },
    Here(Connection),
    Closed,
}

/// The result of a submission, after its commit.
pub(crate) struct Pending<T>(oneshot::Receiver<Result<T, StoreError>>);

impl<T> Pending<T> {
    /// Waits for the commit.
    pub(crate) async fn done(self) -> Result<T, StoreError> {
        self.0.await.unwrap_or(Err(StoreError::Closed))
    }
}

impl Database {
    /// Takes an open connection.
    pub(crate) fn new(connection: Connection, storage: Storage, name: &str) -> Result<Self, StoreError> {
        let place = match storage {
            Storage::Inline => Place::Here(connection),
            Storage::Threads => {
                let (jobs, queue) = channel();
                let thread = std::thread::Builder::new().name(name.to_owned());
                let thread = thread.spawn(move || serve(&connection, &queue)).map_err(|_| StoreError::Closed)?;
                Place::Thread { jobs, thread }
            }
        };
        Ok(Self { place: Mutex::new(place) })
    }

    /// Submits work. It is done in the order of submission, whether or not anybody waits.
    pub(crate) fn submit<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Pending<T> {
        let (tell, pending) = oneshot::channel();
        let job: Job = Box::new(move |connection, turn| {
            let result = match turn {
                Turn::First => or_begin_anew(connection, work),
                Turn::Behind => in_savepoint(connection, work),
            };
            Box::new(move |committed| {
                // Nobody may be waiting any more; the work is done all the same.
                let _ = tell.send(result.and_then(|value| committed.map(|()| value).map_err(StoreError::from)));
            })
        });
        match &*locked(&self.place) {
            Place::Thread { jobs, .. } => drop(jobs.send(job)),
            Place::Here(connection) => group(connection, job, None),
            Place::Closed => {}
        }
        Pending(pending)
    }

    /// Finishes what was submitted and closes the file.
    pub(crate) fn close(&self) {
        let place = std::mem::replace(&mut *locked(&self.place), Place::Closed);
        if let Place::Thread { jobs, thread } = place {
            drop(jobs);
            if thread.join().is_err() {
                tracing::error!("a database thread had panicked");
            }
        }
    }
}

impl Drop for Database {
    /// A thread that nobody waited for would still be in the database while the process takes its libraries down, and
    /// the program would end in a crash instead of an end.
    fn drop(&mut self) {
        self.close();
    }
}

fn serve(connection: &Connection, queue: &Receiver<Job>) {
    while let Ok(first) = queue.recv() {
        group(connection, first, Some(queue));
    }
}

fn group(connection: &Connection, first: Job, queue: Option<&Receiver<Job>>) {
    let begun = begin(connection);
    let turn = if begun.is_ok() { Turn::First } else { Turn::Behind };
    let mut told = vec![first(connection, turn)];
    while told.len() < GROUP
        && let Some(next) = queue.and_then(|queue| queue.try_recv().ok())
    {
        told.push(next(connection, Turn::Behind));
    }
    let commit = || connection.prepare_cached("COMMIT")?.execute([]).map(|_| ());
    let committed = begun.and_then(|()| commit()).map_err(|error| {
        if !connection.is_autocommit() {
            // It may be rolled back already, by the very error.
            let _ = connection.execute_batch("ROLLBACK");
        }
        Refused::from(StoreError::from(error))
    });
    for tell in told {
        tell(committed.clone());
    }
}

fn begin(connection: &Connection) -> rusqlite::Result<()> {
    connection.prepare_cached("BEGIN IMMEDIATE")?.execute([]).map(|_| ())
}

/// Alone in its transaction, work is taken back with it, and a savepoint would only cost.
fn or_begin_anew<T>(
    connection: &Connection,
    work: impl FnOnce(&Connection) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let result = work(connection);
    if result.is_err() {
        if !connection.is_autocommit() {
            connection.execute_batch("ROLLBACK")?;
        }
        // Without it the commit fails, and whoever comes behind hears of that.
        let _ = begin(connection);
    }
    result
}

fn in_savepoint<T>(
    connection: &Connection,
    work: impl FnOnce(&Connection) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    connection.prepare_cached("SAVEPOINT job")?.execute([])?;
    let result = work(connection);
    if result.is_err() {
        connection.prepare_cached("ROLLBACK TO job")?.execute([])?;
    }
    connection.prepare_cached("RELEASE job")?.execute([])?;
    result
}

/// A failed commit, told to everybody who shared it.
#[derive(Debug, Clone)]
enum Refused {
    Full,
    Damaged,
    Other(String),
}

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Full => Self::Full,
            StoreError::Damaged => Self::Damaged,
            other => Self::Other(other.to_string()),
        }
    }
}

impl From<Refused> for StoreError {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Full => Self::Full,
            Refused::Damaged => Self::Damaged,
            Refused::Other(words) => Self::Commit(words),
        }
    }
}

#[cfg(test)]
mod tests;
