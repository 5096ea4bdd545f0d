//! How often one may try. Counted in the database, so that a restart forgives nothing.

use crate::params;
use crate::storage::{Sql, StoreError, Tx};
use std::net::{IpAddr, Ipv6Addr};

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
             since_ms = CASE WHEN CAST($4 AS BIGINT) = 1 THEN $3 ELSE limits.since_ms END",
        params![limit.thing, key, now, counter.count + 1],
    )?;
    Ok(Try::Counted { left: u32::try_from(left).unwrap_or(0) })
}

/// Seconds until the next try of `key`, if all are used up. Counts nothing.
pub fn closed_for_s(tx: &mut Tx<'_>, limit: Limit, key: &str) -> Result<Option<u64>, StoreError> {
    let counter = read(tx, limit, key)?;
    let closed = counter.count >= i64::from(limit.most);
    Ok(closed.then(|| seconds(counter.last_ms + limit.window_ms - tx.now_ms())))
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

/// The key under which an address is counted. Whoever has one IPv6 address has its whole /64.
pub fn network(origin: &str) -> String {
    match origin.parse::<IpAddr>().map(|address| address.to_canonical()) {
        Ok(IpAddr::V6(address)) => {
            let network = Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX));
            format!("{network}/64")
        }
        Ok(address) => address.to_string(),
        Err(_) => origin.to_owned(),
    }
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

#[cfg(test)]
mod tests {
    use super::network;

    #[test]
    fn an_ipv6_host_cannot_count_anew_with_another_address_of_its_network() {
        assert_eq!(network("2001:db8:1:2::1"), network("2001:db8:1:2:ffff:ffff:ffff:ffff"));
        assert_ne!(network("2001:db8:1:2::1"), network("2001:db8:1:3::1"));
    }

    #[test]
    fn ipv4_hosts_are_counted_apart_however_their_address_is_written() {
        assert_eq!(network("::ffff:203.0.113.7"), network("203.0.113.7"));
        assert_ne!(network("::ffff:203.0.113.7"), network("::ffff:203.0.113.8"));
        assert_eq!(network("unknown"), "unknown");
    }
}
