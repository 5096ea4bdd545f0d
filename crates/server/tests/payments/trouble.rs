//! Answers that are lost, banks that are down, servers that end in between.

use crate::common::*;
use crate::till::{Till, wanted};
use domain::payment::{PaymentStatus, PaymentWay};
use sandbox::bank::Stage;
use wire::problem::Code;
use zhkh_server::payments::{asking, start};
use zhkh_server::sessions::Caller;

#[tokio::test]
async fn an_order_whose_answer_was_lost_is_ended_before_another_is_made() {
    let till = Till::new().await;
    till.turn(|knobs| (knobs.lose_answers, knobs.lose_verb) = (1, "register.do".into()));
    let payment = till.begun(&till.wanted(100_000)).await;
    let orders = till.bank().orders();
    let stages: Vec<_> = orders.iter().map(|order| order.stage).collect();
    assert_eq!(stages.len(), 2, "{orders:?}");
    assert!(stages.contains(&Stage::Declined) && stages.contains(&Stage::Registered), "{stages:?}");
    assert_eq!((payment.status, till.open_orders()), (PaymentStatus::Awaiting, 1));
    till.pay(&payment);
    till.ask_after(5).await;
    assert_eq!(till.state(payment.id).await.status, PaymentStatus::Credited);
    assert_eq!(till.credits().await.len(), 1);
}

#[tokio::test]
async fn while_it_is_not_known_whether_there_is_an_order_there_is_never_a_second() {
    let mut till = Till::new().await;
    // It takes the order and says nothing about it, neither now nor when it is asked.
    till.turn(|knobs| knobs.lose_answers = 1_000);
    let payment = till.begun(&till.wanted(100_000)).await;
    assert_eq!((payment.status, payment.form_url), (PaymentStatus::Created, None));
    for _ in 0..4 {
        till.later(60).await;
        assert!(till.bank().orders().len() <= 1, "{:?}", till.bank().orders());
        assert!(matches!(problem(till.start(&till.wanted(5_000)).await).await, Code::PaymentLocked { own: true, .. }));
    }
    till.turn(|knobs| knobs.lose_answers = 0);
    till.later(60).await;
    let state = till.state(payment.id).await;
    assert!(state.status == PaymentStatus::Awaiting && state.form_url.is_some(), "{state:?}");
    assert_eq!(till.open_orders(), 1);
}

#[tokio::test]
async fn whichever_answer_is_lost_there_is_a_page_within_the_pace_and_never_two_orders_that_live() {
    for lost in 1..6 {
        let mut till = Till::new().await;
        till.turn(|knobs| knobs.lose_answers = lost);
        let payment = till.begun(&till.wanted(100_000)).await;
        let mut page = payment.form_url;
        // Every five seconds it is asked, and an answer of these is lost.
        for _ in 0..lost {
            assert!(till.open_orders() <= 1, "{lost}: {:?}", till.bank().orders());
            till.later(5).await;
            page = page.or(till.state(payment.id).await.form_url);
        }
        assert!(page.is_some(), "{lost}");
        assert_eq!(till.open_orders(), 1, "{lost}: {:?}", till.bank().orders());
        let open = till.bank().orders().into_iter().find(|order| order.stage == Stage::Registered);
        assert!(open.is_some_and(|order| page.is_some_and(|page| page.contains(&order.id))), "{lost}: another's page");
    }
}

#[tokio::test]
async fn a_bank_that_takes_nothing_holds_nothing() {
    let till = Till::new().await;
    till.turn(|knobs| knobs.down = true);
    assert_eq!(problem(till.start(&till.wanted(100_000)).await).await, Code::BankUnavailable);
    assert_eq!(till.holds().await, 0);
    till.turn(|knobs| knobs.down = false);
    assert_eq!(till.begun(&till.wanted(100_000)).await.status, PaymentStatus::Awaiting);
    assert_eq!(till.bank().orders().len(), 1);
}

