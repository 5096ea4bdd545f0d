//! Whether a bill adds up as a whole: its lines, what was owed before, penalties and what was paid.

use super::{BillLine, LineFault, line::saturated};
use crate::Kopecks;
use serde::{Deserialize, Serialize};

/// The sums of a bill beside its lines. What billing does not tell is not checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct BillSums {
    /// Owed at the start of the month; negative is an advance.
    pub opening: Option<Kopecks>,
    /// The sum of the lines, as billing states it.
    pub accrued: Option<Kopecks>,
    /// Пени, where they are no line of their own.
    pub penalty: Option<Kopecks>,
    /// Paid in the month.
    pub paid: Option<Kopecks>,
    /// Итого к оплате; negative is an overpayment.
    pub to_pay: Kopecks,
}

/// What does not add up in a bill. It is shown as a warning: billing's document stays what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(tag = "of", rename_all = "snake_case")]
pub enum BillFault {
    /// A line does not add up.
    Line {
        /// Its place in the bill, from 0.
        place: usize,
        /// What is wrong with it.
        fault: LineFault,
    },
    /// The lines make another sum than the bill states as accrued.
    Lines {
        /// What the lines make.
        made: Kopecks,
        /// What the bill states.
        stated: Kopecks,
    },
    /// Owed + accrued + penalty − paid is something else than the sum to pay.
    ToPay {
        /// What the parts make.
        expected: Kopecks,
    },
}

impl BillSums {
    /// What there is to pay: an overpayment asks for nothing.
    pub fn due(&self) -> Kopecks {
        self.to_pay.max(Kopecks(0))
    }
}

/// Everything that does not add up, the lines first. Empty if the bill is right.
pub fn check(lines: &[BillLine], sums: &BillSums) -> Vec<BillFault> {
    let faulty = |(place, line): (usize, &BillLine)| Some(BillFault::Line { place, fault: line.check().err()? });
    let mut faults: Vec<BillFault> = lines.iter().enumerate().filter_map(faulty).collect();
    let made = (!lines.is_empty()).then(|| saturated(lines.iter().map(|line| i128::from(line.total.0)).sum::<i128>()));
    if let (Some(made), Some(stated)) = (made, sums.accrued)
        && made != stated
    {
        faults.push(BillFault::Lines { made, stated });
    }
    if let (Some(opening), Some(accrued)) = (sums.opening, sums.accrued.or(made)) {
        let added = [Some(opening), Some(accrued), sums.penalty].into_iter().flatten().map(|sum| i128::from(sum.0));
        let expected = saturated(added.sum::<i128>() - sums.paid.map_or(0, |paid| i128::from(paid.0)));
        if expected != sums.to_pay {
            faults.push(BillFault::ToPay { expected });
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::super::line::tests::line;
    use super::*;

    /// 300 + 200 accrued, 1000 owed, 12.34 penalty, 700 paid.
    fn sums() -> BillSums {
        BillSums {
            opening: Some(Kopecks(100_000)),
            accrued: Some(Kopecks(50_000)),
            penalty: Some(Kopecks(1_234)),
            paid: Some(Kopecks(70_000)),
            to_pay: Kopecks(81_234),
        }
    }

    fn lines() -> [BillLine; 2] {
        [line("10", "30", 0, 0), line("4", "50", 0, 0)]
    }

    #[test]
    fn a_right_bill_has_no_faults() {
        assert_eq!(check(&lines(), &sums()), []);
        assert_eq!(check(&lines(), &BillSums { accrued: None, ..sums() }), []);
        let advance = BillSums { opening: Some(Kopecks(-90_000)), to_pay: Kopecks(-108_766), ..sums() };
        assert_eq!(check(&lines(), &advance), []);
        assert_eq!(advance.due(), Kopecks(0));
    }

    #[test]
    fn lines_that_miss_the_stated_sum_by_a_kopeck_are_noticed() {
        let stated = Kopecks(50_001);
        let wrong = BillSums { accrued: Some(stated), to_pay: Kopecks(81_235), ..sums() };
        assert_eq!(check(&lines(), &wrong), [BillFault::Lines { made: Kopecks(50_000), stated }]);
    }

    #[test]
    fn a_sum_to_pay_that_its_parts_do_not_make_is_noticed() {
        let fault = [BillFault::ToPay { expected: Kopecks(81_234) }];
        assert_eq!(check(&lines(), &BillSums { to_pay: Kopecks(81_235), ..sums() }), fault);
        assert_eq!(check(&lines(), &BillSums { accrued: None, to_pay: Kopecks(1), ..sums() }), fault);
        assert_eq!(check(&[], &BillSums { to_pay: Kopecks(1), ..sums() }), fault);
    }

    #[test]
    fn what_billing_does_not_tell_is_not_checked() {
        let told = BillSums { opening: None, accrued: None, penalty: None, paid: None, to_pay: Kopecks(1) };
        assert_eq!(check(&lines(), &told), []);
        assert_eq!(check(&[], &told), []);
        let untold = BillSums { opening: Some(Kopecks(5)), accrued: None, ..told };
        assert_eq!(check(&[], &untold), []);
    }

    #[test]
    fn the_wrong_line_is_named_by_its_place() {
        let mut lines = lines();
        lines[1].total = Kopecks(25_000);
        let fault = LineFault::Total { expected: Kopecks(20_000) };
        let told = BillSums { accrued: Some(Kopecks(55_000)), to_pay: Kopecks(86_234), ..sums() };
        assert_eq!(check(&lines, &told), [BillFault::Line { place: 1, fault }]);
    }
}
