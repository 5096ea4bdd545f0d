//! «Почему больше?»: the way from one month's sum for a service to another's, step by step, exact to the kopeck.

use super::{BillLine, line::saturated};
use crate::Kopecks;
use serde::{Deserialize, Serialize};

/// The way from the sum before to the sum now. Before and all the steps make now, exactly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Steps {
    /// The total before; 0 if there was no such service.
    pub before: Kopecks,
    /// More or less was used: at the old tariff, with what rounding leaves.
    pub by_volume: Kopecks,
    /// A unit costs something else: for the new volume.
    pub by_tariff: Kopecks,
    /// Перерасчёт.
    pub by_recalculation: Kopecks,
    /// Льготы, субсидии.
    pub by_discount: Kopecks,
    /// What the line does not tell: a fixed fee, a multiplier, a line that does not add up, a service that is new or gone.
    pub otherwise: Kopecks,
    /// The total now; 0 if there is no such service any more.
    pub now: Kopecks,
}

/// A service in two months.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Change {
    /// The service.
    pub service: String,
    /// The way from the one sum to the other.
    pub steps: Steps,
}

/// The way from a line to the same service's line of another month.
///
/// The tariff's step is what the change of price makes for the new volume; the volume's step takes the rest of what
/// was accrued, so a kopeck of rounding stands there. If only one of them changed, it alone explains the difference.
pub fn explain(before: &BillLine, now: &BillLine) -> Steps {
    let accrued = difference(before.accrued, now.accrued);
    let (by_volume, by_tariff) = match (before.rate, now.rate, now.volume) {
        (Some(old), Some(new), Some(volume)) if before.follows_its_price() && now.follows_its_price() => {
            if before.volume == now.volume && old == new {
                (0, 0)
            } else if before.volume == now.volume {
                (0, accrued)
            } else {
                let by_tariff = difference(old.cost(volume), new.cost(volume));
                (accrued - by_tariff, by_tariff)
            }
        }
        _ => (0, 0),
    };
    steps(
        before.total,
        now.total,
        [
            by_volume,
            by_tariff,
            difference(before.recalculated, now.recalculated),
            difference(now.discount, before.discount),
        ],
    )
}

/// All services of two months, in the order of the bill now, then those that are gone. A service that stands in a bill
/// twice is compared with its counterpart by order.
pub fn changes(before: &[BillLine], now: &[BillLine]) -> Vec<Change> {
    let mut left: Vec<&BillLine> = before.iter().collect();
    let mut changes = Vec::with_capacity(now.len());
    for line in now {
        let place = left.iter().position(|old| old.service == line.service);
        let steps = match place.map(|place| left.remove(place)) {
            Some(old) => explain(old, line),
            None => steps(Kopecks(0), line.total, [0; 4]),
        };
        changes.push(Change { service: line.service.clone(), steps });
    }
    let gone = |line: &BillLine| Change { service: line.service.clone(), steps: steps(line.total, Kopecks(0), [0; 4]) };
    changes.extend(left.into_iter().map(gone));
    changes
}

fn difference(before: Kopecks, now: Kopecks) -> i128 {
    i128::from(now.0) - i128::from(before.0)
}

/// What the known steps leave goes to the last one.
fn steps(before: Kopecks, now: Kopecks, known: [i128; 4]) -> Steps {
    let [by_volume, by_tariff, by_recalculation, by_discount] = known.map(saturated);
    let explained: i128 =
        [by_volume, by_tariff, by_recalculation, by_discount].into_iter().map(|step| i128::from(step.0)).sum();
    let otherwise = saturated(difference(before, now) - explained);
    Steps { before, by_volume, by_tariff, by_recalculation, by_discount, otherwise, now }
}

#[cfg(test)]
mod tests {
    use super::super::line::tests::line;
    use super::*;
    use crate::decimal::{LineRate, Volume};
    use proptest::prelude::*;

    fn sum(steps: &Steps) -> i64 {
        let parts = [
            steps.before,
            steps.by_volume,
            steps.by_tariff,
            steps.by_recalculation,
            steps.by_discount,
            steps.otherwise,
        ];
        parts.iter().map(|part| part.0).sum()
    }

