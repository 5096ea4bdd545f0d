//! What a scanner delivers: fields that can be understood, nothing demanded.

use super::{Encoding, Key, QrFault, period, repair};
use crate::{AccountNumber, Kopecks, Period};
use std::borrow::Cow;

/// `ST0001` and the digit.
const HEADER: usize = 7;

/// A code that was read, with its fields as they were written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scanned<'a> {
    text: Cow<'a, str>,
    separator: char,
}

/// What tells a bill from another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BillQr {
    /// `PersAcc`.
    pub account: AccountNumber,
    /// `Sum`, if it is written as the standard says: whole kopecks. A sum with a point is no sum.
    pub sum: Option<Kopecks>,
    /// `PaymPeriod`, if it can be read.
    pub period: Option<Period>,
}

impl<'a> Scanned<'a> {
    /// Reads the bytes of a code, in the encoding its header names. What claims to be UTF-8 and is not is taken for
    /// windows-1251; line breaks inside are dropped.
    pub fn read(bytes: &'a [u8]) -> Result<Self, QrFault> {
        let bytes = without_breaks(bytes);
        let encoding = header(&bytes)?;
        let text = match bytes {
            Cow::Borrowed(bytes) => decode(encoding, bytes),
            Cow::Owned(bytes) => decode(encoding, &bytes).map(|text| Cow::Owned(text.into_owned())),
        };
        Self::split(text.ok_or(QrFault::Mangled)?)
    }

    /// Reads a code that somebody decoded already, and repairs what was decoded with a wrong alphabet.
    pub fn read_text(text: &'a str) -> Result<Self, QrFault> {
        let text = match text.contains(['\r', '\n']) {
            true => Cow::Owned(text.chars().filter(|c| !matches!(c, '\r' | '\n')).collect()),
            false => Cow::Borrowed(text),
        };
        let encoding = header(text.as_bytes())?;
        Self::split(repair::mojibake(&text, encoding).map_or(text, Cow::Owned))
    }

    /// The header was found, so its bytes are characters.
    fn split(text: Cow<'a, str>) -> Result<Self, QrFault> {
        if text.contains('\u{FFFD}') {
            return Err(QrFault::Mangled);
        }
        let separator = text[HEADER..].chars().next().filter(|c| !c.is_alphanumeric() && *c != '=');
        Ok(Self { separator: separator.ok_or(QrFault::NotAPaymentQr)?, text })
    }

    /// All pairs in their order, names as they were written. What has no `=` is no pair.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        let body = &self.text[HEADER + self.separator.len_utf8()..];
        let pairs = body.split(self.separator).filter_map(|pair| pair.split_once('='));
        pairs.map(|(name, value)| (name.trim(), value.trim()))
    }

    /// A field's value; the first one that is not empty.
    pub fn get(&self, key: Key) -> Option<&str> {
        let [value] = self.values([key]);
        value
    }

    /// The same for several fields in one pass.
    fn values<const COUNT: usize>(&self, keys: [Key; COUNT]) -> [Option<&str>; COUNT] {
        let mut found = [None; COUNT];
        for (name, value) in self.pairs() {
            if let Some(place) = keys.iter().position(|key| name.eq_ignore_ascii_case(key.name()))
                && found[place].is_none()
                && !value.is_empty()
            {
                found[place] = Some(value);
                if found.iter().all(Option::is_some) {
                    break;
                }
            }
        }
        found
    }

    /// The sum. `None` if there is none.
    pub fn sum(&self) -> Result<Option<Kopecks>, QrFault> {
        self.get(Key::Sum).map(sum).transpose()
    }

    /// The month that is paid for, if it can be read.
    pub fn period(&self) -> Option<Period> {
        self.get(Key::PaymPeriod).and_then(period::read)
    }

    /// Account, sum and period; the account is what a bill cannot do without.
    pub fn bill(&self) -> Result<BillQr, QrFault> {
        let [account, kopecks, month] = self.values([Key::PersAcc, Key::Sum, Key::PaymPeriod]);
        let account = account.and_then(|text| AccountNumber::parse(text).ok());
        let account = account.ok_or_else(|| QrFault::MissingRequired(vec![Key::PersAcc]))?;
        Ok(BillQr { account, sum: kopecks.and_then(|text| sum(text).ok()), period: month.and_then(period::read) })
    }

    /// Whether these fields are there and not empty.
    pub fn require(&self, keys: &[Key]) -> Result<(), QrFault> {
        let missing: Vec<Key> = keys.iter().copied().filter(|key| self.get(*key).is_none()).collect();
        if missing.is_empty() { Ok(()) } else { Err(QrFault::MissingRequired(missing)) }
    }
}

