//! One call to the server: the right to speak, the time it tells, what the answer means.

use super::anchor::AnchorKeeper;
use super::answer::{Trouble, classify};
use crate::engine::{Auth, AuthPause};
use crate::ports::{Body, Ports, Request};
use crate::store::{ANCHOR, OutboxDb};
use bytes::Bytes;
use outbox::Failure;
use serde::de::DeserializeOwned;
use std::sync::Arc;
use wire::problem::Code;

/// The way to the server for one signed-in person.
pub(crate) struct Link {
    pub(crate) ports: Ports,
    pub(crate) auth: Arc<dyn Auth>,
    pub(crate) anchor: AnchorKeeper,
    pub(crate) outbox_db: Arc<OutboxDb>,
}

impl Link {
    /// The right to speak.
    pub(crate) async fn token(&self) -> Result<String, Failure> {
        self.auth.access_token().await.map_err(|pause| match pause {
            AuthPause::SignIn => Failure::SignIn,
            AuthPause::Offline => Failure::NoConnection,
            AuthPause::Portal => Failure::Portal,
            AuthPause::Busy { retry_after_ms } => Failure::Busy { retry_after_ms },
            AuthPause::Upgrade => Failure::Upgrade,
        })
    }

    /// Asks for something.
    pub(crate) async fn get<T: DeserializeOwned>(&self, path: String) -> Result<T, Trouble> {
        let token = self.token().await?;
        self.call("GET", path, None, token).await
    }

    /// Calls with a token that was got before. When the server does not take it, one other is tried.
    pub(crate) async fn call<T: DeserializeOwned>(
        &self,
        method: &'static str,
        path: String,
        body: Option<Body>,
        token: String,
    ) -> Result<T, Trouble> {
        let request = Request { method, path, bearer: Some(token.clone()), body };
        let bytes = match self.once(request.clone()).await {
            Err(Trouble::Problem(Code::SignInNeeded)) => {
                self.auth.refused(&token).await;
                let bearer = Some(self.token().await?);
                self.once(Request { bearer, ..request }).await?
            }
            other => other?,
        };
        // What looks like an answer and is none was cut or written by somebody else.
        serde_json::from_slice(&bytes).map_err(|_| Trouble::Failure(Failure::AnswerLost))
    }

    async fn once(&self, request: Request) -> Result<Bytes, Trouble> {
        let response = self.ports.transport.call(request).await.inspect_err(|error| tracing::debug!(%error))?;
        if let Some(anchor) = response.server_ms.and_then(|server_ms| self.anchor.heard(server_ms)) {
            self.keep(&anchor);
        }
        classify(response, self.ports.clock.read().wall_ms)
    }

    /// Puts the anchor on the disk without waiting for it.
    pub(crate) fn keep(&self, anchor: &domain::capture::Anchor) {
        if let Ok(json) = serde_json::to_vec(anchor) {
            drop(self.outbox_db.set_secret(ANCHOR, Some(json)));
        }
    }

    /// A random number from 0 to 1.
    pub(crate) fn jitter(&self) -> f64 {
        let mut bytes = [0; 4];
        self.ports.random.fill(&mut bytes);
        f64::from(u32::from_le_bytes(bytes)) / f64::from(u32::MAX)
    }
}
