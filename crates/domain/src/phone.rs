//! Telephone numbers, which are also logins (manual §1: «в формате +7XXXXXXXXXX»).

use serde::{Deserialize, Serialize};
use std::fmt;

/// A Russian mobile number in the form `+79XXXXXXXXX`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Phone(String);

/// Why a text is not a phone number we can call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PhoneError {
    /// Nothing was entered.
    #[error("the phone number is empty")]
    Empty,
    /// Not eleven digits.
    #[error("a phone number has eleven digits")]
    Length,
    /// Not a Russian mobile number: the robot calls only `+79…`.
    #[error("not a Russian mobile number")]
    NotMobile,
}

impl Phone {
    /// Reads what people type: `8 (900) 000-12-34`, `+7 900 000 12 34`, `9000001234`.
    pub fn parse(text: &str) -> Result<Self, PhoneError> {
        let mut digits: String = text.chars().filter(char::is_ascii_digit).collect();
        if digits.is_empty() {
            return Err(PhoneError::Empty);
        }
        if digits.len() == 10 && digits.starts_with('9') {
            digits.insert(0, '7');
        } else if digits.len() == 11 && digits.starts_with('8') {
            digits.replace_range(..1, "7");
        }
        if digits.len() != 11 {
            return Err(PhoneError::Length);
        }
        if !digits.starts_with("79") {
            return Err(PhoneError::NotMobile);
        }
        Ok(Self(format!("+{digits}")))
    }

    /// The canonical form, `+79000001234`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// For people: `+7 900 000-12-34`.
    pub fn pretty(&self) -> String {
        let d = &self.0;
        format!("+7 {} {}-{}-{}", &d[2..5], &d[5..8], &d[8..10], &d[10..12])
    }
}

impl TryFrom<String> for Phone {
    type Error = PhoneError;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<Phone> for String {
    fn from(phone: Phone) -> Self {
        phone.0
    }
}

impl fmt::Display for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A phone number is personal data: logs show only its last two digits.
impl fmt::Debug for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Phone(…{})", &self.0[10..])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_people_type_a_number_gives_one_login() {
        for text in ["+79000001234", "8 (900) 000-12-34", "9000001234", "+7 900 000 12 34", "7-900-000-12-34"] {
            assert_eq!(Phone::parse(text).expect(text).as_str(), "+79000001234");
        }
    }

    #[test]
    fn what_the_robot_cannot_call_is_refused_with_the_reason() {
        assert_eq!(Phone::parse(" "), Err(PhoneError::Empty));
        assert_eq!(Phone::parse("8 900 000 12 3"), Err(PhoneError::Length));
        assert_eq!(Phone::parse("+7 8352 00 01 12"), Err(PhoneError::NotMobile));
        assert_eq!(Phone::parse("+380 44 123 45 67"), Err(PhoneError::Length));
    }

    #[test]
    fn a_log_never_shows_the_whole_number() {
        let phone = Phone::parse("+79000001234").expect("a sample number");
        assert_eq!(format!("{phone:?}"), "Phone(…34)");
        assert_eq!(phone.pretty(), "+7 900 000-12-34");
    }
}
