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

/// The largest window of a packed body, as a power of two.
const WINDOW_LOG: u32 = 23;

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
        let encoding = encoding.as_ref().map(|value| value.as_bytes());
        read(&bytes, encoding, app.config.requests.plain_bytes).map(Self)
    }
}

/// Reads a body, plain or packed, of at most `limit` plain bytes.
pub(crate) fn read<T: DeserializeOwned>(bytes: &[u8], encoding: Option<&[u8]>, limit: usize) -> Result<T, Failure> {
    let unpacked;
    let plain = match encoding {
        None | Some(b"identity") => bytes,
        Some(b"zstd") => {
            unpacked = unpack(bytes, limit)?;
            &unpacked
        }
        Some(_) => return Err(Code::Unreadable { field: None }.into()),
    };
    serde_json::from_slice(plain).map_err(|error| explain(&error))
}

fn unpack(bytes: &[u8], limit: usize) -> Result<Vec<u8>, Failure> {
    let unreadable = |_| Failure::Problem(Code::Unreadable { field: None });
    let mut plain = Vec::new();
    let mut reader = zstd::stream::read::Decoder::new(bytes).map_err(unreadable)?;
    // A frame of twenty bytes may ask for a window of 128 MB; RFC 8878 asks decoders for no more than 8 MB.
    reader.window_log_max(WINDOW_LOG).map_err(unreadable)?;
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
