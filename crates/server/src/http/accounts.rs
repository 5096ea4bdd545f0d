//! `/v1/accounts`: attaching by a proof from the bill, detaching.

use super::body::Body;
use crate::accounts::{attach as attaching, prove as proving};
use crate::failure::Failure;
use crate::server::App;
use crate::sessions::Caller;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::AccountId;
use std::sync::Arc;
use wire::account::{Attach, Attached, Found, Lookup, Prove, Proven};
use wire::problem::Problem;

/// What a stranger may see of an account: the number and a masked address.
#[utoipa::path(post, path = "/v1/accounts/lookup", tag = "accounts", security(("bearer" = [])),
    request_body = Lookup, responses(
    (status = 200, body = Found),
    (status = 404, description = "account_unknown", body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "already_attached", body = Problem, content_type = "application/problem+json"),
    (status = 429, description = "locked_out", body = Problem, content_type = "application/problem+json"),
))]
pub(super) async fn lookup(
    State(app): State<Arc<App>>,
    caller: Caller,
    Body(wanted): Body<Lookup>,
) -> Result<Json<Found>, Failure> {
    let shared = Arc::clone(&app);
    let done = app.store.write(move |tx| proving::look_up(tx, &shared.config.limits, &caller, &wanted.number)).await?;
    Ok(Json(done.value))
}

/// A proof from the bill; answered with the address and a token.
#[utoipa::path(post, path = "/v1/accounts/prove", tag = "accounts", security(("bearer" = [])),
    request_body = Prove, responses(
    (status = 200, body = Proven),
    (status = 404, description = "account_unknown", body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "already_attached", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "proof_wrong", body = Problem, content_type = "application/problem+json"),
    (status = 429, description = "locked_out", body = Problem, content_type = "application/problem+json"),
))]
pub(super) async fn prove(
    State(app): State<Arc<App>>,
    caller: Caller,
    Body(wanted): Body<Prove>,
) -> Result<Json<Proven>, Failure> {
    let shared = Arc::clone(&app);
    let done = app
        .store
        .write(move |tx| proving::prove(tx, &shared.config.limits, &caller, &wanted.number, &wanted.proof))
        .await?;
    Ok(Json(done.value))
}

/// Attaches the account that the token proves.
#[utoipa::path(post, path = "/v1/accounts/attach", tag = "accounts", security(("bearer" = [])),
    request_body = Attach, responses(
    (status = 200, body = Attached),
    (status = 409, description = "already_attached", body = Problem, content_type = "application/problem+json"),
    (status = 410, description = "attachment_expired", body = Problem, content_type = "application/problem+json"),
))]
pub(super) async fn attach(
    State(app): State<Arc<App>>,
    caller: Caller,
    Body(wanted): Body<Attach>,
) -> Result<Json<Attached>, Failure> {
    let done = app.store.write(move |tx| attaching::attach(tx, &caller, wanted.token)).await?;
    let (account, ticket) = done.value;
    Ok(Json(Attached { account, position: done.position(ticket) }))
}

/// Lets an account go.
#[utoipa::path(delete, path = "/v1/accounts/{account}", tag = "accounts", security(("bearer" = [])),
    params(("account" = uuid::Uuid, Path)), responses(
    (status = 204),
    (status = 403, description = "not_yours", body = Problem, content_type = "application/problem+json"),
))]
pub(super) async fn detach(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(account): Path<uuid::Uuid>,
) -> Result<StatusCode, Failure> {
    app.store.write(move |tx| attaching::detach(tx, &caller, AccountId::new(account))).await?;
    Ok(StatusCode::NO_CONTENT)
}
