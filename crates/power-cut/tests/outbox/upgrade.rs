//! The power fails while a new program brings an old queue to its form.

use crate::desk::{Desk, KEY, block_on, rename};
use client::engine::Storage;
use power_cut::{Disk, Replay, seeds};
use rusqlite::{Connection, ErrorCode};
use std::path::Path;
use tempfile::TempDir;

/// As many entries as fill several pages.
const ENTRIES: usize = 40;

/// Makes it a queue of form 1.
const AGE: &str = include_str!("../../../client/golden/outbox/back-to-1.sql");

fn raw(path: &Path) -> Connection {
    let connection = Connection::open(path).expect("opened");
    connection.execute_batch(&format!("PRAGMA key = \"x'{}'\"", hex::encode(KEY))).expect("keyed");
    connection
}

/// The entries, and whether the file has the new form already. `None`: its first bytes are spoilt, and only the program
/// knows how to go on without them.
fn look(path: &Path) -> Option<(Vec<String>, bool)> {
    let connection = raw(path);
    let check: String = match connection.query_row("PRAGMA integrity_check", [], |row| row.get(0)) {
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::NotADatabase) => return None,
        check => check.expect("checked"),
    };
    assert_eq!(check, "ok");
    let newest = "SELECT max(version) FROM refinery_schema_history";
    let new = connection.query_row(newest, [], |row| row.get::<_, i64>(0)).expect("a form") > 1;
    // In the old form how an entry stands is in its row.
    let from = if new { "operation JOIN fate USING (number)" } else { "operation" };
    let mut select = connection
        .prepare(&format!("SELECT sealed FROM {from} WHERE state = 'queued' AND NOT ever_sent ORDER BY id"))
        .expect("a form");
    let texts = select.query_map([], |row| row.get(0)).expect("read").collect::<Result<_, _>>().expect("read");
    Some((texts, new))
}

/// Whether a file is neither certainly there after a cut nor certainly not.
fn image_may_lack(replay: &mut Replay<'_>, point: usize, file: &Path) -> bool {
    let there = (0..20).filter(|seed| replay.image_at(point, *seed).files.contains_key(file)).count();
    there > 0 && there < 20
}

#[test]
fn a_power_cut_while_the_queue_takes_a_new_form_leaves_all_of_it_and_a_copy_before_any_change() {
    let desk = Desk::new(1);
    let (path, copy) = (desk.dir.path().join("outbox.db"), Path::new("outbox-before.db"));
    block_on(async {
        let engine = desk.open(desk.dir.path(), Storage::Inline).expect("opens");
        for _ in 0..ENTRIES {
            desk.enter(&engine, rename(1, &"Кухня ".repeat(50), []), None).await;
        }
        engine.close().await;
    });
    raw(&path).execute_batch(&format!("BEGIN; {AGE} COMMIT")).expect("aged");
    let (old, _) = look(&path).expect("whole");
    assert_eq!(old.len(), ENTRIES);
    let began = desk.disk.point();
    let mut opened = 0;
    block_on(async {
        let engine = desk.open(desk.dir.path(), Storage::Inline).expect("opens the old form");
        opened = desk.disk.point();
        engine.close().await;
    });
    let history = desk.disk.history();
    let mut replay = history.replay();
    let (mut copied, mut changed, mut images) = (0, 0, 0);
    for point in seeds::points(history.len() - began, seeds::power_cuts(200), 1) {
        let point = began + point;
        let image = replay.image_at(point, images);
        images += 1;
        let dir = TempDir::new().expect("a folder");
        let _disk = Disk::hurried(dir.path()).expect("watched");
        image.write_to(dir.path()).expect("written");
        if image.files.contains_key(copy) {
            copied += 1;
            assert_eq!(look(&dir.path().join(copy)), Some((old.clone(), false)), "at {point}: the copy is not whole");
        }
        if let Some((texts, new)) = look(&dir.path().join("outbox.db")) {
            assert_eq!(texts, old, "at {point}: the queue itself");
            if new {
                changed += 1;
                assert!(image.files.contains_key(copy), "at {point}: changed before the copy is there");
            }
            assert!(point < opened || new, "at {point}: told as open, and of the old form");
        }
        block_on(async {
            let engine = desk.open(dir.path(), Storage::Inline).unwrap_or_else(|error| panic!("at {point}: {error}"));
            engine.close().await;
        });
        let after = look(&dir.path().join("outbox.db"));
        assert_eq!(after, Some((old.clone(), true)), "at {point}: after the next start");
        assert!(look(&dir.path().join(copy)).is_some_and(|(texts, _)| texts == old), "at {point}: the copy after it");
    }
    // Between the renaming of the copy and the first commit behind it there are few points: each is cut often.
    let mut replay = history.replay();
    for point in began..=history.len() {
        let seeds = if image_may_lack(&mut replay, point, copy) { 0..100 } else { 0..0 };
        for seed in seeds {
            let image = replay.image_at(point, seed);
            if !image.files.contains_key(copy) {
                images += 1;
                let dir = TempDir::new().expect("a folder");
                let _disk = Disk::hurried(dir.path()).expect("watched");
                image.write_to(dir.path()).expect("written");
                let new = look(&dir.path().join("outbox.db")).is_some_and(|(_, new)| new);
                assert!(!new, "at {point}: changed before the copy is there");
            }
        }
    }
    println!("» power cuts, new form of the queue: {images} images of the disk, {copied} with a copy");
    assert!(copied > changed && changed > 0, "the cuts hit before, between and after");
}
