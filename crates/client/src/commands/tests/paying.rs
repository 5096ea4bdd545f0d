//! Paying through the door that the window uses: never twice, never without a word.

use super::fake_server::VERA;
use super::house::{House, NOW_MS, ask, fails, until};
use crate::core::Core;
use crate::overlay::money::tests::bills::{bill, month, terms};
use crate::overlay::tests::world::{self, FLAT};
use crate::view::{Event, Failure, Field, FieldProblem, Toast, Topic};
use domain::payment::{PaymentStatus, ServiceSum};
use domain::{Kopecks, PaymentId, UserId};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;
use uuid::Uuid;
use wire::entity::Entity;
use wire::feed::Scope;

const OLEG: UserId = UserId::new(Uuid::from_u128(0x8));
const VERAS: &str = "+79000001234";
const OLEGS: &str = "+79000005678";
const PASSWORD: &str = "kotik-parol-2026";

/// A flat with two bills, and two people who may pay for it.
fn town() -> House {
    let house = House::new();
    house.server.register(VERAS, VERA, PASSWORD);
    house.server.register(OLEGS, OLEG, PASSWORD);
    let picture = world::flat(world::day(10, 20));
    for account in picture.accounts {
        house.server.put(Scope::Account(FLAT), Entity::Account(account));
    }
    for (number, month) in [(0xb8, month(8)), (0xb9, month(9))] {
        house.server.put(Scope::Account(FLAT), Entity::Bill(Box::new(bill(number, month))));
    }
    house.server.put(Scope::Public, Entity::PaymentTerms(Box::new(terms())));
    let (_, profile) = picture.profile.expect("a profile");
    house.server.put(Scope::User(VERA), Entity::Profile(profile));
    house
}

async fn sign_in(house: &House, phone: &str) -> Arc<Core> {
    let core = house.core();
    ask(&core, "sign_in", json!({ "phone": phone, "password": PASSWORD, "forget_password": false })).await;
    until(&core, "payment", json!({}), |view| view["ways"] == json!(["card", "sbp"]) && view["accounts"] != json!([]))
        .await;
    core
}

async fn home() -> (House, Arc<Core>) {
    let house = town();
    let core = sign_in(&house, VERAS).await;
    (house, core)
}

fn card(sum: &str) -> Value {
    json!({ "sums": [{ "account": FLAT.to_string(), "sum": sum }], "way": "card", "email": "" })
}

fn of(payment: &Value) -> Value {
    json!({ "payment": payment["payment"] })
}

fn begun(house: &House) -> Vec<PaymentId> {
    house.server.state().bank.begun.iter().map(|(_, payment)| payment.id).collect()
}

fn opened(house: &House) -> Vec<String> {
    let opened = house.opened.0.lock().expect("no panic in it");
    opened.iter().map(|path| path.display().to_string()).collect()
}

async fn status_becomes(core: &Arc<Core>, status: &str) -> Value {
    ask(core, "person_back", json!({})).await;
    until(core, "payments", json!({}), |view| view["payments"][0]["status"] == json!(status)).await
}

#[tokio::test]
async fn a_lost_answer_a_second_click_and_a_restart_lead_to_one_payment() {
    let (house, core) = home().await;
    house.server.state().bank.lose_answer = true;
    assert_eq!(fails(&core, "payment_start", card("3456,78")).await, Failure::Offline);
    core.close().await;
    let core = house.core();
    let after_the_restart = ask(&core, "payment_start", card("3 456,78 ₽")).await;
    let again = ask(&core, "payment_start", card("3456.78")).await;
    assert_eq!((&after_the_restart["payment"], &again["page"]), (&again["payment"], &json!(true)));
    assert_eq!(begun(&house).len(), 1, "one payment");
    assert_eq!(house.server.state().bank.asked, 3);
    core.close().await;
}

#[tokio::test]
async fn a_payment_that_was_meant_offline_keeps_its_id_over_a_restart() {
    let (house, core) = home().await;
    house.server.state().cut = true;
    assert_eq!(fails(&core, "payment_start", card("100")).await, Failure::Offline);
    let meant = core.person().expect("Vera").engine.secret("payments").await.expect("read").expect("kept");
    let meant: Value = serde_json::from_slice(&meant).expect("JSON");
    core.close().await;
    house.server.state().cut = false;
    let core = house.core();
    let payment = ask(&core, "payment_start", card("100,00")).await;
    assert_eq!(payment["payment"], meant["meant"][0]["id"]);
    core.close().await;
}

