//! An order whose sum at the bank is not ours: a person decides, and the decision stands for what the bank said then.

use super::events::{self, What};
use super::settle;
use super::table::{self, Payment};
use super::{refund, shown};
use crate::bank::{OrderState, Stage};
use crate::config::CreditBy;
use crate::params;
use crate::storage::{Sql, StoreError, Tx, Value};
use domain::payment::PaymentStatus;
use domain::{Kopecks, PaymentId};
use serde::{Deserialize, Serialize};

/// What a person decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ruling {
    /// What the bank took reaches the accounts.
    Accepted,
    /// Nothing does, and the bank gives it back.
    Rejected,
}

/// A decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// What was decided.
    pub ruling: Ruling,
    /// What the order was for, in the bank's words then.
    pub amount: Kopecks,
    /// What the bank had taken.
    pub deposited: Kopecks,
    /// The person's reason.
    pub why: String,
}

/// Why nothing was decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Undecided {
    /// It is decided, or was paid as it should be.
    Settled,
    /// The bank's sum is ours, or the bank has taken nothing: there is nothing to decide.
    NothingDiffers,
    /// Some of it went back already, and what the bank still has can be read in two ways: it can only be rejected.
    GivenBack,
}

/// What the resident reads of a rejected payment.
const REJECTED: &str = "Банк принял другую сумму. Она вернётся туда, откуда пришла";

/// The decision about a payment.
pub fn of(sql: &mut dyn Sql, payment: PaymentId) -> Result<Option<Verdict>, StoreError> {
    let row = sql.first(
        "SELECT verdict, amount, deposited, why FROM payment_verdicts WHERE payment_id = $1",
        params![payment],
    )?;
    let read = |row: crate::storage::Row| {
        Ok(Verdict { ruling: row.word(0)?, amount: row.get(1)?, deposited: row.get(2)?, why: row.get(3)? })
    };
    row.map(read).transpose()
}

/// Decides about a payment by what the bank says of it now; what it took. It is settled at once. What is rejected is given
/// back, unless the bank has begun to do so by itself: the rest is for a person then.
pub(super) fn decide(
    tx: &mut Tx<'_>,
    by: CreditBy,
    id: PaymentId,
    state: &OrderState,
    ruling: Ruling,
    why: &str,
) -> Result<Result<Kopecks, Undecided>, StoreError> {
    let Some(mut payment) = table::load(tx, id)? else { return Ok(Err(Undecided::Settled)) };
    if payment.paid_ms.is_some() || of(tx, id)?.is_some_and(|verdict| verdict.ruling == Ruling::Rejected) {
        return Ok(Err(Undecided::Settled));
    }
    let taken = state.deposited;
    let agrees = state.amount == payment.total() && taken == payment.total();
    if !matches!(state.stage, Stage::Deposited | Stage::Refunded) || agrees || taken <= Kopecks(0) {
        return Ok(Err(Undecided::NothingDiffers));
    }
    let untouched = state.refunded == Kopecks(0);
    if !untouched && ruling == Ruling::Accepted {
        return Ok(Err(Undecided::GivenBack));
    }
    let now = tx.now_ms();
    tx.execute(
        "INSERT INTO payment_verdicts (payment_id, verdict, amount, deposited, why, at_ms) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (payment_id) DO UPDATE SET verdict = excluded.verdict, amount = excluded.amount,
             deposited = excluded.deposited, why = excluded.why, at_ms = excluded.at_ms",
        params![id, Value::word(&ruling)?, state.amount, taken, why, now],
    )?;
    match ruling {
        Ruling::Accepted => {
            let detail = format!("{} {}", payment.total().0, taken.0);
            events::note(tx, id, What::Accepted, &detail)?;
            divide(tx, &mut payment, taken)?;
            settle::settle(tx, by, id, state)?;
        }
        Ruling::Rejected => {
            events::note(tx, id, What::Rejected, &taken.0.to_string())?;
            settle::reject(tx, &mut payment, REJECTED)?;
            if untouched {
                refund::insert(tx, id, taken, why)?;
            }
        }
    }
    Ok(Ok(taken))
}

/// The accounts get what the bank took, in their order; the commission what is left. What is more than was wished for goes
/// to the first account.
fn divide(tx: &mut Tx<'_>, payment: &mut Payment, taken: Kopecks) -> Result<(), StoreError> {
    let parts = table::parts(tx, payment.id)?;
    let mut left = taken;
    let mut sums: Vec<Kopecks> = Vec::with_capacity(parts.len());
    for part in &parts {
        let share = part.sum.min(left);
        left = left - share;
        sums.push(share);
    }
    let commission = payment.commission.min(left);
    if let Some(first) = sums.first_mut() {
        *first = *first + (left - commission);
    }
    for (part, sum) in parts.iter().zip(&sums) {
        tx.execute("UPDATE payment_parts SET sum = $2 WHERE id = $1", params![part.id, *sum])?;
        if *sum != part.sum {
            // Of another sum nobody knows how the payer would have divided it.
            tx.execute("UPDATE payment_parts SET services = '[]' WHERE id = $1", params![part.id])?;
        }
    }
    payment.sum = sums.into_iter().sum();
    payment.commission = commission;
    tx.execute(
        "UPDATE payments SET sum = $2, commission = $3 WHERE id = $1",
        params![payment.id, payment.sum, payment.commission],
    )?;
    shown::publish(tx, payment)
}

/// Whether a payment stands where a decision of this kind leaves it.
pub(super) fn is_rejected(sql: &mut dyn Sql, payment: &Payment) -> Result<bool, StoreError> {
    // Only what was declined can have been rejected: nobody is asked about the others.
    if payment.status != PaymentStatus::Declined {
        return Ok(false);
    }
    Ok(of(sql, payment.id)?.is_some_and(|verdict| verdict.ruling == Ruling::Rejected))
}
