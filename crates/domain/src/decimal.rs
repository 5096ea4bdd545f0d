//! Exact decimals of a bill: how much was used and what a unit costs.
//!
//! ГИС ЖКХ gives volumes seven decimals and tariffs six. On the wire both are decimal strings with a point, so that no
//! reader makes a float of them. The limits keep every product of the two within [`Kopecks`].

use crate::Kopecks;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use std::fmt;

/// Why a text or a number is not a decimal of a bill.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DecimalError {
    /// Nothing was entered.
    #[error("the number is empty")]
    Empty,
    /// Letters, two commas, a sign where none belongs.
    #[error("not a decimal number")]
    NotANumber,
    /// More digits than the form has room for.
    #[error("the number has too many digits")]
    TooLong,
}

/// Reads a decimal with a comma or a point into steps of its last place. Zeros before and after are free.
fn parse(text: &str, places: usize, whole_digits: usize) -> Result<i64, DecimalError> {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let (sign, digits) = match text.strip_prefix(['-', '−']) {
        Some(rest) => (-1, rest),
        None => (1, text.as_str()),
    };
    let (whole, decimals) = digits.split_once([',', '.']).unwrap_or((digits, ""));
    if whole.is_empty() && decimals.is_empty() {
        return Err(if text.is_empty() { DecimalError::Empty } else { DecimalError::NotANumber });
    }
    if !whole.bytes().chain(decimals.bytes()).all(|b| b.is_ascii_digit()) {
        return Err(DecimalError::NotANumber);
    }
    let (whole, decimals) = (whole.trim_start_matches('0'), decimals.trim_end_matches('0'));
    if whole.len() > whole_digits || decimals.len() > places {
        return Err(DecimalError::TooLong);
    }
    let steps: i64 = format!("0{whole}{decimals:0<places$}").parse().map_err(|_| DecimalError::TooLong)?;
    Ok(sign * steps)
}

/// With no more decimals than the number needs.
fn write(f: &mut fmt::Formatter<'_>, steps: i64, places: usize) -> fmt::Result {
    let sign = if steps < 0 { "-" } else { "" };
    let digits = format!("{:0>width$}", steps.unsigned_abs(), width = places + 1);
    let (whole, decimals) = digits.split_at(digits.len() - places);
    match decimals.trim_end_matches('0') {
        "" => write!(f, "{sign}{whole}"),
        decimals => write!(f, "{sign}{whole}.{decimals}"),
    }
}

macro_rules! decimal {
    ($(#[$doc:meta])* $name:ident, $places:literal decimals, $whole:literal digits, from $least:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
        #[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(type = "string"))]
        pub struct $name(i64);

        impl $name {
            /// The most digits after the comma.
            pub const PLACES: usize = $places;
            const MOST: i64 = 10_i64.pow($places + $whole) - 1;

            /// Takes steps of the last place, as the databases hold them.
            pub const fn from_steps(steps: i64) -> Result<Self, DecimalError> {
                if steps >= $least && steps <= Self::MOST { Ok(Self(steps)) } else { Err(DecimalError::TooLong) }
            }

            /// Steps of the last place.
            pub const fn steps(self) -> i64 {
                self.0
            }

            /// Reads a decimal with a comma or a point. Exact: more decimals than there is room for are an error.
            pub fn parse(text: &str) -> Result<Self, DecimalError> {
                match parse(text, $places, $whole)? {
                    steps if steps < $least => Err(DecimalError::NotANumber),
                    steps => Ok(Self(steps)),
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write(f, self.0, $places)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Self::parse(&std::borrow::Cow::<'de, str>::deserialize(deserializer)?).map_err(D::Error::custom)
            }
        }
    };
}

decimal! {
    /// How much of a service was used, in its unit, to seven decimals. Negative where a bill takes volume back (ОДН).
    Volume, 7 decimals, 8 digits, from -Self::MOST
}
decimal! {
    /// What one unit of a service costs, in roubles, to six decimals: 2188.914053 ₽ for a Гкал.
    LineRate, 6 decimals, 7 digits, from 0
}

impl Volume {
    /// As bills print it: with a comma, «4,215».
    pub fn printed(self) -> String {
        self.to_string().replace('.', ",")
    }
}

impl LineRate {
    /// As bills print it: with a comma and at least the kopecks, «186,40».
    pub fn printed(self) -> String {
        let text = self.to_string().replace('.', ",");
        let (roubles, decimals) = text.split_once(',').unwrap_or((&text, ""));
        format!("{roubles},{decimals:0<2}")
    }

    /// What `volume` costs, rounded to a kopeck, half a kopeck away from zero, as bookkeeping does.
    pub fn cost(self, volume: Volume) -> Kopecks {
        /// Steps of the product (10⁻¹³ ₽) in one kopeck.
        const PER_KOPECK: i128 = 10_i128.pow(11);
        let exact = i128::from(self.0) * i128::from(volume.0);
        let rounded = (exact.abs() + PER_KOPECK / 2) / PER_KOPECK * exact.signum();
        Kopecks(i64::try_from(rounded).expect("both factors are limited so that the product fits"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tariff_never_loses_its_kopecks() {
        let printed = |text| LineRate::parse(text).expect("a tariff").printed();
        assert_eq!([printed("186.4"), printed("4.335"), printed("27")], ["186,40", "4,335", "27,00"]);
    }
    use proptest::prelude::*;

    #[test]
    fn a_cost_is_rounded_half_away_from_zero() {
        let cost = |price: &str, volume: &str| {
            LineRate::parse(price).expect("a price").cost(Volume::parse(volume).expect("a volume")).0
        };
        assert_eq!(cost("32,85", "7,486"), 24_592); // 245.9151
        assert_eq!(cost("4.335", "1"), 434);
        assert_eq!(cost("4.335", "-1"), -434);
        assert_eq!(cost("2188.914053", "1.5684321"), 343_316); // 3433.1630…
        assert_eq!(cost("0", "7"), 0);
    }

    #[test]
    fn the_largest_bill_still_fits() {
        let (price, volume) = (LineRate::parse("9999999.999999"), Volume::parse("99999999.9999999"));
        assert_eq!(price.expect("a price").cost(volume.expect("a volume")), Kopecks(99_999_999_999_989_900));
    }

    #[test]
    fn a_guess_is_never_made() {
        for text in ["1,2,3", "-", ",", "1e3", "сто", "+5", "--1"] {
            assert_eq!(Volume::parse(text), Err(DecimalError::NotANumber), "{text}");
        }
        assert_eq!(Volume::parse(" "), Err(DecimalError::Empty));
        assert_eq!(LineRate::parse("-1"), Err(DecimalError::NotANumber));
        assert_eq!(LineRate::parse("1.2345678"), Err(DecimalError::TooLong));
        assert_eq!(Volume::parse("100000000"), Err(DecimalError::TooLong));
        assert_eq!(LineRate::from_steps(-1), Err(DecimalError::TooLong));
    }

    proptest! {
        #[test]
        fn numbers_survive_text_and_json(volume in -999_999_999_999_999_i64..=999_999_999_999_999, price in 0_i64..10_000_000_000_000) {
            let (volume, price) = (Volume::from_steps(volume).expect("fits"), LineRate::from_steps(price).expect("fits"));
            prop_assert_eq!(Volume::parse(&volume.to_string()), Ok(volume));
            prop_assert_eq!(LineRate::parse(&price.to_string().replace('.', ",")), Ok(price));
            let json = serde_json::to_string(&(volume, price)).expect("strings");
            prop_assert_eq!(serde_json::from_str::<(Volume, LineRate)>(&json).expect("read back"), (volume, price));
        }
    }
}
