//! The payment QR code of a bill (ГОСТ Р 56042-2014): written, read, repaired.
//!
//! `ST0001`, the digit of the encoding, one character that separates, then `Key=Value` pairs between separators; the
//! five that a bank cannot do without come first. There is no escaping: the separator is a character that no value has.
//!
//! Two ways to read: [`Scanned`] takes what a scanner of the real world delivers and gives field by field what can be
//! understood; [`PaymentQr`] is a payment order with every field checked, which is what we write.

mod encoding;
mod key;
mod period;
mod repair;
mod scanned;
mod write;

pub use crate::payee::{BankAccount, Bic, Inn, Kpp, Payee, PayeeError, PayeeText};
pub use encoding::Encoding;
pub use key::Key;
pub use scanned::{BillQr, Scanned};
pub use write::{FieldError, PaymentQr, WriteError, Written};

/// Why a code cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum QrFault {
    /// Not `ST0001` and an encoding.
    #[error("not a payment QR code")]
    NotAPaymentQr,
    /// It was decoded with another alphabet than it was written in, and what was lost cannot be found again.
    #[error("the text is mangled")]
    Mangled,
    /// Fields are missing or empty that the purpose needs.
    #[error("fields are missing: {0:?}")]
    MissingRequired(Vec<Key>),
    /// `Sum` is no whole number of kopecks. Roubles with a point are never guessed at.
    #[error("the sum is not a number of kopecks")]
    BadSum,
    /// A requisite of the payee is wrong.
    #[error("the payee is wrong: {0}")]
    BadPayee(PayeeError),
    /// Another field does not have its form.
    #[error("the field {0:?} is wrong")]
    BadField(Key),
}

/// Reads the bytes of a bill's code as far as a bill is told from another: account, sum, period.
pub fn bill(bytes: &[u8]) -> Result<BillQr, QrFault> {
    Scanned::read(bytes)?.bill()
}
