//! A database of a newer server, and one of an older.

use rusqlite::Connection;
use std::path::Path;
use zhkh_server::storage::{Store, StoreError, StorePorts};

/// As a later server would leave it.
const OF_A_LATER_SERVER: &str = "ALTER TABLE ledger ADD COLUMN colour TEXT; \
     INSERT INTO refinery_schema_history (version, name, applied_on, checksum) VALUES (1000, 'later', '2030-01-01T00:00:00Z', '1');";

fn open(path: &Path) -> Result<Store, StoreError> {
    Store::open(&path.to_owned().into(), StorePorts::default())
}

#[test]
fn a_database_of_a_newer_server_is_refused_with_words_and_left_whole_to_the_byte() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("zhkh.db");
    open(&path).expect("made").close();
    Connection::open(&path).expect("opened").execute_batch(OF_A_LATER_SERVER).expect("changed");
    let before = std::fs::read(&path).expect("read");
    for _ in 0..2 {
        let refused = open(&path).err().expect("refused");
        assert!(matches!(refused, StoreError::Newer), "{refused}");
        assert!(refused.to_string().contains("более новая программа"), "{refused}");
        assert!(std::fs::read(&path).expect("read") == before, "it was changed");
    }
}

#[test]
fn the_database_of_every_release_opens_in_todays_server_with_all_it_holds() {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden/database");
    let mut releases = 0;
    let releases_there = std::fs::read_dir(golden).expect("listed").map(|entry| entry.expect("listed").path());
    for release in releases_there.filter(|path| path.is_dir()) {
        let packed = std::fs::read(release.join("zhkh.db.zst")).expect("read");
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("zhkh.db");
        std::fs::write(&path, zstd::decode_all(packed.as_slice()).expect("unpacked")).expect("written");
        let counted = |table: &str| -> i64 {
            let count = format!("SELECT COUNT(*) FROM {table}");
            Connection::open(&path).expect("opened").query_row(&count, [], |row| row.get(0)).expect("counted")
        };
        let tables = ["users", "accounts", "meters", "readings", "ledger", "feed", "mirror"];
        let before = tables.map(counted);
        assert!(before.iter().all(|rows| *rows > 0), "{before:?}");
        open(&path).expect("opened").close();
        assert_eq!(tables.map(counted), before);
        releases += 1;
    }
    assert!(releases > 0, "no golden database");
}