#[tokio::test]
async fn when_the_server_hears_of_a_payment_its_id_is_on_the_disk() {
    let (house, core) = home().await;
    house.server.state().bank.answer_never = true;
    let heard = async {
        while begun(&house).is_empty() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    // As after a kill: nothing of the program runs on from here.
    tokio::select! {
        answer = core.call("payment_start", card("100")) => panic!("{answer:?}"),
        () = heard => {}
    }
    let kept = core.person().expect("Vera").engine.secret("payments").await.expect("read").expect("kept");
    assert!(String::from_utf8(kept).expect("JSON").contains(&begun(&house)[0].to_string()));
    core.close().await;
    let core = house.core();
    let payment = ask(&core, "payment_start", card("100")).await;
    assert_eq!((begun(&house).len(), &payment["payment"]), (1, &json!(begun(&house)[0])));
    core.close().await;
}

#[tokio::test]
async fn who_corrects_the_address_of_the_receipt_after_a_lost_answer_pays_once() {
    let (house, core) = home().await;
    house.server.state().bank.lose_answer = true;
    assert_eq!(fails(&core, "payment_start", card("100")).await, Failure::Offline);
    let mut args = card("100");
    args["email"] = json!("vera@example.org");
    let payment = ask(&core, "payment_start", args).await;
    assert_eq!((begun(&house).len(), &payment["payment"]), (1, &json!(begun(&house)[0])));
    core.close().await;
}

#[tokio::test]
async fn the_page_of_a_bank_that_was_silent_can_be_opened_as_soon_as_the_server_has_it() {
    let (house, core) = home().await;
    house.server.state().bank.silent = true;
    let payment = ask(&core, "payment_start", card("100")).await;
    assert_eq!((&payment["status"], &payment["page"]), (&json!("created"), &json!(false)));
    assert_eq!(fails(&core, "payment_open", of(&payment)).await, Failure::Gone);
    status_becomes(&core, "created").await;
    let first = begun(&house)[0];
    let mut told = core.events();
    house.server.state().give_page(first, "https://bank.example/pay?order=1");
    status_becomes(&core, "awaiting").await;
    // The window asks when it is told so, and by no clock of its own.
    let told_of_money = async {
        while !matches!(told.recv().await, Ok(Event::Changed { topics }) if topics.contains(&Topic::Money)) {}
    };
    tokio::time::timeout(Duration::from_secs(20), told_of_money).await.expect("in time");
    assert_eq!(ask(&core, "payment_state", of(&payment)).await["page"], json!(true));
    assert_eq!(opened(&house), Vec::<String>::new(), "no page opens by itself while somebody does other things");
    ask(&core, "payment_open", of(&payment)).await;
    assert_eq!(opened(&house), ["https://bank.example/pay?order=1"]);
    core.close().await;
}

#[tokio::test]
async fn a_sum_divided_by_services_is_sent_so_and_otherwise_divided_it_is_another_payment() {
    let (house, core) = home().await;
    let mut flat = world::flat(world::day(10, 20)).accounts.remove(0);
    let owed = [("Вода", 145_678), ("Содержание", 200_000)];
    flat.services = owed.map(|(service, sum)| ServiceSum { service: service.into(), sum: Kopecks(sum) }).into();
    house.server.state().tell_in(Scope::Account(FLAT), Entity::Account(flat));
    ask(&core, "person_back", json!({})).await;
    let two = |view: &Value| view["accounts"][0]["services"].as_array().map(Vec::len) == Some(2);
    until(&core, "payment", json!({}), two).await;
    let by = |water: &str, other: &str| {
        let services = json!([{ "service": "Вода", "sum": water }, { "service": other, "sum": "100" }]);
        json!({ "sums": [{ "account": FLAT.to_string(), "sum": "", "services": services }], "way": "sbp", "email": "" })
    };
    house.server.state().bank.lose_answer = true;
    assert_eq!(fails(&core, "payment_start", by("50", "Содержание")).await, Failure::Offline);
    ask(&core, "payment_start", by("50", "Содержание")).await;
    assert_eq!(begun(&house).len(), 1);
    let sent = house.server.state().bank.begun[0].1.parts[0].clone();
    assert_eq!((sent.sum, sent.services.len(), sent.services[0].sum), (Kopecks(15_000), 2, Kopecks(5_000)));
    assert_eq!(fails(&core, "payment_start", by("50", "Отопление")).await, Failure::PaymentTermsChanged);
    core.close().await;
}

#[tokio::test]
async fn a_double_click_is_one_payment_and_one_page() {
    let (house, core) = home().await;
    let (one, other) = tokio::join!(core.call("payment_start", card("100")), core.call("payment_start", card("100")));
    assert_eq!(one.expect("begun"), other.expect("begun"));
    assert_eq!(begun(&house).len(), 1);
    assert_eq!(opened(&house), ["https://bank.example/pay?order=1"]);
    let payment = json!({ "payment": begun(&house)[0].to_string() });
    ask(&core, "payment_open", payment).await;
    assert_eq!(opened(&house).len(), 2, "asked for on purpose");
    core.close().await;
}

#[tokio::test]
async fn a_second_computer_is_told_that_the_person_pays_already_and_can_give_it_up_there() {
    let (house, core) = home().await;
    let payment = ask(&core, "payment_start", card("3456,78")).await;
    let office = House::beside(&house);
    let second = sign_in(&office, VERAS).await;
    let locked = fails(&second, "payment_start", card("1000")).await;
    let Failure::PaymentLocked { own, payment: held, until_ms, .. } = locked else { panic!("{locked:?}") };
    assert!(own && until_ms > NOW_MS);
    assert_eq!(json!(held), payment["payment"]);
    let view = until(&second, "payment", json!({}), |view| !view["accounts"][0]["held"].is_null()).await;
    assert_eq!(view["accounts"][0]["held"]["own"], json!(true));
    assert_eq!(view["accounts"][0]["to_pay"], json!(345_678), "what nobody paid is owed");
    let given_up = ask(&second, "payment_cancel", json!({ "payment": held })).await;
    assert_eq!((&given_up["status"], &given_up["page"]), (&json!("expired"), &json!(false)));
    ask(&second, "payment_start", card("1000")).await;
    assert_eq!(begun(&house).len(), 2);
    for core in [core, second] {
        core.close().await;
    }
}

#[tokio::test]
async fn a_member_of_the_family_is_told_who_pays_and_until_when() {
    let (house, core) = home().await;
    ask(&core, "payment_start", card("3456,78")).await;
    let his = House::beside(&house);
    let oleg = sign_in(&his, OLEGS).await;
    let locked = fails(&oleg, "payment_start", card("3456,78")).await;
    let Failure::PaymentLocked { who, own, payment, .. } = locked else { panic!("{locked:?}") };
    assert_eq!((who.as_str(), own), ("Смирнова В. П.", false));
    assert_eq!(fails(&oleg, "payment_state", json!({ "payment": payment })).await, Failure::Gone, "it is hers");
    let row = until(&oleg, "payments", json!({}), |view| view["payments"] != json!([])).await["payments"][0].clone();
    assert_eq!((&row["own"], &row["payer"]), (&json!(false), &json!("Смирнова В. П.")));
    let held = ask(&oleg, "payment", json!({})).await["accounts"][0]["held"].clone();
    assert_eq!((&held["own"], &held["payment"]), (&json!(false), &json!(payment)), "the window offers no second one");
    for core in [core, oleg] {
        core.close().await;
    }
}

#[tokio::test]
async fn a_commission_that_changed_is_told_and_the_next_try_is_another_payment() {
    let (house, core) = home().await;
    let mut dearer = terms();
    dearer.rules[0].commission[0].hundredths_of_percent = 200;
    house.server.put(Scope::Public, Entity::PaymentTerms(Box::new(dearer.clone())));
    assert_eq!(fails(&core, "payment_start", card("1000")).await, Failure::PaymentTermsChanged);
    assert_eq!(begun(&house), []);
    house.server.state().tell_in(Scope::Public, Entity::PaymentTerms(Box::new(dearer)));
    ask(&core, "person_back", json!({})).await;
    let args = json!({ "sums": [{ "account": FLAT.to_string(), "sum": "1000" }], "way": "card" });
    let total = until(&core, "payment_total", args, |view| view["commission"] == json!(2_000)).await;
    assert_eq!(total["total"], json!(102_000));
    assert_eq!(ask(&core, "payment_start", card("1000")).await["total"], json!(102_000));
    core.close().await;
}

#[tokio::test]
async fn the_same_sum_after_the_end_of_a_payment_is_another_payment() {
    let (house, core) = home().await;
    ask(&core, "payment_start", card("1000")).await;
    let first = begun(&house)[0];
    house.server.state().settle(first, PaymentStatus::Credited);
    status_becomes(&core, "credited").await;
    ask(&core, "payment_start", card("1000")).await;
    assert_eq!(begun(&house).len(), 2);
    // This one ends while nobody here hears of it.
    let second = begun(&house)[1];
    status_becomes(&core, "awaiting").await;
    {
        let mut state = house.server.state();
        let payment = &mut state.bank.begun[1].1;
        (payment.status, payment.form_url) = (PaymentStatus::Expired, None);
    }
    let third = ask(&core, "payment_start", card("1000")).await;
    assert_ne!(third["payment"], json!(second));
    assert_eq!((begun(&house).len(), &third["page"]), (3, &json!(true)));
    core.close().await;
}

#[tokio::test]
async fn only_a_page_by_tls_or_of_this_computer_is_opened() {
    let (house, core) = home().await;
    for (sum, page) in [("10", "javascript:alert(1)"), ("11", "file:///etc/passwd"), ("12", "http://bank.example/pay")]
    {
        house.server.state().bank.page = Some(page.into());
        let payment = ask(&core, "payment_start", card(sum)).await;
        assert_eq!(payment["page"], json!(false), "{page}");
        assert_eq!(fails(&core, "payment_open", of(&payment)).await, Failure::Gone, "{page}");
        ask(&core, "payment_cancel", of(&payment)).await;
    }
    assert_eq!(opened(&house), Vec::<String>::new());
    house.server.state().bank.page = Some("http://127.0.0.1:9000/payment?order=1".into());
    ask(&core, "payment_start", card("13")).await;
    assert_eq!(opened(&house), ["http://127.0.0.1:9000/payment?order=1"]);
    core.close().await;
}

#[tokio::test]
async fn a_code_of_the_fast_payments_is_shown_and_no_page_opened() {
    let (house, core) = home().await;
    let mut args = card("100");
    args["way"] = json!("sbp");
    let payment = ask(&core, "payment_start", args).await;
    assert_eq!(payment["commission"], json!(0));
    assert_eq!(payment["sbp"]["size"], json!(25), "26 bytes are version 2");
    assert_eq!(opened(&house), Vec::<String>::new());
    core.close().await;
}

#[tokio::test]
async fn without_a_line_everything_is_shown_and_only_paying_waits() {
    let (house, core) = home().await;
    core.close().await;
    house.server.state().cut = true;
    let core = house.core();
    let view = ask(&core, "payment", json!({})).await;
    assert_eq!((&view["accounts"][0]["to_pay"], &view["qr"]), (&json!(345_678), &json!(true)));
    assert_eq!((&view["accounts"][0]["bill_period"], &view["accounts"][0]["bills"]), (&json!("2026-09"), &json!(2)));
    let args = json!({ "sums": [{ "account": FLAT.to_string(), "sum": "1000" }], "way": "card" });
    assert_eq!(ask(&core, "payment_total", args).await["total"], json!(101_000));
    let code = ask(&core, "payment_qr", json!({ "account": FLAT.to_string(), "sum": "3 497,89" })).await;
    assert_eq!((&code["sum"], &code["period"]), (&json!(349_789), &json!("2026-09")));
    let unreadable = fails(&core, "payment_qr", json!({ "account": FLAT.to_string(), "sum": "сто" })).await;
    assert_eq!(unreadable, Failure::Field { field: Field::Sum, problem: FieldProblem::Malformed });
    let bills = ask(&core, "bills", json!({ "account": FLAT.to_string() })).await["bills"].clone();
    assert_eq!(bills.as_array().map(Vec::len), Some(2));
    let shown = ask(&core, "bill", json!({ "id": bills[0]["id"] })).await;
    assert_eq!((&shown["period"], &shown["before"]), (&json!("2026-09"), &bills[1]["id"]));
    assert_eq!(fails(&core, "payment_start", card("100")).await, Failure::Offline);
    core.close().await;
}

#[tokio::test]
async fn a_mistyped_address_for_the_receipt_is_told_beside_its_field_and_a_right_one_is_kept() {
    let (_house, core) = home().await;
    let mut args = card("100");
    args["email"] = json!("vera@");
    let wrong = fails(&core, "payment_start", args.clone()).await;
    assert_eq!(wrong, Failure::Field { field: Field::Receipt, problem: FieldProblem::Malformed });
    args["email"] = json!("vera@example.org");
    ask(&core, "payment_start", args).await;
    assert_eq!(ask(&core, "payment", json!({})).await["email"], json!("vera@example.org"));
    core.close().await;
}

#[tokio::test]
async fn a_form_is_kept_for_offline_and_never_shown_for_a_bill_that_was_replaced() {
    let (house, core) = home().await;
    let old = bill(0xb9, month(9));
    let args = json!({ "id": old.id.to_string() });
    let form = |text: &str| [b"%PDF-1.7\n", text.as_bytes()].concat();
    house.server.state().bank.forms.insert(old.id, b"<html>sign in to the hotel</html>".to_vec());
    assert_eq!(fails(&core, "bill_pdf", args.clone()).await, Failure::Portal);
    house.server.state().bank.forms.insert(old.id, form("old"));
    let here = ask(&core, "bill_pdf", args.clone()).await;
    assert_eq!((&here["name"], &here["media"]), (&json!("Квитанция 2026-09.pdf"), &json!("application/pdf")));
    core.close().await;

    house.server.state().cut = true;
    let core = house.core();
    let here = ask(&core, "bill_pdf", args.clone()).await;
    let blob = here["blob"].as_str().expect("an address").to_owned();
    assert_eq!(core.read_blob(&blob, 0..u64::MAX).await.expect("here").bytes, form("old"));
    let saved = ask(&core, "bill_pdf_save", args.clone()).await;
    assert_eq!(std::fs::read(saved["path"].as_str().expect("a path")).expect("saved"), form("old"));
    ask(&core, "bill_pdf_open", args.clone()).await;
    assert!(opened(&house)[0].ends_with("Квитанция 2026-09.pdf"));

    {
        let mut state = house.server.state();
        (state.cut, state.bank.printed) = (false, 0);
        state.bank.forms.insert(old.id, form("new"));
        let mut new = old.clone();
        new.to_pay = Kopecks(1);
        state.tell_in(Scope::Account(FLAT), Entity::Bill(Box::new(new)));
    }
    ask(&core, "person_back", json!({})).await;
    until(&core, "bill", args.clone(), |view| view["to_pay"] == json!(1)).await;
    let here = ask(&core, "bill_pdf", args.clone()).await;
    assert_ne!(here["blob"], json!(blob));
    let now = core.read_blob(here["blob"].as_str().expect("an address"), 0..u64::MAX).await.expect("here").bytes;
    assert_eq!((now, house.server.state().bank.printed), (form("new"), 1));
    core.close().await;
}

#[tokio::test]
async fn a_detached_account_takes_its_bills_payments_and_forms_along() {
    let (house, core) = home().await;
    let september = bill(0xb9, month(9));
    house.server.state().bank.forms.insert(september.id, b"%PDF-1.7\n".to_vec());
    let args = json!({ "id": september.id.to_string() });
    let blob = ask(&core, "bill_pdf", args.clone()).await["blob"].as_str().expect("an address").to_owned();
    ask(&core, "payment_start", card("100")).await;
    ask(&core, "account_detach", json!({ "id": FLAT.to_string() })).await;
    let view = ask(&core, "payment", json!({})).await;
    assert_eq!((&view["accounts"], &view["payments"]), (&json!([]), &json!(0)));
    assert_eq!(fails(&core, "bill", args.clone()).await, Failure::Gone);
    assert_eq!(fails(&core, "bill_pdf_save", args).await, Failure::Gone);
    assert_eq!(ask(&core, "find", json!({ "query": "квитанция" })).await, json!([]));
    let gone = async {
        while core.read_blob(&blob, 0..1).await.is_ok() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), gone).await.expect("the form goes too");
    core.close().await;
}

