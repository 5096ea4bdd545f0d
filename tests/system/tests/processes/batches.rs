//! A process of the server dies in the middle of a batch of a hundred: on the database is the whole batch or nothing of
//! it, and whoever gets the batch next, another process or the same one, answers for each operation once.

use crate::Scene;
use crate::drill::{Drill, METERS};
use crate::hand::{Hand, Said, Sent, positions};
use anyhow::Context;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use std::collections::BTreeSet;
use std::time::{Duration, Instant};
use wire::MAX_BATCH;

/// How many kills there are.
const KILLS: u64 = 20;

/// How often a batch is sent that nobody disturbs: tells how long one takes.
const UNHARMED: usize = 4;

/// Kills that came too early or too late for the commit move the next ones towards it.
const LATER: f64 = 1.2;
const SOONER: f64 = 0.85;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_batch_is_in_the_database_whole_or_not_at_all_when_its_process_is_killed() -> anyhow::Result<()> {
    let database = test_postgres::database()?;
    let mut drill = Drill::found(Scene::on_postgres(database.url(), 2).await?).await?;
    let urls: Vec<String> = drill.scene.servers().map(|server| server.url()).collect();
    let mut hand = Hand::sign_in(&urls[0], &drill.scene.resident, 1).await?;
    let meters: Vec<usize> = (0..METERS).collect();
    let mut dice = StdRng::seed_from_u64(0);
    let mut commits_at = Duration::ZERO;
    for number in 0..UNHARMED {
        let sent = hand.batch(&mut drill, &meters, MAX_BATCH, &mut dice)?;
        let began = Instant::now();
        hand.deliver(&urls[number % 2], sent, &mut drill).await?;
        commits_at = began.elapsed();
    }
    let (mut whole, mut nothing, mut answered) = (0, 0, 0);
    for seed in 1..=KILLS {
        let mut dice = StdRng::seed_from_u64(seed);
        let sent = hand.batch(&mut drill, &meters, MAX_BATCH, &mut dice)?;
        let victim = dice.random_range(0..2);
        let after = commits_at.mul_f64(dice.random_range(0.5..1.3));
        let shot = async {
            tokio::time::sleep(after).await;
            drill.scene.servers().nth(victim).and_then(|server| server.running()).context("it runs")?.shoot();
            anyhow::Ok(())
        };
        let (said, shot) = tokio::join!(hand.push(&urls[victim], &sent), shot);
        shot?;
        drill.scene.server(victim).kill_9()?;
        let answer = match said {
            Ok(Said::Done(outcomes)) => Some(positions(&outcomes)?),
            _ => None,
        };
        match ledger(&drill, &sent)? {
            0 => {
                anyhow::ensure!(answer.is_none(), "seed {seed}: a batch was answered that is not there");
                nothing += 1;
                commits_at = commits_at.mul_f64(LATER);
            }
            MAX_BATCH => {
                whole += 1;
                commits_at = commits_at.mul_f64(SOONER);
            }
            some => anyhow::bail!("seed {seed}: {some} of {MAX_BATCH} operations are there"),
        }
        // The session of the dead process may still be working: whoever comes now waits for its end.
        let next = if dice.random() {
            &urls[1 - victim]
        } else {
            drill.scene.server(victim).start()?;
            &urls[victim]
        };
        let again = hand.deliver(next, sent, &mut drill).await.with_context(|| format!("seed {seed}"))?;
        if let Some(answer) = answer {
            answered += 1;
            anyhow::ensure!(answer == again, "seed {seed}: a repeated batch was answered otherwise");
        }
        if drill.scene.server(victim).running().is_none() {
            drill.scene.server(victim).start()?;
        }
    }
    println!(
        "» kills in a batch of {MAX_BATCH}: {KILLS}; whole: {whole}, of it answered: {answered}; nothing: {nothing}"
    );
    anyhow::ensure!(whole > 0 && nothing > 0, "all kills came too early or too late");
    drill.compare().await
}

/// How many operations of a batch the ledger holds.
fn ledger(drill: &Drill, sent: &Sent) -> anyhow::Result<usize> {
    let held = drill.scene.town.books.rows("SELECT id FROM ledger")?;
    let held = held.iter().map(|row| row.text(0)).collect::<anyhow::Result<BTreeSet<_>>>()?;
    Ok(sent.entered.iter().filter(|(id, _)| held.contains(&id.to_string())).count())
}
