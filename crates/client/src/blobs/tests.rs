//! What a blob's file withstands.

mod power;
mod sim_disk;

use super::sealing::{CHUNK, HEADER, TAG};
use super::*;
use crate::platform::SystemRandom;
use proptest::prelude::*;
use sim_disk::SimDisk;
use std::io::Cursor;

const KEY: [u8; 32] = [7; 32];
const SEALED: usize = CHUNK + TAG;

fn open(disk: &SimDisk) -> BlobStore {
    BlobStore::open(Arc::new(disk.clone()), Arc::new(SystemRandom), Path::new("blobs"), &KEY)
}

fn add(store: &BlobStore, content: &[u8]) -> BlobName {
    store.add(&mut Cursor::new(content)).expect("stored")
}

fn whole(store: &BlobStore, name: BlobName) -> Result<Vec<u8>, BlobError> {
    store.read(name, 0..u64::MAX).map(|part| part.bytes)
}

/// Content in which every piece is another.
fn content(length: usize) -> Vec<u8> {
    (0..length).map(|at| (at % 251) as u8 ^ (at / CHUNK) as u8).collect()
}

fn file_of(name: BlobName) -> PathBuf {
    Path::new("blobs").join(name.to_string())
}

/// Stores three pieces, breaks the file, and tells what reading the beginning and reading the whole come to.
fn broken(how: impl FnOnce(&mut Vec<u8>)) -> [Result<(), BlobError>; 2] {
    let disk = SimDisk::default();
    let store = open(&disk);
    let name = add(&store, &content(2 * CHUNK + 100));
    disk.change(&file_of(name), how);
    [store.read(name, 0..10).map(drop), whole(&store, name).map(drop)]
}

#[test]
fn a_changed_byte_anywhere_is_noticed() {
    for at in [0, 8, HEADER, HEADER + CHUNK, HEADER + SEALED + 5, HEADER + 2 * SEALED + 3] {
        let [_, all] = broken(|file| file[at] ^= 1);
        assert!(matches!(all, Err(BlobError::Damaged)), "byte {at}");
    }
}

#[test]
fn a_cut_or_lengthened_file_is_noticed_before_its_first_byte_is_given() {
    for length in [0, 1, HEADER, HEADER + TAG, HEADER + SEALED, HEADER + 2 * SEALED, HEADER + 2 * SEALED + 50] {
        for read in broken(|file| file.truncate(length)) {
            assert!(matches!(read, Err(BlobError::Damaged)), "cut to {length}");
        }
    }
    for added in [1, SEALED] {
        for read in broken(|file| file.extend(std::iter::repeat_n(0, added))) {
            assert!(matches!(read, Err(BlobError::Damaged)), "{added} more");
        }
    }
}

#[test]
fn pieces_in_another_order_are_noticed() {
    let swap = |file: &mut Vec<u8>| {
        let (first, second) = file[HEADER..].split_at_mut(SEALED);
        first.swap_with_slice(&mut second[..SEALED]);
    };
    assert!(broken(swap).iter().all(Result::is_err));
    let [_, doubled] = broken(|file| file.copy_within(HEADER..HEADER + SEALED, HEADER + SEALED));
    assert!(doubled.is_err(), "one piece twice");
}

#[test]
fn a_file_under_another_blobs_name_or_another_key_is_noticed() {
    let disk = SimDisk::default();
    let store = open(&disk);
    let (one, two) = (add(&store, b"one"), add(&store, b"two"));
    let other = disk.bytes(&file_of(two));
    disk.change(&file_of(one), |file| *file = other);
    assert!(matches!(whole(&store, one), Err(BlobError::Damaged)));
    let stranger = BlobStore::open(Arc::new(disk.clone()), Arc::new(SystemRandom), Path::new("blobs"), &[8; 32]);
    assert!(matches!(whole(&stranger, two), Err(BlobError::Damaged)));
    assert_ne!(add(&stranger, b"two"), two, "a name tells nothing to another key");
}

#[test]
fn a_piece_of_one_file_does_not_fit_into_another_file_of_the_same_content() {
    let (disk, other) = (SimDisk::default(), SimDisk::default());
    let (store, name) = (open(&disk), add(&open(&other), &content(CHUNK + 1)));
    assert_eq!(add(&store, &content(CHUNK + 1)), name);
    let piece = other.bytes(&file_of(name))[HEADER..HEADER + SEALED].to_vec();
    disk.change(&file_of(name), |file| file[HEADER..HEADER + SEALED].copy_from_slice(&piece));
    assert!(whole(&store, name).is_err(), "no key is used for two files");
}

