//! Meters with their readings (R3, R1).

use super::readings::{self, Took};
use super::{Findings, Order};
use crate::registry::Format;
use crate::registry::row::{MeterRow, Numbered, Parsed, Passport, ReadingCells, Rejected};
use crate::storage::{Sql, StoreError, Tx, Value};
use crate::{meters, params};
use domain::{AccountId, Dial, MeterId, MeterKind};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use uuid::Uuid;

/// What tells meters apart: the factory number and the resource.
type Key = (String, MeterKind);

/// A meter of the file with all its readings.
pub(super) struct Found {
    account: AccountId,
    row: MeterRow,
    readings: Vec<ReadingCells>,
}

/// A meter the server has.
struct Known {
    id: MeterId,
    account: AccountId,
    tariffs: u8,
    dial: Dial,
}

/// Compares the rows with each other and with the meters the server has.
pub(super) fn check(
    sql: &mut dyn Sql,
    order: &Order,
    parsed: Parsed<MeterRow>,
) -> Result<(Vec<Found>, Findings), StoreError> {
    let accounts = accounts(sql)?;
    let known = known(sql)?;
    let mut unknown_accounts = BTreeSet::new();
    let mut rejected = parsed.rejected;
    let mut found: BTreeMap<Key, Found> = BTreeMap::new();
    for Numbered { line, row } in parsed.rows {
        let number = row.account.as_str();
        let Some(account) = accounts.get(number).copied() else {
            unknown_accounts.insert(number.to_owned());
            rejected.push(Rejected::new(line, "Лицевой счет", format!("счёта {number} нет в базе")));
            continue;
        };
        let key = (row.serial.clone(), row.kind);
        match trouble(order, account, &row, found.get(&key), known.get(&key)) {
            Some((field, reason)) => rejected.push(Rejected::new(line, field, reason)),
            None => {
                let reading = row.reading.clone();
                let meter =
                    found.entry(key).or_insert_with(|| Found { account, row: row.clone(), readings: Vec::new() });
                meter.readings.extend(reading);
                meter.row = row;
            }
        }
    }
    rejected.sort_by_key(|rejected| rejected.line);
    let found: Vec<Found> = found.into_values().collect();
    let readings: usize = found.iter().map(|found| found.readings.len()).sum();
    let findings = Findings {
        lines: parsed.lines,
        usable: found.len(),
        encoding: parsed.encoding,
        accepted: vec![("Годных приборов", found.len().to_string()), ("Годных показаний", readings.to_string())],
        rejected,
        unknown_accounts,
        totals: parsed.totals,
    };
    Ok((found, findings))
}

fn accounts(sql: &mut dyn Sql) -> Result<HashMap<String, AccountId>, StoreError> {
    let rows = sql.query("SELECT number, id FROM accounts", &[])?;
    rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
}

fn known(sql: &mut dyn Sql) -> Result<HashMap<Key, Known>, StoreError> {
    let rows = sql.query("SELECT serial, kind, id, account_id, tariffs, digits, decimals FROM meters", &[])?;
    let read = |row: &crate::storage::Row| {
        let dial = Dial::new(row.get(5)?, row.get(6)?).map_err(|_| StoreError::Column(5))?;
        let known = Known { id: row.get(2)?, account: row.get(3)?, tariffs: row.get(4)?, dial };
        Ok(((row.get(0)?, row.word(1)?), known))
    };
    rows.iter().map(read).collect()
}

/// What speaks against a row, given the earlier rows of its meter and the meter itself.
fn trouble(
    order: &Order,
    account: AccountId,
    row: &MeterRow,
    earlier: Option<&Found>,
    known: Option<&Known>,
) -> Option<(&'static str, String)> {
    let serial = &row.serial;
    if known.is_some_and(|known| known.account != account) {
        return Some(("Номер счетчика", format!("прибор «{serial}» в базе числится за другим лицевым счётом")));
    }
    if earlier.is_some_and(|earlier| earlier.account != account) {
        return Some(("Номер счетчика", format!("прибор «{serial}» в этом файле уже был за другим лицевым счётом")));
    }
    let tariffs = known.map(|known| known.tariffs).or(earlier.map(|earlier| earlier.row.tariffs));
    if let Some(tariffs) = tariffs.filter(|tariffs| *tariffs != row.tariffs) {
        return Some((
            "Количество тарифов",
            format!("у прибора «{serial}» тарифов {tariffs}, а здесь {}", row.tariffs),
        ));
    }
    let reading = row.reading.as_ref()?;
    if reading.on > order.today {
        return Some(("Дата передачи показаний", format!("день {} ещё не наступил", reading.on.format("%d.%m.%Y"))));
    }
    if earlier.is_some_and(|earlier| earlier.readings.iter().any(|other| other.on == reading.on)) {
        let on = reading.on.format("%d.%m.%Y");
        return Some((
            "Дата передачи показаний",
            format!("показание прибора «{serial}» за {on} уже было в этом файле"),
        ));
    }
    if row.passport.archived_on.is_some_and(|archived| reading.on > archived) {
        return Some(("Дата передачи показаний", "показание позже вывода прибора из эксплуатации".to_owned()));
    }
    let dial = if row.dial_stated { row.dial } else { known.map_or(row.dial, |known| known.dial) };
    if reading.values.iter().any(|value| !dial.holds(*value)) {
        return Some(("Показание", format!("прибор «{serial}» такого не показывает: не та разрядность")));
    }
    None
}

