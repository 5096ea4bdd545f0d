//! Announcements as they are kept.

use crate::params;
use crate::storage::{Sql, StoreError, Tx, Value};
use domain::{AnnouncementId, OperationId, UserId};
use wire::announcement::EditedAnnouncement;

/// An announcement as its editors see it.
pub(super) fn load(sql: &mut dyn Sql, id: AnnouncementId) -> Result<Option<EditedAnnouncement>, StoreError> {
    let row = sql.first("SELECT state FROM announcements WHERE id = $1", params![id])?;
    row.map(|row| row.json(0)).transpose()
}

/// Writes what an editor's operation made of it.
pub(super) fn write(
    tx: &mut Tx<'_>,
    edited: &EditedAnnouncement,
    (actor, operation): (UserId, OperationId),
    next_ms: Option<i64>,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO announcements (id, state, actor, operation, next_ms) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (id) DO UPDATE SET state = excluded.state, actor = excluded.actor, operation = excluded.operation,
             next_ms = excluded.next_ms",
        params![edited.id, Value::json(edited)?, actor, operation, Value::from(next_ms)],
    )?;
    Ok(())
}

/// Writes how it stands after it turned by itself.
pub(super) fn turn(tx: &mut Tx<'_>, edited: &EditedAnnouncement, next_ms: Option<i64>) -> Result<(), StoreError> {
    let state = Value::json(edited)?;
    let update = "UPDATE announcements SET state = $2, next_ms = $3 WHERE id = $1";
    tx.execute(update, params![edited.id, state, Value::from(next_ms)])?;
    Ok(())
}

/// The version of somebody else's change that the actor did not see; 0 while it has none yet. One's own changes are never
/// unseen: of two that were entered offline the second knows no version of the first.
pub(super) fn unseen(
    sql: &mut dyn Sql,
    id: AnnouncementId,
    actor: UserId,
    base_version: Option<i64>,
) -> Result<Option<i64>, StoreError> {
    let row = sql.first(
        "SELECT announcements.actor, ledger.position, mirror.version FROM announcements
         LEFT JOIN ledger ON ledger.id = announcements.operation
         LEFT JOIN mirror ON mirror.scope = 'editors' AND mirror.id = announcements.id
         WHERE announcements.id = $1",
        params![id],
    )?;
    let Some(row) = row else { return Ok(None) };
    let (last, set_at, stands): (UserId, Option<i64>, Option<i64>) = (row.get(0)?, row.get(1)?, row.get(2)?);
    // It turns by itself too (its day comes), which takes nothing from what was seen.
    let seen = last == actor || base_version.is_some_and(|base| set_at.is_some_and(|set_at| set_at <= base));
    Ok((!seen).then(|| stands.or(set_at).unwrap_or(0)))
}
