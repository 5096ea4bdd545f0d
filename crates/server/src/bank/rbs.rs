//! The client of banks that speak «register.do» (RBS, the classic dialect; docs/domain.md).

use super::{BankError, NewOrder, OrderState, PaymentGateway, Registered, Stage};
use crate::config::{BankCredentials, BankSettings};
use async_trait::async_trait;
use domain::Kopecks;
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};
use std::time::Duration;

/// Roubles.
const CURRENCY: &str = "643";
/// Codes of errors that mean something to us.
const NUMBER_TAKEN: i64 = 1;
const UNKNOWN_ORDER: i64 = 6;
const SYSTEM_ERROR: i64 = 7;
/// `actionCode` of an order whose time is over.
const OUT_OF_TIME: i64 = -2007;

/// A bank of the family.
pub struct Rbs {
    settings: BankSettings,
    http: Client,
}

impl Rbs {
    /// A client; fails only when the machine has no usable TLS.
    pub fn new(settings: BankSettings) -> Result<Self, reqwest::Error> {
        // A redirect would carry the password to wherever it leads.
        let http = Client::builder()
            .timeout(Duration::from_millis(settings.timeout_ms))
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()?;
        Ok(Self { settings, http })
    }

    async fn ask(&self, verb: &str, fields: &[(&str, &str)]) -> Result<Value, BankError> {
        let mut form: Vec<(&str, &str)> = match &self.settings.credentials {
            BankCredentials::Password { user, password } => vec![("userName", user), ("password", password)],
            BankCredentials::Token(token) => vec![("token", token)],
        };
        form.extend(fields.iter().filter(|(_, value)| !value.is_empty()));
        let url = format!("{}/payment/rest/{verb}", self.settings.base_url);
        let answer = self
            .http
            .post(url)
            .form(&form)
            .send()
            .await
            .map_err(|error| if error.is_connect() { BankError::NotAsked } else { BankError::Unsure })?;
        match answer.status() {
            // The bank's front end says that nothing went through it.
            StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS => return Err(BankError::NotAsked),
            status if !status.is_success() => return Err(BankError::Unsure),
            _ => {}
        }
        let body = answer.bytes().await.map_err(|_| BankError::Unsure)?;
        // A page of HTML with 200 tells nothing of what lies behind it.
        let said: Value = serde_json::from_slice(&body).map_err(|_| BankError::Unsure)?;
        match code(&said)? {
            0 => Ok(said),
            code => Err(BankError::Refused { code }),
        }
    }

