//! The client against the sandbox, and the checksum against the vectors of the banks' documents.

use super::*;
use crate::config::{BankCredentials, BankSettings};
use sandbox::bank::{GOOD_CARD, Operation, Signature};
use uuid::Uuid;

fn pairs(text: &str) -> Vec<(String, String)> {
    let parts: Vec<&str> = text.trim_end_matches(';').split(';').collect();
    parts.chunks(2).map(|pair| (pair[0].to_owned(), pair[1].to_owned())).collect()
}

/// docs/domain.md, §2.5.
fn vector() -> Vec<(String, String)> {
    let mut params = pairs(
        "status;1;orderNumber;10747;operation;deposited;mdOrder;3ff6962a-7dcc-4283-ab50-a6d7dd3386fe;amount;123456;",
    );
    let checksum = "6351F0E7D1BD1E260F9191D80B1D64A54589F5D6B0D7BA07ABAD6165842952BC";
    params.push(("checksum".into(), checksum.into()));
    params.push(("sign_alias".into(), "ANY".into()));
    params
}

#[test]
fn a_checksum_of_the_banks_document_holds_in_any_order_and_any_case() {
    let key = CallbackKey::Hmac(b"test".to_vec());
    let mut params = vector();
    assert!(key.signed(&params));
    params.reverse();
    assert!(key.signed(&params));
    let lower = |(name, value): (String, String)| {
        let value = if name == "checksum" { value.to_lowercase() } else { value };
        (name, value)
    };
    assert!(key.signed(&params.into_iter().map(lower).collect::<Vec<_>>()));
}

#[test]
fn a_checksum_does_not_hold_for_another_key_another_value_a_value_more_or_a_name_twice() {
    let key = CallbackKey::Hmac(b"test".to_vec());
    assert!(!CallbackKey::Hmac(b"tess".to_vec()).signed(&vector()));
    for (place, _) in vector().iter().enumerate().filter(|(_, (name, _))| name != "sign_alias") {
        let mut params = vector();
        params[place].1.push('1');
        assert!(!key.signed(&params), "{place}");
        params.remove(place);
        assert!(!key.signed(&params), "without {place}");
    }
    let mut params = vector();
    params.push(("amount".into(), "1".into()));
    assert!(!key.signed(&params));
}

#[tokio::test]
async fn a_callback_signed_by_rsa_holds_and_one_signed_by_somebody_else_does_not() {
    let (bank, other) = (
        sandbox::start("127.0.0.1:0").await.expect("a sandbox"),
        sandbox::start("127.0.0.1:0").await.expect("another"),
    );
    bank.bank.with_knobs(|knobs| knobs.signature = Signature::Rsa);
    let client = client(&bank, 5_000);
    client.register(&order("KS-000001")).await.expect("registered");
    let known = bank.bank.by_number("KS-000001").expect("there");
    let params = bank.bank.callback_of(&known, Operation::Deposited);
    let key = |pem: String| CallbackKey::Rsa(read_public_key(&pem).expect("a key"));
    assert!(key(bank.bank.public_key_pem()).signed(&params));
    assert!(!key(other.bank.public_key_pem()).signed(&params));
    assert!(!CallbackKey::Hmac(b"demo".to_vec()).signed(&params));
    let mut more = params.clone();
    more[0].1 = "1".into();
    assert!(!key(bank.bank.public_key_pem()).signed(&more));
    assert_eq!(read_public_key("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----"), None);
}

fn client(bank: &sandbox::Running, timeout_ms: u64) -> Rbs {
    let credentials = BankCredentials::Password { user: "ks-api".into(), password: "demo".into() };
    let base_url = bank.base_url();
    let settings = BankSettings { base_url, credentials, public_url: None, callback: None, timeout_ms, look_ms: 1_000 };
    Rbs::new(settings).expect("a client")
}

fn order(number: &str) -> NewOrder {
    NewOrder {
        payment: PaymentId::new(Uuid::from_u128(7)),
        number: number.into(),
        amount: Kopecks(345_678),
        description: "Оплата ЖКУ".into(),
        email: "a@b.ru".into(),
        accounts: "1234567890".into(),
        return_url: "http://127.0.0.1:1/pay/return/1".into(),
        callback_url: String::new(),
        session_s: 1200,
        cart: None,
    }
}

