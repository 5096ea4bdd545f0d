//! Money that the staff give back. A wish is on the disk before the bank is asked, and the bank is asked once for each: what
//! came of a question whose answer was lost the bank's own count of what it gave back tells, and nothing is sent again.

use super::events::{self, What};
use super::table::{self, Payment};
use super::verdict::{self, Ruling};
use crate::params;
use crate::storage::{Row, Sql, StoreError, Tx};
use domain::{Kopecks, PaymentId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// So long after the question the bank's count is waited for: banks tell of a refund within minutes.
const UNSURE_MS: i64 = 3_600_000;
/// The same sum again within this time may be a second try of somebody who does not know of the first.
const SAME_MS: i64 = 24 * 3_600_000;

/// A wish to give money back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refund {
    /// The wish.
    pub id: Uuid,
    /// How much.
    pub sum: Kopecks,
    /// The staff's reason; the resident does not read it.
    pub why: String,
    /// When it was wished for.
    pub wanted_ms: i64,
    /// When the bank was asked, and what it had given back of the payment until then.
    pub sent: Option<(i64, Kopecks)>,
    /// What came of it.
    pub outcome: Option<Outcome>,
}

/// What came of a wish.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The bank gave it back.
    GivenBack,
    /// The bank said no.
    Refused,
    /// Its answer was lost, and it has not given it back since.
    NotConfirmed,
}

/// Why nothing was wished for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unwanted {
    /// The bank has nothing of it.
    NotPaid,
    /// The one before has not ended.
    Open(Refund),
    /// So much is left of it, which is less.
    MoreThanLeft(Kopecks),
    /// The same was given back a while ago.
    Again(Refund),
}

/// What is to be done about a wish now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Due {
    /// The bank is to be asked.
    Ask,
    /// It was asked, and does not tell of it yet.
    Wait,
    /// This came of it.
    End(Outcome),
}

impl Refund {
    /// What is to be done when the bank counts `refunded` as given back.
    pub(super) fn due(&self, refunded: Kopecks, now_ms: i64) -> Due {
        match self.sent {
            None => Due::Ask,
            Some((_, had_back)) if refunded >= had_back + self.sum => Due::End(Outcome::GivenBack),
            Some((sent_ms, _)) if now_ms - sent_ms >= UNSURE_MS => Due::End(Outcome::NotConfirmed),
            Some(_) => Due::Wait,
        }
    }
}

const COLUMNS: &str = "id, sum, why, wanted_ms, had_back, sent_ms, outcome";

/// The wish whose outcome is not known.
pub fn open(sql: &mut dyn Sql, payment: PaymentId) -> Result<Option<Refund>, StoreError> {
    let row = sql.first(&format!("SELECT {COLUMNS} FROM payment_refunds WHERE holds = $1"), params![payment])?;
    row.as_ref().map(read).transpose()
}

/// All wishes of a payment, the oldest first.
pub fn all(sql: &mut dyn Sql, payment: PaymentId) -> Result<Vec<Refund>, StoreError> {
    let rows = sql.query(
        &format!("SELECT {COLUMNS} FROM payment_refunds WHERE payment_id = $1 ORDER BY wanted_ms, id"),
        params![payment],
    )?;
    rows.iter().map(read).collect()
}

/// Wishes to give back `sum` of a paid payment, or all that is left of it. `again`: the same once more.
pub fn want(
    tx: &mut Tx<'_>,
    payment: &Payment,
    sum: Option<Kopecks>,
    why: &str,
    again: bool,
) -> Result<Result<Refund, Unwanted>, StoreError> {
    let rejected = verdict::of(tx, payment.id)?.filter(|verdict| verdict.ruling == Ruling::Rejected);
    let taken = match (payment.paid_ms, rejected) {
        (Some(_), _) => payment.total(),
        (None, Some(verdict)) => verdict.deposited,
        (None, None) => return Ok(Err(Unwanted::NotPaid)),
    };
    let left = taken - told_back(tx, payment)?;
    let sum = sum.unwrap_or(left);
    if let Some(open) = open(tx, payment.id)? {
        return Ok(Err(Unwanted::Open(open)));
    }
    let since = tx.now_ms() - SAME_MS;
    let same = all(tx, payment.id)?
        .into_iter()
        .rev()
        .find(|one| one.sum == sum && one.wanted_ms >= since && one.outcome == Some(Outcome::GivenBack));
    if let Some(same) = same.filter(|_| !again) {
        return Ok(Err(Unwanted::Again(same)));
    }
    if sum <= Kopecks(0) || sum > left {
        return Ok(Err(Unwanted::MoreThanLeft(left)));
    }
    insert(tx, payment.id, sum, why).map(Ok)
}

