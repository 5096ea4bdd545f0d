//! The page that stands for the telephone: who was called, when, and what the robot said.

use crate::postbox::{Letter, MailKnobs, Postbox};
use crate::robot::{Robot, Said};
use axum::Json;
use axum::Router;
use axum::extract::{Query, State};
use axum::response::Html;
use axum::routing::{get, post};
use chrono::{DateTime, Local};
use serde::Deserialize;
use std::fmt::Write as _;
use std::sync::Arc;

#[derive(Debug, Deserialize)]
pub(crate) struct Whose {
    phone: Option<String>,
}

/// `GET /said?phone=79…`
pub(crate) async fn said(State(robot): State<Arc<Robot>>, Query(whose): Query<Whose>) -> Json<Vec<Said>> {
    Json(robot.said(whose.phone.as_deref()))
}

#[derive(Debug, Deserialize)]
struct Whom {
    to: Option<String>,
}

/// `GET /letters?to=…`, `GET /mail` for people, and `POST /mail/control`, which takes all knobs.
pub(crate) fn mail_routes(postbox: Arc<Postbox>) -> Router {
    Router::new()
        .route("/letters", get(letters))
        .route("/mail", get(mail))
        .route("/mail/control", post(mail_control))
        .with_state(postbox)
}

async fn letters(State(postbox): State<Arc<Postbox>>, Query(whom): Query<Whom>) -> Json<Vec<Letter>> {
    Json(postbox.letters(whom.to.as_deref()))
}

async fn mail_control(State(postbox): State<Arc<Postbox>>, Json(wanted): Json<MailKnobs>) -> Json<MailKnobs> {
    postbox.with_knobs(|knobs| knobs.clone_from(&wanted));
    Json(wanted)
}

async fn mail(State(postbox): State<Arc<Postbox>>) -> Html<String> {
    let mut letters = String::new();
    for letter in postbox.letters(None) {
        let at = DateTime::from_timestamp_millis(letter.at_ms).unwrap_or_default().with_timezone(&Local);
        // Writing to a String cannot fail.
        let _ = write!(
            letters,
            "<li><div class=\"who\"><b>{}</b><time>{}</time></div><p>{}</p><p style=\"white-space:pre-wrap\">{}</p></li>",
            escape(&letter.subject),
            at.format("%d.%m.%Y, %H:%M:%S"),
            escape(&letter.to.join(", ")),
            escape(&letter.body),
        );
    }
    if letters.is_empty() {
        letters.push_str("<li class=\"quiet\">Писем ещё не было. Эта страница обновляется сама.</li>");
    }
    let head = "<h1>Почта для проверки</h1><p>Эти письма никуда не ушли.</p>";
    let start = TEMPLATE.find("<header>").unwrap_or_default();
    Html(format!("{}<header>{head}</header><ul>{letters}</ul></main></body></html>", &TEMPLATE[..start]))
}

/// `GET /`
pub(crate) async fn page(State(robot): State<Arc<Robot>>) -> Html<String> {
    let knobs = robot.with_knobs(|knobs| knobs.clone());
    let mut calls = String::new();
    for said in robot.said(None) {
        let at = DateTime::from_timestamp_millis(said.at_ms).unwrap_or_default().with_timezone(&Local);
        // Writing to a String cannot fail.
        let _ = write!(
            calls,
            "<li><div class=\"who\"><b>{}</b><time>{}</time></div><p class=\"code\">{}</p><p>«{}»</p></li>",
            escape(&pretty(&said.phone)),
            at.format("%d.%m.%Y, %H:%M:%S"),
            escape(&said.code),
            escape(&said.words),
        );
    }
    if calls.is_empty() {
        calls.push_str("<li class=\"quiet\">Звонков ещё не было. Эта страница обновляется сама.</li>");
    }
    let state = if knobs.down { "не отвечает" } else { "работает" };
    let body = TEMPLATE.replace("{calls}", &calls).replace("{state}", state);
    Html(body.replace("{money}", &format!("{:.2}", knobs.money).replace('.', ",")))
}

fn pretty(phone: &str) -> String {
    match (phone.get(1..4), phone.get(4..7), phone.get(7..9), phone.get(9..11)) {
        (Some(a), Some(b), Some(c), Some(d)) => format!("+7 {a} {b}-{c}-{d}"),
        _ => phone.to_owned(),
    }
}

pub(crate) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

const TEMPLATE: &str = r#"<!doctype html>
<html lang="ru"><head><meta charset="utf-8"><meta http-equiv="refresh" content="2">
<meta name="viewport" content="width=device-width"><title>Телефон для проверки</title>
<style>
body{font:16px/1.5 system-ui,sans-serif;margin:0;background:#f2f5f7;color:#16242d}
main{max-width:640px;margin:0 auto;padding:32px 16px}
h1{font-size:24px;margin:0 0 4px}header p{margin:0 0 24px;color:#4b5b66}
ul{list-style:none;margin:0;padding:0;display:grid;gap:12px}
li{background:#fff;border-radius:12px;padding:16px 20px;box-shadow:0 1px 3px #0000001f}
li p{margin:4px 0 0}.who{display:flex;justify-content:space-between}time{color:#4b5b66}
.code{font-size:32px;font-weight:700;letter-spacing:.2em;color:#006a70}.quiet{color:#4b5b66}
@media(prefers-color-scheme:dark){body{background:#10181d;color:#e6edf1}li{background:#1a252c}
header p,time,.quiet{color:#a3b3bd}.code{color:#5fd0d6}}
</style></head><body><main>
<header><h1>Что сказал робот</h1><p>Звонковый сервис {state}, на его счёте {money} ₽. Настоящих звонков здесь нет.</p></header>
<ul>{calls}</ul></main></body></html>
"#;
