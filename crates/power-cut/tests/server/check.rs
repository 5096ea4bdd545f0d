//! What must be true of a server after a power cut.

use crate::house::{Answer, deliver, open};
use power_cut::{Disk, Image};
use server::params;
use server::server::App;
use server::storage::{Sql, StoreError, sqlite};
use std::sync::Arc;
use tempfile::TempDir;
use tokio::runtime::Runtime;
use wire::operation::Body;
use wire::push::{Item, ItemResult, Outcome};

/// Opens the image as the program does, looks whether every answer that was given until `point` is true, and
/// delivers what came last once more.
pub fn check(runtime: &Runtime, image: &Image, point: usize, answers: &[Answer]) {
    let folder = TempDir::new().expect("a folder");
    let _disk = Disk::hurried(folder.path()).expect("watched");
    std::fs::create_dir(folder.path().join("data")).expect("made");
    image.write_to(&folder.path().join("data")).expect("written");
    let app = Arc::new(open(folder.path()));
    let (given, later): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.point <= point);
    let told: Vec<Told> = given.iter().flat_map(|answer| told(answer)).collect();
    if !told.is_empty() {
        consistent(runtime, &app, told, point);
        for answer in given.iter().rev().take(2) {
            let again = runtime.block_on(deliver(&app, &answer.batch));
            assert_eq!(again, answer.results, "at {point}: another answer than before the cut");
        }
    }
    if !given.is_empty()
        && let Some(next) = later.first()
    {
        // Done or not when the power failed: now it is done, once.
        let results = runtime.block_on(deliver(&app, &next.batch));
        let told: Vec<Told> = told_of(&next.batch.items, &results).collect();
        consistent(runtime, &app, told, point);
    }
    app.store.close();
}

/// One item, and what was said about it.
struct Told {
    id: String,
    outcome: Outcome,
    table: &'static str,
}

fn told(answer: &Answer) -> Vec<Told> {
    told_of(&answer.batch.items, &answer.results).collect()
}

fn told_of<'a>(items: &'a [Item], results: &'a [ItemResult]) -> impl Iterator<Item = Told> + 'a {
    items.iter().zip(results).map(|(item, result)| {
        let table = match item {
            Item::Apply { operation, .. } => match operation.open().expect("readable").body {
                Body::SubmitReading(_) => "readings",
                Body::UpdateProfile(_) => "profile_history",
                _ => "",
            },
            Item::Withdraw { .. } => "",
        };
        Told { id: result.id.to_string(), outcome: result.outcome.clone(), table }
    })
}

fn consistent(runtime: &Runtime, app: &Arc<App>, told: Vec<Told>, point: usize) {
    let look = app.store.read(move |sql| {
        for one in told {
            holds(sql, &one).map_err(|error| StoreError::Open(format!("{}: {error}", one.id)))?;
        }
        agree(sql)
    });
    runtime.block_on(look).unwrap_or_else(|error| panic!("at {point}: {error}"));
}

/// The ledger, the feed and the tables say what was told.
fn holds(sql: &mut dyn Sql, told: &Told) -> Result<(), StoreError> {
    let (word, position) = match &told.outcome {
        Outcome::Applied { position } => ("applied", *position),
        Outcome::Rejected { position, .. } => ("rejected", *position),
        Outcome::Withdrawn { position } => ("withdrawn", *position),
        // Nothing was decided.
        _ => return Ok(()),
    };
    let row = sql.first("SELECT outcome, position FROM ledger WHERE id = $1", params![&told.id])?;
    let row = row.ok_or_else(|| StoreError::Open("the ledger has lost it".into()))?;
    same((row.get::<String>(0)?, row.get::<i64>(1)?), (word.to_owned(), position))?;
    let row = sql.first("SELECT operation FROM feed WHERE seq = $1", params![position])?;
    let row = row.ok_or_else(|| StoreError::Open("the feed has lost it".into()))?;
    same(row.get::<String>(0)?, told.id.clone())?;
    if !told.table.is_empty() {
        let count = format!("SELECT count(*) FROM {} WHERE operation = $1", told.table);
        same(number(sql, &count, params![&told.id])?, i64::from(word == "applied"))?;
    }
    Ok(())
}

/// Whatever is there, it is whole: no effect without its row in the ledger and in the feed, no hole in the feed.
fn agree(sql: &mut dyn Sql) -> Result<(), StoreError> {
    same(sqlite::damage(sql)?, Vec::new())?;
    let head = sql.first("SELECT seq, name FROM head", &[])?.ok_or(StoreError::Closed)?;
    let (seq, name): (i64, String) = (head.get(0)?, head.get(1)?);
    same(number(sql, "SELECT count(*) FROM feed", &[])?, seq)?;
    same(number(sql, "SELECT coalesce(max(seq), 0) FROM feed", &[])?, seq)?;
    if let Some(last) = sql.first("SELECT name FROM feed WHERE seq = $1", params![seq])? {
        same(last.get::<String>(0)?, name)?;
    }
    for half in [
        "SELECT count(*) FROM ledger l LEFT JOIN feed f ON f.seq = l.position WHERE f.operation IS NULL OR f.operation <> l.id",
        "SELECT count(*) FROM readings r LEFT JOIN ledger l ON l.id = r.operation WHERE l.outcome IS NULL OR l.outcome <> 'applied'",
        "SELECT count(*) FROM profile_history p LEFT JOIN ledger l ON l.id = p.operation WHERE l.outcome IS NULL OR l.outcome <> 'applied'",
        "SELECT count(*) FROM feed f LEFT JOIN ledger l ON l.id = f.operation WHERE f.operation IS NOT NULL AND l.id IS NULL",
        "SELECT count(*) FROM (SELECT operation FROM readings GROUP BY operation HAVING count(*) > 1) AS doubled",
    ] {
        if number(sql, half, &[])? != 0 {
            return Err(StoreError::Open(format!("half done: {half}")));
        }
    }
    Ok(())
}

fn number(sql: &mut dyn Sql, query: &str, parameters: &[server::storage::Value]) -> Result<i64, StoreError> {
    sql.first(query, parameters)?.ok_or(StoreError::Closed)?.get(0)
}

fn same<T: PartialEq + std::fmt::Debug>(is: T, should: T) -> Result<(), StoreError> {
    if is == should { Ok(()) } else { Err(StoreError::Open(format!("{is:?} and not {should:?}"))) }
}
