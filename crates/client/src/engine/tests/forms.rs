//! Files of older and of newer programs.

use super::desk::{Desk, KEY, enter, name, queue, until};
use super::disk::raw;
use crate::engine::{OpenError, Storage};
use crate::store::StoreError;
use domain::OperationId;
use rusqlite::Connection;
use rusqlite::config::DbConfig;
use std::collections::BTreeMap;
use std::path::Path;
use tempfile::TempDir;

/// Changes a database from outside, and leaves the change in the journal as a power cut would.
fn change(path: &Path, sql: &str) {
    let connection = raw(path);
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true).expect("set");
    connection.execute_batch(sql).expect("changed");
    drop(connection);
    let journal = std::fs::metadata(path.with_extension("db-wal")).expect("a journal").len();
    assert!(journal > 0, "what was changed is in the journal and not in the file");
}

/// A disk after a power cut with one operation in the queue, and that operation.
async fn disk_with_a_queue(desk: &Desk) -> (TempDir, OperationId) {
    desk.town.state().online = false;
    let engine = desk.open();
    let op = enter(&engine, 1).await;
    let disk = desk.copy_of_the_disk();
    engine.close().await;
    (disk, op)
}

/// The bytes of every file but the index of the journal, which SQLite makes anew whenever it looks.
fn bytes(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let files = std::fs::read_dir(dir).expect("listed").map(|file| file.expect("listed"));
    let files = files.filter(|file| file.file_type().expect("known").is_file());
    let named = files.map(|file| (file.file_name().to_string_lossy().into_owned(), std::fs::read(file.path())));
    let kept = named.filter(|(name, _)| !name.ends_with("-shm") && name != "lock");
    kept.map(|(name, bytes)| (name, bytes.expect("read"))).collect()
}

/// The id of the only operation.
fn only(connection: &Connection) -> rusqlite::Result<Vec<u8>> {
    connection.query_row("SELECT id FROM operation", [], |row| row.get(0))
}

/// The same, from a file of form 1: there the entry and its state are one row.
fn only_of_form_1(connection: &Connection) -> rusqlite::Result<Vec<u8>> {
    connection.query_row("SELECT id FROM operation WHERE state = 'queued'", [], |row| row.get(0))
}

const FORGET_THE_FORM: &str = "DROP TABLE refinery_schema_history;";
/// Makes it a queue of form 1.
const AGE: &str = include_str!("../../../golden/outbox/back-to-1.sql");
/// As a later program would leave it.
const OF_A_LATER_PROGRAM: &str = "ALTER TABLE operation ADD COLUMN colour TEXT NOT NULL DEFAULT 'green'; \
     INSERT INTO refinery_schema_history (version, name, applied_on, checksum) VALUES (1000, 'later', '2030-01-01T00:00:00Z', '1');";

#[tokio::test(start_paused = true)]
async fn a_queue_of_an_older_program_is_copied_aside_before_it_is_changed() {
    let desk = Desk::new();
    let (disk, op) = disk_with_a_queue(&desk).await;
    assert!(!desk.dir.path().join("outbox-before.db").exists(), "a queue of this form needs no copy");
    let path = disk.path().join("outbox.db");
    change(&path, AGE);
    let alone = TempDir::new().expect("a folder");
    std::fs::copy(&path, alone.path().join("outbox.db")).expect("copied");
    assert!(only_of_form_1(&raw(&alone.path().join("outbox.db"))).is_err(), "a bare copy of the file has not the row");

    let engine = desk.try_open(disk.path(), KEY, Storage::Inline).expect("opens");
    assert_eq!(queue(&engine).iter().map(|op| (op.id, op.ever_sent)).collect::<Vec<_>>(), vec![(op, false)]);
    engine.close().await;
    assert!(only_of_form_1(&raw(&path)).is_err(), "the queue itself has the new form");
    std::fs::copy(disk.path().join("outbox-before.db"), alone.path().join("before.db")).expect("copied");
    let copy = raw(&alone.path().join("before.db"));
    assert_eq!(only_of_form_1(&copy).expect("the copy is whole, and in one file"), op.uuid().as_bytes());
    assert!(!disk.path().join("outbox-before.part").exists());
}

#[tokio::test(start_paused = true)]
async fn a_migration_that_fails_leaves_the_queue_and_its_copy_whole() {
    // It will find a table in its way: at its beginning, and in its middle.
    for in_its_way in [FORGET_THE_FORM, &format!("{AGE} CREATE TABLE fate (number);")] {
        let desk = Desk::new();
        let (disk, op) = disk_with_a_queue(&desk).await;
        change(&disk.path().join("outbox.db"), in_its_way);
        let opened = desk.try_open(disk.path(), KEY, Storage::Inline);
        assert!(matches!(opened, Err(OpenError::Store(StoreError::Migration(_)))));
        for file in ["outbox.db", "outbox-before.db"] {
            assert_eq!(only(&raw(&disk.path().join(file))).expect(file), op.uuid().as_bytes());
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_queue_of_a_newer_program_is_refused_and_left_whole_to_the_byte() {
    let desk = Desk::new();
    let (disk, _) = disk_with_a_queue(&desk).await;
    change(&disk.path().join("outbox.db"), OF_A_LATER_PROGRAM);
    let before = bytes(disk.path());
    assert!(before.contains_key("outbox.db-wal"), "{:?}", before.keys());
    for _ in 0..2 {
        let opened = desk.try_open(disk.path(), KEY, Storage::Inline);
        assert!(matches!(opened, Err(OpenError::NewerProgram)));
        let after = bytes(disk.path());
        assert!(before == after, "changed: {:?} became {:?}", before.keys(), after.keys());
    }
}

#[tokio::test(start_paused = true)]
async fn a_mirror_of_a_newer_program_is_fetched_again_beside_the_queue() {
    let desk = Desk::new();
    let engine = desk.open();
    until(&engine, "mirrored", |engine| engine.status().last_synced_ms.is_some()).await;
    desk.town.state().online = false;
    let op = enter(&engine, 1).await;
    engine.close().await;
    let later = OF_A_LATER_PROGRAM.replace("operation", "entity");
    raw(&desk.dir.path().join("cache.db")).execute_batch(&later).expect("changed");
    let snapshots = desk.town.state().snapshots;
    let engine = desk.open();
    assert_eq!(queue(&engine).iter().map(|op| op.id).collect::<Vec<_>>(), vec![op]);
    desk.town.state().online = true;
    engine.person_back();
    until(&engine, "fetched", |engine| name(engine, desk.user.uuid()).is_some() && queue(engine).is_empty()).await;
    assert!(desk.town.state().snapshots > snapshots, "it was not fetched again");
    engine.close().await;
}
