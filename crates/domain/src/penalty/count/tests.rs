use super::super::rules::tests::{day, version};
use super::*;
use chrono::Days;
use proptest::prelude::*;

/// The law of 2026 with the key rate above the limit.
fn law() -> PenaltyTable {
    PenaltyTable::new(vec![version(day(2020, 1, 1), 1_600)]).expect("a table")
}

/// A thousand roubles, overdue for so many days.
fn overdue(days: u64, table: &PenaltyTable) -> i64 {
    let due = day(2026, 4, 15);
    penalty(&[Debt { due, sum: Kopecks(100_000) }], &[], due + Days::new(days), table).0
}

#[test]
fn the_examples_of_the_law_come_out() {
    assert_eq!(overdue(45, &law()), 475);
    assert_eq!(overdue(100, &law()), 2_631);
}

#[test]
fn the_first_thirty_days_cost_nothing_and_the_steps_begin_on_their_days() {
    assert_eq!(overdue(0, &law()), 0);
    assert_eq!(overdue(30, &law()), 0);
    assert_eq!(overdue(31, &law()), 32); // 1000 ₽ × 9.5 % / 300 = 31.67 kopecks
    assert_eq!(overdue(90, &law()), 1_900);
    assert_eq!(overdue(91, &law()), 1_973); // + 1000 ₽ × 9.5 % / 130 = 73.08
}

#[test]
fn each_day_is_counted_by_the_version_in_force_on_it() {
    // 15.04 + 40 days is 25.05: days 31 to 39 at 9.5 %, from day 40 on at 5 %.
    let table = PenaltyTable::new(vec![version(day(2020, 1, 1), 1_600), version(day(2026, 5, 25), 500)]);
    let table = table.expect("a table");
    assert_eq!(overdue(39, &table), 285); // 9 × 31.667
    assert_eq!(overdue(45, &table), 385); // + 6 × 16.667
    let later = PenaltyTable::new(vec![version(day(2026, 5, 25), 500)]).expect("a table");
    assert_eq!(overdue(45, &later), 100, "days without a version are free");
    assert_eq!(overdue(45, &PenaltyTable::default()), 0);
}

#[test]
fn what_was_paid_costs_no_more_from_the_day_after() {
    let (due, until) = (day(2026, 4, 15), day(2026, 5, 30));
    let debt = [Debt { due, sum: Kopecks(100_000) }];
    let paid = |days, sum| penalty(&debt, &[Paid { on: due + Days::new(days), sum: Kopecks(sum) }], until, &law()).0;
    assert_eq!(paid(30, 100_000), 0);
    assert_eq!(paid(31, 100_000), 32, "the day of the payment is counted");
    assert_eq!(paid(30, 50_000), 238); // half of 475
    assert_eq!(paid(46, 100_000), 475, "what is paid later does not count yet");
    assert_eq!(paid(0, 500_000), 0, "an advance earns nothing");
}

#[test]
fn the_oldest_debt_is_paid_first() {
    let debts = [
        Debt { due: day(2026, 5, 15), sum: Kopecks(50_000) },
        Debt { due: day(2026, 4, 15), sum: Kopecks(100_000) },
        Debt { due: day(2026, 6, 15), sum: Kopecks(-30_000) },
    ];
    let payments = [Paid { on: day(2026, 4, 20), sum: Kopecks(120_000) }];
    let until = day(2026, 5, 15) + Days::new(45);
    assert_eq!(penalty(&debts, &payments, until, &law()), Kopecks(143)); // 300 ₽ for 15 days: 1.425 ₽
}

#[test]
fn sums_beyond_all_debts_do_not_overflow() {
    let debts = vec![Debt { due: day(2000, 1, 1), sum: Kopecks(i64::MAX) }; 100];
    let dear = PenaltyTable::new(vec![PenaltyRules { cap: None, ..version(day(2000, 1, 1), 100_000) }]);
    let dear = dear.expect("a table");
    assert_eq!(penalty(&debts, &[], NaiveDate::MAX, &dear), Kopecks(i64::MAX));
    let backwards = penalty(&debts, &[Paid { on: NaiveDate::MIN, sum: Kopecks(1) }], NaiveDate::MIN, &dear);
    assert_eq!(backwards, Kopecks(0));
}

