//! The failures a bank can have, one knob each.

use super::Bank;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::Arc;

/// How callbacks are signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Signature {
    /// HMAC-SHA256 with a shared key.
    Hmac,
    /// RSA with SHA-512.
    Rsa,
}

/// What is wrong with the bank at the moment. `POST /bank/control` takes the same fields; those left out stay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BankKnobs {
    /// Nothing but 503.
    pub down: bool,
    /// A page of HTML with 200, as a front end sends for a service that lies behind it.
    pub html: bool,
    /// How long every answer takes, milliseconds.
    pub slow_ms: u64,
    /// The answers to so many verbs from now on are lost: what was asked is done, the connection is dropped.
    pub lose_answers: u32,
    /// Only answers to this verb are lost, `register.do`; to all when empty.
    pub lose_verb: String,
    /// `errorCode` is a number instead of text.
    pub code_as_number: bool,
    /// A registered order is answered without `errorCode`.
    pub silent_success: bool,
    /// Callbacks are sent.
    pub callbacks: bool,
    /// How many times each is sent.
    pub callback_times: u32,
    /// Callbacks are POSTed as a form instead of GET with a query.
    pub callback_post: bool,
    /// Callbacks are signed wrongly.
    pub wrong_checksum: bool,
    /// How they are signed.
    pub signature: Signature,
    /// The shared key.
    pub hmac_key: String,
    /// How long is waited before a callback that was not taken is sent again, milliseconds; three times in all.
    pub callback_retry_ms: u64,
    /// A payment stands with the person's bank for so many seconds and is then declined; 0 pays at once.
    pub late_decline_s: i64,
    /// The bank takes so many kopecks less than it was asked to; more where it is below zero.
    pub takes_less: i64,
    /// «decline.do» answers with an error.
    pub keeps_orders: bool,
    /// The bank makes receipts.
    pub receipts: bool,
    /// How far the bank's clock is ahead, seconds: sessions end sooner.
    pub clock_ahead_s: i64,
}

impl Default for BankKnobs {
    fn default() -> Self {
        Self {
            down: false,
            html: false,
            slow_ms: 0,
            lose_answers: 0,
            lose_verb: String::new(),
            code_as_number: false,
            silent_success: false,
            callbacks: true,
            callback_times: 1,
            callback_post: false,
            wrong_checksum: false,
            signature: Signature::Hmac,
            hmac_key: "demo".into(),
            callback_retry_ms: 30_000,
            late_decline_s: 0,
            takes_less: 0,
            keeps_orders: false,
            receipts: true,
            clock_ahead_s: 0,
        }
    }
}

impl BankKnobs {
    fn turned(&self, turn: Value) -> Result<Self, String> {
        let mut all = serde_json::to_value(self).map_err(|error| error.to_string())?;
        let (Value::Object(all), Value::Object(turn)) = (&mut all, turn) else {
            return Err("an object, please".into());
        };
        all.extend(turn);
        serde_json::from_value(Value::Object(std::mem::take(all))).map_err(|error| error.to_string())
    }
}

/// `POST /bank/control`; answers with all knobs as they stand now.
pub(super) async fn control(State(bank): State<Arc<Bank>>, Json(turn): Json<Value>) -> Response {
    let turned = bank.with_knobs(|knobs| {
        *knobs = knobs.turned(turn)?;
        Ok::<_, String>(knobs.clone())
    });
    match turned {
        Ok(knobs) => Json(knobs).into_response(),
        Err(error) => (StatusCode::UNPROCESSABLE_ENTITY, error).into_response(),
    }
}

/// `GET /bank/control`
pub(super) async fn show(State(bank): State<Arc<Bank>>) -> Json<BankKnobs> {
    Json(bank.with_knobs(|knobs| knobs.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_knob_turns_alone_and_one_that_is_none_turns_nothing() {
        let knobs = BankKnobs::default();
        let turned = knobs.turned(serde_json::json!({"down": true})).expect("turned");
        assert_eq!(turned, BankKnobs { down: true, ..BankKnobs::default() });
        assert!(knobs.turned(serde_json::json!({"dwon": true})).is_err());
    }
}
