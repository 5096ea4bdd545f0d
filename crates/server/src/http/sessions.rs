//! `/v1/session`: signing in, staying signed in, signing out.

use super::body::Body;
use super::caller::Origin;
use crate::failure::{Failure, unreadable};
use crate::server::App;
use crate::sessions::{self, Caller, Login};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use std::sync::Arc;
use wire::problem::{Code, Problem};
use wire::session::{Refresh, Session, SignIn};

/// Signs in: a resident with their phone, the staff with its login. The same answer, in the same time, for known and
/// unknown ones.
#[utoipa::path(post, path = "/v1/session", tag = "session", request_body = SignIn, responses(
    (status = 200, body = Session),
    (status = 401, description = "wrong_password", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "unreadable", body = Problem, content_type = "application/problem+json"),
    (status = 429, description = "locked_out", body = Problem, content_type = "application/problem+json"),
))]
pub(super) async fn sign_in(
    State(app): State<Arc<App>>,
    Origin(origin): Origin,
    Body(wanted): Body<SignIn>,
) -> Result<Json<Session>, Failure> {
    let login = Login::parse(&wanted.phone).ok_or_else(|| unreadable("phone"))?;
    let (shared, asked, from) = (Arc::clone(&app), login.clone(), origin.clone());
    let admitted = app.store.write(move |tx| sessions::admit(tx, &shared.config.limits, &asked, &from)).await?.value;
    let (user, stored) = admitted.known.unzip();
    let fits = app.passwords.fits(wanted.password, stored).await?;
    let Some(user) = user.filter(|_| fits) else {
        return Err(Code::WrongPassword { tries_left: admitted.tries_left }.into());
    };
    let shared = Arc::clone(&app);
    let done = app
        .store
        .write(move |tx| {
            let config = &shared.config;
            sessions::finish(tx, &config.limits, &config.security, user, &login, &wanted.device, &origin)
        })
        .await?;
    Ok(Json(done.value))
}

/// New tokens for the last refresh token.
#[utoipa::path(post, path = "/v1/session/refresh", tag = "session", request_body = Refresh, responses(
    (status = 200, body = Session),
    (status = 401, description = "sign_in_needed", body = Problem, content_type = "application/problem+json"),
))]
pub(super) async fn refresh(
    State(app): State<Arc<App>>,
    Body(wanted): Body<Refresh>,
) -> Result<Json<Session>, Failure> {
    let security = app.config.security.clone();
    let done = app.store.write(move |tx| sessions::refresh(tx, &security, &wanted.refresh_token)).await?;
    Ok(Json(done.value))
}

/// Signs out.
#[utoipa::path(delete, path = "/v1/session", tag = "session", security(("bearer" = [])), responses(
    (status = 204),
    (status = 401, description = "sign_in_needed", body = Problem, content_type = "application/problem+json"),
))]
pub(super) async fn sign_out(State(app): State<Arc<App>>, caller: Caller) -> Result<StatusCode, Failure> {
    app.store.write(move |tx| sessions::end(tx, &caller)).await?;
    Ok(StatusCode::NO_CONTENT)
}
