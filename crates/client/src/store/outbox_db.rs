//! `outbox.db`: the queue on the disk. What is told to be saved here survives a power cut.

use super::connection::{self, DatabaseKey, Durability};
use super::database::{Database, Pending};
use super::{StoreError, needs};
use crate::durable_file;
use crate::engine::{OpenError, Storage};
use domain::{Incarnation, OperationId};
use outbox::{Attention, Blob, BlobName, Device, Need, Record, State};
use rusqlite::{Connection, OptionalExtension, Row, params};
use std::collections::BTreeSet;
use std::path::Path;
use uuid::Uuid;
use wire::operation::{Lane, LaneKind, Sealed};

refinery::embed_migrations!("../../migrations/outbox");

/// The queue on the disk.
pub(crate) struct OutboxDb {
    database: Database,
}

/// What an opened queue holds.
pub(crate) struct Opened {
    pub(crate) db: OutboxDb,
    pub(crate) rows: Rows,
    pub(crate) anchor: Option<Vec<u8>>,
    pub(crate) feed_seen: Option<Vec<u8>>,
    /// Blobs that are kept although no operation needs them.
    pub(crate) kept: Vec<BlobName>,
}

/// The queue as the disk holds it.
pub(crate) struct Rows {
    /// As its row says; how far the numbers are used up the records say too.
    pub(crate) device: Device,
    pub(crate) records: Vec<Record>,
    pub(crate) blobs: Vec<Blob>,
}

/// What is written in one commit.
#[derive(Default)]
pub(crate) struct Changes {
    pub(crate) rows: Vec<Record>,
    pub(crate) forgotten: Vec<OperationId>,
    pub(crate) blobs: Vec<Blob>,
    pub(crate) forgotten_blobs: Vec<BlobName>,
    /// Absent for an entry: its row says which number it has, and a page more would cost as much as the row.
    pub(crate) device: Option<Device>,
    /// Secrets that are kept or forgotten with it.
    pub(crate) secrets: Vec<(String, Option<Vec<u8>>)>,
}

/// How much of the queue SQLite keeps decrypted; a negative number counts KiB. It takes what it needs and no more.
const CACHE_KIB: i64 = -16_000;
/// The name under which the clock's anchor is kept.
pub(crate) const ANCHOR: &str = "anchor";
/// The name under which it is kept how far the queue has seen the feed.
pub(crate) const FEED_SEEN: &str = "feed_seen";

/// What the names of blobs that are kept begin with, each with a note of whoever keeps it.
pub(crate) const KEPT: &str = "kept:";

/// The blob in the name of a note that keeps it.
pub(crate) fn blob_in(name: &str) -> Option<BlobName> {
    name.strip_prefix(KEPT)?.parse().ok()
}

impl OutboxDb {
    /// Opens the queue, or creates an empty one with this life.
    pub(crate) fn open(
        dir: &Path,
        key: &DatabaseKey,
        storage: Storage,
        life: Incarnation,
    ) -> Result<Opened, OpenError> {
        let path = dir.join("outbox.db");
        // Grouped: a new form and the note that it is there are one commit. Else a power cut between the two makes the
        // next start change what is changed already, and the queue never opens again.
        let runner = migrations::runner().set_grouped(true);
        let mut connection = match connection::open_unless_newer(&path, key, Durability::PowerCut, &runner) {
            Err(StoreError::Damaged) => return Err(OpenError::OutboxUnreadable),
            Err(StoreError::Newer) => return Err(OpenError::NewerProgram),
            other => other?,
        };
        if connection::is_old(&connection, &runner)? {
            // A new program must never cost anybody their queue: the old form stays beside the new one.
            copy_aside(&connection, dir, key)?;
        }
        connection::migrate(&mut connection, &runner)?;
        connection
            .execute("INSERT OR IGNORE INTO device VALUES (1, ?1, 1)", [life.uuid().into_bytes()])
            .map_err(StoreError::from)?;
        // A batch there and back touches a row three times. A queue that is longer than SQLite's own 2 MB would be
        // decrypted as often.
        connection.pragma_update(None, "cache_size", CACHE_KIB).map_err(StoreError::from)?;
        durable_file::flush_folder(dir)?;
        let rows = load(&connection)?;
        let (anchor, feed_seen) = (secret(&connection, ANCHOR)?, secret(&connection, FEED_SEEN)?);
        let kept = secrets(&connection, KEPT)?.into_iter().filter_map(|(name, _)| blob_in(&name)).collect();
        let db = Self { database: Database::new(connection, storage, "outbox")? };
        Ok(Opened { db, rows, anchor, feed_seen, kept })
    }

