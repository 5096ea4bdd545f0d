//! The bank's pages: where a person pays by card, the program of their own bank for codes of СБП, and what came in.

use super::order::{Order, Refusal, Stage};
use super::registry::roubles;
use super::{Bank, EMPTY_CARD, GOOD_CARD};
use crate::page::escape;
use axum::Json;
use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use serde::Deserialize;
use std::fmt::Write as _;
use std::sync::Arc;

#[derive(Debug, Deserialize)]
pub(super) struct Which {
    #[serde(rename = "mdOrder")]
    order: String,
}

/// What a person types on the page. Nothing of it is kept but the masked number.
#[derive(Deserialize)]
pub(super) struct Typed {
    #[serde(rename = "mdOrder")]
    order: String,
    pan: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Back {
    #[serde(rename = "mdOrder")]
    order: String,
    sum: i64,
}

/// The page to pay on.
pub(super) async fn card(State(bank): State<Arc<Bank>>, Query(which): Query<Which>) -> Response {
    bank.run_down();
    match find(&bank, |order| order.id == which.order) {
        Some(order) => page(&payable(&order, "")),
        None => not_found(),
    }
}

/// «Оплатить»
pub(super) async fn pay(State(bank): State<Arc<Bank>>, Form(typed): Form<Typed>) -> Response {
    match bank.pay(&typed.order, &typed.pan) {
        Ok(order) => back(&order),
        Err(Refusal::Card) => match find(&bank, |order| order.id == typed.order) {
            Some(order) => page(&payable(&order, "Проверьте номер карты: в нём ошибка.")),
            None => not_found(),
        },
        Err(_) => match find(&bank, |order| order.id == typed.order) {
            Some(order) => page(&payable(&order, "")),
            None => not_found(),
        },
    }
}

/// «Отказаться»
pub(super) async fn refuse(State(bank): State<Arc<Bank>>, Form(which): Form<Which>) -> Response {
    let refused = bank.refuse(&which.order).ok();
    refused.or_else(|| find(&bank, |order| order.id == which.order)).map_or_else(not_found, |order| back(&order))
}

/// The page of a person's own bank, as it opens by a code of СБП.
pub(super) async fn code(State(bank): State<Arc<Bank>>, Path(code): Path<String>) -> Response {
    bank.run_down();
    match find(&bank, |order| order.code.as_ref() == Some(&code)) {
        Some(order) => page(&by_code(&order)),
        None => not_found(),
    }
}

/// «Подтвердить» there.
pub(super) async fn pay_code(State(bank): State<Arc<Bank>>, Path(code): Path<String>) -> Response {
    let Some(order) = find(&bank, |order| order.code.as_ref() == Some(&code)) else { return not_found() };
    // Paid already, or too late: the page says which.
    let order = bank.pay_by_code(&order.id).unwrap_or(order);
    Redirect::to(&format!("/bank/sbp/{}", order.code.unwrap_or_default())).into_response()
}

/// The electronic receipt.
pub(super) async fn receipt(State(bank): State<Arc<Bank>>, Path(id): Path<String>) -> Response {
    let Some(order) = find(&bank, |order| order.id == id && order.deposited_ms.is_some()) else { return not_found() };
    let body = format!(
        "<h1>Кассовый чек</h1><p>{}</p><p class=\"sum\">{} ₽</p><p>Заказ {}. Приход. Безналичными.</p>",
        escape(&order.description),
        roubles(order.deposited),
        escape(&order.number),
    );
    page(&body)
}

/// The list of orders, for people.
pub(super) async fn orders(State(bank): State<Arc<Bank>>) -> Response {
    bank.run_down();
    let mut body = String::from("<h1>Банк для проверки</h1><p>Настоящих денег здесь нет.</p><ul>");
    for order in bank.orders().iter().rev() {
        let link = match (&order.code, order.stage) {
            (Some(code), Stage::Registered) => format!("<a href=\"/bank/sbp/{code}\">оплатить по коду СБП</a>"),
            (_, Stage::Registered) => {
                format!(
                    "<a href=\"/payment/merchants/sandbox/payment_ru.html?mdOrder={}\">оплатить картой</a>",
                    order.id
                )
            }
            (_, Stage::Deposited | Stage::Refunded) if order.kept() > 0 => format!(
                "<form method=\"post\" action=\"/bank/refund\"><input type=\"hidden\" name=\"mdOrder\" value=\"{}\"><label>Вернуть, копеек <input name=\"sum\" inputmode=\"numeric\" value=\"{}\"></label> <button>Вернуть</button></form>",
                order.id,
                order.kept(),
            ),
            _ => String::new(),
        };
        // Writing to a String cannot fail.
        let _ = write!(
            body,
            "<li><b>{}</b> — {} ₽, {}<br>{link}</li>",
            escape(&order.number),
            roubles(order.amount),
            state(order),
        );
    }
    body.push_str("</ul>");
    page(&body)
}

/// The same for programs.
pub(super) async fn list(State(bank): State<Arc<Bank>>) -> Json<Vec<Order>> {
    bank.run_down();
    Json(bank.orders())
}

/// Money back, as somebody does in the bank's cabinet.
pub(super) async fn refund(State(bank): State<Arc<Bank>>, Form(wanted): Form<Back>) -> Response {
    match bank.refund(&wanted.order, wanted.sum) {
        Ok(_) => Redirect::to("/bank").into_response(),
        Err(Refusal::Unknown) => not_found(),
        Err(_) => (StatusCode::CONFLICT, "Столько вернуть нельзя.").into_response(),
    }
}

fn find(bank: &Bank, wanted: impl Fn(&Order) -> bool) -> Option<Order> {
    bank.orders().into_iter().find(wanted)
}

/// Back to the merchant; what the address says is a hint only.
fn back(order: &Order) -> Response {
    let mark = if order.return_url.contains('?') { '&' } else { '?' };
    Redirect::to(&format!("{}{mark}orderId={}&lang=ru", order.return_url, order.id)).into_response()
}

fn state(order: &Order) -> String {
    match order.stage {
        Stage::Registered => "ждёт оплаты".into(),
        Stage::Asking => "ждёт банк плательщика".into(),
        Stage::Deposited => "оплачен".into(),
        Stage::Reversed => "оплата отменена".into(),
        Stage::Refunded => format!("возвращено {} ₽", roubles(order.refunded())),
        Stage::Declined => format!("отклонён: {}", escape(&order.words)),
    }
}

fn payable(order: &Order, trouble: &str) -> String {
    let head = format!(
        "<h1>Оплата заказа {}</h1><p>{}</p><p class=\"sum\">{} ₽</p>",
        escape(&order.number),
        escape(&order.description),
        roubles(order.amount),
    );
    if order.stage != Stage::Registered {
        return format!("{head}<p role=\"status\">Этот заказ уже {}.</p>", state(order));
    }
    let trouble =
        if trouble.is_empty() { String::new() } else { format!("<p role=\"alert\" class=\"bad\">{trouble}</p>") };
    let (id, email) = (&order.id, escape(&order.email));
    format!(
        r#"{head}{trouble}
<form method="post" autocomplete="off">
<input type="hidden" name="mdOrder" value="{id}">
<label for="pan">Номер карты</label><input id="pan" name="pan" inputmode="numeric" required maxlength="23">
<div class="two"><div><label for="term">Срок действия</label><input id="term" name="term" placeholder="ММ/ГГ" required maxlength="5"></div>
<div><label for="cvc">Код CVC</label><input id="cvc" name="cvc" type="password" inputmode="numeric" required maxlength="4"></div></div>
<label for="email">Электронная почта для чека</label><input id="email" name="email" type="email" value="{email}">
<button class="pay">Оплатить</button>
</form>
<form method="post" action="/bank/refuse"><input type="hidden" name="mdOrder" value="{id}"><button class="quiet">Отказаться</button></form>
<p class="hint">Карта для проверки: {GOOD_CARD}; без денег: {EMPTY_CARD}. Срок и код любые.</p>"#
    )
}

fn by_code(order: &Order) -> String {
    let head = format!(
        "<h1>Система быстрых платежей</h1><p>{}</p><p class=\"sum\">{} ₽</p>",
        escape(&order.description),
        roubles(order.amount),
    );
    if order.stage == Stage::Registered {
        format!("{head}<form method=\"post\"><button class=\"pay\">Подтвердить</button></form>")
    } else {
        format!("{head}<p role=\"status\">Этот платёж уже {}.</p>", state(order))
    }
}

fn not_found() -> Response {
    (StatusCode::NOT_FOUND, page("<h1>Заказ не найден</h1>")).into_response()
}

fn page(body: &str) -> Response {
    Html(TEMPLATE.replace("{body}", body)).into_response()
}

const TEMPLATE: &str = r#"<!doctype html>
<html lang="ru"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Банк для проверки</title>
<style>
body{font:16px/1.5 system-ui,sans-serif;margin:0;background:#f2f5f7;color:#16242d}
main{max-width:440px;margin:32px auto;padding:24px;background:#fff;border-radius:16px;box-shadow:0 1px 3px #0000001f}
h1{font-size:22px;margin:0 0 4px}.sum{font-size:32px;font-weight:700;margin:8px 0 16px}
label{display:block;margin:12px 0 4px}input{font:inherit;width:100%;box-sizing:border-box;padding:10px 12px;border:1px solid #6b7a85;border-radius:8px;background:inherit;color:inherit}
.two{display:grid;grid-template-columns:1fr 1fr;gap:12px}
button{font:inherit;padding:12px 16px;border-radius:8px;border:1px solid #6b7a85;background:none;color:inherit;cursor:pointer}
.pay{width:100%;margin-top:20px;background:#006a70;border-color:#006a70;color:#fff;font-weight:600}
.quiet{width:100%;margin-top:8px}.hint{color:#4b5b66;font-size:14px}.bad{color:#a3261b}
ul{list-style:none;padding:0}li{padding:12px 0;border-top:1px solid #d5dde2}a{color:#006a70}
@media(prefers-color-scheme:dark){body{background:#10181d;color:#e6edf1}main{background:#1a252c}.hint{color:#a3b3bd}a{color:#5fd0d6}.bad{color:#ffb4ab}}
</style></head><body><main>{body}</main></body></html>
"#;
