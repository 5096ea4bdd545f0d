//! What is owed, what is on its way, and what typed sums come to.

use super::bills::{month, terms};
use crate::overlay::money::accounts::{pay_account_view, payment_view};
use crate::overlay::money::code::{drawn, order, payment_code};
use crate::overlay::money::purse::Purse;
use crate::overlay::money::total::{read, total};
use crate::overlay::tests::world::{FLAT, day, flat};
use crate::view::{Failure, PayAccountView, PaymentTotalView, PaymentTrouble, TypedService, TypedSum};
use domain::payment::{PaymentStatus, PaymentWay, ServiceSum};
use domain::payment_qr::{Encoding, Key, PaymentQr};
use domain::{BillId, Kopecks, PaymentId, PaymentPartId, UserId};
use proptest::prelude::*;
use std::collections::BTreeMap;
use uuid::Uuid;
use wire::money::PaymentPart;

const VERA: UserId = UserId::new(Uuid::from_u128(7));

pub(super) fn part(number: u128, sum: i64, status: PaymentStatus) -> PaymentPart {
    PaymentPart {
        id: PaymentPartId::new(Uuid::from_u128(number)),
        payment: PaymentId::new(Uuid::from_u128(0x100 + number)),
        account: FLAT,
        payer: Some(VERA),
        payer_name: "Смирнова В. П.".into(),
        sum: Kopecks(sum),
        refunded: Kopecks(0),
        way: PaymentWay::Card,
        by: String::new(),
        status,
        why: String::new(),
        created_ms: number as i64,
        until_ms: 0,
        paid_ms: None,
        credited_ms: None,
        receipt: false,
        services: Vec::new(),
    }
}

pub(super) fn purse(parts: Vec<PaymentPart>) -> Purse {
    Purse {
        picture: flat(day(10, 20)),
        user: VERA,
        receipts_to: None,
        parts,
        terms: Some(terms()),
        bills: BTreeMap::from([(FLAT, vec![(BillId::new(Uuid::from_u128(0xb9)), month(9))])]),
    }
}

fn flat_of(purse: &Purse) -> PayAccountView {
    pay_account_view(purse, purse.account(FLAT).expect("the flat"))
}

fn reckon(purse: &Purse, sum: &str, way: PaymentWay) -> PaymentTotalView {
    let typed = [TypedSum { account: FLAT.to_string(), sum: sum.into(), services: Vec::new() }];
    total(purse, &read(purse, &typed), way)
}

#[test]
fn only_money_that_the_bank_confirmed_is_taken_from_what_is_owed() {
    use PaymentStatus::{Awaiting, Created, Credited, Declined, Expired, Held, Paid, Refunded};
    let mut parts: Vec<PaymentPart> = [Created, Awaiting, Held, Paid, Credited, Declined, Expired, Refunded]
        .into_iter()
        .zip(1..)
        .map(|(status, number)| part(number, 100_000, status))
        .collect();
    parts[3].refunded = Kopecks(30_000);
    let flat = flat_of(&purse(parts));
    assert_eq!(flat.to_pay, Kopecks(345_678 - 70_000));
    let shown: Vec<PaymentStatus> = flat.transit.iter().map(|row| row.status).collect();
    assert_eq!(shown, [Created, Awaiting, Held, Paid]);
    assert_eq!(flat.held.map(|row| row.status), Some(Held), "the newest that may still be paid");
}

#[test]
fn the_section_shows_the_newest_payments_and_how_many_there_are() {
    let view = payment_view(&purse((1..=7).map(|number| part(number, 1, PaymentStatus::Credited)).collect()));
    let newest: Vec<i64> = view.history.iter().map(|row| row.created_ms).collect();
    assert_eq!((newest, view.payments), (vec![7, 6, 5, 4, 3], 7));
    assert_eq!(view.ways, [PaymentWay::Card, PaymentWay::Sbp], "at the office one pays at the office");
}

