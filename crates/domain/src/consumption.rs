//! What a meter counted between two readings.

use crate::{Dial, MeterValue};

/// The volume between two values of one tariff.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Consumption {
    /// The volume, times the meter's transformation ratio.
    pub volume: MeterValue,
    /// Whether the meter must have passed through zero for it.
    pub rolled_over: bool,
}

/// From `last` to `new` on one face; a lower value means that the meter passed through zero (99990 → 00012 is 22).
///
/// `ratio` is the transformation ratio (коэффициент трансформации), 1 for a flat's meter.
pub fn between(dial: Dial, last: MeterValue, new: MeterValue, ratio: u32) -> Consumption {
    let rolled_over = new < last;
    let steps = new.steps() - last.steps() + if rolled_over { dial.capacity_steps() } else { 0 };
    Consumption { volume: MeterValue::from_steps(steps.saturating_mul(i64::from(ratio))), rolled_over }
}

/// The usual month: the mean of the last six positive volumes, `None` with fewer than two.
pub fn usual_month(volumes_newest_first: &[MeterValue]) -> Option<MeterValue> {
    let recent: Vec<i64> =
        volumes_newest_first.iter().take(6).map(|volume| volume.steps()).filter(|steps| *steps >= 0).collect();
    if recent.len() < 2 {
        return None;
    }
    let count = i64::try_from(recent.len()).ok()?;
    Some(MeterValue::from_steps(recent.iter().sum::<i64>() / count))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn value(text: &str) -> MeterValue {
        MeterValue::parse(text).expect(text)
    }

    #[test]
    fn a_meter_that_passed_zero_counted_on() {
        let dial = Dial::new(5, 0).expect("a dial");
        let passed = between(dial, value("99990"), value("12"), 1);
        assert_eq!(passed, Consumption { volume: value("22"), rolled_over: true });
        assert_eq!(between(dial, value("12"), value("12"), 1).volume, MeterValue::ZERO);
        assert_eq!(between(dial, value("10"), value("12"), 40).volume, value("80"));
    }

    proptest! {
        #[test]
        fn the_meter_shows_the_new_value_after_counting_the_volume(last in 0_i64..1_000_000_000, new in 0_i64..1_000_000_000) {
            let dial = Dial::new(5, 4).expect("a dial");
            let counted = between(dial, MeterValue::from_steps(last), MeterValue::from_steps(new), 1);
            prop_assert!(counted.volume.steps() >= 0);
            prop_assert_eq!((last + counted.volume.steps()) % dial.capacity_steps(), new);
        }
    }

    #[test]
    fn one_month_is_not_a_habit() {
        assert_eq!(usual_month(&[value("7")]), None);
        assert_eq!(usual_month(&[value("7"), value("8"), value("9")]), Some(value("8")));
    }
}
