//! Signing in and out: online, offline, by the keyring, after a password was changed elsewhere.

use super::fake_server::VERA;
use super::house::{House, ask, fails, until};
use crate::view::Failure;
use serde_json::{Value, json};
use std::time::Duration;

const PHONE: &str = "+79000001234";
const PASSWORD: &str = "kotik-parol-2026";

fn sign_in(password: &str, forget: bool) -> Value {
    json!({ "phone": "8 (900) 000-12-34", "password": password, "forget_password": forget })
}

fn house() -> House {
    let house = House::new();
    house.server.register(PHONE, VERA, PASSWORD);
    house
}

#[tokio::test]
async fn a_person_who_is_remembered_is_there_at_the_next_start_without_a_connection() {
    let house = house();
    let core = house.core();
    let session = ask(&core, "sign_in", sign_in(PASSWORD, false)).await;
    assert_eq!((&session["phone"], &session["online"]), (&json!(PHONE), &json!(true)));
    core.close().await;
    house.server.state().cut = true;
    let core = house.core();
    let boot = ask(&core, "boot", json!({})).await;
    assert_eq!(boot["session"]["user"], json!(VERA.to_string()));
    assert_eq!(boot["session"]["online"], json!(true), "the refresh token is kept");
    core.close().await;
}

#[tokio::test]
async fn a_program_killed_as_soon_as_it_shows_the_person_finds_them_at_the_next_start() {
    let house = house();
    let core = house.core();
    house.keyring.watch(&core);
    ask(&core, "sign_in", sign_in(PASSWORD, false)).await;
    assert!(!house.keyring.is_empty());
    assert!(!house.keyring.came_too_late(), "the key is in the keyring before anybody is shown as signed in");
    core.close().await;
}

#[tokio::test]
async fn a_person_who_is_not_remembered_leaves_nothing_in_the_keyring_and_comes_in_by_password_offline() {
    let house = house();
    let core = house.core();
    ask(&core, "sign_in", sign_in(PASSWORD, true)).await;
    assert!(house.keyring.is_empty());
    core.close().await;
    house.server.state().cut = true;
    let core = house.core();
    let boot = ask(&core, "boot", json!({})).await;
    assert_eq!((&boot["session"], &boot["people_here"]), (&Value::Null, &json!(true)));
    assert_eq!(fails(&core, "sign_in", sign_in("drugoi-parol-1", true)).await, Failure::UnknownHere);
    let session = ask(&core, "sign_in", sign_in(PASSWORD, true)).await;
    assert_eq!(session["online"], json!(false));
    house.server.state().cut = false;
    ask(&core, "person_back", json!({})).await;
    // The refresh token was kept in the encrypted file, so the session goes on by itself.
    until(&core, "boot", json!({}), |boot| boot["session"]["online"] == json!(true)).await;
    core.close().await;
}

#[tokio::test]
async fn a_password_changed_elsewhere_keeps_what_was_entered_here() {
    let house = house();
    let core = house.core();
    ask(&core, "sign_in", sign_in(PASSWORD, true)).await;
    house.server.state().cut = true;
    let saved = ask(&core, "profile_save", json!({ "name": "Смирнова Вера", "email": "" })).await;
    core.close().await;

    house.server.register(PHONE, VERA, "novyi-parol-2026");
    house.server.state().cut = false;
    let core = house.core();
    let wrong = fails(&core, "sign_in", sign_in(PASSWORD, true)).await;
    assert_eq!(wrong, Failure::WrongPassword { tries_left: Some(4) }, "the old password is of no use online");
    ask(&core, "sign_in", sign_in("novyi-parol-2026", true)).await;
    until(&core, "queue", json!({}), |queue| queue["accepted"][0]["operation"] == saved["operation"]).await;
    core.close().await;

    house.server.state().cut = true;
    let core = house.core();
    assert_eq!(fails(&core, "sign_in", sign_in(PASSWORD, true)).await, Failure::UnknownHere);
    ask(&core, "sign_in", sign_in("novyi-parol-2026", true)).await;
    core.close().await;
}

#[tokio::test]
async fn with_two_people_on_the_computer_the_key_comes_back_under_the_right_device() {
    let house = house();
    let ivan = domain::UserId::new(uuid::Uuid::from_u128(0x8));
    house.server.register("+79000005678", ivan, "ivanov-2026");
    let core = house.core();
    ask(&core, "sign_in", sign_in(PASSWORD, true)).await;
    house.server.state().cut = true;
    ask(&core, "profile_save", json!({ "name": "Смирнова Вера", "email": "" })).await;
    house.server.state().cut = false;
    let other = json!({ "phone": "+79000005678", "password": "ivanov-2026", "forget_password": true });
    ask(&core, "sign_in", other).await;
    let queue = ask(&core, "queue", json!({})).await;
    assert_eq!(queue["waiting"], json!([]), "another person's queue is not shown");
    house.server.register(PHONE, VERA, "novyi-parol-2026");
    ask(&core, "sign_in", sign_in("novyi-parol-2026", true)).await;
    until(&core, "queue", json!({}), |queue| queue["accepted"].as_array().is_some_and(|all| all.len() == 1)).await;
    core.close().await;
}

