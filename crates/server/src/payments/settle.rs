//! What the bank's word changes. The only place where money moves.

use super::events::{self, What};
use super::table::{self, Payment};
use super::{credit, shown, verdict};
use crate::accounts;
use crate::bank::{OrderState, Stage};
use crate::config::CreditBy;
use crate::params;
use crate::storage::{Sql, StoreError, Tx};
use domain::payment::{PaymentStatus, PaymentWay};
use domain::{Kopecks, PaymentId};

/// Takes an answer of the bank to our own question about a payment.
pub(super) fn settle(tx: &mut Tx<'_>, by: CreditBy, id: PaymentId, state: &OrderState) -> Result<(), StoreError> {
    let Some(mut payment) = table::load(tx, id)? else { return Ok(()) };
    if payment.bank_order.is_none() {
        payment.bank_order.clone_from(&state.order);
    }
    // It was decided that this money goes back: nothing that the bank says of it brings it to an account.
    if verdict::is_rejected(tx, &payment)? {
        if state.refunded > Kopecks(0) {
            events::note_once(tx, id, What::GivenBack, &state.refunded.0.to_string())?;
        }
        return table::update(tx, &payment);
    }
    match state.stage {
        Stage::Open => go(tx, &mut payment, PaymentStatus::Awaiting, ""),
        Stage::Held => go(tx, &mut payment, PaymentStatus::Held, ""),
        Stage::Deposited | Stage::Refunded => took(tx, by, &mut payment, state, state.refunded),
        // The whole of it went back, whether the bank counts that among the refunds or not.
        Stage::Reversed if payment.paid_ms.is_some() => {
            let all = payment.total();
            took(tx, by, &mut payment, state, all)
        }
        Stage::Reversed | Stage::Declined => over(tx, &mut payment, &state.why),
        // Its clock may be a little ahead of ours.
        Stage::Lapsed if !payment.unwanted => go(tx, &mut payment, PaymentStatus::Expired, ""),
        Stage::Lapsed => over(tx, &mut payment, ""),
    }
}

/// Nobody paid, and nobody will: declined, cancelled by the person, or not paid in time.
pub(super) fn over(tx: &mut Tx<'_>, payment: &mut Payment, why: &str) -> Result<(), StoreError> {
    let now = tx.now_ms();
    if payment.unwanted {
        go(tx, payment, PaymentStatus::Declined, "Платёж отменён")
    } else if now >= payment.until_ms && payment.status.may_become(PaymentStatus::Expired) {
        go(tx, payment, PaymentStatus::Expired, "")
    } else {
        go(tx, payment, PaymentStatus::Declined, why)
    }
}

/// The bank has the money, or had it.
fn took(
    tx: &mut Tx<'_>,
    by: CreditBy,
    payment: &mut Payment,
    state: &OrderState,
    refunded: Kopecks,
) -> Result<(), StoreError> {
    let total = payment.total();
    // Some banks count what they took, others what they still have of it.
    let whole = [state.deposited, state.deposited + refunded].contains(&total) || state.stage == Stage::Reversed;
    let accepted = verdict::of(tx, payment.id)?.is_some_and(|verdict| verdict.amount == state.amount);
    if !(state.amount == total || accepted) || !whole || refunded < Kopecks(0) || refunded > total {
        let detail = format!("{} {} {} {}", total.0, state.amount.0, state.deposited.0, refunded.0);
        if events::note_once(tx, payment.id, What::SumDiffers, &detail)? {
            tracing::error!(number = payment.number, "the bank's sum is not ours: nothing is credited");
        }
        return table::update(tx, payment);
    }
    if payment.paid_ms.is_none() {
        payment.paid_ms = Some(tx.now_ms());
        payment.paid_by.clone_from(&state.by);
        if payment.paid_by.is_empty() && payment.way == PaymentWay::Sbp {
            "СБП".clone_into(&mut payment.paid_by);
        }
        payment.asked = 0;
        go(tx, payment, PaymentStatus::Paid, "")?;
    }
    if by == CreditBy::Bank {
        credit(tx, payment)?;
    }
    give_back(tx, payment, refunded)
}

/// What the bank took for it is not to reach its accounts, which are let go.
pub(super) fn reject(tx: &mut Tx<'_>, payment: &mut Payment, why: &str) -> Result<(), StoreError> {
    go(tx, payment, PaymentStatus::Declined, why)?;
    if payment.why != why {
        // The bank had declined it before it took something.
        why.clone_into(&mut payment.why);
        table::update(tx, payment)?;
        shown::publish(tx, payment)?;
    }
    Ok(())
}

/// Brings a payment that the bank confirmed to its accounts. True when that was done now, false when it was done before
/// or cannot be done. What went back meanwhile is taken back from them at once.
pub fn credit_paid(tx: &mut Tx<'_>, id: PaymentId) -> Result<bool, StoreError> {
    let Some(mut payment) = table::load(tx, id)? else { return Ok(false) };
    credit(tx, &mut payment)
}

fn credit(tx: &mut Tx<'_>, payment: &mut Payment) -> Result<bool, StoreError> {
    if payment.paid_ms.is_none() || payment.credited_ms.is_some() {
        return Ok(false);
    }
    let parts = table::parts(tx, payment.id)?;
    credit::bring(tx, &parts)?;
    for part in parts.iter().filter(|part| part.refunded > Kopecks(0)) {
        credit::take_back(tx, part, part.refunded, part.refunded)?;
    }
    payment.credited_ms = Some(tx.now_ms());
    if payment.status.may_become(PaymentStatus::Credited) {
        go(tx, payment, PaymentStatus::Credited, "")?;
    } else {
        table::update(tx, payment)?;
        shown::publish(tx, payment)?;
    }
    for part in parts {
        accounts::publish(tx, part.account, None)?;
    }
    Ok(true)
}

fn give_back(tx: &mut Tx<'_>, payment: &mut Payment, refunded: Kopecks) -> Result<(), StoreError> {
    if refunded <= Kopecks(0) {
        return Ok(());
    }
    let parts = table::parts(tx, payment.id)?;
    let mut changed = false;
    for (part, share) in parts.iter().zip(credit::shares(payment, &parts, refunded)) {
        let more = share - part.refunded;
        if more <= Kopecks(0) {
            continue;
        }
        changed = true;
        tx.execute("UPDATE payment_parts SET refunded = $2 WHERE id = $1", params![part.id, share])?;
        if payment.credited_ms.is_some() {
            credit::take_back(tx, part, more, share)?;
        }
    }
    if payment.status != PaymentStatus::Refunded {
        go(tx, payment, PaymentStatus::Refunded, "")?;
    } else if changed {
        shown::publish(tx, payment)?;
    }
    // The commission may go back when nothing changes on the accounts.
    events::note_once(tx, payment.id, What::GivenBack, &refunded.0.to_string())?;
    if changed {
        for part in parts {
            accounts::publish(tx, part.account, None)?;
        }
    }
    Ok(())
}

/// Moves a payment where the course of payments allows it, and tells. Elsewhere only what else is known is kept.
fn go(tx: &mut Tx<'_>, payment: &mut Payment, to: PaymentStatus, why: &str) -> Result<(), StoreError> {
    let moves = payment.status.may_become(to);
    if moves {
        payment.status = to;
        why.clone_into(&mut payment.why);
    }
    table::update(tx, payment)?;
    if moves {
        let word = serde_json::to_string(&to).unwrap_or_default();
        events::note(tx, payment.id, What::Moved, word.trim_matches('"'))?;
        shown::publish(tx, payment)?;
    }
    Ok(())
}
