//! One bill is paid by one payment at a time.

use crate::common::*;
use crate::till::{Till, wanted};
use domain::Kopecks;
use domain::payment::{PaymentStatus, PaymentWay};
use reqwest::StatusCode;
use wire::money::{Payment, StartPayment};
use wire::problem::Code;

#[tokio::test]
async fn the_same_request_again_is_the_same_payment_and_another_content_under_its_id_is_refused() {
    let till = Till::new().await;
    let first = till.wanted(100_000);
    let payment = till.begun(&first).await;
    assert_eq!(till.begun(&first).await, payment);
    let other = StartPayment { id: first.id, ..till.wanted(200_000) };
    assert_eq!(problem(till.start(&other).await).await, Code::Unreadable { field: Some("id".into()) });
    assert_eq!(till.bank().orders().len(), 1);
    till.pay(&payment);
    till.ask_after(5).await;
    assert_eq!(till.begun(&first).await.status, PaymentStatus::Credited, "and when it is over, it is told so");
    assert_eq!(till.bank().orders().len(), 1);
}

#[tokio::test]
async fn who_corrects_the_address_of_the_receipt_and_tries_again_pays_once() {
    let mut till = Till::new().await;
    // The order is not there yet: the bank's answers are lost.
    till.turn(|knobs| knobs.lose_answers = 1_000);
    let first = till.wanted(100_000);
    assert_eq!(till.begun(&first).await.status, PaymentStatus::Created);
    let corrected = StartPayment { email: "petrov@mail.example".into(), ..first.clone() };
    assert_eq!(till.begun(&corrected).await.id, first.id);
    let wrong = StartPayment { email: "petrov".into(), ..first.clone() };
    assert_eq!(problem(till.start(&wrong).await).await, Code::Unreadable { field: Some("email".into()) });
    till.turn(|knobs| knobs.lose_answers = 0);
    till.later(60).await;
    let payment = till.state(first.id).await;
    assert_eq!(till.order(&payment).email, "petrov@mail.example");
    // Now the bank has it, and the receipt goes where it was told.
    assert_eq!(till.begun(&first).await, payment);
    assert_eq!((till.order(&payment).email.as_str(), till.open_orders()), ("petrov@mail.example", 1));
}

#[tokio::test]
async fn of_many_clicks_at_once_one_order_comes() {
    let till = Till::new().await;
    till.turn(|knobs| knobs.slow_ms = 20);
    let (same, other) = (till.wanted(100_000), till.wanted(100_000));
    let (one, two, three) = tokio::join!(till.start(&same), till.start(&same), till.start(&other));
    let mut locked = 0;
    for answer in [one, two, three] {
        if answer.status() == StatusCode::CONFLICT {
            assert!(matches!(problem(answer).await, Code::PaymentLocked { own: true, .. }));
            locked += 1;
        } else {
            read::<Payment>(answer).await;
        }
    }
    assert!(locked == 1 || locked == 2, "whichever was first");
    assert_eq!(till.bank().orders().len(), 1);
    assert_eq!(till.holds().await, 1);
}

#[tokio::test]
async fn a_relative_is_told_who_pays_and_until_when_and_pays_when_it_is_over() {
    let mut till = Till::new().await;
    let relative = till.relative().await;
    let payment = till.begun(&till.wanted(100_000)).await;
    let locked = problem(till.start_as(&relative, &till.wanted(345_678)).await).await;
    let since_ms = till.world.clock_now();
    let who = "Иванов И. И.".to_owned();
    let (id, until_ms) = (payment.id, since_ms + 20 * 60_000);
    assert_eq!(locked, Code::PaymentLocked { who, own: false, payment: id, since_ms, until_ms });
    // An account that nobody pays for can be paid meanwhile, one together with the held one cannot.
    let second = till.second_flat().await;
    let both = wanted(&[(second.account, 5_000), (till.flat.account, 5_000)], PaymentWay::Card);
    assert!(matches!(problem(till.start(&both).await).await, Code::PaymentLocked { own: true, .. }));
    assert_eq!(till.holds().await, 1, "nothing of what was refused holds anything");
    till.begun(&wanted(&[(second.account, 5_000)], PaymentWay::Card)).await;
    till.both_later(21 * 60).await;
    assert_eq!(till.state(payment.id).await.status, PaymentStatus::Expired);
    let relative = till.world.sign_in(&relative).await;
    let again: Payment = read(till.start_as(&relative, &till.wanted(345_678)).await).await;
    assert_eq!((again.status, again.total), (PaymentStatus::Awaiting, Kopecks(349_826)));
}

#[tokio::test]
async fn an_account_is_let_go_only_when_the_bank_has_ended_the_order() {
    let mut till = Till::new().await;
    let payment = till.begun(&till.wanted(100_000)).await;
    till.turn(|knobs| knobs.down = true);
    assert_eq!(problem(till.cancel(payment.id).await).await, Code::BankUnavailable);
    assert_eq!(till.holds().await, 1);
    assert!(matches!(problem(till.start(&till.wanted(5_000)).await).await, Code::PaymentLocked { .. }));
    // The bank is back, and keeps the order: the person may be at its page.
    till.turn(|knobs| (knobs.down, knobs.keeps_orders) = (false, true));
    till.later(30).await;
    assert_eq!((till.holds().await, till.open_orders()), (1, 1));
    assert_eq!(till.state(payment.id).await.form_url, None, "nobody is sent to it any more");
    till.turn(|knobs| knobs.keeps_orders = false);
    till.later(30).await;
    let over = till.state(payment.id).await;
    assert_eq!((over.status, over.why.as_str()), (PaymentStatus::Declined, "Платёж отменён"));
    assert_eq!((till.holds().await, till.open_orders()), (0, 0));
}

#[tokio::test]
async fn who_paid_before_they_cancelled_has_paid() {
    let till = Till::new().await;
    let payment = till.begun(&till.wanted(100_000)).await;
    till.pay(&payment);
    let answer: Payment = read(till.cancel(payment.id).await).await;
    assert_eq!(answer.status, PaymentStatus::Credited);
    assert_eq!(till.credits().await.len(), 1);
}

#[tokio::test]
async fn an_order_that_the_bank_lets_nobody_pay_any_more_holds_no_account() {
    let mut till = Till::new().await;
    let payment = till.begun(&till.wanted(100_000)).await;
    // Its time is over here, and not yet there: it is ended there first.
    till.later(20 * 60).await;
    assert_eq!(till.state(payment.id).await.status, PaymentStatus::Expired);
    assert_eq!((till.holds().await, till.open_orders()), (0, 0));
}
