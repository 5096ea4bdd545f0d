//! The one that writes: all jobs that wait share a transaction.

use super::publish::publish;
use super::store::Stats;
use super::tx::{Pending, Tx};
use super::{Connection, StoreError};
use crate::clock::Clock;
use crate::random::Ids;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};
use tokio::sync::broadcast;
use wire::feed::Scope;

/// Told the position before the group's first row, or why nothing was stored.
pub(super) type Finish = Box<dyn FnOnce(Result<i64, StoreError>) + Send>;
/// Runs in a savepoint of the group; what it returns is called after the commit.
pub(super) type Job = Box<dyn FnOnce(Result<&mut Tx<'_>, StoreError>) -> Finish + Send>;
/// The scopes that got rows, with their last positions.
pub(super) type Wakes = Arc<Vec<(Scope, i64)>>;

/// A group ends when nothing waits, or here: those who wait for its commit shall not wait long.
const GROUP_JOBS: usize = 256;

pub(super) struct Writer {
    pub(super) database: Box<dyn Connection>,
    pub(super) wakes: broadcast::Sender<Wakes>,
    pub(super) stats: Arc<Stats>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) ids: Arc<Ids>,
    /// After this long a group takes no more jobs, for the same reason.
    pub(super) group_time: Duration,
}

impl Writer {
    /// Works until the last handle of the store is gone.
    pub(super) fn run(mut self, jobs: &Receiver<Job>) {
        while let Ok(first) = jobs.recv() {
            self.group(first, || jobs.try_recv().ok());
        }
    }

    /// One transaction: `first`, and those that wait.
    pub(super) fn group(&mut self, first: Job, waiting: impl FnMut() -> Option<Job>) {
        let mut finishes = Vec::new();
        let result = self.commit_group(first, waiting, &mut finishes);
        let base = match result {
            Ok((base, wakes)) => {
                // Nobody listening is not a failure.
                if !wakes.is_empty() {
                    let _ = self.wakes.send(Arc::new(wakes));
                }
                Ok(base)
            }
            Err(error) => {
                tracing::error!(%error, "a group of writes was not committed");
                // When the beginning failed, or the database rolled back by itself, there is nothing to roll back.
                let _ = self.database.roll_back();
                Err(match error {
                    StoreError::Sql(why) => StoreError::Commit(why),
                    other => other,
                })
            }
        };
        for finish in finishes {
            finish(base.clone());
        }
    }

    fn commit_group(
        &mut self,
        first: Job,
        mut waiting: impl FnMut() -> Option<Job>,
        finishes: &mut Vec<Finish>,
    ) -> Result<(i64, Vec<(Scope, i64)>), StoreError> {
        let mut pending: Vec<Pending> = Vec::new();
        let begin = self.database.begin_writing();
        // Not before: behind another process's group the jobs would go one by one just when most of them wait.
        let began = Instant::now();
        let mut next = Some(first);
        while let Some(job) = next {
            let mut tx = Tx::new(&mut *self.database, &mut pending, self.clock.now_ms(), &self.ids);
            // Outside a transaction a savepoint would commit by itself: then no job may run.
            finishes.push(match &begin {
                Ok(_) => job(Ok(&mut tx)),
                Err(error) => job(Err(error.clone())),
            });
            if begin.is_ok() && !self.database.in_transaction() {
                // What the jobs before wrote is gone too, so nobody in this group may hear that it is stored.
                return Err(StoreError::lost());
            }
            let full = finishes.len() >= GROUP_JOBS || began.elapsed() >= self.group_time;
            next = if full { None } else { waiting() };
        }
        begin?;
        let base = publish(&mut *self.database, &pending, self.clock.now_ms(), &self.ids)?;
        if !pending.is_empty() {
            self.database.announce(base, base + i64::try_from(pending.len()).unwrap_or(0))?;
        }
        self.database.commit()?;
        self.stats.jobs.fetch_add(finishes.len() as u64, Ordering::Relaxed);
        self.stats.commits.fetch_add(1, Ordering::Relaxed);
        // Only when nobody else wrote in between: else the look for neighbours' rows wakes for theirs too.
        let last = base + i64::try_from(pending.len()).unwrap_or(0);
        let _ = self.stats.seq.compare_exchange(base, last, Ordering::AcqRel, Ordering::Relaxed);
        // An import may bring rows for a hundred thousand scopes.
        let wakes: BTreeMap<Scope, i64> = (base + 1..).zip(&pending).map(|(seq, row)| (row.scope, seq)).collect();
        Ok((base, wakes.into_iter().collect()))
    }
}
