//! How often one may try. Counted in the database, so that a restart forgives nothing.

use crate::params;
use crate::storage::{Sql, StoreError, Tx};

/// So many in so long.
#[derive(Debug, Clone, Copy)]
pub struct Limit {
    /// What is counted.
    pub thing: &'static str,
    /// How many are free.
    pub most: u32,
    /// In how long, and for how long it is closed after the last one.
    pub window_ms: i64,
}

/// The answer to a try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Try {
    /// It was counted; so many are left.
    Counted {
        /// How many more before the lock.
        left: u32,
    },
    /// All are used up.
    Locked {
        /// Seconds until the next.
        retry_after_s: u64,
    },
}

struct Counter {
    count: i64,
    last_ms: i64,
}

/// Counts a try of `key`, unless all are used up.
pub fn count(tx: &mut Tx<'_>, limit: Limit, key: &str) -> Result<Try, StoreError> {
    let now = tx.now_ms();
    let counter = read(tx, limit, key)?;
    if counter.count >= i64::from(limit.most) {
        return Ok(Try::Locked { retry_after_s: seconds(counter.last_ms + limit.window_ms - now) });
    }
    let left = i64::from(limit.most) - counter.count - 1;
    tx.execute(
        "INSERT INTO limits (thing, key, count, since_ms, last_ms) VALUES ($1, $2, 1, $3, $3)
         ON CONFLICT (thing, key) DO UPDATE SET count = $4, last_ms = $3,
             since_ms = CASE WHEN $4 = 1 THEN $3 ELSE limits.since_ms END",
        params![limit.thing, key, now, counter.count + 1],
    )?;
    Ok(Try::Counted { left: u32::try_from(left).unwrap_or(0) })
}

/// Milliseconds since the last counted try of `key`, if one is remembered.
pub fn since_last(tx: &mut Tx<'_>, thing: &str, key: &str) -> Result<Option<i64>, StoreError> {
    let now = tx.now_ms();
    let row = tx.first("SELECT last_ms FROM limits WHERE thing = $1 AND key = $2", params![thing, key])?;
    row.map(|row| row.get::<i64>(0).map(|last| now - last)).transpose()
}

/// Forgets all tries of `key`: it succeeded.
pub fn forgive(tx: &mut Tx<'_>, thing: &str, key: &str) -> Result<(), StoreError> {
    tx.execute("DELETE FROM limits WHERE thing = $1 AND key = $2", params![thing, key])?;
    Ok(())
}

/// Takes one try back: it was not the caller's fault that it failed.
pub fn refund(tx: &mut Tx<'_>, thing: &str, key: &str) -> Result<(), StoreError> {
    tx.execute("UPDATE limits SET count = count - 1 WHERE thing = $1 AND key = $2 AND count > 0", params![thing, key])?;
    Ok(())
}

/// [`refund`], and the next try may be made at once.
pub fn forgive_last(tx: &mut Tx<'_>, thing: &str, key: &str) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE limits SET count = count - 1, last_ms = 0 WHERE thing = $1 AND key = $2 AND count > 0",
        params![thing, key],
    )?;
    Ok(())
}

/// Forgets what is long over, so that the table stays small.
pub fn sweep(tx: &mut Tx<'_>) -> Result<(), StoreError> {
    const TWO_DAYS_MS: i64 = 2 * 24 * 3_600_000;
    let before = tx.now_ms() - TWO_DAYS_MS;
    tx.execute("DELETE FROM limits WHERE last_ms < $1", params![before])?;
    Ok(())
}

fn read(tx: &mut Tx<'_>, limit: Limit, key: &str) -> Result<Counter, StoreError> {
    let now = tx.now_ms();
    let row = tx.first(
        "SELECT count, since_ms, last_ms FROM limits WHERE thing = $1 AND key = $2",
        params![limit.thing, key],
    )?;
    let Some(row) = row else { return Ok(Counter { count: 0, last_ms: 0 }) };
    let (count, since_ms, last_ms): (i64, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
    // Below the limit the window runs from the first try; once closed, from the last.
    let from = if count >= i64::from(limit.most) { last_ms } else { since_ms };
    Ok(if now >= from + limit.window_ms { Counter { count: 0, last_ms: 0 } } else { Counter { count, last_ms } })
}

fn seconds(ms: i64) -> u64 {
    u64::try_from(ms).map_or(1, |ms| ms.div_ceil(1000).max(1))
}
