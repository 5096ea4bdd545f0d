//! What the feed and snapshots do to the mirror. Everything here runs inside one transaction with the cursor.

use super::StoreError;
use domain::{Epoch, OperationId};
use rusqlite::{Connection, OptionalExtension, params};
use serde::Deserialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;
use wire::feed::{Change, Cursor, Row, Scope, Versioned};

/// What this program can read. A mirror that was filled by another one is built anew, because it passed over what it
/// did not know.
const FORM: i64 = 1;

/// A page of the feed, with rows that this program may not know.
#[derive(Deserialize)]
pub(crate) struct LoosePage {
    rows: Vec<Value>,
    pub(crate) through: i64,
    name: Uuid,
    pub(crate) more: bool,
    #[serde(default)]
    backed_up: i64,
}

/// A page of a snapshot, with entities that this program may not know.
#[derive(Deserialize)]
pub(crate) struct SnapshotPage {
    pub(crate) epoch: Epoch,
    entities: Vec<Value>,
    pub(crate) next: Option<Uuid>,
    pub(crate) through: i64,
    pub(crate) name: Uuid,
}

/// What a page changed.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Applied {
    /// Kinds of the entities that changed.
    pub(crate) kinds: BTreeSet<String>,
    /// Effects of operations, each at its last position in the page.
    pub(crate) seen: Vec<(OperationId, i64)>,
}

/// Where an entity is put.
#[derive(Clone, Copy)]
enum Into {
    Mirror,
    Staging,
}

/// Applies a page and moves the cursor.
pub(super) fn page(connection: &Connection, epoch: Epoch, page: &LoosePage) -> Result<Applied, StoreError> {
    let mut applied = Applied::default();
    let mut seen = BTreeMap::new();
    for value in &page.rows {
        let Ok(row) = Row::deserialize(value) else {
            tracing::warn!("a row of the feed is unknown to this program");
            continue;
        };
        if let Some(operation) = row.operation.filter(|_| row.change != Change::Decided) {
            seen.insert(operation, row.seq);
        }
        change(connection, &row, &mut applied.kinds)?;
    }
    applied.seen = seen.into_iter().collect();
    move_cursor(connection, Cursor { epoch, seq: page.through, name: page.name }, page.backed_up)?;
    if wanted(connection)?.is_none() {
        let mut delete = connection.prepare_cached("DELETE FROM entity WHERE json IS NULL AND version <= ?1")?;
        delete.execute([page.through])?;
    }
    Ok(applied)
}

fn change(connection: &Connection, row: &Row, kinds: &mut BTreeSet<String>) -> Result<(), StoreError> {
    match &row.change {
        Change::Put { entity } => {
            let versioned = Versioned { version: row.seq, entity: entity.clone() };
            put(connection, Into::Mirror, row.scope, &versioned)?;
            kinds.insert(entity.kind().to_owned());
        }
        Change::Gone { kind, id } => {
            let sql = "INSERT INTO entity (kind, id, scope, version) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (kind, id) \
                 DO UPDATE SET parent = NULL, scope = ?3, version = ?4, json = NULL WHERE version < ?4";
            let mut insert = connection.prepare_cached(sql)?;
            insert.execute(params![kind, id.into_bytes(), row.scope.to_string(), row.seq])?;
            kinds.insert(kind.clone());
        }
        Change::Granted { scope } => {
            let mut insert = connection.prepare_cached("INSERT OR REPLACE INTO scope VALUES (?1, 1)")?;
            insert.execute([scope.to_string()])?;
        }
        Change::Revoked { scope } => {
            let scope = scope.to_string();
            let mut select = connection.prepare_cached("SELECT DISTINCT kind FROM entity WHERE scope = ?1")?;
            for kind in select.query_map([&scope], |row| row.get(0))? {
                kinds.insert(kind?);
            }
            connection.prepare_cached("DELETE FROM entity WHERE scope = ?1")?.execute([&scope])?;
            connection.prepare_cached("DELETE FROM scope WHERE name = ?1")?.execute([&scope])?;
        }
        Change::Decided => {}
    }
    Ok(())
}

/// An older form never overwrites a newer one: pages of a snapshot and of the feed may cross.
fn put(connection: &Connection, into: Into, scope: Scope, versioned: &Versioned) -> Result<(), StoreError> {
    let entity = &versioned.entity;
    let json = serde_json::to_string(entity).map_err(|error| StoreError::Form(error.to_string()))?;
    let sql = match into {
        Into::Mirror => {
            "INSERT INTO entity VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (kind, id) \
             DO UPDATE SET parent = ?3, scope = ?4, version = ?5, json = ?6 WHERE version <= ?5"
        }
        Into::Staging => {
            "INSERT INTO staging VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (kind, id) \
             DO UPDATE SET parent = ?3, scope = ?4, version = ?5, json = ?6 WHERE version <= ?5"
        }
    };
    connection.prepare_cached(sql)?.execute(params![
        entity.kind(),
        entity.id().into_bytes(),
        entity.parent().map(Uuid::into_bytes),
        scope.to_string(),
        versioned.version,
        json,
    ])?;
    Ok(())
}

