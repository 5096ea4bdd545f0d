//! The server on SQLite: the power fails at every point of taking operations.
// Files beside the databases are seen on Linux only.
#![cfg(target_os = "linux")]

mod check;
mod files;
mod house;
mod told;

use futures_util::future::join_all;
use house::{Answer, House};
use power_cut::seeds;
use rand::{Rng, SeedableRng, rngs::StdRng};
use std::path::Path;

/// The seeds of CI.
const SEEDS: [u64; 2] = [1, 2];
/// How many images all of them share in CI.
const IMAGES: usize = 400;

/// Batches of several devices at once, so that some share a commit; some come twice.
async fn workload(house: &House, seed: u64) -> Vec<Answer> {
    let mut dice = StdRng::seed_from_u64(seed);
    let mut answers: Vec<Answer> = Vec::new();
    for _ in 0..14 {
        let mut batches: Vec<_> = (0..dice.random_range(1..5)).map(|_| house.batch(&mut dice)).collect();
        if let Some(again) = answers.last().filter(|_| dice.random_ratio(1, 4)) {
            batches.push(again.batch.clone());
        }
        answers.extend(join_all(batches.into_iter().map(|batch| house.push(batch))).await);
    }
    answers
}

#[test]
fn what_the_server_answered_before_a_power_cut_is_done_after_it_whole_and_once() {
    let each = seeds::power_cuts(IMAGES) / SEEDS.len();
    let checked = seeds::each(SEEDS, |seed| {
        let runtime = house::runtime();
        let house = House::new(&runtime);
        let answers = runtime.block_on(workload(&house, seed));
        let key = house.key.clone();
        let disk = house.close();
        let history = disk.history();
        let (number, torn) = seeds::images(&history, each, seed, |point, image| {
            if point >= key.0 {
                let kept = image.files.get(Path::new("code.key"));
                assert_eq!(kept, Some(&key.1), "at {point}: codes that were told would not be known again");
            }
            check::check(&runtime, image, point, &answers);
        });
        println!("seed {seed}: {number} images of {} points, {} answers, {torn} torn", history.len(), answers.len());
        assert!(torn > 0 && answers.len() > 20);
        number
    });
    println!("» power cuts, server: {checked} images of the disk");
}
