//! What was fetched to be looked at: the index of its blobs, in the mirror's file, because like the mirror it can be fetched
//! again. Without the index the blobs are swept at the next start.

use super::StoreError;
use super::outbox_db::number;
use outbox::BlobName;
use rusqlite::{Connection, params};

/// Something that was fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetched {
    /// What it is, as whoever fetched it calls it.
    pub name: String,
    /// The blob that holds it.
    pub blob: BlobName,
    /// Its length.
    pub bytes: u64,
    /// When it was last used, by this computer.
    pub used_ms: i64,
    /// What else is known of it.
    pub facts: String,
}

/// All of it.
pub(super) fn all(connection: &Connection) -> Result<Vec<Fetched>, StoreError> {
    let mut select =
        connection.prepare_cached("SELECT name, blob, bytes, used_ms, facts FROM fetched ORDER BY name")?;
    let rows = select.query_map([], |row| {
        let bytes: i64 = row.get(2)?;
        let (name, blob) = (row.get(0)?, BlobName(row.get(1)?));
        Ok(Fetched { name, blob, bytes: bytes.unsigned_abs(), used_ms: row.get(3)?, facts: row.get(4)? })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Notes it, in place of what was noted under its name.
pub(super) fn note(connection: &Connection, what: &Fetched) -> Result<(), StoreError> {
    let mut insert = connection.prepare_cached("INSERT OR REPLACE INTO fetched VALUES (?1, ?2, ?3, ?4, ?5)")?;
    insert.execute(params![what.name, what.blob.0, number(what.bytes), what.used_ms, what.facts])?;
    Ok(())
}

/// Forgets it.
pub(super) fn forget(connection: &Connection, name: &str) -> Result<(), StoreError> {
    connection.prepare_cached("DELETE FROM fetched WHERE name = ?1")?.execute([name])?;
    Ok(())
}
