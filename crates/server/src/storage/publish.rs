//! The last step of a group: its rows get their positions in the feed.

use super::tx::Pending;
use super::{Sql, StoreError, Value};
use crate::params;
use domain::{Epoch, OperationId};
use uuid::Uuid;
use wire::feed::{Change, Scope};

/// The end of the feed, and the life of the database.
#[derive(Debug, Clone, Copy)]
pub struct Head {
    /// The database's life.
    pub epoch: Epoch,
    /// The last position.
    pub seq: i64,
    /// The name of the row there; nil before the first.
    pub name: Uuid,
    /// Positions below this one were pruned.
    pub horizon: i64,
    /// Positions up to here are in a backup.
    pub backed_up: i64,
}

impl Head {
    /// Reads it.
    pub fn read(sql: &mut dyn Sql) -> Result<Self, StoreError> {
        let row = sql
            .first("SELECT epoch, seq, name, horizon, backed_up FROM head WHERE one = 1", &[])?
            .ok_or_else(|| StoreError::Open("the head of the feed is missing".into()))?;
        let (epoch, seq, name) = (row.get(0)?, row.get(1)?, row.get(2)?);
        Ok(Self { epoch, seq, name, horizon: row.get(3)?, backed_up: row.get(4)? })
    }

    /// Makes the one row in a new database.
    pub(super) fn ensure(sql: &mut dyn Sql) -> Result<(), StoreError> {
        sql.execute(
            "INSERT INTO head (one, epoch, seq, name, horizon, backed_up) VALUES (1, $1, 0, $2, 0, 0) ON CONFLICT (one) DO NOTHING",
            params![Uuid::new_v4(), Uuid::nil()],
        )?;
        Ok(())
    }
}

/// Writes the rows; the position before the first of them.
pub(super) fn publish(sql: &mut dyn Sql, pending: &[Pending], now_ms: i64) -> Result<i64, StoreError> {
    if pending.is_empty() {
        return Ok(0);
    }
    let count = i64::try_from(pending.len()).unwrap_or(i64::MAX);
    let names: Vec<Uuid> = pending.iter().map(|_| Uuid::new_v4()).collect();
    let head = sql
        .first(
            "UPDATE head SET seq = seq + $1, name = $2 WHERE one = 1 RETURNING seq",
            params![count, names.last().copied().unwrap_or_default()],
        )?
        .ok_or_else(|| StoreError::Open("the head of the feed is missing".into()))?;
    let base = head.get::<i64>(0)? - count;
    for ((seq, name), row) in (base + 1..).zip(names).zip(pending) {
        sql.execute(
            "INSERT INTO feed (seq, name, scope, operation, change, at_ms) VALUES ($1, $2, $3, $4, $5, $6)",
            params![seq, name, row.scope, row.operation, Value::json(&row.change)?, now_ms],
        )?;
        mirror(sql, row.scope, seq, &row.change)?;
        if let Some(operation) = row.operation {
            settle(sql, operation, seq)?;
        }
    }
    Ok(base)
}

fn mirror(sql: &mut dyn Sql, scope: Scope, seq: i64, change: &Change) -> Result<(), StoreError> {
    match change {
        Change::Put { entity } => sql.execute(
            "INSERT INTO mirror (scope, id, kind, version, entity) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (scope, id) DO UPDATE SET kind = excluded.kind, version = excluded.version, entity = excluded.entity",
            params![scope, entity.id(), entity.kind(), seq, Value::json(entity)?],
        )?,
        Change::Gone { id, .. } => {
            sql.execute("DELETE FROM mirror WHERE scope = $1 AND id = $2", params![scope, *id])?
        }
        Change::Granted { .. } | Change::Revoked { .. } | Change::Decided => 0,
    };
    Ok(())
}

fn settle(sql: &mut dyn Sql, operation: OperationId, seq: i64) -> Result<(), StoreError> {
    sql.execute("UPDATE ledger SET position = $2 WHERE id = $1", params![operation, seq])?;
    Ok(())
}
