//! A bare encrypted file under the same kind of key with the same durability, and nothing around it. The mirror has the
//! tables of ours; the queue is one table with an operation in one row, as one would write it at first, and as ours was.

use rusqlite::Connection;
use std::path::Path;

const OUTBOX: &str = include_str!("../../../migrations/outbox/V1__queue.sql");
const CACHE: &str = include_str!("../../../migrations/cache/V1__mirror.sql");
const CONVERSATIONS: &str = include_str!("../../../migrations/cache/V2__conversations.sql");
const DESK: &str = include_str!("../../../migrations/cache/V3__desk.sql");

/// The queue's tables; every commit is on the disk.
pub fn outbox(path: &Path) -> anyhow::Result<Connection> {
    open(path, "FULL", OUTBOX)
}

/// The mirror's tables; a commit survives the end of the program.
pub fn cache(path: &Path) -> anyhow::Result<Connection> {
    open(path, "NORMAL", CACHE)
}

/// The mirror's tables with those of conversations and of the desk.
pub fn whole_cache(path: &Path) -> anyhow::Result<Connection> {
    let connection = cache(path)?;
    connection.execute_batch(CONVERSATIONS)?;
    connection.execute_batch(DESK)?;
    Ok(connection)
}

/// A file that lies there already, opened anew.
pub fn again(path: &Path) -> anyhow::Result<Connection> {
    open(path, "NORMAL", "")
}

fn open(path: &Path, synchronous: &str, tables: &str) -> anyhow::Result<Connection> {
    let connection = Connection::open(path)?;
    connection.execute_batch(&format!("PRAGMA key = \"x'{}'\";", "07".repeat(32)))?;
    connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
    connection.pragma_update(None, "synchronous", synchronous)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.execute_batch(tables)?;
    Ok(connection)
}
