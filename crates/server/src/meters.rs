//! Metering devices.

use crate::params;
use crate::storage::{Row, Sql, StoreError, Ticket, Tx, Value};
use domain::{Dial, MeterId, MeterValue, OperationId};
use wire::entity::{Entity, Meter};
use wire::feed::{Change, Scope};

const COLUMNS: &str = "id, account_id, kind, name, own_name, serial, digits, decimals, tariffs, ratio, verified_on, \
     verified_until, verification_interval_years, automatic, archived_on, replaced_by, initial";

/// A meter with what it showed when it was put in.
#[derive(Debug, Clone)]
pub struct StoredMeter {
    /// As its resident sees it.
    pub meter: Meter,
    /// The first values, one per tariff.
    pub initial: Vec<MeterValue>,
}

/// A meter.
pub fn load(sql: &mut dyn Sql, meter: MeterId) -> Result<Option<StoredMeter>, StoreError> {
    let row = sql.first(&format!("SELECT {COLUMNS} FROM meters WHERE id = $1"), params![meter])?;
    row.map(|row| read(&row)).transpose()
}

/// Puts the meter, as it stands in its table now, into its account's feed. Nothing happens when there is none.
pub fn publish(tx: &mut Tx<'_>, meter: MeterId, operation: Option<OperationId>) -> Result<Option<Ticket>, StoreError> {
    let Some(StoredMeter { meter, .. }) = load(tx, meter)? else { return Ok(None) };
    let scope = Scope::Account(meter.account);
    Ok(Some(tx.emit(scope, operation, Change::Put { entity: Entity::Meter(meter) })))
}

/// Gives a meter the resident's own name; `None` restores the utility's.
pub fn rename(tx: &mut Tx<'_>, meter: MeterId, name: Option<&str>) -> Result<(), StoreError> {
    tx.execute("UPDATE meters SET own_name = $2 WHERE id = $1", params![meter, Value::from(name)])?;
    Ok(())
}

fn read(row: &Row) -> Result<StoredMeter, StoreError> {
    let (name, own_name): (String, Option<String>) = (row.get(3)?, row.get(4)?);
    let dial = Dial::new(row.get(6)?, row.get(7)?).map_err(|_| StoreError::Column(6))?;
    let meter = Meter {
        id: row.get(0)?,
        account: row.get(1)?,
        kind: row.word(2)?,
        renamed: own_name.is_some(),
        name: own_name.unwrap_or(name),
        serial: row.get(5)?,
        dial,
        tariffs: row.get(8)?,
        ratio: row.get(9)?,
        verified_on: row.get(10)?,
        verified_until: row.get(11)?,
        verification_interval_years: row.get(12)?,
        automatic: row.get(13)?,
        archived_on: row.get(14)?,
        replaced_by: row.get(15)?,
    };
    let initial: Vec<i64> = row.json(16)?;
    Ok(StoredMeter { meter, initial: initial.into_iter().map(MeterValue::from_steps).collect() })
}
