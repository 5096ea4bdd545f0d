//! The rows of needs and blobs in `outbox.db`, written in the commit of the operations they belong to.

use super::StoreError;
use super::outbox_db::number;
use domain::OperationId;
use outbox::{Blob, BlobName, BlobState, Need, Record};
use rusqlite::{Connection, params};
use std::collections::BTreeSet;
use uuid::Uuid;

const OPERATION: &str = "operation";
const BLOB: &str = "blob";

/// Writes what an operation needs. It can need something else than before, but never nothing any more.
pub(super) fn save(connection: &Connection, record: &Record) -> Result<(), StoreError> {
    if record.needs.is_empty() {
        return Ok(());
    }
    forget(connection, record.id)?;
    let mut insert = connection.prepare_cached("INSERT INTO need VALUES (?1, ?2, ?3)")?;
    let id = record.id.uuid().into_bytes();
    for need in &record.needs {
        match need {
            Need::Operation(needed) => insert.execute(params![id, OPERATION, needed.uuid().into_bytes()])?,
            Need::Blob(name) => insert.execute(params![id, BLOB, name.0])?,
        };
    }
    Ok(())
}

/// Removes what an operation needed.
pub(super) fn forget(connection: &Connection, id: OperationId) -> Result<(), StoreError> {
    connection.prepare_cached("DELETE FROM need WHERE operation = ?1")?.execute([id.uuid().into_bytes()])?;
    Ok(())
}

/// What an operation needs. Fails when a row cannot be read: sent without it, the operation could overtake something.
pub(super) fn of(connection: &Connection, id: OperationId) -> Result<BTreeSet<Need>, StoreError> {
    let mut select = connection.prepare_cached("SELECT kind, target FROM need WHERE operation = ?1")?;
    let mut rows = select.query([id.uuid().into_bytes()])?;
    let mut needs = BTreeSet::new();
    while let Some(row) = rows.next()? {
        let kind: String = row.get(0)?;
        needs.insert(match kind.as_str() {
            OPERATION => Need::Operation(OperationId::new(Uuid::from_bytes(row.get(1)?))),
            BLOB => Need::Blob(BlobName(row.get(1)?)),
            _ => return Err(StoreError::Form(kind)),
        });
    }
    Ok(needs)
}

/// Writes blobs as they are now and removes others.
pub(super) fn save_blobs(connection: &Connection, blobs: &[Blob], forgotten: &[BlobName]) -> Result<(), StoreError> {
    for blob in blobs {
        let on_server = blob.state == BlobState::OnServer;
        connection
            .prepare_cached("INSERT INTO blob VALUES (?1, ?2, ?3) ON CONFLICT (name) DO UPDATE SET on_server = ?3")?
            .execute(params![blob.name.0, number(blob.bytes), on_server])?;
    }
    for name in forgotten {
        connection.prepare_cached("DELETE FROM blob WHERE name = ?1")?.execute([name.0])?;
    }
    Ok(())
}

/// All blobs.
pub(super) fn blobs(connection: &Connection) -> Result<Vec<Blob>, StoreError> {
    let mut select = connection.prepare_cached("SELECT name, bytes, on_server FROM blob")?;
    let blobs = select.query_map([], |row| {
        let bytes: i64 = row.get(1)?;
        let state = if row.get(2)? { BlobState::OnServer } else { BlobState::Here };
        Ok(Blob { name: BlobName(row.get(0)?), bytes: bytes.unsigned_abs(), state })
    })?;
    Ok(blobs.collect::<Result<_, _>>()?)
}
