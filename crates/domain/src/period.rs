//! Billing periods: calendar months.

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A calendar month, `2026-10`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(type = "string"))]
#[serde(try_from = "String", into = "String")]
pub struct Period {
    year: i32,
    month: u8,
}

/// The text or the numbers are not a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a calendar month")]
pub struct PeriodError;

impl Period {
    /// The month `month` (1–12) of a year from 2000 to 2199.
    pub fn new(year: i32, month: u8) -> Result<Self, PeriodError> {
        if (2000..2200).contains(&year) && (1..=12).contains(&month) {
            Ok(Self { year, month })
        } else {
            Err(PeriodError)
        }
    }

    /// The month of a date.
    pub fn of(date: NaiveDate) -> Self {
        Self { year: date.year(), month: u8::try_from(date.month()).unwrap_or(1) }
    }

    /// Reads the registries' `ММГГ`, `1026` is October 2026.
    pub fn parse_mmyy(text: &str) -> Result<Self, PeriodError> {
        if text.len() != 4 || !text.bytes().all(|b| b.is_ascii_digit()) {
            return Err(PeriodError);
        }
        let month = text[..2].parse().map_err(|_| PeriodError)?;
        let year: i32 = text[2..].parse().map_err(|_| PeriodError)?;
        Self::new(2000 + year, month)
    }

    /// The registries' `ММГГ`.
    pub fn to_mmyy(self) -> String {
        format!("{:02}{:02}", self.month, self.year % 100)
    }

    /// The year.
    pub const fn year(self) -> i32 {
        self.year
    }

    /// The month, 1–12.
    pub const fn month(self) -> u8 {
        self.month
    }

    /// The month after this one.
    pub const fn next(self) -> Self {
        if self.month == 12 {
            Self { year: self.year + 1, month: 1 }
        } else {
            Self { year: self.year, month: self.month + 1 }
        }
    }

    /// The month before this one.
    pub const fn previous(self) -> Self {
        if self.month == 1 {
            Self { year: self.year - 1, month: 12 }
        } else {
            Self { year: self.year, month: self.month - 1 }
        }
    }

    /// How many days the month has.
    pub fn days(self) -> u8 {
        match self.month {
            4 | 6 | 9 | 11 => 30,
            2 if NaiveDate::from_ymd_opt(self.year, 2, 29).is_some() => 29,
            2 => 28,
            _ => 31,
        }
    }

    /// The date of `day`, clamped to the month's length: the 31st of February is its last day.
    pub fn day_clamped(self, day: u8) -> NaiveDate {
        let day = day.clamp(1, self.days());
        NaiveDate::from_ymd_opt(self.year, u32::from(self.month), u32::from(day))
            .expect("a day clamped to the month's length exists, and the year was checked")
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

impl TryFrom<String> for Period {
    type Error = PeriodError;
    fn try_from(text: String) -> Result<Self, PeriodError> {
        let (year, month) = text.split_once('-').ok_or(PeriodError)?;
        Self::new(year.parse().map_err(|_| PeriodError)?, month.parse().map_err(|_| PeriodError)?)
    }
}

impl From<Period> for String {
    fn from(period: Period) -> Self {
        period.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn registries_and_json_name_the_same_month() {
        let october = Period::parse_mmyy("1026").expect("October");
        assert_eq!(october.to_string(), "2026-10");
        assert_eq!(october.to_mmyy(), "1026");
        assert_eq!(Period::try_from("2026-10".to_owned()), Ok(october));
        for wrong in ["1326", "0026", "10.26", "102026"] {
            assert!(Period::parse_mmyy(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_day_past_the_end_is_the_last_day() {
        let february = Period::new(2027, 2).expect("February");
        assert_eq!(february.day_clamped(31), NaiveDate::from_ymd_opt(2027, 2, 28).expect("a date"));
        assert_eq!(Period::new(2028, 2).expect("leap").days(), 29);
        assert_eq!(Period::new(2026, 12).expect("December").next().previous().to_string(), "2026-12");
    }
}