#[test]
fn a_receipt_is_offered_where_there_is_one_and_to_the_payer_alone() {
    let mut parts: Vec<PaymentPart> = (1..=3).map(|number| part(number, 1, PaymentStatus::Credited)).collect();
    parts[0].receipt = true;
    (parts[1].receipt, parts[1].payer) = (true, Some(UserId::new(Uuid::from_u128(8))));
    let offered: Vec<bool> = payment_view(&purse(parts)).history.iter().map(|row| row.receipt).collect();
    assert_eq!(offered, [false, false, true]);
}

#[test]
fn what_is_drawn_is_the_order_of_the_sum_that_is_said() {
    let purse = purse(Vec::new());
    let account = purse.account(FLAT).expect("the flat");
    for sum in [Kopecks(345_678), Kopecks(100), Kopecks(349_789)] {
        let code = payment_code(&purse, account, sum).expect("a code");
        let bytes = order(&purse, account, sum).expect("an order").0.write(Encoding::Utf8).expect("written").bytes;
        assert_eq!((code.sum, code.code.path), (sum, drawn(&bytes).expect("drawn").path));
    }
}

#[test]
fn typed_sums_are_reckoned_by_the_rules_of_the_day() {
    let mut purse = purse(Vec::new());
    let mut later = purse.terms.as_ref().expect("terms").rules[0].clone();
    (later.from, later.commission[0].hundredths_of_percent) = (day(10, 21), 300);
    purse.terms.as_mut().expect("terms").rules.push(later);
    assert_eq!(reckon(&purse, "1 000,00 ₽", PaymentWay::Card).total, Kopecks(101_000));
    purse.picture.now_ms = crate::overlay::tests::world::at(day(10, 21));
    assert_eq!(reckon(&purse, "1000", PaymentWay::Card).total, Kopecks(103_000));
    assert_eq!(reckon(&purse, "1000", PaymentWay::Sbp).total, Kopecks(100_000));
}

/// The debt of 3 456,78 ₽ as billing divides it; the garbage is overpaid.
fn divided() -> Vec<ServiceSum> {
    let owed = [("Вода", 145_678), ("Содержание", 210_000), ("Мусор", -10_000)];
    owed.map(|(service, sum)| ServiceSum { service: service.into(), sum: Kopecks(sum) }).into()
}

#[test]
fn what_there_is_to_pay_by_services_makes_what_there_is_to_pay() {
    let mut purse = purse(vec![part(1, 100_000, PaymentStatus::Paid)]);
    let view = |purse: &Purse| pay_account_view(purse, purse.account(FLAT).expect("the flat"));
    assert_eq!(view(&purse).services, [], "billing tells none");
    purse.picture.accounts[0].services = divided();
    let shown = view(&purse);
    assert_eq!(shown.services.iter().map(|one| one.service.as_str()).collect::<Vec<_>>(), ["Вода", "Содержание"]);
    assert_eq!(shown.services.iter().map(|one| one.sum).sum::<Kopecks>(), shown.to_pay);
    purse.parts.clear();
    purse.picture.accounts[0].services.truncate(1);
    assert_eq!(view(&purse).services, [], "one alone is nothing to divide");
}

#[test]
fn sums_typed_by_services_are_the_sum_and_a_service_that_is_gone_is_noticed() {
    let mut purse = purse(Vec::new());
    purse.picture.accounts[0].services = divided();
    let typed = |services: &[(&str, &str)]| {
        let service = |(service, sum): &(&str, &str)| TypedService { service: (*service).into(), sum: (*sum).into() };
        let services = services.iter().map(service).collect();
        read(&purse, &[TypedSum { account: FLAT.to_string(), sum: "1".into(), services }])
    };
    let both = typed(&[("Вода", "100,50"), ("Содержание", "200")]);
    assert_eq!(both.sums, [(FLAT, Kopecks(30_050))]);
    assert_eq!(both.services[&FLAT].iter().map(|one| one.sum.0).collect::<Vec<_>>(), [10_050, 20_000]);
    let one = typed(&[("Вода", "100"), ("Содержание", "")]);
    assert_eq!((one.sums.as_slice(), one.services[&FLAT].len()), (&[(FLAT, Kopecks(10_000))][..], 1));
    assert_eq!(typed(&[("Вода", ""), ("Содержание", "0")]).sums, []);
    assert_eq!(typed(&[("Вода", "сто"), ("Содержание", "5")]).unreadable, [FLAT.to_string()]);
    assert!(typed(&[("Отопление", "5")]).gone && !both.gone);
}

