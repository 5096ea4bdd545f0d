//! Readings: added, never edited. The latest captured of a month counts in it; all stay in the history.

mod history;
mod rules;
pub mod schedule;
pub mod submit;

pub use rules::in_force;

use crate::params;
use crate::storage::{Row, Sql, StoreError, Ticket, Tx, Value};
use domain::{MeterValue, OperationId, Period, ReadingId, UserId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use wire::entity::{Entity, Reading, Verdict};
use wire::feed::{Change, Scope};

const COLUMNS: &str = "id, meter_id, account_id, period, steps, taken_on, captured_ms, captured_sure, received_ms, \
     source, verdict, scheduled_on, refused_why, is_current";

/// Where a reading comes from, beyond what residents see.
#[derive(Debug, Clone, Copy, Default)]
pub struct Origin {
    /// Who entered it.
    pub actor: Option<UserId>,
    /// By which operation.
    pub operation: Option<OperationId>,
    /// By which import.
    pub import: Option<Uuid>,
    /// Captured in the window, delivered after it.
    pub late: bool,
}

/// The word of a verdict in the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum VerdictWord {
    Accepted,
    Scheduled,
    Exported,
    Counted,
    Refused,
}

/// A reading.
pub fn load(sql: &mut dyn Sql, reading: ReadingId) -> Result<Option<Reading>, StoreError> {
    let row = sql.first(&format!("SELECT {COLUMNS} FROM readings WHERE id = $1"), params![reading])?;
    row.map(|row| read(&row)).transpose()
}

/// Adds a reading and decides which one counts in its month. Both go into the feed, the new one last.
pub fn add(tx: &mut Tx<'_>, mut reading: Reading, origin: Origin) -> Result<Ticket, StoreError> {
    let rival = tx.first(
        "SELECT id, captured_ms FROM readings WHERE meter_id = $1 AND period = $2 AND is_current = 1",
        params![reading.meter, reading.period],
    )?;
    let rival: Option<(ReadingId, i64)> = rival.map(|row| Ok((row.get(0)?, row.get(1)?))).transpose()?;
    let (beaten, beaten_by) = match rival {
        Some((rival, captured_ms)) if captured_ms > reading.captured_ms => (None, Some(rival)),
        Some((rival, _)) => (Some(rival), None),
        None => (None, None),
    };
    reading.current = beaten_by.is_none();
    if let Some(beaten) = beaten {
        tx.execute(
            "UPDATE readings SET is_current = 0, superseded_by = $2 WHERE id = $1",
            params![beaten, reading.id],
        )?;
        publish(tx, beaten, None)?;
    }
    insert(tx, &reading, origin, beaten_by)?;
    let scope = Scope::Account(reading.account);
    Ok(tx.emit(scope, origin.operation, Change::Put { entity: Entity::Reading(reading) }))
}

/// Puts a reading, as it stands in its table now, into its account's feed.
pub fn publish(
    tx: &mut Tx<'_>,
    reading: ReadingId,
    operation: Option<OperationId>,
) -> Result<Option<Ticket>, StoreError> {
    let Some(reading) = load(tx, reading)? else { return Ok(None) };
    let scope = Scope::Account(reading.account);
    Ok(Some(tx.emit(scope, operation, Change::Put { entity: Entity::Reading(reading) })))
}

/// Changes what the utility made of a reading, and tells its residents.
pub fn set_verdict(tx: &mut Tx<'_>, reading: ReadingId, verdict: &Verdict) -> Result<(), StoreError> {
    let (word, on, why) = columns(verdict);
    tx.execute(
        "UPDATE readings SET verdict = $2, scheduled_on = $3, refused_why = $4 WHERE id = $1",
        params![reading, Value::word(&word)?, on, why],
    )?;
    publish(tx, reading, None)?;
    Ok(())
}

/// Whether a period was exported to billing for good.
pub fn is_locked(sql: &mut dyn Sql, period: Period) -> Result<bool, StoreError> {
    let row = sql.first("SELECT id FROM exports WHERE period = $1 AND locks = 1 LIMIT 1", params![period])?;
    Ok(row.is_some())
}

/// The first period after `period` that is not locked.
pub fn next_unlocked(sql: &mut dyn Sql, period: Period) -> Result<Period, StoreError> {
    let mut next = period.next();
    while is_locked(sql, next)? {
        next = next.next();
    }
    Ok(next)
}

/// A list of values as the table holds it.
pub fn steps(values: &[MeterValue]) -> Result<Value, StoreError> {
    Value::json(&values.iter().map(|value| value.steps()).collect::<Vec<_>>())
}

fn insert(
    tx: &mut Tx<'_>,
    reading: &Reading,
    origin: Origin,
    superseded_by: Option<ReadingId>,
) -> Result<(), StoreError> {
    let (word, on, why) = columns(&reading.verdict);
    tx.execute(
        "INSERT INTO readings (id, meter_id, account_id, period, steps, taken_on, captured_ms, captured_sure, received_ms,
             source, late, verdict, scheduled_on, refused_why, is_current, superseded_by, actor, operation, import_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)",
        params![
            reading.id,
            reading.meter,
            reading.account,
            reading.period,
            steps(&reading.values)?,
            reading.taken_on,
            reading.captured_ms,
            reading.captured_sure,
            reading.received_ms,
            Value::word(&reading.source)?,
            origin.late,
            Value::word(&word)?,
            on,
            why,
            reading.current,
            superseded_by,
            origin.actor,
            origin.operation,
            origin.import,
        ],
    )?;
    Ok(())
}

fn columns(verdict: &Verdict) -> (VerdictWord, Value, Value) {
    match verdict {
        Verdict::Accepted => (VerdictWord::Accepted, Value::Null, Value::Null),
        Verdict::Scheduled { on } => (VerdictWord::Scheduled, Value::from(*on), Value::Null),
        Verdict::Exported => (VerdictWord::Exported, Value::Null, Value::Null),
        Verdict::Counted => (VerdictWord::Counted, Value::Null, Value::Null),
        Verdict::Refused { why } => (VerdictWord::Refused, Value::Null, Value::from(why)),
    }
}

fn read(row: &Row) -> Result<Reading, StoreError> {
    let steps: Vec<i64> = row.json(4)?;
    let verdict = match row.word(10)? {
        VerdictWord::Accepted => Verdict::Accepted,
        VerdictWord::Scheduled => Verdict::Scheduled { on: row.get(11)? },
        VerdictWord::Exported => Verdict::Exported,
        VerdictWord::Counted => Verdict::Counted,
        VerdictWord::Refused => Verdict::Refused { why: row.get(12)? },
    };
    Ok(Reading {
        id: row.get(0)?,
        meter: row.get(1)?,
        account: row.get(2)?,
        period: row.get(3)?,
        values: steps.into_iter().map(MeterValue::from_steps).collect(),
        taken_on: row.get(5)?,
        captured_ms: row.get(6)?,
        captured_sure: row.get(7)?,
        received_ms: row.get(8)?,
        source: row.word(9)?,
        verdict,
        current: row.get(13)?,
    })
}
