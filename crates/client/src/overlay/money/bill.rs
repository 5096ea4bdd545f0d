//! One bill with everything it is compared with.

use super::accounts::pay_account_view;
use super::bill_lines::line_views;
use super::bills::{bill_row, charged, minus, sum_of};
use super::purse::Purse;
use crate::view::{BillRow, BillView, ComparisonView, RecalculationView, ServiceChange};
use domain::bill::{BillSums, check};
use domain::{Kopecks, Period};
use std::cmp::Reverse;
use wire::entity::Account;
use wire::money::Bill;

/// The bill. `bills` are those of its account around it, oldest first, with itself among them.
pub(crate) fn bill_view(purse: &Purse, account: &Account, bill: &Bill, bills: &[Bill]) -> BillView {
    let of = |period: Period| bills.iter().find(|other| other.period == period);
    let before = of(bill.period.previous());
    let months: Vec<BillRow> = bills
        .iter()
        .filter(|other| is_within_a_year(other.period, bill.period))
        .map(|it| bill_row(it, bills))
        .collect();
    BillView {
        id: bill.id.to_string(),
        period: bill.period,
        number: bill.number.clone(),
        account: pay_account_view(purse, account),
        issued_on: bill.issued_on,
        due_on: bill.due_on,
        opening: bill.opening,
        paid: bill.paid,
        paid_on: bill.paid_on,
        accrued: charged(bill),
        recalculated: sum_of(&bill.lines, |line| line.recalculated),
        discount: sum_of(&bill.lines, |line| line.discount),
        penalty: bill.penalty,
        to_pay: bill.to_pay,
        area: bill.area.clone(),
        residents: bill.residents,
        lines: line_views(bill, before),
        recalculations: bill
            .recalculations
            .iter()
            .map(|it| RecalculationView { service: it.service.clone(), ground: it.ground.clone(), sum: it.sum })
            .collect(),
        note: bill.note.clone(),
        unbalanced: is_unbalanced(bill),
        month_before: before.and_then(|before| comparison(before, bill)),
        year_before: of(a_year_before(bill.period)).and_then(|before| comparison(before, bill)),
        months,
        next: of(bill.period.next()).map(|it| it.id.to_string()),
        before: before.map(|it| it.id.to_string()),
    }
}

/// Whether its numbers do not make one another. What billing does not tell is not asked for.
fn is_unbalanced(bill: &Bill) -> bool {
    let sums = BillSums {
        opening: bill.opening,
        accrued: bill.accrued,
        penalty: bill.penalty,
        paid: bill.paid,
        to_pay: bill.to_pay,
    };
    !check(&bill.lines, &sums).is_empty()
}

/// By service; a service that stands in a bill twice is added up.
fn comparison(before: &Bill, now: &Bill) -> Option<ComparisonView> {
    if before.lines.is_empty() || now.lines.is_empty() {
        return None;
    }
    let mut services: Vec<ServiceChange> = Vec::new();
    for (line, is_now) in now.lines.iter().map(|line| (line, true)).chain(before.lines.iter().map(|line| (line, false)))
    {
        let place = services.iter().position(|known| known.service == line.service).unwrap_or_else(|| {
            services.push(ServiceChange { service: line.service.clone(), before: Kopecks(0), after: Kopecks(0) });
            services.len() - 1
        });
        let known = &mut services[place];
        let side = if is_now { &mut known.after } else { &mut known.before };
        *side = Kopecks(side.0.saturating_add(line.total.0));
    }
    services.retain(|service| service.before != service.after);
    services.sort_by_key(|service| Reverse(minus(service.after, service.before).0.unsigned_abs()));
    Some(ComparisonView { period: before.period, change: minus(charged(now), charged(before)), services })
}

fn is_within_a_year(period: Period, last: Period) -> bool {
    a_year_before(last) < period && period <= last
}

fn a_year_before(period: Period) -> Period {
    (0..12).fold(period, |period, _| period.previous())
}