    async fn status(&self, field: &str, value: &str) -> Result<Option<OrderState>, BankError> {
        match self.ask("getOrderStatusExtended.do", &[(field, value), ("language", "ru")]).await {
            Ok(said) => state(&said).map(Some).ok_or(BankError::Unsure),
            Err(BankError::Refused { code: UNKNOWN_ORDER }) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// `errorCode` comes as text or as a number; a registered order may come without.
fn code(said: &Value) -> Result<i64, BankError> {
    match said.get("errorCode") {
        None | Some(Value::Null) => Ok(0),
        Some(Value::String(text)) => text.trim().parse().map_err(|_| BankError::Unsure),
        Some(number) => number.as_i64().ok_or(BankError::Unsure),
    }
}

/// `None` for an answer without a status, or with one that nobody has heard of.
fn state(said: &Value) -> Option<OrderState> {
    let stage = match whole(&said["orderStatus"])? {
        0 | 5 => Stage::Open,
        1 => Stage::Held,
        2 => Stage::Deposited,
        3 => Stage::Reversed,
        4 => Stage::Refunded,
        6 if whole(&said["actionCode"]) == Some(OUT_OF_TIME) => Stage::Lapsed,
        6 => Stage::Declined,
        _ => return None,
    };
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let named = |list: &str, wanted: &str| {
        let found = said[list].as_array()?.iter().find(|pair| pair["name"] == wanted)?;
        text(&found["value"])
    };
    let amount = Kopecks(whole(&said["amount"])?);
    let sums = &said["paymentAmountInfo"];
    let refunded = Kopecks(whole(&sums["refundedAmount"]).unwrap_or(0));
    let deposited = whole(&sums["depositedAmount"]).map_or(amount, Kopecks);
    Some(OrderState {
        order: named("attributes", "mdOrder"),
        payment: named("merchantOrderParams", "payment").and_then(|id| id.parse().ok()),
        stage,
        amount,
        deposited,
        refunded,
        by: card(&said["cardAuthInfo"]),
        why: text(&said["actionCodeDescription"]).unwrap_or_default(),
    })
}

/// `receiptStatus`: 0 the receipt of a payment was sent to the cash register, 1 it was made, 2 it failed; 3 to 5 the same of
/// a refund. Not every operator of fiscal data gives a page of a receipt.
fn is_of_refund_or_broken(status: i64) -> bool {
    status >= 2
}

fn whole(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.trim().parse().ok())
}

/// «МИР 2202 •• 0001»
fn card(info: &Value) -> String {
    let pan = info["maskedPan"].as_str().or_else(|| info["pan"].as_str()).unwrap_or_default();
    let (Some(first), Some(last)) = (pan.get(..4), pan.len().checked_sub(4).and_then(|from| pan.get(from..))) else {
        return String::new();
    };
    let system = match info["paymentSystem"].as_str().unwrap_or_default() {
        "MIR" => "МИР ",
        "VISA" => "Visa ",
        "MASTERCARD" => "Mastercard ",
        _ => "",
    };
    format!("{system}{first} •• {last}")
}

#[async_trait]
impl PaymentGateway for Rbs {
    async fn register(&self, order: &NewOrder) -> Result<Registered, BankError> {
        let (amount, session) = (order.amount.0.to_string(), order.session_s.to_string());
        let params = json!({"payment": order.payment.to_string(), "persAcc": order.accounts}).to_string();
        let cart = order.cart.as_ref().map(Value::to_string).unwrap_or_default();
        let fields = [
            ("orderNumber", order.number.as_str()),
            ("amount", &amount),
            ("currency", CURRENCY),
            ("returnUrl", &order.return_url),
            ("failUrl", &order.return_url),
            ("dynamicCallbackUrl", &order.callback_url),
            ("description", &order.description),
            ("language", "ru"),
            ("email", &order.email),
            ("sessionTimeoutSecs", &session),
            ("jsonParams", &params),
            ("orderBundle", &cart),
        ];
        let said = self.ask("register.do", &fields).await.map_err(|error| match error {
            BankError::Refused { code: NUMBER_TAKEN } => BankError::NumberTaken,
            // A failure inside the bank: the order may be there or not.
            BankError::Refused { code: SYSTEM_ERROR } => BankError::Unsure,
            error => error,
        })?;
        let text = |name: &str| said[name].as_str().filter(|text| !text.is_empty()).map(str::to_owned);
        let (Some(order), Some(form_url)) = (text("orderId"), text("formUrl")) else { return Err(BankError::Unsure) };
        // The desktop opens it in the browser of the system.
        let is_page = form_url.starts_with("https://") || form_url.starts_with(&self.settings.base_url);
        if is_page { Ok(Registered { order, form_url }) } else { Err(BankError::Unsure) }
    }

    async fn by_number(&self, number: &str) -> Result<Option<OrderState>, BankError> {
        self.status("orderNumber", number).await
    }

    async fn by_order(&self, order: &str) -> Result<Option<OrderState>, BankError> {
        self.status("orderId", order).await
    }

    async fn decline(&self, order: &str) -> Result<(), BankError> {
        self.ask("decline.do", &[("orderId", order), ("language", "ru")]).await.map(|_| ())
    }

    async fn refund(&self, order: &str, sum: Kopecks) -> Result<(), BankError> {
        let asked = self.ask("refund.do", &[("orderId", order), ("amount", &sum.0.to_string())]).await;
        // A failure inside the bank: it may have been given back or not.
        asked.map(|_| ()).map_err(|error| match error {
            BankError::Refused { code: SYSTEM_ERROR } => BankError::Unsure,
            error => error,
        })
    }

    async fn sbp_code(&self, order: &str) -> Result<String, BankError> {
        let said = self.ask("sbp/c2b/qr/dynamic/get.do", &[("mdOrder", order), ("qrFormat", "matrix")]).await?;
        let payload = said["payload"].as_str().filter(|text| text.starts_with("https://"));
        payload.map(str::to_owned).ok_or(BankError::Unsure)
    }

    async fn receipt(&self, order: &str) -> Result<Option<String>, BankError> {
        let said = self.ask("getReceiptStatus.do", &[("orderId", order)]).await?;
        // A list, or the only one by itself.
        let all = match &said["receipt"] {
            Value::Array(all) => all.as_slice(),
            one => std::slice::from_ref(one),
        };
        let of_payment =
            all.iter().filter(|receipt| !whole(&receipt["receiptStatus"]).is_some_and(is_of_refund_or_broken));
        let is_page = |url: &&str| url.starts_with("https://") || url.starts_with(&self.settings.base_url);
        let url = of_payment.filter_map(|receipt| receipt["ofd_receipt_url"].as_str()).find(is_page);
        Ok(url.map(str::to_owned))
    }
}
