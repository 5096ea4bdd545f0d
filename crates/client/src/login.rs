//! Who somebody says they are when they sign in: a resident by phone, the staff by what the utility gave them.

use domain::Phone;
use domain::phone::PhoneError;
use std::fmt;

/// The longest login of the staff, in characters.
const LONGEST: usize = 40;

/// A login. The server reads what is typed in the same way.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Login {
    /// A resident's phone.
    Phone(Phone),
    /// What the utility gave to its staff: Latin letters, digits, `.`, `-` and `_`, in small letters, at least one letter.
    Staff(String),
}

impl Login {
    /// Reads what was typed. A phone has no letter, so the two are never mixed up.
    pub(crate) fn parse(text: &str) -> Result<Self, PhoneError> {
        let wrong = match Phone::parse(text) {
            Ok(phone) => return Ok(Self::Phone(phone)),
            Err(wrong) => wrong,
        };
        let login = text.trim().to_ascii_lowercase();
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
        let fits = login.len() <= LONGEST && login.contains(|c: char| c.is_ascii_alphabetic());
        if fits && login.chars().all(allowed) {
            return Ok(Self::Staff(login));
        }
        // Without a digit it is no phone, but it is not nothing either.
        Err(if wrong == PhoneError::Empty && !login.is_empty() { PhoneError::Length } else { wrong })
    }

    /// As it goes to the server.
    pub(crate) fn as_str(&self) -> &str {
        match self {
            Self::Phone(phone) => phone.as_str(),
            Self::Staff(login) => login,
        }
    }
}

impl From<Phone> for Login {
    fn from(phone: Phone) -> Self {
        Self::Phone(phone)
    }
}

/// A login is personal data, whoever's it is.
impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Login(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phone_and_a_login_of_the_staff_are_told_apart_however_they_are_typed() {
        let read = |text: &str| Login::parse(text).map(|login| login.as_str().to_owned());
        assert_eq!(read("8 (900) 000-12-34"), Ok("+79000001234".into()));
        assert_eq!(read(" Ilina.S "), Ok("ilina.s".into()));
        assert_eq!(read("ads-2"), Ok("ads-2".into()));
        assert_eq!(read("  "), Err(PhoneError::Empty));
        assert_eq!(read("ильина"), Err(PhoneError::Length));
        assert_eq!(read("12345"), Err(PhoneError::Length));
        assert_eq!(read(&"a".repeat(41)), Err(PhoneError::Length));
        assert_eq!(read("ilina s"), Err(PhoneError::Length));
    }

    #[test]
    fn no_log_shows_a_login() {
        assert!(!format!("{:?}", Login::parse("ilina")).contains("ilina"));
    }
}
