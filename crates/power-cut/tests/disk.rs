//! The disk itself: it loses what may be lost, and nothing else.

use power_cut::{Deed, Device, Disk, Fault, History, Refusal, seeds};
use rusqlite::Connection;
use std::path::Path;
use tempfile::TempDir;

/// How a database is opened here.
#[derive(Debug, Clone, Copy)]
struct Mode {
    journal: &'static str,
    synchronous: &'static str,
}

const PRODUCT: Mode = Mode { journal: "WAL", synchronous: "FULL" };

fn open(path: &Path, mode: Mode) -> Connection {
    let connection = Connection::open(path).expect("opened");
    connection.pragma_update(None, "journal_mode", mode.journal).expect("set");
    connection.pragma_update(None, "synchronous", mode.synchronous).expect("set");
    connection
}

/// Rows committed one by one, some of them over several pages, with a checkpoint now and then. Returns the log, and the
/// point at which each row was told as committed.
fn workload(device: Device, mode: Mode, rows: usize) -> (History, Vec<usize>) {
    let folder = TempDir::new().expect("a folder");
    let disk = Disk::watch_as(folder.path(), device).expect("watched");
    let connection = open(&folder.path().join("a.db"), mode);
    connection.pragma_update(None, "wal_autocheckpoint", 20).expect("set");
    connection.execute_batch("CREATE TABLE entry (number INTEGER PRIMARY KEY, text TEXT NOT NULL)").expect("made");
    let mut told = Vec::new();
    for number in 0..rows {
        let text = text(number);
        connection.execute("INSERT INTO entry VALUES (?1, ?2)", rusqlite::params![number as i64, text]).expect("in");
        told.push(disk.point());
    }
    drop(connection);
    (disk.history(), told)
}

fn text(number: usize) -> String {
    format!("{number};").repeat(if number % 7 == 3 { 3_000 } else { 20 })
}

/// What is wrong with an image.
fn wrong(image: &power_cut::Image, mode: Mode, told: usize) -> Option<String> {
    let folder = TempDir::new().expect("a folder");
    let _disk = Disk::hurried(folder.path()).expect("watched");
    image.write_to(folder.path()).expect("written");
    let look = || -> rusqlite::Result<Option<String>> {
        let connection = Connection::open(folder.path().join("a.db"))?;
        connection.pragma_update(None, "journal_mode", mode.journal)?;
        let check: String = connection.query_row("PRAGMA integrity_check", [], |row| row.get(0))?;
        if check != "ok" {
            return Ok(Some(check));
        }
        let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_master", [], |row| row.get(0))?;
        if tables == 0 {
            return Ok((told > 0).then(|| "no table".to_owned()));
        }
        let mut rows = connection.prepare("SELECT number, text FROM entry ORDER BY number")?;
        let rows = rows.query_map([], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?)))?;
        let rows = rows.collect::<rusqlite::Result<Vec<_>>>()?;
        let whole = rows.iter().enumerate().all(|(at, (number, kept))| *number == at as i64 && *kept == text(at));
        if !whole {
            return Ok(Some("a row between others is gone or another".to_owned()));
        }
        Ok((rows.len() < told).then(|| format!("{} of {told} rows", rows.len())))
    };
    look().unwrap_or_else(|error| Some(error.to_string()))
}

/// What a search through images found.
#[derive(Default, Debug)]
struct Found {
    images: usize,
    torn: usize,
    stale: usize,
    wrong: Vec<String>,
}

fn search(device: Device, mode: Mode, rows: usize, images: usize) -> Found {
    let (history, told) = workload(device, mode, rows);
    let mut replay = history.replay();
    let mut found = Found::default();
    for (number, point) in seeds::points(history.len(), images, 1).into_iter().enumerate() {
        let image = replay.image_at(point, number as u64);
        let told = told.iter().filter(|at| **at <= point).count();
        found.images += 1;
        found.torn += image.torn;
        found.stale += image.stale;
        found.wrong.extend(wrong(&image, mode, told).map(|what| format!("at {point} of {}: {what}", history.len())));
    }
    println!(
        "{} images of {device:?}, {mode:?}, {} torn sectors, {} wrong",
        found.images,
        found.torn,
        found.wrong.len()
    );
    found
}

#[test]
fn a_database_that_syncs_its_log_loses_nothing_it_told_on_either_kind_of_disk() {
    for device in [Device::COMMON, Device::COARSE] {
        let found = search(device, PRODUCT, 60, seeds::power_cuts(400));
        assert!(found.wrong.is_empty(), "{device:?}: {:?}", found.wrong);
        assert!(found.torn > 20 && found.stale > 200, "the cuts did harm to what was not synced: {found:?}");
    }
}

