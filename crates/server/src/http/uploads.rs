//! `POST /v1/files` and `/v1/files/uploads/{upload}`: uploads by tus 1.0.

mod drain;
mod headers;
mod metadata;

use crate::failure::{Failure, unreadable};
use crate::files::checksum::{ALGORITHMS, Checksum, NoChecksum};
use crate::files::receiving::{Stop, Writing, receive, standing};
use crate::files::storing::{self, Wanted};
use crate::server::App;
use crate::sessions::Caller;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::middleware::{from_fn, map_response};
use axum::response::{IntoResponse, Response};
use domain::{FileId, FileName};
use headers::{Tus, VERSION};
use metadata::Metadata;
use std::sync::Arc;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;
use wire::problem::{Code, Problem};

const EXTENSIONS: &str = "creation,creation-with-upload,checksum,termination,expiration";
/// The media type of bytes of an upload.
const BYTES: &str = "application/offset+octet-stream";
/// 460, which tus made up: the bytes are not those that were promised.
const DIFFERS: u16 = 460;

/// A slow line may take an hour for a large file, so these routes stand apart: what limits them is silence.
pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(options, create))
        .routes(routes!(upload_options, standing_of, write, end, overridden))
        .layer(from_fn(drain::drained))
        .layer(map_response(headers::speak_tus))
}

/// What this server understands of tus.
#[utoipa::path(options, path = "/v1/files", tag = "files", responses(
    (status = 204, description = "Tus-Version, Tus-Extension, Tus-Max-Size, Tus-Checksum-Algorithm"),
))]
async fn options(State(app): State<Arc<App>>) -> Response {
    let rules = app.config.files.on(app.config.day(app.clock.now_ms()));
    let mut response = StatusCode::NO_CONTENT.into_response();
    let told = response.headers_mut();
    told.insert("tus-version", HeaderValue::from_static(VERSION));
    told.insert("tus-extension", HeaderValue::from_static(EXTENSIONS));
    told.insert("tus-max-size", HeaderValue::from(rules.limits.file_bytes));
    told.insert("tus-checksum-algorithm", HeaderValue::from_static(ALGORITHMS));
    response
}

/// The same for one upload.
#[utoipa::path(options, path = "/v1/files/uploads/{upload}", tag = "files", params(("upload" = Uuid, Path)),
    responses((status = 204, description = "as OPTIONS /v1/files")))]
async fn upload_options(state: State<Arc<App>>) -> Response {
    options(state).await
}