#[test]
fn what_cannot_be_paid_says_why() {
    let purse = purse(Vec::new());
    let trouble = |sum: &str, way| reckon(&purse, sum, way).problem;
    assert_eq!(trouble("", PaymentWay::Card), Some(PaymentTrouble::Empty));
    assert_eq!(trouble("0,00", PaymentWay::Card), Some(PaymentTrouble::Empty));
    assert_eq!(trouble("9,99", PaymentWay::Card), Some(PaymentTrouble::TooSmall { minimum: Kopecks(1_000) }));
    let maximum = Kopecks(10_000_000);
    assert_eq!(trouble("99999,99", PaymentWay::Card), Some(PaymentTrouble::TooLarge { maximum }));
    assert_eq!(trouble("100", PaymentWay::Office), Some(PaymentTrouble::NoWay));
    for unreadable in ["сто", "-5", "1,2,3"] {
        let reckoned = reckon(&purse, unreadable, PaymentWay::Card);
        assert_eq!(reckoned.problem, Some(PaymentTrouble::Unreadable), "{unreadable}");
        assert_eq!(reckoned.unreadable, [FLAT.to_string()]);
    }
    let nowhere = Purse { terms: None, ..self::purse(Vec::new()) };
    assert_eq!(reckon(&nowhere, "100", PaymentWay::Card).problem, Some(PaymentTrouble::NoWay));
}

#[test]
fn the_code_says_whose_bill_of_which_month_is_paid_to_whom() {
    let purse = purse(Vec::new());
    let account = purse.account(FLAT).expect("the flat").clone();
    let (written, period) = order(&purse, &account, Kopecks(349_789)).expect("an order");
    let bytes = written.write(Encoding::Utf8).expect("written").bytes;
    let read = PaymentQr::read(&bytes).expect("read");
    let told =
        [Key::Sum, Key::PersAcc, Key::PaymPeriod, Key::TechCode, Key::Purpose, Key::LastName].map(|key| read.get(key));
    let expected = ["349789", "2140183572", "092026", "02", "Оплата ЖКУ", "Смирнова"].map(Some);
    assert_eq!((told, period), (expected, month(9)));
    assert_eq!(read.payee().inn().to_string(), "2124012348");
    let mut without = self::purse(Vec::new());
    without.terms.as_mut().expect("terms").payee = None;
    assert_eq!(order(&without, &account, Kopecks(1)).err(), Some(Failure::Gone));
    assert!(!payment_view(&without).qr);
}

proptest! {
    #[test]
    fn what_is_proposed_is_never_less_than_nothing_nor_more_than_what_is_owed(
        debt in -10_000_000_i64..10_000_000,
        parts in prop::collection::vec((0..8_usize, 0_i64..5_000_000, 0_i64..5_000_000), 0..6),
    ) {
        let mut purse = purse(Vec::new());
        purse.picture.accounts[0].debt = Kopecks(debt);
        for (number, (status, sum, refunded)) in (1..).zip(parts) {
            let part = part(number, sum, PaymentStatus::ALL[status]);
            purse.parts.push(PaymentPart { refunded: Kopecks(refunded), ..part });
        }
        let to_pay = flat_of(&purse).to_pay;
        prop_assert!(to_pay >= Kopecks(0));
        prop_assert!(to_pay <= Kopecks(debt.max(0)));
    }
}
