//! Export of how payers divided what they paid by services (docs/domain.md): E1 and E2 have no place for it.
//!
//! Nothing is marked: the same days can be exported again.

use super::ExportError;
use super::listing::{self, Sheet};
use crate::access_log::{self, Deed};
use crate::params;
use crate::storage::{Sql, Store, StoreError};
use chrono::{DateTime, Days, NaiveDate, NaiveTime};
use chrono_tz::Tz;
use domain::Kopecks;
use domain::payment::ServiceSum;
use std::fmt;
use std::path::PathBuf;

/// What to export.
#[derive(Debug, Clone)]
pub struct Order {
    /// The first day on which a payment was credited.
    pub from: NaiveDate,
    /// The last one.
    pub to: NaiveDate,
    /// Where to. The file must not exist.
    pub out: PathBuf,
    /// UTF-8 instead of Windows-1251.
    pub utf8: bool,
    /// The utility's zone.
    pub zone: Tz,
}

/// What was exported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exported {
    /// The file.
    pub file: PathBuf,
    /// Its SHA-256, hex.
    pub sha256: String,
    /// Services of payments.
    pub rows: usize,
    /// Their sum.
    pub sum: Kopecks,
}

/// So many parts of payments are held at once.
const AT_ONCE: i64 = 1_000;

/// Exports. Must not be called on an async thread.
pub fn export(store: &Store, order: Order) -> Result<Exported, ExportError> {
    let ((rows, sum), sha256) = listing::make(&order.out, order.utf8, |sheet| fill(store, &order, sheet))?;
    Ok(Exported { file: order.out, sha256, rows, sum })
}

fn fill(store: &Store, order: &Order, sheet: &mut Sheet) -> Result<(usize, Kopecks), ExportError> {
    sheet.put("Дата;Номер платежа;ЛС;Услуга;Сумма\r\n")?;
    let begins = |day: NaiveDate| {
        let midnight = day.and_time(NaiveTime::MIN).and_local_timezone(order.zone).earliest();
        midnight.map_or(i64::MAX, |at| at.timestamp_millis())
    };
    let (from_ms, past_ms) = (begins(order.from), order.to.checked_add_days(Days::new(1)).map_or(i64::MAX, begins));
    let (mut rows, mut sum, mut after) = (0_usize, Kopecks(0), String::new());
    loop {
        let id = after.clone();
        let read: Vec<Divided> = store.read_blocking(move |sql: &mut dyn Sql| some(sql, from_ms, past_ms, &id))?;
        let Some(last) = read.last() else { break };
        after.clone_from(&last.credit);
        for part in &read {
            let day = DateTime::from_timestamp_millis(part.at_ms).unwrap_or_default().with_timezone(&order.zone);
            for one in &part.services {
                (rows, sum) = (rows + 1, sum + one.sum);
                let service: String =
                    one.service.chars().filter(|c| !matches!(c, ';' | '"' | '\'' | '\r' | '\n')).collect();
                let (day, number, account) = (day.format("%d.%m.%Y"), &part.number, &part.account);
                sheet.put(&format!("{day};{number};{account};{service};{}\r\n", one.sum.to_registry()))?;
            }
        }
    }
    if rows == 0 {
        return Err(ExportError::NoServices);
    }
    sheet.put(&format!("={rows};{}\r\n", sum.to_registry()))?;
    let subject = format!("services:{}:{}", order.from, order.to);
    store.write_blocking(move |tx| access_log::note(tx, "command", Deed::Exported, &subject, "command"))?;
    Ok((rows, sum))
}

/// A part of a payment that its payer divided.
struct Divided {
    credit: String,
    at_ms: i64,
    number: String,
    account: String,
    services: Vec<ServiceSum>,
}

fn some(sql: &mut dyn Sql, from_ms: i64, past_ms: i64, after: &str) -> Result<Vec<Divided>, StoreError> {
    let rows = sql.query(
        "SELECT credits.id, credits.at_ms, payments.number, accounts.number, payment_parts.services
         FROM credits JOIN payment_parts ON payment_parts.id = credits.part_id
             JOIN payments ON payments.id = payment_parts.payment_id JOIN accounts ON accounts.id = credits.account_id
         WHERE credits.kind = 'payment' AND payment_parts.services <> '[]'
             AND credits.at_ms >= $1 AND credits.at_ms < $2 AND credits.id > $3
         ORDER BY credits.id LIMIT $4",
        params![from_ms, past_ms, after, AT_ONCE],
    )?;
    let divided = rows.iter().map(|row| {
        let (credit, at_ms, number) = (row.get(0)?, row.get(1)?, row.get(2)?);
        Ok(Divided { credit, at_ms, number, account: row.get(3)?, services: row.json(4)? })
    });
    divided.collect()
}

impl fmt::Display for Exported {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "Протокол выгрузки платежей по услугам")?;
        writeln!(f, "Файл: {}", self.file.display())?;
        writeln!(f, "SHA-256: {}", self.sha256)?;
        writeln!(f, "Итого строк: {}, сумма, ₽: {}", self.rows, self.sum.to_registry())
    }
}
