//! Which penalties grow since the newest bill, found from what bills state and what was paid behind them.

use super::{Debt, Paid, PenaltyShare, PenaltyTable, penalty_shares};
use crate::{Kopecks, Period};
use chrono::NaiveDate;

/// What a bill states that matters here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stated {
    /// The month.
    pub period: Period,
    /// The last day to pay. What has none is never overdue.
    pub due_on: Option<NaiveDate>,
    /// Owed at the start of the month.
    pub opening: Option<Kopecks>,
    /// Charged in the month, without penalties.
    pub accrued: Option<Kopecks>,
    /// Paid in the month.
    pub paid: Option<Kopecks>,
    /// The day of the last payment in it.
    pub paid_on: Option<NaiveDate>,
    /// Penalties in it; none where billing tells nothing of them.
    pub penalty: Option<Kopecks>,
    /// Owed at the end.
    pub to_pay: Kopecks,
}

/// Penalties that no bill has yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accruing {
    /// All together.
    pub total: Kopecks,
    /// What is overdue on the day.
    pub overdue: Kopecks,
    /// Out of what it is made, the oldest debt first.
    pub shares: Vec<PenaltyShare>,
}

/// The penalties that have grown until `until` and are in no bill yet. `None` when there are none.
///
/// `bills` are of one account, oldest first; `payments` are what was paid for it through us; `owed` is what is owed now in
/// all. Whatever the bills leave open is taken in the person's favour: a debt of unknown age is due with the bill that
/// first names it, a payment of an unknown day was made on the first of its month, payments pay penalties last (ст. 319 ГК),
/// and no penalty grows on more than what is owed. Billing has counted the days of the months whose bills state a
/// penalty, be it nothing: they are not counted again.
pub fn accruing(
    bills: &[Stated],
    payments: &[Paid],
    owed: Kopecks,
    until: NaiveDate,
    table: &PenaltyTable,
) -> Option<Accruing> {
    let newest = bills.last()?;
    let mut ledger = Ledger::default();
    bills.iter().for_each(|bill| ledger.bill(bill));
    // What was paid in the months of the bills is in them.
    let told = newest.period.next().day_clamped(1);
    let is_told = |paid: &Paid| paid.on < told || newest.paid_on.is_some_and(|last| paid.on <= last);
    let mut later: Vec<Paid> = payments.iter().copied().filter(|paid| !is_told(paid) && paid.on <= until).collect();
    later.sort_by_key(|paid| paid.on);
    later.into_iter().for_each(|Paid { on, sum }| ledger.pay(on, sum));
    ledger.settle(ledger.balance().min(owed), None, told);
    let counted = bills.iter().rfind(|bill| bill.penalty.is_some()).map(|bill| bill.period.next().day_clamped(1));
    let after = counted.and_then(|day| day.pred_opt());
    let shares = penalty_shares(&ledger.debts, &ledger.paid, after, until, table);
    let total: Kopecks = shares.iter().map(|share| share.cost).sum();
    (total > Kopecks(0)).then(|| Accruing { total, overdue: ledger.overdue(until), shares })
}

/// What is owed, bill after bill. Sums are billing's and may be any: they stop at the largest.
#[derive(Default)]
struct Ledger {
    debts: Vec<Debt>,
    paid: Vec<Paid>,
    /// Owed without penalties; negative is an advance.
    principal: i64,
    /// Penalties that were charged and not paid.
    penalties: i64,
}

impl Ledger {
    fn bill(&mut self, bill: &Stated) {
        let first = bill.period.day_clamped(1);
        if let Some(opening) = bill.opening {
            self.settle(opening, bill.due_on, first);
        }
        self.pay(bill.paid_on.unwrap_or(first), bill.paid.unwrap_or_default());
        let accrued = bill.accrued.unwrap_or_default();
        self.charge(bill.due_on, accrued);
        self.pay(first, Kopecks(accrued.0.saturating_neg()));
        self.penalties = self.penalties.saturating_add(bill.penalty.unwrap_or_default().0.max(0));
        self.settle(bill.to_pay, bill.due_on, first);
    }

    fn balance(&self) -> Kopecks {
        Kopecks(self.principal.saturating_add(self.penalties))
    }

    /// Makes the balance what it is said to be.
    fn settle(&mut self, target: Kopecks, due: Option<NaiveDate>, on: NaiveDate) {
        let missing = target.0.saturating_sub(self.balance().0);
        self.charge(due, Kopecks(missing));
        self.pay(on, Kopecks(missing.saturating_neg()));
    }

    /// Nothing happens where the sum is not more than nothing.
    fn charge(&mut self, due: Option<NaiveDate>, sum: Kopecks) {
        if sum > Kopecks(0) {
            self.principal = self.principal.saturating_add(sum.0);
            self.debts.extend(due.map(|due| Debt { due, sum }));
        }
    }

    /// Likewise.
    fn pay(&mut self, on: NaiveDate, sum: Kopecks) {
        let sum = sum.0.max(0);
        let debt = sum.min(self.principal.max(0));
        let penalty = (sum - debt).min(self.penalties);
        self.penalties -= penalty;
        self.principal = self.principal.saturating_sub(sum - penalty);
        if sum > penalty {
            self.paid.push(Paid { on, sum: Kopecks(sum - penalty) });
        }
    }

    /// What is owed of debts whose last day is over. Payments pay the oldest first.
    fn overdue(&self, day: NaiveDate) -> Kopecks {
        let past = self.debts.iter().filter(|debt| debt.due < day);
        let past = past.fold(0_i64, |sum, debt| sum.saturating_add(debt.sum.0));
        let paid = self.paid.iter().fold(0_i64, |sum, paid| sum.saturating_add(paid.sum.0));
        Kopecks(past.saturating_sub(paid).max(0))
    }
}

#[cfg(test)]
mod tests;
