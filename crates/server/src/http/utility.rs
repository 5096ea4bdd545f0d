//! What everybody may know: the utility, and the consent in force.

use crate::server::App;
use axum::Json;
use axum::extract::State;
use std::sync::Arc;
use wire::utility::{AttachmentRules, Consent, Utility};

/// The utility.
#[utoipa::path(get, path = "/v1/utility", tag = "utility", responses((status = 200, body = Utility)))]
pub(super) async fn utility(State(app): State<Arc<App>>) -> Json<Utility> {
    let rules = app.config.files.on(app.config.day(app.clock.now_ms()));
    let media = rules.media.iter().map(|media| media.name().to_owned()).collect();
    let attachments = AttachmentRules { limits: rules.limits, media };
    Json(Utility { attachments, ..app.config.utility.clone() })
}

/// The consent in force.
#[utoipa::path(get, path = "/v1/consent", tag = "utility", responses((status = 200, body = Consent)))]
pub(super) async fn consent(State(app): State<Arc<App>>) -> Json<Consent> {
    Json(app.config.consent.clone())
}
