//! What typed sums come to.

use super::purse::Purse;
use crate::view::{PaymentTotalView, PaymentTrouble, TypedSum};
use domain::kopecks::KopecksError;
use domain::payment::{PaymentProblem, PaymentWay, ServiceSum, check_services};
use domain::{AccountId, Kopecks};
use std::collections::BTreeMap;

/// Typed sums as they were read.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Typed {
    /// What goes where, more than nothing each, in the order of the accounts' ids.
    pub(crate) sums: Vec<(AccountId, Kopecks)>,
    /// The same by services, of the accounts whose sums the person divided.
    pub(crate) services: BTreeMap<AccountId, Vec<ServiceSum>>,
    /// The accounts whose sums cannot be read, as the window calls them.
    pub(crate) unreadable: Vec<String>,
    /// The accounts that are not the person's any more.
    pub(crate) unknown: Vec<String>,
    /// Whether a service is typed that its account does not have any more.
    pub(crate) gone: bool,
}

/// Reads sums. Nothing and zero are no payment; an account that stands there twice gets the last.
pub(crate) fn read(purse: &Purse, typed: &[TypedSum]) -> Typed {
    let mut read = Typed::default();
    for TypedSum { account, sum, services } in typed {
        let known = account.parse().ok().filter(|id| purse.account(*id).is_some());
        let Some(id) = known else {
            read.unknown.push(account.clone());
            continue;
        };
        read.sums.retain(|(other, _)| *other != id);
        read.services.remove(&id);
        let texts: Vec<&str> = match services.as_slice() {
            [] => vec![sum],
            services => services.iter().map(|service| service.sum.as_str()).collect(),
        };
        let Some(sums) = texts.into_iter().map(one).collect::<Option<Vec<Kopecks>>>() else {
            read.unreadable.push(account.clone());
            continue;
        };
        let named = services.iter().zip(&sums).filter(|(_, sum)| **sum > Kopecks(0));
        let named: Vec<ServiceSum> =
            named.map(|(typed, sum)| ServiceSum { service: typed.service.clone(), sum: *sum }).collect();
        let sum = Kopecks(sums.iter().fold(0, |whole: i64, sum| whole.saturating_add(sum.0)));
        let known = purse.account(id).map_or(&[][..], |account| &account.services);
        read.gone |= check_services(sum, known, &named).is_err();
        if sum > Kopecks(0) {
            read.sums.push((id, sum));
            if !named.is_empty() {
                read.services.insert(id, named);
            }
        }
    }
    read.sums.sort_unstable();
    read
}

/// A typed sum; nothing typed is nothing. `None` when it cannot be read.
fn one(text: &str) -> Option<Kopecks> {
    match Kopecks::parse_roubles(text) {
        Ok(sum) if sum >= Kopecks(0) => Some(sum),
        Err(KopecksError::Empty) => Some(Kopecks(0)),
        Ok(_) | Err(KopecksError::NotASum | KopecksError::TooLarge) => None,
    }
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
