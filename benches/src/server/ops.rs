//! Readings per second from many clients, beside the same statements sent bare.

use super::bare_sql::Bare;
use super::line::Line;
use super::readings;
use super::town::{Person, Town};
use crate::figure::{Figure, Side, Unit, turns};
use crate::stage::{Stage, seconds};
use domain::MeterId;
use std::cell::Cell;
use std::net::SocketAddr;
use std::time::Instant;

/// Under what the server keeps its tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Base {
    /// SQLite inside the process.
    Sqlite,
    /// PostgreSQL over loopback, a private cluster with fsync.
    Postgres,
}

impl Base {
    const fn durability(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite, WAL, synchronous=FULL: на диске до ответа",
            Self::Postgres => "PostgreSQL, fsync и synchronous_commit: на диске до ответа",
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }
}

/// So many clients, each sending one reading at a time and waiting for the answer.
pub fn from(stage: &Stage, base: Base, clients: usize) -> anyhow::Result<Figure> {
    let runs = stage.pick(1, 3);
    let each = stage.pick(3, if clients == 1 { 200 } else { 50 });
    let lent = if base == Base::Postgres { Some(test_postgres::database()?) } else { None };
    let more = lent.as_ref().map(|base| format!("[database]\nurl = \"{}\"\n", base.url())).unwrap_or_default();
    let town = Town::build(stage, clients, each * (runs + 1) * 2, &more)?;
    let (town, server) = town.alone(stage, &more)?;
    let mut bare = match &lent {
        Some(base) => Bare::postgres(&base.url())?,
        None => Bare::sqlite(&town.folder().join("data/zhkh.db"))?,
    };
    // Every run has meters of its own: what is measured is a month's first reading.
    let next = Cell::new(0);
    let piece = || {
        let from = next.get();
        next.set(from + each);
        (from, from + each)
    };
    let mut ours = || {
        let (from, until) = piece();
        let began = Instant::now();
        stage.runtime.block_on(async {
            let lines = town.people.iter().map(|person| tokio::spawn(send(server.addr, person.clone(), from, until)));
            for line in lines.collect::<Vec<_>>() {
                line.await??;
            }
            anyhow::Ok(())
        })?;
        Ok((clients * each) as f64 / seconds(began))
    };
    let mut other = || {
        let (from, until) = piece();
        let began = Instant::now();
        for at in from..until {
            let group: Vec<(&Person, MeterId, usize)> =
                town.people.iter().map(|person| (person, person.meters[at], at)).collect();
            bare.take(&group)?;
        }
        Ok((clients * each) as f64 / seconds(began))
    };
    let measured = turns(runs, &mut [&mut ours, &mut other])?;
    let names = [
        format!("zhkh-server, клиентов {clients}, по одному показанию в запросе"),
        format!("те же SQL-запросы напрямую, одна транзакция на {clients}"),
    ];
    let sides = measured.into_iter().zip(names);
    let sides = sides.map(|(runs, name)| Side { name, durability: base.durability().into(), runs }).collect();
    let what = format!("показаний в секунду, {clients} клиентов, {}", base.name());
    Ok(Figure::new(format!("server.{}.{clients}", base.name()), what, Unit::PerSecond, sides))
}

async fn send(server: SocketAddr, person: Person, from: usize, until: usize) -> anyhow::Result<()> {
    let mut line = Line::open(server).await?;
    for at in from..until {
        let body = readings::batch(&person, &person.meters[at..=at], at)?;
        let answer: wire::push::BatchAnswer =
            serde_json::from_slice(&line.post("/v1/operations", &person.token, &body).await?)?;
        let applied = |result: &wire::push::ItemResult| matches!(result.outcome, wire::push::Outcome::Applied { .. });
        anyhow::ensure!(answer.results.iter().all(applied), "not applied: {:?}", answer.results);
    }
    Ok(())
}
