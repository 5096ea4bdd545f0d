//! The database is restarted, ended at once and killed under load: clients hear that it is not now, the servers come back
//! by themselves, nothing is lost and nothing doubled.

use crate::Scene;
use crate::drill::{Drill, METERS};
use crate::hand::{Hand, Said};
use anyhow::Context;
use rand::SeedableRng;
use rand::rngs::StdRng;
use reqwest::StatusCode;
use test_postgres::{Cluster, Options, Stop};
use zhkh_system_tests::bridge::PATIENCE;
use zhkh_system_tests::until::until;

/// How many entries the resident makes in each outage, and how many batches another device sends.
const ENTRIES: usize = 20;
const BATCHES: usize = 10;

/// How long those batches are.
const LONG: usize = 30;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_database_that_goes_away_under_load_loses_and_doubles_nothing_and_is_told_as_not_ready() -> anyhow::Result<()>
{
    let mut cluster = Cluster::temporary(&Options::default())?;
    let mut drill = Drill::found(Scene::on_postgres(cluster.url(), 2).await?).await?;
    drill.own_meters = METERS - 1;
    let urls: Vec<String> = drill.scene.servers().map(|server| server.url()).collect();
    let proxy = drill.scene.proxy.url();
    let mut hand = Hand::sign_in(&urls[0], &drill.scene.resident, 1).await?;
    let mut dice = StdRng::seed_from_u64(1);
    for how in [Stop::Fast, Stop::Immediate, Stop::Kill9, Stop::Kill9] {
        let load = async {
            for number in 0..BATCHES {
                for _ in 0..ENTRIES / BATCHES {
                    drill.enter(&mut dice).await?;
                }
                let sent = hand.batch(&mut drill, &[METERS - 1], LONG, &mut dice)?;
                hand.deliver(&proxy, sent, &mut drill).await.with_context(|| format!("batch {number}"))?;
            }
            anyhow::Ok(())
        };
        let outage = async {
            let mut stopped = blocking(cluster, move |cluster| cluster.stop(how)).await?;
            for url in &urls {
                until("a server that says that it is not ready", PATIENCE, || is(url, "readyz", 503)).await?;
                is(url, "healthz", 200).await?;
            }
            stopped = blocking(stopped, Cluster::start_again).await?;
            for url in &urls {
                until("a server that is ready again", PATIENCE, || is(url, "readyz", 200)).await?;
            }
            anyhow::Ok(stopped)
        };
        let (load, outage) = tokio::join!(load, outage);
        load.with_context(|| format!("{how:?}"))?;
        cluster = outage.with_context(|| format!("{how:?}"))?;
        drill.compare().await.with_context(|| format!("{how:?}"))?;
    }
    refuses_until_it_is_back(&mut hand, &mut drill, &urls[0], cluster).await
}

/// Without a database a batch gets an answer that is not final, and the same batch is taken once it is there.
async fn refuses_until_it_is_back(
    hand: &mut Hand,
    drill: &mut Drill,
    url: &str,
    cluster: Cluster,
) -> anyhow::Result<()> {
    let stopped = blocking(cluster, |cluster| cluster.stop(Stop::Fast)).await?;
    let sent = hand.batch(drill, &[METERS - 1], LONG, &mut StdRng::seed_from_u64(2))?;
    let said = hand.push(url, &sent).await?;
    anyhow::ensure!(matches!(said, Said::NotNow(StatusCode::SERVICE_UNAVAILABLE)), "without a database: {said:?}");
    let _cluster = blocking(stopped, Cluster::start_again).await?;
    hand.deliver(url, sent, drill).await?;
    drill.compare().await
}

async fn is(url: &str, page: &str, status: u16) -> anyhow::Result<()> {
    let answer = reqwest::get(format!("{url}/{page}")).await?.status();
    anyhow::ensure!(answer == status, "{page} answers {answer}");
    Ok(())
}

/// Stopping and starting wait for the program, which takes a thread.
async fn blocking(
    mut cluster: Cluster,
    work: impl FnOnce(&mut Cluster) -> anyhow::Result<()> + Send + 'static,
) -> anyhow::Result<Cluster> {
    tokio::task::spawn_blocking(move || work(&mut cluster).map(|()| cluster)).await?
}
