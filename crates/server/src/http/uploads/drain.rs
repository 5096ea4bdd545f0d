//! A body that is refused is read on for a while: a connection that is closed while its sender still sends may take the
//! answer with it, and the sender would try the same again and again.

use axum::body::{Body, BodyDataStream};
use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::Response;
use futures_util::{StreamExt as _, stream};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Poll;
use std::time::Duration;
use tokio::time::{Instant, timeout_at};

/// For how long.
const DRAIN: Duration = Duration::from_secs(10);

type Shared = Arc<Mutex<BodyDataStream>>;

/// Reads on what whoever answered has left.
pub(super) async fn drained(request: Request, next: Next) -> Response {
    let (head, body) = request.into_parts();
    let shared = Arc::new(Mutex::new(body.into_data_stream()));
    let lent = Body::from_stream(rest_of(Arc::clone(&shared)));
    let response = next.run(Request::from_parts(head, lent)).await;
    let status = response.status();
    // To one who fell silent nothing more is listened to, and a server that stops listens to nobody.
    let deaf = [StatusCode::REQUEST_TIMEOUT, StatusCode::SERVICE_UNAVAILABLE].contains(&status);
    if (status.is_client_error() || status.is_server_error()) && !deaf {
        let until = Instant::now() + DRAIN;
        let mut rest = Box::pin(rest_of(shared));
        while let Ok(Some(Ok(_))) = timeout_at(until, rest.next()).await {}
    }
    response
}

fn rest_of(shared: Shared) -> impl futures_util::Stream<Item = Result<axum::body::Bytes, axum::Error>> {
    stream::poll_fn(move |context| -> Poll<_> {
        shared.lock().unwrap_or_else(PoisonError::into_inner).poll_next_unpin(context)
    })
}
