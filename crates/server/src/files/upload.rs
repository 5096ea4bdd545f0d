//! The rows of uploads.

use crate::params;
use crate::storage::{Row, Sql, StoreError, Tx};
use domain::{FileId, FileName, UserId};
use uuid::Uuid;

/// One upload, as the database has it.
#[derive(Debug, Clone)]
pub struct Upload {
    /// Its id, known to its person only.
    pub id: Uuid,
    /// Whose it is.
    pub user: UserId,
    /// What its person calls the file.
    pub name: FileName,
    /// `Upload-Metadata` as it was sent.
    pub metadata: String,
    /// The size of the whole.
    pub length: u64,
    /// How much of it is on the disk.
    pub received: u64,
    /// What its person said the content is.
    pub promised: Option<FileId>,
    /// What the content is; known when all of it came.
    pub hash: Option<FileId>,
    /// Whether the content has its place.
    pub stored: bool,
    /// When it is given up.
    pub until_ms: i64,
}

const COLUMNS: &str = "id, user_id, name, metadata, length, received, promised, hash, stored, until_ms";

/// An upload of a person. Another's is not there.
pub fn find(sql: &mut dyn Sql, user: UserId, id: Uuid) -> Result<Option<Upload>, StoreError> {
    let row = sql.first(&format!("SELECT {COLUMNS} FROM uploads WHERE id = $1 AND user_id = $2"), params![id, user])?;
    row.as_ref().map(read).transpose()
}

/// Those that were given up before `now_ms`, at most `most`.
pub fn over(sql: &mut dyn Sql, now_ms: i64, most: i64) -> Result<Vec<Upload>, StoreError> {
    let rows = sql.query(
        &format!("SELECT {COLUMNS} FROM uploads WHERE until_ms <= $1 ORDER BY until_ms LIMIT $2"),
        params![now_ms, most],
    )?;
    rows.iter().map(read).collect()
}

fn read(row: &Row) -> Result<Upload, StoreError> {
    let name: String = row.get(2)?;
    Ok(Upload {
        id: row.get(0)?,
        user: row.get(1)?,
        name: FileName::new(&name),
        metadata: row.get(3)?,
        length: row.get(4)?,
        received: row.get(5)?,
        promised: row.get(6)?,
        hash: row.get(7)?,
        stored: row.get(8)?,
        until_ms: row.get(9)?,
    })
}

/// Adds a new one.
pub fn add(tx: &mut Tx<'_>, upload: &Upload) -> Result<(), StoreError> {
    tx.execute(
        &format!("INSERT INTO uploads ({COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"),
        params![
            upload.id,
            upload.user,
            upload.name.as_str(),
            &upload.metadata,
            upload.length,
            upload.received,
            upload.promised,
            upload.hash,
            upload.stored,
            upload.until_ms
        ],
    )?;
    Ok(())
}

/// Notes how much is on the disk, and what it is when that is all. False when it is no longer the upload that was
/// written on: it was ended, or somebody else wrote.
pub fn advance(
    tx: &mut Tx<'_>,
    was: &Upload,
    received: u64,
    hash: Option<FileId>,
    until_ms: i64,
) -> Result<bool, StoreError> {
    let touched = tx.execute(
        "UPDATE uploads SET received = $3, hash = $4, until_ms = $5 WHERE id = $1 AND received = $2 AND stored = 0",
        params![was.id, was.received, received, hash, until_ms],
    )?;
    Ok(touched == 1)
}

/// Its content has its place.
pub fn mark_stored(tx: &mut Tx<'_>, id: Uuid) -> Result<(), StoreError> {
    tx.execute("UPDATE uploads SET stored = 1 WHERE id = $1", params![id])?;
    Ok(())
}

/// Forgets one.
pub fn forget(tx: &mut Tx<'_>, id: Uuid) -> Result<(), StoreError> {
    tx.execute("DELETE FROM uploads WHERE id = $1", params![id])?;
    Ok(())
}
