//! Rows that another process wrote (an import beside the running server, a second server): their readers are woken too.

use super::store::{Inner, Store};
use super::{Head, Sql, StoreError};
use crate::params;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Weak};
use wire::feed::Scope;

/// A store whose readers are woken. Does not keep it open.
#[derive(Clone)]
pub(super) struct Neighbours(Weak<Inner>);

impl Store {
    /// Looks for rows that did not come through this store, and wakes whom they concern.
    pub async fn wake_for_neighbours(&self) -> Result<(), StoreError> {
        let known = self.inner.stats.seq.load(Ordering::Acquire);
        let (head, rows) = self
            .read(move |sql| {
                let head = Head::read(sql)?.seq;
                let rows = if head > known { scopes_between(sql, known, head)? } else { Vec::new() };
                Ok::<_, StoreError>((head, rows))
            })
            .await?;
        self.inner.stats.seq.fetch_max(head, Ordering::AcqRel);
        self.wake(rows);
        Ok(())
    }

    fn wake(&self, rows: Vec<(Scope, i64)>) {
        if !rows.is_empty() {
            // Nobody listening is not a failure.
            let _ = self.inner.wakes.send(Arc::new(rows));
        }
    }
}

impl Neighbours {
    pub(super) fn of(store: &Store) -> Self {
        Self(Arc::downgrade(&store.inner))
    }

    /// [`Store::wake_for_neighbours`], after something may have been missed.
    pub(super) async fn look(&self) -> Result<(), StoreError> {
        match self.0.upgrade() {
            Some(inner) => Store { inner }.wake_for_neighbours().await,
            None => Ok(()),
        }
    }

    /// Another process has committed the rows after one position up to another.
    pub(super) async fn announced(&self, after: i64, last: i64) -> Result<(), StoreError> {
        let Some(inner) = self.0.upgrade() else { return Ok(()) };
        let store = Store { inner };
        let rows = store.read(move |sql| scopes_between(sql, after, last)).await?;
        // Where they follow what was known, the next look need not find them again.
        let _ = store.inner.stats.seq.compare_exchange(after, last, Ordering::AcqRel, Ordering::Relaxed);
        store.wake(rows);
        Ok(())
    }
}

fn scopes_between(sql: &mut dyn Sql, after: i64, last: i64) -> Result<Vec<(Scope, i64)>, StoreError> {
    let rows = sql.query(
        "SELECT scope, MAX(seq) FROM feed WHERE seq > $1 AND seq <= $2 GROUP BY scope ORDER BY scope",
        params![after, last],
    )?;
    rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
}
