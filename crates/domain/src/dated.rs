//! Rules that the law or the utility changes: each version counts from a day on.

use chrono::NaiveDate;

/// A version of some rules.
pub trait Dated {
    /// The first day it counts.
    fn from(&self) -> NaiveDate;
}

/// The version that counts on `day`: the latest that has begun. `None` before the first. In any order; of two that
/// begin on one day the later in the list.
pub fn in_force<T: Dated>(versions: &[T], day: NaiveDate) -> Option<&T> {
    versions.iter().filter(|version| version.from() <= day).max_by_key(|version| version.from())
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Version(NaiveDate, u8);

    impl Dated for Version {
        fn from(&self) -> NaiveDate {
            self.0
        }
    }

    fn day(month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, month, day).expect("a day")
    }

    #[test]
    fn a_version_counts_from_its_first_day_until_the_next() {
        let versions = [Version(day(7, 1), 2), Version(day(1, 1), 1), Version(day(7, 1), 3)];
        let on = |at| in_force(&versions, at).map(|version| version.1);
        assert_eq!(on(day(6, 30)), Some(1));
        assert_eq!(on(day(7, 1)), Some(3));
        assert_eq!(on(day(12, 31)), Some(3));
        assert_eq!(on(NaiveDate::from_ymd_opt(2025, 12, 31).expect("a day")), None);
    }
}
