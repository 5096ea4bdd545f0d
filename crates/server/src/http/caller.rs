//! Who asks, and from where.

use crate::failure::Failure;
use crate::server::App;
use crate::sessions::{self, Caller};
use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use wire::problem::Code;

/// The network address of the caller: what is limited, and noted in the access log.
pub(super) struct Origin(pub(super) String);

impl FromRequestParts<Arc<App>> for Origin {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Infallible> {
        Ok(Self(origin(parts, app.config.security.behind_proxy)))
    }
}

fn origin(parts: &Parts, behind_proxy: bool) -> String {
    // The last entry is the one that our own proxy wrote; those before it are the caller's words.
    let forwarded = parts.headers.get_all("x-forwarded-for").iter().next_back();
    let forwarded = forwarded.and_then(|value| value.to_str().ok()?.rsplit(',').next().map(str::trim));
    match forwarded {
        Some(address) if behind_proxy && !address.is_empty() => written(address),
        _ => parts
            .extensions
            .get::<ConnectInfo<SocketAddr>>()
            .map_or_else(|| "unknown".to_owned(), |ConnectInfo(address)| address.ip().to_canonical().to_string()),
    }
}

/// What a proxy wrote. Some add the port, which would make every connection an address of its own.
fn written(address: &str) -> String {
    let without_port = address.parse::<SocketAddr>().map(|address| address.ip());
    match address.parse::<IpAddr>().or(without_port) {
        Ok(address) => address.to_canonical().to_string(),
        Err(_) => address.chars().take(64).collect(),
    }
}

impl FromRequestParts<Arc<App>> for Caller {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Failure> {
        let header = parts.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        let token = header.and_then(|value| value.strip_prefix("Bearer ")).ok_or(Code::SignInNeeded)?.to_owned();
        let now = app.clock.now_ms();
        let found = app.store.read(move |sql| sessions::caller(sql, &token, now)).await?;
        let (user, device, session) = found.ok_or(Code::SignInNeeded)?;
        Ok(Self { user, device, session, origin: origin(parts, app.config.security.behind_proxy) })
    }
}
