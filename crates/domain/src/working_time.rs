//! Working days: Monday to Friday, without public holidays (ТК РФ ст. 112) and with the days that the government moves.

use chrono::{Datelike, Days, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The production calendar. The holidays of the law are known; what a year moves is a setting.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Calendar {
    /// Days off that would be working days: the second day of a long weekend.
    #[serde(default)]
    pub days_off: BTreeSet<NaiveDate>,
    /// Working days that would be days off: a Saturday that is worked.
    #[serde(default)]
    pub working_days: BTreeSet<NaiveDate>,
}

/// Public holidays by (month, day), ТК РФ ст. 112.
const HOLIDAYS: [(u32, u32); 14] =
    [(1, 1), (1, 2), (1, 3), (1, 4), (1, 5), (1, 6), (1, 7), (1, 8), (2, 23), (3, 8), (5, 1), (5, 9), (6, 12), (11, 4)];

impl Calendar {
    /// Whether people work that day.
    pub fn is_working(&self, day: NaiveDate) -> bool {
        if self.working_days.contains(&day) {
            return true;
        }
        let weekend = matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
        !weekend && !HOLIDAYS.contains(&(day.month(), day.day())) && !self.days_off.contains(&day)
    }

    /// The last of `count` working days after `day`; `day` itself when `count` is 0.
    pub fn add_working_days(&self, day: NaiveDate, count: u16) -> NaiveDate {
        let mut found = day;
        let mut left = count;
        while left > 0 {
            found = found + Days::new(1);
            left -= u16::from(self.is_working(found));
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, month, day).expect("a date")
    }

    #[test]
    fn weekends_and_holidays_are_not_worked() {
        let calendar = Calendar::default();
        assert!(calendar.is_working(day(10, 23)));
        assert!(!calendar.is_working(day(10, 24)));
        assert!(!calendar.is_working(day(11, 4)));
        assert!(!calendar.is_working(day(1, 8)));
    }

    #[test]
    fn moved_days_win_over_the_week() {
        let calendar = Calendar { days_off: [day(12, 31)].into(), working_days: [day(10, 31), day(11, 4)].into() };
        assert!(!calendar.is_working(day(12, 31)));
        assert!(calendar.is_working(day(10, 31)));
        assert!(calendar.is_working(day(11, 4)));
    }

    #[test]
    fn working_days_are_counted_from_the_day_after() {
        let calendar = Calendar::default();
        assert_eq!(calendar.add_working_days(day(10, 23), 1), day(10, 26));
        assert_eq!(calendar.add_working_days(day(10, 24), 1), day(10, 26));
        assert_eq!(calendar.add_working_days(day(10, 20), 0), day(10, 20));
        assert_eq!(calendar.add_working_days(day(10, 30), 4), day(11, 6));
    }
}
