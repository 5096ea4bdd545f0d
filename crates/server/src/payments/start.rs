//! A payment begins: what is asked for is checked, its number and the accounts it holds are written down. The bank is
//! asked after that is on the disk.

use super::events::{self, What};
use super::shown;
use super::table::{self, Part, Payment};
use crate::access_log::{self, Deed};
use crate::accounts::{entity, owns};
use crate::config::Config;
use crate::failure::{Failure, unreadable};
use crate::limits::{self, Limit, Try};
use crate::params;
use crate::people;
use crate::sessions::Caller;
use crate::storage::{Sql, StoreError, Tx};
use domain::payment::{PaymentProblem, PaymentStatus, ServicesProblem, check_services, in_force};
use domain::{AccountId, Email, Kopecks, PaymentId, PaymentPartId, UserId};
use std::collections::{BTreeMap, BTreeSet};
use wire::money::StartPayment;
use wire::problem::Code;

/// More accounts than anybody has.
const MOST_PARTS: usize = 50;
const HOUR_MS: i64 = 3_600_000;

/// Whether a payment was written now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Begun {
    /// It is new, and whoever began it asks the bank.
    Now,
    /// The same was begun before.
    Before,
}

/// Begins a payment, or finds the same one begun before. `busy_ms`: until when the caller is the one that asks the bank.
pub fn begin(
    tx: &mut Tx<'_>,
    config: &Config,
    caller: &Caller,
    wanted: &StartPayment,
    busy_ms: i64,
) -> Result<Begun, Failure> {
    if let Some(known) = table::load(tx, wanted.id)? {
        if known.user != caller.user {
            return Err(Code::NotYours.into());
        }
        if !is_the_same(tx, &known, wanted)? {
            return Err(unreadable("id"));
        }
        correct_email(tx, &known, wanted)?;
        return Ok(Begun::Before);
    }
    let refused = |problem| Failure::Problem(Code::PaymentRefused { problem });
    let settings = config.payments.as_ref().filter(|_| config.bank.is_some());
    let settings = settings.ok_or_else(|| refused(PaymentProblem::WayUnknown))?;
    let now = tx.now_ms();
    let rules = in_force(&settings.rules, config.day(now)).ok_or_else(|| refused(PaymentProblem::WayUnknown))?;
    check_parts(tx, caller.user, wanted)?;
    check_email(wanted)?;
    let totals = rules.total(wanted.way, wanted.parts.iter().map(|part| part.sum)).map_err(refused)?;
    if totals.total != wanted.total {
        return Err(Code::PaymentTermsChanged.into());
    }
    for part in &wanted.parts {
        if let Some(held) = held(tx, caller.user, part.account)? {
            return Err(held.into());
        }
    }
    let limit = Limit { thing: "payment", most: config.limits.payments_per_hour, window_ms: HOUR_MS };
    if let Try::Locked { retry_after_s } = limits::count(tx, limit, &caller.user.to_string())? {
        return Err(Code::LockedOut { retry_after_s }.into());
    }
    let payment = Payment {
        id: wanted.id,
        number: table::take_number(tx, &settings.prefix)?,
        user: caller.user,
        way: wanted.way,
        email: wanted.email.clone(),
        sum: totals.sum,
        commission: totals.commission,
        status: PaymentStatus::Created,
        why: String::new(),
        paid_by: String::new(),
        bank_order: None,
        form_url: None,
        sbp_payload: None,
        receipt_url: None,
        created_ms: now,
        until_ms: now + i64::from(rules.lock_minutes) * 60_000,
        asked: 0,
        // Should this server end before it has asked, another asks.
        next_ms: Some(busy_ms),
        unwanted: false,
        paid_ms: None,
        credited_ms: None,
    };
    let part = |wanted: &wire::money::PartSum| {
        let id = PaymentPartId::new(tx.id_v7());
        let services = wanted.services.clone();
        Part { id, account: wanted.account, sum: wanted.sum, refunded: Kopecks(0), services }
    };
    let parts: Vec<Part> = wanted.parts.iter().map(part).collect();
    table::insert(tx, &payment, &parts, busy_ms)?;
    events::note(tx, payment.id, What::Begun, &payment.number)?;
    let who = caller.user.to_string();
    access_log::note(tx, &who, Deed::PaymentBegun, &format!("payment:{}", payment.id), &caller.origin)?;
    shown::publish(tx, &payment)?;
    Ok(Begun::Now)
}