#[tokio::test]
async fn a_credited_payment_is_told_once_and_not_while_it_is_in_front() {
    let (house, core) = home().await;
    let mut toasts = core.toasts();
    let silent_for = Duration::from_secs(3);
    let payment = ask(&core, "payment_start", card("1000")).await;
    status_becomes(&core, "awaiting").await;
    ask(&core, "payment_front", of(&payment)).await;
    let first = begun(&house)[0];
    house.server.state().settle(first, PaymentStatus::Credited);
    status_becomes(&core, "credited").await;
    let silent = tokio::time::timeout(silent_for, toasts.recv()).await;
    assert!(silent.is_err(), "it was in front: {silent:?}");

    ask(&core, "payment_front", json!({ "payment": null })).await;
    let one = ask(&core, "payment_start", card("2000")).await;
    let second = begun(&house)[1];
    house.server.state().settle(second, PaymentStatus::Declined);
    status_becomes(&core, "declined").await;
    let told = tokio::time::timeout(Duration::from_secs(20), toasts.recv()).await.expect("in time").expect("a toast");
    let Toast::PaymentsMoved { payments } = &told else { panic!("{told:?}") };
    assert_eq!((payments.len(), payments[0].status, payments[0].sum), (1, PaymentStatus::Declined, Kopecks(200_000)));
    assert_eq!(
        (json!(payments[0].payment), &payments[0].addresses),
        (one["payment"].clone(), &vec!["Винокурова, 10-25".to_owned()])
    );
    core.close().await;

    let core = house.core();
    let mut toasts = core.toasts();
    ask(&core, "payment", json!({})).await;
    let again = tokio::time::timeout(silent_for, toasts.recv()).await;
    assert!(again.is_err(), "told once: {again:?}");
    core.close().await;
}

