//! What everybody may know: the utility, and the consent in force.

use crate::server::App;
use axum::Json;
use axum::extract::State;
use std::sync::Arc;
use wire::utility::{Consent, Utility};

/// The utility.
#[utoipa::path(get, path = "/v1/utility", tag = "utility", responses((status = 200, body = Utility)))]
pub(super) async fn utility(State(app): State<Arc<App>>) -> Json<Utility> {
    Json(app.config.utility.clone())
}

/// The consent in force.
#[utoipa::path(get, path = "/v1/consent", tag = "utility", responses((status = 200, body = Consent)))]
pub(super) async fn consent(State(app): State<Arc<App>>) -> Json<Consent> {
    Json(app.config.consent.clone())
}
