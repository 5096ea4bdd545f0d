//! «Квитанции»: the list of an account's bills.

use super::accounts::pay_account_view;
use super::purse::Purse;
use crate::view::{BillRow, BillsView};
use domain::Kopecks;
use domain::bill::BillLine;
use wire::entity::Account;
use wire::money::Bill;

/// The list. `bills` are all of the account, oldest first.
pub(crate) fn bills_view(purse: &Purse, account: &Account, bills: &[Bill]) -> BillsView {
    BillsView {
        account: pay_account_view(purse, account),
        bills: bills.iter().rev().map(|bill| bill_row(bill, bills)).collect(),
    }
}

/// A bill in a list, compared with the month before if that is among `bills`.
pub(crate) fn bill_row(bill: &Bill, bills: &[Bill]) -> BillRow {
    let before = bills.iter().find(|other| other.period == bill.period.previous());
    BillRow {
        id: bill.id.to_string(),
        period: bill.period,
        accrued: charged(bill),
        to_pay: bill.to_pay,
        lines: !bill.lines.is_empty(),
        change: before.map(|before| minus(charged(bill), charged(before))),
    }
}

/// What was charged in the month; the sum to pay where billing tells no more.
pub(crate) fn charged(bill: &Bill) -> Kopecks {
    match bill.accrued {
        Some(accrued) => accrued,
        None if bill.lines.is_empty() => bill.to_pay,
        None => sum_of(&bill.lines, |line| line.total),
    }
}

/// The sum over lines. What billing writes may be any number: what is too large is shown as the largest.
pub(crate) fn sum_of(lines: &[BillLine], of: impl Fn(&BillLine) -> Kopecks) -> Kopecks {
    Kopecks(lines.iter().fold(0, |sum: i64, line| sum.saturating_add(of(line).0)))
}

/// The difference, likewise.
pub(crate) const fn minus(one: Kopecks, other: Kopecks) -> Kopecks {
    Kopecks(one.0.saturating_sub(other.0))
}
