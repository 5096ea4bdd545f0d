//! What the server holds, read from its database file by a process that is not the server.

use anyhow::Context;
use rusqlite::{Connection, OpenFlags, Row};
use serde::{Deserialize, Serialize};
use std::path::Path;

/// All that the main job leaves on the server.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Held {
    /// The fate of every operation.
    pub ledger: Vec<Fate>,
    /// Every reading that a resident's program sent.
    pub readings: Vec<HeldReading>,
}

/// A row of the ledger.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fate {
    /// The operation.
    pub id: String,
    /// `applied`, `rejected` or `withdrawn`.
    pub outcome: String,
    /// Where it stands in the feed.
    pub position: Option<i64>,
    /// When it was decided.
    pub decided_ms: i64,
}

/// A row of the readings.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HeldReading {
    /// The reading.
    pub id: String,
    /// The meter's factory number.
    pub serial: String,
    /// The account's number.
    pub account: String,
    /// The month.
    pub period: String,
    /// Values in steps of 1/10000 of the unit.
    pub steps: Vec<i64>,
    /// When it was entered, as the server believes.
    pub captured_ms: i64,
    /// Whether that is sure.
    pub captured_sure: bool,
    /// When it arrived.
    pub received_ms: i64,
    /// What became of it.
    pub verdict: String,
    /// Whether it counts in its month.
    pub current: bool,
    /// The operation that brought it.
    pub operation: String,
}

/// Reads the database without touching it.
pub fn read(database: &Path) -> anyhow::Result<Held> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = Connection::open_with_flags(database, flags)
        .with_context(|| format!("{} cannot be opened", database.display()))?;
    let mut ledger = db.prepare("SELECT id, outcome, position, decided_ms FROM ledger ORDER BY position, id")?;
    let ledger = ledger.query_map([], fate)?.collect::<Result<_, _>>()?;
    let mut readings = db.prepare(
        "SELECT r.id, m.serial, a.number, r.period, r.steps, r.captured_ms, r.captured_sure, r.received_ms, \
                r.verdict, r.is_current, r.operation \
         FROM readings r JOIN meters m ON m.id = r.meter_id JOIN accounts a ON a.id = r.account_id \
         WHERE r.operation IS NOT NULL ORDER BY r.received_ms, r.id",
    )?;
    let readings = readings.query_map([], reading)?.collect::<Result<_, _>>()?;
    Ok(Held { ledger, readings })
}

impl Held {
    /// Fails unless every operation took effect at most once, and these values of one meter are there exactly once
    /// and count. Gives that reading.
    pub fn exactly_once(&self, serial: &str, steps: &[i64]) -> anyhow::Result<&HeldReading> {
        for reading in &self.readings {
            let operation = &reading.operation;
            let doubles = self.readings.iter().filter(|other| &other.operation == operation).count();
            anyhow::ensure!(doubles == 1, "not exactly once: operation {operation} took effect {doubles} times");
            let applied = self.ledger.iter().any(|fate| &fate.id == operation && fate.outcome == "applied");
            anyhow::ensure!(
                applied,
                "not exactly once: operation {operation} took effect, but was decided otherwise too"
            );
        }
        let mut found = self.readings.iter().filter(|reading| reading.serial == serial && reading.steps == steps);
        let only = found.next().with_context(|| format!("not once: no reading {steps:?} of meter {serial}"))?;
        let more = found.count();
        anyhow::ensure!(
            more == 0,
            "not exactly once: the reading {steps:?} of meter {serial} is there {} times",
            more + 1
        );
        anyhow::ensure!(only.current, "the reading does not count in its month");
        Ok(only)
    }
}

fn fate(row: &Row<'_>) -> rusqlite::Result<Fate> {
    Ok(Fate { id: row.get(0)?, outcome: row.get(1)?, position: row.get(2)?, decided_ms: row.get(3)? })
}

fn reading(row: &Row<'_>) -> rusqlite::Result<HeldReading> {
    let steps: String = row.get(4)?;
    let steps = serde_json::from_str(&steps)
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(4, rusqlite::types::Type::Text, Box::new(error)))?;
    Ok(HeldReading {
        id: row.get(0)?,
        serial: row.get(1)?,
        account: row.get(2)?,
        period: row.get(3)?,
        steps,
        captured_ms: row.get(5)?,
        captured_sure: row.get(6)?,
        received_ms: row.get(7)?,
        verdict: row.get(8)?,
        current: row.get(9)?,
        operation: row.get(10)?,
    })
}
