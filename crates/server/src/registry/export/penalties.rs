//! Export of the penalties that no bill has yet (docs/domain.md): what the desktops show, of all accounts, for the billing.
//!
//! Nothing is marked: the same day can be exported again. Accounts are read a few at a time and written as they are found,
//! so the memory stays the same for any number of them.

use super::ExportError;
use super::listing::{self, Sheet};
use crate::access_log::{self, Deed};
use crate::bills::SHOWN;
use crate::params;
use crate::storage::{Sql, Store, StoreError};
use chrono::{DateTime, NaiveDate};
use chrono_tz::Tz;
use domain::penalty::{Accruing, Paid, PenaltyShare, PenaltyTable, Stated, accruing};
use domain::{AccountId, Kopecks};
use std::fmt;
use std::path::PathBuf;
use wire::entity::Entity;

/// What to export.
#[derive(Debug, Clone)]
pub struct Order {
    /// The last day that is counted.
    pub on: NaiveDate,
    /// Where to. The file must not exist.
    pub out: PathBuf,
    /// UTF-8 instead of Windows-1251.
    pub utf8: bool,
    /// What being late costs.
    pub table: PenaltyTable,
    /// The utility's zone.
    pub zone: Tz,
}

/// What was exported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exported {
    /// The last day that is counted.
    pub on: NaiveDate,
    /// The file.
    pub file: PathBuf,
    /// Whether it is UTF-8.
    pub utf8: bool,
    /// Its SHA-256, hex.
    pub sha256: String,
    /// Accounts.
    pub rows: usize,
    /// What is overdue of them.
    pub overdue: Kopecks,
    /// The penalties.
    pub sum: Kopecks,
}

/// So many accounts are held at once, each with its newest bills.
const AT_ONCE: i64 = 200;

/// Exports. Must not be called on an async thread.
pub fn export(store: &Store, order: Order) -> Result<Exported, ExportError> {
    let ((rows, overdue, sum), sha256) = listing::make(&order.out, order.utf8, |sheet| fill(store, &order, sheet))?;
    Ok(Exported { on: order.on, file: order.out, utf8: order.utf8, sha256, rows, overdue, sum })
}

fn fill(store: &Store, order: &Order, sheet: &mut Sheet) -> Result<(usize, Kopecks, Kopecks), ExportError> {
    sheet.put("ЛС;Просрочено;Дней;Расчёт;Пени\r\n")?;
    let (mut rows, mut overdue, mut sum) = (0_usize, Kopecks(0), Kopecks(0));
    let mut after = String::new();
    loop {
        let (from, zone) = (after.clone(), order.zone);
        let read: Vec<Known> = store.read_blocking(move |sql: &mut dyn Sql| some(sql, &from, zone))?;
        let Some(last) = read.last() else { break };
        after.clone_from(&last.number);
        for account in &read {
            let Some(found) = accruing(&account.bills, &account.paid, account.owed, order.on, &order.table) else {
                continue;
            };
            (rows, overdue, sum) = (rows + 1, overdue + found.overdue, sum + found.total);
            sheet.put(&row(&account.number, &found))?;
        }
    }
    if rows == 0 {
        return Err(ExportError::NoPenalties);
    }
    sheet.put(&format!("={rows};{};{}\r\n", overdue.to_registry(), sum.to_registry()))?;
    let on = order.on;
    store.write_blocking(move |tx| {
        access_log::note(tx, "command", Deed::Exported, &format!("penalties:{on}"), "command")
    })?;
    Ok((rows, overdue, sum))
}

fn row(number: &str, found: &Accruing) -> String {
    let days: u32 = found.shares.iter().filter(|share| share.due == found.shares[0].due).map(|share| share.days).sum();
    let steps: Vec<String> = found.shares.iter().map(step).collect();
    format!("{number};{};{days};{};{}\r\n", found.overdue.to_registry(), steps.join(" + "), found.total.to_registry())
}

