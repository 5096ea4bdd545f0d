//! What a payment comes to: ИТОГ, commission, and between which sums it must lie.

use crate::{Kopecks, dated::Dated};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// How a person pays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum PaymentWay {
    /// By card on the bank's page.
    Card,
    /// By a QR code of the Система быстрых платежей.
    Sbp,
    /// At the utility's desk.
    Office,
}

/// What is taken for one way of paying, on top of the sum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Commission {
    /// The way it is taken for.
    pub way: PaymentWay,
    /// Hundredths of a percent of the sum: 100 is 1 %.
    pub hundredths_of_percent: u32,
    /// Not less than this.
    pub least: Kopecks,
    /// Not more than this, even where `least` says so.
    pub most: Option<Kopecks>,
}

/// A version of the utility's rules for payments.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct PaymentRules {
    /// The first day it counts.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub from: NaiveDate,
    /// The least sum of a payment, without commission.
    pub minimum: Kopecks,
    /// The largest sum of a payment, commission included: what the bank takes at once.
    pub maximum: Kopecks,
    /// How one may pay.
    pub ways: Vec<PaymentWay>,
    /// What is taken for it; nothing for a way that is not listed.
    pub commission: Vec<Commission>,
    /// For how many minutes a begun payment keeps others from paying the same bill.
    pub lock_minutes: u32,
}

/// What a payment comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Totals {
    /// What goes to the accounts.
    pub sum: Kopecks,
    /// What is taken for it.
    pub commission: Kopecks,
    /// ИТОГ: both.
    pub total: Kopecks,
}

/// Why a payment cannot be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(tag = "problem", rename_all = "snake_case")]
pub enum PaymentProblem {
    /// Nothing is to be paid.
    #[error("nothing is to be paid")]
    Empty,
    /// A part of it is less than nothing: one account cannot pay for another.
    #[error("a part of the payment is negative")]
    Negative,
    /// Less than the utility takes.
    #[error("less than {minimum:?}")]
    TooSmall {
        /// The least sum.
        minimum: Kopecks,
    },
    /// More than can be paid at once.
    #[error("more than {maximum:?}")]
    TooLarge {
        /// The largest sum.
        maximum: Kopecks,
    },
    /// The utility does not take payments this way.
    #[error("no such way to pay")]
    WayUnknown,
}

impl Dated for PaymentRules {
    fn from(&self) -> NaiveDate {
        self.from
    }
}

impl Commission {
    /// What is taken for a sum, rounded half up to a kopeck.
    fn of(&self, sum: Kopecks) -> i128 {
        let exact = i128::from(sum.0) * i128::from(self.hundredths_of_percent);
        let taken = ((exact + 5_000) / 10_000).max(i128::from(self.least.0));
        self.most.map_or(taken, |most| taken.min(i128::from(most.0))).max(0)
    }
}