#[test]
fn a_database_with_a_rollback_journal_stays_whole_and_loses_at_most_the_last_row() {
    // Without EXTRA the removal of the journal may be undone, and with it the last commit.
    let (history, told) = workload(Device::COMMON, Mode { journal: "DELETE", synchronous: "FULL" }, 40);
    let mut replay = history.replay();
    for (number, point) in seeds::points(history.len(), seeds::power_cuts(300), 2).into_iter().enumerate() {
        let told = told.iter().filter(|at| **at <= point).count();
        let image = replay.image_at(point, number as u64);
        let mode = Mode { journal: "DELETE", synchronous: "FULL" };
        assert_eq!(wrong(&image, mode, told.saturating_sub(1)), None, "at {point}");
    }
}

#[test]
fn a_database_that_does_not_sync_loses_what_it_told() {
    for synchronous in ["OFF", "NORMAL"] {
        let found = search(Device::COMMON, Mode { journal: "WAL", synchronous }, 40, 200);
        assert!(found.wrong.len() > 20, "synchronous={synchronous} looks as safe as FULL: the disk loses too little");
    }
}

#[test]
fn a_disk_that_lies_about_overwriting_loses_what_was_told() {
    let found = search(Device::LYING, PRODUCT, 60, 1_000);
    assert!(!found.wrong.is_empty(), "tearing spoils nothing beside what is written");
}

#[test]
fn the_same_seed_gives_the_same_image_and_another_seed_another() {
    let (history, _) = workload(Device::COMMON, Mode { journal: "WAL", synchronous: "OFF" }, 10);
    let point = history.len() / 2;
    assert_eq!(history.image_at(point, 5), history.image_at(point, 5));
    assert!((0..20).any(|seed| history.image_at(point, seed) != history.image_at(point, 5)));
    let mut replay = history.replay();
    replay.image_at(history.len(), 1);
    assert_eq!(replay.image_at(point, 5), history.image_at(point, 5), "also when going back");
}

#[test]
#[cfg(target_os = "linux")]
fn a_file_is_lost_without_its_sync_and_its_name_without_the_sync_of_its_folder() {
    use std::fs::{self, File};
    use std::io::Write;
    let folder = TempDir::new().expect("a folder");
    let disk = Disk::watch(folder.path()).expect("watched");
    let path = folder.path().join("new");
    let mut file = File::create(&path).expect("made");
    file.write_all(&[7; 2_000]).expect("written");
    let written = disk.point();
    file.sync_all().expect("synced");
    let synced = disk.point();
    fs::rename(&path, folder.path().join("whole")).expect("renamed");
    let renamed = disk.point();
    File::open(folder.path()).expect("opened").sync_all().expect("synced");
    let history = disk.history();
    type Bytes<'a> = Option<&'a Vec<u8>>;
    let seen = |point: usize, so: &dyn Fn(Bytes<'_>, Bytes<'_>) -> bool| {
        let looks = (0..200).filter(|seed| {
            let image = history.image_at(point, *seed);
            so(image.files.get(Path::new("new")), image.files.get(Path::new("whole")))
        });
        looks.count()
    };
    let whole = |bytes: Bytes<'_>| bytes.is_some_and(|bytes| *bytes == [7; 2_000]);
    assert!(seen(written, &|new, _| new.is_none()) > 0, "the name is not durable yet");
    assert!(seen(written, &|new, _| new.is_some_and(|bytes| bytes.is_empty())) > 0, "nor what is in it");
    assert!(seen(written, &|new, _| new.is_some_and(|bytes| bytes.len() == 2_000 && bytes.contains(&0))) > 0, "a hole");
    assert!(seen(synced, &|new, _| new.is_none()) > 0, "a synced file may have no name yet");
    assert_eq!(seen(synced, &|new, _| new.is_some() && !whole(new)), 0, "what was synced is there");
    assert!(seen(renamed, &|new, _| whole(new)) > 0 && seen(renamed, &|_, whole| whole.is_some()) > 0, "old or new");
    assert_eq!(seen(history.len(), &|_, name| whole(name)), 200, "after the sync of the folder it stays");
}

#[test]
fn a_full_disk_and_a_failing_one_say_so_and_go_on_when_they_are_mended() {
    let folder = TempDir::new().expect("a folder");
    let disk = Disk::watch(folder.path()).expect("watched");
    let connection = open(&folder.path().join("a.db"), PRODUCT);
    connection.execute_batch("CREATE TABLE entry (text TEXT NOT NULL)").expect("made");
    let enter = || connection.execute("INSERT INTO entry VALUES (?1)", [text(3)]);
    disk.fill_up();
    let code = enter().expect_err("no room").sqlite_error_code();
    assert_eq!(code, Some(rusqlite::ErrorCode::DiskFull));
    disk.mend();
    enter().expect("there is room");
    for on in [Deed::Write, Deed::Sync] {
        disk.refuse(Fault { on: Some(on), after: 0, times: 1, refusal: Refusal::Broken });
        let code = enter().expect_err("broken").sqlite_error_code();
        assert_eq!(code, Some(rusqlite::ErrorCode::SystemIoFailure), "{on:?}");
        enter().expect("once only");
    }
    assert_eq!(disk.refused(), 3);
    let count: i64 = connection.query_row("SELECT count(*) FROM entry", [], |row| row.get(0)).expect("counted");
    assert_eq!(count, 3);
}
