//! What the days of being overdue come to.

use super::{PenaltyRules, PenaltyStep, PenaltyTable};
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

/// Days of a debt that cost the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PenaltyShare {
    /// The last day to pay the debt.
    pub due: NaiveDate,
    /// How much of it was owed on these days.
    pub sum: Kopecks,
    /// How many days.
    pub days: u32,
    /// The yearly rate, in hundredths of a percent.
    pub rate: u32,
    /// A day costs the rate divided by this.
    pub one_in: u32,
    /// What the days cost.
    pub cost: Kopecks,
}

/// The penalty for everything overdue until `until`, that day included: all of [`penalty_shares`] together.
pub fn penalty(debts: &[Debt], payments: &[Paid], until: NaiveDate, table: &PenaltyTable) -> Kopecks {
    penalty_shares(debts, payments, None, until, table).iter().map(|share| share.cost).sum()
}

/// What every debt costs on the days behind `after` and until `until`, that day included, the oldest debt first.
///
/// Payments pay the oldest debts first, in the order of their days; what is paid beyond all debts is an advance and
/// earns nothing. Sums of nothing or less are passed over: an advance is no debt. All together is rounded to a kopeck
/// once, half up, so how a debt is divided into parts makes no difference; a share costs what the rounded sum grows by
/// with it. Days before the table's first version are free.
pub fn penalty_shares(
    debts: &[Debt],
    payments: &[Paid],
    after: Option<NaiveDate>,
    until: NaiveDate,
    table: &PenaltyTable,
) -> Vec<PenaltyShare> {
    let mut debts: Vec<Debt> = debts.iter().copied().filter(|debt| debt.sum > Kopecks(0)).collect();
    let mut payments: Vec<Paid> = payments.iter().copied().filter(|paid| paid.sum > Kopecks(0)).collect();
    debts.sort_by_key(|debt| debt.due);
    payments.sort_by_key(|paid| paid.on);
    let mut shares = Shares { after, ..Shares::default() };
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
    shares.told
}

/// Kopecks × rate × days by what they are divided by, exact until the end, and the shares that were made of it.
#[derive(Default)]
struct Shares {
    after: Option<NaiveDate>,
    exact: BTreeMap<u32, i128>,
    total: Kopecks,
    told: Vec<PenaltyShare>,
}

impl Shares {
    /// Adds what a sum costs that was due on `due` and owed up to `end`.
    fn add(&mut self, sum: Kopecks, due: NaiveDate, end: NaiveDate, table: &PenaltyTable) {
        let versions = table.versions();
        let begins = self.after.map_or(1, |after| (after - due).num_days() + 1).max(1);
        for (place, version) in versions.iter().enumerate() {
            // Numbers of days since the due day, the first and the one behind the last.
            let first = (version.from - due).num_days().max(begins);
            let past = versions.get(place + 1).map_or(i64::MAX, |next| (next.from - due).num_days());
            self.add_days(Debt { due, sum }, version, first, past.min((end - due).num_days() + 1));
        }
    }

    fn add_days(&mut self, Debt { due, sum }: Debt, version: &PenaltyRules, first: i64, past: i64) {
        let rate = version.rate();
        for (place, &PenaltyStep { from_day, one_in }) in version.steps.iter().enumerate() {
            let next = version.steps.get(place + 1).map_or(i64::MAX, |next| i64::from(next.from_day));
            let days = past.min(next) - first.max(i64::from(from_day));
            if let Ok(days @ 1..) = u32::try_from(days) {
                *self.exact.entry(one_in).or_default() += i128::from(sum.0) * i128::from(rate) * i128::from(days);
                let total = rounded(&self.exact);
                let cost = total - self.total;
                self.total = total;
                self.told.push(PenaltyShare { due, sum, days, rate, one_in, cost });
            }
        }
    }
}

/// Rounded half up to a kopeck. The parts are brought together in 10⁻⁹ of a kopeck, since their fractions have no common
/// place.
fn rounded(exact: &BTreeMap<u32, i128>) -> Kopecks {
    const FINE: i128 = 1_000_000_000;
    /// Hundredths of a percent in the whole.
    const WHOLE: i128 = 10_000;
    let fine = exact.iter().map(|(one_in, share)| {
        let divisor = WHOLE * i128::from(*one_in);
        (share / divisor).saturating_mul(FINE).saturating_add(share % divisor * FINE / divisor)
    });
    let total = fine.fold(0_i128, i128::saturating_add).saturating_add(FINE / 2) / FINE;
    Kopecks(i64::try_from(total).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests;