/// Begins an upload. `Upload-Metadata` may hold `filename` and `sha256`, the content's SHA-256 in hex: then the bytes
/// that came are checked against it, and a content that the caller has uploaded or sees already is not asked for again:
/// that is answered, with `Upload-Offset` at its end, to requests of the type `application/offset+octet-stream`.
#[utoipa::path(post, path = "/v1/files", tag = "files", security(("bearer" = [])), params(
    ("Tus-Resumable" = String, Header, description = "1.0.0"),
    ("Upload-Length" = u64, Header),
    ("Upload-Metadata" = Option<String>, Header),
    ("Upload-Checksum" = Option<String>, Header),
), responses(
    (status = 201, description = "Location, Upload-Expires; Upload-Offset when bytes were sent along"),
    (status = 401, description = "sign_in_needed", body = Problem, content_type = "application/problem+json"),
    (status = 412, description = "another version of tus"),
    (status = 413, description = "too_large", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "unreadable, file_refused", body = Problem, content_type = "application/problem+json"),
    (status = 429, description = "locked_out", body = Problem, content_type = "application/problem+json"),
    (status = 460, description = "the bytes do not add up to Upload-Checksum or sha256"),
    (status = 507, description = "storage_full", body = Problem, content_type = "application/problem+json"),
))]
async fn create(
    State(app): State<Arc<App>>,
    _: Tus,
    caller: Caller,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refused> {
    let length = headers::number(&headers, "upload-length")?;
    let Metadata { name, promised, text } = Metadata::read(headers.get("upload-metadata"))?;
    let brings_bytes = headers::is(&headers, "content-type", BYTES);
    let checksum = if brings_bytes { checksum(&headers)? } else { None };
    let wanted = Wanted { name, metadata: text, length, promised, may_be_known: brings_bytes };
    let (shared, user) = (Arc::clone(&app), caller.user);
    let begun =
        app.store.write(move |tx| storing::begin(tx, &shared.config, shared.files.folder(), user, wanted)).await?;
    let mut upload = begun.value;
    let id = upload.id;
    if brings_bytes && !upload.stored {
        let declared = headers::number(&headers, "content-length").ok();
        let writing = Writing { user, upload: id, offset: 0, declared, checksum, body };
        let shared = Arc::clone(&app);
        upload = app.files.see_through(async move { receive(&shared, writing).await }).await??;
    }
    let mut response = StatusCode::CREATED.into_response();
    let told = response.headers_mut();
    if let Ok(location) = HeaderValue::from_str(&format!("/v1/files/uploads/{id}")) {
        told.insert("location", location);
    }
    if brings_bytes {
        told.insert("upload-offset", HeaderValue::from(upload.received));
    }
    headers::tell_of(&upload, told);
    Ok(response)
}

/// How much has come. An upload of which all came is put in its place before this is answered.
#[utoipa::path(head, path = "/v1/files/uploads/{upload}", tag = "files", security(("bearer" = [])), params(
    ("upload" = Uuid, Path),
    ("Tus-Resumable" = String, Header, description = "1.0.0"),
), responses(
    (status = 200, description = "Upload-Offset, Upload-Length, Upload-Metadata, Upload-Expires"),
    (status = 404, description = "file_unknown"),
    (status = 412, description = "another version of tus"),
))]
async fn standing_of(
    State(app): State<Arc<App>>,
    _: Tus,
    caller: Caller,
    Path(upload): Path<String>,
) -> Result<Response, Refused> {
    let upload = standing(&app, caller.user, id(&upload)?).await?;
    let mut response = StatusCode::OK.into_response();
    let told = response.headers_mut();
    told.insert("upload-offset", HeaderValue::from(upload.received));
    told.insert("upload-length", HeaderValue::from(upload.length));
    told.insert("cache-control", HeaderValue::from_static("no-store"));
    if !upload.metadata.is_empty()
        && let Ok(metadata) = HeaderValue::from_str(&upload.metadata)
    {
        told.insert("upload-metadata", metadata);
    }
    headers::tell_of(&upload, told);
    Ok(response)
}