impl PaymentRules {
    /// What a payment of these parts comes to. A part of zero is an account that is not paid this time.
    pub fn total(&self, way: PaymentWay, parts: impl IntoIterator<Item = Kopecks>) -> Result<Totals, PaymentProblem> {
        if !self.ways.contains(&way) {
            return Err(PaymentProblem::WayUnknown);
        }
        let too_large = PaymentProblem::TooLarge { maximum: self.maximum };
        let mut sum = Kopecks(0);
        for part in parts {
            if part < Kopecks(0) {
                return Err(PaymentProblem::Negative);
            }
            sum = Kopecks(sum.0.checked_add(part.0).ok_or(too_large)?);
        }
        if sum == Kopecks(0) {
            return Err(PaymentProblem::Empty);
        }
        if sum < self.minimum {
            return Err(PaymentProblem::TooSmall { minimum: self.minimum });
        }
        let commission = self.commission.iter().find(|commission| commission.way == way).map_or(0, |it| it.of(sum));
        let total = Kopecks(i64::try_from(i128::from(sum.0) + commission).map_err(|_| too_large)?);
        if total > self.maximum { Err(too_large) } else { Ok(Totals { sum, commission: total - sum, total }) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rules() -> PaymentRules {
        PaymentRules {
            from: NaiveDate::from_ymd_opt(2026, 1, 1).expect("a day"),
            minimum: Kopecks(500),
            maximum: Kopecks(10_000_000),
            ways: vec![PaymentWay::Card, PaymentWay::Sbp],
            commission: vec![Commission {
                way: PaymentWay::Card,
                hundredths_of_percent: 125,
                least: Kopecks(1_000),
                most: Some(Kopecks(50_000)),
            }],
            lock_minutes: 20,
        }
    }

    fn card(parts: &[i64]) -> Result<(i64, i64, i64), PaymentProblem> {
        let totals = rules().total(PaymentWay::Card, parts.iter().copied().map(Kopecks))?;
        Ok((totals.sum.0, totals.commission.0, totals.total.0))
    }

    #[test]
    fn the_parts_and_the_commission_make_the_total() {
        assert_eq!(card(&[345_678, 0, 100_000]), Ok((445_678, 5_571, 451_249))); // 5570.975 is rounded up
        assert_eq!(card(&[10_000]), Ok((10_000, 1_000, 11_000)), "not less than the least");
        assert_eq!(card(&[9_000_000]), Ok((9_000_000, 50_000, 9_050_000)), "not more than the most");
    }

    #[test]
    fn a_way_without_commission_costs_nothing() {
        let totals = rules().total(PaymentWay::Sbp, [Kopecks(345_678)]).expect("a payment");
        assert_eq!((totals.commission, totals.total), (Kopecks(0), Kopecks(345_678)));
        assert_eq!(rules().total(PaymentWay::Office, [Kopecks(345_678)]), Err(PaymentProblem::WayUnknown));
    }

    #[test]
    fn the_limits_are_inclusive() {
        assert_eq!(card(&[]), Err(PaymentProblem::Empty));
        assert_eq!(card(&[0, 0]), Err(PaymentProblem::Empty));
        assert_eq!(card(&[499]), Err(PaymentProblem::TooSmall { minimum: Kopecks(500) }));
        assert_eq!(card(&[500]), Ok((500, 1_000, 1_500)));
        assert_eq!(card(&[9_950_000]), Ok((9_950_000, 50_000, 10_000_000)));
        assert_eq!(card(&[9_950_001]), Err(PaymentProblem::TooLarge { maximum: Kopecks(10_000_000) }));
    }

    #[test]
    fn an_advance_of_one_account_does_not_pay_for_another() {
        assert_eq!(card(&[100_000, -1]), Err(PaymentProblem::Negative));
    }

    #[test]
    fn no_sum_overflows() {
        let open = PaymentRules { maximum: Kopecks(i64::MAX), ..rules() };
        let too_large = Err(PaymentProblem::TooLarge { maximum: Kopecks(i64::MAX) });
        assert_eq!(open.total(PaymentWay::Sbp, [Kopecks(i64::MAX), Kopecks(1)]), too_large);
        assert_eq!(open.total(PaymentWay::Card, [Kopecks(i64::MAX)]), too_large);
    }

    proptest! {
        #[test]
        fn a_larger_payment_never_costs_less(sum in 500_i64..9_000_000, more in 0_i64..900_000, percent in 0_u32..20_000, least in 0_i64..10_000, most in prop::option::of(0_i64..100_000)) {
            let commission = Commission { way: PaymentWay::Card, hundredths_of_percent: percent, least: Kopecks(least), most: most.map(Kopecks) };
            let rules = PaymentRules { maximum: Kopecks(i64::MAX), commission: vec![commission], ..rules() };
            let total = |sum| rules.total(PaymentWay::Card, [Kopecks(sum)]).expect("within the limits");
            prop_assert!(total(sum + more).total >= total(sum).total);
            prop_assert!(total(sum).commission >= Kopecks(0));
            prop_assert_eq!(total(sum).sum + total(sum).commission, total(sum).total);
        }
    }
}
