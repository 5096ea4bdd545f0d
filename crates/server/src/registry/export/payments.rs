//! Export of payments to the billing, in E1 and E2 (docs/domain.md).
//!
//! Taken are credits and refunds that no export had before; each leaves once, as readings do. From then on the billing
//! knows of them, and the debt it tells for a later day has them in it.

use super::{ExportError, found, leave, put};
use crate::access_log::{self, Deed};
use crate::registry::cell::for_bank;
use crate::registry::encoding::to_cp1251;
use crate::storage::{Row, Sql, Store, StoreError, Tx, Value};
use crate::{accounts, params};
use chrono::{DateTime, NaiveDate, NaiveTime, TimeZone as _};
use chrono_tz::Tz;
use domain::payment::PaymentWay;
use domain::{Kopecks, Period};
use sha2::{Digest as _, Sha256};
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use uuid::Uuid;

/// The form of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// «Сбер 12 колонок».
    E1,
    /// КП50, 17 fields. It has no sums below zero: refunds stay for E1.
    E2,
}

/// Which payments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// All that wait.
    All,
    /// Those of a day in the utility's zone.
    Day(NaiveDate),
    /// Those of a month.
    Month(Period),
}

/// What to export.
#[derive(Debug, Clone)]
pub struct Order {
    /// How.
    pub form: Form,
    /// What.
    pub when: When,
    /// Where to. The file must not exist.
    pub out: PathBuf,
    /// The day on which the billing learns of it.
    pub today: NaiveDate,
    /// The utility's zone.
    pub zone: Tz,
}

/// What was exported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exported {
    /// How.
    pub form: Form,
    /// The file.
    pub file: PathBuf,
    /// Its SHA-256, hex.
    pub sha256: String,
    /// The number of the export.
    pub number: i64,
    /// Rows.
    pub rows: usize,
    /// Their sum.
    pub sum: Kopecks,
    /// Refunds that the form cannot say; they wait.
    pub left_out: Vec<String>,
}

/// Money that was credited or went back.
struct Credit {
    id: Uuid,
    sum: Kopecks,
    at: DateTime<Tz>,
    payment: String,
    way: PaymentWay,
    account: String,
    payer: String,
    address: String,
    period: Option<Period>,
}

/// Exports. Must not be called on an async thread.
pub fn export(store: &Store, order: Order) -> Result<Exported, ExportError> {
    let out = order.out.clone();
    leave(store, &out, |_: &Exported| true, move |tx, part, made| write(tx, &order, part, made))
}

fn write(tx: &mut Tx<'_>, order: &Order, part: &Path, made: &AtomicBool) -> Result<Exported, ExportError> {
    if part.exists() {
        return Err(found(tx, &order.out, part)?);
    }
    let (credits, left_out): (Vec<Credit>, Vec<Credit>) =
        waiting(tx, order)?.into_iter().partition(|credit| order.form == Form::E1 || credit.sum >= Kopecks(0));
    if credits.is_empty() {
        return Err(ExportError::NoPayments);
    }
    if order.out.exists() {
        return Err(ExportError::Exists(order.out.clone()));
    }
    let made_before = tx.first("SELECT COUNT(*) FROM payment_exports", &[])?.ok_or(StoreError::Column(0))?;
    let number = made_before.get::<i64>(0)? + 1;
    let text = match order.form {
        Form::E1 => e1(&credits, number, order.today),
        Form::E2 => e2(&credits, number, order.today),
    };
    let bytes = to_cp1251(&text);
    let exported = Exported {
        form: order.form,
        file: order.out.clone(),
        sha256: hex::encode(Sha256::digest(&bytes)),
        number,
        rows: credits.len(),
        sum: credits.iter().map(|credit| credit.sum).sum(),
        left_out: left_out.iter().map(|credit| format!("{}, {}", credit.payment, credit.sum.to_registry())).collect(),
    };
    put(part, &bytes, made).map_err(|why| ExportError::Disk { path: part.to_owned(), why })?;
    mark(tx, order, &exported, &credits)?;
    Ok(exported)
}

fn mark(tx: &mut Tx<'_>, order: &Order, exported: &Exported, credits: &[Credit]) -> Result<(), StoreError> {
    let (id, now, rows) = (tx.id_v7(), tx.now_ms(), i64::try_from(exported.rows).unwrap_or(i64::MAX));
    let values: Vec<Value> =
        credits.iter().flat_map(|credit| [credit.id.into(), id.into(), order.today.into()]).collect();
    tx.execute_each("UPDATE credits SET export_id = $2, exported_on = $3 WHERE id = $1", 3, &values)?;
    tx.execute(
        "INSERT INTO payment_exports (id, format, made_ms, day, sha256, rows, sum) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        params![id, exported.form.name(), now, order.today, &exported.sha256, rows, exported.sum],
    )?;
    access_log::note(tx, "command", Deed::Exported, &format!("payments:{id}"), "command")?;
    // Where the billing's debt is of this very day, it is taken to have the payment in it.
    let changed = tx.query(
        "SELECT DISTINCT accounts.id FROM credits JOIN accounts ON accounts.id = credits.account_id
         WHERE credits.export_id = $1 AND accounts.debt_on >= $2",
        params![id, order.today],
    )?;
    for row in changed {
        accounts::publish(tx, row.get(0)?, None)?;
    }
    Ok(())
}

