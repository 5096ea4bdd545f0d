//! Toasts of payments.

use super::Worded;
use super::talk::LINES;
use client::view::{Target, ToastPayment};
use domain::Kopecks;
use domain::payment::PaymentStatus;

/// What became of the person's own payments.
pub fn moved(payments: &[ToastPayment], russian: bool) -> Worded {
    let title = match (payments, russian) {
        ([only], _) => line(only, russian),
        (several, true) => format!("Платежи: {}", several.len()),
        (several, false) => format!("Payments: {}", several.len()),
    };
    let text = match payments {
        [only] => about(only, russian),
        several => several.iter().take(LINES).map(|one| line(one, russian)).collect::<Vec<_>>().join("\n"),
    };
    Worded { title, text, target: Target::Payment }
}

fn line(payment: &ToastPayment, russian: bool) -> String {
    let what = match (payment.status, russian) {
        (PaymentStatus::Declined, true) => "Платёж не прошёл",
        (PaymentStatus::Declined, false) => "The payment did not go through",
        (PaymentStatus::Refunded, true) => "Платёж возвращён",
        (PaymentStatus::Refunded, false) => "The payment was given back",
        (_, true) => "Платёж зачислен",
        (_, false) => "The payment is credited",
    };
    format!("{what}: {}", roubles(payment.sum, russian))
}

/// First what is safe, then what happened, then what to do.
fn about(payment: &ToastPayment, russian: bool) -> String {
    let addresses = payment.addresses.join("; ");
    let declined = payment.status == PaymentStatus::Declined;
    match (declined, payment.why.as_str(), russian) {
        (true, "", true) => format!("Деньги не списаны. {addresses}. Попробуйте ещё раз или другой картой."),
        (true, "", false) => format!("No money was taken. {addresses}. Try again, or with another card."),
        (true, why, true) => format!("Деньги не списаны. {addresses}. Банк: {why}"),
        (true, why, false) => format!("No money was taken. {addresses}. The bank: {why}"),
        _ => addresses,
    }
}

/// `3 456,78 ₽`, with spaces that do not break.
fn roubles(sum: Kopecks, russian: bool) -> String {
    let (whole, rest) = (sum.0.unsigned_abs() / 100, sum.0.unsigned_abs() % 100);
    let digits = whole.to_string();
    let mut grouped = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push('\u{a0}');
        }
        grouped.push(digit);
    }
    let sign = if sum.0 < 0 { "−" } else { "" };
    let point = if russian { ',' } else { '.' };
    format!("{sign}{grouped}{point}{rest:02}\u{a0}₽")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn payment(status: PaymentStatus, why: &str) -> ToastPayment {
        ToastPayment {
            payment: "p".into(),
            status,
            sum: Kopecks(123_456_708),
            addresses: vec!["Винокурова, 10-25".into()],
            why: why.into(),
        }
    }

    #[test]
    fn a_credited_payment_is_told_with_its_sum_and_opens_the_section() {
        let worded = moved(&[payment(PaymentStatus::Credited, "")], true);
        assert_eq!(worded.title, "Платёж зачислен: 1\u{a0}234\u{a0}567,08\u{a0}₽");
        assert_eq!((worded.text.as_str(), worded.target), ("Винокурова, 10-25", Target::Payment));
    }

    #[test]
    fn a_declined_payment_says_first_that_nothing_was_taken_and_then_why() {
        let worded = moved(&[payment(PaymentStatus::Declined, "недостаточно средств")], true);
        assert!(worded.title.starts_with("Платёж не прошёл"), "{}", worded.title);
        assert_eq!(worded.text, "Деньги не списаны. Винокурова, 10-25. Банк: недостаточно средств");
    }

    #[test]
    fn several_payments_are_one_toast() {
        let worded = moved(&[payment(PaymentStatus::Credited, ""), payment(PaymentStatus::Refunded, "")], false);
        assert_eq!(worded.title, "Payments: 2");
        assert!(worded.text.contains("The payment was given back: 1\u{a0}234\u{a0}567.08\u{a0}₽"), "{}", worded.text);
    }
}
