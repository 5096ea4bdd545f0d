//! HTTP over the network.

use crate::ports::{Request, Response, Transport, TransportError, UploadStep, UploadTold};
use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use bytes::Bytes;
use futures_util::stream::BoxStream;
use futures_util::{StreamExt, TryStreamExt};
use reqwest::header::{ACCEPT, CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderName, RANGE, RETRY_AFTER};
use reqwest::{Client, Method, RequestBuilder, redirect};
use std::time::Duration;

/// After this long without an answer it counts as lost. Nothing is decided by it: the operation is sent again.
const PATIENCE: Duration = Duration::from_secs(30);
/// After this long without a connection there is none.
const CONNECT: Duration = Duration::from_secs(8);

const TUS_RESUMABLE: &str = "tus-resumable";
const TUS: &str = "1.0.0";
const UPLOAD_BYTES: &str = "application/offset+octet-stream";

/// HTTP to one server.
pub struct HttpTransport {
    client: Client,
    base: String,
}

/// The server's address cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum HttpTransportError {
    /// Not an address.
    #[error("«{0}» is not the address of a server: it begins with http:// or https://")]
    Address(String),
    /// The HTTP client cannot be made.
    #[error(transparent)]
    Client(#[from] reqwest::Error),
}

impl HttpTransport {
    /// To the server at this address, `https://zhkh.example.ru`.
    pub fn new(base: &str) -> Result<Self, HttpTransportError> {
        let base = base.trim().trim_end_matches('/');
        if !(base.starts_with("https://") || base.starts_with("http://")) {
            return Err(HttpTransportError::Address(base.to_owned()));
        }
        // A redirect is never ours: it is how a network asks for its own sign-in.
        let client = Client::builder().redirect(redirect::Policy::none()).connect_timeout(CONNECT).build()?;
        Ok(Self { client, base: base.to_owned() })
    }

    fn request(&self, request: Request) -> Result<RequestBuilder, TransportError> {
        let method = Method::from_bytes(request.method.as_bytes())
            .map_err(|error| TransportError::NoConnection(error.to_string()))?;
        let mut builder = self
            .client
            .request(method, format!("{}{}", self.base, request.path))
            .header(wire::PROTOCOL_HEADER, wire::PROTOCOL);
        if let Some(token) = request.bearer {
            builder = builder.bearer_auth(token);
        }
        if let Some(range) = request.range {
            builder = builder.header(RANGE, format!("bytes={}-{}", range.start, range.end.saturating_sub(1)));
        }
        if let Some(body) = request.body {
            builder = builder.header(CONTENT_TYPE, "application/json");
            if body.zstd {
                builder = builder.header(CONTENT_ENCODING, "zstd");
            }
            builder = builder.body(body.bytes);
        }
        if let Some(step) = request.upload {
            builder = of_upload(builder, step);
        }
        Ok(builder)
    }
}

/// The headers and the bytes of a step of an upload.
fn of_upload(builder: RequestBuilder, step: UploadStep) -> RequestBuilder {
    let builder = builder.header(TUS_RESUMABLE, TUS);
    match step {
        UploadStep::Begin { length, content } => builder
            .header("upload-length", length)
            .header("upload-metadata", format!("sha256 {}", BASE64.encode(content.to_string())))
            .header(CONTENT_TYPE, UPLOAD_BYTES),
        UploadStep::Standing => builder,
        UploadStep::Write { offset, bytes } => {
            builder.header("upload-offset", offset).header(CONTENT_TYPE, UPLOAD_BYTES).body(bytes)
        }
    }
}

fn told(headers: &HeaderMap) -> Option<UploadTold> {
    let header = |name| text(headers, &HeaderName::from_static(name));
    header(TUS_RESUMABLE).filter(|version| version == TUS)?;
    Some(UploadTold {
        offset: header("upload-offset").and_then(|offset| offset.parse().ok()),
        location: header("location").filter(|location| location.starts_with('/')),
    })
}

#[async_trait]
impl Transport for HttpTransport {
    async fn call(&self, request: Request) -> Result<Response, TransportError> {
        let answer = self.request(request)?.timeout(PATIENCE).send().await.map_err(lost)?;
        let headers = answer.headers();
        let response = Response {
            status: answer.status().as_u16(),
            content_type: media_type(headers),
            retry_after: text(headers, &RETRY_AFTER),
            server_ms: text(headers, &HeaderName::from_static(wire::TIME_HEADER)).and_then(|ms| ms.parse().ok()),
            upload: told(headers),
            bytes: Bytes::new(),
        };
        let bytes = answer.bytes().await.map_err(|error| TransportError::AnswerLost(words(error)))?;
        Ok(Response { bytes, ..response })
    }

    async fn events(
        &self,
        request: Request,
    ) -> Result<BoxStream<'static, Result<Bytes, TransportError>>, TransportError> {
        let builder = self.request(request)?.header(ACCEPT, "text/event-stream");
        let answer = builder.send().await.map_err(lost)?;
        if answer.status() != reqwest::StatusCode::OK || media_type(answer.headers()) != "text/event-stream" {
            return Err(TransportError::AnswerLost(format!("no stream of events: {}", answer.status())));
        }
        Ok(answer.bytes_stream().map_err(|error| TransportError::AnswerLost(words(error))).boxed())
    }
}

fn text(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}

fn media_type(headers: &HeaderMap) -> String {
    let full = text(headers, &CONTENT_TYPE).unwrap_or_default();
    full.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

fn lost(error: reqwest::Error) -> TransportError {
    if error.is_connect() || error.is_builder() {
        TransportError::NoConnection(words(error))
    } else {
        TransportError::AnswerLost(words(error))
    }
}

/// The error with its causes and without the address, which names things of the person in its query.
fn words(error: reqwest::Error) -> String {
    use std::error::Error;
    let error = error.without_url();
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(next) = cause {
        words.push_str(": ");
        words.push_str(&next.to_string());
        cause = next.source();
    }
    words
}