fn put_all(
    connection: &Connection,
    into: Into,
    scope: Scope,
    page: &SnapshotPage,
) -> Result<BTreeSet<String>, StoreError> {
    let mut kinds = BTreeSet::new();
    for value in &page.entities {
        let Ok(versioned) = Versioned::deserialize(value) else {
            tracing::warn!("an entity of a snapshot is unknown to this program");
            continue;
        };
        put(connection, into, scope, &versioned)?;
        kinds.insert(versioned.entity.kind().to_owned());
    }
    Ok(kinds)
}

/// Applies a page of a granted scope's snapshot. With the last page the scope is complete.
pub(super) fn scope_page(
    connection: &Connection,
    scope: Scope,
    page: &SnapshotPage,
) -> Result<BTreeSet<String>, StoreError> {
    let kinds = put_all(connection, Into::Mirror, scope, page)?;
    if page.next.is_none() {
        let mut update = connection.prepare_cached("UPDATE scope SET wanted = 0 WHERE name = ?1")?;
        update.execute([scope.to_string()])?;
    }
    Ok(kinds)
}

/// Gives up a granted scope that the server no longer shows. A new grant comes through the feed.
pub(super) fn unwant(connection: &Connection, scope: Scope) -> Result<(), StoreError> {
    connection.prepare_cached("DELETE FROM scope WHERE name = ?1")?.execute([scope.to_string()])?;
    Ok(())
}

/// Begins to build the mirror anew beside the old one.
pub(super) fn begin(connection: &Connection) -> Result<(), StoreError> {
    connection.prepare_cached("DELETE FROM staging")?.execute([])?;
    Ok(())
}

/// Puts a page into the mirror that is being built.
pub(super) fn stage(connection: &Connection, scope: Scope, page: &SnapshotPage) -> Result<(), StoreError> {
    put_all(connection, Into::Staging, scope, page).map(|_| ())
}

/// Shows the new mirror instead of the old one. Returns the kinds of both.
pub(super) fn finish(connection: &Connection, scopes: &[Scope], at: Cursor) -> Result<BTreeSet<String>, StoreError> {
    let mut kinds = BTreeSet::new();
    let mut select = connection.prepare_cached("SELECT DISTINCT kind FROM entity UNION SELECT kind FROM staging")?;
    for kind in select.query_map([], |row| row.get(0))? {
        kinds.insert(kind?);
    }
    for statement in [
        "DELETE FROM entity",
        "INSERT INTO entity SELECT * FROM staging",
        "DELETE FROM staging",
        "DELETE FROM scope",
        // What was backed up in another life says nothing about this one.
        "DELETE FROM cursor",
    ] {
        connection.prepare_cached(statement)?.execute([])?;
    }
    for scope in scopes {
        connection.prepare_cached("INSERT OR REPLACE INTO scope VALUES (?1, 0)")?.execute([scope.to_string()])?;
    }
    move_cursor(connection, at, 0)?;
    Ok(kinds)
}

fn move_cursor(connection: &Connection, to: Cursor, backed_up: i64) -> Result<(), StoreError> {
    let sql = "INSERT INTO cursor VALUES (1, ?1, ?2, ?3, ?4, ?5) ON CONFLICT (only) DO UPDATE SET epoch = ?1, \
         seq = ?2, name = ?3, backed_up = max(backed_up, ?4), form = ?5";
    let mut insert = connection.prepare_cached(sql)?;
    insert.execute(params![to.epoch.uuid().into_bytes(), to.seq, to.name.into_bytes(), backed_up, FORM])?;
    Ok(())
}

/// Where the mirror is, and up to where the server has a backup.
pub(super) fn cursor(connection: &Connection) -> Result<Option<(Cursor, i64)>, StoreError> {
    let sql = "SELECT epoch, seq, name, backed_up FROM cursor WHERE form = ?1";
    let read = |row: &rusqlite::Row<'_>| {
        let epoch = Epoch::new(Uuid::from_bytes(row.get(0)?));
        Ok((Cursor { epoch, seq: row.get(1)?, name: Uuid::from_bytes(row.get(2)?) }, row.get(3)?))
    };
    Ok(connection.prepare_cached(sql)?.query_row([FORM], read).optional()?)
}

/// A scope that was granted and whose snapshot is not complete.
pub(super) fn wanted(connection: &Connection) -> Result<Option<Scope>, StoreError> {
    let mut select = connection.prepare_cached("SELECT name FROM scope WHERE wanted = 1 ORDER BY name LIMIT 1")?;
    let name: Option<String> = select.query_row([], |row| row.get(0)).optional()?;
    name.map(|name| name.parse().map_err(|_| StoreError::Form("a scope".into()))).transpose()
}
