//! Money that goes back.

use crate::common::*;
use crate::till::{DEBT, Till, wanted};
use domain::Kopecks;
use domain::payment::{PaymentStatus, PaymentWay};
use wire::money::Payment;

async fn paid(till: &Till, sum: i64) -> Payment {
    let payment = till.begun(&wanted(&[(till.flat.account, sum)], PaymentWay::Sbp)).await;
    till.bank().pay_by_code(&till.order(&payment).id).expect("paid");
    till.ask_after(5).await;
    payment
}

/// What the bank's callback leads to, without the callback.
async fn told(till: &Till, payment: &Payment) {
    let params = till.bank().callback_of(&till.order(payment), sandbox::bank::Operation::Refunded);
    let url = till.world.url("/v1/bank/callback");
    assert!(till.world.http.get(url).query(&params).send().await.expect("answered").status().is_success());
}

#[tokio::test]
async fn what_was_given_back_is_owed_again_to_the_kopeck_and_each_time_once() {
    let till = Till::new().await;
    let payment = paid(&till, 100_000).await;
    let order = till.order(&payment).id;
    till.bank().refund(&order, 30_001).expect("given back");
    for _ in 0..2 {
        told(&till, &payment).await;
    }
    let part = &till.parts().await[0];
    assert_eq!((part.status, part.refunded), (PaymentStatus::Refunded, Kopecks(30_001)));
    assert_eq!(till.account().await.debt, Kopecks(DEBT - 69_999));
    till.bank().refund(&order, 69_999).expect("given back");
    told(&till, &payment).await;
    assert_eq!(till.account().await.debt, Kopecks(DEBT));
    let sums: Vec<i64> = till.credits().await.into_iter().map(|(_, _, sum)| sum).collect();
    assert_eq!(sums.len(), 3);
    assert_eq!(sums.iter().sum::<i64>(), 0);
    assert_eq!(till.parts().await[0].refunded, Kopecks(100_000));
}

#[tokio::test]
async fn a_payment_that_was_given_back_before_it_was_heard_of_leaves_nothing_on_the_account() {
    let till = Till::new().await;
    let payment = till.begun(&till.wanted(100_000)).await;
    till.pay(&payment);
    till.bank().refund(&till.order(&payment).id, payment.total.0).expect("given back");
    till.ask_after(5).await;
    assert_eq!(till.state(payment.id).await.status, PaymentStatus::Refunded);
    assert_eq!(till.account().await.debt, Kopecks(DEBT));
    assert_eq!(till.credits().await.into_iter().map(|(_, _, sum)| sum).sum::<i64>(), 0);
}

#[tokio::test]
async fn a_payment_taken_back_on_its_day_is_owed_again() {
    let till = Till::new().await;
    let payment = paid(&till, 100_000).await;
    assert_eq!(till.account().await.debt, Kopecks(DEBT - 100_000));
    till.bank().reverse(&till.order(&payment).id).expect("taken back");
    told(&till, &payment).await;
    assert_eq!(till.state(payment.id).await.status, PaymentStatus::Refunded);
    assert_eq!(till.account().await.debt, Kopecks(DEBT));
}

#[tokio::test]
async fn a_partial_refund_of_several_accounts_is_taken_from_them_in_their_order_and_the_commission_last() {
    let till = Till::new().await;
    let second = till.second_flat().await;
    let both = wanted(&[(till.flat.account, 60_000), (second.account, 40_000)], PaymentWay::Card);
    let payment = till.begun(&both).await;
    till.pay(&payment);
    let order = till.order(&payment).id;
    let mut seen = Vec::new();
    for sum in [50_000, 20_000, 30_000, 1_200] {
        till.bank().refund(&order, sum).expect("given back");
        told(&till, &payment).await;
        let state: Payment = till.state(payment.id).await;
        seen.push(state.parts.iter().map(|part| part.refunded.0).collect::<Vec<_>>());
    }
    assert_eq!(seen, [[50_000, 0], [60_000, 10_000], [60_000, 40_000], [60_000, 40_000]]);
    assert_eq!(till.credits().await.into_iter().map(|(_, _, sum)| sum).sum::<i64>(), 0);
    let _: Payment = read(till.start(&both).await).await;
}

const DAY_S: i64 = 24 * 3600;

#[tokio::test]
async fn a_refund_whose_callback_was_lost_is_found_by_asking_once_a_day() {
    let mut till = Till::new().await;
    let payment = paid(&till, 100_000).await;
    // The callbacks of this bank are lost.
    till.bank().refund(&till.order(&payment).id, 30_000).expect("given back");
    till.both_later(DAY_S / 2).await;
    assert_eq!(till.state(payment.id).await.status, PaymentStatus::Credited, "nobody has asked yet");
    till.both_later(DAY_S / 2 + 60).await;
    assert_eq!(till.state(payment.id).await.status, PaymentStatus::Refunded);
    assert_eq!(till.account().await.debt, Kopecks(DEBT - 70_000));
    // So is the next one, and the day after the last of them nobody asks any more.
    till.bank().refund(&till.order(&payment).id, 20_000).expect("given back");
    till.both_later(DAY_S + 60).await;
    assert_eq!(till.parts().await[0].refunded, Kopecks(50_000));
    for _ in 0..29 {
        till.both_later(DAY_S + 60).await;
    }
    assert_eq!(till.number("SELECT COUNT(*) FROM payments WHERE next_ms IS NOT NULL").await, 0);
}

#[tokio::test]
async fn a_day_of_questions_about_refunds_keeps_nobody_waiting_who_pays() {
    let mut till = Till::new().await;
    let mut paid_before = Vec::new();
    for _ in 0..20 {
        paid_before.push(paid(&till, 1_000).await);
    }
    till.both_later(700).await;
    till.both_later(DAY_S - 1_000).await;
    let waits = till.begun(&till.wanted(100_000)).await;
    till.pay(&waits);
    // All of them are due at once, and asked about in rounds.
    till.world.clock.advance(3_600_000);
    assert_eq!(till.world.running().ask_bank().await.expect("asked"), 17);
    till.owner = till.world.sign_in(&till.owner).await;
    assert_eq!(till.state(waits.id).await.status, PaymentStatus::Credited);
    assert_eq!(till.world.running().ask_bank().await.expect("asked"), 4);
    assert_eq!(till.world.running().ask_bank().await.expect("asked"), 0);
}
