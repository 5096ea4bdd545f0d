//! One call to the server: the right to speak, the time it tells, what the answer means.

use super::anchor::AnchorKeeper;
use super::answer::{Trouble, classify};
use crate::engine::{Auth, AuthPause};
use crate::ports::{Body, Ports, Request, Response, UploadStep, UploadTold};
use crate::store::{ANCHOR, OutboxDb};
use bytes::Bytes;
use outbox::Failure;
use serde::de::DeserializeOwned;
use std::sync::Arc;
use wire::problem::Code;

/// What a step of an upload came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Told {
    /// It stands so.
    Stands(UploadTold),
    /// It stands elsewhere than was believed: ask.
    Elsewhere,
    /// There is no such upload any more: begin anew.
    Over,
}

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
        let request = Request { method, path, bearer: Some(token.clone()), body, upload: None, range: None };
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

    /// One step of an upload; a second token is tried when the first is not taken.
    pub(crate) async fn upload(&self, method: &'static str, path: String, step: UploadStep) -> Result<Told, Trouble> {
        let token = self.token().await?;
        let request =
            Request { method, path, bearer: Some(token.clone()), body: None, upload: Some(step), range: None };
        match self.step(request.clone()).await {
            Err(Trouble::Problem(Code::SignInNeeded)) => {
                self.auth.refused(&token).await;
                let bearer = Some(self.token().await?);
                self.step(Request { bearer, ..request }).await
            }
            other => other,
        }
    }

    async fn step(&self, request: Request) -> Result<Told, Trouble> {
        let asks = matches!(request.upload, Some(UploadStep::Standing));
        let response = self.heard(request).await?;
        let status = response.status;
        match response.upload.clone() {
            // An answer to HEAD has no body that could carry a problem: that it speaks tus says whose it is.
            Some(_) if asks && matches!(status, 404 | 410) => Ok(Told::Over),
            Some(told) if (200..300).contains(&status) => Ok(Told::Stands(told)),
            Some(_) if status == 409 => Ok(Told::Elsewhere),
            // The bytes are not those that were promised, and the upload is over.
            Some(_) if status == 460 => Ok(Told::Over),
            _ => match classify(response, self.ports.clock.read().wall_ms) {
                Err(Trouble::Problem(Code::FileUnknown)) => Ok(Told::Over),
                Err(trouble) => Err(trouble),
                // A good answer that does not speak tus is somebody else's.
                Ok(_) => Err(Trouble::Failure(Failure::Portal)),
            },
        }
    }

    async fn once(&self, request: Request) -> Result<Bytes, Trouble> {
        let response = self.heard(request).await?;
        classify(response, self.ports.clock.read().wall_ms)
    }

    /// The answer; the time that it tells is noted.
    async fn heard(&self, request: Request) -> Result<Response, Trouble> {
        let response = self.ports.transport.call(request).await.inspect_err(|error| tracing::debug!(%error))?;
        if let Some(anchor) = response.server_ms.and_then(|server_ms| self.anchor.heard(server_ms)) {
            self.keep(&anchor);
        }
        Ok(response)
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
