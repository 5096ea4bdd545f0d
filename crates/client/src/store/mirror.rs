//! The mirror of the server at one moment.

use super::connection::{self, DatabaseKey, Durability};
use super::{StoreError, apply};
use crate::locked::locked;
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, Row, params};
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
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

/// What is found by its version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Indexed {
    /// Tickets of everybody.
    DeskTicket,
    /// Accounts of everybody.
    DeskAccount,
    /// Messages to tickets of everybody.
    DeskMessage,
    /// Messages to and from the support.
    SupportMessage,
}

impl Indexed {
    /// The condition of the index. SQLite chooses an index by the very words of its condition.
    const fn condition(self) -> &'static str {
        match self {
            Self::DeskTicket => "kind = 'desk_ticket'",
            Self::DeskAccount => "kind = 'desk_account'",
            Self::DeskMessage => "kind = 'message' AND scope = 'desk'",
            Self::SupportMessage => "kind = 'message' AND scope = 'support_desk'",
        }
    }
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

    /// The entities of a kind under a parent whose places are in `places`, in their order, at most `most` of them.
    pub fn placed(
        &self,
        kind: &str,
        parent: Uuid,
        places: RangeInclusive<i64>,
        most: u32,
    ) -> Result<Vec<Versioned>, StoreError> {
        if self.unfinished {
            return Ok(Vec::new());
        }
        self.with(|connection| {
            let sql = "SELECT version, json FROM entity WHERE kind = ?1 AND parent = ?2 AND place BETWEEN ?3 AND ?4 \
                 ORDER BY place LIMIT ?5";
            let mut select = connection.prepare_cached(sql)?;
            let rows =
                select.query_map(params![kind, parent.into_bytes(), places.start(), places.end(), most], columns)?;
            rows.filter_map(|row| row.map(read).transpose()).map(|row| row.map_err(StoreError::from)).collect()
        })
    }

    /// The last place under a parent; 0 when there is none.
    pub fn last_place(&self, kind: &str, parent: Uuid) -> Result<i64, StoreError> {
        if self.unfinished {
            return Ok(0);
        }
        self.with(|connection| {
            let sql = "SELECT max(place) FROM entity WHERE kind = ?1 AND parent = ?2 AND place IS NOT NULL";
            let mut select = connection.prepare_cached(sql)?;
            let last: Option<i64> = select.query_row(params![kind, parent.into_bytes()], |row| row.get(0))?;
            Ok(last.unwrap_or(0))
        })
    }

    /// The ids and places of all of a kind under a parent that have a place, in the order of their places.
    pub fn places(&self, kind: &str, parent: Uuid) -> Result<Vec<(Uuid, i64)>, StoreError> {
        if self.unfinished {
            return Ok(Vec::new());
        }
        self.with(|connection| {
            let sql =
                "SELECT id, place FROM entity WHERE kind = ?1 AND parent = ?2 AND place IS NOT NULL ORDER BY place";
            let mut select = connection.prepare_cached(sql)?;
            let rows = select.query_map(params![kind, parent.into_bytes()], |row| {
                Ok((Uuid::from_bytes(row.get(0)?), row.get(1)?))
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// Where all of these words stand together: parents and places, in order. Only under `parent`, if one is given.
    pub fn with_words(
        &self,
        kind: &str,
        parent: Option<Uuid>,
        words: &[String],
    ) -> Result<Vec<(Uuid, i64)>, StoreError> {
        if self.unfinished || words.is_empty() {
            return Ok(Vec::new());
        }
        self.with(|connection| {
            let mut sql = "SELECT parent, place FROM entity WHERE kind = ? AND place IS NOT NULL".to_owned();
            let mut values = vec![Value::Text(kind.to_owned())];
            if let Some(parent) = parent {
                sql.push_str(" AND parent = ?");
                values.push(Value::Blob(parent.into_bytes().to_vec()));
            }
            for word in words {
                sql.push_str(" AND instr(words, ?) > 0");
                values.push(Value::Text(word.clone()));
            }
            sql.push_str(" ORDER BY parent, place");
            let mut select = connection.prepare(&sql)?;
            let rows = select.query_map(rusqlite::params_from_iter(values), |row| {
                Ok((Uuid::from_bytes(row.get(0)?), row.get(1)?))
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// What of a kind came or changed after a version.
    pub(crate) fn changed(&self, kind: Indexed, after: i64) -> Result<Vec<Versioned>, StoreError> {
        if self.unfinished {
            return Ok(Vec::new());
        }
        self.with(|connection| {
            let condition = kind.condition();
            let sql =
                format!("SELECT version, json FROM entity WHERE {condition} AND version > ?1 AND json IS NOT NULL");
            let mut select = connection.prepare_cached(&sql)?;
            let rows = select.query_map([after], columns)?;
            rows.filter_map(|row| row.map(read).transpose()).map(|row| row.map_err(StoreError::from)).collect()
        })
    }

    /// The versions of all of a kind.
    pub(crate) fn versions(&self, kind: Indexed) -> Result<Vec<(Uuid, i64)>, StoreError> {
        if self.unfinished {
            return Ok(Vec::new());
        }
        self.with(|connection| {
            let condition = kind.condition();
            let sql = format!("SELECT id, version FROM entity WHERE {condition} AND json IS NOT NULL");
            let mut select = connection.prepare_cached(&sql)?;
            let rows = select.query_map([], |row| Ok((Uuid::from_bytes(row.get(0)?), row.get(1)?)))?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// How many of a kind there are, and the sum of their versions: whoever holds the same knows that nothing is missing.
    pub(crate) fn tally(&self, kind: Indexed) -> Result<(i64, i64), StoreError> {
        if self.unfinished {
            return Ok((0, 0));
        }
        self.with(|connection| {
            let condition = kind.condition();
            // What is gone counts too: it goes for good with the next page of the feed.
            let sql = format!("SELECT count(*), coalesce(sum(version), 0) FROM entity WHERE {condition}");
            let mut select = connection.prepare_cached(&sql)?;
            Ok(select.query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?)
        })
    }

    fn with<T>(&self, work: impl FnOnce(&Connection) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let connection = locked(&self.connection);
        let result = connection.as_ref().map_or(Err(StoreError::Closed), work);
        if matches!(result, Err(StoreError::Damaged)) {
            self.readers.damaged.store(true, Ordering::Relaxed);
        }
        result
    }
}

impl Drop for Mirror {
    fn drop(&mut self) {
        let connection = locked(&self.connection).take();
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
        let idle = locked(&self.idle).as_mut().map(Vec::pop);
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
        let mut idle = locked(&self.idle);
        if let Some(idle) = idle.as_mut().filter(|idle| ended && idle.len() < IDLE) {
            idle.push(connection);
        }
    }

    pub(super) fn close(&self) {
        *locked(&self.idle) = None;
    }
}
