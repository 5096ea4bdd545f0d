//! The payment QR code of a bill (ГОСТ Р 56042-2014), read as far as a proof needs it (docs/domain.md).

use domain::{AccountNumber, Kopecks, Period};

/// What a bill's QR code tells about the account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BillQr {
    /// `PersAcc`.
    pub account: AccountNumber,
    /// `Sum`, if it is written as the standard says: whole kopecks. A sum with a point is no sum.
    pub sum: Option<Kopecks>,
    /// `PaymPeriod`, if it can be read.
    pub period: Option<Period>,
}

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
    let text: String = text.chars().filter(|c| !matches!(c, '\r' | '\n')).collect();
    // As bytes: a letter of two of them may stand anywhere in what is no header.
    let header = text.get(..7).ok_or(BillQrError::NotAPaymentQr)?.as_bytes();
    let fits = header.starts_with(b"ST") && header[2..6].iter().all(u8::is_ascii_digit);
    if !fits || !matches!(header[6], b'1'..=b'3') {
        return Err(BillQrError::NotAPaymentQr);
    }
    if text.contains('\u{FFFD}') {
        return Err(BillQrError::Mangled);
    }
    let separator = text[7..].chars().next().ok_or(BillQrError::NotAPaymentQr)?;
    let field = |key: &str| {
        let pairs = text[7 + separator.len_utf8()..].split(separator);
        let mut found =
            pairs.filter_map(|pair| pair.split_once('=')).filter(|(name, _)| name.eq_ignore_ascii_case(key));
        found.next().map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
    };
    let account = field("PersAcc").and_then(|text| AccountNumber::parse(text).ok()).ok_or(BillQrError::NoAccount)?;
    let whole = |text: &&str| text.len() <= 18 && text.bytes().all(|b| b.is_ascii_digit());
    let sum = field("Sum").filter(whole).and_then(|text| text.parse().ok()).map(Kopecks);
    Ok(BillQr { account, sum, period: field("PaymPeriod").and_then(period) })
}

/// `MMYYYY`, `MM.YYYY` or `YYYYMM`.
fn period(text: &str) -> Option<Period> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    if digits.len() != 6 {
        return None;
    }
    let number = |range: std::ops::Range<usize>| digits[range].parse::<u16>().ok();
    let read = |year: Option<u16>, month: Option<u16>| Period::new(i32::from(year?), u8::try_from(month?).ok()?).ok();
    read(number(2..6), number(0..2)).or_else(|| read(number(0..4), number(4..6)))
}

#[cfg(test)]
mod tests {
    use super::*;

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
