//! When the bank is asked about a payment next (docs/domain.md).

use super::table::Payment;
use crate::config::AskAgain;
use domain::payment::PaymentStatus;

const MINUTE_MS: i64 = 60_000;
/// So long after its end something may still be heard of an order.
const AFTER_MS: i64 = 60 * MINUTE_MS;

/// What beside the payment itself decides about the next question.
#[derive(Debug, Clone, Copy)]
pub(super) struct Around {
    /// How what was paid is asked about.
    pub(super) again: AskAgain,
    /// The staff wait for a refund.
    pub(super) refund_waits: bool,
    /// The bank answered just now.
    pub(super) answered: bool,
}

/// The next time; `None` when nothing is expected any more. Every 5 seconds twelve times, every 30 seconds twenty times,
/// then every 10 minutes. What was declined or given up is asked about once more, an hour after its end: whoever paid at
/// the last moment shall not depend on a callback. A live order is asked about until the bank has said what became of it.
/// What was paid is asked about slowly for as long as the settings say: it may be given back.
pub(super) fn next(payment: &Payment, around: Around, now_ms: i64) -> Option<i64> {
    let last_ms = payment.until_ms + AFTER_MS;
    let pause_ms = match payment.asked {
        0..12 => 5_000,
        12..32 => 30_000,
        _ => 10 * MINUTE_MS,
    };
    let paced_ms = now_ms + pause_ms;
    match payment.status {
        _ if around.refund_waits => Some(paced_ms),
        // Its end is not slept through.
        status if status.is_live() && now_ms < payment.until_ms => Some(paced_ms.min(payment.until_ms)),
        status if status.is_live() => Some(paced_ms),
        PaymentStatus::Declined | PaymentStatus::Expired => Some(last_ms).filter(|at| *at > now_ms),
        // The receipt comes a little later than the money.
        PaymentStatus::Paid | PaymentStatus::Credited if payment.receipt_url.is_none() && paced_ms < last_ms => {
            Some(paced_ms)
        }
        _ => later(payment, around, now_ms),
    }
}

/// The next slow question about what was paid.
fn later(payment: &Payment, around: Around, now_ms: i64) -> Option<i64> {
    let end_ms = payment.paid_ms? + around.again.span_ms();
    let pause_ms = around.again.pause_ms();
    // A bank that is down does not put it off for a whole day.
    let pause_ms = if around.answered { pause_ms } else { pause_ms.min(AFTER_MS) };
    Some(now_ms + pause_ms).filter(|at| *at <= end_ms)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::payment::PaymentWay;
    use domain::{Kopecks, PaymentId, UserId};
    use uuid::Uuid;

    fn payment(status: PaymentStatus, asked: u32) -> Payment {
        Payment {
            id: PaymentId::new(Uuid::nil()),
            number: "KS-000001".into(),
            user: UserId::new(Uuid::nil()),
            way: PaymentWay::Card,
            email: String::new(),
            sum: Kopecks(100),
            commission: Kopecks(0),
            status,
            why: String::new(),
            paid_by: String::new(),
            bank_order: None,
            form_url: None,
            sbp_payload: None,
            receipt_url: None,
            created_ms: 0,
            until_ms: 20 * MINUTE_MS,
            asked,
            next_ms: None,
            unwanted: false,
            paid_ms: None,
            credited_ms: None,
        }
    }

    const DAY_MS: i64 = 24 * 60 * MINUTE_MS;
    const AROUND: Around = Around { again: AskAgain { hours: 24, days: 3 }, refund_waits: false, answered: true };

    fn next(payment: &Payment, now_ms: i64) -> Option<i64> {
        super::next(payment, AROUND, now_ms)
    }

    #[test]
    fn the_bank_is_asked_often_at_first_and_never_no_more_while_it_may_be_paid() {
        let live = |asked| next(&payment(PaymentStatus::Awaiting, asked), 0);
        assert_eq!([0, 11, 12, 31, 32].map(live), [5_000, 5_000, 30_000, 30_000, 600_000].map(Some));
        assert_eq!(next(&payment(PaymentStatus::Awaiting, 40), 15 * MINUTE_MS), Some(20 * MINUTE_MS), "its end");
        assert_eq!(next(&payment(PaymentStatus::Created, 900), 900 * MINUTE_MS), Some(910 * MINUTE_MS));
    }

    #[test]
    fn what_was_given_up_is_asked_about_once_more_an_hour_after_its_end() {
        assert_eq!(next(&payment(PaymentStatus::Expired, 3), 21 * MINUTE_MS), Some(80 * MINUTE_MS));
        assert_eq!(next(&payment(PaymentStatus::Expired, 4), 80 * MINUTE_MS), None);
        assert_eq!(next(&payment(PaymentStatus::Declined, 0), MINUTE_MS), Some(80 * MINUTE_MS));
    }

    fn paid(status: PaymentStatus, asked: u32) -> Payment {
        Payment { paid_ms: Some(0), ..payment(status, asked) }
    }

    fn with_receipt(status: PaymentStatus) -> Payment {
        Payment { receipt_url: Some("https://r".into()), ..paid(status, 0) }
    }

    #[test]
    fn a_receipt_is_asked_for_until_it_is_there_and_not_for_ever() {
        assert_eq!(next(&paid(PaymentStatus::Credited, 0), 0), Some(5_000));
        let late_ms = 79 * MINUTE_MS;
        assert_eq!(next(&paid(PaymentStatus::Credited, 90), late_ms), Some(late_ms + DAY_MS), "with the refunds");
        assert_eq!(next(&with_receipt(PaymentStatus::Credited), 0), Some(DAY_MS));
    }

    #[test]
    fn what_was_paid_is_asked_about_once_a_day_for_some_days() {
        for status in [PaymentStatus::Paid, PaymentStatus::Credited, PaymentStatus::Refunded] {
            let payment = with_receipt(status);
            let days = [0, 1, 2, 3].map(|day| next(&payment, day * DAY_MS));
            assert_eq!(days, [Some(DAY_MS), Some(2 * DAY_MS), Some(3 * DAY_MS), None], "{status:?}");
        }
        let never = Around { again: AskAgain { hours: 24, days: 0 }, ..AROUND };
        assert_eq!(super::next(&with_receipt(PaymentStatus::Credited), never, 0), None);
    }

    #[test]
    fn a_bank_that_is_down_puts_a_slow_question_off_for_an_hour() {
        let down = Around { answered: false, ..AROUND };
        assert_eq!(super::next(&with_receipt(PaymentStatus::Credited), down, DAY_MS), Some(DAY_MS + AFTER_MS));
    }

    #[test]
    fn a_refund_that_the_staff_wait_for_is_asked_about_often_whatever_the_payment_is() {
        let waits = Around { refund_waits: true, ..AROUND };
        for status in [PaymentStatus::Credited, PaymentStatus::Refunded, PaymentStatus::Declined] {
            let payment = with_receipt(status);
            assert_eq!(super::next(&payment, waits, 9 * DAY_MS), Some(9 * DAY_MS + 5_000), "{status:?}");
        }
    }
}
