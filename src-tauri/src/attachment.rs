//! Photos and files in the window: `attachment://localhost/<name>` is decrypted on read.
//!
//! The scheme is not called `blob`, because engines of browsers keep that name for themselves and refuse to give it away.
//! Nothing of an answer may be kept by the webview: its cache lies on the disk in plain text.

use crate::shell::Shell;
use client::blobs::{BlobError, BlobPart, shown_as};
use std::future::Future;
use std::ops::Range;
use std::sync::Arc;
use tauri::http::header::{ACCEPT_RANGES, CACHE_CONTROL, CONTENT_RANGE, CONTENT_TYPE, RANGE, X_CONTENT_TYPE_OPTIONS};
use tauri::http::{HeaderValue, Method, Request, Response, StatusCode};
use tauri::{Manager, UriSchemeContext, UriSchemeResponder, Wry};

/// The scheme. On Windows a page names it `http://attachment.localhost/<name>`.
pub const SCHEME: &str = "attachment";

/// The most that one answer to a range carries. Whoever wants more asks again, as players of media do.
const MOST: u64 = 1 << 20;
/// How much of the beginning tells what it is.
const HEAD: u64 = 16;

/// Answers a request of the window, off the thread of the window.
pub fn serve(context: UriSchemeContext<'_, Wry>, request: Request<Vec<u8>>, responder: UriSchemeResponder) {
    let core = context.app_handle().try_state::<Shell>().map(|shell| Arc::clone(&shell.core));
    tauri::async_runtime::spawn(async move {
        let read = |name: String, range| {
            let core = core.clone();
            async move {
                let core = core.ok_or(BlobError::Closed)?;
                core.read_blob(&name, range).await
            }
        };
        responder.respond(answer(&request, read).await);
    });
}

/// The answer to a request, with what `read` gives for a name and a range.
async fn answer<F>(request: &Request<Vec<u8>>, read: impl Fn(String, Range<u64>) -> F) -> Response<Vec<u8>>
where
    F: Future<Output = Result<BlobPart, BlobError>>,
{
    if request.method() != Method::GET {
        return plain(StatusCode::METHOD_NOT_ALLOWED);
    }
    let name = request.uri().path().trim_start_matches('/').to_owned();
    let head = match read(name.clone(), 0..HEAD).await {
        Ok(head) => head,
        Err(error) => return plain(status_of(&error)),
    };
    let total = head.total;
    let (status, range) = match asked(request.headers().get(RANGE), total) {
        Asked::Everything => (StatusCode::OK, 0..total),
        Asked::Part(range) => (StatusCode::PARTIAL_CONTENT, range),
        Asked::Nothing => {
            let mut answer = plain(StatusCode::RANGE_NOT_SATISFIABLE);
            set(&mut answer, format!("bytes */{total}"));
            return answer;
        }
    };
    let part = match read(name, range.clone()).await {
        Ok(part) => part,
        Err(error) => return plain(status_of(&error)),
    };
    let mut answer = plain(status);
    if status == StatusCode::PARTIAL_CONTENT {
        set(&mut answer, format!("bytes {}-{}/{total}", range.start, range.end - 1));
    }
    answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(shown_as(&head.bytes)));
    answer.headers_mut().insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    *answer.body_mut() = part.bytes;
    answer
}

/// What of the whole is asked for.
#[derive(Debug, PartialEq, Eq)]
enum Asked {
    Everything,
    Part(Range<u64>),
    Nothing,
}

/// Reads `bytes=5-9`, `bytes=5-` and `bytes=-5`. What is not understood is passed over, as RFC 9110 wants it.
fn asked(header: Option<&HeaderValue>, total: u64) -> Asked {
    let spec = header.and_then(|header| header.to_str().ok()?.trim().strip_prefix("bytes="));
    let Some((first, last)) = spec.and_then(|spec| spec.split_once('-')) else { return Asked::Everything };
    let range = match (first.trim().parse::<u64>(), last.trim().parse::<u64>()) {
        (Ok(first), Ok(last)) if first <= last => first..last.saturating_add(1).min(total),
        (Ok(first), Err(_)) if last.trim().is_empty() => first..total,
        (Err(_), Ok(suffix)) if first.trim().is_empty() => total.saturating_sub(suffix)..total,
        _ => return Asked::Everything,
    };
    if range.is_empty() {
        Asked::Nothing
    } else {
        Asked::Part(range.start..range.end.min(range.start.saturating_add(MOST)))
    }
}

fn status_of(error: &BlobError) -> StatusCode {
    match error {
        // Who is signed out learns nothing about what is here.
        BlobError::Missing | BlobError::Closed => StatusCode::NOT_FOUND,
        error => {
            tracing::error!(%error, "an attachment cannot be shown");
            StatusCode::INTERNAL_SERVER_ERROR
        }
    }
}

fn plain(status: StatusCode) -> Response<Vec<u8>> {
    let mut answer = Response::new(Vec::new());
    *answer.status_mut() = status;
    answer.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer.headers_mut().insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    answer
}

fn set(answer: &mut Response<Vec<u8>>, range: String) {
    if let Ok(range) = HeaderValue::try_from(range) {
        answer.headers_mut().insert(CONTENT_RANGE, range);
    }
}

#[cfg(test)]
mod tests;
