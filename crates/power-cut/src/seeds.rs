//! Which seeds a run tries, and how it says what it tried.

use crate::{History, Image};
use rand::{Rng, SeedableRng, rngs::StdRng};
use std::fmt::Display;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::str::FromStr;

/// The seed of a run that is to be repeated.
pub const SEED: &str = "ZHKH_SEED";
/// How many images a test tries, instead of the number that fits into CI.
pub const POWER_CUTS: &str = "ZHKH_POWER_CUTS";

fn setting<T: FromStr>(name: &str) -> Option<T> {
    std::env::var(name).ok().and_then(|text| text.parse().ok())
}

/// How many images to try: `usual` in CI, more when asked for. A repeated seed asks for what failed.
pub fn power_cuts(usual: usize) -> usize {
    setting(POWER_CUTS).unwrap_or(usual)
}

/// Runs one workload per seed: the fixed ones, or the one that is asked for. Returns what they come to together.
/// A failure says how to see it again.
pub fn each<T: Into<u64>>(fixed: impl IntoIterator<Item = u64>, what: impl Fn(u64) -> T) -> u64 {
    let seeds: Vec<u64> = setting(SEED).map_or_else(|| fixed.into_iter().collect(), |seed| vec![seed]);
    seeds.into_iter().map(|seed| again(SEED, seed, || what(seed)).into()).sum()
}

/// Runs something, and says when it fails how to run it again.
pub fn again<T>(name: &str, value: impl Display, what: impl FnOnce() -> T) -> T {
    catch_unwind(AssertUnwindSafe(what)).unwrap_or_else(|panic| {
        eprintln!("to see it again: {name}={value}");
        resume_unwind(panic)
    })
}

/// Cuts a history at so many [`points`], and has each image looked at. Returns how many there were and how many sectors of
/// them were torn.
pub fn images(history: &History, count: usize, seed: u64, mut look: impl FnMut(usize, &Image)) -> (u64, usize) {
    let mut replay = history.replay();
    let (mut number, mut torn) = (0, 0);
    for point in points(history.len(), count, seed) {
        let image = replay.image_at(point, seed.rotate_left(40) ^ number);
        torn += image.torn;
        number += 1;
        look(point, &image);
    }
    (number, torn)
}

/// Points of a history to cut at, rising: all of them, and each as often as `count` allows; drawn at random when there
/// are too many.
pub fn points(length: usize, count: usize, seed: u64) -> Vec<usize> {
    let each = count / (length + 1);
    if each > 0 {
        return (0..=length).flat_map(|point| std::iter::repeat_n(point, each)).collect();
    }
    let mut dice = StdRng::seed_from_u64(seed);
    let mut points: Vec<usize> = (0..count).map(|_| dice.random_range(0..=length)).collect();
    points.sort_unstable();
    points
}
