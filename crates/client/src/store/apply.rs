//! What the feed and snapshots do to the mirror. Everything here runs inside one transaction with the cursor.

use super::{StoreError, words};
use domain::{Epoch, OperationId};
use rusqlite::{Connection, OptionalExtension, params};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;
use wire::entity::Entity;
use wire::feed::{Change, Cursor, Row, Scope};

/// What this program can read. A mirror that was filled by another one is built anew, because it passed over what it
/// did not know.
const FORM: i64 = 3;

/// A page of the feed, with rows that this program may not know.
#[derive(Deserialize)]
pub(crate) struct LoosePage {
    rows: Vec<Box<RawValue>>,
    pub(crate) through: i64,
    pub(crate) name: Uuid,
    pub(crate) more: bool,
    #[serde(default)]
    backed_up: i64,
}

/// A page of a snapshot, with entities that this program may not know.
#[derive(Deserialize)]
pub(crate) struct SnapshotPage {
    pub(crate) epoch: Epoch,
    entities: Vec<Box<RawValue>>,
    pub(crate) next: Option<Uuid>,
    pub(crate) through: i64,
    pub(crate) name: Uuid,
}

/// A row as far as it says what to do with its entity, whose bytes are kept as they came.
#[derive(Deserialize)]
struct PutRow<'a> {
    seq: i64,
    scope: Scope,
    #[serde(default)]
    operation: Option<OperationId>,
    #[serde(borrow)]
    change: Put<'a>,
}

#[derive(Deserialize)]
struct Put<'a> {
    #[serde(borrow)]
    change: Cow<'a, str>,
    #[serde(borrow)]
    entity: &'a RawValue,
}

/// An entity of a snapshot, its bytes as they came.
#[derive(Deserialize)]
struct Kept<'a> {
    version: i64,
    #[serde(borrow)]
    entity: &'a RawValue,
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
    for raw in &page.rows {
        if let Ok(row) = serde_json::from_str::<PutRow<'_>>(raw.get())
            && row.change.change == "put"
        {
            if !put(connection, Into::Mirror, row.scope, row.seq, row.change.entity, &mut applied.kinds)? {
                tracing::warn!("an entity of the feed is unknown to this program");
                continue;
            }
            seen.extend(row.operation.map(|operation| (operation, row.seq)));
            continue;
        }
        let Ok(row) = serde_json::from_str::<Row>(raw.get()) else {
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
        Change::Gone { kind, id } => {
            let sql = "INSERT INTO entity (kind, id, scope, version) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (kind, id) \
                 DO UPDATE SET parent = NULL, scope = ?3, version = ?4, json = NULL, place = NULL, words = NULL \
                 WHERE version < ?4";
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
        // The one is done already, the other changes nothing.
        Change::Put { .. } | Change::Decided => {}
    }
    Ok(())
}

/// An older form never overwrites a newer one: pages of a snapshot and of the feed may cross. Returns false when this
/// program does not know such an entity.
fn put(
    connection: &Connection,
    into: Into,
    scope: Scope,
    version: i64,
    bytes: &RawValue,
    kinds: &mut BTreeSet<String>,
) -> Result<bool, StoreError> {
    let Ok(entity) = serde_json::from_str::<Entity>(bytes.get()) else { return Ok(false) };
    let sql = match into {
        Into::Mirror => {
            "INSERT INTO entity VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (kind, id) DO UPDATE SET \
             parent = ?3, scope = ?4, version = ?5, json = ?6, place = ?7, words = ?8 WHERE version <= ?5"
        }
        Into::Staging => {
            "INSERT INTO staging VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (kind, id) DO UPDATE SET \
             parent = ?3, scope = ?4, version = ?5, json = ?6, place = ?7, words = ?8 WHERE version <= ?5"
        }
    };
    connection.prepare_cached(sql)?.execute(params![
        entity.kind(),
        entity.id().into_bytes(),
        entity.parent().map(Uuid::into_bytes),
        scope.to_string(),
        version,
        bytes.get(),
        words::place_of(&entity),
        words::of(&entity),
    ])?;
    if !kinds.contains(entity.kind()) {
        kinds.insert(entity.kind().to_owned());
    }
    Ok(true)
}

fn put_all(
    connection: &Connection,
    into: Into,
    scope: Scope,
    page: &SnapshotPage,
) -> Result<BTreeSet<String>, StoreError> {
    let mut kinds = BTreeSet::new();
    for raw in &page.entities {
        let known = match serde_json::from_str::<Kept<'_>>(raw.get()) {
            Ok(kept) => put(connection, into, scope, kept.version, kept.entity, &mut kinds)?,
            Err(_) => false,
        };
        if !known {
            tracing::warn!("an entity of a snapshot is unknown to this program");
        }
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

/// Whether there never was a whole mirror. Then there is nothing to show beside which a new one would be built: it is
/// built in its place, and shown when it is whole ([`super::mirror::Mirror`]).
pub(super) fn is_first(connection: &Connection) -> Result<bool, StoreError> {
    Ok(!connection.prepare_cached("SELECT 1 FROM cursor")?.exists([])?)
}

/// Begins to build the mirror anew: beside the old one, if there is one.
pub(super) fn begin(connection: &Connection) -> Result<(), StoreError> {
    connection.prepare_cached("DELETE FROM staging")?.execute([])?;
    if is_first(connection)? {
        // What was begun and not finished.
        connection.prepare_cached("DELETE FROM entity")?.execute([])?;
    }
    Ok(())
}

/// Puts a page into the mirror that is being built.
pub(super) fn stage(connection: &Connection, scope: Scope, page: &SnapshotPage) -> Result<(), StoreError> {
    let into = if is_first(connection)? { Into::Mirror } else { Into::Staging };
    put_all(connection, into, scope, page).map(|_| ())
}

/// Shows the new mirror instead of the old one. Returns the kinds of both.
pub(super) fn finish(connection: &Connection, scopes: &[Scope], at: Cursor) -> Result<BTreeSet<String>, StoreError> {
    let mut kinds = kinds_in(connection, "entity")?;
    if !is_first(connection)? {
        kinds.append(&mut kinds_in(connection, "staging")?);
        for statement in ["DELETE FROM entity", "INSERT INTO entity SELECT * FROM staging", "DELETE FROM staging"] {
            connection.prepare_cached(statement)?.execute([])?;
        }
    }
    // What was backed up in another life says nothing about this one.
    for statement in ["DELETE FROM scope", "DELETE FROM cursor"] {
        connection.prepare_cached(statement)?.execute([])?;
    }
    for scope in scopes {
        connection.prepare_cached("INSERT OR REPLACE INTO scope VALUES (?1, 0)")?.execute([scope.to_string()])?;
    }
    move_cursor(connection, at, 0)?;
    Ok(kinds)
}

/// The kinds in a table, each found behind the one before it: there are few kinds and many rows.
fn kinds_in(connection: &Connection, table: &str) -> Result<BTreeSet<String>, StoreError> {
    let sql = format!("SELECT min(kind) FROM {table} WHERE kind > ?1");
    let mut next = connection.prepare_cached(&sql)?;
    let mut kinds = BTreeSet::new();
    let mut last = String::new();
    while let Some(kind) = next.query_row([&last], |row| row.get::<_, Option<String>>(0))? {
        last.clone_from(&kind);
        kinds.insert(kind);
    }
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
