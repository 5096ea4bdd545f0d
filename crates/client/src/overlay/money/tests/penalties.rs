//! What being late costs, found offline.

use super::bills::{bill, month, terms};
use super::owing::{part, purse};
use crate::overlay::money::penalty::penalty_view;
use crate::overlay::money::purse::Purse;
use crate::overlay::tests::world::{FLAT, at, day};
use crate::view::PenaltyView;
use domain::Kopecks;
use domain::payment::PaymentStatus;
use domain::penalty::{PenaltyRules, PenaltyStep, PenaltyTable};
use wire::money::{Bill, PaymentPart, PaymentTerms};

/// March: a thousand roubles until 15.04.
fn march() -> Bill {
    let sum = Kopecks(100_000);
    Bill { due_on: Some(day(4, 15)), accrued: Some(sum), to_pay: sum, lines: Vec::new(), ..bill(0x31, month(3)) }
}

/// The purse on a day, with a debt of March's thousand.
fn on(today: chrono::NaiveDate, parts: Vec<PaymentPart>) -> Purse {
    let steps = vec![PenaltyStep { from_day: 31, one_in: 300 }, PenaltyStep { from_day: 91, one_in: 130 }];
    let law = PenaltyRules { from: day(1, 1), key_rate: 1_600, cap: Some(950), steps };
    let penalties = PenaltyTable::new(vec![law]).expect("a table");
    let mut purse = Purse { terms: Some(PaymentTerms { penalties, ..terms() }), ..purse(parts) };
    purse.picture.now_ms = at(today);
    purse.picture.accounts[0].debt = Kopecks(100_000);
    purse
}

fn shown(purse: &Purse, bills: &[Bill]) -> Option<PenaltyView> {
    penalty_view(purse, purse.account(FLAT).expect("the flat"), bills)
}

#[test]
fn the_penalty_of_today_tells_bill_days_and_rates() {
    assert_eq!(shown(&on(day(5, 15), Vec::new()), &[march()]), None, "thirty days are free");
    let after_45 = shown(&on(day(5, 30), Vec::new()), &[march()]).expect("penalties");
    assert_eq!((after_45.total, after_45.overdue, after_45.on), (Kopecks(475), Kopecks(100_000), day(5, 30)));
    let after_100 = shown(&on(day(7, 24), Vec::new()), &[march()]).expect("penalties");
    let steps: Vec<_> =
        after_100.shares.iter().map(|it| (it.period, it.days, it.rate.as_str(), it.one_in, it.cost.0)).collect();
    assert_eq!(after_100.total, Kopecks(2_631));
    assert_eq!(steps, [(Some(month(3)), 60, "9,5", 300, 1_900), (Some(month(3)), 10, "9,5", 130, 731)]);
}

#[test]
fn money_that_the_bank_confirmed_stops_it_on_its_day() {
    let paid = |status| PaymentPart { paid_ms: Some(at(day(5, 30))), ..part(1, 100_000, status) };
    let confirmed = shown(&on(day(7, 24), vec![paid(PaymentStatus::Paid)]), &[march()]).expect("until the payment");
    assert_eq!((confirmed.total, confirmed.overdue), (Kopecks(475), Kopecks(0)));
    let mut credited = on(day(7, 24), vec![paid(PaymentStatus::Credited)]);
    credited.picture.accounts[0].debt = Kopecks(0);
    assert_eq!(shown(&credited, &[march()]).map(|it| it.total), Some(Kopecks(475)));
    let declined = shown(&on(day(7, 24), vec![paid(PaymentStatus::Declined)]), &[march()]);
    assert_eq!(declined.map(|it| it.total), Some(Kopecks(2_631)));
}

#[test]
fn nothing_is_shown_where_nothing_is_overdue_or_known() {
    let late = day(7, 24);
    let mut advance = on(late, Vec::new());
    advance.picture.accounts[0].debt = Kopecks(-1);
    assert_eq!(shown(&advance, &[march()]), None);
    assert_eq!(shown(&on(late, Vec::new()), &[]), None);
    assert_eq!(shown(&on(late, Vec::new()), &[Bill { due_on: None, ..march() }]), None);
    let untold = Purse { terms: Some(terms()), ..on(late, Vec::new()) };
    assert_eq!(shown(&untold, &[march()]), None, "the utility tells no rates");
}
