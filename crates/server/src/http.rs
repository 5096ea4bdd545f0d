//! The routes. Thin: they read the request, ask the rules, write the answer.

mod accounts;
mod announcements;
mod bank;
mod bills;
mod body;
mod caller;
mod docs;
mod feed;
mod files;
mod health;
mod layers;
mod live;
mod operations;
mod payments;
mod problem;
mod registration;
mod sessions;
mod support;
mod uploads;
mod utility;

pub(crate) use body::read as read_body;
pub use docs::document;
pub(crate) use feed::read_query as read_feed_query;
pub(crate) use files::read_range;
pub(crate) use uploads::read_metadata;

use crate::server::App;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use std::sync::Arc;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// All of it.
pub fn router(app: Arc<App>) -> Router {
    let (router, _) = routes().split_for_parts();
    let (streams, _) = live::routes().merge(uploads::routes()).split_for_parts();
    let timed = router.merge(docs::router(document())).layer(from_fn_with_state(Arc::clone(&app), layers::time_limit));
    timed
        .merge(streams)
        .layer(DefaultBodyLimit::max(app.config.requests.body_bytes))
        .layer(from_fn(layers::catch_panic))
        .layer(from_fn(layers::protocol))
        .layer(from_fn_with_state(Arc::clone(&app), layers::server_time))
        .layer(from_fn(layers::log))
        .fallback(problem::not_found)
        .with_state(app)
}

/// The documented routes.
fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::with_openapi(docs::about())
        .routes(routes!(registration::start))
        .routes(routes!(registration::call))
        .routes(routes!(registration::code))
        .routes(routes!(registration::password))
        .routes(routes!(sessions::sign_in, sessions::sign_out))
        .routes(routes!(sessions::refresh))
        .routes(routes!(utility::utility))
        .routes(routes!(utility::consent))
        .routes(routes!(accounts::lookup))
        .routes(routes!(accounts::prove))
        .routes(routes!(accounts::attach))
        .routes(routes!(accounts::detach))
        .routes(routes!(operations::push))
        .routes(routes!(feed::page))
        .routes(routes!(feed::snapshot))
        .routes(routes!(feed::scopes))
        .routes(routes!(files::content))
        .routes(routes!(files::thumbnail))
        .routes(routes!(support::ask))
        .routes(routes!(announcements::reach))
        .routes(routes!(announcements::places))
        .routes(routes!(announcements::results))
        .routes(routes!(bills::pdf))
        .routes(routes!(payments::start))
        .routes(routes!(payments::state))
        .routes(routes!(payments::cancel))
        .routes(routes!(payments::returned))
        .routes(routes!(bank::by_query, bank::by_body))
        .routes(routes!(health::healthz))
        .routes(routes!(health::readyz))
}
