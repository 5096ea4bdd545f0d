//! The ledger: every operation that was decided, for ever.

use super::{Fate, Place};
use crate::params;
use crate::storage::{Row, Sql, StoreError, Tx, Value};
use domain::{OperationId, UserId};
use wire::problem::Rejection;

/// What is remembered of an operation.
pub(super) struct Entry {
    pub(super) actor: UserId,
    /// `None`: withdrawn before it came.
    pub(super) hash: Option<Vec<u8>>,
    pub(super) fate: Fate,
}

/// What an operation is remembered by.
pub(super) struct Deed<'a> {
    pub(super) id: OperationId,
    pub(super) actor: UserId,
    pub(super) hash: Option<&'a [u8]>,
    pub(super) replaces: Option<OperationId>,
}

/// The entry of an operation, if it was decided before.
pub(super) fn find(tx: &mut Tx<'_>, id: OperationId) -> Result<Option<Entry>, StoreError> {
    #[cfg(feature = "sabotage")]
    if crate::sabotage::ledger_is_off() {
        return Ok(None);
    }
    read(tx, id)
}

/// [`find`], whatever the sabotage: the order inside a lane does not depend on it.
pub(super) fn read(tx: &mut Tx<'_>, id: OperationId) -> Result<Option<Entry>, StoreError> {
    let row = tx.first("SELECT actor, hash, outcome, rejection, position FROM ledger WHERE id = $1", params![id])?;
    row.map(|row| entry(tx, id, &row)).transpose()
}

/// The operation that was sent in place of `replaced`, if one was.
pub(super) fn replacement(tx: &mut Tx<'_>, replaced: OperationId) -> Result<Option<OperationId>, StoreError> {
    let row = tx.first(
        "SELECT id FROM ledger WHERE replaces = $1 ORDER BY decided_ms DESC, id DESC LIMIT 1",
        params![replaced],
    )?;
    row.map(|row| row.get(0)).transpose()
}

/// Remembers an operation. Its position is filled in when the group commits.
pub(super) fn record(tx: &mut Tx<'_>, deed: &Deed<'_>, fate: &Fate) -> Result<(), StoreError> {
    let (outcome, rejection) = match fate {
        Fate::Applied(_) => ("applied", Value::Null),
        Fate::Rejected(rejection, _) => ("rejected", Value::json(rejection)?),
        Fate::Withdrawn(_) => ("withdrawn", Value::Null),
        // Nothing was decided.
        Fate::Held(_) | Fate::OutOfOrder | Fate::FilesMissing(_) | Fate::Failed | Fate::IdTaken => return Ok(()),
    };
    let now = tx.now_ms();
    tx.execute(INSERT, params![deed.id, deed.actor, deed.hash, outcome, rejection, deed.replaces, now])?;
    Ok(())
}

#[cfg(not(feature = "sabotage"))]
const INSERT: &str = "INSERT INTO ledger (id, actor, hash, outcome, rejection, replaces, decided_ms)
     VALUES ($1, $2, $3, $4, $5, $6, $7)";
/// Without the look-up a second delivery would stop here; the sabotage shall go through.
#[cfg(feature = "sabotage")]
const INSERT: &str = "INSERT INTO ledger (id, actor, hash, outcome, rejection, replaces, decided_ms)
     VALUES ($1, $2, $3, $4, $5, $6, $7)
     ON CONFLICT (id) DO UPDATE SET outcome = excluded.outcome, rejection = excluded.rejection";

fn entry(tx: &Tx<'_>, id: OperationId, row: &Row) -> Result<Entry, StoreError> {
    let place = match row.get::<Option<i64>>(4)? {
        Some(position) => Place::Known(position),
        // Decided earlier in this very group.
        None => tx.ticket_of(id).map(Place::Pending).ok_or(StoreError::Column(4))?,
    };
    let outcome: String = row.get(2)?;
    let fate = match outcome.as_str() {
        "applied" => Fate::Applied(place),
        "rejected" => Fate::Rejected(row.json::<Rejection>(3)?, place),
        "withdrawn" => Fate::Withdrawn(place),
        _ => return Err(StoreError::Column(2)),
    };
    Ok(Entry { actor: row.get(0)?, hash: row.get(1)?, fate })
}