/// The person does not want it any more. What becomes of it the bank says. False when it is over already.
pub fn cancel(tx: &mut Tx<'_>, caller: &Caller, id: PaymentId) -> Result<bool, Failure> {
    let known = table::load(tx, id)?.filter(|known| known.user == caller.user).ok_or(Code::PaymentUnknown)?;
    if !known.status.is_live() {
        return Ok(false);
    }
    if !known.unwanted {
        tx.execute("UPDATE payments SET unwanted = 1 WHERE id = $1", params![id])?;
        events::note(tx, id, What::Cancelled, "")?;
        let who = caller.user.to_string();
        access_log::note(tx, &who, Deed::PaymentCancelled, &format!("payment:{id}"), &caller.origin)?;
    }
    let now = tx.now_ms();
    tx.execute("UPDATE payments SET next_ms = $2 WHERE id = $1", params![id, now])?;
    Ok(true)
}

fn check_parts(tx: &mut Tx<'_>, user: UserId, wanted: &StartPayment) -> Result<(), Failure> {
    let accounts: BTreeSet<AccountId> = wanted.parts.iter().map(|part| part.account).collect();
    if accounts.len() != wanted.parts.len() || wanted.parts.len() > MOST_PARTS {
        return Err(unreadable("parts"));
    }
    for account in accounts {
        if !owns(tx, user, account)? {
            return Err(Code::NotYours.into());
        }
    }
    for part in wanted.parts.iter().filter(|part| !part.services.is_empty()) {
        let known = entity(tx, part.account)?.map(|account| account.services).unwrap_or_default();
        match check_services(part.sum, &known, &part.services) {
            Ok(()) => {}
            // Billing has told other services since the person saw them.
            Err(ServicesProblem::Unknown) => return Err(Code::PaymentTermsChanged.into()),
            Err(_) => return Err(unreadable("parts.services")),
        }
    }
    // A part of nothing would hold an account for nothing.
    if wanted.parts.iter().any(|part| part.sum <= Kopecks(0)) {
        return Err(Code::PaymentRefused { problem: PaymentProblem::Empty }.into());
    }
    Ok(())
}

fn check_email(wanted: &StartPayment) -> Result<(), Failure> {
    if wanted.email.is_empty() || Email::parse(&wanted.email).is_ok() { Ok(()) } else { Err(unreadable("email")) }
}

/// Where the receipt goes is no part of what a payment is: who corrects it and tries again pays once. The bank takes the
/// address with the order, so a later one counts until the bank has the order.
fn correct_email(tx: &mut Tx<'_>, known: &Payment, wanted: &StartPayment) -> Result<(), Failure> {
    if known.email == wanted.email {
        return Ok(());
    }
    check_email(wanted)?;
    tx.execute(
        "UPDATE payments SET email = $2 WHERE id = $1 AND bank_order IS NULL",
        params![known.id, &wanted.email],
    )?;
    Ok(())
}

/// Who pays for the account now.
fn held(tx: &mut Tx<'_>, user: UserId, account: AccountId) -> Result<Option<Code>, StoreError> {
    let row = tx.first(
        "SELECT payments.id, payments.user_id, payments.created_ms, payments.until_ms
         FROM payment_parts JOIN payments ON payments.id = payment_parts.payment_id WHERE payment_parts.holds = $1",
        params![account],
    )?;
    let Some(row) = row else { return Ok(None) };
    let payer: UserId = row.get(1)?;
    Ok(Some(Code::PaymentLocked {
        who: people::short_name(tx, payer)?,
        own: payer == user,
        payment: row.get(0)?,
        since_ms: row.get(2)?,
        until_ms: row.get(3)?,
    }))
}

fn is_the_same(tx: &mut Tx<'_>, known: &Payment, wanted: &StartPayment) -> Result<bool, StoreError> {
    let had = table::parts(tx, known.id)?.into_iter().map(|part| (part.account, (part.sum, part.services)));
    let had: BTreeMap<AccountId, _> = had.collect();
    let has = wanted.parts.iter().map(|part| (part.account, (part.sum, part.services.clone())));
    let has: BTreeMap<AccountId, _> = has.collect();
    let same = known.way == wanted.way && known.total() == wanted.total;
    Ok(same && had == has && had.len() == wanted.parts.len())
}
