//! What happens to a reading that arrives: it is taken, kept until the window opens, or refused.
//!
//! The law's deadline is about when a person read the meter. A reading captured in the window by a sure clock
//! but delivered after it (the line was down) is taken for some days; the number of days is the utility's.

use crate::Period;
use crate::reading_window::{ReadingWindow, WindowDates, WindowState};
use chrono::{Duration, NaiveDate};
use serde::{Deserialize, Serialize};

/// The utility's policy. Dated settings of the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeliveryPolicy {
    /// Whether the window is strict. A soft one only recommends its days.
    pub strict: bool,
    /// Whether readings may be entered before the window opens and be held until then.
    pub early_entry: bool,
    /// For how many days after the window a reading captured in it is still taken.
    pub late_days: u8,
}

/// When a reading was read and when it came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arrival {
    /// The believed day of capture, in the utility's zone.
    pub captured_on: NaiveDate,
    /// Whether that day is sure.
    pub sure: bool,
    /// The day it arrived, in the utility's zone.
    pub received_on: NaiveDate,
    /// Whether the person agreed that it is held until the window opens.
    pub early: bool,
}

/// The decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivery {
    /// Taken for this period.
    Accept {
        /// The billing period.
        period: Period,
        /// Captured in time, delivered after the window.
        late: bool,
    },
    /// Kept, and passed on when the window opens.
    HoldUntil {
        /// The first day of the window.
        opens: NaiveDate,
        /// The billing period.
        period: Period,
    },
    /// Refused: readings are not taken.
    Closed {
        /// The last day of the window that ended.
        closed_on: NaiveDate,
        /// The first day of the next one.
        next_opens: NaiveDate,
        /// Whether it was read in time but came too late.
        too_late: bool,
    },
}

/// Decides about a resident's reading.
pub fn decide(window: ReadingWindow, policy: DeliveryPolicy, arrival: Arrival) -> Delivery {
    let here = window.state(arrival.received_on);
    let captured_on = if arrival.sure { arrival.captured_on.min(arrival.received_on) } else { arrival.received_on };
    let captured_in = match window.state(captured_on) {
        WindowState::Open(dates) => Some(dates),
        WindowState::Closed { .. } => None,
    };
    let in_time =
        |dates: &WindowDates| arrival.received_on <= dates.closes + Duration::days(i64::from(policy.late_days));
    match (here, captured_in) {
        // Read for an earlier window and delivered in a later one: taken for its own month or not at all.
        (WindowState::Open(now), Some(then)) if then.period != now.period => late(then, now.opens, in_time(&then)),
        (WindowState::Open(now), _) => Delivery::Accept { period: now.period, late: false },
        (WindowState::Closed { next, .. }, Some(then)) => late(then, next.opens, in_time(&then)),
        (WindowState::Closed { .. }, None) if !policy.strict => {
            Delivery::Accept { period: Period::of(captured_on), late: false }
        }
        (WindowState::Closed { next, .. }, None) if policy.early_entry && arrival.early => {
            Delivery::HoldUntil { opens: next.opens, period: next.period }
        }
        (WindowState::Closed { last, next }, None) => {
            Delivery::Closed { closed_on: last.closes, next_opens: next.opens, too_late: false }
        }
    }
}

fn late(then: WindowDates, next_opens: NaiveDate, in_time: bool) -> Delivery {
    if in_time {
        Delivery::Accept { period: then.period, late: true }
    } else {
        Delivery::Closed { closed_on: then.closes, next_opens, too_late: true }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, month, day).expect("a date")
    }

    fn october() -> Period {
        Period::new(2026, 10).expect("October")
    }

    const POLICY: DeliveryPolicy = DeliveryPolicy { strict: true, early_entry: true, late_days: 5 };

    fn decide(captured_on: NaiveDate, sure: bool, received_on: NaiveDate, early: bool) -> Delivery {
        let window = ReadingWindow::new(15, 25).expect("a window");
        super::decide(window, POLICY, Arrival { captured_on, sure, received_on, early })
    }

    #[test]
    fn the_line_was_down_on_the_last_evening_and_the_reading_is_still_taken() {
        assert_eq!(decide(day(10, 25), true, day(10, 28), false), Delivery::Accept { period: october(), late: true });
        assert_eq!(decide(day(10, 25), true, day(10, 30), false), Delivery::Accept { period: october(), late: true });
    }

    #[test]
    fn six_days_late_is_too_late_and_says_so() {
        let refused = Delivery::Closed { closed_on: day(10, 25), next_opens: day(11, 15), too_late: true };
        assert_eq!(decide(day(10, 25), true, day(10, 31), false), refused);
    }

    #[test]
    fn an_unsure_clock_cannot_move_a_reading_into_the_window() {
        let refused = Delivery::Closed { closed_on: day(10, 25), next_opens: day(11, 15), too_late: false };
        assert_eq!(decide(day(10, 25), false, day(10, 28), false), refused);
    }

    #[test]
    fn an_early_reading_waits_for_the_window_if_the_person_agreed() {
        let held = Delivery::HoldUntil { opens: day(10, 15), period: october() };
        assert_eq!(decide(day(10, 3), true, day(10, 3), true), held);
        assert!(matches!(decide(day(10, 3), true, day(10, 3), false), Delivery::Closed { .. }));
        // Entered early, but delivered when the window is open.
        assert_eq!(decide(day(10, 3), true, day(10, 16), true), Delivery::Accept { period: october(), late: false });
    }

    #[test]
    fn last_months_reading_is_not_counted_for_this_month() {
        let refused = Delivery::Closed { closed_on: day(9, 25), next_opens: day(10, 15), too_late: true };
        assert_eq!(decide(day(9, 24), true, day(10, 16), false), refused);
    }

    #[test]
    fn a_soft_window_takes_a_reading_on_any_day() {
        let window = ReadingWindow::new(15, 25).expect("a window");
        let arrival = Arrival { captured_on: day(10, 3), sure: true, received_on: day(10, 3), early: false };
        let soft = DeliveryPolicy { strict: false, ..POLICY };
        assert_eq!(super::decide(window, soft, arrival), Delivery::Accept { period: october(), late: false });
    }
}
