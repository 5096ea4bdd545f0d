//! `/v1/feed`, `/v1/snapshot`, `/v1/scopes`.

use crate::failure::{Failure, unreadable};
use crate::feed as changes;
use crate::server::App;
use crate::sessions::Caller;
use axum::Json;
use axum::extract::{Query, State};
use domain::Epoch;
use serde::Deserialize;
use std::sync::Arc;
use utoipa::IntoParams;
use uuid::Uuid;
use wire::feed::{Cursor, Page, Scope, Scopes, Snapshot};
use wire::problem::{Code, Problem};

/// Where the caller stands.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct From {
    /// The database's life, as the last snapshot or page named it.
    epoch: Uuid,
    /// The last position seen.
    seq: i64,
    /// The name of the row there; nil before the first.
    name: Uuid,
    /// At most so many rows.
    limit: Option<u32>,
}

impl From {
    fn cursor(&self) -> Cursor {
        Cursor { epoch: Epoch::new(self.epoch), seq: self.seq, name: self.name }
    }
}

/// Reads a query as [`page`] does.
pub(crate) fn read_query(query: &str) -> Option<Cursor> {
    let uri = axum::http::Uri::builder().path_and_query(format!("/v1/feed?{query}")).build().ok()?;
    Query::<From>::try_from_uri(&uri).ok().map(|Query(from)| from.cursor())
}

/// The changes after a cursor.
#[utoipa::path(get, path = "/v1/feed", tag = "feed", security(("bearer" = [])), params(From), responses(
    (status = 200, body = Page),
    (status = 409, description = "epoch_changed", body = Problem, content_type = "application/problem+json"),
    (status = 410, description = "snapshot_needed", body = Problem, content_type = "application/problem+json"),
))]
pub(super) async fn page(
    State(app): State<Arc<App>>,
    caller: Caller,
    query: Result<Query<From>, axum::extract::rejection::QueryRejection>,
) -> Result<Json<Page>, Failure> {
    let Query(from) = query.map_err(|_| Code::Unreadable { field: None })?;
    let cursor = from.cursor();
    let limit = from.limit.unwrap_or(wire::MAX_PAGE);
    app.store.read(move |sql| changes::page(sql, caller.user, &cursor, limit)).await.map(Json)
}

/// Which scope, from where.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Of {
    /// `public`, `user:UUID`, `account:UUID` or `house:UUID`.
    scope: String,
    /// `next` of the page before.
    after: Option<Uuid>,
    /// At most so many entities.
    limit: Option<u32>,
}

/// All entities of a scope, page by page.
#[utoipa::path(get, path = "/v1/snapshot", tag = "feed", security(("bearer" = [])), params(Of), responses(
    (status = 200, body = Snapshot),
    (status = 403, description = "not_yours", body = Problem, content_type = "application/problem+json"),
))]
pub(super) async fn snapshot(
    State(app): State<Arc<App>>,
    caller: Caller,
    query: Result<Query<Of>, axum::extract::rejection::QueryRejection>,
) -> Result<Json<Snapshot>, Failure> {
    let Query(of) = query.map_err(|_| Code::Unreadable { field: None })?;
    let scope: Scope = of.scope.parse().map_err(|_| unreadable("scope"))?;
    let limit = of.limit.unwrap_or(wire::MAX_PAGE);
    app.store.read(move |sql| changes::snapshot(sql, caller.user, scope, of.after, limit)).await.map(Json)
}

/// Every scope the caller sees.
#[utoipa::path(get, path = "/v1/scopes", tag = "feed", security(("bearer" = [])), responses(
    (status = 200, body = Scopes),
    (status = 401, description = "sign_in_needed", body = Problem, content_type = "application/problem+json"),
))]
pub(super) async fn scopes(State(app): State<Arc<App>>, caller: Caller) -> Result<Json<Scopes>, Failure> {
    let scopes = app.store.read(move |sql| changes::scopes(sql, caller.user)).await?;
    Ok(Json(Scopes { scopes }))
}
