//! «Оплата»: accounts with what is owed and what is on its way, and the history of payments.

use super::purse::Purse;
use crate::overlay::profile::profile;
use crate::view::{PayAccountView, PaymentRow, PaymentView, PaymentsView};
use domain::payment::{PaymentStatus, PaymentWay, ServiceSum, spread};
use domain::{AccountId, Kopecks};
use wire::entity::Account;
use wire::money::PaymentPart;

/// How many payments the section shows.
const NEWEST: usize = 5;

/// The section.
pub(crate) fn payment_view(purse: &Purse) -> PaymentView {
    let mut accounts: Vec<PayAccountView> =
        purse.picture.accounts.iter().map(|account| pay_account_view(purse, account)).collect();
    accounts.sort_by(|a, b| (&a.short_address, &a.number).cmp(&(&b.short_address, &b.number)));
    let rules = purse.rules();
    let mut history = rows(purse, None);
    let payments = u32::try_from(history.len()).unwrap_or(u32::MAX);
    history.truncate(NEWEST);
    PaymentView {
        accounts,
        as_of_ms: purse.picture.as_of_ms,
        ways: rules.map(|rules| own_ways(&rules.ways)).unwrap_or_default(),
        minimum: rules.map_or(Kopecks(0), |rules| rules.minimum),
        qr: purse.terms.as_ref().is_some_and(|terms| terms.payee.is_some()),
        email: purse.receipts_to.clone().unwrap_or_else(|| profile(&purse.picture).email),
        history,
        payments,
        penalties: Vec::new(),
    }
}

/// «История платежей»: of one account, or of all.
pub(crate) fn payments_view(purse: &Purse, account: Option<AccountId>) -> PaymentsView {
    PaymentsView { payments: rows(purse, account) }
}

/// One account.
pub(crate) fn pay_account_view(purse: &Purse, account: &Account) -> PayAccountView {
    let mut of_account: Vec<&PaymentPart> = purse.parts.iter().filter(|part| part.account == account.id).collect();
    of_account.sort_by_key(|part| (part.created_ms, part.id));
    let on_its_way = of_account.iter().filter(|part| part.status.is_live() || is_confirmed(part));
    let confirmed = of_account.iter().filter(|part| is_confirmed(part));
    let confirmed = confirmed.fold(0, |sum: i64, part| sum.saturating_add(remains(part).0));
    let bills = purse.bills_of(account.id);
    let to_pay = Kopecks(account.debt.0.saturating_sub(confirmed).max(0));
    PayAccountView {
        id: account.id.to_string(),
        number: account.number.to_string(),
        address: account.address.clone(),
        short_address: account.short_address.clone(),
        payer: account.payer.clone(),
        debt: account.debt,
        debt_on: account.debt_on,
        transit: on_its_way.map(|part| row(purse, part)).collect(),
        to_pay,
        services: services(account, to_pay),
        held: of_account.iter().rfind(|part| part.status.is_live()).map(|part| row(purse, part)),
        bill_period: bills.last().map(|(_, period)| *period),
        bills: u32::try_from(bills.len()).unwrap_or(u32::MAX),
    }
}

/// What there is to pay by services: what billing told, as long as it makes `to_pay`; else that in proportion. One service alone is
/// nothing to divide.
fn services(account: &Account, to_pay: Kopecks) -> Vec<ServiceSum> {
    let owed: Vec<ServiceSum> = account.services.iter().filter(|one| one.sum > Kopecks(0)).cloned().collect();
    if owed.len() < 2 {
        return Vec::new();
    }
    let whole: Kopecks = owed.iter().map(|one| one.sum).sum();
    if whole == to_pay { owed } else { spread(to_pay, &owed) }
}

/// Whether the bank has confirmed it and the account does not have it yet.
fn is_confirmed(part: &PaymentPart) -> bool {
    part.status == PaymentStatus::Paid
}

/// What was not given back.
fn remains(part: &PaymentPart) -> Kopecks {
    Kopecks(part.sum.0.saturating_sub(part.refunded.0).max(0))
}

/// At the office one pays at the office.
fn own_ways(ways: &[PaymentWay]) -> Vec<PaymentWay> {
    ways.iter().copied().filter(|way| *way != PaymentWay::Office).collect()
}

/// Newest first.
fn rows(purse: &Purse, account: Option<AccountId>) -> Vec<PaymentRow> {
    let mut parts: Vec<&PaymentPart> =
        purse.parts.iter().filter(|part| account.is_none_or(|account| part.account == account)).collect();
    parts.sort_by_key(|part| std::cmp::Reverse((part.created_ms, part.id)));
    parts.into_iter().map(|part| row(purse, part)).collect()
}

fn row(purse: &Purse, part: &PaymentPart) -> PaymentRow {
    PaymentRow {
        payment: part.payment.to_string(),
        part: part.id.to_string(),
        account: part.account.to_string(),
        short_address: purse.account(part.account).map(|account| account.short_address.clone()).unwrap_or_default(),
        sum: part.sum,
        refunded: part.refunded,
        way: part.way,
        by: part.by.clone(),
        status: part.status,
        why: part.why.clone(),
        own: part.payer == Some(purse.user),
        payer: part.payer_name.clone(),
        created_ms: part.created_ms,
        until_ms: part.until_ms,
        paid_ms: part.paid_ms,
        credited_ms: part.credited_ms,
        receipt: part.receipt && part.payer == Some(purse.user),
    }
}
