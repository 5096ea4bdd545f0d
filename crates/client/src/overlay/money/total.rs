//! What typed sums come to.

use super::purse::Purse;
use crate::view::{PaymentTotalView, PaymentTrouble, TypedSum};
use domain::kopecks::KopecksError;
use domain::payment::{PaymentProblem, PaymentWay};
use domain::{AccountId, Kopecks};

/// Typed sums as they were read.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Typed {
    /// What goes where, more than nothing each, in the order of the accounts' ids.
    pub(crate) sums: Vec<(AccountId, Kopecks)>,
    /// The accounts whose sums cannot be read, as the window calls them.
    pub(crate) unreadable: Vec<String>,
    /// The accounts that are not the person's any more.
    pub(crate) unknown: Vec<String>,
}

/// Reads sums. Nothing and zero are no payment; an account that stands there twice gets the last.
pub(crate) fn read(purse: &Purse, typed: &[TypedSum]) -> Typed {
    let mut read = Typed::default();
    for TypedSum { account, sum } in typed {
        let known = account.parse().ok().filter(|id| purse.account(*id).is_some());
        let Some(id) = known else {
            read.unknown.push(account.clone());
            continue;
        };
        read.sums.retain(|(other, _)| *other != id);
        match Kopecks::parse_roubles(sum) {
            Ok(sum) if sum > Kopecks(0) => read.sums.push((id, sum)),
            Ok(Kopecks(0)) | Err(KopecksError::Empty) => {}
            Ok(_) | Err(KopecksError::NotASum | KopecksError::TooLarge) => read.unreadable.push(account.clone()),
        }
    }
    read.sums.sort_unstable();
    read
}

/// What they come to by the rules of today.
pub(crate) fn total(purse: &Purse, typed: &Typed, way: PaymentWay) -> PaymentTotalView {
    let sums = || typed.sums.iter().map(|(_, sum)| *sum);
    let sum = Kopecks(sums().fold(0, |total: i64, sum| total.saturating_add(sum.0)));
    let reckoned = match purse.rules() {
        Some(_) if way == PaymentWay::Office => Err(PaymentTrouble::NoWay),
        Some(rules) => rules.total(way, sums()).map_err(trouble),
        None => Err(PaymentTrouble::NoWay),
    };
    let (commission, total, problem) = match reckoned {
        Ok(totals) => (totals.commission, totals.total, None),
        Err(trouble) => (Kopecks(0), sum, Some(trouble)),
    };
    let problem = if typed.unreadable.is_empty() { problem } else { Some(PaymentTrouble::Unreadable) };
    PaymentTotalView { unreadable: typed.unreadable.clone(), sum, commission, total, problem }
}

const fn trouble(problem: PaymentProblem) -> PaymentTrouble {
    match problem {
        PaymentProblem::Empty => PaymentTrouble::Empty,
        PaymentProblem::Negative => PaymentTrouble::Unreadable,
        PaymentProblem::TooSmall { minimum } => PaymentTrouble::TooSmall { minimum },
        PaymentProblem::TooLarge { maximum } => PaymentTrouble::TooLarge { maximum },
        PaymentProblem::WayUnknown => PaymentTrouble::NoWay,
    }
}
