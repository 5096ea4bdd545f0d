//! When readings are taken: a run of days in every month, set by the utility and overridden for single houses.
//!
//! ПП РФ 354 lets residents pass readings until the 25th unless the contract says otherwise; utilities use
//! 15–25, 19–23, 23–25, 1–25, and some cross the border of months (25–3).

use crate::Period;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Days of the month, both inclusive. `start_day > end_day` means that the window ends in the next month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(try_from = "RawWindow")]
pub struct ReadingWindow {
    start_day: u8,
    end_day: u8,
}

#[derive(Deserialize)]
struct RawWindow {
    start_day: u8,
    end_day: u8,
}

/// A day outside 1–31.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the days of a reading window are 1 to 31")]
pub struct WindowError;

/// One month's window, in dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WindowDates {
    /// The billing period that the readings count for: the month in which the window opens.
    pub period: Period,
    /// The first day.
    pub opens: NaiveDate,
    /// The last day.
    pub closes: NaiveDate,
}

/// Where a day stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WindowState {
    /// Readings are taken today.
    Open(WindowDates),
    /// Readings are not taken today.
    Closed {
        /// The window that ended last.
        last: WindowDates,
        /// The window that opens next.
        next: WindowDates,
    },
}

impl ReadingWindow {
    /// A window from `start_day` to `end_day`.
    pub fn new(start_day: u8, end_day: u8) -> Result<Self, WindowError> {
        if (1..=31).contains(&start_day) && (1..=31).contains(&end_day) {
            Ok(Self { start_day, end_day })
        } else {
            Err(WindowError)
        }
    }

    /// The first day of the month, as set.
    pub const fn start_day(self) -> u8 {
        self.start_day
    }

    /// The last day, as set.
    pub const fn end_day(self) -> u8 {
        self.end_day
    }

    /// The window of one period. Days past the month's end are its last day.
    pub fn dates(self, period: Period) -> WindowDates {
        let last_month = if self.start_day <= self.end_day { period } else { period.next() };
        WindowDates { period, opens: period.day_clamped(self.start_day), closes: last_month.day_clamped(self.end_day) }
    }

    /// Where `today`, a date in the utility's zone, stands.
    pub fn state(self, today: NaiveDate) -> WindowState {
        let month = Period::of(today);
        // A window that crosses the border may still be last month's.
        for period in [month, month.previous()] {
            let dates = self.dates(period);
            if (dates.opens..=dates.closes).contains(&today) {
                return WindowState::Open(dates);
            }
        }
        let this = self.dates(month);
        if today < this.opens {
            WindowState::Closed { last: self.dates(month.previous()), next: this }
        } else {
            WindowState::Closed { last: this, next: self.dates(month.next()) }
        }
    }
}

impl WindowDates {
    /// How many days are left, today included; 0 when it is over.
    pub fn days_left(&self, today: NaiveDate) -> i64 {
        ((self.closes - today).num_days() + 1).max(0)
    }
}

impl TryFrom<RawWindow> for ReadingWindow {
    type Error = WindowError;
    fn try_from(raw: RawWindow) -> Result<Self, WindowError> {
        Self::new(raw.start_day, raw.end_day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).expect("a date")
    }

    fn period_of(state: WindowState) -> Option<String> {
        match state {
            WindowState::Open(dates) => Some(dates.period.to_string()),
            WindowState::Closed { .. } => None,
        }
    }

    #[test]
    fn an_ordinary_window_opens_and_closes_on_its_days() {
        let window = ReadingWindow::new(15, 25).expect("a window");
        assert_eq!(period_of(window.state(day(2026, 10, 14))), None);
        assert_eq!(period_of(window.state(day(2026, 10, 15))), Some("2026-10".into()));
        assert_eq!(period_of(window.state(day(2026, 10, 25))), Some("2026-10".into()));
        let WindowState::Closed { last, next } = window.state(day(2026, 10, 26)) else { panic!("closed on the 26th") };
        assert_eq!((last.closes, next.opens), (day(2026, 10, 25), day(2026, 11, 15)));
    }

    #[test]
    fn a_window_across_months_belongs_to_the_month_it_opens_in() {
        let window = ReadingWindow::new(25, 3).expect("a window");
        assert_eq!(period_of(window.state(day(2026, 12, 31))), Some("2026-12".into()));
        assert_eq!(period_of(window.state(day(2027, 1, 3))), Some("2026-12".into()));
        assert_eq!(period_of(window.state(day(2027, 1, 4))), None);
    }

    #[test]
    fn a_window_past_the_months_end_is_clamped() {
        let window = ReadingWindow::new(25, 31).expect("a window");
        assert_eq!(period_of(window.state(day(2027, 2, 28))), Some("2027-02".into()));
        let edge = ReadingWindow::new(31, 31).expect("a window");
        assert_eq!(period_of(edge.state(day(2027, 2, 28))), Some("2027-02".into()));
        assert_eq!(period_of(edge.state(day(2027, 2, 27))), None);
    }

    proptest! {
        #[test]
        fn every_day_is_open_or_lies_between_two_windows(start in 1_u8..=31, end in 1_u8..=31, offset in 0_i64..1500) {
            let today = day(2026, 1, 1) + chrono::Duration::days(offset);
            match ReadingWindow::new(start, end).expect("days of a month").state(today) {
                WindowState::Open(dates) => prop_assert!(dates.opens <= today && today <= dates.closes),
                WindowState::Closed { last, next } => prop_assert!(last.closes < today && today < next.opens),
            }
        }
    }
}
