//! Reads a [`Purse`] and bills out of the engine.

use super::purse::Purse;
use crate::engine::Engine;
use crate::overlay::gather;
use crate::store::{Mirror, StoreError, month_of_place, place_of_month};
use chrono_tz::Tz;
use domain::{AccountId, BillId, Period, UserId};
use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use wire::entity::Entity;
use wire::feed::Versioned;
use wire::money::Bill;

/// More bills than a utility ever made for one account.
const MOST: u32 = 2400;

/// Everything but the bills.
pub(crate) fn purse(
    engine: &Engine,
    zone: Tz,
    user: UserId,
    receipts_to: Option<String>,
) -> Result<(Purse, Mirror), StoreError> {
    let (picture, mirror) = gather::payers(engine, zone)?;
    let mut purse = Purse { picture, user, receipts_to, parts: Vec::new(), terms: None, bills: BTreeMap::new() };
    let accounts: Vec<AccountId> = purse.picture.accounts.iter().map(|account| account.id).collect();
    for account in accounts {
        purse.bills.insert(account, list(&mirror, account)?);
        for found in mirror.list("payment_part", account.uuid())? {
            if let Entity::PaymentPart(part) = found.entity {
                purse.parts.push(part);
            }
        }
    }
    for found in mirror.all("payment_terms")? {
        if let Entity::PaymentTerms(terms) = found.entity {
            purse.terms = Some(*terms);
        }
    }
    Ok((purse, mirror))
}

/// All bills of an account, oldest first.
pub(crate) fn bills(mirror: &Mirror, account: AccountId) -> Result<Vec<Bill>, StoreError> {
    between(mirror, account, i64::MIN..=i64::MAX)
}

/// The bills of an account of a month, of the twelve before it and of the one after it, oldest first.
pub(crate) fn bills_around(mirror: &Mirror, account: AccountId, month: Period) -> Result<Vec<Bill>, StoreError> {
    let place = place_of_month(month);
    between(mirror, account, place - 12..=place + 1)
}

/// One bill.
pub(crate) fn bill(mirror: &Mirror, id: BillId) -> Result<Option<Bill>, StoreError> {
    Ok(mirror.get("bill", id.uuid())?.and_then(bill_in))
}

fn between(mirror: &Mirror, account: AccountId, places: RangeInclusive<i64>) -> Result<Vec<Bill>, StoreError> {
    Ok(mirror.placed("bill", account.uuid(), places, MOST)?.into_iter().filter_map(bill_in).collect())
}

fn bill_in(found: Versioned) -> Option<Bill> {
    match found.entity {
        Entity::Bill(bill) => Some(*bill),
        _ => None,
    }
}

fn list(mirror: &Mirror, account: AccountId) -> Result<Vec<(BillId, Period)>, StoreError> {
    let places = mirror.places("bill", account.uuid())?.into_iter();
    Ok(places.filter_map(|(id, place)| Some((BillId::new(id), month_of_place(place)?))).collect())
}
