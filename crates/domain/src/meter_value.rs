//! Values of meters, as exact decimals.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use std::fmt;

/// Ten-thousandths of the meter's unit: heat meters show four decimals, everything else fewer.
///
/// On the wire it is a decimal string with a point, `"460.604"`, so that no reader makes a float of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(type = "string"))]
pub struct MeterValue(i64);

/// How many of [`MeterValue`]'s steps make one unit.
pub const STEPS_PER_UNIT: i64 = 10_000;
/// The most decimals a value can hold.
pub const MAX_DECIMALS: u8 = 4;

/// Why a text is not a meter's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MeterValueError {
    /// Nothing was entered.
    #[error("the value is empty")]
    Empty,
    /// Letters, signs or two commas.
    #[error("the value has something other than digits and one comma")]
    NotANumber,
    /// More than twelve digits before the comma or four after it.
    #[error("the value has too many digits")]
    TooLong,
}

impl MeterValue {
    /// Zero, what a new meter shows.
    pub const ZERO: Self = Self(0);

    /// Takes steps of a ten-thousandth, as the databases hold it.
    pub const fn from_steps(steps: i64) -> Self {
        Self(steps)
    }

    /// Steps of a ten-thousandth.
    pub const fn steps(self) -> i64 {
        self.0
    }

    /// Reads a non-negative decimal with a comma or a point. Zeros before and after are free.
    pub fn parse(text: &str) -> Result<Self, MeterValueError> {
        let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        if text.is_empty() {
            return Err(MeterValueError::Empty);
        }
        let (whole, decimals) = text.split_once([',', '.']).unwrap_or((&text, ""));
        let is_digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        if !is_digits(whole) || !is_digits(decimals) || (whole.is_empty() && decimals.is_empty()) {
            return Err(MeterValueError::NotANumber);
        }
        let whole = whole.trim_start_matches('0');
        let decimals = decimals.trim_end_matches('0');
        if whole.len() > 12 || decimals.len() > usize::from(MAX_DECIMALS) {
            return Err(MeterValueError::TooLong);
        }
        let units: i64 = if whole.is_empty() { 0 } else { whole.parse().map_err(|_| MeterValueError::TooLong)? };
        let steps: i64 = format!("{decimals:0<4}").parse().map_err(|_| MeterValueError::NotANumber)?;
        Ok(Self(units * STEPS_PER_UNIT + steps))
    }

    /// With exactly `decimals` digits after `separator`; further digits are cut, not rounded (a meter never rounds up).
    pub fn format(self, decimals: u8, separator: char) -> String {
        let sign = if self.0 < 0 { "-" } else { "" };
        let abs = self.0.unsigned_abs();
        let (whole, rest) = (abs / 10_000, abs % 10_000);
        let rest = format!("{rest:04}");
        let decimals = usize::from(decimals.min(MAX_DECIMALS));
        if decimals == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}{separator}{}", &rest[..decimals]) }
    }

    /// How many digits after the comma the value needs.
    pub fn decimals_used(self) -> u8 {
        let mut rest = self.0.unsigned_abs() % 10_000;
        let mut used = MAX_DECIMALS;
        while used > 0 && rest.is_multiple_of(10) {
            rest /= 10;
            used -= 1;
        }
        used
    }
}

impl fmt::Display for MeterValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.format(self.decimals_used(), '.'))
    }
}

impl Serialize for MeterValue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for MeterValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        match text.strip_prefix('-') {
            Some(rest) => Self::parse(rest).map(|value| Self(-value.0)),
            None => Self::parse(&text),
        }
        .map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn comma_and_point_are_the_same() {
        assert_eq!(MeterValue::parse("00460,604"), MeterValue::parse("460.6040"));
        assert_eq!(MeterValue::parse("460,604").expect("a value").steps(), 4_606_040);
        assert_eq!(MeterValue::parse(",5").expect("a value").steps(), 5_000);
    }

    #[test]
    fn letters_signs_and_extra_commas_are_refused() {
        for text in ["46O", "-5", "1,2,3", "1e5", ",", "12а"] {
            assert_eq!(MeterValue::parse(text), Err(MeterValueError::NotANumber), "{text}");
        }
        assert_eq!(MeterValue::parse("  "), Err(MeterValueError::Empty));
        assert_eq!(MeterValue::parse("1,23456"), Err(MeterValueError::TooLong));
        assert_eq!(MeterValue::parse("1234567890123"), Err(MeterValueError::TooLong));
    }

    #[test]
    fn digits_are_cut_and_never_rounded_up() {
        let value = MeterValue::parse("460,6049").expect("a value");
        assert_eq!(value.format(3, ','), "460,604");
        assert_eq!(value.format(0, ','), "460");
    }

    proptest! {
        #[test]
        fn a_value_survives_text_and_json(steps in 0_i64..10_i64.pow(16)) {
            let value = MeterValue::from_steps(steps);
            prop_assert_eq!(MeterValue::parse(&value.to_string()), Ok(value));
            let json = serde_json::to_string(&value).expect("a string");
            prop_assert_eq!(serde_json::from_str::<MeterValue>(&json).expect("read back"), value);
        }
    }
}
