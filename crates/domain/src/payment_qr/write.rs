//! A payment order as a code: every field checked, written so that it reads back as the same.

use super::{Encoding, Key, QrFault, Scanned, period};
use crate::{AccountNumber, Kopecks, Payee, PayeeText, Period};

/// What may separate the pairs, in the order of trying: the first that no value has.
const SEPARATORS: &str = "|#;:^_~{}!$%&()*+,/@";
/// The most bytes of the mandatory block, without header and separator before it.
const BLOCK_BYTES: usize = 300;

/// A payment order: who is paid, and what for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentQr {
    payee: Payee,
    fields: Vec<(Key, String)>,
    unknown: Vec<(String, String)>,
}

/// The bytes of a code, for `qr_code`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// What the squares carry.
    pub bytes: Vec<u8>,
    /// The encoding that was taken.
    pub encoding: Encoding,
}

/// Why a field is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FieldError {
    /// A requisite of the payee: given with the payee only.
    #[error("{} belongs to the payee", .0.name())]
    OfPayee(Key),
    /// Too long, not of its form, or with control characters.
    #[error("{} does not have its form", .0.name())]
    Form(Key),
    /// The sum is not more than nothing, or longer than the form has room for.
    #[error("not a sum to pay")]
    Sum,
}

/// Why an order cannot be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WriteError {
    /// The values have every character that may separate.
    #[error("no character is left to separate the fields")]
    NoSeparator,
    /// The mandatory block is too long in every encoding that holds the text.
    #[error("the payee's requisites take {bytes} bytes, more than {BLOCK_BYTES}")]
    TooLong {
        /// The length in UTF-8.
        bytes: usize,
    },
}

/// One line, readable again: no control characters, no sign of a lost letter.
fn is_line(text: &str) -> bool {
    !text.contains(|c: char| c.is_control() || c == '\u{FFFD}')
}

impl PaymentQr {
    /// An order without sum: the person enters it in the bank's program.
    pub fn new(payee: Payee) -> Self {
        Self { payee, fields: Vec::new(), unknown: Vec::new() }
    }

    /// Adds a field, or says it otherwise. An empty text says nothing and takes the field away.
    pub fn with(mut self, key: Key, text: &str) -> Result<Self, FieldError> {
        if Key::PAYEE.contains(&key) {
            return Err(FieldError::OfPayee(key));
        }
        let text = text.trim();
        if !is_line(text) || (!text.is_empty() && !key.fits(text)) {
            return Err(FieldError::Form(key));
        }
        let place = self.fields.iter().position(|(known, _)| *known == key);
        match place {
            Some(place) if text.is_empty() => drop(self.fields.remove(place)),
            Some(place) => text.clone_into(&mut self.fields[place].1),
            None if text.is_empty() => {}
            None => self.fields.push((key, text.to_owned())),
        }
        Ok(self)
    }

    /// The sum to pay.
    pub fn with_sum(self, sum: Kopecks) -> Result<Self, FieldError> {
        if sum <= Kopecks(0) {
            return Err(FieldError::Sum);
        }
        self.with(Key::Sum, &sum.0.to_string()).map_err(|_| FieldError::Sum)
    }

    /// Whose bill is paid, and of which month.
    pub fn with_bill(self, account: &AccountNumber, month: Period) -> Self {
        self.with(Key::PersAcc, account.as_str())
            .and_then(|order| order.with(Key::PaymPeriod, &period::write(month)))
            .expect("digits are short lines")
    }

    /// Who is paid.
    pub fn payee(&self) -> &Payee {
        &self.payee
    }

    /// A field beside the payee's.
    pub fn get(&self, key: Key) -> Option<&str> {
        self.fields.iter().find(|(known, _)| *known == key).map(|(_, text)| text.as_str())
    }

