//! When readings of a meter are taken, and whether one can be entered now.

use super::picture::RulesOf;
use crate::view::WindowView;
use chrono::NaiveDate;
use domain::reading_delivery::{Arrival, Delivery, decide};
use domain::{Period, WindowState};

/// The window as a person sees it on `today`.
pub(crate) fn window_view(rules: &RulesOf<'_>, today: NaiveDate) -> WindowView {
    let state = rules.window.state(today);
    let (open, dates, closed_on, days) = match state {
        WindowState::Open(dates) => (true, dates, None, dates.days_left(today)),
        WindowState::Closed { last, next } => (false, next, Some(last.closes), (next.opens - today).num_days()),
    };
    WindowView {
        open,
        period: period_now(rules, today),
        opens: dates.opens,
        closes: dates.closes,
        days: u32::try_from(days).unwrap_or(0),
        closed_on,
        start_day: rules.window.start_day(),
        end_day: rules.window.end_day(),
        notice: rules.notice.to_owned(),
        early_allowed: !open && rules.policy.strict && rules.policy.early_entry,
    }
}

/// The period for which a reading that is entered on `day` counts; when readings are not taken, the next one.
pub(crate) fn period_now(rules: &RulesOf<'_>, day: NaiveDate) -> Period {
    match entered_on(rules, day, true) {
        Delivery::Accept { period, .. } | Delivery::HoldUntil { period, .. } => period,
        Delivery::Closed { .. } => match rules.window.state(day) {
            WindowState::Open(dates) | WindowState::Closed { next: dates, .. } => dates.period,
        },
    }
}

/// What becomes of a reading that is entered on `day` and arrives at once.
pub(crate) fn entered_on(rules: &RulesOf<'_>, day: NaiveDate, early: bool) -> Delivery {
    decide(rules.window, rules.policy, Arrival { captured_on: day, sure: true, received_on: day, early })
}
