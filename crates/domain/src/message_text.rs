//! The words of a message or of a ticket's description.

use serde::{Deserialize, Serialize};

/// How many characters at most.
pub const MESSAGE_MAX: usize = 4000;

/// What a person wrote: line breaks stay, other control signs do not. Personal data: `Debug` hides it.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(type = "string"))]
#[serde(try_from = "String", into = "String")]
pub struct MessageText(String);

/// More than [`MESSAGE_MAX`] characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the text is longer than {MESSAGE_MAX} characters")]
pub struct MessageTooLong;

impl MessageText {
    /// Reads what was written. White space around it goes, and so do empty lines beyond one.
    pub fn parse(raw: &str) -> Result<Self, MessageTooLong> {
        let unified = raw.replace("\r\n", "\n").replace('\r', "\n");
        let clean: String = unified.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
        let mut text = String::with_capacity(clean.len());
        let mut empty = 0;
        for line in clean.trim().lines() {
            let line = line.trim_end();
            empty = if line.is_empty() { empty + 1 } else { 0 };
            if empty < 2 {
                text.push_str(line);
                text.push('\n');
            }
        }
        text.truncate(text.trim_end().len());
        if text.chars().count() > MESSAGE_MAX { Err(MessageTooLong) } else { Ok(Self(text)) }
    }

    /// The words.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether there are none: then a message needs a file.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl TryFrom<String> for MessageText {
    type Error = MessageTooLong;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<MessageText> for String {
    fn from(text: MessageText) -> Self {
        text.0
    }
}

impl std::fmt::Debug for MessageText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MessageText(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn text(raw: &str) -> String {
        MessageText::parse(raw).expect("a text").as_str().to_owned()
    }

    #[test]
    fn lines_stay_and_what_cannot_be_seen_goes() {
        assert_eq!(text("  Течёт.\r\n\r\n\r\nПодставила таз.  \n"), "Течёт.\n\nПодставила таз.");
        assert_eq!(text("a\0b\u{7}c"), "abc");
        assert!(MessageText::parse(" \n\t ").expect("a text").is_empty());
    }

    #[test]
    fn the_longest_is_counted_in_characters() {
        assert!(MessageText::parse(&"я".repeat(MESSAGE_MAX)).is_ok());
        assert_eq!(MessageText::parse(&"я".repeat(MESSAGE_MAX + 1)), Err(MessageTooLong));
    }

    proptest! {
        #[test]
        fn what_was_read_reads_back_as_the_same(raw in "[ -~\n\r\tа-я]{0,200}") {
            let once = text(&raw);
            prop_assert_eq!(text(&once), once);
        }
    }
}
