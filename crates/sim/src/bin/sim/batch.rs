//! Many seeds, on all cores.

use sim::{Run, run};
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// What many seeds came to.
#[derive(Default)]
pub struct Batch {
    /// How many were run.
    pub seeds: u64,
    /// How many operations were entered in them.
    pub operations: u64,
    /// What occurred.
    pub tally: BTreeMap<&'static str, u64>,
    /// The seeds that failed, with the reasons.
    pub failures: Vec<(u64, String)>,
    /// The hash of every trace.
    pub traces: BTreeMap<u64, String>,
    /// How long it took.
    pub took: Duration,
}

impl Batch {
    /// Runs seeds until there are no more, or until `until`. A failure is told at once.
    pub fn of(seeds: impl Iterator<Item = u64> + Send, until: Option<Instant>) -> Self {
        let began = Instant::now();
        let (seeds, all) = (Mutex::new(seeds), Mutex::new(Self::default()));
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        std::thread::scope(|scope| {
            for _ in 0..cores {
                scope.spawn(|| {
                    while until.is_none_or(|until| Instant::now() < until) {
                        let next = seeds.lock().unwrap_or_else(PoisonError::into_inner).next();
                        let Some(seed) = next else { return };
                        let done = run(seed);
                        all.lock().unwrap_or_else(PoisonError::into_inner).add(done);
                    }
                });
            }
        });
        let mut all = all.into_inner().unwrap_or_else(PoisonError::into_inner);
        all.took = began.elapsed();
        all
    }

    fn add(&mut self, run: Run) {
        self.seeds += 1;
        self.operations += run.operations;
        self.traces.insert(run.seed, run.trace_hash());
        for (what, times) in run.tally {
            *self.tally.entry(what).or_default() += times;
        }
        if let Some(failure) = run.failure {
            println!("сид {}: {failure}\n  повторить: cargo xtask sim --seed {} --trace", run.seed, run.seed);
            self.failures.push((run.seed, failure));
        }
    }

    /// Says what was run.
    pub fn tell(&self, what: &str) {
        let seconds = self.took.as_secs_f64();
        let per_minute = if seconds > 0.0 { self.seeds as f64 * 60.0 / seconds } else { 0.0 };
        println!(
            "{what}: сидов {}, операций {}, за {seconds:.0} с ({per_minute:.0} в минуту), не прошло {}",
            self.seeds,
            self.operations,
            self.failures.len()
        );
        for (name, kinds) in [("сбои", sim::tally::FAULTS), ("исходы", sim::tally::OUTCOMES)] {
            let times = |kind: &&str| format!("{kind} {}", self.tally.get(*kind).copied().unwrap_or(0));
            println!("  {name}: {}", kinds.iter().map(times).collect::<Vec<_>>().join(", "));
        }
    }

    /// What the seeds should have met, and did not.
    pub fn never_met(&self) -> Vec<&'static str> {
        let all = sim::tally::FAULTS.iter().chain(sim::tally::OUTCOMES);
        all.filter(|kind| !self.tally.contains_key(**kind)).copied().collect()
    }
}
