//! `POST /v1/operations`.

use super::body::Body;
use crate::failure::Failure;
use crate::operations::{answer, push as push_batch};
use crate::server::App;
use crate::sessions::Caller;
use axum::Json;
use axum::extract::State;
use std::sync::Arc;
use wire::problem::Problem;
use wire::push::{Batch, BatchAnswer};

/// Applies a batch; one result per item, in their order.
#[utoipa::path(post, path = "/v1/operations", tag = "operations", security(("bearer" = [])),
    request_body = Batch, responses(
    (status = 200, body = BatchAnswer),
    (status = 409, description = "incarnation_conflict", body = Problem, content_type = "application/problem+json"),
    (status = 413, description = "too_large", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "unreadable", body = Problem, content_type = "application/problem+json"),
))]
pub(super) async fn push(
    State(app): State<Arc<App>>,
    caller: Caller,
    Body(batch): Body<Batch>,
) -> Result<Json<BatchAnswer>, Failure> {
    let shared = Arc::clone(&app);
    let done = app.store.write(move |tx| push_batch(tx, shared.effects(), &caller, &batch)).await?;
    Ok(Json(BatchAnswer { results: answer(&done) }))
}
