//! The verbs of the merchant, with the bank's own shapes.

use super::order::{Order, Refusal, Stage};
use super::registry::roubles;
use super::{Bank, now_ms};
use axum::body::Body;
use axum::extract::{Form, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// A form of the merchant. Its fields differ by verb, and what is missing is an error of the bank, not of HTTP.
type Fields = Form<BTreeMap<String, String>>;

/// How long an order can be paid when the merchant says nothing, seconds.
const SESSION_S: i64 = 1200;

/// An error of the bank: its number and its words.
struct Error(u32, &'static str);

const BAD_VALUE: Error = Error(5, "Неверно указано значение одного из параметров");
const UNKNOWN: Error = Error(6, "Заказ не найден");
const WRONG_STATE: Error = Error(7, "Операция невозможна для текущего состояния платежа");

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Unknown => UNKNOWN,
            Refusal::Stands(_) => WRONG_STATE,
            Refusal::Card | Refusal::Sum => BAD_VALUE,
        }
    }
}

/// `register.do`
pub(super) async fn register(State(bank): State<Arc<Bank>>, Form(fields): Fields) -> Response {
    answer(&bank, "register.do", &fields, || {
        let order = read_order(&bank, &fields)?;
        let mut state = bank.lock();
        if state.orders.values().any(|known| known.number == order.number) {
            return Err(Error(1, "Заказ с таким номером уже обработан"));
        }
        let url = format!("{}/payment/merchants/sandbox/payment_ru.html?mdOrder={}", bank.base, order.id);
        let mut said = json!({"orderId": order.id, "formUrl": url});
        if !state.knobs.silent_success {
            said["errorCode"] = "0".into();
        }
        state.orders.insert(order.id.clone(), order);
        Ok(said)
    })
    .await
}

fn read_order(bank: &Bank, fields: &BTreeMap<String, String>) -> Result<Order, Error> {
    let of = |name: &str| fields.get(name).filter(|value| !value.is_empty()).cloned();
    let missing = |_| Error(4, "Отсутствует обязательный параметр");
    let number = of("orderNumber").ok_or(()).map_err(missing)?;
    let return_url = of("returnUrl").ok_or(()).map_err(missing)?;
    let amount: i64 = of("amount").ok_or(()).map_err(missing)?.parse().map_err(|_| BAD_VALUE)?;
    if amount <= 0 || amount > 999_999_999_999 || number.len() > 32 || !(12..=2048).contains(&return_url.len()) {
        return Err(BAD_VALUE);
    }
    if of("currency").is_some_and(|currency| currency != "643") {
        return Err(Error(3, "Неизвестная валюта"));
    }
    let bundle = of("orderBundle").map(|text| serde_json::from_str::<Value>(&text)).transpose();
    let bundle = bundle.map_err(|_| Error(8, "Неверная корзина"))?;
    if bundle.as_ref().is_some_and(|bundle| !is_whole(bundle, amount)) {
        return Err(Error(8, "Сумма корзины не равна сумме заказа"));
    }
    let params = of("jsonParams").map(|text| serde_json::from_str::<BTreeMap<String, String>>(&text)).transpose();
    let params: Vec<_> = params.map_err(|_| BAD_VALUE)?.unwrap_or_default().into_iter().collect();
    let session_s = of("sessionTimeoutSecs").map_or(Ok(SESSION_S), |text| text.parse()).map_err(|_| BAD_VALUE)?;
    let now = bank.with_knobs(|knobs| now_ms(knobs));
    Ok(Order {
        id: uuid::Uuid::new_v4().to_string(),
        number,
        amount,
        description: of("description").unwrap_or_default(),
        return_url,
        callback_url: of("dynamicCallbackUrl"),
        params,
        email: of("email").unwrap_or_default(),
        bundle,
        created_ms: now,
        until_ms: now + session_s * 1000,
        stage: Stage::Registered,
        action: -100,
        words: String::new(),
        pan: String::new(),
        code: None,
        deposited: 0,
        deposited_ms: None,
        refunds: Vec::new(),
        says_no_ms: None,
    })
}

/// Whether the positions of a cart come to the amount.
fn is_whole(bundle: &Value, amount: i64) -> bool {
    let items = bundle.pointer("/cartItems/items").and_then(Value::as_array);
    let sum = items.map(|items| items.iter().filter_map(|item| item["itemAmount"].as_i64()).sum::<i64>());
    sum == Some(amount)
}

