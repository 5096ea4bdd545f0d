//! Until when the utility has to do what (ПП РФ 416 п. 13–14, ПГ 170 прил. 2), as terms that the utility may set.

use crate::working_time::Calendar;
use chrono::{DateTime, Duration, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

/// What has to be done by then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Duty {
    /// The person is told what will be done and when (п. 14: 30 minutes).
    Inform,
    /// The damage is stopped (п. 13: 30 minutes; a blocked sewer 2 hours).
    Localise,
    /// All is done.
    Finish,
}

/// How long a duty may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Term {
    /// By the clock, day and night.
    Minutes(u32),
    /// By the clock, but the minutes of the night are not counted (a blocked refuse chute: not before 8:00 and not
    /// after 23:00).
    DaytimeMinutes {
        /// How many.
        minutes: u32,
        /// The day begins.
        from: NaiveTime,
        /// The day ends.
        to: NaiveTime,
    },
    /// The end of the last of so many working days; the day of registration is not counted.
    WorkingDays(u16),
}

/// One duty with its term.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DutyTerm {
    /// What.
    pub duty: Duty,
    /// How long.
    pub term: Term,
}

/// How close a deadline is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Urgency {
    /// More than half of the term is left.
    Calm,
    /// Less than a quarter of the term is left.
    Soon,
    /// It has passed.
    Overdue,
}

impl Term {
    /// When the term of something registered at `from` ends. Days and nights are those of the utility's zone.
    pub fn ends(self, from: DateTime<Utc>, zone: Tz, calendar: &Calendar) -> DateTime<Utc> {
        match self {
            Self::Minutes(minutes) => from + Duration::minutes(i64::from(minutes)),
            Self::DaytimeMinutes { minutes, from: opens, to: closes } if opens < closes => {
                daytime(from, i64::from(minutes), zone, opens, closes)
            }
            // A day without hours would never end the term.
            Self::DaytimeMinutes { minutes, .. } => from + Duration::minutes(i64::from(minutes)),
            Self::WorkingDays(days) => {
                let last = calendar.add_working_days(from.with_timezone(&zone).date_naive(), days);
                midnight(zone, last + chrono::Days::new(1))
            }
        }
    }
}

/// How close `due` is at `now`, of something registered at `from`.
pub fn urgency(from: DateTime<Utc>, due: DateTime<Utc>, now: DateTime<Utc>) -> Urgency {
    let (whole, left) = (due - from, due - now);
    if left < Duration::zero() {
        Urgency::Overdue
    } else if left * 4 < whole {
        Urgency::Soon
    } else {
        Urgency::Calm
    }
}

fn daytime(from: DateTime<Utc>, minutes: i64, zone: Tz, opens: NaiveTime, closes: NaiveTime) -> DateTime<Utc> {
    let mut left = Duration::minutes(minutes);
    let mut at = from;
    loop {
        let day = at.with_timezone(&zone).date_naive();
        let (start, end) = (moment(zone, day.and_time(opens)), moment(zone, day.and_time(closes)));
        at = at.max(start);
        if at + left <= end {
            return at + left;
        }
        if at < end {
            left -= end - at;
        }
        at = midnight(zone, day + chrono::Days::new(1));
    }
}

fn midnight(zone: Tz, day: chrono::NaiveDate) -> DateTime<Utc> {
    moment(zone, day.and_time(NaiveTime::MIN))
}

/// A local time as a moment; one that the clocks skip is taken as if they had not been moved.
fn moment(zone: Tz, local: chrono::NaiveDateTime) -> DateTime<Utc> {
    let found = zone.from_local_datetime(&local).earliest();
    found.map_or_else(|| local.and_utc() - zone_offset(zone, local), |at| at.with_timezone(&Utc))
}

fn zone_offset(zone: Tz, local: chrono::NaiveDateTime) -> Duration {
    use chrono::Offset;
    let offset = zone.offset_from_utc_datetime(&(local - Duration::days(1))).fix();
    Duration::seconds(i64::from(offset.local_minus_utc()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::NaiveDate;
    use proptest::prelude::*;

    const ZONE: Tz = chrono_tz::Europe::Moscow;

    fn at(day: u32, hour: u32, minute: u32) -> DateTime<Utc> {
        let local = NaiveDate::from_ymd_opt(2026, 10, day).and_then(|day| day.and_hms_opt(hour, minute, 0));
        moment(ZONE, local.expect("a time"))
    }

    fn chute() -> Term {
        let hour = |hour| NaiveTime::from_hms_opt(hour, 0, 0).expect("an hour");
        Term::DaytimeMinutes { minutes: 120, from: hour(8), to: hour(23) }
    }

    #[test]
    fn an_emergency_runs_by_the_clock_at_night_too() {
        assert_eq!(Term::Minutes(30).ends(at(20, 23, 50), ZONE, &Calendar::default()), at(21, 0, 20));
    }

    #[test]
    fn a_refuse_chute_is_not_cleared_at_night() {
        let ends = |from| chute().ends(from, ZONE, &Calendar::default());
        assert_eq!(ends(at(20, 10, 0)), at(20, 12, 0));
        assert_eq!(ends(at(20, 3, 0)), at(20, 10, 0));
        assert_eq!(ends(at(20, 22, 0)), at(21, 9, 0));
        assert_eq!(ends(at(20, 23, 30)), at(21, 10, 0));
        assert_eq!(ends(at(20, 21, 0)), at(20, 23, 0));
    }

    #[test]
    fn ten_working_days_end_with_the_last_of_them() {
        // Tuesday the 20th; the tenth working day is Tuesday the 3rd, and Wednesday the 4th is a holiday.
        let due = Term::WorkingDays(10).ends(at(20, 15, 0), ZONE, &Calendar::default());
        assert_eq!(due.with_timezone(&ZONE).to_rfc3339(), "2026-11-04T00:00:00+03:00");
    }

    #[test]
    fn a_deadline_is_called_soon_in_its_last_quarter() {
        let (from, due) = (at(20, 10, 0), at(20, 12, 0));
        assert_eq!(urgency(from, due, at(20, 11, 29)), Urgency::Calm);
        assert_eq!(urgency(from, due, at(20, 11, 31)), Urgency::Soon);
        assert_eq!(urgency(from, due, at(20, 12, 0)), Urgency::Soon);
        assert_eq!(urgency(from, due, at(20, 12, 1)), Urgency::Overdue);
    }

    proptest! {
        #[test]
        fn a_daytime_term_ends_by_day_and_counts_every_minute_of_it(start in 0_i64..20_000, minutes in 1_u32..4000) {
            let hour = |hour| NaiveTime::from_hms_opt(hour, 0, 0).expect("an hour");
            let from = at(1, 0, 0) + Duration::minutes(start);
            let term = Term::DaytimeMinutes { minutes, from: hour(8), to: hour(23) };
            let due = term.ends(from, ZONE, &Calendar::default());
            let by_day = |minute: &i64| {
                let time = (from + Duration::minutes(*minute)).with_timezone(&ZONE).time();
                time >= hour(8) && time < hour(23)
            };
            let counted = (0..(due - from).num_minutes()).filter(by_day).count();
            prop_assert_eq!(counted, minutes as usize);
        }
    }
}
