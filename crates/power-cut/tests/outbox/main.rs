//! The queue of a person, through the real engine: the power fails at every point of what it does.
// Files beside the databases are seen on Linux only.
#![cfg(target_os = "linux")]

mod check;
mod desk;
mod facts;
mod moves;
mod told;
mod town;
mod upgrade;

use desk::{Desk, block_on};
use power_cut::seeds;

/// The seeds of CI.
const SEEDS: [u64; 3] = [1, 2, 3];
/// How many images all seeds of a test share in CI.
const IMAGES: usize = 360;

/// Runs a workload and cuts it, then tells how often.
fn cut_everywhere(name: &str, images: usize, workload: impl AsyncFn(&Desk, u64)) {
    let each = seeds::power_cuts(images) / SEEDS.len();
    let checked = seeds::each(SEEDS, |seed| {
        let desk = Desk::new(seed);
        block_on(workload(&desk, seed));
        let history = desk.disk.history();
        let (number, torn) =
            seeds::images(&history, each, seed, |point, image| block_on(check::check(&desk, image, point)));
        let told = desk.facts.all().len();
        println!("seed {seed}: {number} images of {} points, {told} facts, {torn} torn sectors", history.len());
        assert!(torn > 0 && told > 20, "the workload did something and the cuts did harm");
        number
    });
    println!("» power cuts, {name}: {checked} images of the disk");
}

#[test]
fn whatever_was_told_before_a_power_cut_is_there_after_it() {
    cut_everywhere("queue", IMAGES, moves::offline_and_online);
}

#[test]
fn with_databases_on_threads_and_many_entries_in_one_commit_it_is_the_same() {
    cut_everywhere("queue on threads", IMAGES / 3, moves::many_at_once);
}

#[test]
fn a_disk_that_refuses_and_is_then_cut_keeps_what_was_told_and_the_program_goes_on_without_a_restart() {
    cut_everywhere("queue on a failing disk", IMAGES / 3, moves::a_failing_disk);
}