    /// Reads bytes and checks every field. Unknown fields are kept; a missing correspondent account is taken for none.
    pub fn read(bytes: &[u8]) -> Result<Self, QrFault> {
        Self::from_scanned(&Scanned::read(bytes)?)
    }

    /// Checks every field of a code.
    pub fn from_scanned(scanned: &Scanned<'_>) -> Result<Self, QrFault> {
        scanned.require(&[Key::Name, Key::PersonalAcc, Key::BankName, Key::Bic, Key::PayeeInn])?;
        let text = |key| scanned.get(key).unwrap_or_default().to_owned();
        let payee = Payee::new(&PayeeText {
            name: text(Key::Name),
            account: text(Key::PersonalAcc),
            bank: text(Key::BankName),
            bic: text(Key::Bic),
            corr_account: Some(text(Key::CorrespAcc)),
            inn: text(Key::PayeeInn),
            kpp: Some(text(Key::Kpp)),
        })
        .map_err(QrFault::BadPayee)?;
        scanned.sum()?;
        let mut order = Self::new(payee);
        for (name, value) in scanned.pairs().filter(|(_, value)| !value.is_empty()) {
            match Key::of(name) {
                Some(key) if Key::PAYEE.contains(&key) || order.get(key).is_some() => {}
                Some(key) => order = order.with(key, value).map_err(|_| QrFault::BadField(key))?,
                None => {
                    if !name.is_empty() && is_line(name) && is_line(value) {
                        order.unknown.push((name.to_owned(), value.to_owned()));
                    }
                }
            }
        }
        Ok(order)
    }

    /// Writes the order in `wish` if that encoding holds its text, else in UTF-8, else in what is left.
    pub fn write(&self, wish: Encoding) -> Result<Written, WriteError> {
        let all = || self.mandatory().into_iter().chain(self.optional());
        let taken = |c: char| all().any(|(name, value)| name.contains(c) || value.contains(c));
        let separator = SEPARATORS.chars().find(|c| !taken(*c)).ok_or(WriteError::NoSeparator)?;
        let join = |pairs: &mut dyn Iterator<Item = (&str, &str)>| {
            let pairs: Vec<String> = pairs.map(|(name, value)| format!("{name}={value}")).collect();
            pairs.join(&separator.to_string())
        };
        let block = join(&mut self.mandatory().into_iter());
        let whole = join(&mut all());
        let others = [Encoding::Utf8, Encoding::Windows1251, Encoding::Koi8R];
        for encoding in std::iter::once(wish).chain(others) {
            let short = encoding.encode(&block).is_some_and(|block| block.len() <= BLOCK_BYTES);
            if let Some(body) = encoding.encode(&whole).filter(|_| short) {
                let mut bytes = format!("ST0001{}{separator}", char::from(encoding.digit())).into_bytes();
                bytes.extend_from_slice(&body);
                return Ok(Written { bytes, encoding });
            }
        }
        Err(WriteError::TooLong { bytes: block.len() })
    }

    /// The pairs no bank can do without, in their order.
    fn mandatory(&self) -> [(&str, &str); 5] {
        let payee = &self.payee;
        [
            (Key::Name.name(), payee.name()),
            (Key::PersonalAcc.name(), payee.account().as_str()),
            (Key::BankName.name(), payee.bank()),
            (Key::Bic.name(), payee.bic().as_str()),
            (Key::CorrespAcc.name(), payee.corr_account().map_or("0", |account| account.as_str())),
        ]
    }

    fn optional(&self) -> impl Iterator<Item = (&str, &str)> {
        let inn = (Key::PayeeInn.name(), self.payee.inn().as_str());
        let kpp = self.payee.kpp().map(|kpp| (Key::Kpp.name(), kpp.as_str()));
        let known = self.fields.iter().map(|(key, value)| (key.name(), value.as_str()));
        let unknown = self.unknown.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        std::iter::once(inn).chain(kpp).chain(known).chain(unknown)
    }
}

#[cfg(test)]
mod tests;
