//! Money. A sum is a whole number of kopecks; there are no floats in it anywhere.

use serde::{Deserialize, Serialize};
use std::ops::{Add, Neg, Sub};

/// A sum in kopecks; negative is an overpayment where a debt is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(type = "number"))]
#[serde(transparent)]
pub struct Kopecks(pub i64);

/// Why a text is not a sum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KopecksError {
    /// Nothing was entered.
    #[error("the sum is empty")]
    Empty,
    /// Not a number of roubles with at most two digits after the comma.
    #[error("not a sum in roubles")]
    NotASum,
    /// More than the format's ten digits of roubles.
    #[error("the sum is too large")]
    TooLarge,
}

impl Kopecks {
    /// Reads roubles with a comma or a point: `3 456,78`, `3456.7`, `-120`. Exact; more than two decimals is an error.
    pub fn parse_roubles(text: &str) -> Result<Self, KopecksError> {
        let text: String = text.chars().filter(|c| !c.is_whitespace() && *c != '₽').collect();
        if text.is_empty() {
            return Err(KopecksError::Empty);
        }
        let (negative, digits) = match text.strip_prefix(['-', '−']) {
            Some(rest) => (true, rest),
            None => (false, text.as_str()),
        };
        let (whole, cents) = digits.split_once([',', '.']).unwrap_or((digits, ""));
        let is_digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || !is_digits(whole) || !is_digits(cents) || cents.len() > 2 {
            return Err(KopecksError::NotASum);
        }
        if whole.len() > 10 {
            return Err(KopecksError::TooLarge);
        }
        let roubles: i64 = whole.parse().map_err(|_| KopecksError::TooLarge)?;
        let cents: i64 = format!("{cents:0<2}").parse().map_err(|_| KopecksError::NotASum)?;
        let sum = roubles * 100 + cents;
        Ok(Self(if negative { -sum } else { sum }))
    }

    /// Roubles with a decimal comma and no grouping, as registries want it: `3456,78`.
    pub fn to_registry(self) -> String {
        let sign = if self.0 < 0 { "-" } else { "" };
        let abs = self.0.unsigned_abs();
        format!("{sign}{},{:02}", abs / 100, abs % 100)
    }
}

impl Add for Kopecks {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl Sub for Kopecks {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl Neg for Kopecks {
    type Output = Self;
    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl std::iter::Sum for Kopecks {
    fn sum<I: Iterator<Item = Self>>(sums: I) -> Self {
        sums.fold(Self(0), Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn comma_point_and_spaces_are_one_sum() {
        for text in ["3456,78", "3456.78", "3 456,78 ₽", "3\u{a0}456,78"] {
            assert_eq!(Kopecks::parse_roubles(text), Ok(Kopecks(345_678)), "{text}");
        }
        assert_eq!(Kopecks::parse_roubles("-0,5"), Ok(Kopecks(-50)));
    }

    #[test]
    fn a_guess_is_never_made() {
        for text in ["12,345", "1,2,3", "сто", "1e3", ",5", "--1"] {
            assert!(Kopecks::parse_roubles(text).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_sum_survives_a_registry(sum in -9_999_999_999_i64..=9_999_999_999) {
            prop_assert_eq!(Kopecks::parse_roubles(&Kopecks(sum).to_registry()), Ok(Kopecks(sum)));
        }
    }
}
