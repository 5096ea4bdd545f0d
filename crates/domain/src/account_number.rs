//! The number of a personal account, as printed on the bill.

use serde::{Deserialize, Serialize};
use std::fmt;

/// 4 to 13 digits; leading zeros belong to the number (P4 of the exchange formats has room for 13).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AccountNumber(String);

/// Why a text is not an account number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AccountNumberError {
    /// Nothing was entered.
    #[error("the account number is empty")]
    Empty,
    /// Something other than digits, spaces and dashes.
    #[error("an account number consists of digits")]
    NotDigits,
    /// Fewer than 4 or more than 13 digits.
    #[error("an account number has 4 to 13 digits")]
    Length,
}

impl AccountNumber {
    /// Reads a number; spaces, dashes and a leading `№` are how people copy it from paper.
    pub fn parse(text: &str) -> Result<Self, AccountNumberError> {
        let text = text.trim().trim_start_matches('№');
        let digits: String = text.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
        if digits.is_empty() {
            return Err(AccountNumberError::Empty);
        }
        if !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(AccountNumberError::NotDigits);
        }
        if !(4..=13).contains(&digits.len()) {
            return Err(AccountNumberError::Length);
        }
        Ok(Self(digits))
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for AccountNumber {
    type Error = AccountNumberError;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<AccountNumber> for String {
    fn from(number: AccountNumber) -> Self {
        number.0
    }
}

impl fmt::Display for AccountNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copied_from_paper_or_typed_it_is_the_same_number() {
        for text in ["2140183572", " № 2140 183 572", "2140-183-572"] {
            assert_eq!(AccountNumber::parse(text).expect(text).as_str(), "2140183572");
        }
        assert_eq!(AccountNumber::parse("0012345").expect("zeros lead").as_str(), "0012345");
    }

    #[test]
    fn letters_and_wrong_lengths_are_refused() {
        assert_eq!(AccountNumber::parse("70АА123456"), Err(AccountNumberError::NotDigits));
        assert_eq!(AccountNumber::parse("12"), Err(AccountNumberError::Length));
        assert_eq!(AccountNumber::parse("12345678901234"), Err(AccountNumberError::Length));
        assert_eq!(AccountNumber::parse("№"), Err(AccountNumberError::Empty));
    }
}
