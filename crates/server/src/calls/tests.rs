use super::*;
use ::sandbox::Running;
use serde_json::json;

fn settings(base_url: String) -> SmscSettings {
    SmscSettings {
        base_url,
        backup_url: None,
        login: "ks".into(),
        password: "secret".into(),
        voice: "w".into(),
        timeout_ms: 10_000,
    }
}

fn robot(running: &Running) -> Smsc {
    Smsc::new(settings(running.base_url())).expect("a client")
}

fn phone(text: &str) -> Phone {
    Phone::parse(text).expect(text)
}

async fn sandbox() -> Running {
    ::sandbox::start("127.0.0.1:0").await.expect("a free port")
}

async fn turn(running: &Running, knobs: serde_json::Value) {
    let url = format!("{}/control", running.base_url());
    let answer = reqwest::Client::new().post(url).json(&knobs).send().await.expect("answered");
    assert!(answer.status().is_success(), "{}", answer.status());
}

#[tokio::test]
async fn the_person_hears_the_code_digit_by_digit_twice() {
    let running = sandbox().await;
    let delivery = robot(&running).deliver(&phone("+79000001234"), "4071").await.expect("called");
    let url = format!("{}/said?phone=79000001234", running.base_url());
    let said: serde_json::Value = reqwest::get(url).await.expect("asked").json().await.expect("JSON");
    assert_eq!(said[0]["words"], "Ваш код: 4, 0, 7, 1. Повторяю: 4, 0, 7, 1");
    assert_eq!(said[0]["code"], "4071");
    let status = robot(&running).status(&phone("+79000001234"), &delivery.provider_id).await;
    assert_eq!(status, Ok(CallStatus::Delivered));
    assert_eq!(robot(&running).status(&phone("+79000005678"), "1").await, Ok(CallStatus::NotFound));
    let page = reqwest::get(running.base_url()).await.expect("asked").text().await.expect("a page");
    assert!(page.contains("+7 900 000-12-34") && page.contains("4071"));
}

#[tokio::test]
async fn every_failure_of_the_service_is_told_apart() {
    let running = sandbox().await;
    let caller = robot(&running);
    turn(&running, json!({"money": 0})).await;
    assert_eq!(caller.deliver(&phone("+79000000001"), "1111").await, Err(CallError::NoMoney));
    turn(&running, json!({"money": 5, "unavailable": ["79000000002"]})).await;
    assert_eq!(caller.balance().await.as_deref(), Ok("5.00"));
    assert_eq!(caller.deliver(&phone("+79000000002"), "1111").await, Err(CallError::Unreachable));
    assert!(caller.deliver(&phone("+79000000001"), "1111").await.is_ok());
    assert_eq!(caller.balance().await.as_deref(), Ok("4.10"));
    assert_eq!(caller.deliver(&phone("+79000000001"), "2222").await, Err(CallError::Duplicate));
    turn(&running, json!({"duplicate_window_s": 0})).await;
    assert!(caller.deliver(&phone("+79000000001"), "2222").await.is_ok());
    turn(&running, json!({"prohibited": true})).await;
    assert_eq!(caller.deliver(&phone("+79000000003"), "1111").await, Err(CallError::Prohibited));
    turn(&running, json!({"prohibited": false, "down": true})).await;
    assert_eq!(caller.deliver(&phone("+79000000003"), "1111").await, Err(CallError::Down));
}

#[tokio::test]
async fn a_slow_service_is_not_waited_for_longer_than_set() {
    let running = sandbox().await;
    turn(&running, json!({"slow_ms": 60_000})).await;
    let caller = Smsc::new(SmscSettings { timeout_ms: 100, ..settings(running.base_url()) }).expect("a client");
    assert_eq!(caller.deliver(&phone("+79000000001"), "1111").await, Err(CallError::Timeout));
}

#[tokio::test]
async fn the_second_host_is_asked_only_where_the_first_cannot_be_connected_to() {
    let running = sandbox().await;
    // A port that was free a moment ago: nobody listens there.
    let closed = std::net::TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a port");
    let with_backup = |base_url: String| {
        let settings = SmscSettings { backup_url: Some(running.base_url()), ..settings(base_url) };
        Smsc::new(settings).expect("a client")
    };
    let caller = with_backup(format!("http://{closed}"));
    assert!(caller.deliver(&phone("+79000000001"), "1111").await.is_ok());

    let broken = sandbox().await;
    turn(&broken, json!({"down": true})).await;
    let caller = with_backup(broken.base_url());
    assert_eq!(caller.deliver(&phone("+79000000002"), "1111").await, Err(CallError::Down));
    assert!(running.robot.said(Some("79000000002")).is_empty(), "the call may have been made by the first host");
}

#[tokio::test]
async fn wrong_credentials_are_the_operators_matter() {
    let running = sandbox().await;
    let caller = Smsc::new(SmscSettings { password: String::new(), ..settings(running.base_url()) }).expect("a client");
    assert_eq!(caller.balance().await, Err(CallError::Credentials));
}
