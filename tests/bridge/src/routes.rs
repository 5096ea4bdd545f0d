//! The window's contract over HTTP: commands in, events out, and the built UI beside them on one address.

use axum::Json;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::response::sse::{Event as Sent, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use client::Core;
use client::blobs::{BlobError, shown_as};
use client::view::{Event, Topic};
use futures_util::stream::{self, Stream};
use serde_json::Value;
use std::convert::Infallible;
use std::path::Path as FilePath;
use std::sync::Arc;
use tokio::sync::Notify;
use tokio::sync::broadcast::error::RecvError;
use tower_http::services::{ServeDir, ServeFile};

/// What the routes share.
#[derive(Clone)]
pub struct Bridge {
    /// The core of the program.
    pub core: Arc<Core>,
    /// Wakes whoever ends the program.
    pub quit: Arc<Notify>,
}

/// All routes. `ui` is the folder with the built UI.
pub fn routes(bridge: Bridge, ui: &FilePath) -> Router {
    let files = ServeDir::new(ui).fallback(ServeFile::new(ui.join("index.html")));
    Router::new()
        .route("/call/{command}", post(call))
        .route("/events", get(events))
        .route("/attachment/{*name}", get(attachment))
        .route("/pill", get(pill))
        .route("/quit", post(quit).get(quit))
        .fallback_service(files)
        .with_state(bridge)
}

/// 200 with the answer, 422 with the failure. The body is read as JSON whatever its content type says.
async fn call(State(bridge): State<Bridge>, Path(command): Path<String>, body: Bytes) -> Response {
    let args = if body.is_empty() { Ok(Value::Null) } else { serde_json::from_slice(&body) };
    let Ok(args) = args else {
        return (StatusCode::BAD_REQUEST, "the body is not JSON").into_response();
    };
    // In a task of its own: a browser that goes away must not cut a command in half.
    let core = bridge.core.clone();
    let done = tokio::spawn(async move { core.call(&command, args).await }).await;
    match done {
        Ok(Ok(answer)) => Json(answer).into_response(),
        Ok(Err(failure)) => (StatusCode::UNPROCESSABLE_ENTITY, Json(failure)).into_response(),
        Err(_) => (StatusCode::INTERNAL_SERVER_ERROR, "the command panicked").into_response(),
    }
}

async fn events(State(bridge): State<Bridge>) -> Sse<impl Stream<Item = Result<Sent, Infallible>>> {
    let stream = stream::unfold(bridge.core.events(), |mut events| async {
        let event = match events.recv().await {
            Ok(event) => event,
            Err(RecvError::Lagged(_)) => Event::Changed { topics: everything() },
            Err(RecvError::Closed) => return None,
        };
        // An event that cannot be written wakes the page all the same.
        let sent = Sent::default().json_data(&event).unwrap_or_default();
        Some((Ok(sent), events))
    });
    Sse::new(stream).keep_alive(KeepAlive::default())
}

fn everything() -> Vec<Topic> {
    vec![
        Topic::Session,
        Topic::Queue,
        Topic::Accounts,
        Topic::Readings,
        Topic::Profile,
        Topic::Tickets,
        Topic::Utility,
        Topic::Settings,
    ]
}

/// A photo or file, as the window's own scheme gives it; whole, because a browser on this computer waits for nothing.
async fn attachment(State(bridge): State<Bridge>, Path(name): Path<String>) -> Response {
    match bridge.core.read_blob(&name, 0..u64::MAX).await {
        Ok(part) => {
            let kind = shown_as(&part.bytes);
            ([(CONTENT_TYPE, kind), (CACHE_CONTROL, "no-store"), (X_CONTENT_TYPE_OPTIONS, "nosniff")], part.bytes)
                .into_response()
        }
        Err(BlobError::Missing | BlobError::Closed) => StatusCode::NOT_FOUND.into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

async fn pill(State(bridge): State<Bridge>) -> Response {
    Json(bridge.core.pill()).into_response()
}

async fn quit(State(bridge): State<Bridge>) -> StatusCode {
    bridge.quit.notify_one();
    StatusCode::NO_CONTENT
}

#[cfg(test)]
mod tests;
