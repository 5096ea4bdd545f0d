//! When the bank is asked about a payment next (docs/domain.md).

use super::table::Payment;
use domain::payment::PaymentStatus;

const MINUTE_MS: i64 = 60_000;
/// So long after its end something may still be heard of an order.
const AFTER_MS: i64 = 60 * MINUTE_MS;

/// The next time; `None` when nothing is expected any more. Every 5 seconds twelve times, every 30 seconds twenty times,
/// then every 10 minutes. What was declined or given up is asked about once more, an hour after its end: whoever paid at
/// the last moment shall not depend on a callback. A live order is asked about until the bank has said what became of it.
pub(super) fn next(payment: &Payment, now_ms: i64) -> Option<i64> {
    let last_ms = payment.until_ms + AFTER_MS;
    let pause_ms = match payment.asked {
        0..12 => 5_000,
        12..32 => 30_000,
        _ => 10 * MINUTE_MS,
    };
    let paced_ms = now_ms + pause_ms;
    match payment.status {
        // Its end is not slept through.
        status if status.is_live() && now_ms < payment.until_ms => Some(paced_ms.min(payment.until_ms)),
        status if status.is_live() => Some(paced_ms),
        PaymentStatus::Declined | PaymentStatus::Expired => Some(last_ms).filter(|at| *at > now_ms),
        // The receipt comes a little later than the money.
        PaymentStatus::Paid | PaymentStatus::Credited if payment.receipt_url.is_none() => {
            Some(paced_ms).filter(|at| *at < last_ms)
        }
        _ => None,
    }
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

    #[test]
    fn a_receipt_is_asked_for_until_it_is_there_and_not_for_ever() {
        assert_eq!(next(&payment(PaymentStatus::Credited, 0), 0), Some(5_000));
        assert_eq!(next(&payment(PaymentStatus::Credited, 90), 79 * MINUTE_MS), None);
        let there = Payment { receipt_url: Some("https://r".into()), ..payment(PaymentStatus::Credited, 0) };
        assert_eq!(next(&there, 0), None);
        assert_eq!(next(&payment(PaymentStatus::Refunded, 0), 0), None);
    }
}
