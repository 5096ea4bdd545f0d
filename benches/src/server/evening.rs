//! A city's last evening: the readings window closes at midnight, the network was down, and now everybody is back.

use super::line::Line;
use super::readings;
use super::town::{Person, Town};
use crate::figure::{Figure, Side, Unit};
use crate::stage::{Size, Stage, seconds};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::Semaphore;

/// Meters of a household, a reading each.
const METERS: usize = 4;
/// The most connections at a time.
const CONNECTIONS: usize = 2_000;

/// How large the city is and how long its evening.
#[derive(Clone, Copy)]
struct Evening {
    households: usize,
    lasts: Duration,
}

impl Evening {
    /// The full one is ten minutes; the usual one has the same readings per second for a minute.
    fn of(size: Size) -> Self {
        let (households, seconds) = match size {
            Size::Quick => (100, 1),
            Size::Usual => (5_000, 60),
            Size::Full => (50_000, 600),
        };
        Self { households, lasts: Duration::from_secs(seconds) }
    }

    fn words(self) -> String {
        format!("{} квартир, {} показаний, {} с", self.households, self.households * METERS, self.lasts.as_secs())
    }
}

/// Everybody comes some time in the evening.
pub fn spread(stage: &Stage) -> anyhow::Result<Figure> {
    let evening = Evening::of(stage.size);
    let (latencies, took) = play(stage, evening, evening.lasts)?;
    let name = "от намеченного времени до ответа: соединение, 4 показания, лента";
    let what = format!("последний вечер города: {}, не больше {CONNECTIONS} соединений сразу", evening.words());
    Ok(figure("server.evening", what, name, &latencies, took, evening))
}

/// Everybody comes at once.
pub fn backlog(stage: &Stage) -> anyhow::Result<Figure> {
    let evening = Evening::of(stage.size);
    let (latencies, took) = play(stage, evening, Duration::ZERO)?;
    let what = format!("все сразу: {}, не больше {CONNECTIONS} соединений сразу", evening.words());
    let name = "от начала до ответа каждому";
    Ok(figure("server.backlog", what, name, &latencies, took, evening))
}

fn figure(name: &str, what: String, side: &str, latencies: &[f64], took: f64, evening: Evening) -> Figure {
    let at = |share: f64| latencies[((latencies.len() - 1) as f64 * share) as usize];
    let percentiles =
        format!("p50 {:.1} мс, p95 {:.1} мс, p99 {:.1} мс, max {:.1} мс", at(0.5), at(0.95), at(0.99), at(1.0));
    let count = evening.households * METERS;
    let through = format!("всего {took:.1} с, {:.0} показаний в секунду; в журнале все {count}", count as f64 / took);
    let durability = "SQLite FULL: на диске до ответа";
    let sides = vec![Side { name: side.into(), durability: durability.into(), runs: latencies.to_vec() }];
    Figure::new(name, what, Unit::Milliseconds, sides).note(percentiles).note(through)
}

/// Milliseconds of every household, ascending, and how many seconds it all took.
fn play(stage: &Stage, evening: Evening, lasts: Duration) -> anyhow::Result<(Vec<f64>, f64)> {
    anyhow::ensure!(super::many_files()? as usize > CONNECTIONS + 500, "the system allows too few open files");
    let town = Town::build(stage, evening.households, METERS, "")?;
    let feed: Arc<str> = town.feed_path(stage)?.into();
    let (town, server) = town.alone(stage, "")?;
    let addr = server.addr;
    let prepared = town.people.iter().map(|person| Ok((person.clone(), readings::batch(person, &person.meters, 0)?)));
    let prepared = prepared.collect::<anyhow::Result<Vec<_>>>()?;
    let began = Instant::now();
    let mut latencies = stage.runtime.block_on(async {
        let doors = Arc::new(Semaphore::new(CONNECTIONS));
        let visits = prepared.into_iter().enumerate().map(|(number, (person, body))| {
            let (doors, feed) = (Arc::clone(&doors), Arc::clone(&feed));
            let at = began + lasts.mul_f64(number as f64 / evening.households as f64);
            tokio::spawn(async move {
                tokio::time::sleep_until(at.into()).await;
                let _door = doors.acquire().await?;
                visit(addr, &person, &body, &feed).await?;
                anyhow::Ok(at.elapsed().as_secs_f64() * 1e3)
            })
        });
        let visits: Vec<_> = visits.collect();
        let mut latencies = Vec::with_capacity(visits.len());
        for visit in visits {
            latencies.push(visit.await??);
        }
        anyhow::Ok(latencies)
    })?;
    let took = seconds(began);
    drop(server);
    let town = town.started(stage, "")?;
    let stored = town.count(stage, "SELECT count(*) FROM ledger WHERE outcome = 'applied'")?;
    let current = town.count(stage, "SELECT count(*) FROM readings WHERE operation IS NOT NULL AND is_current = 1")?;
    let expected = i64::try_from(evening.households * METERS)?;
    anyhow::ensure!(
        (stored, current) == (expected, expected),
        "{stored} in the ledger, {current} readings of {expected}"
    );
    town.stop(stage);
    latencies.sort_by(f64::total_cmp);
    Ok((latencies, took))
}

/// A desktop comes back: it sends what it has and asks what is new.
async fn visit(server: SocketAddr, person: &Person, body: &[u8], feed: &str) -> anyhow::Result<()> {
    let mut line = Line::open(server).await?;
    let answer: wire::push::BatchAnswer =
        serde_json::from_slice(&line.post("/v1/operations", &person.token, body).await?)?;
    let applied = |result: &wire::push::ItemResult| matches!(result.outcome, wire::push::Outcome::Applied { .. });
    anyhow::ensure!(answer.results.iter().all(applied), "not applied: {:?}", answer.results);
    line.get(feed, &person.token).await.map(drop)
}
