//! A bill beside other bills.

use super::bills::{bill, line, month, of_lines};
use crate::overlay::money::bill::bill_view;
use crate::overlay::money::bills::bills_view;
use crate::overlay::money::hits::hits;
use crate::overlay::money::purse::Purse;
use crate::overlay::tests::world::{FLAT, day, flat};
use crate::store::words_of;
use crate::view::{BillView, WhyView};
use domain::bill::BillLine;
use domain::decimal::{LineRate, Volume};
use domain::{Kopecks, Period, UserId};
use proptest::prelude::*;
use std::collections::BTreeMap;
use uuid::Uuid;
use wire::money::{Bill, Recalculation};

fn purse(bills: &[Bill]) -> Purse {
    Purse {
        picture: flat(day(10, 20)),
        user: UserId::new(Uuid::from_u128(7)),
        receipts_to: None,
        parts: Vec::new(),
        terms: None,
        bills: BTreeMap::from([(FLAT, bills.iter().map(|bill| (bill.id, bill.period)).collect())]),
    }
}

/// The last of the bills.
fn view(bills: &[Bill]) -> BillView {
    let purse = purse(bills);
    let account = purse.account(FLAT).expect("the flat");
    bill_view(&purse, account, bills.last().expect("a bill"), bills)
}

fn sum(why: &WhyView) -> i64 {
    [why.before, why.volume, why.rate, why.recalculation, why.other].iter().map(|step| step.0).sum()
}

#[test]
fn hot_water_of_the_picture_is_explained_by_its_volume_and_the_days_without_it() {
    let august = of_lines(1, month(8), vec![line("Горячая вода", "2.946", "186.40", 0)]);
    let mut september = of_lines(2, month(9), vec![line("Горячая вода", "4.215", "186.40", -8_420)]);
    let ground = "3 дня без воды".to_owned();
    september.recalculations =
        vec![Recalculation { service: "Горячая вода".into(), ground, sum: Kopecks(-8_420) }];
    let shown = view(&[august, september]);
    let why = shown.lines[0].why.as_ref().expect("it changed");
    assert_eq!((why.before, why.volume, why.rate), (Kopecks(54_913), Kopecks(23_655), Kopecks(0)));
    assert_eq!((why.recalculation, why.after, why.other), (Kopecks(-8_420), Kopecks(70_148), Kopecks(0)));
    assert_eq!((why.volume_before.as_deref(), why.ground.as_str()), (Some("2,946"), "3 дня без воды"));
    assert_eq!((shown.lines[0].volume.as_deref(), shown.lines[0].change), (Some("4,215"), Some(Kopecks(15_235))));
}

#[test]
fn a_service_is_compared_with_itself_in_the_same_unit_and_a_new_one_with_nothing() {
    let mut by_area = line("Отопление", "54.3", "20", 0);
    by_area.unit = "м²".into();
    let august = of_lines(1, month(8), vec![by_area, line("Домофон", "1", "60", 0)]);
    let heat = BillLine { unit: "Гкал".into(), ..line("Отопление", "0.198", "2412.60", 0) };
    let september = of_lines(2, month(9), vec![heat, line("Вывоз мусора", "2", "118.46", 0)]);
    let shown = view(&[august, september]);
    let whys: Vec<_> = shown.lines.iter().map(|line| line.why.clone().expect("new")).collect();
    assert_eq!((whys[0].before, whys[0].other, whys[0].volume), (Kopecks(0), Kopecks(47_769), Kopecks(0)));
    assert_eq!(whys[1].other, Kopecks(23_692));
    let before = shown.month_before.expect("compared");
    let services: Vec<_> = before.services.iter().map(|it| (it.service.as_str(), it.before.0, it.after.0)).collect();
    let expected = [("Отопление", 108_600, 47_769), ("Вывоз мусора", 0, 23_692), ("Домофон", 6_000, 0)];
    assert_eq!(services, expected, "the largest change first");
}

#[test]
fn without_a_bill_of_the_month_before_nothing_is_said_about_change() {
    let shown = view(&[bill(1, month(7)), bill(2, month(9))]);
    assert_eq!((shown.lines[0].change, &shown.lines[0].why, &shown.before), (None, &None, &None));
    assert!(shown.month_before.is_none() && shown.year_before.is_none());
    let only_the_sum = Bill { lines: Vec::new(), ..bill(1, month(8)) };
    let shown = view(&[only_the_sum, bill(2, month(9))]);
    assert_eq!((shown.lines[0].change, shown.month_before, shown.before.is_some()), (None, None, true));
}

