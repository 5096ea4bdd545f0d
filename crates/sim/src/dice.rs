//! Randomness: everything that is drawn in a simulation comes from here, and all of it from the seed.

use rand::rngs::StdRng;
use rand::{Rng, RngCore, SeedableRng};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A stream of numbers. Each party has one of its own, so that what one of them draws does not shift the others.
pub struct Dice(Mutex<StdRng>);

impl Dice {
    /// The stream of a party of a seed.
    pub fn of(seed: u64, party: u64) -> Self {
        Self(Mutex::new(StdRng::seed_from_u64(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ party)))
    }

    fn held(&self) -> MutexGuard<'_, StdRng> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A number from `from` up to, not including, `to`.
    pub fn between(&self, from: u64, to: u64) -> u64 {
        self.held().random_range(from..to.max(from + 1))
    }

    /// An index below `count`.
    pub fn index(&self, count: usize) -> usize {
        self.held().random_range(0..count.max(1))
    }

    /// True so many times of a hundred.
    pub fn percent(&self, percent: u32) -> bool {
        self.held().random_range(0..100) < percent
    }

    /// One of them.
    pub fn pick<'a, T>(&self, of: &'a [T]) -> &'a T {
        &of[self.index(of.len())]
    }
}

impl client::ports::Random for Dice {
    fn fill(&self, bytes: &mut [u8]) {
        self.held().fill_bytes(bytes);
    }
}

impl server::random::Random for Dice {
    fn fill(&self, bytes: &mut [u8]) {
        self.held().fill_bytes(bytes);
    }
}
