//! Reconciliation: the bank's registry of operations beside our payments. Every gap is named. Nothing changes, except that
//! under `[payments] credit = "registry"` what the bank confirms here is credited.
//!
//! Two forms are read. The bank's own: a heading `дата;время;номер_заказа;номер_банка;операция;сумма;карта`, refunds below
//! zero, `=количество;сумма` at the end. And E1, whose unique number begins with ours.

use super::cell;
use super::encoding;
use super::row::Broken;
use crate::config::CreditBy;
use crate::params;
use crate::payments::events::What;
use crate::payments::{settle, table};
use crate::storage::{Sql, Store, StoreError, Tx};
use chrono::{DateTime, NaiveDate};
use chrono_tz::Tz;
use domain::{Kopecks, PaymentId};
use std::collections::{BTreeMap, HashSet};
use std::fmt;

const HEADING: &str = "дата;время;номер_заказа;номер_банка;операция;сумма";

/// What the bank tells of one payment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Told {
    line: usize,
    order: String,
    paid: Kopecks,
    refunded: Kopecks,
}

/// A registry that was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Operations {
    /// By our number.
    told: BTreeMap<String, Told>,
    /// The first and the last day.
    days: Option<(NaiveDate, NaiveDate)>,
    rows: usize,
    sum: Kopecks,
    /// Whether sums are with the commission: E1 has what came to the accounts.
    with_commission: bool,
}

/// A gap, or a row that cannot be read: where in the file, which payment, what is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// The row of the file; none where the file lacks one.
    pub line: Option<usize>,
    /// Our number.
    pub number: String,
    /// What does not agree.
    pub words: String,
}

/// How it came out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reconciled {
    /// Rows of the bank.
    pub rows: usize,
    /// Their sum.
    pub sum: Kopecks,
    /// Payments that agree.
    pub agree: usize,
    /// Credited just now.
    pub credited: usize,
    /// What does not agree.
    pub gaps: Vec<Gap>,
}

/// Reads a registry. A row that cannot be read breaks it: a gap that nobody sees is worse than none at all.
pub fn parse(bytes: &[u8]) -> Result<Operations, Broken> {
    let decoded = encoding::decode(bytes)?;
    let own = decoded.text.lines().next().is_some_and(|first| first.starts_with(HEADING));
    let mut operations = Operations { with_commission: own, ..Operations::default() };
    let mut stated: Option<Vec<String>> = None;
    for (index, text) in decoded.text.lines().enumerate().skip(usize::from(own)) {
        let cells: Vec<&str> = text.split(';').map(str::trim).collect();
        if let Some(count) = text.strip_prefix('=') {
            stated = Some(count.split(';').map(|cell| cell.trim().to_owned()).collect());
            continue;
        }
        if text.trim().is_empty() {
            continue;
        }
        let damaged = |words: String| Broken::Damaged { detail: format!("строка {}: {words}", index + 1) };
        let (number, order, sum, day) = match (own, cells.as_slice()) {
            (true, [day, _, number, order, _, sum, ..]) => {
                (*number, *order, *sum, NaiveDate::parse_from_str(day, "%d.%m.%Y"))
            }
            (false, [day, _, _, _, unique, _, _, _, _, sum, _, _]) => {
                let number =
                    unique.rsplit_once('-').filter(|(_, tail)| tail.len() == 12).map_or(*unique, |(ours, _)| ours);
                (number, "", *sum, NaiveDate::parse_from_str(day, "%d-%m-%Y"))
            }
            (_, cells) => return Err(damaged(format!("неверное число полей: {}", cells.len()))),
        };
        let sum = cell::sum(sum).map_err(damaged)?;
        let day = day.map_err(|_| damaged(format!("такой даты нет: «{}»", cells[0])))?;
        if number.is_empty() {
            return Err(damaged("номер заказа не заполнен".to_owned()));
        }
        operations.add(index + 1, number, order, sum, day);
    }
    if operations.rows == 0 && stated.is_none() {
        return Err(Broken::Empty);
    }
    operations.compare(stated.as_deref())?;
    Ok(operations)
}

impl Operations {
    fn add(&mut self, line: usize, number: &str, order: &str, sum: Kopecks, day: NaiveDate) {
        self.rows += 1;
        self.sum = self.sum + sum;
        let days = self.days.get_or_insert((day, day));
        *days = (days.0.min(day), days.1.max(day));
        let told = self.told.entry(number.to_owned()).or_insert_with(|| Told { line, ..Told::default() });
        order.clone_into(&mut told.order);
        if sum < Kopecks(0) {
            told.refunded = told.refunded - sum;
        } else {
            told.paid = told.paid + sum;
        }
    }

    fn compare(&self, stated: Option<&[String]>) -> Result<(), Broken> {
        // Without its last row nobody could tell whether the end is missing.
        let Some([count, total, ..]) = stated else {
            return Err(Broken::Truncated {
                detail: "нет последней строки с итогами".to_owned()
            });
        };
        if *count != self.rows.to_string() {
            return Err(Broken::Totals { what: "строк", stated: count.clone(), counted: self.rows.to_string() });
        }
        if Kopecks::parse_roubles(total) != Ok(self.sum) {
            return Err(Broken::Totals { what: "сумма", stated: total.clone(), counted: self.sum.to_registry() });
        }
        Ok(())
    }
}

