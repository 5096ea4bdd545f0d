//! The payment QR code of a bill, read as far as a proof needs it.

use domain::payment_qr::{QrFault, Scanned};

pub use domain::payment_qr::BillQr;

/// Why a text is not the QR code of a bill.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BillQrError {
    /// Not `ST0001` and an encoding.
    #[error("not a payment QR code")]
    NotAPaymentQr,
    /// It was decoded with another alphabet than it was written in.
    #[error("the text is mangled")]
    Mangled,
    /// No account number in it.
    #[error("the QR code names no account")]
    NoAccount,
}

/// Reads a decoded QR code. Keys come in any case, values may be empty, the separator may stand at the end.
pub fn read(text: &str) -> Result<BillQr, BillQrError> {
    Scanned::read_text(text).and_then(|code| code.bill()).map_err(|fault| match fault {
        QrFault::NotAPaymentQr => BillQrError::NotAPaymentQr,
        QrFault::Mangled => BillQrError::Mangled,
        _ => BillQrError::NoAccount,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{Kopecks, Period};

    fn bill(sum: &str, period: &str) -> String {
        format!(
            "ST00012|Name=МУП \"КС\"|PersonalAcc=40702810775020000123|BankName=Банк|BIC=049706609|CorrespAcc=30101810300000000609|PayeeINN=|Sum={sum}|persAcc=1234567890|PaymPeriod={period}|TechCode=02|"
        )
    }

    #[test]
    fn a_bill_is_read_whatever_the_case_of_its_keys() {
        let read = read(&bill("345678", "102026")).expect("a bill");
        assert_eq!(read.account.as_str(), "1234567890");
        assert_eq!(read.sum, Some(Kopecks(345_678)));
        assert_eq!(read.period, Period::new(2026, 10).ok());
    }

    #[test]
    fn the_separator_is_the_character_behind_the_header() {
        let text = bill("1", "2026-10").replace('|', "#");
        assert_eq!(read(&text).expect("a bill").period, Period::new(2026, 10).ok());
    }

    #[test]
    fn a_sum_with_a_point_is_no_sum() {
        assert_eq!(read(&bill("3456.78", "102026")).expect("a bill").sum, None);
    }

    #[test]
    fn a_letter_of_two_bytes_in_the_header_is_refused_like_any_other() {
        for text in ["ST000С|PersAcc=1234", "STЁ001|PersAcc=1234", "Ё00012|PersAcc=1234", "ST0001Ё"] {
            assert_eq!(read(text), Err(BillQrError::NotAPaymentQr), "{text}");
        }
    }

    #[test]
    fn other_texts_are_told_apart() {
        assert_eq!(read("https://example.ru"), Err(BillQrError::NotAPaymentQr));
        assert_eq!(read("ST00012"), Err(BillQrError::NotAPaymentQr));
        assert_eq!(read("ST00011|Name=\u{FFFD}|PersAcc=1234"), Err(BillQrError::Mangled));
        assert_eq!(read("ST00012|Name=x|PersAcc="), Err(BillQrError::NoAccount));
    }
}
