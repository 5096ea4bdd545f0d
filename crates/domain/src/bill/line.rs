//! One line of a bill: a service and what it costs.

use crate::{
    Kopecks,
    decimal::{LineRate, Volume},
};
use serde::{Deserialize, Serialize};

/// How the volume was found (ГИС ЖКХ: норматив, ПУ, иное).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum VolumeMethod {
    /// By the meter's values.
    Meter,
    /// By the usual consumption of the last months: no values came (п. 59 ПП РФ 354).
    Average,
    /// By the norm.
    Norm,
    /// Otherwise: by the area, by the house's meter, as agreed.
    Other,
}

/// A service of a bill. What is not a price times a volume (a fixed fee) has no volume or no tariff.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct BillLine {
    /// Вид услуги, as billing calls it. Months are compared by it.
    pub service: String,
    /// The unit of the volume, as it is printed: `м³`. Empty where there is no volume.
    pub unit: String,
    /// How the volume was found, if billing says so.
    pub method: Option<VolumeMethod>,
    /// How much was used.
    pub volume: Option<Volume>,
    /// What a unit costs.
    pub rate: Option<LineRate>,
    /// Начислено: volume × tariff.
    pub accrued: Kopecks,
    /// Повышающий коэффициент: what is paid above that, the размер превышения.
    #[serde(default)]
    pub excess: Kopecks,
    /// Перерасчёты: added if positive, taken off if negative.
    pub recalculated: Kopecks,
    /// Льготы, субсидии: taken off, so a benefit is positive.
    pub discount: Kopecks,
    /// Итого к оплате for the service.
    pub total: Kopecks,
}

/// What does not add up within a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum LineFault {
    /// Volume × tariff is something else than what was accrued.
    #[error("volume by tariff is {expected:?}")]
    Accrued {
        /// Volume × tariff.
        expected: Kopecks,
    },
    /// Accrued with everything added and taken off is something else than the total.
    #[error("the parts of the line make {expected:?}")]
    Total {
        /// What the parts make.
        expected: Kopecks,
    },
}

/// By how many kopecks billing's rounding may differ from ours.
const TOLERANCE: i128 = 1;

impl BillLine {
    /// Volume × tariff, if the line has both.
    pub fn priced(&self) -> Option<Kopecks> {
        Some(self.rate?.cost(self.volume?))
    }

    /// Whether the line adds up, to a kopeck: billing may round half a kopeck the other way.
    pub fn check(&self) -> Result<(), LineFault> {
        if let Some(expected) = self.priced()
            && !near(self.accrued, expected)
        {
            return Err(LineFault::Accrued { expected });
        }
        let expected = self.parts();
        if near(self.total, expected) { Ok(()) } else { Err(LineFault::Total { expected }) }
    }

    /// Whether what was accrued is volume × tariff, so that a change of either explains it.
    pub(super) fn follows_its_price(&self) -> bool {
        self.priced().is_some_and(|expected| near(self.accrued, expected))
    }

    fn parts(&self) -> Kopecks {
        let sum = [self.accrued.0, self.excess.0, self.recalculated.0].into_iter().map(i128::from).sum::<i128>();
        saturated(sum - i128::from(self.discount.0))
    }
}

fn near(one: Kopecks, other: Kopecks) -> bool {
    (i128::from(one.0) - i128::from(other.0)).abs() <= TOLERANCE
}

/// Sums come from files and may be anything: what no bill can hold is shown as the most it can.
pub(super) fn saturated(sum: i128) -> Kopecks {
    Kopecks(i64::try_from(sum).unwrap_or(if sum < 0 { i64::MIN } else { i64::MAX }))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Cold water, or whatever has this volume at this price.
    pub fn line(volume: &str, tariff: &str, recalculated: i64, discount: i64) -> BillLine {
        let (volume, tariff) = (Volume::parse(volume).expect("a volume"), LineRate::parse(tariff).expect("a price"));
        let accrued = tariff.cost(volume);
        BillLine {
            service: "Холодное водоснабжение".to_owned(),
            unit: "м³".to_owned(),
            method: Some(VolumeMethod::Meter),
            volume: Some(volume),
            rate: Some(tariff),
            accrued,
            excess: Kopecks(0),
            recalculated: Kopecks(recalculated),
            discount: Kopecks(discount),
            total: Kopecks(accrued.0 + recalculated - discount),
        }
    }

    #[test]
    fn a_line_that_adds_up_has_no_fault_and_a_kopeck_of_rounding_is_none() {
        let good = line("7.486", "32.85", -1_200, 500);
        assert_eq!(good.check(), Ok(()));
        for by in [-1, 1] {
            assert_eq!(BillLine { total: Kopecks(good.total.0 + by), ..good.clone() }.check(), Ok(()));
            let accrued = Kopecks(good.accrued.0 + by);
            assert_eq!(BillLine { accrued, ..good.clone() }.check(), Ok(()));
        }
    }

    #[test]
    fn two_kopecks_are_a_fault() {
        let good = line("7.486", "32.85", -1_200, 500);
        let total = Kopecks(good.total.0 + 2);
        assert_eq!(BillLine { total, ..good.clone() }.check(), Err(LineFault::Total { expected: good.total }));
        let accrued = Kopecks(good.accrued.0 - 2);
        assert_eq!(BillLine { accrued, ..good.clone() }.check(), Err(LineFault::Accrued { expected: good.accrued }));
    }

    #[test]
    fn a_fixed_fee_and_an_excess_add_up_too() {
        let fee = BillLine { volume: None, rate: None, ..line("1", "250", 0, 0) };
        assert_eq!(fee.check(), Ok(()));
        let water = line("10", "30", 0, 0);
        let dearer = BillLine { excess: Kopecks(15_000), total: Kopecks(45_000), ..water };
        assert_eq!(dearer.check(), Ok(()));
    }

    #[test]
    fn sums_beyond_all_bills_are_a_fault_and_no_crash() {
        let most = BillLine { accrued: Kopecks(i64::MAX), volume: None, ..line("1", "1", 0, 0) };
        let wrong = BillLine { recalculated: Kopecks(i64::MAX), discount: Kopecks(i64::MIN), ..most };
        assert_eq!(wrong.check(), Err(LineFault::Total { expected: Kopecks(i64::MAX) }));
    }
}
