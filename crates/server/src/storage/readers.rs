//! Threads that read, each with a connection of its own.

use super::{Connection, Sql, StoreError};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

/// Runs inside a transaction that only reads: one consistent state for all its queries.
pub(super) type ReadJob = Box<dyn FnOnce(Result<&mut dyn Sql, StoreError>) + Send>;

/// Starts one for each connection.
pub(super) fn start(
    connections: Vec<Box<dyn Connection>>,
) -> Result<(Sender<ReadJob>, Vec<JoinHandle<()>>), StoreError> {
    let (send, receive) = mpsc::channel();
    let jobs = Arc::new(Mutex::new(receive));
    let mut threads = Vec::new();
    for (place, database) in connections.into_iter().enumerate() {
        let jobs = Arc::clone(&jobs);
        let thread = std::thread::Builder::new()
            .name(format!("reader-{place}"))
            .spawn(move || run(database, &jobs))
            .map_err(|error| StoreError::Open(error.to_string()))?;
        threads.push(thread);
    }
    Ok((send, threads))
}

fn run(mut database: Box<dyn Connection>, jobs: &Mutex<Receiver<ReadJob>>) {
    loop {
        // The lock is free again as soon as the job is taken.
        let job = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(job) = job else { return };
        read(&mut *database, job);
    }
}

/// One job.
pub(super) fn read(database: &mut dyn Connection, job: ReadJob) {
    match database.begin_reading() {
        Ok(()) => job(Ok(&mut *database)),
        Err(error) => job(Err(error)),
    }
    if let Err(error) = database.commit() {
        tracing::warn!(%error, "a reading transaction did not end");
    }
}
