use super::super::rules::tests::{day, version};
use super::*;
use proptest::prelude::*;

fn law() -> PenaltyTable {
    PenaltyTable::new(vec![version(day(2020, 1, 1), 1_600)]).expect("a table")
}

fn month(month: u8) -> Period {
    Period::new(2026, month).expect("a month")
}

/// A thousand roubles for the month, on top of what was owed, to be paid by the 15th of the next one.
fn bill(of: u8, opening: i64, paid: i64) -> Stated {
    Stated {
        period: month(of),
        due_on: Some(month(of).next().day_clamped(15)),
        opening: Some(Kopecks(opening)),
        accrued: Some(Kopecks(100_000)),
        paid: Some(Kopecks(paid)),
        paid_on: (paid > 0).then(|| month(of).day_clamped(12)),
        penalty: None,
        to_pay: Kopecks(opening + 100_000 - paid),
    }
}

fn total(bills: &[Stated], payments: &[Paid], owed: i64, until: NaiveDate) -> i64 {
    accruing(bills, payments, Kopecks(owed), until, &law()).map_or(0, |found| found.total.0)
}

#[test]
fn one_bill_overdue_comes_to_the_examples_of_the_law() {
    let bills = [bill(3, 0, 0)];
    assert_eq!(total(&bills, &[], 100_000, day(2026, 5, 15)), 0);
    assert_eq!(total(&bills, &[], 100_000, day(2026, 5, 30)), 475);
    assert_eq!(total(&bills, &[], 100_000, day(2026, 7, 24)), 2_631);
    let found = accruing(&bills, &[], Kopecks(100_000), day(2026, 7, 24), &law()).expect("penalties");
    let told: Vec<(u32, u32, i64)> = found.shares.iter().map(|it| (it.days, it.one_in, it.cost.0)).collect();
    assert_eq!((told, found.overdue), (vec![(60, 300, 1_900), (10, 130, 731)], Kopecks(100_000)));
}

#[test]
fn a_chain_of_bills_counts_each_month_from_its_own_day_and_only_once() {
    // March is owed still, April's bill has it as its opening.
    let bills = [bill(3, 0, 0), bill(4, 100_000, 0)];
    assert_eq!(total(&bills, &[], 200_000, day(2026, 5, 30)), 475);
    // April's, due on 15.05, costs for 15 days on 29.06; March's for 45.
    assert_eq!(total(&bills, &[], 200_000, day(2026, 6, 29)), 1_425 + 475);
    // March's was paid in April.
    assert_eq!(total(&[bill(3, 0, 0), bill(4, 100_000, 100_000)], &[], 100_000, day(2026, 5, 30)), 0);
}

#[test]
fn a_payment_through_us_stops_it_and_what_is_in_the_newest_bill_is_not_taken_twice() {
    let bills = [bill(3, 0, 0)];
    let paid = |on| [Paid { on, sum: Kopecks(100_000) }];
    assert_eq!(total(&bills, &paid(day(2026, 5, 15)), 0, day(2026, 7, 1)), 0);
    assert_eq!(total(&bills, &paid(day(2026, 5, 30)), 0, day(2026, 7, 1)), 475, "its day is counted, none behind it");
    // In the month of the newest bill: the bill has it.
    assert_eq!(total(&bills, &paid(day(2026, 3, 20)), 100_000, day(2026, 5, 30)), 475);
}

#[test]
fn nobody_is_told_of_penalties_on_what_is_not_owed() {
    let until = day(2026, 7, 24);
    assert_eq!(total(&[bill(3, 0, 0)], &[], 0, until), 0);
    assert_eq!(total(&[bill(3, 0, 0)], &[], -50_000, until), 0, "an overpayment");
    assert_eq!(total(&[bill(3, -300_000, 0)], &[], 100_000, until), 0, "an advance in the bills");
    assert_eq!(total(&[bill(3, 0, 0)], &[], 50_000, until), 1_315, "half of 26.31 is 13.154");
    assert_eq!(total(&[], &[], 100_000, until), 0);
    let undated = Stated { due_on: None, ..bill(3, 0, 0) };
    assert_eq!(total(&[undated], &[], 100_000, until), 0);
}

