//! The power fails at every step of storing a blob.

use super::sim_disk::{Names, SimDisk};
use super::*;

/// More calls than storing three pieces takes.
const ENOUGH: usize = 40;

#[test]
fn after_a_power_cut_at_any_step_a_blob_is_whole_or_not_there_and_what_was_told_as_stored_is_there() {
    let (mut told, mut lost) = (0, 0);
    for names in [Names::Lost, Names::Kept] {
        for calls in 0..ENOUGH {
            let disk = SimDisk::default();
            let store = open(&disk);
            disk.fails_after(calls);
            let added = store.add(&mut Cursor::new(content(2 * CHUNK + 9)));
            disk.power_cut(names);
            let store = open(&disk);
            assert!(disk.names().iter().all(|name| !name.ends_with(PART)), "leftovers are swept");
            let name = open(&SimDisk::default()).add(&mut Cursor::new(content(2 * CHUNK + 9))).expect("its name");
            match whole(&store, name) {
                Ok(bytes) => assert_eq!(bytes, content(2 * CHUNK + 9)),
                Err(BlobError::Missing) => {
                    assert!(added.is_err(), "told as stored after {calls} calls, and lost ({names:?})");
                    lost += 1;
                }
                Err(other) => panic!("half a blob after {calls} calls ({names:?}): {other}"),
            }
            told += usize::from(added.is_ok());
            assert_eq!(add(&store, &content(2 * CHUNK + 9)), name, "it can be stored again");
        }
    }
    assert!(told > 0 && lost > 10, "the cuts hit before and after: {told}, {lost}");
}

#[test]
fn a_blob_whose_folder_was_not_synced_is_synced_by_whoever_adds_it_again() {
    for calls in 0..ENOUGH {
        let disk = SimDisk::default();
        let store = open(&disk);
        disk.fails_after(calls);
        if store.add(&mut Cursor::new(content(10))).is_ok() {
            return;
        }
        disk.fails_after(usize::MAX);
        let name = add(&store, &content(10));
        disk.power_cut(Names::Lost);
        assert_eq!(whole(&open(&disk), name).expect("told as stored"), content(10), "after {calls} calls");
    }
    panic!("never stored");
}