/// `getOrderStatusExtended.do`
pub(super) async fn status(State(bank): State<Arc<Bank>>, Form(fields): Fields) -> Response {
    answer(&bank, "getOrderStatusExtended.do", &fields, || {
        bank.run_down();
        find(&bank, &fields).map(|order| status_of(&order))
    })
    .await
}

fn status_of(order: &Order) -> Value {
    let params: Vec<_> = order.params.iter().map(|(name, value)| json!({"name": name, "value": value})).collect();
    let state = match order.stage {
        Stage::Registered | Stage::Asking => "CREATED",
        Stage::Deposited => "DEPOSITED",
        Stage::Reversed => "REVERSED",
        Stage::Refunded => "REFUNDED",
        Stage::Declined => "DECLINED",
    };
    let mut said = json!({
        "errorCode": "0",
        "errorMessage": "Успешно",
        "orderNumber": order.number,
        "orderStatus": order.stage.number(),
        "actionCode": if order.deposited_ms.is_some() { 0 } else { order.action },
        "actionCodeDescription": order.words,
        "amount": order.amount,
        "currency": "643",
        "date": order.created_ms,
        "orderDescription": order.description,
        "merchantOrderParams": params,
        "attributes": [{"name": "mdOrder", "value": order.id}],
        "terminalId": "123456",
        "paymentAmountInfo": {
            "paymentState": state,
            "approvedAmount": order.deposited,
            "depositedAmount": order.deposited,
            "refundedAmount": order.refunded(),
            "feeAmount": 0,
        },
    });
    if let Some(at) = order.deposited_ms {
        said["depositedDate"] = at.into();
        said["authRefNum"] = "627500112233".into();
    }
    if !order.pan.is_empty() {
        said["cardAuthInfo"] = json!({
            "maskedPan": order.pan,
            "expiration": "203012",
            "approvalCode": "123456",
            "paymentSystem": "MIR",
        });
    }
    said
}

/// `decline.do`
pub(super) async fn decline(State(bank): State<Arc<Bank>>, Form(fields): Fields) -> Response {
    answer(&bank, "decline.do", &fields, || {
        let order = find(&bank, &fields)?;
        if bank.with_knobs(|knobs| knobs.keeps_orders) {
            return Err(WRONG_STATE);
        }
        bank.change(&order.id, |order, _, now| order.decline(-2020, "Заказ отменён магазином", now))?;
        Ok(json!({"errorCode": "0", "errorMessage": "Успешно"}))
    })
    .await
}

/// `refund.do`
pub(super) async fn refund(State(bank): State<Arc<Bank>>, Form(fields): Fields) -> Response {
    answer(&bank, "refund.do", &fields, || {
        let sum = fields.get("amount").and_then(|sum| sum.parse().ok()).ok_or(BAD_VALUE)?;
        bank.refund(&find(&bank, &fields)?.id, sum)?;
        Ok(json!({"errorCode": "0", "errorMessage": "Успешно"}))
    })
    .await
}

/// `getReceiptStatus.do`
pub(super) async fn receipt(State(bank): State<Arc<Bank>>, Form(fields): Fields) -> Response {
    answer(&bank, "getReceiptStatus.do", &fields, || {
        let order = find(&bank, &fields)?;
        let made = order.deposited_ms.filter(|_| bank.with_knobs(|knobs| knobs.receipts));
        let url = format!("{}/bank/receipt/{}", bank.base, order.id);
        let receipt = |status: u8, at: i64, sum: i64, url: String| {
            json!({
                "receiptStatus": status,
                "uuid": uuid::Uuid::new_v4().to_string(),
                "receipt_datetime": at,
                "amount_total": roubles(sum).replace(',', "."),
                "ofd_receipt_url": url,
            })
        };
        // The latest first: a receipt of a refund stands above that of the payment.
        let back = order.refunds.iter().rev().map(|it| receipt(4, it.at_ms, it.sum, format!("{url}?refund")));
        let receipts: Vec<_> = match made {
            Some(at) => back.chain([receipt(1, at, order.deposited, url.clone())]).collect(),
            None => Vec::new(),
        };
        Ok(json!({"errorCode": "0", "orderNumber": order.number, "orderId": order.id, "receipt": receipts}))
    })
    .await
}

