//! Draining: how fast a queue that grew without a network gets to the server.

use super::bare_http::{BareServer, Item};
use super::desk::{Desk, rename};
use super::{bare_file, enqueue};
use crate::figure::{Figure, Side, Target, Unit, turns};
use crate::server::town::Town;
use crate::stage::{Stage, seconds};
use client::engine::{Engine, QueuedOperation};
use domain::OperationId;
use outbox::State;
use rusqlite::{Connection, params};
use std::time::{Duration, Instant};

/// How many meters the person has; each is a lane.
const METERS: usize = 500;

const OURS: &str = "outbox.db FULL до отправки и после ответа, сервер FULL до ответа";
const BARE: &str = "шифрованный файл FULL до отправки и после ответа, SQLite FULL на сервере до ответа";
const BARE_SERVER: &str = "только SQLite FULL на сервере до ответа; у клиента ничего";

/// Against the bare limit.
pub fn drained(stage: &Stage, batch: usize, count: usize) -> anyhow::Result<Figure> {
    let count = stage.pick(count / 30, count);
    let rows = sample(stage, count)?;
    let mut ours = || Ok(count as f64 / once(stage, count, batch)?);
    let mut both = || bare(stage, &rows, batch, true);
    let mut server = || bare(stage, &rows, batch, false);
    let measured = turns(stage.pick(1, 3), &mut [&mut ours, &mut both, &mut server])?;
    let names = [
        ("Engine → zhkh-server", OURS),
        ("reqwest → axum, одна транзакция на пачку с обеих сторон", BARE),
        ("то же, но у клиента нет диска", BARE_SERVER),
    ];
    let sides = measured.into_iter().zip(names);
    let sides = sides
        .map(|(runs, (name, durability))| Side { name: name.into(), durability: durability.into(), runs })
        .collect();
    let what = format!("отправить очередь из {count} записей пачками по {batch} на сервер через loopback");
    let figure = Figure::new(format!("drain.{batch}"), what, Unit::PerSecond, sides);
    Ok(if batch == 100 { figure.target(Target::AtLeast(0.5)) } else { figure })
}

/// A long queue costs per operation what a short one costs.
pub fn linear(stage: &Stage) -> anyhow::Result<Figure> {
    let (short, long) = (stage.pick(200, 1_000), stage.pick(1_000, 50_000));
    let per = |count: usize| Ok(once(stage, count, 100)? * 1e6 / count as f64);
    let mut long_one = || per(long);
    // As much work in all on either side, or the short one would only be a start.
    let mut short_one = || {
        let times = (long / short / 5).max(1);
        let sum = (0..times).map(|_| per(short)).sum::<anyhow::Result<f64>>()?;
        Ok(sum / times as f64)
    };
    let measured = turns(stage.pick(1, 3), &mut [&mut long_one, &mut short_one])?;
    let names = [format!("очередь из {long}"), format!("очередь из {short}")];
    let sides =
        measured.into_iter().zip(names).map(|(runs, name)| Side { name, durability: OURS.into(), runs }).collect();
    let what = "стоимость одной записи в длинной очереди против короткой, пачками по 100";
    Ok(Figure::new("drain.linear", what, Unit::MicrosecondsPerOperation, sides).target(Target::AtMost(1.1)))
}

/// Fills a queue without a network, opens it with one, and waits until the server has decided about the last. Seconds.
pub fn once(stage: &Stage, count: usize, batch: usize) -> anyhow::Result<f64> {
    let town = Town::build(stage, 1, METERS, "")?;
    let person = town.people[0].clone();
    let desk = Desk::new_offline(stage, person.user)?;
    let wanted = (0..count).map(|number| rename(person.meters[number % METERS], number));
    let last = stage.runtime.block_on(desk.enter(wanted))?.unwrap_or_else(|| unreachable!("something was entered"));
    let desk = desk.online(stage, person.user, &town.url(), &person.token)?;
    desk.engine.set_batch_limit(batch);
    let began = Instant::now();
    desk.go();
    stage.runtime.block_on(decided(&desk.engine, last));
    let took = seconds(began);
    let taken = town.count(stage, "SELECT count(*) FROM ledger WHERE outcome = 'applied'")?;
    anyhow::ensure!(usize::try_from(taken)? == count, "{taken} of {count} were applied");
    desk.close(stage);
    town.stop(stage);
    Ok(took)
}

async fn decided(engine: &Engine, last: OperationId) {
    let waits = |engine: &Engine| {
        engine.operation(last).is_some_and(|operation| {
            !matches!(operation.state, State::Acked { .. } | State::Settled { .. } | State::Rejected { .. })
        })
    };
    while waits(engine) {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

fn sample(stage: &Stage, count: usize) -> anyhow::Result<Vec<QueuedOperation>> {
    let desk = Desk::offline(stage)?;
    let meter = |number: usize| domain::MeterId::new(uuid::Uuid::from_u128((number % METERS) as u128 + 1));
    stage.runtime.block_on(desk.enter((0..count).map(|number| rename(meter(number), number))))?;
    let rows = desk.engine.read()?.queue;
    desk.close(stage);
    Ok(rows)
}

/// Operations per second of the bare limit.
fn bare(stage: &Stage, rows: &[QueuedOperation], batch: usize, client_disk: bool) -> anyhow::Result<f64> {
    let folder = stage.fresh()?;
    let file = bare_file::outbox(&folder.path().join("client.db"))?;
    file.execute_batch("BEGIN")?;
    for row in rows {
        enqueue::insert(&file, row)?;
    }
    file.execute_batch("COMMIT")?;
    stage.runtime.block_on(async {
        let server = BareServer::start(&folder.path().join("server.db")).await?;
        let http = reqwest::Client::builder().no_proxy().build()?;
        let began = Instant::now();
        for rows in rows.chunks(batch) {
            if client_disk {
                mark(&file, rows, "in_flight")?;
            }
            let items = rows.iter().filter_map(|row| {
                let sealed = row.sealed.as_ref()?;
                Some(Item::new(row.id.to_string(), sealed.text()))
            });
            let items = items.collect::<anyhow::Result<Vec<_>>>()?;
            let taken: Vec<String> = http.post(&server.url).json(&items).send().await?.json().await?;
            anyhow::ensure!(taken.len() == rows.len(), "not everything was taken");
            if client_disk {
                mark(&file, rows, "acked")?;
            }
        }
        Ok(rows.len() as f64 / seconds(began))
    })
}

fn mark(file: &Connection, rows: &[QueuedOperation], state: &str) -> anyhow::Result<()> {
    file.execute_batch("BEGIN IMMEDIATE")?;
    for row in rows {
        file.prepare_cached("UPDATE operation SET state = ?2, ever_sent = 1, position = 1 WHERE id = ?1")?
            .execute(params![row.id.uuid().into_bytes(), state])?;
    }
    file.execute_batch("COMMIT")?;
    Ok(())
}