#[test]
fn the_same_content_is_stored_once_and_a_damaged_file_of_it_is_healed() {
    let disk = SimDisk::default();
    let store = open(&disk);
    let name = add(&store, &content(CHUNK * 3));
    let before = disk.bytes(&file_of(name));
    assert_eq!(add(&store, &content(CHUNK * 3)), name);
    assert_eq!(disk.bytes(&file_of(name)), before, "not written again");
    disk.change(&file_of(name), |file| file[HEADER + SEALED] ^= 1);
    assert_eq!(add(&store, &content(CHUNK * 3)), name);
    assert_eq!(whole(&store, name).expect("healed"), content(CHUNK * 3));
    assert_eq!(disk.names().len(), 1);
}

#[test]
fn content_that_changes_while_it_is_read_is_refused_and_leaves_nothing() {
    /// Another content every time it is rewound.
    struct Restless(Cursor<Vec<u8>>);
    impl Read for Restless {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            self.0.read(into)
        }
    }
    impl Seek for Restless {
        fn seek(&mut self, to: io::SeekFrom) -> io::Result<u64> {
            self.0.get_mut()[5] ^= 1;
            self.0.seek(to)
        }
    }
    let disk = SimDisk::default();
    let added = open(&disk).add(&mut Restless(Cursor::new(content(100))));
    assert!(matches!(added, Err(BlobError::Changed)));
    assert!(disk.names().is_empty());
}

#[test]
fn a_full_disk_is_told_as_such_and_leaves_no_half_file() {
    let disk = SimDisk::default();
    let store = open(&disk);
    disk.room(CHUNK);
    let added = store.add(&mut Cursor::new(content(3 * CHUNK)));
    assert!(matches!(added, Err(BlobError::Full)));
    assert!(disk.names().is_empty());
    disk.room(usize::MAX);
    add(&store, &content(3 * CHUNK));
}

#[test]
fn what_is_missing_is_named_and_what_nobody_needs_goes() {
    let disk = SimDisk::default();
    let store = open(&disk);
    assert_eq!(store.missing([BlobName([1; 32])]), vec![BlobName([1; 32])], "before there is a folder");
    let (one, two) = (add(&store, b"one"), add(&store, b"two"));
    assert_eq!(store.missing([one, BlobName([1; 32]), two]), vec![BlobName([1; 32])]);
    store.keep_only(&BTreeSet::from([two]));
    assert!(matches!(whole(&store, one), Err(BlobError::Missing)));
    assert_eq!(whole(&store, two).expect("kept"), b"two");
    store.remove(two).expect("removed");
    store.remove(two).expect("gone already");
    assert_eq!(store.missing([two]), vec![two]);
}

#[test]
fn the_content_is_nowhere_in_the_file() {
    let disk = SimDisk::default();
    let marker = b"MARKER-91b7";
    let name = add(&open(&disk), &[content(CHUNK), marker.to_vec()].concat());
    let file = disk.bytes(&file_of(name));
    assert!(!file.windows(marker.len()).any(|window| window == marker));
    assert_eq!(file.len(), HEADER + CHUNK + marker.len() + 2 * TAG);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn any_range_of_any_content_is_read_as_from_a_vector(
        pieces in 0_usize..4,
        rest in prop_oneof![Just(0_usize), Just(1), Just(CHUNK - 1), 0..CHUNK],
        ranges in prop::collection::vec((0.0..1.2_f64, 0.0..1.2_f64), 1..8),
    ) {
        let disk = SimDisk::default();
        let store = open(&disk);
        let expected = content(pieces * CHUNK + rest);
        let name = add(&store, &expected);
        prop_assert_eq!(store.len(name).expect("here"), expected.len() as u64);
        prop_assert_eq!(whole(&store, name).expect("read"), expected.clone());
        let at = |part: f64| (expected.len() as f64 * part) as usize;
        for (begin, end) in ranges {
            let (begin, end) = (at(begin), at(end));
            let part = store.read(name, begin as u64..end as u64).expect("read");
            let (begin, end) = (begin.min(expected.len()), end.min(expected.len()));
            prop_assert_eq!(part.bytes.as_slice(), expected.get(begin..end).unwrap_or_default());
            prop_assert_eq!(part.total, expected.len() as u64);
        }
    }
}
