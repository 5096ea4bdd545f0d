//! Old rows of the feed go; who was away longer takes a snapshot.

use crate::params;
use crate::storage::{Head, Sql, StoreError, Tx};

/// At most so many in one transaction.
const AT_ONCE: i64 = 5_000;

/// Prunes rows made before `before_ms`; how many. The row at the horizon stays, because cursors are checked by its name.
pub fn prune(tx: &mut Tx<'_>, before_ms: i64) -> Result<u64, StoreError> {
    let head = Head::read(tx)?;
    let row = tx.first(
        "SELECT MAX(seq) FROM (SELECT seq FROM feed WHERE seq >= $1 AND at_ms < $2 ORDER BY seq LIMIT $3) AS old",
        params![head.horizon, before_ms, AT_ONCE],
    )?;
    let Some(horizon) = row.and_then(|row| row.get::<Option<i64>>(0).transpose()).transpose()? else { return Ok(0) };
    if horizon <= head.horizon {
        return Ok(0);
    }
    tx.execute("UPDATE head SET horizon = $1 WHERE one = 1", params![horizon])?;
    tx.execute("DELETE FROM feed WHERE seq < $1", params![horizon])
}
