//! Old rows of the feed go; who was away longer takes a snapshot.

use crate::params;
use crate::storage::{Head, Sql, StoreError, Tx};

/// At most so many in one transaction.
const AT_ONCE: i64 = 5_000;

/// Prunes rows made before `before_ms`; how many. The row at the horizon stays, because cursors are checked by its name.
pub fn prune(tx: &mut Tx<'_>, before_ms: i64) -> Result<u64, StoreError> {
    let head = Head::read(tx)?;
    // The limit stands inside: while nothing is old, the whole feed would be read in vain every minute.
    let row = tx.first(
        "SELECT MAX(seq) FROM (SELECT seq, at_ms FROM feed WHERE seq >= $1 ORDER BY seq LIMIT $3) AS first WHERE at_ms < $2",
        params![head.horizon, before_ms, AT_ONCE],
    )?;
    let Some(horizon) = row.and_then(|row| row.get::<Option<i64>>(0).transpose()).transpose()? else { return Ok(0) };
    if horizon <= head.horizon {
        return Ok(0);
    }
    tx.execute("UPDATE head SET horizon = $1 WHERE one = 1", params![horizon])?;
    tx.execute("DELETE FROM feed WHERE seq < $1", params![horizon])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SetClock;
    use crate::storage::testing::Place;
    use crate::storage::{Store, StorePorts};
    use std::sync::Arc;

    /// A feed of `young` rows with one old row at the end, as after a clock that was set back.
    fn feed(young: i64) -> (Store, Place) {
        let place = Place::new();
        let store = Store::open(&place.database(), StorePorts::with_clock(Arc::new(SetClock::new(1)))).expect("opened");
        let filled = store.write_blocking(move |tx| {
            tx.execute(
                "WITH RECURSIVE number (seq) AS (SELECT 1 UNION ALL SELECT seq + 1 FROM number WHERE seq <= $1)
                 INSERT INTO feed (seq, name, scope, change, at_ms)
                 SELECT seq, 'name', 'public', '{}', CASE WHEN seq <= $1 THEN 200 ELSE 50 END FROM number",
                params![young],
            )
        });
        filled.expect("filled");
        (store, place)
    }

    #[test]
    fn a_minute_looks_at_no_more_rows_than_it_may_prune() {
        let (near, _place) = feed(10);
        assert_eq!(near.write_blocking(|tx| prune(tx, 100)).expect("pruned").value, 10);
        let (far, _place) = feed(AT_ONCE);
        assert_eq!(far.write_blocking(|tx| prune(tx, 100)).expect("looked").value, 0);
    }
}
