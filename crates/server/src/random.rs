//! Randomness, passed in, and the ids made from it.

use rand::RngCore;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use uuid::{Builder, Uuid};

/// Draws random bytes: tokens, codes, salts and ids come from here and from nowhere else.
pub trait Random: Send + Sync + 'static {
    /// Fills `bytes`.
    fn fill(&self, bytes: &mut [u8]);
}

/// The system's generator.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemRandom;

impl Random for SystemRandom {
    fn fill(&self, bytes: &mut [u8]) {
        rand::rng().fill_bytes(bytes);
    }
}

/// Makes ids.
pub struct Ids {
    random: Arc<dyn Random>,
    last: Mutex<Last>,
}

/// The last id of version 7: its millisecond and the 74 bits behind it.
#[derive(Default)]
struct Last {
    ms: u64,
    tail: u128,
}

/// How many bits of an id of version 7 are not its time, its version and its variant.
const TAIL_BITS: u32 = 74;

impl fmt::Debug for Ids {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ids")
    }
}

impl Ids {
    /// From this randomness.
    pub fn new(random: Arc<dyn Random>) -> Self {
        Self { random, last: Mutex::default() }
    }

    /// The randomness itself.
    pub fn random(&self) -> &dyn Random {
        &*self.random
    }

    /// An id that tells nothing.
    pub fn v4(&self) -> Uuid {
        Builder::from_random_bytes(self.draw()).into_uuid()
    }

    /// An id that sorts by its time. Those of one process always grow, within a millisecond and when the clock was set
    /// back too.
    pub fn v7(&self, now_ms: i64) -> Uuid {
        let drawn = u128::from_be_bytes(self.draw());
        let now = u64::try_from(now_ms).unwrap_or(0);
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if now > last.ms {
            // The upper half stays free for those that follow in the same millisecond.
            *last = Last { ms: now, tail: drawn >> (128 - TAIL_BITS + 1) };
        } else {
            last.tail += 1 + (drawn & u128::from(u32::MAX));
            if last.tail >> TAIL_BITS != 0 {
                *last = Last { ms: last.ms + 1, tail: drawn >> (128 - TAIL_BITS + 1) };
            }
        }
        let (high, low) = ((last.tail >> 62) & 0xfff, last.tail & ((1 << 62) - 1));
        Uuid::from_u128((u128::from(last.ms) << 80) | (0x7 << 76) | (high << 64) | (0b10 << 62) | low)
    }

    fn draw(&self) -> [u8; 16] {
        let mut bytes = [0; 16];
        self.random.fill(&mut bytes);
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Variant;

    /// Always the same bytes.
    struct Same(u8);

    impl Random for Same {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(self.0);
        }
    }

    #[test]
    fn ids_of_one_process_grow_within_a_millisecond_and_when_the_clock_goes_back() {
        for byte in [0, 0x5a, 0xff] {
            let ids = Ids::new(Arc::new(Same(byte)));
            let made: Vec<Uuid> =
                [5, 5, 5, 6, 6, 4, 1, 6, 7].iter().flat_map(|ms| [ids.v7(*ms), ids.v7(*ms)]).collect();
            assert!(made.is_sorted_by(|one, next| one < next), "{made:?}");
            for id in made {
                assert_eq!((id.get_version_num(), id.get_variant()), (7, Variant::RFC4122));
            }
        }
    }

    #[test]
    fn an_id_tells_its_time_and_a_full_millisecond_borrows_from_the_next() {
        let ids = Ids::new(Arc::new(SystemRandom));
        let (seconds, nanos) = ids.v7(1_794_301_200_123).get_timestamp().expect("version 7").to_unix();
        assert_eq!((seconds, nanos), (1_794_301_200, 123_000_000));
        let full = Ids { random: Arc::new(Same(9)), last: Mutex::new(Last { ms: 8, tail: (1 << TAIL_BITS) - 1 }) };
        assert_eq!(full.v7(8).get_timestamp().expect("version 7").to_unix(), (0, 9_000_000));
    }

    #[test]
    fn the_same_randomness_gives_the_same_ids() {
        let (one, two) = (Ids::new(Arc::new(Same(3))), Ids::new(Arc::new(Same(3))));
        assert_eq!((one.v4(), one.v7(5)), (two.v4(), two.v7(5)));
        assert_eq!(one.v4().get_version_num(), 4);
    }
}
