//! Runs the simulation: one seed, many, or what the tests run of it.

mod batch;
mod wish;

use batch::Batch;
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use wish::Wish;

/// The seeds that are run every time.
const FIXED: std::ops::RangeInclusive<u64> = 1..=160;
/// Seeds that once failed, each for a defect of its own, of the product or of the judge; they are run every time as well.
const ONCE_FAILED: [u64; 12] = [
    1_795_431_862_558_331,
    1_795_431_862_558_469,
    1_795_431_862_558_523,
    1_795_431_862_558_722,
    1_795_440_000_000_192,
    1_795_440_000_000_869,
    1_795_440_000_001_547,
    1_795_440_000_003_342,
    1_795_440_000_004_275,
    1_795_460_000_000_217,
    1_795_460_000_000_573,
    1_795_500_000_002_132,
];
/// Of the first ones, so many are run again in this process, and as many in another one.
const AGAIN: u64 = 8;

fn main() -> anyhow::Result<ExitCode> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let good = match Wish::read(&words)? {
        Wish::Seed { seed, trace, hash } => one(seed, trace, hash),
        Wish::Seeds { from, count, minutes } => many(from, count, minutes),
        Wish::Check { fresh_s } => check(fresh_s)?,
    };
    Ok(if good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn one(seed: u64, trace: bool, hash: bool) -> bool {
    let run = sim::run(seed);
    if hash {
        println!("{}", run.trace_hash());
        return true;
    }
    if trace {
        run.trace.iter().for_each(|line| println!("{line}"));
    }
    match &run.failure {
        None => println!("сид {seed}: всё верно, операций {}", run.operations),
        Some(failure) => println!("сид {seed}: {failure}"),
    }
    run.failure.is_none()
}

/// Seeds that nobody has run before.
fn fresh() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_micros()).unwrap_or(1 << 20)
}

fn many(from: Option<u64>, count: Option<u64>, minutes: Option<u64>) -> bool {
    let from = from.unwrap_or_else(fresh);
    let until = minutes.map(|minutes| Instant::now() + Duration::from_secs(minutes * 60));
    let count = count.unwrap_or(u64::MAX - from);
    let batch = Batch::of(from..from + count, until);
    batch.tell(&format!("с {from}"));
    batch.failures.is_empty()
}

fn check(fresh_s: u64) -> anyhow::Result<bool> {
    let mut failed = 0;
    let fixed = Batch::of(FIXED.chain(ONCE_FAILED), None);
    fixed.tell("постоянные");
    let never = fixed.never_met();
    if !never.is_empty() {
        failed += 1;
        println!("постоянные сиды ни разу не встретили: {}", never.join(", "));
    }
    let again = Batch::of(*FIXED.start()..*FIXED.start() + AGAIN, None);
    let program = std::env::current_exe()?;
    for (seed, trace) in &again.traces {
        let elsewhere = Command::new(&program).args(["--seed", &seed.to_string(), "--hash"]).output()?;
        let elsewhere = String::from_utf8_lossy(&elsewhere.stdout).trim().to_owned();
        if fixed.traces.get(seed) != Some(trace) || elsewhere != *trace {
            failed += 1;
            println!("сид {seed} прошёл каждый раз по-своему: повторы не одинаковы");
        }
    }
    let first = fresh();
    let until = Instant::now() + Duration::from_secs(fresh_s);
    let new = Batch::of(first..u64::MAX, Some(until));
    new.tell(&format!("новые, с {first}"));
    failed += fixed.failures.len() + new.failures.len();
    let all = fixed.seeds + AGAIN + new.seeds + 1;
    println!("{} passed, {failed} failed", all - u64::try_from(failed).unwrap_or(0).min(all));
    Ok(failed == 0)
}