/// `sbp/c2b/qr/dynamic/get.do`
pub(super) async fn sbp_code(State(bank): State<Arc<Bank>>, Form(fields): Fields) -> Response {
    answer(&bank, "get.do", &fields, || {
        let order = find(&bank, &fields)?;
        let mut state = bank.lock();
        let order = state.orders.get_mut(&order.id).ok_or(UNKNOWN)?;
        if order.stage != Stage::Registered {
            return Err(WRONG_STATE);
        }
        let made = || format!("AD{}", uuid::Uuid::new_v4().simple().to_string().to_uppercase().split_at(30).0);
        let code = order.code.get_or_insert_with(made);
        let sum = order.amount;
        let payload = format!("https://qr.nspk.ru/{code}?type=02&bank=100000000009&sum={sum}&cur=RUB&crc=C63A");
        Ok(json!({"errorCode": "0", "payload": payload, "qrId": code, "qrStatus": "STARTED"}))
    })
    .await
}

/// `sbp/c2b/qr/status.do`
pub(super) async fn sbp_status(State(bank): State<Arc<Bank>>, Form(fields): Fields) -> Response {
    answer(&bank, "status.do", &fields, || {
        let order = find(&bank, &fields)?;
        let word = match order.stage {
            Stage::Registered => "STARTED",
            Stage::Asking => "CONFIRMED",
            Stage::Deposited | Stage::Reversed | Stage::Refunded => "ACCEPTED",
            Stage::Declined => "REJECTED",
        };
        Ok(json!({"errorCode": "0", "qrStatus": word}))
    })
    .await
}

/// By the bank's number or the merchant's.
fn find(bank: &Bank, fields: &BTreeMap<String, String>) -> Result<Order, Error> {
    let of = |name: &str| fields.get(name).filter(|value| !value.is_empty());
    let known = match (of("orderId").or_else(|| of("mdOrder")), of("orderNumber")) {
        (Some(id), _) => bank.lock().orders.get(id).cloned(),
        (None, Some(number)) => bank.by_number(number),
        (None, None) => None,
    };
    known.ok_or(UNKNOWN)
}

/// The knobs that concern every verb: slowness, being down, who asks, a lost answer.
async fn answer(
    bank: &Arc<Bank>,
    verb: &str,
    fields: &BTreeMap<String, String>,
    act: impl FnOnce() -> Result<Value, Error>,
) -> Response {
    let knobs = bank.with_knobs(|knobs| knobs.clone());
    if knobs.slow_ms > 0 {
        tokio::time::sleep(Duration::from_millis(knobs.slow_ms)).await;
    }
    let page = "<html><body><h1>503 Service Temporarily Unavailable</h1></body></html>";
    let html = [("content-type", "text/html")];
    if knobs.down {
        return (StatusCode::SERVICE_UNAVAILABLE, html, page).into_response();
    }
    if knobs.html {
        return (html, page).into_response();
    }
    let given = |name: &str| fields.get(name).is_some_and(|value| !value.is_empty());
    let may = given("token") || (given("userName") && given("password"));
    let wrong = fields.get("password").is_some_and(|password| password == "wrong");
    let said = if may && !wrong { act() } else { Err(Error(5, "Доступ запрещён")) };
    let mut said = said.unwrap_or_else(|Error(code, words)| {
        tracing::info!(verb, code, "refused");
        json!({"errorCode": code.to_string(), "errorMessage": words})
    });
    if knobs.code_as_number
        && let Some(code) = said["errorCode"].as_str().and_then(|code| code.parse::<u32>().ok())
    {
        said["errorCode"] = code.into();
    }
    let lost = bank.with_knobs(|knobs| {
        let lost = knobs.lose_answers > 0 && (knobs.lose_verb.is_empty() || knobs.lose_verb == verb);
        knobs.lose_answers -= u32::from(lost);
        lost
    });
    if lost {
        // A body that breaks before its first byte takes the connection with it.
        let broken =
            futures_util::stream::iter([Err::<axum::body::Bytes, _>(std::io::Error::other("lost on purpose"))]);
        return Body::from_stream(broken).into_response();
    }
    ([("content-type", "application/json; charset=utf-8")], said.to_string()).into_response()
}
