//! Money that reaches accounts, and money that goes back from them: rows that are added, each once.

use super::table::{Part, Payment};
use crate::config::stable_id;
use crate::params;
use crate::storage::{Sql, StoreError, Tx};
use domain::Kopecks;

/// Brings all parts of a payment to their accounts. A second time is refused by the database itself: the id of a row is
/// made of its part.
pub(super) fn bring(tx: &mut Tx<'_>, parts: &[Part]) -> Result<(), StoreError> {
    // What was accepted in part may leave a part with nothing.
    for part in parts.iter().filter(|part| part.sum > Kopecks(0)) {
        add(tx, part, "payment", "whole", part.sum)?;
    }
    Ok(())
}

/// Takes back from an account what went back to the payer: `more`, which makes `in_all` of this part.
pub(super) fn take_back(tx: &mut Tx<'_>, part: &Part, more: Kopecks, in_all: Kopecks) -> Result<(), StoreError> {
    add(tx, part, "refund", &in_all.0.to_string(), -more)
}

fn add(tx: &mut Tx<'_>, part: &Part, kind: &str, which: &str, sum: Kopecks) -> Result<(), StoreError> {
    let now = tx.now_ms();
    tx.execute(
        "INSERT INTO credits (id, part_id, account_id, kind, sum, at_ms) VALUES ($1, $2, $3, $4, $5, $6)",
        params![stable_id(&["credit", &part.id.to_string(), kind, which]), part.id, part.account, kind, sum, now],
    )?;
    Ok(())
}

/// How much of each part went back when `refunded` of the whole payment did: the first part first, the commission last.
/// What was once said to have gone back from a part stays so, however much more follows.
pub(super) fn shares(payment: &Payment, parts: &[Part], refunded: Kopecks) -> Vec<Kopecks> {
    let mut left = refunded.0.clamp(0, payment.sum.0);
    parts
        .iter()
        .map(|part| {
            let share = left.min(part.sum.0);
            left -= share;
            Kopecks(share)
        })
        .collect()
}
