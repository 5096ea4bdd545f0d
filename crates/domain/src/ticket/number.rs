//! The number under which the emergency service registered a ticket: a counter of its own for each year.

use serde::{Deserialize, Serialize};
use std::fmt;

/// `5107` of 2026. In the window the year is shown only where two years meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct TicketNumber {
    /// The year of registration in the utility's zone.
    pub year: i32,
    /// From 1, without gaps.
    pub number: u32,
}

/// As in the journal: `5107/2026`.
impl fmt::Display for TicketNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.number, self.year)
    }
}

impl TicketNumber {
    /// Reads what somebody types into a search: `5107`, `№ 5107`, `5107/2026`. Without a year it is of `this_year`.
    pub fn parse(text: &str, this_year: i32) -> Option<Self> {
        let text = text.trim().trim_start_matches('№').trim_start();
        let (number, year) = match text.split_once('/') {
            Some((number, year)) => (number, year.trim().parse().ok().filter(|year| (2000..=9999).contains(year))?),
            None => (text, this_year),
        };
        let number = number.trim().parse().ok().filter(|number| *number > 0)?;
        Some(Self { year, number })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_found_as_people_write_it() {
        let ours = Some(TicketNumber { year: 2026, number: 5107 });
        for text in ["5107", " № 5107 ", "№5107/2026", "5107/2026"] {
            assert_eq!(TicketNumber::parse(text, 2026), ours, "{text}");
        }
        assert_eq!(TicketNumber::parse("5107/2025", 2026).map(|it| it.year), Some(2025));
    }

    #[test]
    fn what_is_no_number_is_none() {
        for text in ["", "№", "0", "-5", "51a7", "5107/", "5107/26", "99999999999"] {
            assert_eq!(TicketNumber::parse(text, 2026), None, "{text}");
        }
    }
}
