//! The headers of tus.

use crate::failure::{Failure, unreadable};
use crate::files::upload::Upload;
use crate::server::App;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

/// The version of tus that is spoken here.
pub(super) const VERSION: &str = "1.0.0";
const RESUMABLE: &str = "tus-resumable";

/// The caller speaks our version.
pub(super) struct Tus;

/// 412, with the versions that are spoken here.
pub(super) struct AnotherVersion;

impl FromRequestParts<Arc<App>> for Tus {
    type Rejection = AnotherVersion;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<App>) -> Result<Self, AnotherVersion> {
        if is(&parts.headers, RESUMABLE, VERSION) { Ok(Self) } else { Err(AnotherVersion) }
    }
}

impl IntoResponse for AnotherVersion {
    fn into_response(self) -> Response {
        let mut response = StatusCode::PRECONDITION_FAILED.into_response();
        response.headers_mut().insert("tus-version", HeaderValue::from_static(VERSION));
        response
    }
}

/// Every answer says which version it speaks.
pub(super) async fn speak_tus(mut response: Response) -> Response {
    response.headers_mut().insert(RESUMABLE, HeaderValue::from_static(VERSION));
    response
}

/// Whether a header says this.
pub(super) fn is(headers: &HeaderMap, name: &str, value: &str) -> bool {
    headers.get(name).is_some_and(|found| found.as_bytes().trim_ascii() == value.as_bytes())
}

/// A header that is a number that is not negative, in digits only.
pub(super) fn number(headers: &HeaderMap, name: &str) -> Result<u64, Failure> {
    let text = headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let digits = !text.is_empty() && text.bytes().all(|digit| digit.is_ascii_digit());
    // The database counts in 63 bits.
    let number = text.parse().ok().filter(|number| digits && *number <= i64::MAX as u64);
    number.ok_or_else(|| unreadable(name))
}

/// When an unfinished upload is given up; what a finished one has become.
pub(super) fn tell_of(upload: &Upload, headers: &mut HeaderMap) {
    if !upload.stored {
        let until = chrono::DateTime::from_timestamp_millis(upload.until_ms).unwrap_or_default();
        if let Ok(date) = HeaderValue::from_str(&until.format("%a, %d %b %Y %H:%M:%S GMT").to_string()) {
            headers.insert("upload-expires", date);
        }
    } else if let Some(Ok(file)) = upload.hash.map(|hash| HeaderValue::from_str(&hash.to_string())) {
        headers.insert("zhkh-file", file);
    }
}
