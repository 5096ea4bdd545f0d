//! The three encodings of the standard.

use encoding_rs::{KOI8_R, WINDOWS_1251};
use std::borrow::Cow;

/// How the characters of a code are bytes. The digit behind `ST0001`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// windows-1251: a Russian bill takes half the bytes of UTF-8, so the code has larger squares.
    Windows1251,
    /// UTF-8: holds every text.
    Utf8,
    /// KOI8-R.
    Koi8R,
}

impl Encoding {
    /// All of them, in the order of their digits.
    pub const ALL: [Self; 3] = [Self::Windows1251, Self::Utf8, Self::Koi8R];

    /// The digit in the header.
    pub const fn digit(self) -> u8 {
        match self {
            Self::Windows1251 => b'1',
            Self::Utf8 => b'2',
            Self::Koi8R => b'3',
        }
    }

    /// The encoding of a header's digit.
    pub fn of_digit(digit: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|encoding| encoding.digit() == digit)
    }

    /// The bytes of a text; `None` if the encoding lacks one of its characters.
    pub fn encode(self, text: &str) -> Option<Cow<'_, [u8]>> {
        let table = match self {
            Self::Utf8 => return Some(Cow::Borrowed(text.as_bytes())),
            Self::Windows1251 => WINDOWS_1251,
            Self::Koi8R => KOI8_R,
        };
        let (bytes, _, unmappable) = table.encode(text);
        (!unmappable).then_some(bytes)
    }

    /// The text of bytes; `None` if they cannot be of this encoding. Every byte is a character in the other two.
    pub fn decode(self, bytes: &[u8]) -> Option<Cow<'_, str>> {
        match self {
            Self::Utf8 => std::str::from_utf8(bytes).ok().map(Cow::Borrowed),
            Self::Windows1251 => WINDOWS_1251.decode_without_bom_handling_and_without_replacement(bytes),
            Self::Koi8R => KOI8_R.decode_without_bom_handling_and_without_replacement(bytes),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_is_a_character_and_comes_back() {
        let bytes: Vec<u8> = (0..=255).collect();
        for encoding in [Encoding::Windows1251, Encoding::Koi8R] {
            let text = encoding.decode(&bytes).expect("a text");
            assert_eq!(text.chars().count(), 256, "{encoding:?}");
            assert_eq!(encoding.encode(&text).expect("the same bytes"), &bytes[..], "{encoding:?}");
        }
    }

    #[test]
    fn what_an_encoding_lacks_is_said() {
        assert!(Encoding::Windows1251.encode("«ЖКХ» №1").is_some());
        assert!(Encoding::Koi8R.encode("№1").is_none());
        assert!(Encoding::Windows1251.encode("Şule").is_none());
        assert_eq!(Encoding::Utf8.decode(b"\xcc\xd3\xcf"), None);
    }
}
