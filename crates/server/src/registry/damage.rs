//! Damaged files of every format: the parsers answer, they never panic.

use super::{encoding, p1, p4, r1, r3};
use crate::demo::{Town, Wish, files};
use domain::Period;
use proptest::prelude::*;
use std::sync::LazyLock;

/// A town's four files, small enough to be damaged many times.
static WHOLE: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let month = Period::new(2026, 10).expect("October");
    files(&Town::build(Wish { seed: 3, accounts: 6, month })).into_iter().map(|file| file.bytes).collect()
});

fn read_all(bytes: &[u8]) {
    let _ = (
        encoding::decode(bytes),
        p1::parse(bytes, "a_b_c_1026.txt"),
        p4::parse(bytes),
        r1::parse(bytes),
        r3::parse(bytes),
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        read_all(&bytes);
    }

    #[test]
    fn a_town_with_bytes_changed_or_lost_is_answered(
        which in 0_usize..4,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        end in any::<prop::sample::Index>(),
        cut in any::<bool>(),
    ) {
        let mut bytes = WHOLE[which].clone();
        for (place, byte) in changes {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        if cut {
            bytes.truncate(end.index(bytes.len()));
        }
        read_all(&bytes);
    }
}
