//! One seed from its beginning to its verdict.

use crate::world::World;
use sha2::{Digest, Sha256};
use std::cell::Cell;
use std::collections::BTreeMap;
use std::panic::catch_unwind;
use std::sync::Once;

/// What a seed came to.
pub struct Run {
    /// The seed.
    pub seed: u64,
    /// Why it failed, if it did.
    pub failure: Option<String>,
    /// What happened.
    pub trace: Vec<String>,
    /// How many operations were entered.
    pub operations: u64,
    /// What occurred, and how often.
    pub tally: BTreeMap<&'static str, u64>,
}

impl Run {
    /// Stands for all that happened.
    pub fn trace_hash(&self) -> String {
        let mut hash = Sha256::new();
        for line in &self.trace {
            hash.update(line.as_bytes());
            hash.update(b"\n");
        }
        hex::encode(hash.finalize())
    }
}

thread_local! {
    /// How often something panicked on this thread. A task's panic is seen by nobody else.
    static PANICS: Cell<u32> = const { Cell::new(0) };
}

fn hear_panics() {
    static HEARD: Once = Once::new();
    HEARD.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            PANICS.with(|panics| panics.set(panics.get() + 1));
            before(panic);
        }));
    });
}

/// Runs a seed.
pub fn run(seed: u64) -> Run {
    hear_panics();
    let panics = PANICS.get();
    let mut run = catch_unwind(|| simulate(seed)).unwrap_or_else(|_| failed(seed, "a panic".into()));
    if PANICS.get() != panics && run.failure.is_none() {
        run.failure = Some("something panicked".into());
    }
    run
}

fn simulate(seed: u64) -> Run {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build();
    match runtime {
        Ok(runtime) => runtime.block_on(run_here(seed)),
        Err(error) => failed(seed, format!("no runtime: {error}")),
    }
}

fn failed(seed: u64, failure: String) -> Run {
    Run { seed, failure: Some(failure), trace: Vec::new(), operations: 0, tally: BTreeMap::new() }
}

async fn run_here(seed: u64) -> Run {
    let mut world = match World::new(seed).await {
        Ok(world) => world,
        Err(error) => return failed(seed, format!("at the beginning: {error:#}")),
    };
    let result = whole(&mut world).await;
    let failure = result.err().map(|error| format!("{error:#}"));
    if let Some(failure) = &failure {
        world.trace.note(format!("FAILED: {failure}"));
    }
    let operations = u64::try_from(world.book.entries().len()).unwrap_or(0);
    Run { seed, failure, trace: world.trace.lines(), operations, tally: world.tally.all() }
}

async fn whole(world: &mut World) -> anyhow::Result<()> {
    world.live().await?;
    world.heal().await?;
    world.verdict().await
}
