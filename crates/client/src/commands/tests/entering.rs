//! A reading on its way: entered without a connection, changed, kept over a restart, accepted once, told once.

use super::fake_server::{FLAT, VERA};
use super::house::{House, ask, fails, until};
use crate::overlay::tests::world;
use crate::view::{Failure, Toast};
use domain::UserId;
use domain::reading_check::{Question, QuestionCode};
use serde_json::{Value, json};
use wire::entity::Entity;
use wire::feed::Scope;
use wire::operation::Body;
use wire::problem::Rejection;

const PHONE: &str = "+79000001234";

async fn flat() -> (House, std::sync::Arc<crate::core::Core>) {
    let house = House::new();
    house.server.register(PHONE, VERA, "kotik-parol-2026");
    let picture = world::flat(world::day(10, 20));
    let own = Scope::Account(FLAT);
    for account in picture.accounts {
        house.server.put(own, Entity::Account(account));
    }
    for (_, meter) in picture.meters {
        house.server.put(own, Entity::Meter(meter));
    }
    for reading in picture.readings.into_values().flatten() {
        house.server.put(own, Entity::Reading(reading));
    }
    for rules in picture.rules {
        house.server.put(Scope::Public, Entity::ReadingRules(rules));
    }
    for tariff in picture.tariffs {
        house.server.put(Scope::Public, Entity::Tariff(tariff));
    }
    let (_, profile) = picture.profile.expect("a profile");
    house.server.put(Scope::User(UserId::new(VERA.uuid())), Entity::Profile(profile));
    let core = house.core();
    ask(&core, "sign_in", json!({ "phone": PHONE, "password": "kotik-parol-2026", "forget_password": false })).await;
    until(&core, "readings", json!({}), |view| view["meters"].as_array().is_some_and(|all| all.len() == 2)).await;
    (house, core)
}

fn water(value: &str) -> Value {
    json!({ "meter": world::WATER.to_string(), "values": [value], "confirmed": [], "early": false })
}

fn water_card(view: &Value) -> &Value {
    let cards = view["meters"].as_array().expect("cards");
    cards.iter().find(|card| card["id"] == json!(world::WATER.to_string())).expect("water")
}

/// Every entry makes the engine try the line; until it has seen that there is none, the entry is on its way.
async fn at_rest(core: &std::sync::Arc<crate::core::Core>) {
    let here = |item: &Value| item["mark"]["mark"] == json!("here");
    let all_here = |queue: &Value| queue["waiting"].as_array().is_some_and(|all| all.iter().all(here));
    until(core, "queue", json!({}), all_here).await;
}

#[tokio::test]
async fn a_reading_entered_and_changed_offline_survives_a_restart_and_is_accepted_once() {
    let (house, core) = flat().await;
    house.server.state().cut = true;
    let first = ask(&core, "reading_submit", water("467")).await;
    at_rest(&core).await;
    let second = ask(&core, "reading_submit", water("467,1")).await;
    assert_eq!((&first["replaced"], &second["replaced"]), (&json!(false), &json!(true)));
    at_rest(&core).await;
    let view = ask(&core, "readings", json!({})).await;
    let current = &water_card(&view)["current"];
    assert_eq!((&current["shown"][0], &current["mark"]["mark"]), (&json!("00467,100"), &json!("here")));
    core.close().await;

    let core = house.core();
    let view = ask(&core, "readings", json!({})).await;
    assert_eq!(water_card(&view)["current"]["operation"], second["operation"], "still there");
    let mut toasts = core.toasts();
    house.server.state().cut = false;
    ask(&core, "person_back", json!({})).await;
    let accepted = |view: &Value| water_card(view)["current"]["mark"]["mark"] == json!("accepted");
    until(&core, "readings", json!({}), accepted).await;
    assert_eq!(house.server.state().applied.len(), 1, "the replaced one was never sent");

    let toast = tokio::time::timeout(std::time::Duration::from_secs(20), toasts.recv()).await;
    let Ok(Ok(Toast::ReadingsAccepted { readings })) = toast else { panic!("no toast: {toast:?}") };
    assert_eq!((readings.len(), readings[0].values[0].as_str()), (1, "00467,100"));
    core.close().await;

    let core = house.core();
    let mut toasts = core.toasts();
    ask(&core, "readings", json!({})).await;
    let again = tokio::time::timeout(std::time::Duration::from_secs(3), toasts.recv()).await;
    assert!(again.is_err(), "told once: {again:?}");
    core.close().await;
}

