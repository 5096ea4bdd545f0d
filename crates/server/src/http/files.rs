//! `GET /v1/files/{file}`: contents, for those who may have them.

mod disposition;
mod range;

use crate::access_log::{self, Deed};
use crate::failure::Failure;
use crate::files::{self, Seen};
use crate::server::App;
use crate::sessions::Caller;
use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_SECURITY_POLICY,
    CONTENT_TYPE, ETAG, IF_NONE_MATCH, IF_RANGE, RANGE, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use range::{Asked, Span};
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::sync::Arc;
use wire::problem::{Code, Problem};

/// How much is read and sent at once.
const PIECE: usize = 256 << 10;

/// Reads a `Range` for a content of so many bytes: the first one that is given and how many.
pub(crate) fn read_range(header: &HeaderValue, bytes: u64) -> Option<(u64, u64)> {
    match Asked::read(header, bytes) {
        Asked::Whole => Some((0, bytes)),
        Asked::Part(span) => Some((span.first, span.count)),
        Asked::Nothing => None,
    }
}

/// A content, whole or a part of it. One that is not there and one that is another's are not told apart.
#[utoipa::path(get, path = "/v1/files/{file}", tag = "files", security(("bearer" = [])), params(
    ("file" = String, Path, description = "the SHA-256 of the content, 64 hex digits"),
    ("Range" = Option<String>, Header),
), responses(
    (status = 200, body = String, content_type = "application/octet-stream"),
    (status = 206, description = "the part that was asked for", body = String, content_type = "application/octet-stream"),
    (status = 304, description = "the caller has it"),
    (status = 404, description = "file_unknown", body = Problem, content_type = "application/problem+json"),
    (status = 416, description = "there is no such part"),
))]
pub(super) async fn content(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(file): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let seen = seen(&app, &caller, &file).await?;
    let tag = format!("\"{}\"", seen.file);
    let mut response = if names(&headers, &IF_NONE_MATCH, &tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        // A part of something else than what the caller has is of no use: then all of it.
        let same = !headers.contains_key(IF_RANGE) || names(&headers, &IF_RANGE, &tag);
        let asked = headers.get(RANGE).filter(|_| same).map_or(Asked::Whole, |range| Asked::read(range, seen.bytes));
        // A video is fetched in many parts; its beginning stands for all of them.
        if matches!(asked, Asked::Whole | Asked::Part(Span { first: 0, .. })) {
            note(&app, &caller, &seen).await?;
        }
        send(&app, &seen, asked).await?
    };
    let told = response.headers_mut();
    told.insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    told.insert(CONTENT_DISPOSITION, disposition::attachment(&seen.name));
    tell(told, &tag);
    Ok(response)
}

/// A small picture of a content, as JPEG, upright.
#[utoipa::path(get, path = "/v1/files/{file}/thumbnail", tag = "files", security(("bearer" = [])), params(
    ("file" = String, Path, description = "the SHA-256 of the content, 64 hex digits"),
), responses(
    (status = 200, body = String, content_type = "image/jpeg"),
    (status = 304, description = "the caller has it"),
    (status = 404, description = "file_unknown, no_thumbnail", body = Problem, content_type = "application/problem+json"),
))]
pub(super) async fn thumbnail(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(file): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let seen = seen(&app, &caller, &file).await?;
    let tag = format!("\"{}-{}\"", seen.file, app.config.files.thumbnail_px);
    let mut response = if names(&headers, &IF_NONE_MATCH, &tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let bytes = files::thumbnail(&app, &seen).await?.ok_or(Code::NoThumbnail)?;
        note(&app, &caller, &seen).await?;
        ([(CONTENT_TYPE, HeaderValue::from_static("image/jpeg"))], bytes).into_response()
    };
    tell(response.headers_mut(), &tag);
    Ok(response)
}

async fn seen(app: &App, caller: &Caller, file: &str) -> Result<Seen, Failure> {
    let file = file.parse().map_err(|_| Code::FileUnknown)?;
    let user = caller.user;
    let seen: Option<Seen> = app.store.read(move |sql| files::seen(sql, user, file)).await?;
    seen.ok_or_else(|| Code::FileUnknown.into())
}

