//! The last step of a group: its rows get their positions in the feed.

use super::tx::{Pending, Said};
use super::{Sql, StoreError, Value};
use crate::params;
use crate::random::Ids;
use domain::Epoch;
use std::borrow::Cow;
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
    pub(super) fn ensure(sql: &mut dyn Sql, ids: &Ids) -> Result<(), StoreError> {
        sql.execute(
            "INSERT INTO head (one, epoch, seq, name, horizon, backed_up) VALUES (1, $1, 0, $2, 0, 0) ON CONFLICT (one) DO NOTHING",
            params![ids.v4(), Uuid::nil()],
        )?;
        Ok(())
    }
}

/// Writes the rows; the position before the first of them.
pub(super) fn publish(sql: &mut dyn Sql, pending: &[Pending], now_ms: i64, ids: &Ids) -> Result<i64, StoreError> {
    if pending.is_empty() {
        return Ok(0);
    }
    let count = i64::try_from(pending.len()).unwrap_or(i64::MAX);
    let names: Vec<Uuid> = pending.iter().map(|_| ids.v4()).collect();
    let head = sql
        .first(
            "UPDATE head SET seq = seq + $1, name = $2 WHERE one = 1 RETURNING seq",
            params![count, names.last().copied().unwrap_or_default()],
        )?
        .ok_or_else(|| StoreError::Open("the head of the feed is missing".into()))?;
    let base = head.get::<i64>(0)? - count;
    let mut written = Written::default();
    for ((seq, name), row) in (base + 1..).zip(names).zip(pending) {
        written.row(sql, seq, name, row, now_ms)?;
    }
    written.flush(sql)?;
    Ok(base)
}

impl Said {
    fn change(&self, sql: &mut dyn Sql) -> Result<Cow<'_, Change>, StoreError> {
        match self {
            Self::Now(change) => Ok(Cow::Borrowed(change)),
            Self::Later(stored, id) => Ok(Cow::Owned(match (stored.read)(sql, *id)? {
                Some(entity) => Change::Put { entity },
                None => Change::Gone { kind: stored.kind.to_owned(), id: *id },
            })),
        }
    }
}

/// An import may bring a hundred thousand rows: so many of them are held at once.
const AT_ONCE: usize = 1_000;

/// What the rows of a group come to: few statements, many values.
#[derive(Default)]
struct Written {
    rows: usize,
    feed: Vec<Value>,
    settled: Vec<Value>,
    /// Changes of the mirror that follow each other; only one of the two holds any.
    put: Vec<Value>,
    gone: Vec<Value>,
}

impl Written {
    fn row(&mut self, sql: &mut dyn Sql, seq: i64, name: Uuid, row: &Pending, now_ms: i64) -> Result<(), StoreError> {
        if self.rows == AT_ONCE {
            self.flush(sql)?;
        }
        self.rows += 1;
        let said = row.said.change(sql)?;
        let change = Value::json(&*said)?;
        self.feed.extend([seq.into(), name.into(), row.scope.into(), row.operation.into(), change, now_ms.into()]);
        if let Some(operation) = row.operation {
            self.settled.extend([operation.into(), seq.into()]);
        }
        self.mirror(sql, row.scope, seq, &said)
    }

    fn flush(&mut self, sql: &mut dyn Sql) -> Result<(), StoreError> {
        self.flush_mirror(sql)?;
        sql.execute_each(
            "INSERT INTO feed (seq, name, scope, operation, change, at_ms) VALUES ($1, $2, $3, $4, $5, $6)",
            6,
            &self.feed,
        )?;
        sql.execute_each("UPDATE ledger SET position = $2 WHERE id = $1", 2, &self.settled)?;
        self.feed.clear();
        self.settled.clear();
        self.rows = 0;
        Ok(())
    }

    fn mirror(&mut self, sql: &mut dyn Sql, scope: Scope, seq: i64, change: &Change) -> Result<(), StoreError> {
        match change {
            Change::Put { entity } => {
                if !self.gone.is_empty() {
                    self.flush_mirror(sql)?;
                }
                let json = Value::json(entity)?;
                self.put.extend([scope.into(), entity.id().into(), entity.kind().into(), seq.into(), json]);
            }
            Change::Gone { id, .. } => {
                if !self.put.is_empty() {
                    self.flush_mirror(sql)?;
                }
                self.gone.extend([scope.into(), (*id).into()]);
            }
            Change::Granted { .. } | Change::Revoked { .. } | Change::Decided => {}
        }
        Ok(())
    }

    fn flush_mirror(&mut self, sql: &mut dyn Sql) -> Result<(), StoreError> {
        sql.execute_each(
            "INSERT INTO mirror (scope, id, kind, version, entity) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (scope, id) DO UPDATE SET kind = excluded.kind, version = excluded.version, entity = excluded.entity",
            5,
            &self.put,
        )?;
        sql.execute_each("DELETE FROM mirror WHERE scope = $1 AND id = $2", 2, &self.gone)?;
        self.put.clear();
        self.gone.clear();
        Ok(())
    }
}