#[tokio::test]
async fn an_hour_without_the_bank_neither_loses_a_payment_nor_holds_an_account_for_ever() {
    let mut till = Till::new().await;
    let second = till.second_flat().await;
    let paid = till.begun(&till.wanted(100_000)).await;
    let unpaid = till.begun(&wanted(&[(second.account, 5_000)], PaymentWay::Card)).await;
    till.pay(&paid);
    till.turn(|knobs| knobs.down = true);
    for _ in 0..60 {
        till.both_later(60).await;
    }
    assert_eq!(till.state(paid.id).await.status, PaymentStatus::Awaiting, "nobody knows");
    assert_eq!(till.holds().await, 2);
    till.turn(|knobs| knobs.down = false);
    till.both_later(600).await;
    assert_eq!(till.state(paid.id).await.status, PaymentStatus::Credited);
    assert_eq!(till.state(unpaid.id).await.status, PaymentStatus::Expired);
    assert_eq!((till.credits().await.len(), till.holds().await), (1, 0));
}

#[tokio::test]
async fn a_payers_bank_that_says_no_late_declines_and_nothing_was_credited_meanwhile() {
    let mut till = Till::new().await;
    till.turn(|knobs| knobs.late_decline_s = 60);
    let payment = till.begun(&till.wanted(100_000)).await;
    till.pay(&payment);
    till.both_later(30).await;
    assert_eq!(till.state(payment.id).await.status, PaymentStatus::Awaiting);
    till.both_later(60).await;
    let state = till.state(payment.id).await;
    assert_eq!((state.status, state.why.as_str()), (PaymentStatus::Declined, "Недостаточно средств на карте"));
    assert_eq!((till.credits().await.len(), till.holds().await), (0, 0));
}

#[tokio::test]
async fn a_server_that_ends_before_it_has_asked_leaves_a_payment_that_another_takes_up() {
    let mut till = Till::new().await;
    let wanted = till.wanted(100_000);
    let config = till.world.config();
    let busy_ms = asking::busy_until(config.bank.as_ref().expect("a bank"), till.world.clock_now());
    let session = till.owner.session.clone();
    let caller =
        Caller { user: till.owner.user, device: session.device, session: uuid::Uuid::nil(), origin: String::new() };
    let shared = wanted.clone();
    let begun = till.world.store().write(move |tx| start::begin(tx, &config, &caller, &shared, busy_ms)).await;
    begun.expect("written");
    assert_eq!(till.begun(&wanted).await.status, PaymentStatus::Created, "the other server may still be asking");
    assert!(till.bank().orders().is_empty());
    till.later(300).await;
    let payment = till.state(wanted.id).await;
    assert_eq!(payment.status, PaymentStatus::Awaiting);
    till.world.stop().await;
    till.world.start().await;
    till.pay(&payment);
    till.later(30).await;
    assert_eq!(till.state(wanted.id).await.status, PaymentStatus::Credited);
}

#[tokio::test]
async fn numbers_that_a_restored_database_gives_again_do_not_lead_to_the_money_of_others() {
    let mut till = Till::new().await;
    let lost = till.begun(&till.wanted(100_000)).await;
    till.pay(&lost);
    // The database is as it was before that payment.
    let forget = till.world.store().write(|tx| {
        use zhkh_server::storage::Sql as _;
        for table in ["payments", "payment_parts", "payment_numbers", "credits"] {
            tx.execute(&format!("DELETE FROM {table}"), &[])?;
        }
        Ok::<_, zhkh_server::storage::StoreError>(())
    });
    forget.await.expect("forgotten");
    let payment = till.begun(&till.wanted(100_000)).await;
    assert_ne!(payment.number, lost.number);
    till.later(5).await;
    assert_eq!(till.state(payment.id).await.status, PaymentStatus::Awaiting, "what another paid is not its own");
    assert!(till.credits().await.is_empty());
}