#[tokio::test]
async fn when_no_copy_of_the_key_opens_the_data_are_put_aside_and_nothing_is_deleted() {
    let house = house();
    let core = house.core();
    ask(&core, "sign_in", sign_in(PASSWORD, true)).await;
    core.close().await;
    house.server.forget_devices();
    house.server.register(PHONE, VERA, "novyi-parol-2026");
    let core = house.core();
    ask(&core, "sign_in", sign_in("novyi-parol-2026", true)).await;
    core.close().await;
    let people = std::fs::read_dir(house.data().join("data/people")).expect("a folder").flatten();
    let mut queues: Vec<_> = people.map(|entry| entry.path().join("outbox.db")).collect();
    queues.sort();
    assert_eq!(queues.len(), 2);
    assert!(queues.iter().all(|queue| queue.is_file()), "{queues:?}");
}

#[tokio::test]
async fn leaving_with_a_queue_asks_first_and_the_queue_goes_after_the_next_sign_in() {
    let house = house();
    let core = house.core();
    ask(&core, "sign_in", sign_in(PASSWORD, false)).await;
    house.server.state().cut = true;
    ask(&core, "profile_save", json!({ "name": "Смирнова Вера", "email": "" })).await;
    let asked = ask(&core, "sign_out", json!({ "leave_queue": false })).await;
    assert_eq!(asked, json!({ "state": "queue_waits", "count": 1 }));
    assert_eq!(ask(&core, "sign_out", json!({ "leave_queue": true })).await, json!({ "state": "done" }));
    assert!(house.keyring.is_empty());
    assert_eq!(fails(&core, "profile", json!({})).await, Failure::SignedOut);
    core.close().await;

    let core = house.core();
    assert_eq!(ask(&core, "boot", json!({})).await["session"], Value::Null);
    ask(&core, "sign_in", sign_in(PASSWORD, false)).await;
    let queue = ask(&core, "queue", json!({})).await;
    assert_eq!(queue["waiting"].as_array().map(Vec::len), Some(1), "{queue}");
    house.server.state().cut = false;
    ask(&core, "person_back", json!({})).await;
    // Signing out spent the refresh token: the server wants the password, and says so.
    until(&core, "queue", json!({}), |queue| queue["pause"]["pause"] == json!("sign_in")).await;
    ask(&core, "sign_in", sign_in(PASSWORD, false)).await;
    until(&core, "queue", json!({}), |queue| queue["accepted"].as_array().is_some_and(|all| all.len() == 1)).await;
    core.close().await;
}

#[tokio::test]
async fn a_lost_answer_to_a_refresh_signs_nobody_out() {
    let house = house();
    let core = house.core();
    ask(&core, "sign_in", sign_in(PASSWORD, false)).await;
    house.server.state().lose_refresh = true;
    house.clock.forward(Duration::from_secs(3600));
    ask(&core, "profile_save", json!({ "name": "Смирнова Вера", "email": "" })).await;
    let accepted = |queue: &Value| queue["accepted"].as_array().is_some_and(|all| all.len() == 1);
    until(&core, "queue", json!({}), accepted).await;
    assert!(house.server.state().refreshes >= 2, "the first answer was lost");
    core.close().await;
}

#[tokio::test]
async fn forgetting_the_password_empties_the_keyring_and_remembering_fills_it() {
    let house = house();
    let core = house.core();
    ask(&core, "sign_in", sign_in(PASSWORD, false)).await;
    ask(&core, "forget_password", json!({ "forget": true })).await;
    assert!(house.keyring.is_empty());
    assert_eq!(ask(&core, "profile", json!({})).await["forget_password"], json!(true));
    ask(&core, "forget_password", json!({ "forget": false })).await;
    assert!(!house.keyring.is_empty());
    house.keyring.take_away();
    core.close().await;
    let core = house.core();
    assert_eq!(ask(&core, "boot", json!({})).await["keyring"], json!(false));
    core.close().await;
}

#[tokio::test]
async fn a_second_program_on_the_same_data_is_told_so() {
    let house = house();
    let first = house.core();
    ask(&first, "sign_in", sign_in(PASSWORD, true)).await;
    let second = house.core();
    assert_eq!(fails(&second, "sign_in", sign_in(PASSWORD, true)).await, Failure::InUse);
    first.close().await;
    ask(&second, "sign_in", sign_in(PASSWORD, true)).await;
    second.close().await;
}

#[tokio::test]
async fn nothing_personal_lies_in_plain_text_in_the_data_folder() {
    let house = house();
    let core = house.core();
    ask(&core, "sign_in", sign_in(PASSWORD, true)).await;
    house.server.state().cut = true;
    ask(&core, "profile_save", json!({ "name": "Маркеримя Вера", "email": "marker@example.org" })).await;
    core.close().await;
    let mut all = Vec::new();
    read_all(house.data(), &mut all);
    assert!(all.len() > 4096, "the databases are there");
    let planted = [PASSWORD, "9000001234", "Маркеримя", "marker@example", "refresh-", "access-"];
    let holds = |text: &[u8], secret: &[u8]| text.windows(secret.len()).any(|window| window == secret);
    let control = [all.as_slice(), PASSWORD.as_bytes()].concat();
    assert!(holds(&control, PASSWORD.as_bytes()), "the search finds what is there");
    for secret in planted {
        let wide: Vec<u8> = secret.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert!(!holds(&all, secret.as_bytes()) && !holds(&all, &wide), "{secret}");
        assert!(!holds(&all, hex::encode(secret).as_bytes()), "{secret} in hex");
    }
}

fn read_all(folder: &std::path::Path, into: &mut Vec<u8>) {
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        into.extend(path.to_string_lossy().as_bytes());
        if path.is_dir() {
            read_all(&path, into);
        } else {
            into.extend(std::fs::read(path).expect("a file"));
        }
    }
}
