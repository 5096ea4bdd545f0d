//! Sums by service, where the billing tells what is owed for each.

use crate::Kopecks;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A sum for one service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct ServiceSum {
    /// The service, as the billing calls it.
    pub service: String,
    /// The sum.
    pub sum: Kopecks,
}

/// Why a sum is not made of sums by service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ServicesProblem {
    /// The account has no such service, or not any more.
    #[error("a service that the account does not have")]
    Unknown,
    /// A service stands twice.
    #[error("a service twice")]
    Twice,
    /// A service gets nothing or less than nothing.
    #[error("a service gets nothing")]
    Nothing,
    /// They do not sum to the whole.
    #[error("the services do not sum to the whole")]
    Sum,
}

/// Whether `given` is `whole` by some services of `known`, each once and more than nothing. None at all is right, too: then the
/// billing divides the sum by its own rules.
pub fn check_services(whole: Kopecks, known: &[ServiceSum], given: &[ServiceSum]) -> Result<(), ServicesProblem> {
    if given.is_empty() {
        return Ok(());
    }
    let mut seen = BTreeSet::new();
    for ServiceSum { service, sum } in given {
        if !known.iter().any(|known| known.service == *service) {
            return Err(ServicesProblem::Unknown);
        }
        if !seen.insert(service) {
            return Err(ServicesProblem::Twice);
        }
        if *sum <= Kopecks(0) {
            return Err(ServicesProblem::Nothing);
        }
    }
    let sum = given.iter().try_fold(0_i64, |sum, given| sum.checked_add(given.sum.0));
    if sum == Some(whole.0) { Ok(()) } else { Err(ServicesProblem::Sum) }
}

/// `whole` divided in proportion to what is owed, to the kopeck: each gets its share rounded down, and the kopecks that are
/// left go one by one to the largest rests, the earlier first. Where nothing is owed, and of a whole that is not more than
/// nothing, there is nothing to divide.
pub fn spread(whole: Kopecks, owed: &[ServiceSum]) -> Vec<ServiceSum> {
    let weight = |one: &ServiceSum| i128::from(one.sum.0.max(0));
    let total: i128 = owed.iter().map(weight).sum();
    if total == 0 || whole <= Kopecks(0) {
        return Vec::new();
    }
    let mut shares: Vec<(i128, i128)> = owed
        .iter()
        .map(|one| {
            let exact = i128::from(whole.0) * weight(one);
            (exact / total, exact % total)
        })
        .collect();
    let mut left = i128::from(whole.0) - shares.iter().map(|(share, _)| share).sum::<i128>();
    let mut places: Vec<usize> = (0..shares.len()).collect();
    places.sort_by_key(|&place| std::cmp::Reverse(shares[place].1));
    for place in places {
        if left == 0 {
            break;
        }
        shares[place].0 += 1;
        left -= 1;
    }
    let named = owed.iter().zip(shares).map(|(one, (share, _))| ServiceSum {
        service: one.service.clone(),
        // A share is never more than the whole.
        sum: Kopecks(i64::try_from(share).unwrap_or(whole.0)),
    });
    named.filter(|one| one.sum > Kopecks(0)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn services(sums: &[i64]) -> Vec<ServiceSum> {
        let named = sums.iter().zip('а'..);
        named.map(|(sum, name)| ServiceSum { service: name.to_string(), sum: Kopecks(*sum) }).collect()
    }

    #[test]
    fn a_whole_is_made_of_known_services_each_once() {
        let known = services(&[100, 200, -5]);
        let given = |sums: &[i64]| services(sums);
        assert_eq!(check_services(Kopecks(50), &known, &[]), Ok(()));
        assert_eq!(check_services(Kopecks(50), &known, &given(&[20, 30])), Ok(()));
        assert_eq!(check_services(Kopecks(51), &known, &given(&[20, 30])), Err(ServicesProblem::Sum));
        assert_eq!(check_services(Kopecks(20), &known, &given(&[20, 0])), Err(ServicesProblem::Nothing));
        assert_eq!(check_services(Kopecks(4), &known, &given(&[1, 1, 1, 1])), Err(ServicesProblem::Unknown));
        let twice = [given(&[20]), given(&[30])].concat();
        assert_eq!(check_services(Kopecks(50), &known, &twice), Err(ServicesProblem::Twice));
        let most = vec![ServiceSum { service: "а".into(), sum: Kopecks(i64::MAX) }, given(&[0, 1]).remove(1)];
        assert_eq!(check_services(Kopecks(0), &known, &most), Err(ServicesProblem::Sum));
    }

    #[test]
    fn a_kopeck_that_is_left_goes_to_the_largest_rest() {
        assert_eq!(spread(Kopecks(100), &services(&[1, 1, 1])), services(&[34, 33, 33]));
        assert_eq!(spread(Kopecks(10), &services(&[200, 100, 0])), services(&[7, 3]));
        assert_eq!(spread(Kopecks(10), &services(&[0, -5])), []);
        assert_eq!(spread(Kopecks(0), &services(&[1])), []);
    }

    proptest! {
        #[test]
        fn shares_sum_to_the_whole_and_none_is_a_kopeck_from_its_due(
            whole in 1_i64..1_000_000_000,
            owed in prop::collection::vec(-1_000_i64..100_000_000, 1..12),
        ) {
            let owed = services(&owed);
            let shares = spread(Kopecks(whole), &owed);
            let total: i128 = owed.iter().map(|one| i128::from(one.sum.0.max(0))).sum();
            prop_assume!(total > 0);
            prop_assert_eq!(shares.iter().map(|one| one.sum.0).sum::<i64>(), whole);
            for share in shares {
                let due = owed.iter().find(|one| one.service == share.service).map_or(0, |one| one.sum.0.max(0));
                let far = i128::from(share.sum.0) * total - i128::from(whole) * i128::from(due);
                prop_assert!(far.abs() < total, "{share:?}");
            }
        }
    }
}