/// Notes that somebody was shown a content, before it leaves.
async fn note(app: &App, caller: &Caller, seen: &Seen) -> Result<(), Failure> {
    let (who, origin, subject) = (caller.user.to_string(), caller.origin.clone(), format!("file:{}", seen.file));
    app.store.write(move |tx| access_log::note(tx, &who, Deed::FileShown, &subject, &origin)).await?;
    Ok(())
}

/// What is said with every content: it never changes, it is for its receiver alone, and a browser is to take it for
/// nothing else than it is called and to run nothing in it.
fn tell(headers: &mut HeaderMap, tag: &str) {
    if let Ok(tag) = HeaderValue::from_str(tag) {
        headers.insert(ETAG, tag);
    }
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, max-age=31536000, immutable"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox"));
}

/// Whether a header names this content among others.
fn names(headers: &HeaderMap, header: &axum::http::HeaderName, tag: &str) -> bool {
    let named = headers.get(header).and_then(|value| value.to_str().ok()).unwrap_or_default();
    named.split(',').map(|one| one.trim().trim_start_matches("W/")).any(|one| one == tag || one == "*")
}

async fn send(app: &Arc<App>, seen: &Seen, asked: Asked) -> Result<Response, Failure> {
    let (status, span) = match asked {
        Asked::Whole => (StatusCode::OK, Span { first: 0, count: seen.bytes }),
        Asked::Part(span) => (StatusCode::PARTIAL_CONTENT, span),
        Asked::Nothing => {
            let mut response = StatusCode::RANGE_NOT_SATISFIABLE.into_response();
            insert(response.headers_mut(), CONTENT_RANGE, &format!("bytes */{}", seen.bytes));
            return Ok(response);
        }
    };
    let (file, bytes) = (seen.file, seen.bytes);
    let opened = app.files.run(move |folder| {
        let mut opened = File::open(folder.content(file))?;
        if opened.metadata()?.len() != bytes {
            return Err(io::Error::from(io::ErrorKind::InvalidData));
        }
        opened.seek(SeekFrom::Start(span.first))?;
        Ok(opened)
    });
    // Nobody is told that it never was: whoever sent it may have it still.
    let lost = |error: io::Error| Failure::Internal(format!("a content is not in its place: {}", error.kind()));
    let opened = opened.await?.map_err(lost)?;
    let mut response = Body::from_stream(pieces(Arc::clone(app), opened, span.count)).into_response();
    *response.status_mut() = status;
    let told = response.headers_mut();
    told.insert(CONTENT_TYPE, HeaderValue::from_static(seen.media.name()));
    told.insert(CONTENT_LENGTH, HeaderValue::from(span.count));
    if status == StatusCode::PARTIAL_CONTENT {
        let last = span.first + span.count - 1;
        insert(told, CONTENT_RANGE, &format!("bytes {}-{last}/{}", span.first, seen.bytes));
    }
    Ok(response)
}

fn insert(headers: &mut HeaderMap, name: axum::http::HeaderName, text: &str) {
    if let Ok(value) = HeaderValue::from_str(text) {
        headers.insert(name, value);
    }
}

/// A file, piece by piece; never all of it in memory.
fn pieces(app: Arc<App>, file: File, count: u64) -> impl futures_util::Stream<Item = io::Result<Bytes>> {
    stream::try_unfold((app, file, count), |(app, mut file, left)| async move {
        if left == 0 {
            return Ok(None);
        }
        let read = app.files.run(move |_| {
            let mut piece = vec![0; PIECE.min(usize::try_from(left).unwrap_or(PIECE))];
            file.read_exact(&mut piece)?;
            Ok((piece, file))
        });
        let (piece, file) = read.await.map_err(io::Error::other).and_then(|read: io::Result<_>| read)?;
        let left = left - piece.len() as u64;
        Ok(Some((Bytes::from(piece), (app, file, left))))
    })
}
