//! What changed, page by page; every query is scoped by who asks.

mod horizon;

pub use horizon::prune;

use crate::failure::Failure;
use crate::params;
use crate::storage::{Head, Row as Columns, Sql, StoreError, Value};
use crate::{accounts, staff, storage};
use domain::UserId;
use uuid::Uuid;
use wire::feed::{Change, Cursor, Page, Row, Scope, Snapshot, Versioned};
use wire::problem::Code;

/// Everything the person sees.
pub fn scopes(sql: &mut dyn Sql, user: UserId) -> Result<Vec<Scope>, StoreError> {
    // Who works here has no accounts under this login.
    if let Some(member) = staff::at_work(sql, user)? {
        return Ok([Scope::Public, Scope::User(user)].into_iter().chain(member.scopes()).collect());
    }
    let attached = accounts::attached(sql, user)?;
    let mut houses: Vec<_> = attached.iter().map(|(_, house)| *house).collect();
    houses.sort_unstable();
    houses.dedup();
    let accounts = attached.into_iter().map(|(account, _)| Scope::Account(account));
    Ok([Scope::Public, Scope::User(user)]
        .into_iter()
        .chain(accounts)
        .chain(houses.into_iter().map(Scope::House))
        .collect())
}

/// The rows after a cursor, at most `limit`.
pub fn page(sql: &mut dyn Sql, user: UserId, cursor: &Cursor, limit: u32) -> Result<Page, Failure> {
    let limit = limit.clamp(1, wire::MAX_PAGE) as usize;
    let head = Head::read(sql)?;
    verify(sql, &head, cursor)?;
    let mut rows: Vec<(Row, Uuid)> = Vec::new();
    for scope in scopes(sql, user)? {
        let found = sql.query(
            "SELECT seq, name, operation, change FROM feed WHERE scope = $1 AND seq > $2 ORDER BY seq LIMIT $3",
            params![scope, cursor.seq, i64::from(wire::MAX_PAGE).min(limit as i64) + 1],
        )?;
        for row in found {
            let change: Change = row.json(3)?;
            rows.push((Row { seq: row.get(0)?, scope, operation: row.get(2)?, change }, row.get(1)?));
        }
    }
    rows.sort_unstable_by_key(|(row, _)| row.seq);
    let more = rows.len() > limit;
    rows.truncate(limit);
    let (through, name) = match rows.last() {
        Some((row, name)) if more => (row.seq, *name),
        _ => (head.seq, head.name),
    };
    let rows = rows.into_iter().map(|(row, _)| row).collect();
    Ok(Page { rows, through, name, more, backed_up: head.backed_up })
}

/// All entities of a scope, page by page.
pub fn snapshot(
    sql: &mut dyn Sql,
    user: UserId,
    scope: Scope,
    after: Option<Uuid>,
    limit: u32,
) -> Result<Snapshot, Failure> {
    if !scopes(sql, user)?.contains(&scope) {
        return Err(Code::NotYours.into());
    }
    let limit = i64::from(limit.clamp(1, wire::MAX_PAGE));
    let head = Head::read(sql)?;
    let after = after.map_or(Value::Text(String::new()), Value::from);
    let mut rows: Vec<Columns> = sql.query(
        // A row without an entity points to a bill ([`crate::bills`]).
        "SELECT mirror.id, mirror.version, CASE WHEN mirror.entity = '' THEN bills.state ELSE mirror.entity END
         FROM mirror LEFT JOIN bills ON bills.id = mirror.id
         WHERE mirror.scope = $1 AND mirror.id > $2 ORDER BY mirror.id LIMIT $3",
        &[Value::from(scope), after, Value::Int(limit + 1)],
    )?;
    let more = rows.len() as i64 > limit;
    rows.truncate(limit as usize);
    let next = if more { rows.last().map(|row| row.get(0)).transpose()? } else { None };
    let entities = rows
        .iter()
        .map(|row| Ok(Versioned { version: row.get(1)?, entity: row.json(2)? }))
        .collect::<Result<Vec<_>, StoreError>>()?;
    Ok(Snapshot { epoch: head.epoch, entities, next, through: head.seq, name: head.name })
}

/// The last position in any of the scopes; 0 when there is none.
pub fn last_position(sql: &mut dyn Sql, scopes: &[Scope]) -> Result<i64, StoreError> {
    let mut last = 0;
    for scope in scopes {
        let row = sql.first("SELECT seq FROM feed WHERE scope = $1 ORDER BY seq DESC LIMIT 1", params![*scope])?;
        last = last.max(row.map(|row| row.get(0)).transpose()?.unwrap_or(0));
    }
    Ok(last)
}

/// A cursor must lie in this database: same life, and the row it stands on has the name it knows.
fn verify(sql: &mut dyn Sql, head: &storage::Head, cursor: &Cursor) -> Result<(), Failure> {
    if cursor.epoch != head.epoch || cursor.seq > head.seq {
        return Err(Code::EpochChanged.into());
    }
    if cursor.seq < head.horizon {
        return Err(Code::SnapshotNeeded.into());
    }
    let name = match cursor.seq {
        0 => Uuid::nil(),
        seq if seq == head.seq => head.name,
        seq => {
            let row = sql.first("SELECT name FROM feed WHERE seq = $1", params![seq])?;
            row.ok_or(Code::EpochChanged)?.get(0)?
        }
    };
    if name == cursor.name { Ok(()) } else { Err(Code::EpochChanged.into()) }
}