    #[test]
    fn volume_and_tariff_are_told_apart() {
        // 5 m³ at 30 ₽, then 7 m³ at 33 ₽: 2 × 30 by volume, 7 × 3 by tariff.
        let steps = explain(&line("5", "30", 0, 0), &line("7", "33", 1_000, 400));
        assert_eq!((steps.by_volume, steps.by_tariff), (Kopecks(6_000), Kopecks(2_100)));
        assert_eq!((steps.by_recalculation, steps.by_discount), (Kopecks(1_000), Kopecks(-400)));
        assert_eq!((steps.before, steps.now, steps.otherwise), (Kopecks(15_000), Kopecks(23_700), Kopecks(0)));
    }

    #[test]
    fn what_did_not_change_explains_nothing() {
        let same_volume = explain(&line("3.333", "10.01", 0, 0), &line("3.333", "10.03", 0, 0));
        assert_eq!(same_volume.by_volume, Kopecks(0));
        let same_price = explain(&line("3.333", "10.01", 0, 0), &line("4.777", "10.01", 0, 0));
        assert_eq!(same_price.by_tariff, Kopecks(0));
    }

    #[test]
    fn what_the_line_does_not_tell_is_said_to_be_unknown() {
        let (before, mut now) = (line("5", "30", 0, 0), line("5", "30", 0, 0));
        now.total = Kopecks(20_000);
        assert_eq!(explain(&before, &now).otherwise, Kopecks(5_000));
        let fee = |sum| BillLine { volume: None, accrued: Kopecks(sum), total: Kopecks(sum), ..line("1", "1", 0, 0) };
        assert_eq!(explain(&fee(10_000), &fee(12_000)).otherwise, Kopecks(2_000));
    }

    #[test]
    fn new_and_gone_services_stand_in_the_comparison() {
        let named = |name: &str| BillLine { service: name.to_owned(), ..line("1", "100", 0, 0) };
        let found = changes(&[named("ХВС"), named("Домофон")], &[named("ХВС"), named("ТКО")]);
        let told: Vec<_> = found.iter().map(|c| (c.service.as_str(), c.steps.before.0, c.steps.now.0)).collect();
        assert_eq!(told, [("ХВС", 10_000, 10_000), ("ТКО", 0, 10_000), ("Домофон", 10_000, 0)]);
    }

    prop_compose! {
        fn lines()(volume in -10_000_000_000_i64..10_000_000_000, tariff in 0_i64..10_000_000_000, off in -3_i64..=3,
            has in any::<(bool, bool)>(), excess in -100_000_i64..100_000, recalculated in -100_000_i64..100_000,
            discount in -100_000_i64..100_000, wrong in -2_i64..=2) -> BillLine
        {
            let (volume, tariff) = (Volume::from_steps(volume).expect("fits"), LineRate::from_steps(tariff).expect("fits"));
            let accrued = tariff.cost(volume).0 + off;
            BillLine {
                volume: has.0.then_some(volume), rate: has.1.then_some(tariff), accrued: Kopecks(accrued),
                excess: Kopecks(excess), recalculated: Kopecks(recalculated), discount: Kopecks(discount),
                total: Kopecks(accrued + excess + recalculated - discount + wrong), ..line("1", "1", 0, 0)
            }
        }
    }

    proptest! {
        #[test]
        fn the_steps_make_the_difference_to_the_kopeck(before in lines(), now in lines()) {
            let steps = explain(&before, &now);
            prop_assert_eq!(sum(&steps), now.total.0);
            prop_assert_eq!((steps.before, steps.now), (before.total, now.total));
        }

        #[test]
        fn the_way_between_whole_bills_is_exact_too(before in prop::collection::vec(lines(), 0..5), now in prop::collection::vec(lines(), 0..5)) {
            let found = changes(&before, &now);
            let total = |lines: &[BillLine]| lines.iter().map(|line| line.total).sum::<Kopecks>();
            prop_assert_eq!(found.iter().map(|change| change.steps.before).sum::<Kopecks>(), total(&before));
            prop_assert_eq!(found.iter().map(|change| change.steps.now).sum::<Kopecks>(), total(&now));
        }
    }
}
