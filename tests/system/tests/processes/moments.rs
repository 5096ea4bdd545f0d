//! kill -9 of both programs at random moments: while something is entered, while they start, while they send what has
//! waited, while they end. What was confirmed is on the server once, in order, with its value.

use crate::Scene;
use crate::drill::Drill;
use crate::kills::Kills;
use anyhow::Context;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

/// How many kills there are when nobody wishes for more.
const KILLS: u64 = 200;
const KILLS_ON_POSTGRES: u64 = 40;

/// How many entries a round has beside those that other kinds of kills need.
const ENTRIES: usize = 20;

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

/// `ZHKH_KILLS=5000` wishes for more kills, `ZHKH_SEED=17 ZHKH_KILLS=1` for one round again.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn kills_at_any_moment_lose_nothing_that_was_confirmed_and_double_nothing() -> anyhow::Result<()> {
    drill(Scene::set().await?, number("ZHKH_KILLS", KILLS)).await
}

/// The same with two processes of the server over one PostgreSQL, of which one or the other is killed.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn on_postgres_kills_at_any_moment_lose_nothing_that_was_confirmed_and_double_nothing() -> anyhow::Result<()> {
    let database = test_postgres::database()?;
    drill(Scene::on_postgres(database.url(), 2).await?, number("ZHKH_KILLS", KILLS_ON_POSTGRES)).await
}

/// Rounds until so many kills have hit.
async fn drill(scene: Scene, wanted: u64) -> anyhow::Result<()> {
    let mut drill = Drill::found(scene).await?;
    let mut kills = Kills::default();
    let mut seed = number("ZHKH_SEED", 1);
    while kills.total() < wanted {
        round(&mut drill, seed, &mut kills).await.with_context(|| format!("ZHKH_SEED={seed}"))?;
        println!("seed {seed}: {kills} kills so far");
        seed += 1;
    }
    let (entries, unconfirmed) = (drill.entries.count(), drill.unconfirmed);
    println!("» kills: {kills}; entries: {entries}, killed before they were confirmed: {unconfirmed}");
    if wanted >= 40 {
        kills.at_every_kind_of_moment()?;
        anyhow::ensure!(unconfirmed > 0, "no kill came before its entry was confirmed");
    }
    Ok(())
}

async fn round(drill: &mut Drill, seed: u64, kills: &mut Kills) -> anyhow::Result<()> {
    let mut dice = StdRng::seed_from_u64(seed);
    for _ in 0..ENTRIES {
        if dice.random_ratio(1, 3) {
            drill.kill_while_entering(&mut dice, kills).await?;
        } else {
            drill.enter(&mut dice).await?;
        }
    }
    for _ in 0..3 {
        drill.kill_while_sending(&mut dice, kills).await?;
    }
    for _ in 0..2 {
        drill.kill_while_closing(&mut dice, kills).await?;
    }
    drill.compare().await
}