/// Compares. Must not be called on an async thread.
pub fn reconcile(store: &Store, by: CreditBy, zone: Tz, operations: Operations) -> Result<Reconciled, StoreError> {
    Ok(store.write_blocking(move |tx| compare(tx, by, zone, &operations))?.value)
}

fn compare(tx: &mut Tx<'_>, by: CreditBy, zone: Tz, operations: &Operations) -> Result<Reconciled, StoreError> {
    let (rows, sum) = (operations.rows, operations.sum);
    let mut reconciled = Reconciled { rows, sum, agree: 0, credited: 0, gaps: Vec::new() };
    let mut known: HashSet<PaymentId> = HashSet::new();
    for (number, told) in &operations.told {
        let mut payment = table::by_number(tx, number)?;
        if payment.is_none() && !told.order.is_empty() {
            payment = table::by_order(tx, &told.order)?;
        }
        let mut gap =
            |words: String| reconciled.gaps.push(Gap { line: Some(told.line), number: number.clone(), words });
        let Some(payment) = payment else {
            let sum = (told.paid - told.refunded).to_registry();
            gap(match now_called(tx, number)? {
                Some(now) => format!("оплачен заказ, вместо которого платёж получил номер {now}: {sum}"),
                None => format!("у банка есть, у нас нет: {sum}"),
            });
            continue;
        };
        known.insert(payment.id);
        let ours = if operations.with_commission { payment.total() } else { payment.sum };
        let returned: Kopecks = table::parts(tx, payment.id)?.iter().map(|part| part.refunded).sum();
        let before = reconciled_before(told);
        let mut agrees = true;
        if !before && told.paid != ours {
            agrees = false;
            gap(format!("суммы расходятся: у банка {}, у нас {}", told.paid.to_registry(), ours.to_registry()));
        }
        if payment.paid_ms.is_none() {
            agrees = false;
            let status = serde_json::to_string(&payment.status).unwrap_or_default();
            gap(format!("состояние расходится: у банка оплачен, у нас {}", status.trim_matches('"')));
        }
        if told.refunded > returned && returned < payment.sum {
            agrees = false;
            let (bank, ours) = (told.refunded.to_registry(), returned.to_registry());
            gap(format!("возврат расходится: у банка {bank}, у нас {ours}"));
        }
        if !agrees {
            continue;
        }
        reconciled.agree += 1;
        if by == CreditBy::Registry && !before {
            reconciled.credited += usize::from(settle::credit_paid(tx, payment.id)?);
        }
    }
    missing(tx, zone, operations, &known, &mut reconciled.gaps)?;
    Ok(reconciled)
}

/// The number that a payment has which once had this one: its first order had no answer, and another was asked for.
fn now_called(tx: &mut Tx<'_>, number: &str) -> Result<Option<String>, StoreError> {
    let row = tx.first(
        "SELECT payments.number FROM payment_events JOIN payments ON payments.id = payment_events.payment_id
         WHERE payment_events.what = $1 AND payment_events.detail LIKE $2 || ' %'",
        params![What::Renumbered.name(), number],
    )?;
    row.map(|row| row.get(0)).transpose()
}

/// Only a refund stands in the file: the payment was of an earlier day.
fn reconciled_before(told: &Told) -> bool {
    told.paid == Kopecks(0) && told.refunded > Kopecks(0)
}

/// Payments of the registry's days that the bank does not have.
fn missing(
    sql: &mut dyn Sql,
    zone: Tz,
    operations: &Operations,
    known: &HashSet<PaymentId>,
    gaps: &mut Vec<Gap>,
) -> Result<(), StoreError> {
    let Some((first, last)) = operations.days else { return Ok(()) };
    const DAY_MS: i64 = 86_400_000;
    let noon = |day: NaiveDate| day.and_hms_opt(12, 0, 0).map_or(0, |noon| noon.and_utc().timestamp_millis());
    let rows = sql.query(
        "SELECT id, number, sum + commission, paid_ms FROM payments
         WHERE way <> 'office' AND paid_ms >= $1 AND paid_ms <= $2 ORDER BY paid_ms, id",
        params![noon(first) - 2 * DAY_MS, noon(last) + 2 * DAY_MS],
    )?;
    for row in rows {
        let paid = DateTime::from_timestamp_millis(row.get(3)?).unwrap_or_default().with_timezone(&zone).date_naive();
        if !known.contains(&row.get(0)?) && (first..=last).contains(&paid) {
            let sum: Kopecks = row.get(2)?;
            let words = format!("у нас есть, у банка нет: {} за {}", sum.to_registry(), cell::day(paid));
            gaps.push(Gap { line: None, number: row.get(1)?, words });
        }
    }
    Ok(())
}

impl fmt::Display for Reconciled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "Протокол сверки")?;
        writeln!(f, "Операций у банка: {}, сумма, ₽: {}", self.rows, self.sum.to_registry())?;
        writeln!(f, "Платежей сошлось: {}", self.agree)?;
        writeln!(f, "Зачислено по реестру: {}", self.credited)?;
        writeln!(f, "Расхождений: {}", self.gaps.len())?;
        for gap in &self.gaps {
            let line = gap.line.map(|line| format!("строка {line}, ")).unwrap_or_default();
            writeln!(f, "  {line}{}: {}", gap.number, gap.words)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
