//! What the bank tells by itself, and what somebody else tells in its name.

use crate::till::Till;
use domain::payment::PaymentStatus;
use reqwest::StatusCode;
use sandbox::bank::Operation;
use std::time::Duration;

async fn call(till: &Till, params: &[(String, String)]) -> StatusCode {
    let url = till.world.url("/v1/bank/callback");
    till.world.http.get(url).query(params).send().await.expect("answered").status()
}

async fn call_by_form(till: &Till, params: &[(String, String)]) -> StatusCode {
    let url = till.world.url("/v1/bank/callback");
    till.world.http.post(url).form(params).send().await.expect("answered").status()
}

#[tokio::test]
async fn the_banks_own_callback_alone_is_enough_however_it_is_sent() {
    let till = Till::new().await;
    till.turn(|knobs| (knobs.callbacks, knobs.callback_times) = (true, 2));
    for post in [false, true] {
        till.turn(|knobs| knobs.callback_post = post);
        let payment = till.begun(&till.wanted(100_000)).await;
        till.pay(&payment);
        // Nobody else asks: the clock stands.
        while till.state(payment.id).await.status != PaymentStatus::Credited {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
    assert_eq!(till.credits().await.len(), 2);
}

#[tokio::test]
async fn a_callback_told_three_times_credits_once() {
    let till = Till::new().await;
    let payment = till.begun(&till.wanted(100_000)).await;
    till.pay(&payment);
    let params = till.bank().callback_of(&till.order(&payment), Operation::Deposited);
    let (one, two) = tokio::join!(call(&till, &params), call_by_form(&till, &params));
    assert_eq!((one, two), (StatusCode::OK, StatusCode::OK));
    assert_eq!(call(&till, &params).await, StatusCode::OK);
    till.ask_after(0).await;
    assert_eq!(till.state(payment.id).await.status, PaymentStatus::Credited);
    assert_eq!(till.credits().await.len(), 1);
}

#[tokio::test]
async fn a_callback_that_the_bank_did_not_sign_is_refused_and_asks_nothing() {
    let till = Till::new().await;
    till.turn(|knobs| knobs.wrong_checksum = true);
    let payment = till.begun(&till.wanted(100_000)).await;
    till.pay(&payment);
    let forged = till.bank().callback_of(&till.order(&payment), Operation::Deposited);
    assert_eq!(call(&till, &forged).await, StatusCode::FORBIDDEN);
    assert_eq!(call_by_form(&till, &forged).await, StatusCode::FORBIDDEN);
    assert_eq!(call(&till, &forged[..3]).await, StatusCode::FORBIDDEN);
    assert_eq!(till.state(payment.id).await.status, PaymentStatus::Awaiting);
    assert_eq!(till.number("SELECT COUNT(*) FROM payment_events WHERE what = 'called'").await, 0);
}

#[tokio::test]
async fn a_signed_callback_about_money_that_the_bank_does_not_have_credits_nothing() {
    let till = Till::new().await;
    let payment = till.begun(&till.wanted(100_000)).await;
    let order = till.order(&payment);
    // Somebody knows the key, or the bank is wrong: it is asked, and has nothing.
    for operation in [Operation::Deposited, Operation::Refunded, Operation::Declined] {
        let params = till.bank().callback_of(&order, operation);
        assert_eq!(call(&till, &params).await, StatusCode::OK);
    }
    assert_eq!(till.state(payment.id).await.status, PaymentStatus::Awaiting);
    assert!(till.credits().await.is_empty());
    assert_eq!(till.number("SELECT COUNT(*) FROM payment_events WHERE what = 'called'").await, 3);
}

#[tokio::test]
async fn a_callback_about_an_order_that_is_none_of_ours_is_taken_so_that_the_bank_stops() {
    let till = Till::new().await;
    let payment = till.begun(&till.wanted(100_000)).await;
    let mut order = till.order(&payment);
    (order.id, order.number) = ("nobodys".into(), "KS-999999".into());
    let params = till.bank().callback_of(&order, Operation::Deposited);
    assert_eq!(call(&till, &params).await, StatusCode::OK);
    assert!(till.credits().await.is_empty());
}

#[tokio::test]
async fn a_callback_while_the_bank_does_not_answer_is_a_question_that_waits() {
    let till = Till::new().await;
    let payment = till.begun(&till.wanted(100_000)).await;
    till.pay(&payment);
    let params = till.bank().callback_of(&till.order(&payment), Operation::Deposited);
    till.turn(|knobs| knobs.down = true);
    assert_eq!(call(&till, &params).await, StatusCode::OK);
    assert_eq!(till.state(payment.id).await.status, PaymentStatus::Awaiting);
    till.turn(|knobs| knobs.down = false);
    till.ask_after(5).await;
    assert_eq!(till.state(payment.id).await.status, PaymentStatus::Credited);
}
