//! `/v1/registration`: who, the code of the robot's call, the password.

use super::body::Body;
use super::caller::Origin;
use crate::calls::CallError;
use crate::failure::Failure;
use crate::registration;
use crate::server::App;
use axum::Json;
use axum::extract::{Path, State};
use std::sync::Arc;
use uuid::Uuid;
use wire::problem::{Code, Problem};
use wire::registration::{Calling, Code as PhoneCode, Password, PhoneProven, Start, Started};
use wire::session::Session;

/// Step 1: phone, name and consent. The same answer for a known and an unknown phone.
#[utoipa::path(post, path = "/v1/registration", tag = "registration", request_body = Start, responses(
    (status = 200, body = Started),
    (status = 422, description = "unreadable, consent_outdated", body = Problem, content_type = "application/problem+json"),
    (status = 429, description = "locked_out", body = Problem, content_type = "application/problem+json"),
))]
pub(super) async fn start(
    State(app): State<Arc<App>>,
    Origin(origin): Origin,
    Body(wanted): Body<Start>,
) -> Result<Json<Started>, Failure> {
    let config = app.config.clone();
    let done = app.store.write(move |tx| registration::start(tx, &config, &wanted, &origin)).await?;
    Ok(Json(done.value))
}

/// Step 2: the robot calls.
#[utoipa::path(post, path = "/v1/registration/{registration}/call", tag = "registration",
    params(("registration" = Uuid, Path)), responses(
    (status = 200, body = Calling),
    (status = 404, description = "registration_gone", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "number_unavailable", body = Problem, content_type = "application/problem+json"),
    (status = 429, description = "call_too_soon", body = Problem, content_type = "application/problem+json"),
    (status = 503, description = "call_unavailable", body = Problem, content_type = "application/problem+json"),
))]
pub(super) async fn call(
    State(app): State<Arc<App>>,
    Origin(origin): Origin,
    Path(id): Path<Uuid>,
) -> Result<Json<Calling>, Failure> {
    let caller = app.caller.clone().ok_or(Code::CallUnavailable)?;
    // A caller who goes away in the middle must not leave a counted call without its outcome.
    tokio::spawn(place_call(app, caller, id, origin))
        .await
        .map_err(|_| Failure::Internal("placing a call stopped".into()))?
        .map(Json)
}

async fn place_call(
    app: Arc<App>,
    caller: Arc<dyn crate::calls::CodeCaller>,
    id: Uuid,
    origin: String,
) -> Result<Calling, Failure> {
    let (shared, from) = (Arc::clone(&app), origin.clone());
    let prepared = app.store.write(move |tx| registration::prepare_call(tx, &shared.config, id, &from)).await?.value;
    let limits = &app.config.limits;
    let gap_s = u64::from(limits.call_gap_s);
    let shared = Arc::clone(&app);
    let (answer, counted) = match caller.deliver(&prepared.phone, &prepared.code).await {
        // Without an answer the call may well have been made: the person is asked for its code.
        Ok(_) | Err(CallError::Timeout) => {
            let (digits, valid_s) = (app.config.utility.code_digits, u64::from(limits.code_valid_s));
            app.store.write(move |tx| registration::keep_code(tx, &shared.config, &shared.key, id, &prepared)).await?;
            return Ok(Calling { digits, valid_s, again_s: gap_s });
        }
        Err(CallError::BadNumber | CallError::Unreachable) => (Code::NumberUnavailable, true),
        Err(CallError::Duplicate) => (Code::CallTooSoon { retry_after_s: gap_s }, true),
        Err(error) => {
            tracing::error!(%error, "the robot cannot call");
            (Code::CallUnavailable, false)
        }
    };
    if !counted {
        app.store.write(move |tx| registration::undo_call(tx, &shared.config, &prepared, &origin)).await?;
    }
    Err(answer.into())
}

/// The code that the robot said.
#[utoipa::path(post, path = "/v1/registration/{registration}/code", tag = "registration",
    params(("registration" = Uuid, Path)), request_body = PhoneCode, responses(
    (status = 200, body = PhoneProven),
    (status = 404, description = "registration_gone", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "wrong_code, code_expired", body = Problem, content_type = "application/problem+json"),
    (status = 429, description = "locked_out", body = Problem, content_type = "application/problem+json"),
))]
pub(super) async fn code(
    State(app): State<Arc<App>>,
    Path(id): Path<Uuid>,
    Body(entered): Body<PhoneCode>,
) -> Result<Json<PhoneProven>, Failure> {
    let shared = Arc::clone(&app);
    let done =
        app.store.write(move |tx| registration::try_code(tx, &shared.config, &shared.key, id, &entered.code)).await?;
    Ok(Json(done.value))
}

/// Step 3: the password; answered by a session.
#[utoipa::path(post, path = "/v1/registration/{registration}/password", tag = "registration",
    params(("registration" = Uuid, Path)), request_body = Password, responses(
    (status = 200, body = Session),
    (status = 404, description = "registration_gone", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "weak_password", body = Problem, content_type = "application/problem+json"),
))]
pub(super) async fn password(
    State(app): State<Arc<App>>,
    Origin(origin): Origin,
    Path(id): Path<Uuid>,
    Body(wanted): Body<Password>,
) -> Result<Json<Session>, Failure> {
    domain::password::check(&wanted.password).map_err(|_| Code::WeakPassword)?;
    // Hashing is dear: not for those who did not prove a phone.
    app.store.write(move |tx| registration::ready(tx, id)).await?;
    let hash = app.passwords.hash(wanted.password).await?;
    let config = app.config.clone();
    let done =
        app.store.write(move |tx| registration::set_password(tx, &config, id, &hash, &wanted.device, &origin)).await?;
    Ok(Json(done.value))
}
