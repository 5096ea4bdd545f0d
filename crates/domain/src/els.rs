//! ЕЛС: the account's number in the state's system (ГИС ЖКХ).

use serde::{Deserialize, Serialize};
use std::fmt;

/// Ten characters: two digits, two Cyrillic capitals, six digits, `70АА123456`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Els(String);

/// The text does not have the form of an ЕЛС.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an ЕЛС is two digits, two letters and six digits")]
pub struct ElsError;

/// Latin letters that look like Cyrillic ones and are typed instead of them.
fn cyrillic_twin(c: char) -> char {
    const TWINS: [(char, char); 12] = [
        ('A', 'А'),
        ('B', 'В'),
        ('C', 'С'),
        ('E', 'Е'),
        ('H', 'Н'),
        ('K', 'К'),
        ('M', 'М'),
        ('O', 'О'),
        ('P', 'Р'),
        ('T', 'Т'),
        ('X', 'Х'),
        ('Y', 'У'),
    ];
    TWINS.iter().find(|(latin, _)| *latin == c).map_or(c, |(_, cyrillic)| *cyrillic)
}

impl Els {
    /// Reads an ЕЛС; Latin look-alikes become Cyrillic.
    pub fn parse(text: &str) -> Result<Self, ElsError> {
        let chars: Vec<char> = text.trim().to_uppercase().chars().map(cyrillic_twin).collect();
        let fits = chars.len() == 10
            && chars.iter().enumerate().all(|(place, c)| match place {
                2 | 3 => ('А'..='Я').contains(c),
                _ => c.is_ascii_digit(),
            });
        if fits { Ok(Self(chars.into_iter().collect())) } else { Err(ElsError) }
    }

    /// The ten characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Els {
    type Error = ElsError;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<Els> for String {
    fn from(els: Els) -> Self {
        els.0
    }
}

impl fmt::Display for Els {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn latin_twins_and_small_letters_are_understood() {
        assert_eq!(Els::parse("70aa123456").expect("Latin").as_str(), "70АА123456");
        assert_eq!(Els::parse(" 70АА123456 ").expect("Cyrillic").as_str(), "70АА123456");
    }

    #[test]
    fn other_forms_are_refused() {
        for text in ["", "70АА12345", "7АА1234567", "70QQ123456", "70АА1234567"] {
            assert_eq!(Els::parse(text), Err(ElsError), "{text}");
        }
    }
}
