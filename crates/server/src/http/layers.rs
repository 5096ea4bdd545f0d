//! What happens around every request.

use super::problem;
use crate::server::App;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};
use wire::problem::Code;
use wire::{PROTOCOL, PROTOCOL_HEADER, TIME_HEADER};

/// The server's time on every answer: desktops anchor their clocks to it.
pub(super) async fn server_time(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    response.headers_mut().insert(TIME_HEADER, HeaderValue::from(app.clock.now_ms()));
    response
}

/// A desktop that speaks another protocol is told to upgrade. Browsers and monitors send no such header.
pub(super) async fn protocol(request: Request, next: Next) -> Response {
    let spoken = request.headers().get(PROTOCOL_HEADER).map(|value| value.to_str().ok().and_then(|v| v.parse().ok()));
    match spoken {
        None | Some(Some(PROTOCOL)) => next.run(request).await,
        Some(_) => problem::answer(Code::UpgradeNeeded),
    }
}

/// A request that takes too long is given up; what it wrote stays written, and the desktop asks again.
pub(super) async fn time_limit(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let limit = Duration::from_secs(app.config.requests.timeout_s);
    match tokio::time::timeout(limit, next.run(request)).await {
        Ok(response) => response,
        Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

/// A panic is our defect and one request's trouble, not everybody's.
pub(super) async fn catch_panic(request: Request, next: Next) -> Response {
    match AssertUnwindSafe(next.run(request)).catch_unwind().await {
        Ok(response) => response,
        Err(_) => {
            tracing::error!("a request panicked");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// One line per request: the route's pattern, never the path itself, which may hold ids.
pub(super) async fn log(request: Request, next: Next) -> Response {
    let began = Instant::now();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let response = next.run(request).await;
    let took_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    let status = response.status().as_u16();
    tracing::info!(%method, route = route.as_deref().unwrap_or("none"), status, took_ms, "request");
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::Router;
    use axum::body::Body;
    use axum::middleware::from_fn;
    use axum::routing::get;
    use tower::ServiceExt as _;

    async fn ask(router: &Router, path: &str) -> StatusCode {
        let request = Request::builder().uri(path).body(Body::empty()).expect("a request");
        router.clone().oneshot(request).await.expect("answered").status()
    }

    #[tokio::test]
    async fn a_panic_costs_one_request_and_not_the_connection() {
        async fn panics() -> &'static str {
            panic!("on purpose")
        }
        let router = Router::new().route("/bad", get(panics)).route("/good", get(|| async { "ok" }));
        let router = router.layer(from_fn(catch_panic));
        assert_eq!(ask(&router, "/bad").await, StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(ask(&router, "/good").await, StatusCode::OK);
    }
}
