//! The three calls of SMSC.ru that the server makes, with the service's own shapes (docs/domain.md).

use crate::robot::{Refusal, Robot};
use axum::extract::{Form, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Local};
use serde::Deserialize;
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Send {
    login: String,
    psw: String,
    apikey: String,
    phones: String,
    mes: String,
    call: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Status {
    login: String,
    psw: String,
    apikey: String,
    phone: String,
    id: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Balance {
    login: String,
    psw: String,
    apikey: String,
}

/// `/sys/send.php`
pub(crate) async fn send(State(robot): State<Arc<Robot>>, Form(form): Form<Send>) -> Response {
    if let Some(down) = trouble(&robot).await {
        return down;
    }
    if !signed_in(&form.login, &form.psw, &form.apikey) {
        return refused(Refusal::Login);
    }
    if form.call != "1" {
        return refused(Refusal::Parameters);
    }
    let phone: String = form.phones.chars().filter(char::is_ascii_digit).collect();
    match robot.call(&phone, &form.mes, now_ms()) {
        Ok(id) => {
            tracing::info!(call = id, "said");
            json(&json!({"id": id, "cnt": 1}))
        }
        Err(refusal) => refused(refusal),
    }
}

/// `/sys/status.php`
pub(crate) async fn status(State(robot): State<Arc<Robot>>, Form(form): Form<Status>) -> Response {
    if let Some(down) = trouble(&robot).await {
        return down;
    }
    if !signed_in(&form.login, &form.psw, &form.apikey) {
        return refused(Refusal::Login);
    }
    let found = robot.said(Some(&form.phone)).into_iter().find(|said| said.id.to_string() == form.id);
    match found {
        Some(said) => {
            let at = DateTime::from_timestamp_millis(said.at_ms).unwrap_or_default().with_timezone(&Local);
            let date = at.format("%d.%m.%Y %H:%M:%S").to_string();
            json(&json!({"status": 1, "last_date": date, "last_timestamp": said.at_ms / 1000}))
        }
        None => json(&json!({"status": -3})),
    }
}

/// `/sys/balance.php`
pub(crate) async fn balance(State(robot): State<Arc<Robot>>, Form(form): Form<Balance>) -> Response {
    if let Some(down) = trouble(&robot).await {
        return down;
    }
    if !signed_in(&form.login, &form.psw, &form.apikey) {
        return refused(Refusal::Login);
    }
    let money = robot.with_knobs(|knobs| knobs.money);
    json(&json!({"balance": format!("{money:.2}")}))
}

fn signed_in(login: &str, password: &str, key: &str) -> bool {
    !key.is_empty() || (!login.is_empty() && !password.is_empty())
}

/// The knobs that concern every call: slowness, then being down.
async fn trouble(robot: &Robot) -> Option<Response> {
    let (slow_ms, down) = robot.with_knobs(|knobs| (knobs.slow_ms, knobs.down));
    if slow_ms > 0 {
        tokio::time::sleep(Duration::from_millis(slow_ms)).await;
    }
    // HTML, as a real front end answers for a service that lies behind it.
    let page = "<html><body><h1>503 Service Temporarily Unavailable</h1></body></html>";
    down.then(|| (StatusCode::SERVICE_UNAVAILABLE, [("content-type", "text/html")], page).into_response())
}

fn refused(refusal: Refusal) -> Response {
    let (code, words) = refusal.code_and_words();
    json(&json!({"error": words, "error_code": code}))
}

/// The service answers 200 to everything and calls its JSON text.
fn json(value: &serde_json::Value) -> Response {
    ([("content-type", "text/plain; charset=utf-8")], value.to_string()).into_response()
}

fn now_ms() -> i64 {
    chrono::Utc::now().timestamp_millis()
}
