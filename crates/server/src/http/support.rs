//! `POST /v1/support/questions`: «Напишите нам», without signing in.

use super::body::Body;
use super::caller::Origin;
use crate::failure::Failure;
use crate::questions;
use crate::server::App;
use axum::extract::State;
use axum::http::StatusCode;
use std::sync::Arc;
use wire::problem::Problem;
use wire::support::AskSupport;

/// Leaves a question and a phone to answer to. The answer is the same whoever's phone it is.
#[utoipa::path(post, path = "/v1/support/questions", tag = "support", request_body = AskSupport, responses(
    (status = 202, description = "it was taken"),
    (status = 422, description = "unreadable", body = Problem, content_type = "application/problem+json"),
    (status = 429, description = "locked_out", body = Problem, content_type = "application/problem+json"),
))]
pub(super) async fn ask(
    State(app): State<Arc<App>>,
    Origin(origin): Origin,
    Body(asked): Body<AskSupport>,
) -> Result<StatusCode, Failure> {
    let shared = Arc::clone(&app);
    app.store.write(move |tx| questions::ask(tx, &shared.config.limits, &asked, &origin)).await?;
    Ok(StatusCode::ACCEPTED)
}