#[tokio::test]
async fn the_end_of_a_payment_that_was_read_in_front_is_not_told_when_the_feed_brings_it_later() {
    let (house, core) = home().await;
    let mut toasts = core.toasts();
    let payment = ask(&core, "payment_start", card("1000")).await;
    status_becomes(&core, "awaiting").await;
    ask(&core, "payment_front", of(&payment)).await;
    // The server knows, its feed does not say it yet.
    let ended = |payment: &mut wire::money::Payment| {
        payment.status = PaymentStatus::Credited;
        payment.parts.iter_mut().for_each(|part| part.status = PaymentStatus::Credited);
    };
    house.server.state().bank.begun.iter_mut().for_each(|(_, payment)| ended(payment));
    assert_eq!(ask(&core, "payment_state", of(&payment)).await["status"], json!("credited"));
    ask(&core, "payment_front", json!({ "payment": null })).await;
    // Other news of the account come first.
    let mut september = bill(0xb9, month(9));
    september.note = "Исправлено.".into();
    house.server.state().tell_in(Scope::Account(FLAT), Entity::Bill(Box::new(september.clone())));
    ask(&core, "person_back", json!({})).await;
    until(&core, "bill", json!({ "id": september.id.to_string() }), |view| view["note"] == json!("Исправлено.")).await;
    let first = begun(&house)[0];
    house.server.state().settle(first, PaymentStatus::Credited);
    status_becomes(&core, "credited").await;
    let silent = tokio::time::timeout(Duration::from_secs(3), toasts.recv()).await;
    assert!(silent.is_err(), "it was read: {silent:?}");
    core.close().await;
}

#[tokio::test]
async fn a_bill_is_found_by_its_month_and_an_address_alone_means_the_account() {
    let (_house, core) = home().await;
    let found = ask(&core, "find", json!({ "query": "Квитанция сентябрь" })).await;
    let hit = json!({
        "target": { "target": "bill", "id": bill(0xb9, month(9)).id.to_string() },
        "title": "Винокурова, 10-25",
        "detail": "2026-09",
        "mark": null,
    });
    assert_eq!(found, json!([hit]));
    let all = ask(&core, "find", json!({ "query": "винокурова" })).await;
    let targets: Vec<&Value> = all.as_array().expect("hits").iter().map(|hit| &hit["target"]["target"]).collect();
    assert_eq!(targets, [&json!("payment")]);
    core.close().await;
}
