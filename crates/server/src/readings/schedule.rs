//! Readings that were entered early become accepted when their window opens.

use super::set_verdict;
use crate::params;
use crate::storage::{Sql, StoreError, Tx};
use chrono::NaiveDate;
use domain::ReadingId;
use wire::entity::Verdict;

/// At most so many in one transaction; the rest a moment later.
const AT_ONCE: i64 = 500;

/// Whether any reading waits for `today`.
pub fn is_due(sql: &mut dyn Sql, today: NaiveDate) -> Result<bool, StoreError> {
    let row = sql
        .first("SELECT id FROM readings WHERE verdict = 'scheduled' AND scheduled_on <= $1 LIMIT 1", params![today])?;
    Ok(row.is_some())
}

/// Accepts those whose day has come; how many.
pub fn accept_due(tx: &mut Tx<'_>, today: NaiveDate) -> Result<usize, StoreError> {
    let rows = tx.query(
        "SELECT id FROM readings WHERE verdict = 'scheduled' AND scheduled_on <= $1 ORDER BY scheduled_on, id LIMIT $2",
        params![today, AT_ONCE],
    )?;
    let due = rows.iter().map(|row| row.get::<ReadingId>(0)).collect::<Result<Vec<_>, _>>()?;
    for reading in &due {
        set_verdict(tx, *reading, &Verdict::Accepted)?;
    }
    Ok(due.len())
}
