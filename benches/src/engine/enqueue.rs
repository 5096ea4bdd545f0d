//! Entering: what a person waits for after Enter.

use super::bare_file;
use super::desk::{Desk, rename};
use crate::figure::{Figure, Side, Target, Unit, turns};
use crate::stage::{Stage, seconds};
use client::engine::QueuedOperation;
use domain::MeterId;
use rusqlite::{Connection, params};
use std::time::Instant;
use tempfile::TempDir;
use uuid::Uuid;

const OURS: &str = "шифрованный outbox.db, synchronous=FULL: на диске до ответа";
const BARE: &str = "такой же шифрованный файл, synchronous=FULL";

/// One after another, each waiting for its commit, beside the bare commit of the same row.
pub fn one(stage: &Stage) -> anyhow::Result<Figure> {
    let count = stage.pick(20, 400);
    let desk = Desk::offline(stage)?;
    let (rows, bare, _folder) = rows(stage, count)?;
    let mut ours = || {
        let began = Instant::now();
        stage.runtime.block_on(async {
            for number in 0..count {
                desk.engine.enqueue(rename(meter(number), number), None).await?;
            }
            anyhow::Ok(())
        })?;
        Ok(seconds(began) * 1e6 / count as f64)
    };
    let mut other = || {
        forget(&bare)?;
        let began = Instant::now();
        for row in &rows {
            insert(&bare, row)?;
        }
        Ok(seconds(began) * 1e6 / count as f64)
    };
    let measured = turns(stage.runs(), &mut [&mut ours, &mut other])?;
    desk.close(stage);
    let what = "записать одну запись надёжно: Engine::enqueue против голой записи той же строки";
    let sides = sides(measured, "Engine::enqueue", "INSERT, одна транзакция на строку");
    Ok(Figure::new("enqueue.one", what, Unit::MicrosecondsPerOperation, sides).target(Target::AtMost(1.3)))
}

/// A hundred at once, beside one bare transaction of a hundred rows.
pub fn bulk(stage: &Stage) -> anyhow::Result<Figure> {
    let (hundreds, at_once) = (stage.pick(3, 40), 100);
    let desk = Desk::offline(stage)?;
    let (rows, bare, _folder) = rows(stage, hundreds * at_once)?;
    let mut ours = || {
        let began = Instant::now();
        stage.runtime.block_on(desk.enter((0..rows.len()).map(|number| rename(meter(number), number))))?;
        Ok(rows.len() as f64 / seconds(began))
    };
    let mut other = || {
        forget(&bare)?;
        let began = Instant::now();
        for rows in rows.chunks(at_once) {
            bare.execute_batch("BEGIN IMMEDIATE")?;
            for row in rows {
                insert(&bare, row)?;
            }
            bare.execute_batch("COMMIT")?;
        }
        Ok(rows.len() as f64 / seconds(began))
    };
    let measured = turns(stage.runs(), &mut [&mut ours, &mut other])?;
    desk.close(stage);
    let what = "по 100 записей сразу: 100 одновременных Engine::enqueue против одной транзакции из 100 INSERT";
    let sides = sides(measured, "Engine::enqueue × 100 одновременно", "BEGIN, 100 INSERT, COMMIT");
    Ok(Figure::new("enqueue.bulk", what, Unit::PerSecond, sides).target(Target::AtLeast(0.5)))
}

/// One more behind ten thousand of the same lane, beside one more in a lane of its own.
pub fn long_lane(stage: &Stage) -> anyhow::Result<Figure> {
    let (long, count) = (stage.pick(200, 10_000), stage.pick(10, 200));
    let lane_desk = Desk::offline(stage)?;
    let free_desk = Desk::offline(stage)?;
    stage.runtime.block_on(async {
        lane_desk.enter((0..long).map(|number| rename(meter(0), number))).await?;
        free_desk.enter((0..long).map(|number| rename(meter(number), number))).await
    })?;
    let measure = |desk: &Desk, same_lane: bool| {
        let began = Instant::now();
        stage.runtime.block_on(async {
            for number in 0..count {
                let meter = if same_lane { meter(0) } else { meter(long + number) };
                desk.engine.enqueue(rename(meter, number), None).await?;
            }
            anyhow::Ok(())
        })?;
        anyhow::Ok(seconds(began) * 1e6 / count as f64)
    };
    let mut ours = || measure(&lane_desk, true);
    let mut other = || measure(&free_desk, false);
    let measured = turns(stage.runs(), &mut [&mut ours, &mut other])?;
    let what = format!("ещё одна запись в очереди из {long}: в хвосте одной длинной дорожки против своей дорожки");
    let sides = sides(measured, "все записи в одной дорожке", "каждая запись в своей дорожке");
    Ok(Figure::new("enqueue.long_lane", what, Unit::MicrosecondsPerOperation, sides).target(Target::AtMost(1.3)))
}

fn sides(measured: Vec<Vec<f64>>, ours: &str, bare: &str) -> Vec<Side> {
    let names = [(ours, OURS), (bare, BARE)];
    let side = |(runs, (name, durability)): (Vec<f64>, (&str, &'static str))| Side {
        name: name.into(),
        durability: durability.into(),
        runs,
    };
    measured.into_iter().zip(names).map(side).collect()
}

/// Rows as the engine itself makes them, and a bare file for them.
fn rows(stage: &Stage, count: usize) -> anyhow::Result<(Vec<QueuedOperation>, Connection, TempDir)> {
    let desk = Desk::offline(stage)?;
    stage.runtime.block_on(desk.enter((0..count).map(|number| rename(meter(number), number))))?;
    let rows = desk.engine.read()?.queue;
    let folder = desk.close(stage);
    let bare = bare_file::outbox(&folder.path().join("bare.db"))?;
    Ok((rows, bare, folder))
}

fn forget(bare: &Connection) -> anyhow::Result<()> {
    bare.execute("DELETE FROM operation", [])?;
    Ok(())
}

/// The row of an operation, as it is written by the engine.
pub(super) fn insert(bare: &Connection, row: &QueuedOperation) -> anyhow::Result<()> {
    let sql = "INSERT INTO operation (id, place, priority, state, outcome, position, ever_sent, withdrawing, \
         attempts, decided_ms, sealed, hash, lane_kind, lane_id, captured_ms) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)";
    let Some(sealed) = &row.sealed else { return Ok(()) };
    bare.prepare_cached(sql)?.execute(params![
        row.id.uuid().into_bytes(),
        1,
        row.priority,
        "queued",
        r#"{"state":"queued"}"#,
        None::<i64>,
        false,
        false,
        0,
        None::<i64>,
        sealed.text(),
        [7_u8; 32],
        "meter",
        row.id.uuid().into_bytes(),
        row.captured_ms,
    ])?;
    Ok(())
}

fn meter(number: usize) -> MeterId {
    MeterId::new(Uuid::from_u128(number as u128 + 1))
}