prop_compose! {
    fn debts()(list in prop::collection::vec((0_u64..800, 1_i64..10_000_000), 0..6)) -> Vec<Debt> {
        let debt = |(days, sum)| Debt { due: day(2024, 1, 15) + Days::new(days), sum: Kopecks(sum) };
        list.into_iter().map(debt).collect()
    }
}

prop_compose! {
    fn payments()(list in prop::collection::vec((0_u64..900, 1_i64..10_000_000), 0..6)) -> Vec<Paid> {
        let paid = |(days, sum)| Paid { on: day(2024, 1, 15) + Days::new(days), sum: Kopecks(sum) };
        list.into_iter().map(paid).collect()
    }
}

prop_compose! {
    fn tables()(list in prop::collection::btree_map(0_u64..900, 0_u32..2_500, 0..5)) -> PenaltyTable {
        let version = |(days, rate)| version(day(2024, 1, 1) + Days::new(days), rate);
        PenaltyTable::new(list.into_iter().map(version).collect()).expect("in order")
    }
}

/// Day by day, as the law is read aloud, in thousandths of thousandths of a kopeck.
fn by_days(debts: &[Debt], payments: &[Paid], until: NaiveDate, table: &PenaltyTable) -> f64 {
    let mut debts = debts.to_vec();
    debts.sort_by_key(|debt| debt.due);
    let mut total = 0.0;
    let mut today = day(2024, 1, 1);
    while today <= until {
        let before = payments.iter().filter(|paid| paid.on < today).map(|paid| paid.sum.0).sum::<i64>();
        let mut covered = before;
        for debt in &debts {
            let owed = debt.sum.0 - covered.min(debt.sum.0);
            covered -= covered.min(debt.sum.0);
            let Some(rules) = crate::dated::in_force(table.versions(), today) else { continue };
            let number = (today - debt.due).num_days();
            if let Some(step) = rules.steps.iter().rev().find(|step| i64::from(step.from_day) <= number) {
                total += owed as f64 * f64::from(rules.rate()) / 10_000.0 / f64::from(step.one_in);
            }
        }
        today = today + Days::new(1);
    }
    total
}

proptest! {
    #[test]
    fn it_is_what_counting_day_by_day_gives(debts in debts(), payments in payments(), table in tables(), days in 0_u64..1_000) {
        let until = day(2024, 1, 15) + Days::new(days);
        let (found, expected) = (penalty(&debts, &payments, until, &table).0, by_days(&debts, &payments, until, &table));
        prop_assert!((found as f64 - expected).abs() <= 0.501, "{found} for {expected}");
    }

    #[test]
    fn it_is_never_negative_and_never_falls_from_day_to_day(debts in debts(), payments in payments(), table in tables(), days in 0_u64..1_000) {
        let until = day(2024, 1, 15) + Days::new(days);
        let found = penalty(&debts, &payments, until, &table);
        prop_assert!(found >= Kopecks(0));
        prop_assert!(penalty(&debts, &payments, until + Days::new(1), &table) >= found);
    }

    #[test]
    fn how_a_debt_is_divided_makes_no_difference(debts in debts(), payments in payments(), table in tables(), days in 0_u64..1_000, share in 0_i64..=100) {
        let until = day(2024, 1, 15) + Days::new(days);
        let parts: Vec<Debt> = debts.iter().flat_map(|debt| {
            let part = debt.sum.0 * share / 100;
            [part, debt.sum.0 - part].map(|sum| Debt { sum: Kopecks(sum), ..*debt })
        }).collect();
        prop_assert_eq!(penalty(&parts, &payments, until, &table), penalty(&debts, &payments, until, &table));
    }

    #[test]
    fn a_payment_never_makes_it_dearer(debts in debts(), payments in payments(), table in tables(), days in 0_u64..1_000) {
        let until = day(2024, 1, 15) + Days::new(days);
        let less: Vec<Paid> = payments.iter().skip(1).copied().collect();
        prop_assert!(penalty(&debts, &payments, until, &table) <= penalty(&debts, &less, until, &table));
    }
}