/// «15.10.2026: 1000,00*15*9,50%/300=4,75»
fn step(share: &PenaltyShare) -> String {
    let (due, sum, rate) = (share.due.format("%d.%m.%Y"), share.sum.to_registry(), Kopecks(i64::from(share.rate)));
    let (days, rate, one_in, cost) = (share.days, rate.to_registry(), share.one_in, share.cost.to_registry());
    format!("{due}: {sum}*{days}*{rate}%/{one_in}={cost}")
}

/// What is known of an account.
struct Known {
    number: String,
    owed: Kopecks,
    bills: Vec<Stated>,
    paid: Vec<Paid>,
}

/// The next accounts that have bills, by their numbers.
fn some(sql: &mut dyn Sql, after: &str, zone: Tz) -> Result<Vec<Known>, StoreError> {
    // What is credited and billing does not know of is not owed, nor is what the bank has confirmed and nobody credited yet.
    let accounts = sql.query(
        "SELECT id, number,
             debt - (SELECT CAST(COALESCE(SUM(credits.sum), 0) AS BIGINT) FROM credits
                     WHERE credits.account_id = accounts.id
                         AND (credits.exported_on IS NULL OR credits.exported_on > accounts.debt_on))
                  - (SELECT CAST(COALESCE(SUM(payment_parts.sum - payment_parts.refunded), 0) AS BIGINT)
                     FROM payment_parts JOIN payments ON payments.id = payment_parts.payment_id
                     WHERE payment_parts.account_id = accounts.id AND payments.status = 'paid')
         FROM accounts WHERE number > $1 AND EXISTS (SELECT 1 FROM bills WHERE bills.account_id = accounts.id)
         ORDER BY number LIMIT $2",
        params![after, AT_ONCE],
    )?;
    let mut known = Vec::with_capacity(accounts.len());
    for row in &accounts {
        let (id, number, owed): (AccountId, String, Kopecks) = (row.get(0)?, row.get(1)?, row.get(2)?);
        known.push(Known { number, owed, bills: bills(sql, id)?, paid: paid(sql, id, zone)? });
    }
    Ok(known)
}

/// The bills that residents have, oldest first.
fn bills(sql: &mut dyn Sql, account: AccountId) -> Result<Vec<Stated>, StoreError> {
    let rows = sql.query(
        "SELECT state FROM bills WHERE account_id = $1 ORDER BY period DESC LIMIT $2",
        params![account, SHOWN],
    )?;
    let mut bills = Vec::with_capacity(rows.len());
    for row in rows.iter().rev() {
        if let Entity::Bill(bill) = row.json(0)? {
            bills.push(bill.stated());
        }
    }
    Ok(bills)
}

/// What reached the bank and did not go back, on the day when it did.
fn paid(sql: &mut dyn Sql, account: AccountId, zone: Tz) -> Result<Vec<Paid>, StoreError> {
    let rows = sql.query(
        "SELECT payments.paid_ms, payment_parts.sum - payment_parts.refunded
         FROM payment_parts JOIN payments ON payments.id = payment_parts.payment_id
         WHERE payment_parts.account_id = $1 AND payments.paid_ms IS NOT NULL
             AND payments.status IN ('paid', 'credited', 'refunded')",
        params![account],
    )?;
    let paid = rows.iter().map(|row| {
        let at = DateTime::from_timestamp_millis(row.get(0)?).unwrap_or_default();
        Ok(Paid { on: at.with_timezone(&zone).date_naive(), sum: row.get(1)? })
    });
    paid.collect()
}

impl fmt::Display for Exported {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "Протокол выгрузки пеней на {}", self.on.format("%d.%m.%Y"))?;
        writeln!(f, "Файл: {}", self.file.display())?;
        writeln!(f, "Кодировка: {}", if self.utf8 { "UTF-8" } else { "Windows-1251" })?;
        writeln!(f, "SHA-256: {}", self.sha256)?;
        writeln!(
            f,
            "Итого счетов: {}, просрочено, ₽: {}, пени, ₽: {}",
            self.rows,
            self.overdue.to_registry(),
            self.sum.to_registry()
        )
    }
}

#[cfg(test)]
mod tests;