#[test]
fn the_chart_has_twelve_months_and_the_year_before_is_the_same_month() {
    let mut period = Period::new(2025, 8).expect("a month");
    let mut bills = Vec::new();
    for number in 1..=14 {
        bills.push(of_lines(number, period, vec![line("Холодная вода", &number.to_string(), "100", 0)]));
        period = period.next();
    }
    let shown = view(&bills);
    let months: Vec<Period> = shown.months.iter().map(|row| row.period).collect();
    assert_eq!((months.len(), months[0], months[11]), (12, Period::new(2025, 10).expect("a month"), month(9)));
    assert_eq!(shown.months[0].change, Some(Kopecks(10_000)), "compared with a month that is not shown");
    let year = shown.year_before.expect("compared");
    assert_eq!((year.period, year.change), (Period::new(2025, 9).expect("a month"), Kopecks(120_000)));
    let last = bills.len() - 2;
    let purse = purse(&bills);
    let account = purse.account(FLAT).expect("the flat");
    let before = bill_view(&purse, account, &bills[last], &bills);
    assert_eq!(before.next.as_deref(), Some(shown.id.as_str()));
    assert_eq!(bills_view(&purse, account, &bills).bills[0].period, month(9), "newest first");
}

#[test]
fn a_bill_whose_numbers_do_not_sum_says_so() {
    assert!(!view(&[bill(1, month(9))]).unbalanced);
    let changes: [fn(&mut Bill); 4] = [
        |bill| bill.to_pay = Kopecks(bill.to_pay.0 + 1),
        |bill| bill.lines[0].total = Kopecks(1),
        |bill| bill.accrued = Some(Kopecks(1)),
        |bill| bill.penalty = Some(Kopecks(1)),
    ];
    for (number, change) in changes.into_iter().enumerate() {
        let mut wrong = bill(1, month(9));
        change(&mut wrong);
        assert!(view(&[wrong]).unbalanced, "{number}");
    }
    let only_the_sum = Bill { lines: Vec::new(), accrued: None, opening: None, ..bill(1, month(9)) };
    let shown = view(&[only_the_sum]);
    assert_eq!((shown.unbalanced, shown.accrued), (false, shown.to_pay));
}

#[test]
fn bills_are_found_by_month_year_and_address_in_both_languages() {
    let purse = purse(&[bill(1, month(8)), bill(2, month(9))]);
    let found = |query: &str| hits(&purse, &words_of(query)).into_iter().map(|hit| hit.detail).collect::<Vec<_>>();
    for query in ["квитанция за сентябрь", "сентябрь 2026 винокурова", "bill september", "квитанции сен"]
    {
        assert_eq!(found(query), ["2026-09"], "{query}");
    }
    assert_eq!(found("Счёт"), ["2026-09", "2026-08"]);
    for nothing in ["винокурова", "2026", "октябрь", "квитанция ленина", ""] {
        assert_eq!(found(nothing), Vec::<String>::new(), "{nothing}");
    }
}

prop_compose! {
    fn any_line()(service in 0..3_usize, volume in 0_i64..1_000_000_000, rate in 0_i64..1_000_000_000, off in -3_i64..=3,
        has in any::<(bool, bool)>(), recalculated in -100_000_i64..100_000, discount in 0_i64..100_000) -> BillLine
    {
        let (volume, rate) = (Volume::from_steps(volume).expect("fits"), LineRate::from_steps(rate).expect("fits"));
        let accrued = rate.cost(volume).0 + off;
        BillLine {
            service: ["Вода", "Газ", "Свет"][service].into(),
            volume: has.0.then_some(volume),
            rate: has.1.then_some(rate),
            accrued: Kopecks(accrued),
            discount: Kopecks(discount),
            total: Kopecks(accrued + recalculated - discount),
            ..line("Вода", "1", "1", recalculated)
        }
    }
}

proptest! {
    #[test]
    fn the_steps_of_every_line_and_the_changes_of_all_services_sum(
        before in prop::collection::vec(any_line(), 1..6),
        now in prop::collection::vec(any_line(), 1..6),
    ) {
        let (before, now) = (of_lines(1, month(8), before), of_lines(2, month(9), now));
        let shown = view(&[before.clone(), now.clone()]);
        for line in &shown.lines {
            if let Some(why) = &line.why {
                prop_assert_eq!(sum(why), why.after.0);
                prop_assert_eq!((why.after, Some(why.after.0 - why.before.0)), (line.total, line.change.map(|it| it.0)));
            } else {
                prop_assert_eq!(line.change, Some(Kopecks(0)));
            }
        }
        let compared = shown.month_before.expect("both have lines");
        let changed: i64 = compared.services.iter().map(|it| it.after.0 - it.before.0).sum();
        prop_assert_eq!(changed, compared.change.0);
    }
}