#[tokio::test]
async fn an_order_is_registered_paid_and_given_back_and_each_is_told() {
    let bank = sandbox::start("127.0.0.1:0").await.expect("a sandbox");
    let client = client(&bank, 5_000);
    assert_eq!(client.by_number("KS-000001").await, Ok(None));
    let registered = client.register(&order("KS-000001")).await.expect("registered");
    assert!(registered.form_url.contains(&registered.order));
    assert_eq!(client.register(&order("KS-000001")).await, Err(BankError::NumberTaken));
    let open = client.by_number("KS-000001").await.expect("answered").expect("there");
    assert_eq!((open.stage, open.payment), (Stage::Open, Some(PaymentId::new(Uuid::from_u128(7)))));
    assert_eq!(open.order.as_ref(), Some(&registered.order));
    bank.bank.pay(&registered.order, GOOD_CARD).expect("paid");
    assert!(matches!(client.decline(&registered.order).await, Err(BankError::Refused { .. })));
    let paid = client.by_order(&registered.order).await.expect("answered").expect("there");
    assert_eq!((paid.stage, paid.amount, paid.by.as_str()), (Stage::Deposited, Kopecks(345_678), "МИР 2200 •• 0004"));
    assert!(client.receipt(&registered.order).await.expect("answered").is_some());
    client.refund(&registered.order, Kopecks(45_678)).await.expect("given back");
    let back = client.by_order(&registered.order).await.expect("answered").expect("there");
    assert_eq!((back.stage, back.refunded), (Stage::Refunded, Kopecks(45_678)));
}

#[tokio::test]
async fn codes_come_as_numbers_or_as_text_or_not_at_all() {
    let bank = sandbox::start("127.0.0.1:0").await.expect("a sandbox");
    let client = client(&bank, 5_000);
    for (place, (number, silent)) in
        [(false, false), (true, false), (false, true), (true, true)].into_iter().enumerate()
    {
        bank.bank.with_knobs(|knobs| (knobs.code_as_number, knobs.silent_success) = (number, silent));
        let order = order(&format!("KS-{place}"));
        assert!(client.register(&order).await.is_ok());
        assert_eq!(client.register(&order).await, Err(BankError::NumberTaken));
        assert_eq!(client.by_number("KS-nobody").await, Ok(None));
    }
}

#[tokio::test]
async fn what_may_have_been_done_is_told_from_what_certainly_was_not() {
    let bank = sandbox::start("127.0.0.1:0").await.expect("a sandbox");
    let asked = client(&bank, 300);
    let turn = |act: fn(&mut sandbox::bank::BankKnobs)| bank.bank.with_knobs(act);
    turn(|knobs| knobs.down = true);
    assert_eq!(asked.register(&order("KS-1")).await, Err(BankError::NotAsked));
    turn(|knobs| (knobs.down, knobs.html) = (false, true));
    assert_eq!(asked.register(&order("KS-2")).await, Err(BankError::Unsure));
    turn(|knobs| (knobs.html, knobs.lose_answers) = (false, 1));
    assert_eq!(asked.register(&order("KS-3")).await, Err(BankError::Unsure));
    assert!(bank.bank.by_number("KS-3").is_some(), "it was done");
    turn(|knobs| knobs.slow_ms = 2_000);
    assert_eq!(asked.register(&order("KS-4")).await, Err(BankError::Unsure));
    let gone = client(&bank, 300);
    bank.stop().await.expect("stopped");
    assert_eq!(gone.register(&order("KS-5")).await, Err(BankError::NotAsked));
}

#[tokio::test]
async fn a_code_of_sbp_is_the_same_however_often_it_is_asked_for() {
    let bank = sandbox::start("127.0.0.1:0").await.expect("a sandbox");
    let client = client(&bank, 5_000);
    let registered = client.register(&order("KS-1")).await.expect("registered");
    let code = client.sbp_code(&registered.order).await.expect("a code");
    assert!(code.starts_with("https://qr.nspk.ru/AD") && code.contains("sum=345678"), "{code}");
    assert_eq!(client.sbp_code(&registered.order).await, Ok(code));
}