    /// Saves rows and forgets others in one commit. A row's sealed bytes are written once and never again.
    ///
    /// The changes come back: memory that one thread takes and another gives back makes both wait for each other.
    pub(crate) fn save(&self, changes: Changes) -> Pending<Changes> {
        self.database.submit(move |connection| {
            for record in &changes.rows {
                save_row(connection, record)?;
                needs::save(connection, record)?;
            }
            for id in &changes.forgotten {
                connection.prepare_cached("DELETE FROM operation WHERE id = ?1")?.execute([id.uuid().into_bytes()])?;
                needs::forget(connection, *id)?;
            }
            needs::save_blobs(connection, &changes.blobs, &changes.forgotten_blobs)?;
            if let Some(device) = changes.device {
                let mut update = connection.prepare_cached("UPDATE device SET incarnation = ?1, next_seq = ?2")?;
                update.execute(params![device.incarnation.uuid().into_bytes(), number(device.next_seq)])?;
            }
            for (name, value) in &changes.secrets {
                set_secret(connection, name, value.as_deref())?;
            }
            Ok(changes)
        })
    }

    /// Reads everything again, after what was submitted before.
    pub(crate) fn load(&self) -> Pending<Rows> {
        self.database.submit(load)
    }

    /// A secret.
    pub(crate) fn secret(&self, name: &str) -> Pending<Option<Vec<u8>>> {
        let name = name.to_owned();
        self.database.submit(move |connection| secret(connection, &name))
    }

    /// Keeps a secret, or forgets it.
    pub(crate) fn set_secret(&self, name: &str, value: Option<Vec<u8>>) -> Pending<()> {
        let name = name.to_owned();
        self.database.submit(move |connection| set_secret(connection, &name, value.as_deref()))
    }

    /// All secrets whose names begin so, in the order of their names.
    pub(crate) fn secrets(&self, prefix: &str) -> Pending<Vec<(String, Vec<u8>)>> {
        let prefix = prefix.to_owned();
        self.database.submit(move |connection| secrets(connection, &prefix))
    }

    /// Finishes what was submitted and closes the file.
    pub(crate) fn close(&self) {
        self.database.close();
    }
}

/// Copies the queue to `outbox-before.db`, complete or not at all.
fn copy_aside(connection: &Connection, dir: &Path, key: &DatabaseKey) -> Result<(), OpenError> {
    let [part, whole] = ["outbox-before.part", "outbox-before.db"].map(|name| dir.join(name));
    for left in ["outbox-before.part", "outbox-before.part-wal", "outbox-before.part-shm"] {
        let _ = std::fs::remove_file(dir.join(left));
    }
    connection::copy(connection, &part, key)?;
    durable_file::rename(&part, &whole)?;
    Ok(durable_file::flush_folder(dir)?)
}

fn set_secret(connection: &Connection, name: &str, value: Option<&[u8]>) -> Result<(), StoreError> {
    match value {
        Some(value) => connection
            .prepare_cached("INSERT INTO secret VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = ?2")?
            .execute(params![name, value])?,
        None => connection.prepare_cached("DELETE FROM secret WHERE name = ?1")?.execute([name])?,
    };
    Ok(())
}

fn secrets(connection: &Connection, prefix: &str) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
    let mut select = connection.prepare_cached("SELECT name, value FROM secret WHERE name >= ?1 ORDER BY name")?;
    let rows = select.query_map([prefix], |row| Ok((row.get::<_, String>(0)?, row.get(1)?)))?;
    let mut found = Vec::new();
    for row in rows {
        let (name, value) = row?;
        if !name.starts_with(prefix) {
            break;
        }
        found.push((name, value));
    }
    Ok(found)
}

fn secret(connection: &Connection, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
    let mut select = connection.prepare_cached("SELECT value FROM secret WHERE name = ?1")?;
    Ok(select.query_row([name], |row| row.get(0)).optional()?)
}

const ENTER: &str = "INSERT INTO operation (id, sealed, hash, lane_kind, lane_id, place, priority, captured_ms) \
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (id) DO NOTHING";
/// The number stands in the index of ids: what was entered is not read for it.
const TURN: &str = "INSERT OR REPLACE INTO fate (number, state, outcome, ever_sent, withdrawing, attempts, decided_ms) \
     SELECT number, ?2, ?3, ?4, ?5, ?6, ?7 FROM operation WHERE id = ?1";

fn save_row(connection: &Connection, record: &Record) -> Result<(), StoreError> {
    // What nothing became of yet is mostly new, and then that is all there is to write.
    if is_as_entered(record) && enter(connection, record)? {
        return Ok(());
    }
    if !turn(connection, record)? && enter(connection, record)? {
        turn(connection, record)?;
    }
    Ok(())
}

