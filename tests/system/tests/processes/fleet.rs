//! Several processes of the server over one PostgreSQL: one order, one ledger, and whoever listens anywhere hears of it.

use crate::Scene;
use crate::drill::{Drill, METERS};
use crate::hand::{Hand, Said, is_woken, positions};
use rand::SeedableRng;
use rand::rngs::StdRng;

/// How many processes.
const SERVERS: usize = 3;

/// How many devices send by hand, each about a meter of its own.
const HANDS: usize = 3;

/// How many batches each of them sends, and how long they are.
const BATCHES: usize = 12;
const LONG: usize = 20;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_many_devices_send_to_many_processes_at_once_takes_effect_once_and_in_order() -> anyhow::Result<()> {
    let database = test_postgres::database()?;
    let mut drill = Drill::found(Scene::on_postgres(database.url(), SERVERS).await?).await?;
    drill.own_meters = METERS - HANDS;
    let urls: Vec<String> = drill.scene.servers().map(|server| server.url()).collect();
    let mut hands = Vec::new();
    for device in 1..=HANDS {
        hands.push(Hand::sign_in(&urls[device % SERVERS], &drill.scene.resident, device).await?);
    }
    let mut dice = StdRng::seed_from_u64(1);
    for round in 0..BATCHES {
        let mut batches = Vec::new();
        for (number, hand) in hands.iter_mut().enumerate() {
            batches.push(hand.batch(&mut drill, &[METERS - 1 - number], LONG, &mut dice)?);
        }
        // Every batch goes to two processes at the same moment, and the resident's own computer sends meanwhile.
        let twice = hands.iter().zip(&batches).enumerate().map(|(number, (hand, sent))| {
            let (one, other) = (&urls[(number + round) % SERVERS], &urls[(number + round + 1) % SERVERS]);
            async move { tokio::try_join!(hand.push(one, sent), hand.push(other, sent)) }
        });
        let (answers, entered) = tokio::join!(futures_util::future::try_join_all(twice), drill.enter(&mut dice));
        entered?;
        for (sent, answers) in batches.into_iter().zip(answers?) {
            let (Said::Done(one), Said::Done(other)) = answers else { anyhow::bail!("refused: {answers:?}") };
            anyhow::ensure!(positions(&one)? == positions(&other)?, "two processes answered one batch differently");
            for (operation, entered) in sent.entered {
                drill.entries.add(&operation.to_string(), entered, Some(false));
            }
        }
    }
    println!(
        "» operations to {SERVERS} processes: {}, each but those of the computer sent to two processes at once",
        drill.entries.count()
    );
    drill.compare().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_stream_at_one_process_is_woken_by_what_another_one_wrote() -> anyhow::Result<()> {
    let database = test_postgres::database()?;
    // They look for rows of others once a day: what wakes a stream here was told.
    let mut drill = Drill::found(Scene::on_postgres(database.url(), 2).await?).await?;
    let urls: Vec<String> = drill.scene.servers().map(|server| server.url()).collect();
    let mut hand = Hand::sign_in(&urls[0], &drill.scene.resident, 1).await?;
    let mut dice = StdRng::seed_from_u64(1);
    let mut at_one = hand.live(&urls[0]).await?;
    let mut at_other = hand.live(&urls[1]).await?;
    for round in 0..6 {
        let sent = hand.batch(&mut drill, &[round % METERS], 3, &mut dice)?;
        let position = hand.deliver(&urls[round % 2], sent, &mut drill).await?.into_iter().max().unwrap_or(0);
        is_woken(&mut at_one, position).await?;
        is_woken(&mut at_other, position).await?;
    }
    drill.compare().await
}