/// What the bank has told us it gave back of a payment, the commission included.
fn told_back(tx: &mut Tx<'_>, payment: &Payment) -> Result<Kopecks, StoreError> {
    let parts: Kopecks = table::parts(tx, payment.id)?.iter().map(|part| part.refunded).sum();
    let row = tx.first(
        "SELECT detail FROM payment_events WHERE payment_id = $1 AND what = $2 ORDER BY at_ms DESC, id DESC LIMIT 1",
        params![payment.id, What::GivenBack.name()],
    )?;
    let told: Option<i64> = row.map(|row| row.get::<String>(0)).transpose()?.and_then(|detail| detail.parse().ok());
    Ok(told.map_or(parts, Kopecks).max(parts))
}

/// Writes the wish; the payment is asked about at once.
pub(super) fn insert(tx: &mut Tx<'_>, payment: PaymentId, sum: Kopecks, why: &str) -> Result<Refund, StoreError> {
    let now = tx.now_ms();
    let refund = Refund { id: tx.id_v7(), sum, why: why.to_owned(), wanted_ms: now, sent: None, outcome: None };
    tx.execute(
        "INSERT INTO payment_refunds (id, payment_id, sum, why, wanted_ms, holds) VALUES ($1, $2, $3, $4, $5, $2)",
        params![refund.id, payment, sum, why, now],
    )?;
    tx.execute("UPDATE payments SET asked = 0, next_ms = $2 WHERE id = $1", params![payment, now])?;
    events::note(tx, payment, What::RefundWanted, &sum.0.to_string())?;
    Ok(refund)
}

/// The bank is asked now: written before it is. False when it was asked already.
pub(super) fn send(tx: &mut Tx<'_>, payment: PaymentId, refund: Uuid, had_back: Kopecks) -> Result<bool, StoreError> {
    let now = tx.now_ms();
    let sent = tx.execute(
        "UPDATE payment_refunds SET sent_ms = $2, had_back = $3 WHERE id = $1 AND sent_ms IS NULL AND holds IS NOT NULL",
        params![refund, now, had_back],
    )?;
    if sent > 0 {
        events::note(tx, payment, What::RefundAsked, &had_back.0.to_string())?;
    }
    Ok(sent > 0)
}

/// The question certainly did not reach the bank.
pub(super) fn not_sent(tx: &mut Tx<'_>, refund: Uuid) -> Result<(), StoreError> {
    tx.execute("UPDATE payment_refunds SET sent_ms = NULL, had_back = NULL WHERE id = $1", params![refund])?;
    Ok(())
}

/// What came of it. `detail` is for the support: the bank's code of a refusal.
pub(super) fn end(
    tx: &mut Tx<'_>,
    payment: PaymentId,
    refund: Uuid,
    outcome: Outcome,
    detail: &str,
) -> Result<(), StoreError> {
    let now = tx.now_ms();
    let word = crate::storage::Value::word(&outcome)?;
    tx.execute(
        "UPDATE payment_refunds SET outcome = $2, ended_ms = $3, holds = NULL WHERE id = $1 AND holds IS NOT NULL",
        params![refund, word, now],
    )?;
    let what = match outcome {
        Outcome::GivenBack => What::RefundDone,
        Outcome::Refused => What::RefundRefused,
        Outcome::NotConfirmed => What::RefundNotConfirmed,
    };
    events::note(tx, payment, what, detail)
}

/// The numbers of payments whose last refund a person has to look at: the bank never confirmed it, or refused it.
pub fn in_trouble(sql: &mut dyn Sql) -> Result<Vec<String>, StoreError> {
    let rows = sql.query(
        "SELECT payments.number FROM payment_refunds JOIN payments ON payments.id = payment_refunds.payment_id
         WHERE payment_refunds.outcome IN ('refused', 'not_confirmed') AND NOT EXISTS (
             SELECT 1 FROM payment_refunds AS later WHERE later.payment_id = payment_refunds.payment_id
                 AND (later.wanted_ms > payment_refunds.wanted_ms
                     OR (later.wanted_ms = payment_refunds.wanted_ms AND later.id > payment_refunds.id)))
         ORDER BY payments.number",
        &[],
    )?;
    rows.iter().map(|row| row.get(0)).collect()
}

fn read(row: &Row) -> Result<Refund, StoreError> {
    let (had_back, sent_ms): (Option<Kopecks>, Option<i64>) = (row.get(4)?, row.get(5)?);
    let outcome: Option<String> = row.get(6)?;
    Ok(Refund {
        id: row.get(0)?,
        sum: row.get(1)?,
        why: row.get(2)?,
        wanted_ms: row.get(3)?,
        sent: sent_ms.zip(had_back),
        outcome: outcome.map(|_| row.word(6)).transpose()?,
    })
}
