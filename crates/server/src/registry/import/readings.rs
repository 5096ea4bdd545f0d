//! Readings that the billing tells: they are counted, whoever took them.

use super::Order;
use crate::params;
use crate::readings::{self, Origin};
use crate::registry::row::ReadingCells;
use crate::storage::{Sql, StoreError, Tx};
use chrono::TimeZone as _;
use domain::{AccountId, MeterId, Period, ReadingId, Source};
use uuid::Uuid;
use wire::entity::{Reading, Verdict};

/// What became of a reading of the file.
pub(super) enum Took {
    /// It is new.
    Added,
    /// A reading of the same values had been passed; now the billing has counted it.
    Confirmed,
    /// It was there, counted.
    Known,
}

/// Takes one reading.
pub(super) fn take(
    tx: &mut Tx<'_>,
    order: &Order,
    import: Uuid,
    meter: MeterId,
    account: AccountId,
    cells: &ReadingCells,
) -> Result<Took, StoreError> {
    let period = match returned(tx, meter, cells)? {
        Some((_, true)) => return Ok(Took::Known),
        Some((period, false)) => period,
        None => Period::of(cells.on),
    };
    let same = tx.first(
        "SELECT id, verdict FROM readings WHERE meter_id = $1 AND period = $2 AND is_current = 1 AND steps = $3",
        params![meter, period, readings::steps(&cells.values)?],
    )?;
    if let Some(same) = same {
        let (reading, verdict): (ReadingId, String) = (same.get(0)?, same.get(1)?);
        if verdict == "counted" {
            return Ok(Took::Known);
        }
        readings::set_verdict(tx, reading, &Verdict::Counted)?;
        return Ok(Took::Confirmed);
    }
    let received_ms = tx.now_ms();
    let reading = Reading {
        id: ReadingId::new(tx.id_v7()),
        meter,
        account,
        period,
        values: cells.values.clone(),
        taken_on: cells.on,
        captured_ms: noon_ms(order, cells.on),
        // The day is the utility's own statement; that the hour is not known changes nothing for anybody.
        captured_sure: true,
        received_ms,
        source: Source::Import,
        verdict: Verdict::Counted,
        current: true,
    };
    readings::add(tx, reading, Origin { import: Some(import), ..Origin::default() })?;
    Ok(Took::Added)
}

/// The month of a reading that the server holds and the billing returns, and whether it had counted it already. The
/// file has no months: a reading passed early for the next one, or late for the last, bears a day of another month.
fn returned(tx: &mut Tx<'_>, meter: MeterId, cells: &ReadingCells) -> Result<Option<(Period, bool)>, StoreError> {
    let row = tx.first(
        "SELECT period, verdict = 'counted' FROM readings
         WHERE meter_id = $1 AND steps = $2 AND taken_on = $3 AND verdict IN ('accepted', 'exported', 'counted')
         ORDER BY verdict = 'counted' DESC, is_current DESC, period LIMIT 1",
        params![meter, readings::steps(&cells.values)?, cells.on],
    )?;
    row.map(|row| Ok((row.get(0)?, row.get(1)?))).transpose()
}

/// Noon of a day in the utility's zone: registries know no hours.
fn noon_ms(order: &Order, on: chrono::NaiveDate) -> i64 {
    let noon = on.and_time(chrono::NaiveTime::MIN) + chrono::TimeDelta::hours(12);
    let local = order.zone.from_local_datetime(&noon).earliest();
    local.map_or_else(|| noon.and_utc().timestamp_millis(), |moment| moment.timestamp_millis())
}