/// Writes on from `Upload-Offset`. What is acknowledged is on the disk; of a request that breaks off, what came stays,
/// unless it had a checksum. The answer to the last one names the content: `Zhkh-File`.
#[utoipa::path(patch, path = "/v1/files/uploads/{upload}", tag = "files", security(("bearer" = [])), params(
    ("upload" = Uuid, Path),
    ("Tus-Resumable" = String, Header, description = "1.0.0"),
    ("Upload-Offset" = u64, Header),
    ("Upload-Checksum" = Option<String>, Header, description = "sha1 or sha256, a space, Base64"),
), request_body(content = String, content_type = "application/offset+octet-stream"), responses(
    (status = 204, description = "Upload-Offset, Upload-Expires, Zhkh-File"),
    (status = 400, description = "an unknown checksum algorithm"),
    (status = 404, description = "file_unknown", body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "the upload stands elsewhere: ask with HEAD"),
    (status = 412, description = "another version of tus"),
    (status = 413, description = "too_large", body = Problem, content_type = "application/problem+json"),
    (status = 415, description = "the type is not application/offset+octet-stream"),
    (status = 422, description = "unreadable, file_refused", body = Problem, content_type = "application/problem+json"),
    (status = 423, description = "another request writes this upload now"),
    (status = 460, description = "the bytes do not add up to Upload-Checksum or sha256"),
    (status = 507, description = "storage_full", body = Problem, content_type = "application/problem+json"),
))]
async fn write(
    State(app): State<Arc<App>>,
    _: Tus,
    caller: Caller,
    Path(upload): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refused> {
    if !headers::is(&headers, "content-type", BYTES) {
        return Err(Refused::Status(StatusCode::UNSUPPORTED_MEDIA_TYPE));
    }
    let offset = headers::number(&headers, "upload-offset")?;
    let checksum = checksum(&headers)?;
    let declared = headers::number(&headers, "content-length").ok();
    let writing = Writing { user: caller.user, upload: id(&upload)?, offset, declared, checksum, body };
    let shared = Arc::clone(&app);
    let upload = app.files.see_through(async move { receive(&shared, writing).await }).await??;
    let mut response = StatusCode::NO_CONTENT.into_response();
    response.headers_mut().insert("upload-offset", HeaderValue::from(upload.received));
    headers::tell_of(&upload, response.headers_mut());
    Ok(response)
}

/// Ends an upload. A content that has its place already stays.
#[utoipa::path(delete, path = "/v1/files/uploads/{upload}", tag = "files", security(("bearer" = [])), params(
    ("upload" = Uuid, Path),
    ("Tus-Resumable" = String, Header, description = "1.0.0"),
), responses(
    (status = 204),
    (status = 404, description = "file_unknown", body = Problem, content_type = "application/problem+json"),
    (status = 412, description = "another version of tus"),
))]
async fn end(
    State(app): State<Arc<App>>,
    _: Tus,
    caller: Caller,
    Path(upload): Path<String>,
) -> Result<Response, Refused> {
    let upload = standing(&app, caller.user, id(&upload)?).await?;
    storing::discard(&app, &upload).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// For those whose network lets no other methods through: `X-HTTP-Method-Override` says what is meant.
#[utoipa::path(post, path = "/v1/files/uploads/{upload}", tag = "files", security(("bearer" = [])), params(
    ("upload" = Uuid, Path),
    ("Tus-Resumable" = String, Header, description = "1.0.0"),
    ("X-HTTP-Method-Override" = String, Header, description = "PATCH, HEAD or DELETE"),
), responses(
    (status = 204, description = "as the method that is meant"),
    (status = 404, description = "file_unknown", body = Problem, content_type = "application/problem+json"),
    (status = 405, description = "no such method"),
    (status = 412, description = "another version of tus"),
))]
async fn overridden(
    state: State<Arc<App>>,
    tus: Tus,
    caller: Caller,
    path: Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refused> {
    match headers.get("x-http-method-override").map(HeaderValue::as_bytes).map(Method::from_bytes) {
        Some(Ok(Method::PATCH)) => write(state, tus, caller, path, headers, body).await,
        Some(Ok(Method::HEAD)) => standing_of(state, tus, caller, path).await,
        Some(Ok(Method::DELETE)) => end(state, tus, caller, path).await,
        _ => Err(Refused::Status(StatusCode::METHOD_NOT_ALLOWED)),
    }
}

/// Reads `Upload-Metadata`: the name, and what was promised.
pub(crate) fn read_metadata(header: &HeaderValue) -> Result<(FileName, Option<FileId>), Failure> {
    Metadata::read(Some(header)).map(|read| (read.name, read.promised))
}

fn id(text: &str) -> Result<Uuid, Failure> {
    Uuid::parse_str(text).map_err(|_| Code::FileUnknown.into())
}

fn checksum(headers: &HeaderMap) -> Result<Option<Checksum>, Refused> {
    let Some(header) = headers.get("upload-checksum") else { return Ok(None) };
    let read = header.to_str().map_or(Err(NoChecksum::Unreadable), Checksum::read);
    read.map(Some).map_err(|why| match why {
        NoChecksum::UnknownAlgorithm => Refused::Status(StatusCode::BAD_REQUEST),
        NoChecksum::Unreadable => Refused::Failure(unreadable("Upload-Checksum")),
    })
}

/// What is not as it should be: a failure as everywhere, or a state of which tus says by its status what to do.
enum Refused {
    Failure(Failure),
    Status(StatusCode),
}

impl<F: Into<Failure>> From<F> for Refused {
    fn from(failure: F) -> Self {
        Self::Failure(failure.into())
    }
}

impl From<Stop> for Refused {
    fn from(stop: Stop) -> Self {
        match stop {
            Stop::Unknown => Self::Failure(Code::FileUnknown.into()),
            Stop::Busy => Self::Status(StatusCode::LOCKED),
            Stop::Conflict => Self::Status(StatusCode::CONFLICT),
            Stop::Differs => Self::Status(StatusCode::from_u16(DIFFERS).unwrap_or(StatusCode::UNPROCESSABLE_ENTITY)),
            Stop::Interrupted => Self::Status(StatusCode::REQUEST_TIMEOUT),
            Stop::Closing => Self::Status(StatusCode::SERVICE_UNAVAILABLE),
            Stop::Failure(failure) => Self::Failure(failure),
        }
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        match self {
            Self::Failure(failure) => failure.into_response(),
            Self::Status(status) => status.into_response(),
        }
    }
}
