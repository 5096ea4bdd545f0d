//! The heading of an announcement.

use serde::{Deserialize, Serialize};

/// How many characters at most.
pub const HEADLINE_MAX: usize = 120;

/// One line that is not empty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(type = "string"))]
#[serde(try_from = "String", into = "String")]
pub struct Headline(String);

/// Why a text is no heading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HeadlineError {
    /// There are no words.
    #[error("a heading has words")]
    Empty,
    /// More than [`HEADLINE_MAX`] characters.
    #[error("a heading is at most {HEADLINE_MAX} characters")]
    TooLong,
}

impl Headline {
    /// Reads what was typed: white space is one space, control signs go.
    pub fn parse(raw: &str) -> Result<Self, HeadlineError> {
        let clean: String = raw.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let text = clean.split_whitespace().collect::<Vec<_>>().join(" ");
        match text.chars().count() {
            0 => Err(HeadlineError::Empty),
            1..=HEADLINE_MAX => Ok(Self(text)),
            _ => Err(HeadlineError::TooLong),
        }
    }

    /// The words.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Headline {
    type Error = HeadlineError;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<Headline> for String {
    fn from(headline: Headline) -> Self {
        headline.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_one_line_with_words() {
        let text = |raw: &str| Headline::parse(raw).map(|headline| headline.as_str().to_owned());
        assert_eq!(text("  Отключение\nводы  3 декабря "), Ok("Отключение воды 3 декабря".into()));
        assert_eq!(text(" \t\n"), Err(HeadlineError::Empty));
        assert!(text(&"я".repeat(HEADLINE_MAX)).is_ok());
        assert_eq!(text(&"я".repeat(HEADLINE_MAX + 1)), Err(HeadlineError::TooLong));
        assert!(serde_json::from_str::<Headline>(r#""""#).is_err());
    }
}
