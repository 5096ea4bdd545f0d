//! What the days of being overdue come to.

use super::{PenaltyRules, PenaltyTable};
use crate::Kopecks;
use chrono::NaiveDate;
use std::collections::BTreeMap;

/// Something that was to be paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Debt {
    /// The last day to pay it.
    pub due: NaiveDate,
    /// The sum.
    pub sum: Kopecks,
}

/// Something that was paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paid {
    /// The day.
    pub on: NaiveDate,
    /// The sum.
    pub sum: Kopecks,
}

/// The penalty for everything overdue until `until`, that day included.
///
/// Payments pay the oldest debts first, in the order of their days; what is paid beyond all debts is an advance and
/// earns nothing. Sums of nothing or less are passed over: an advance is no debt. The result is rounded to a kopeck once,
/// half up, so how a debt is divided into parts makes no difference. Days before the table's first version are free.
pub fn penalty(debts: &[Debt], payments: &[Paid], until: NaiveDate, table: &PenaltyTable) -> Kopecks {
    let mut debts: Vec<Debt> = debts.iter().copied().filter(|debt| debt.sum > Kopecks(0)).collect();
    let mut payments: Vec<Paid> = payments.iter().copied().filter(|paid| paid.sum > Kopecks(0)).collect();
    debts.sort_by_key(|debt| debt.due);
    payments.sort_by_key(|paid| paid.on);
    let mut shares = Shares::default();
    let mut payments = payments.into_iter().filter(|paid| paid.on <= until);
    let mut paid: Option<Paid> = None;
    for Debt { due, mut sum } in debts {
        while sum > Kopecks(0) {
            let Some(Paid { on, sum: rest }) = paid.take().or_else(|| payments.next()) else {
                shares.add(sum, due, until, table);
                break;
            };
            let part = sum.min(rest);
            shares.add(part, due, on, table);
            sum = sum - part;
            paid = Some(Paid { on, sum: rest - part }).filter(|paid| paid.sum > Kopecks(0));
        }
    }
    shares.total()
}

/// Kopecks × rate × days by what they are divided by: exact until the end.
#[derive(Default)]
struct Shares(BTreeMap<u32, i128>);

impl Shares {
    /// Adds what a sum costs that was due on `due` and owed up to `end`.
    fn add(&mut self, sum: Kopecks, due: NaiveDate, end: NaiveDate, table: &PenaltyTable) {
        let versions = table.versions();
        for (place, version) in versions.iter().enumerate() {
            // Numbers of days since the due day, the first and the one behind the last.
            let first = (version.from - due).num_days().max(1);
            let past = versions.get(place + 1).map_or(i64::MAX, |next| (next.from - due).num_days());
            self.add_days(sum, version, first, past.min((end - due).num_days() + 1));
        }
    }

    fn add_days(&mut self, sum: Kopecks, version: &PenaltyRules, first: i64, past: i64) {
        for (place, step) in version.steps.iter().enumerate() {
            let next = version.steps.get(place + 1).map_or(i64::MAX, |next| i64::from(next.from_day));
            let days = past.min(next) - first.max(i64::from(step.from_day));
            if days > 0 {
                let share = i128::from(sum.0) * i128::from(version.rate()) * i128::from(days);
                *self.0.entry(step.one_in).or_default() += share;
            }
        }
    }

    /// Rounded half up to a kopeck. The shares are brought together in 10⁻⁹ of a kopeck, since their fractions have no
    /// common place.
    fn total(self) -> Kopecks {
        const FINE: i128 = 1_000_000_000;
        /// Hundredths of a percent in the whole.
        const WHOLE: i128 = 10_000;
        let fine = self.0.into_iter().map(|(one_in, share)| {
            let divisor = WHOLE * i128::from(one_in);
            (share / divisor).saturating_mul(FINE).saturating_add(share % divisor * FINE / divisor)
        });
        let total = fine.fold(0_i128, i128::saturating_add).saturating_add(FINE / 2) / FINE;
        Kopecks(i64::try_from(total).unwrap_or(i64::MAX))
    }
}

#[cfg(test)]
mod tests;
