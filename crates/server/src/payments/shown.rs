//! A payment as people see it.

use super::table::{self, Part, Payment};
use crate::people;
use crate::storage::{Sql, StoreError, Tx};
use domain::UserId;
use wire::entity::Entity;
use wire::feed::{Change, Scope};
use wire::money::PaymentPart;

/// As its payer sees it.
pub fn payment(sql: &mut dyn Sql, payment: &Payment) -> Result<wire::money::Payment, StoreError> {
    let parts = table::parts(sql, payment.id)?;
    let name = people::short_name(sql, payment.user)?;
    // The page of an order that is over leads nowhere.
    let open = payment.status.is_live() && !payment.unwanted;
    Ok(wire::money::Payment {
        id: payment.id,
        number: payment.number.clone(),
        parts: parts.iter().map(|it| part(payment, it, &name)).collect(),
        commission: payment.commission,
        total: payment.total(),
        status: payment.status,
        form_url: payment.form_url.clone().filter(|_| open),
        sbp_payload: payment.sbp_payload.clone().filter(|_| open),
        receipt_url: payment.receipt_url.clone(),
        why: payment.why.clone(),
        until_ms: payment.until_ms,
    })
}

/// The payer's own payment; `None` for everybody else's.
pub fn own(sql: &mut dyn Sql, user: UserId, id: domain::PaymentId) -> Result<Option<wire::money::Payment>, StoreError> {
    match table::load(sql, id)?.filter(|known| known.user == user) {
        Some(known) => payment(sql, &known).map(Some),
        None => Ok(None),
    }
}

/// Puts the parts, as they stand now, into the feeds of their accounts.
pub(super) fn publish(tx: &mut Tx<'_>, payment: &Payment) -> Result<(), StoreError> {
    let name = people::short_name(tx, payment.user)?;
    for it in table::parts(tx, payment.id)? {
        let entity = Entity::PaymentPart(part(payment, &it, &name));
        tx.emit(Scope::Account(it.account), None, Change::Put { entity });
    }
    Ok(())
}

fn part(payment: &Payment, part: &Part, payer_name: &str) -> PaymentPart {
    PaymentPart {
        id: part.id,
        payment: payment.id,
        account: part.account,
        payer: Some(payment.user),
        payer_name: payer_name.to_owned(),
        sum: part.sum,
        refunded: part.refunded,
        way: payment.way,
        by: payment.paid_by.clone(),
        status: payment.status,
        why: payment.why.clone(),
        created_ms: payment.created_ms,
        until_ms: payment.until_ms,
        paid_ms: payment.paid_ms,
        credited_ms: payment.credited_ms,
        receipt: payment.receipt_url.is_some(),
        services: part.services.clone(),
    }
}
