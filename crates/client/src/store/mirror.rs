//! The mirror of the server at one moment.

use super::connection::{self, DatabaseKey, Durability};
use super::{StoreError, apply};
use rusqlite::{Connection, OptionalExtension, Row, params};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use uuid::Uuid;
use wire::feed::{Cursor, Versioned};

/// How many idle connections are kept.
const IDLE: usize = 4;

/// The mirror at one moment: whatever is read through one handle fits together, however the mirror goes on meanwhile.
///
/// Do not keep one: it holds the journal of the database from being folded in.
pub struct Mirror {
    cursor: Option<Cursor>,
    /// Whether it is only being built, for the first time: there is nothing to show yet.
    unfinished: bool,
    /// Always there until dropped.
    connection: Mutex<Option<Connection>>,
    readers: Arc<Readers>,
}

impl Mirror {
    /// Where in the feed this moment is; `None` before the first synchronisation.
    pub fn cursor(&self) -> Option<Cursor> {
        self.cursor
    }

    /// One entity.
    pub fn get(&self, kind: &str, id: Uuid) -> Result<Option<Versioned>, StoreError> {
        if self.unfinished {
            return Ok(None);
        }
        self.with(|connection| {
            let sql = "SELECT version, json FROM entity WHERE kind = ?1 AND id = ?2 AND json IS NOT NULL";
            let mut select = connection.prepare_cached(sql)?;
            let found = select.query_row(params![kind, id.into_bytes()], columns).optional()?;
            Ok(found.and_then(read))
        })
    }

    /// All entities of a kind under a parent, in the order of their ids.
    pub fn list(&self, kind: &str, parent: Uuid) -> Result<Vec<Versioned>, StoreError> {
        if self.unfinished {
            return Ok(Vec::new());
        }
        self.with(|connection| {
            let sql = "SELECT version, json FROM entity \
                 WHERE kind = ?1 AND parent = ?2 AND json IS NOT NULL ORDER BY id";
            let mut select = connection.prepare_cached(sql)?;
            let rows = select.query_map(params![kind, parent.into_bytes()], columns)?;
            rows.filter_map(|row| row.map(read).transpose()).map(|row| row.map_err(StoreError::from)).collect()
        })
    }

    /// All entities of a kind, in the order of their ids.
    pub fn all(&self, kind: &str) -> Result<Vec<Versioned>, StoreError> {
        if self.unfinished {
            return Ok(Vec::new());
        }
        self.with(|connection| {
            let sql = "SELECT version, json FROM entity WHERE kind = ?1 AND json IS NOT NULL ORDER BY id";
            let mut select = connection.prepare_cached(sql)?;
            let rows = select.query_map([kind], columns)?;
            rows.filter_map(|row| row.map(read).transpose()).map(|row| row.map_err(StoreError::from)).collect()
        })
    }

    fn with<T>(&self, work: impl FnOnce(&Connection) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        let result = connection.as_ref().map_or(Err(StoreError::Closed), work);
        if matches!(result, Err(StoreError::Damaged)) {
            self.readers.damaged.store(true, Ordering::Relaxed);
        }
        result
    }
}

impl Drop for Mirror {
    fn drop(&mut self) {
        let connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(connection) = connection {
            self.readers.give_back(connection);
        }
    }
}

fn columns(row: &Row<'_>) -> rusqlite::Result<(i64, String)> {
    Ok((row.get(0)?, row.get(1)?))
}

fn read((version, json): (i64, String)) -> Option<Versioned> {
    let entity = serde_json::from_str(&json);
    if entity.is_err() {
        tracing::warn!("an entity of the mirror is unknown to this program");
    }
    entity.ok().map(|entity| Versioned { version, entity })
}

/// Connections that only read.
pub(super) struct Readers {
    path: PathBuf,
    key: DatabaseKey,
    idle: Mutex<Option<Vec<Connection>>>,
    /// Whether a page was met that cannot be read. The file is not used for another reading.
    damaged: AtomicBool,
}

impl Readers {
    pub(super) fn new(path: PathBuf, key: DatabaseKey) -> Self {
        Self { path, key, idle: Mutex::new(Some(Vec::new())), damaged: AtomicBool::new(false) }
    }

    /// The mirror as it is now.
    pub(super) fn mirror(self: &Arc<Self>) -> Result<Mirror, StoreError> {
        if self.damaged.load(Ordering::Relaxed) {
            return Err(StoreError::Damaged);
        }
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).as_mut().map(Vec::pop);
        let connection = match idle.ok_or(StoreError::Closed)? {
            Some(connection) => connection,
            None => {
                let connection = connection::open(&self.path, &self.key, Durability::Crash)?;
                connection.pragma_update(None, "query_only", true)?;
                connection
            }
        };
        connection.execute_batch("BEGIN")?;
        // The first read fixes the moment.
        let cursor = apply::cursor(&connection)?.map(|(cursor, _)| cursor);
        let unfinished = apply::is_first(&connection)?;
        Ok(Mirror { cursor, unfinished, connection: Mutex::new(Some(connection)), readers: self.clone() })
    }

    fn give_back(&self, connection: Connection) {
        let ended = connection.execute_batch("ROLLBACK").is_ok();
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(idle) = idle.as_mut().filter(|idle| ended && idle.len() < IDLE) {
            idle.push(connection);
        }
    }

    pub(super) fn close(&self) {
        *self.idle.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}
