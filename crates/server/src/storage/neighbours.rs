//! Rows that another process wrote (an import beside the running server): their readers are woken too.

use super::store::Store;
use super::{Head, Sql, StoreError};
use crate::params;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use wire::feed::Scope;

impl Store {
    /// Looks for rows that did not come through this store, and wakes whom they concern.
    pub async fn wake_for_neighbours(&self) -> Result<(), StoreError> {
        let known = self.inner.stats.seq.load(Ordering::Acquire);
        let (head, rows) = self
            .read(move |sql| {
                let head = Head::read(sql)?.seq;
                let rows = if head > known { scopes_after(sql, known)? } else { Vec::new() };
                Ok::<_, StoreError>((head, rows))
            })
            .await?;
        self.inner.stats.seq.fetch_max(head, Ordering::AcqRel);
        if !rows.is_empty() {
            // Nobody listening is not a failure.
            let _ = self.inner.wakes.send(Arc::new(rows));
        }
        Ok(())
    }
}

fn scopes_after(sql: &mut dyn Sql, seq: i64) -> Result<Vec<(Scope, i64)>, StoreError> {
    let rows = sql.query("SELECT scope, MAX(seq) FROM feed WHERE seq > $1 GROUP BY scope", params![seq])?;
    rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
}
