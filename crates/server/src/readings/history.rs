//! What a meter showed in earlier months.

use crate::meters::StoredMeter;
use crate::params;
use crate::storage::{Sql, StoreError};
use domain::consumption::{between, usual_month};
use domain::reading_check::MeterFacts;
use domain::{MeterValue, Period};

/// How many readings back are looked at: six volumes need seven.
const MONTHS: i64 = 7;

/// What the check of a reading for `period` needs to know.
pub(super) fn facts(sql: &mut dyn Sql, stored: &StoredMeter, period: Period) -> Result<MeterFacts, StoreError> {
    let StoredMeter { meter, initial } = stored;
    let rows = sql.query(
        "SELECT period, steps FROM readings
         WHERE meter_id = $1 AND is_current = 1 AND period < $2 AND verdict <> 'refused'
         ORDER BY period DESC LIMIT $3",
        params![meter.id, period, MONTHS],
    )?;
    let mut past: Vec<(Period, Vec<MeterValue>)> = Vec::new();
    for row in rows {
        let steps: Vec<i64> = row.json(1)?;
        past.push((row.get(0)?, steps.into_iter().map(MeterValue::from_steps).collect()));
    }
    let tariffs = usize::from(meter.tariffs);
    let mut last = past.first().map_or_else(|| initial.clone(), |(_, values)| values.clone());
    last.resize(tariffs, MeterValue::ZERO);
    Ok(MeterFacts {
        kind: meter.kind,
        dial: meter.dial,
        ratio: meter.ratio,
        last,
        usual: (0..tariffs).map(|tariff| usual(stored, &past, tariff)).collect(),
        automatic: meter.automatic,
        archived_on: meter.archived_on,
        verified_until: meter.verified_until,
    })
}

fn usual(stored: &StoredMeter, past: &[(Period, Vec<MeterValue>)], tariff: usize) -> Option<MeterValue> {
    let volumes: Vec<MeterValue> = past
        .windows(2)
        .filter_map(|pair| {
            let [(later, new), (earlier, old)] = pair else { return None };
            let (new, old) = (new.get(tariff)?, old.get(tariff)?);
            let volume = between(stored.meter.dial, *old, *new, stored.meter.ratio).volume;
            // A skipped month is an even share of the volume up to the next reading.
            Some(MeterValue::from_steps(volume.steps() / months_between(*earlier, *later).max(1)))
        })
        .collect();
    usual_month(&volumes)
}

fn months_between(earlier: Period, later: Period) -> i64 {
    i64::from(later.year() - earlier.year()) * 12 + i64::from(later.month()) - i64::from(earlier.month())
}
