//! For monitors and balancers.

use crate::failure::Failure;
use crate::server::App;
use crate::storage::Head;
use axum::extract::State;
use std::sync::Arc;

/// The process runs.
#[utoipa::path(get, path = "/healthz", tag = "health", responses((status = 200, body = String)))]
pub(super) async fn healthz() -> &'static str {
    "ok"
}

/// The database reads and writes.
#[utoipa::path(get, path = "/readyz", tag = "health", responses((status = 200, body = String), (status = 503)))]
pub(super) async fn readyz(State(app): State<Arc<App>>) -> Result<&'static str, Failure> {
    app.store.read(|sql| Head::read(sql).map(|_| ())).await?;
    app.store.write(|tx| Head::read(tx).map(|_| ())).await?;
    Ok("ok")
}
