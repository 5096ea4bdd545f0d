//! `/v1/bank/callback`: the bank tells that something happened to an order.

use crate::failure::Failure;
use crate::payments::callback;
use crate::server::App;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The bank's call as a query.
#[utoipa::path(get, path = "/v1/bank/callback", tag = "bank", responses(
    (status = 200, description = "it was taken"),
    (status = 403, description = "it is not signed by the bank"),
))]
pub(super) async fn by_query(State(app): State<Arc<App>>, RawQuery(query): RawQuery) -> Result<StatusCode, Failure> {
    called(&app, pairs(query.unwrap_or_default().as_bytes())).await
}

/// The same as a form or as JSON.
#[utoipa::path(post, path = "/v1/bank/callback", tag = "bank",
    request_body(content = String, content_type = "application/x-www-form-urlencoded"), responses(
    (status = 200, description = "it was taken"),
    (status = 403, description = "it is not signed by the bank"),
))]
pub(super) async fn by_body(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
    body: Bytes,
) -> Result<StatusCode, Failure> {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let mut params = if kind.starts_with("application/json") { fields(&body) } else { pairs(&body) };
    params.extend(pairs(query.unwrap_or_default().as_bytes()));
    called(&app, params).await
}

async fn called(app: &Arc<App>, params: Vec<(String, String)>) -> Result<StatusCode, Failure> {
    let key = app.config.bank.as_ref().and_then(|bank| bank.callback.clone());
    if !key.is_some_and(|key| key.signed(&params)) {
        tracing::warn!("a callback that the bank did not sign");
        return Ok(StatusCode::FORBIDDEN);
    }
    callback::called(app, &params).await?;
    Ok(StatusCode::OK)
}

fn pairs(text: &[u8]) -> Vec<(String, String)> {
    let text = String::from_utf8_lossy(text);
    reqwest::Url::parse(&format!("http://query/?{text}"))
        .map(|url| url.query_pairs().map(|(name, value)| (name.into_owned(), value.into_owned())).collect())
        .unwrap_or_default()
}

/// The fields of a flat object, as they are signed.
fn fields(body: &[u8]) -> Vec<(String, String)> {
    let fields: BTreeMap<String, Value> = serde_json::from_slice(body).unwrap_or_default();
    let text = |value: Value| match value {
        Value::String(text) => text,
        other => other.to_string(),
    };
    fields.into_iter().map(|(name, value)| (name, text(value))).collect()
}
