//! `/v1/announcements`: what an editor has to ask the server at once.

use super::body::Body;
use crate::announcements::{audience, results};
use crate::failure::{Failure, unreadable};
use crate::server::App;
use crate::sessions::Caller;
use crate::staff;
use crate::storage::{Sql, StoreError};
use axum::Json;
use axum::extract::{Path, Query, State};
use domain::announcement::Audience;
use domain::{AnnouncementId, UserId};
use serde::Deserialize;
use std::sync::Arc;
use wire::announcement::{AnnouncementResults, AudiencePlaces, Reach};
use wire::desk::Role;
use wire::problem::{Code, Problem};

/// The longest text that is looked for, in characters.
const LONGEST_TEXT: usize = 100;

/// `GET …/places?text=…`
#[derive(Debug, Deserialize)]
pub(super) struct PlacesQuery {
    text: String,
}

/// How many an announcement would be for.
#[utoipa::path(post, path = "/v1/announcements/reach", tag = "announcements", security(("bearer" = [])),
    request_body = Audience, responses(
    (status = 200, body = Reach),
    (status = 403, description = "not_yours", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "unreadable", body = Problem, content_type = "application/problem+json"),
))]
pub(super) async fn reach(
    State(app): State<Arc<App>>,
    caller: Caller,
    Body(asked): Body<Audience>,
) -> Result<Json<Reach>, Failure> {
    asked.check().map_err(|_| unreadable("to"))?;
    read(&app, caller.user, move |sql| audience::reach(sql, &asked)).await.map(Json)
}

/// Whom an announcement can be for.
#[utoipa::path(get, path = "/v1/announcements/places", tag = "announcements", security(("bearer" = [])),
    params(("text" = String, Query)), responses(
    (status = 200, body = AudiencePlaces),
    (status = 403, description = "not_yours", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "unreadable", body = Problem, content_type = "application/problem+json"),
))]
pub(super) async fn places(
    State(app): State<Arc<App>>,
    caller: Caller,
    Query(asked): Query<PlacesQuery>,
) -> Result<Json<AudiencePlaces>, Failure> {
    if asked.text.chars().count() > LONGEST_TEXT {
        return Err(unreadable("text"));
    }
    read(&app, caller.user, move |sql| audience::places(sql, &asked.text)).await.map(Json)
}

/// Who read an announcement and what was answered.
#[utoipa::path(get, path = "/v1/announcements/{announcement}/results", tag = "announcements", security(("bearer" = [])),
    params(("announcement" = uuid::Uuid, Path)), responses(
    (status = 200, body = AnnouncementResults),
    (status = 403, description = "not_yours", body = Problem, content_type = "application/problem+json"),
))]
pub(super) async fn results(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(announcement): Path<uuid::Uuid>,
) -> Result<Json<AnnouncementResults>, Failure> {
    let id = AnnouncementId::new(announcement);
    let found = read(&app, caller.user, move |sql| results::of(sql, id)).await?;
    found.map(Json).ok_or_else(|| Code::NotYours.into())
}

/// Reads for an editor; nobody else is told anything.
async fn read<T: Send + 'static>(
    app: &App,
    user: UserId,
    reads: impl FnOnce(&mut dyn Sql) -> Result<T, StoreError> + Send + 'static,
) -> Result<T, Failure> {
    let read: Result<Option<T>, StoreError> = app
        .store
        .read(move |sql| {
            let editor = staff::at_work(sql, user)?.is_some_and(|member| member.is(Role::Editor));
            if editor { reads(sql).map(Some) } else { Ok(None) }
        })
        .await;
    read?.ok_or_else(|| Code::NotYours.into())
}