fn sum(text: &str) -> Result<Kopecks, QrFault> {
    let whole = Key::Sum.fits(text).then(|| text.parse().ok()).flatten();
    whole.map(Kopecks).ok_or(QrFault::BadSum)
}

fn decode(encoding: Encoding, bytes: &[u8]) -> Option<Cow<'_, str>> {
    encoding.decode(bytes).or_else(|| Encoding::Windows1251.decode(bytes))
}

/// Both encodings of one byte and UTF-8 leave these two bytes to the line breaks alone.
fn without_breaks(bytes: &[u8]) -> Cow<'_, [u8]> {
    match bytes.iter().any(|b| matches!(b, b'\r' | b'\n')) {
        true => bytes.iter().copied().filter(|b| !matches!(b, b'\r' | b'\n')).collect::<Vec<u8>>().into(),
        false => Cow::Borrowed(bytes),
    }
}

/// As bytes: a letter of two of them may stand anywhere in what is no header.
fn header(bytes: &[u8]) -> Result<Encoding, QrFault> {
    let header = bytes.get(..HEADER).ok_or(QrFault::NotAPaymentQr)?;
    let fits = header.starts_with(b"ST") && header[2..HEADER - 1].iter().all(u8::is_ascii_digit);
    Encoding::of_digit(header[HEADER - 1]).filter(|_| fits).ok_or(QrFault::NotAPaymentQr)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scanned(text: &str) -> Scanned<'_> {
        Scanned::read_text(text).expect("a code")
    }

    #[test]
    fn the_right_side_of_a_pair_may_have_an_equals_sign() {
        assert_eq!(scanned("ST00012|Purpose=a=b=c|").get(Key::Purpose), Some("a=b=c"));
    }

    #[test]
    fn empty_values_trailing_separators_breaks_and_unknown_keys_are_legal() {
        let read = scanned("ST00012|PayerINN=|\r\nNAME=КС|x|Future=1|persacc=\n1234567|");
        assert_eq!((read.get(Key::PayerInn), read.get(Key::Name)), (None, Some("КС")));
        assert_eq!(read.get(Key::PersAcc), Some("1234567"));
        assert!(read.pairs().any(|pair| pair == ("Future", "1")));
        assert_eq!(
            read.require(&[Key::Name, Key::Sum, Key::PayerInn]),
            Err(QrFault::MissingRequired(vec![Key::Sum, Key::PayerInn]))
        );
    }

    #[test]
    fn a_sum_is_kopecks_or_wrong() {
        let sum = |text: &str| scanned(&format!("ST00012|Sum={text}|PersAcc=1234")).sum();
        assert_eq!(sum("381630"), Ok(Some(Kopecks(381_630))));
        assert_eq!(sum(""), Ok(None));
        for wrong in ["3816.30", "3816,30", "-5", "+5", "1e5", "1234567890123456789"] {
            assert_eq!(sum(wrong), Err(QrFault::BadSum), "{wrong}");
        }
        assert_eq!(scanned("ST00012|Sum=3816.30|PersAcc=1234").bill().expect("a bill").sum, None);
    }

    #[test]
    fn what_claims_utf8_and_is_not_is_read_as_1251() {
        let bytes = b"ST00012|Name=\xcc\xd3\xcf|PersAcc=1234567";
        assert_eq!(Scanned::read(bytes).expect("a code").get(Key::Name), Some("МУП"));
        let broken = b"ST00012|\r\nName=\xcc\xd3\xcf|PersAcc=1234567";
        assert_eq!(Scanned::read(broken).expect("a code").get(Key::Name), Some("МУП"));
    }

    #[test]
    fn a_text_of_a_wrong_alphabet_is_repaired_or_refused() {
        assert_eq!(scanned("ST00011|Name=ÌÓÏ|PersAcc=1234567").get(Key::Name), Some("МУП"));
        assert_eq!(Scanned::read_text("ST00011|Name=\u{FFFD}"), Err(QrFault::Mangled));
        assert_eq!(Scanned::read("ST00012|Name=\u{FFFD}".as_bytes()), Err(QrFault::Mangled));
    }

    #[test]
    fn other_texts_are_told_apart() {
        for text in ["", "https://example.ru", "ST00012", "ST00014|a=b", "st00012|a=b", "ST00012Name=x", "ST0001Ё|a=b"]
        {
            assert_eq!(Scanned::read_text(text), Err(QrFault::NotAPaymentQr), "{text}");
            assert_eq!(Scanned::read(text.as_bytes()), Err(QrFault::NotAPaymentQr), "{text}");
        }
    }
}
