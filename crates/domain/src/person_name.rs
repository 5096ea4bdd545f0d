//! ФИО: how to address a person.

use serde::{Deserialize, Serialize};

/// A person's name as they write it; 2 to 120 characters, at least one letter. Personal data: `Debug` hides it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PersonName(String);

/// Why a text is not a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PersonNameError {
    /// Nothing was entered.
    #[error("the name is empty")]
    Empty,
    /// No letters, control characters, or only one letter.
    #[error("this does not look like a name")]
    NotAName,
    /// More than 120 characters.
    #[error("the name is longer than 120 characters")]
    TooLong,
}

impl PersonName {
    /// Reads a name; runs of white space become one space.
    pub fn parse(text: &str) -> Result<Self, PersonNameError> {
        let name = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if name.is_empty() {
            return Err(PersonNameError::Empty);
        }
        if name.chars().count() > 120 {
            return Err(PersonNameError::TooLong);
        }
        let allowed = |c: char| c.is_alphabetic() || matches!(c, ' ' | '-' | '\'' | '’' | '.');
        if name.chars().filter(|c| c.is_alphabetic()).count() < 2 || !name.chars().all(allowed) {
            return Err(PersonNameError::NotAName);
        }
        Ok(Self(name))
    }

    /// [`Self::short`] of what may be no name at all: that stays as it is.
    pub fn shortened(text: &str) -> String {
        Self::parse(text).map_or_else(|_| text.to_owned(), |name| name.short())
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// `Смирнова Валентина Петровна` becomes `Смирнова В. П.`, for lists and for other people's eyes.
    pub fn short(&self) -> String {
        let mut words = self.0.split(' ');
        let mut short = words.next().unwrap_or_default().to_owned();
        for initial in words.filter_map(|word| word.chars().next()) {
            short.push_str(&format!(" {initial}."));
        }
        short
    }
}

impl TryFrom<String> for PersonName {
    type Error = PersonNameError;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<PersonName> for String {
    fn from(name: PersonName) -> Self {
        name.0
    }
}

impl std::fmt::Debug for PersonName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PersonName(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_all_sorts_are_names() {
        for name in ["Смирнова Валентина Петровна", "Ли Ен", "Салтыков-Щедрин М.", "O’Neil"]
        {
            assert!(PersonName::parse(name).is_ok(), "{name}");
        }
        assert_eq!(PersonName::parse("  Иванов   Иван ").expect("a name").as_str(), "Иванов Иван");
        assert_eq!(PersonName::parse("Смирнова Валентина Петровна").expect("a name").short(), "Смирнова В. П.");
        assert_eq!(PersonName::shortened("Смирнова Валентина Петровна"), "Смирнова В. П.");
        assert_eq!(PersonName::shortened("Диспетчер 2"), "Диспетчер 2");
    }

    #[test]
    fn what_is_not_a_name_is_refused() {
        assert_eq!(PersonName::parse("  "), Err(PersonNameError::Empty));
        assert_eq!(PersonName::parse("+79000001234"), Err(PersonNameError::NotAName));
        assert_eq!(PersonName::parse("И"), Err(PersonNameError::NotAName));
        assert_eq!(PersonName::parse(&"а".repeat(121)), Err(PersonNameError::TooLong));
    }
}
