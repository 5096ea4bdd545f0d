//! JSON bodies, plain or `content-encoding: zstd`, with a limit on what comes and on what comes out.

use crate::failure::Failure;
use crate::server::App;
use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::header::CONTENT_ENCODING;
use serde::de::DeserializeOwned;
use std::io::Read;
use std::sync::Arc;
use wire::problem::Code;

/// A body read as JSON.
pub(super) struct Body<T>(pub(super) T);

impl<T: DeserializeOwned + Send> FromRequest<Arc<App>> for Body<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Failure> {
        let encoding = request.headers().get(CONTENT_ENCODING).cloned();
        // A body that stops half way is a broken line, and nobody reads the answer.
        let bytes = Bytes::from_request(request, app).await.map_err(|rejection| {
            if rejection.status() == axum::http::StatusCode::PAYLOAD_TOO_LARGE {
                Failure::Problem(Code::TooLarge)
            } else {
                Failure::Internal("the body did not come whole".into())
            }
        })?;
        let plain = match encoding.as_ref().map(|value| value.as_bytes()) {
            None | Some(b"identity") => bytes.to_vec(),
            Some(b"zstd") => unpack(&bytes, app.config.requests.plain_bytes)?,
            Some(_) => return Err(Code::Unreadable { field: None }.into()),
        };
        serde_json::from_slice(&plain).map(Self).map_err(|error| explain(&error))
    }
}

fn unpack(bytes: &[u8], limit: usize) -> Result<Vec<u8>, Failure> {
    let unreadable = |_| Failure::Problem(Code::Unreadable { field: None });
    let mut plain = Vec::new();
    let reader = zstd::stream::read::Decoder::new(bytes).map_err(unreadable)?;
    // One byte more than allowed shows that there is more, without unpacking all of it.
    reader.take(limit as u64 + 1).read_to_end(&mut plain).map_err(unreadable)?;
    if plain.len() > limit { Err(Code::TooLarge.into()) } else { Ok(plain) }
}

/// Names the field that is missing. The parser's own words may quote what was entered and are not passed on.
fn explain(error: &serde_json::Error) -> Failure {
    let words = error.to_string();
    let field = words.strip_prefix("missing field `").and_then(|rest| rest.split('`').next()).map(str::to_owned);
    Code::Unreadable { field }.into()
}