fn waiting(sql: &mut dyn Sql, order: &Order) -> Result<Vec<Credit>, StoreError> {
    let (from, to) = match order.when {
        When::All => (i64::MIN, i64::MAX),
        When::Day(day) => (midnight(order.zone, day), midnight(order.zone, day.succ_opt().unwrap_or(day))),
        When::Month(month) => {
            (midnight(order.zone, month.day_clamped(1)), midnight(order.zone, month.next().day_clamped(1)))
        }
    };
    let rows = sql.query(
        "SELECT credits.id, credits.sum, credits.at_ms, payments.number, payments.way,
             accounts.number, accounts.payer, accounts.address, accounts.bill_period
         FROM credits JOIN payment_parts ON payment_parts.id = credits.part_id
             JOIN payments ON payments.id = payment_parts.payment_id
             JOIN accounts ON accounts.id = credits.account_id
         WHERE credits.export_id IS NULL AND credits.at_ms >= $1 AND credits.at_ms < $2
         ORDER BY credits.at_ms, credits.id",
        params![from, to],
    )?;
    rows.iter().map(|row| read(row, order.zone)).collect()
}

fn read(row: &Row, zone: Tz) -> Result<Credit, StoreError> {
    Ok(Credit {
        id: row.get(0)?,
        sum: row.get(1)?,
        at: DateTime::from_timestamp_millis(row.get(2)?).unwrap_or_default().with_timezone(&zone),
        payment: row.get(3)?,
        way: row.word(4)?,
        account: row.get(5)?,
        payer: row.get(6)?,
        address: row.get(7)?,
        period: row.get(8)?,
    })
}

fn midnight(zone: Tz, day: NaiveDate) -> i64 {
    zone.from_local_datetime(&day.and_time(NaiveTime::MIN)).earliest().map_or(i64::MIN, |at| at.timestamp_millis())
}

fn e1(credits: &[Credit], number: i64, today: NaiveDate) -> String {
    let mut text = String::new();
    let mut total = Kopecks(0);
    for credit in credits {
        total = total + credit.sum;
        let sum = credit.sum.to_registry();
        let period = credit.period.unwrap_or_else(|| Period::of(credit.at.date_naive())).to_mmyy();
        let device = match credit.way {
            PaymentWay::Card => "CARD",
            PaymentWay::Sbp => "SBP",
            PaymentWay::Office => "OFFICE",
        };
        // The commission is on top of what the account gets: none of it is taken from there.
        let cells = [
            credit.at.format("%d-%m-%Y").to_string(),
            credit.at.format("%H-%M-%S").to_string(),
            "0".to_owned(),
            device.to_owned(),
            credit.unique(),
            credit.account.clone(),
            for_bank(&credit.payer).to_uppercase(),
            for_bank(&credit.address).to_uppercase(),
            period,
            sum.clone(),
            sum,
            "0,00".to_owned(),
        ];
        text.push_str(&cells.join(";"));
        text.push_str("\r\n");
    }
    let (count, total) = (credits.len(), total.to_registry());
    text.push_str(&format!("={count};{total};{total};0,00;{number};{}\r\n", today.format("%d-%m-%Y")));
    text
}

fn e2(credits: &[Credit], number: i64, today: NaiveDate) -> String {
    let readings = ["НЕТ"; 12].join(";");
    let row = |credit: &Credit| {
        let sum = credit.sum.to_registry().replace(',', ".");
        // Twenty-six digits, the first six the day.
        let transaction = format!("{}{:020}", credit.at.format("%d%m%y"), credit.id.as_u128() % 10_u128.pow(20));
        format!("{};{sum};{transaction};{number};{};{readings}\r\n", credit.account, today.format("%d.%m.%Y"))
    };
    credits.iter().map(row).collect()
}

impl Credit {
    /// One number for one row for ever: a payment may have several accounts, and refunds.
    fn unique(&self) -> String {
        let id = self.id.simple().to_string();
        format!("{}-{}", self.payment, &id[20..])
    }
}

impl Form {
    const fn name(self) -> &'static str {
        match self {
            Self::E1 => "E1",
            Self::E2 => "E2",
        }
    }
}

impl fmt::Display for Exported {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "Протокол выгрузки платежей")?;
        writeln!(f, "Файл: {}", self.file.display())?;
        writeln!(f, "Формат: {}, Windows-1251, выгрузка № {}", self.form.name(), self.number)?;
        writeln!(f, "SHA-256: {}", self.sha256)?;
        writeln!(f, "Итого строк: {}, сумма, ₽: {}", self.rows, self.sum.to_registry())?;
        if !self.left_out.is_empty() {
            writeln!(f, "Возвраты, которых формат не передаёт, ждут выгрузки E1: {}", self.left_out.len())?;
            for refund in &self.left_out {
                writeln!(f, "  {refund}")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
