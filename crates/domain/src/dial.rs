//! The face of a meter: how many digits it shows before and after the comma.

use crate::meter_value::{MAX_DECIMALS, MeterValue, MeterValueError, STEPS_PER_UNIT};
use serde::{Deserialize, Serialize};

/// «Разрядность»: integer digits 1–10, decimals 0–4.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(try_from = "RawDial")]
pub struct Dial {
    digits: u8,
    decimals: u8,
}

#[derive(Deserialize)]
struct RawDial {
    digits: u8,
    decimals: u8,
}

/// No meter has such a face.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a meter has 1 to 10 digits before the comma and 0 to 4 after it")]
pub struct DialError;

/// Why an entered text does not fit the meter's face.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EntryError {
    /// Nothing was entered.
    #[error("nothing was entered")]
    Empty,
    /// Letters or other signs.
    #[error("only digits and one comma can be entered")]
    NotANumber,
    /// More digits before the comma than the meter shows.
    #[error("the meter shows {shows} digits before the comma")]
    TooManyDigits {
        /// What the meter shows.
        shows: u8,
    },
    /// More digits after the comma than the meter shows.
    #[error("the meter shows {shows} digits after the comma")]
    TooManyDecimals {
        /// What the meter shows.
        shows: u8,
    },
}

impl Dial {
    /// A face with `digits` before the comma and `decimals` after it.
    pub fn new(digits: u8, decimals: u8) -> Result<Self, DialError> {
        if (1..=10).contains(&digits) && decimals <= MAX_DECIMALS {
            Ok(Self { digits, decimals })
        } else {
            Err(DialError)
        }
    }

    /// Digits before the comma.
    pub const fn digits(self) -> u8 {
        self.digits
    }

    /// Digits after the comma.
    pub const fn decimals(self) -> u8 {
        self.decimals
    }

    /// Where the meter passes through zero: 10^digits, in steps.
    pub const fn capacity_steps(self) -> i64 {
        10_i64.pow(self.digits as u32) * STEPS_PER_UNIT
    }

    /// Whether the meter can show this value.
    pub fn holds(self, value: MeterValue) -> bool {
        (0..self.capacity_steps()).contains(&value.steps()) && value.decimals_used() <= self.decimals
    }

    /// Reads what a person copied from the meter.
    pub fn read(self, text: &str) -> Result<MeterValue, EntryError> {
        let too_many_decimals = EntryError::TooManyDecimals { shows: self.decimals };
        let too_many_digits = EntryError::TooManyDigits { shows: self.digits };
        let decimals_typed = text.split_once([',', '.']).map_or("", |(_, rest)| rest);
        if decimals_typed.trim_end_matches('0').bytes().filter(u8::is_ascii_digit).count() > usize::from(self.decimals)
        {
            return Err(too_many_decimals);
        }
        let value = MeterValue::parse(text).map_err(|error| match error {
            MeterValueError::Empty => EntryError::Empty,
            MeterValueError::NotANumber => EntryError::NotANumber,
            MeterValueError::TooLong => too_many_digits,
        })?;
        if value.steps() >= self.capacity_steps() {
            return Err(too_many_digits);
        }
        Ok(value)
    }

    /// As the drums show it: leading zeros, decimal comma, `00460,604`.
    pub fn show(self, value: MeterValue) -> String {
        let text = value.format(self.decimals, ',');
        let width = usize::from(self.digits) + if self.decimals > 0 { 1 + usize::from(self.decimals) } else { 0 };
        format!("{text:0>width$}")
    }
}

impl TryFrom<RawDial> for Dial {
    type Error = DialError;
    fn try_from(raw: RawDial) -> Result<Self, DialError> {
        Self::new(raw.digits, raw.decimals)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn water() -> Dial {
        Dial::new(5, 3).expect("a water meter")
    }

    #[test]
    fn one_digit_too_many_says_how_many_the_meter_shows() {
        assert_eq!(water().read("100460,604"), Err(EntryError::TooManyDigits { shows: 5 }));
        assert_eq!(water().read("460,6041"), Err(EntryError::TooManyDecimals { shows: 3 }));
        assert_eq!(
            Dial::new(6, 0).expect("electricity").read("14208,5"),
            Err(EntryError::TooManyDecimals { shows: 0 })
        );
        assert_eq!(Dial::new(6, 0).expect("electricity").read("14208,0").map(MeterValue::steps), Ok(142_080_000));
    }

    #[test]
    fn letters_are_not_digits() {
        assert_eq!(water().read("46O,604"), Err(EntryError::NotANumber));
        assert_eq!(water().read(""), Err(EntryError::Empty));
    }

    #[test]
    fn drums_show_leading_zeros() {
        let value = water().read("460.604").expect("a value");
        assert_eq!(water().show(value), "00460,604");
        assert_eq!(Dial::new(6, 0).expect("electricity").show(value), "000460");
    }
}