#[tokio::test]
async fn what_cannot_be_taken_is_told_before_anything_is_queued() {
    let (_house, core) = flat().await;
    let refused = fails(&core, "reading_submit", water("100")).await;
    assert!(matches!(refused, Failure::ReadingRefused { .. }), "{refused:?}");
    let questioned = fails(&core, "reading_submit", water("485")).await;
    assert!(matches!(questioned, Failure::ReadingQuestioned { .. }), "{questioned:?}");
    let foreign = json!({ "meter": uuid::Uuid::nil(), "values": ["1"], "confirmed": [], "early": false });
    assert_eq!(fails(&core, "reading_submit", foreign).await, Failure::Gone);
    let queue = ask(&core, "queue", json!({})).await;
    assert_eq!(queue["waiting"], json!([]));
    core.close().await;
}

#[tokio::test]
async fn what_waits_can_be_saved_to_a_file_and_taken_back() {
    let (house, core) = flat().await;
    house.server.state().cut = true;
    let entered = ask(&core, "reading_submit", water("467")).await;
    ask(&core, "meter_rename", json!({ "meter": world::WATER.to_string(), "name": "Кухня" })).await;
    let saved = ask(&core, "queue_save", json!({ "operation": null })).await;
    let text = std::fs::read_to_string(saved["path"].as_str().expect("a path")).expect("the file");
    assert!(text.contains("00467,000") && text.contains("Кухня") && text.contains("reading.submit/1"), "{text}");
    at_rest(&core).await;
    let taken_back = ask(&core, "queue_withdraw", json!({ "operation": entered["operation"] })).await;
    assert_eq!(taken_back, json!({ "state": "withdrawn" }));
    let view = ask(&core, "readings", json!({})).await;
    assert_eq!((&water_card(&view)["current"], &water_card(&view)["name"]), (&Value::Null, &json!("Кухня")));
    let gone = fails(&core, "queue_withdraw", json!({ "operation": entered["operation"] })).await;
    assert_eq!(gone, Failure::Gone);
    core.close().await;
}

#[tokio::test]
async fn accounts_are_attached_only_with_the_server() {
    let (house, core) = flat().await;
    house.server.state().cut = true;
    assert_eq!(fails(&core, "account_lookup", json!({ "number": "2140183572" })).await, Failure::Offline);
    let wrong = fails(&core, "account_lookup", json!({ "number": "21А" })).await;
    assert!(matches!(wrong, Failure::Field { .. }), "a slip is told without the server: {wrong:?}");
    core.close().await;
}

#[tokio::test]
async fn an_answer_to_a_question_that_only_the_server_asked_reaches_it() {
    let (house, core) = flat().await;
    let volume = world::value("40");
    let question = Question::AboveLimit { tariff: 0, volume, limit: world::value("30"), slip: None };
    house.server.state().reject = Some(Rejection::ReadingQuestioned { question });
    let first = ask(&core, "reading_submit", water("467")).await;
    let rejected = |queue: &Value| queue["attention"][0]["mark"]["rejection"]["reason"] == json!("reading_questioned");
    let queue = until(&core, "queue", json!({}), rejected).await;
    assert_eq!(queue["attention"][0]["actions"][0], json!("fix"));
    let mut answered = water("467");
    answered["confirmed"] = json!(["above_limit", "roll_over"]);
    let second = ask(&core, "reading_submit", answered).await;
    assert_eq!(second["replaced"], json!(true), "it takes the place of {first}");
    until(&core, "queue", json!({}), |queue| queue["attention"] == json!([]) && queue["waiting"] == json!([])).await;
    let applied = house.server.state().applied.clone();
    let Body::SubmitReading(body) = &applied[0].body else { panic!("a reading") };
    assert_eq!(body.confirmed, [QuestionCode::AboveLimit], "and no answer to what nobody asked");
    core.close().await;
}