/// Writes meters and readings; what changed goes into the accounts' feeds.
pub(super) fn apply(
    tx: &mut Tx<'_>,
    order: &Order,
    import: Uuid,
    found: &[Found],
) -> Result<Vec<(&'static str, usize)>, StoreError> {
    let known = known(tx)?;
    let (mut added, mut changed) = (0, 0);
    let mut took = [0_usize; 3];
    let mut archived = Vec::new();
    for Found { account, row, readings } in found {
        let known = known.get(&(row.serial.clone(), row.kind));
        let meter = match known {
            Some(known) => {
                changed += usize::from(update(tx, order, known.id, row)?);
                known.id
            }
            None => {
                added += 1;
                insert(tx, *account, row)?
            }
        };
        if row.passport.archived_on.is_some() {
            archived.push(meter);
        }
        for reading in readings {
            let place = match readings::take(tx, order, import, meter, *account, reading)? {
                Took::Added => 0,
                Took::Confirmed => 1,
                Took::Known => 2,
            };
            took[place] += 1;
        }
    }
    let replaced = archived.into_iter().map(|meter| link_replacement(tx, meter)).sum::<Result<usize, _>>()?;
    Ok(vec![
        ("приборов новых", added),
        ("приборов изменено", changed),
        ("приборов заменено", replaced),
        ("показаний добавлено", took[0]),
        ("показаний учтено расчётом", took[1]),
        ("показаний уже было", took[2]),
    ])
}

fn insert(tx: &mut Tx<'_>, account: AccountId, row: &MeterRow) -> Result<MeterId, StoreError> {
    let meter = MeterId::new(tx.id_v7());
    let zeros = vec![0_i64; usize::from(row.tariffs)];
    let Passport { verified_on, verified_until, interval_years, automatic, archived_on, .. } = row.passport;
    tx.execute(
        "INSERT INTO meters (id, account_id, kind, name, serial, digits, decimals, tariffs, ratio, initial, verified_on,
             verified_until, verification_interval_years, automatic, archived_on)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1, $9, $10, $11, $12, $13, $14)",
        params![
            meter,
            account,
            Value::word(&row.kind)?,
            &row.name,
            &row.serial,
            row.dial.digits(),
            row.dial.decimals(),
            row.tariffs,
            Value::json(&zeros)?,
            verified_on,
            verified_until,
            interval_years,
            automatic.unwrap_or(false),
            archived_on,
        ],
    )?;
    note_installation(tx, meter, row)?;
    meters::publish(tx, meter, None)?;
    Ok(meter)
}

/// What the file leaves empty stays as it was. The bank's text knows neither the utility's name of a meter nor its face.
fn update(tx: &mut Tx<'_>, order: &Order, meter: MeterId, row: &MeterRow) -> Result<bool, StoreError> {
    let before = meters::load(tx, meter)?.map(|stored| stored.meter);
    let Passport { verified_on, verified_until, interval_years, automatic, archived_on, .. } = row.passport;
    let name = (order.format != Format::R1).then_some(row.name.as_str());
    let dial = row.dial_stated.then_some(row.dial);
    tx.execute(
        "UPDATE meters SET name = COALESCE($2, name), digits = COALESCE($3, digits), decimals = COALESCE($4, decimals),
             verified_on = COALESCE($5, verified_on), verified_until = COALESCE($6, verified_until),
             verification_interval_years = COALESCE($7, verification_interval_years),
             automatic = COALESCE($8, automatic), archived_on = COALESCE($9, archived_on)
         WHERE id = $1",
        params![
            meter,
            name,
            dial.map(Dial::digits),
            dial.map(Dial::decimals),
            verified_on,
            verified_until,
            interval_years,
            automatic,
            archived_on,
        ],
    )?;
    note_installation(tx, meter, row)?;
    let changed = meters::load(tx, meter)?.map(|stored| stored.meter) != before;
    if changed {
        meters::publish(tx, meter, None)?;
    }
    Ok(changed)
}

fn note_installation(tx: &mut Tx<'_>, meter: MeterId, row: &MeterRow) -> Result<(), StoreError> {
    if let Some(installed_on) = row.passport.installed_on {
        tx.execute(
            "INSERT INTO installations (meter_id, installed_on) VALUES ($1, $2)
             ON CONFLICT (meter_id) DO UPDATE SET installed_on = excluded.installed_on",
            params![meter, installed_on],
        )?;
    }
    Ok(())
}

/// The meter that was put in the same place on the day this one was taken out; how many were found, 0 or 1.
fn link_replacement(tx: &mut Tx<'_>, meter: MeterId) -> Result<usize, StoreError> {
    let heir = tx.first(
        "SELECT heir.id FROM meters AS old
         JOIN meters AS heir ON heir.account_id = old.account_id AND heir.kind = old.kind AND heir.name = old.name
         JOIN installations ON installations.meter_id = heir.id AND installations.installed_on = old.archived_on
         WHERE old.id = $1 AND heir.id <> old.id AND old.replaced_by IS NULL AND heir.archived_on IS NULL
         ORDER BY heir.id LIMIT 1",
        params![meter],
    )?;
    let Some(heir) = heir else { return Ok(0) };
    let heir: MeterId = heir.get(0)?;
    tx.execute("UPDATE meters SET replaced_by = $2 WHERE id = $1", params![meter, heir])?;
    meters::publish(tx, meter, None)?;
    Ok(1)
}
