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
async fn whatever_is_sent_to_the_door_of_callbacks_neither_breaks_it_nor_credits_anything() {
    let till = Till::new().await;
    let payment = till.begun(&till.wanted(100_000)).await;
    let signed = till.bank().callback_of(&till.order(&payment), Operation::Deposited);
    let query: String = signed.iter().map(|(name, value)| format!("{name}={value}&")).collect();
    let json = serde_json::to_vec(&signed.iter().cloned().collect::<std::collections::BTreeMap<_, _>>()).expect("JSON");
    let mut bodies: Vec<Vec<u8>> = [
        "",
        "&",
        "=",
        "%",
        "%zz=%",
        "a=%ff%fe",
        "checksum=",
        "checksum=zz",
        "#",
        "mdOrder",
        "[1]",
        "{",
        "null",
        "{\"a\":{}}",
        "orderNumber=1;DROP&checksum=00",
        "sign_alias=&checksum=%00",
        "checksum=00&checksum=01",
    ]
    .map(|text| text.as_bytes().to_vec())
    .to_vec();
    bodies.extend([
        vec![0xFF; 300],
        vec![b'&'; 5_000],
        b"checksum=".repeat(500),
        [b"a=".to_vec(), vec![b'9'; 40_000]].concat(),
    ]);
    // The bank's own words, cut anywhere.
    bodies.extend((0..query.len()).step_by(7).map(|end| query.as_bytes()[..end].to_vec()));
    bodies.extend((0..json.len()).step_by(11).map(|end| json[..end].to_vec()));
    bodies.extend([query.clone().into_bytes(), json]);
    let url = till.world.url("/v1/bank/callback");
    for body in bodies {
        for kind in ["application/x-www-form-urlencoded", "application/json", "text/plain", "\u{44f}"] {
            let sent = till.world.http.post(&url).header("content-type", kind).body(body.clone()).send().await;
            let status = sent.expect("answered").status();
            assert!(status == StatusCode::OK || status.is_client_error(), "{status} {kind} {body:?}");
        }
        // What no query may hold is written as it must be.
        let asked = till.world.http.get(&url).query(&[(String::from_utf8_lossy(&body), "")]).send().await;
        let status = asked.expect("answered").status();
        assert!(status == StatusCode::OK || status.is_client_error(), "{status} {body:?}");
    }
    assert_eq!(till.state(payment.id).await.status, PaymentStatus::Awaiting, "the bank has no money");
    assert!(till.credits().await.is_empty());
    till.pay(&payment);
    assert_eq!(call(&till, &signed).await, StatusCode::OK, "and the door is open");
    assert_eq!(till.state(payment.id).await.status, PaymentStatus::Credited);
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
