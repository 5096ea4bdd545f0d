//! Who runs the jobs: threads of the store, or whoever asks.

use super::readers::{self, ReadJob};
use super::writer::{Job, Writer};
use super::{Connection, StoreError};
use std::sync::mpsc::{self, Sender};
use std::sync::{Mutex, PoisonError};
use std::thread::JoinHandle;

/// How the jobs of a store are run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Work {
    /// On threads of the store: one writes, a few read.
    #[default]
    Threads,
    /// On the thread of whoever asks, one after another, before the call returns. What runs when is then decided by the
    /// callers alone, which a simulation needs. Every group has one job.
    Inline,
}

/// How many threads read.
const READERS: usize = 4;

impl Work {
    /// How many connections read.
    pub(super) const fn readers(self) -> usize {
        match self {
            Self::Threads => READERS,
            Self::Inline => 1,
        }
    }
}

pub(super) enum Workers {
    Threads(Threads),
    Inline(Box<Inline>),
}

pub(super) struct Threads {
    jobs: Mutex<Option<Sender<Job>>>,
    reads: Mutex<Option<Sender<ReadJob>>>,
    readers: Mutex<Vec<JoinHandle<()>>>,
    writer: Mutex<Vec<JoinHandle<()>>>,
}

pub(super) struct Inline {
    writer: Mutex<Option<Writer>>,
    reader: Mutex<Option<Box<dyn Connection>>>,
}

impl Workers {
    pub(super) fn start(work: Work, writer: Writer, mut readers: Vec<Box<dyn Connection>>) -> Result<Self, StoreError> {
        if work == Work::Inline {
            let reader = Mutex::new(readers.pop());
            return Ok(Self::Inline(Box::new(Inline { writer: Mutex::new(Some(writer)), reader })));
        }
        let (reads, readers) = readers::start(readers)?;
        let (jobs, receive) = mpsc::channel();
        let thread = std::thread::Builder::new()
            .name("writer".into())
            .spawn(move || writer.run(&receive))
            .map_err(|error| StoreError::Open(error.to_string()))?;
        let (jobs, reads) = (Mutex::new(Some(jobs)), Mutex::new(Some(reads)));
        Ok(Self::Threads(Threads { jobs, reads, readers: Mutex::new(readers), writer: Mutex::new(vec![thread]) }))
    }

    pub(super) fn write(&self, job: Job) -> Result<(), StoreError> {
        match self {
            Self::Threads(threads) => {
                let jobs = held(&threads.jobs);
                jobs.as_ref().ok_or(StoreError::Closed)?.send(job).map_err(|_| StoreError::Closed)
            }
            Self::Inline(inline) => {
                held(&inline.writer).as_mut().ok_or(StoreError::Closed)?.group(job, || None);
                Ok(())
            }
        }
    }

    pub(super) fn read(&self, job: ReadJob) -> Result<(), StoreError> {
        match self {
            Self::Threads(threads) => {
                let reads = held(&threads.reads);
                reads.as_ref().ok_or(StoreError::Closed)?.send(job).map_err(|_| StoreError::Closed)
            }
            Self::Inline(inline) => {
                readers::read(&mut **held(&inline.reader).as_mut().ok_or(StoreError::Closed)?, job);
                Ok(())
            }
        }
    }

    /// The threads end when their channels close. The writer goes last and alone: only the last connection of a file
    /// puts its log into it, and of two that close at once each takes the other for one that stays.
    pub(super) fn close(&self) {
        match self {
            Self::Threads(threads) => {
                held(&threads.reads).take();
                join(std::mem::take(&mut *held(&threads.readers)));
                held(&threads.jobs).take();
                join(std::mem::take(&mut *held(&threads.writer)));
            }
            Self::Inline(inline) => {
                held(&inline.reader).take();
                held(&inline.writer).take();
            }
        }
    }
}

fn held<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Waits for threads to end.
pub(super) fn join(threads: impl IntoIterator<Item = JoinHandle<()>>) {
    let here = std::thread::current().id();
    for thread in threads {
        // The last handle may live in a job: a thread cannot wait for itself.
        if thread.thread().id() != here && thread.join().is_err() {
            tracing::error!("a thread of the store panicked");
        }
    }
}
