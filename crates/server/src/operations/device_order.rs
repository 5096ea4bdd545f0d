//! A device restored from a copy mints numbers that were used: that shows here.

use crate::failure::Failure;
use crate::params;
use crate::storage::{Sql, StoreError, Tx};
use domain::{Incarnation, OperationId, UserId};
use std::collections::HashMap;
use wire::problem::Code;

/// Places up to so far apart are read by one statement.
const NEAR: i64 = 8;

/// Refuses the whole batch when one of its operations stands where another one stood.
///
/// Only operations minted in the life that sends are looked at: after a conflict the device takes a new life and
/// sends what is left of the old one under the old ids.
pub(super) fn check(
    tx: &mut Tx<'_>,
    actor: UserId,
    incarnation: Incarnation,
    operations: &[(u64, OperationId)],
) -> Result<(), Failure> {
    let stored = stored(tx, actor, incarnation, operations)?;
    let mut seen: HashMap<u64, OperationId> = HashMap::new();
    let mut new = Vec::new();
    for (device_seq, id) in operations {
        let here = seen.insert(*device_seq, *id);
        let there = stored.get(&number(*device_seq)).copied();
        if [here, there].into_iter().flatten().any(|other| other != *id) {
            return Err(Code::IncarnationConflict.into());
        }
        if here.or(there).is_none() {
            new.extend([actor.into(), incarnation.into(), number(*device_seq).into(), (*id).into()]);
        }
    }
    tx.execute_each(
        "INSERT INTO device_order (actor, incarnation, device_seq, operation) VALUES ($1, $2, $3, $4)
         ON CONFLICT (actor, incarnation, device_seq) DO NOTHING",
        4,
        &new,
    )?;
    Ok(())
}

/// What stands in the places of these operations, or between them. Those of a batch mostly follow each other; where one
/// that was held for long goes with new ones, what lies between is not read.
fn stored(
    tx: &mut Tx<'_>,
    actor: UserId,
    incarnation: Incarnation,
    operations: &[(u64, OperationId)],
) -> Result<HashMap<i64, OperationId>, StoreError> {
    let mut places: Vec<i64> = operations.iter().map(|(device_seq, _)| number(*device_seq)).collect();
    places.sort_unstable();
    let mut stored = HashMap::new();
    for near in places.chunk_by(|one, next| next.saturating_sub(*one) <= NEAR) {
        let (Some(first), Some(last)) = (near.first(), near.last()) else { continue };
        let rows = tx.query(
            "SELECT device_seq, operation FROM device_order
             WHERE actor = $1 AND incarnation = $2 AND device_seq >= $3 AND device_seq <= $4",
            params![actor, incarnation, *first, *last],
        )?;
        for row in rows {
            stored.insert(row.get(0)?, row.get(1)?);
        }
    }
    Ok(stored)
}

fn number(device_seq: u64) -> i64 {
    i64::try_from(device_seq).unwrap_or(i64::MAX)
}
