//! A device restored from a copy mints numbers that were used: that shows here.

use crate::failure::Failure;
use crate::params;
use crate::storage::{Sql, StoreError, Tx};
use domain::{Incarnation, OperationId, UserId};
use std::collections::HashMap;
use wire::problem::Code;

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
    let mut seen: HashMap<u64, OperationId> = HashMap::new();
    for (device_seq, id) in operations {
        let here = seen.insert(*device_seq, *id);
        let stored = stored(tx, actor, incarnation, *device_seq)?;
        if here.or(stored).is_some_and(|other| other != *id) || stored.is_some_and(|other| other != *id) {
            return Err(Code::IncarnationConflict.into());
        }
    }
    for (device_seq, id) in operations {
        tx.execute(
            "INSERT INTO device_order (actor, incarnation, device_seq, operation) VALUES ($1, $2, $3, $4)
             ON CONFLICT (actor, incarnation, device_seq) DO NOTHING",
            params![actor, incarnation, number(*device_seq), *id],
        )?;
    }
    Ok(())
}

fn stored(
    tx: &mut Tx<'_>,
    actor: UserId,
    incarnation: Incarnation,
    device_seq: u64,
) -> Result<Option<OperationId>, StoreError> {
    let row = tx.first(
        "SELECT operation FROM device_order WHERE actor = $1 AND incarnation = $2 AND device_seq = $3",
        params![actor, incarnation, number(device_seq)],
    )?;
    row.map(|row| row.get(0)).transpose()
}

fn number(device_seq: u64) -> i64 {
    i64::try_from(device_seq).unwrap_or(i64::MAX)
}