#[test]
fn what_billing_has_counted_is_not_counted_again_and_bears_no_penalty() {
    let counted = Stated { penalty: Some(Kopecks(475)), to_pay: Kopecks(200_475), ..bill(5, 100_000, 0) };
    let bills = [bill(3, 0, 0), Stated { to_pay: Kopecks(100_000), accrued: None, ..bill(4, 100_000, 0) }, counted];
    // June 1 to 10: ten days of March's thousand; May's is due on 15.06 only.
    assert_eq!(total(&bills, &[], 200_475, day(2026, 6, 10)), 317);
    // All but the penalty is paid on the first of them.
    let paid = [Paid { on: day(2026, 6, 1), sum: Kopecks(200_000) }];
    assert_eq!(total(&bills, &paid, 475, day(2026, 12, 1)), 32);
}

#[test]
fn a_debt_older_than_the_bills_is_due_with_the_first_that_names_it() {
    // 1500 ₽ of the opening and 1000 ₽ of the month, 15 days behind the free ones.
    assert_eq!(total(&[bill(3, 150_000, 0)], &[], 250_000, day(2026, 5, 30)), 1_188);
}

#[test]
fn sums_beyond_all_money_do_not_overflow() {
    for sum in [i64::MIN, i64::MAX] {
        let sum = Some(Kopecks(sum));
        let wild =
            Stated { opening: sum, accrued: sum, paid: sum, penalty: sum, to_pay: Kopecks(i64::MIN), ..bill(3, 0, 0) };
        let paid = [Paid { on: day(2026, 4, 2), sum: Kopecks(i64::MAX) }];
        let _ = accruing(&[wild, bill(4, 0, 0), wild], &paid, Kopecks(i64::MAX), NaiveDate::MAX, &law());
    }
}

prop_compose! {
    /// A chain where each bill begins with what the one before came to.
    fn chain()(months in prop::collection::vec((0_i64..500_000, 0_i64..600_000, prop::option::of(0_i64..3_000)), 1..9)) -> Vec<Stated> {
        let mut bills: Vec<Stated> = Vec::new();
        for (of, (accrued, paid, penalty)) in (1..).zip(months) {
            let opening = bills.last().map_or(Kopecks(0), |bill| bill.to_pay);
            let to_pay = Kopecks(opening.0 + accrued - paid + penalty.unwrap_or(0));
            let penalty = penalty.map(Kopecks);
            bills.push(Stated { opening: Some(opening), accrued: Some(Kopecks(accrued)), penalty, to_pay, ..bill(of, 0, paid) });
        }
        bills
    }
}

proptest! {
    #[test]
    fn it_never_falls_from_day_to_day_and_its_shares_make_it(bills in chain(), days in 0_u64..400) {
        let (until, owed) = (day(2026, 2, 1) + chrono::Days::new(days), bills[bills.len() - 1].to_pay.0);
        let today = total(&bills, &[], owed, until);
        prop_assert!(today >= 0);
        prop_assert!(total(&bills, &[], owed, until + chrono::Days::new(1)) >= today);
        if let Some(found) = accruing(&bills, &[], Kopecks(owed), until, &law()) {
            prop_assert_eq!(found.shares.iter().map(|share| share.cost).sum::<Kopecks>(), found.total);
            prop_assert!(found.shares.iter().all(|share| share.cost >= Kopecks(0)));
        }
    }

    #[test]
    fn a_payment_never_makes_it_dearer_and_paying_all_stops_it(bills in chain(), sum in 0_i64..3_000_000, after in 1_u64..200) {
        let newest = bills[bills.len() - 1];
        let on = newest.period.next().day_clamped(1) + chrono::Days::new(after);
        let (owed, until) = (newest.to_pay.0, on + chrono::Days::new(90));
        let paid = |sum| [Paid { on, sum: Kopecks(sum) }];
        prop_assert!(total(&bills, &paid(sum), owed - sum, until) <= total(&bills, &[], owed, until));
        let all = owed.max(0);
        prop_assert_eq!(total(&bills, &paid(all), owed - all, until), total(&bills, &paid(all), owed - all, on));
    }
}
