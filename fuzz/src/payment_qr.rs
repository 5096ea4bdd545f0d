//! What a scanner delivers as a payment QR code: a picture's bytes, or a text that somebody decoded.
//!
//! Input: the content of a code.

use domain::Kopecks;
use domain::payment_qr::{Encoding, Key, PaymentQr, QrFault, Scanned, bill};

pub fn run(input: &[u8]) {
    if let Ok(code) = Scanned::read(input) {
        fields(&code);
        assert_eq!(bill(input), code.bill());
    }
    if let Ok(code) = std::str::from_utf8(input).map_err(|_| QrFault::Mangled).and_then(Scanned::read_text) {
        fields(&code);
    }
    let Ok(order) = PaymentQr::read(input) else { return };
    for wish in Encoding::ALL {
        let Ok(written) = order.write(wish) else { continue };
        assert_eq!(
            PaymentQr::read(&written.bytes).as_ref(),
            Ok(&order),
            "{:?} reads as another order",
            written.encoding
        );
        assert_eq!(written.bytes[6], written.encoding.digit());
    }
}

fn fields(code: &Scanned<'_>) {
    for key in Key::ALL {
        assert!(code.get(*key).is_none_or(|value| !value.is_empty() && value.trim() == value), "{key:?}");
    }
    assert!(code.pairs().all(|(name, _)| !name.contains('=')));
    match code.sum() {
        Ok(Some(sum)) => assert!((0..1_000_000_000_000_000_000).contains(&sum.0), "{sum:?}"),
        Ok(None) => assert_eq!(code.get(Key::Sum), None, "a sum is passed over"),
        Err(fault) => assert_eq!(fault, QrFault::BadSum),
    }
    if let Ok(bill) = code.bill() {
        assert!((4..=13).contains(&bill.account.as_str().len()));
        assert_eq!(bill.sum, code.sum().ok().flatten(), "a wrong sum is guessed at");
        assert!(bill.sum.is_none_or(|sum| sum >= Kopecks(0)));
    }
}