/// Whether a row of the entry alone says everything.
fn is_as_entered(record: &Record) -> bool {
    let Record { state, ever_sent, withdrawing, attempts, decided_ms, .. } = record;
    *state == State::Queued && !ever_sent && !withdrawing && *attempts == 0 && decided_ms.is_none()
}

/// Writes what was entered. Returns whether it was not there.
fn enter(connection: &Connection, record: &Record) -> Result<bool, StoreError> {
    let Some(sealed) = &record.sealed else { return Ok(false) };
    let lane_kind = serde_json::to_value(record.lane.kind).map_err(form)?;
    let entered = connection.prepare_cached(ENTER)?.execute(params![
        record.id.uuid().into_bytes(),
        sealed.text(),
        sealed.hash().0.as_slice(),
        lane_kind.as_str().unwrap_or_default(),
        record.lane.id.into_bytes(),
        number(record.place),
        record.priority,
        record.captured_ms,
    ])?;
    Ok(entered > 0)
}

/// Writes what became of it. Returns whether there is such an entry.
fn turn(connection: &Connection, record: &Record) -> Result<bool, StoreError> {
    let turned = connection.prepare_cached(TURN)?.execute(params![
        record.id.uuid().into_bytes(),
        record.state.name(),
        serde_json::to_string(&record.state).map_err(form)?,
        record.ever_sent,
        record.withdrawing,
        record.attempts,
        record.decided_ms,
    ])?;
    Ok(turned > 0)
}

fn form(error: serde_json::Error) -> StoreError {
    StoreError::Form(error.to_string())
}

/// SQLite's integers have a sign; counters from 1 never reach it.
pub(super) fn number(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn load(connection: &Connection) -> Result<Rows, StoreError> {
    let device = connection.query_row("SELECT incarnation, next_seq FROM device", [], |row| {
        let next_seq: i64 = row.get(1)?;
        Ok(Device { incarnation: Incarnation::new(Uuid::from_bytes(row.get(0)?)), next_seq: next_seq.unsigned_abs() })
    })?;
    let mut select = connection.prepare_cached(
        "SELECT operation.*, fate.*, fate.number IS NULL AS as_entered \
         FROM operation LEFT JOIN fate USING (number) ORDER BY place",
    )?;
    let mut rows = select.query([])?;
    let mut records = Vec::new();
    while let Some(row) = rows.next()? {
        let id = OperationId::new(Uuid::from_bytes(row.get("id")?));
        let needs = needs::of(connection, id);
        records.push(read_row(id, row, needs));
    }
    let blobs = needs::blobs(connection)?;
    Ok(Rows { device, records, blobs })
}

/// Reads a row. Whatever of it cannot be read, it is there: as «Требует внимания» if it was still on its way.
fn read_row(id: OperationId, row: &Row<'_>, needs: Result<BTreeSet<Need>, StoreError>) -> Record {
    let sealed = row.get("sealed").ok().and_then(|text: String| Sealed::from_text(text).ok());
    let hash: Option<Vec<u8>> = row.get("hash").ok();
    let sealed = sealed.filter(|sealed| hash.as_deref() == Some(sealed.hash().0.as_slice()));
    let as_entered = row.get("as_entered").unwrap_or(false);
    let outcome = row.get("outcome").ok().and_then(|json: String| serde_json::from_str(&json).ok());
    let outcome = outcome.or(as_entered.then_some(State::Queued));
    let lane = read_lane(row);
    let whole = needs.is_ok() && sealed.is_some() && lane.is_some() && outcome.is_some();
    let mut state = outcome.unwrap_or(State::Queued);
    if !whole && state.is_waiting() {
        tracing::error!(operation = %id, "a row of the queue cannot be read");
        state = State::Attention { why: Attention::Unreadable };
    }
    Record {
        id,
        sealed,
        // A lane of its own stops nobody else.
        lane: lane.unwrap_or(Lane { kind: LaneKind::Meter, id: id.uuid() }),
        place: row.get("place").unwrap_or(0_i64).unsigned_abs(),
        needs: needs.unwrap_or_default(),
        priority: row.get("priority").unwrap_or(outbox::WHENEVER),
        captured_ms: row.get("captured_ms").unwrap_or(0),
        state,
        // What is not known counts as sent.
        ever_sent: row.get("ever_sent").unwrap_or(!as_entered),
        withdrawing: row.get("withdrawing").unwrap_or(false),
        attempts: row.get("attempts").unwrap_or(0),
        decided_ms: row.get("decided_ms").unwrap_or(None),
    }
}

fn read_lane(row: &Row<'_>) -> Option<Lane> {
    let kind: String = row.get("lane_kind").ok()?;
    let kind = serde_json::from_value(serde_json::Value::String(kind)).ok()?;
    Some(Lane { kind, id: Uuid::from_bytes(row.get("lane_id").ok()?) })
}
