//! `/v1/bank/callback`: the bank tells that something happened to an order.

use crate::bank::read_callback;
use crate::failure::Failure;
use crate::payments::callback;
use crate::server::App;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use std::sync::Arc;

/// The bank's call as a query.
#[utoipa::path(get, path = "/v1/bank/callback", tag = "bank", responses(
    (status = 200, description = "it was taken"),
    (status = 403, description = "it is not signed by the bank"),
))]
pub(super) async fn by_query(State(app): State<Arc<App>>, RawQuery(query): RawQuery) -> Result<StatusCode, Failure> {
    called(&app, read_callback(&query.unwrap_or_default(), "", &[])).await
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
    called(&app, read_callback(&query.unwrap_or_default(), kind, &body)).await
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
