//! Calls that need the server at once: sign-in, registration, accounts. Whatever is not one of the server's own
//! answers is not believed, as in sending.

use crate::ports::{Body, Request, Response, Transport, TransportError};
use crate::view::{Failure, Field, FieldProblem};
use bytes::Bytes;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::ops::Range;
use wire::problem::{Code, Problem};

/// Why there is no answer, or which final one there is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum CallError {
    /// Nobody answered. The request may still have arrived.
    Offline,
    /// Somebody else answered.
    Portal,
    /// The server cannot now.
    Busy {
        /// What it asked for, milliseconds.
        retry_after_ms: Option<i64>,
    },
    /// The server's answer is no.
    Problem(Code),
}

/// One call.
pub(crate) struct Call<'a> {
    /// `GET`, `POST`, `DELETE`.
    pub(crate) method: &'static str,
    /// The path.
    pub(crate) path: String,
    /// The access token, where one is needed.
    pub(crate) bearer: Option<&'a str>,
}

impl<'a> Call<'a> {
    /// Asks for something that everybody may see.
    pub(crate) fn get(path: &str) -> Self {
        Self { method: "GET", path: path.to_owned(), bearer: None }
    }

    /// Asks for something to be done.
    pub(crate) fn post(path: impl Into<String>) -> Self {
        Self { method: "POST", path: path.into(), bearer: None }
    }

    /// Takes something away.
    pub(crate) fn delete(path: impl Into<String>) -> Self {
        Self { method: "DELETE", path: path.into(), bearer: None }
    }

    /// In the name of the person who signed in.
    pub(crate) fn by(mut self, token: &'a str) -> Self {
        self.bearer = Some(token);
        self
    }

    /// Makes the call without a body.
    pub(crate) async fn ask<T: DeserializeOwned>(self, transport: &dyn Transport) -> Result<T, CallError> {
        self.send(transport, None).await
    }

    /// Makes the call with a body.
    pub(crate) async fn tell<T: DeserializeOwned>(
        self,
        transport: &dyn Transport,
        body: &impl Serialize,
    ) -> Result<T, CallError> {
        // The bodies are plain structures of the wire; one that cannot be written would be the server's to refuse.
        let bytes = Bytes::from(serde_json::to_vec(body).unwrap_or_default());
        self.send(transport, Some(Body { bytes, zstd: false })).await
    }

    /// Asks for bytes: a range of them, as much as there is, or all.
    pub(crate) async fn bytes(self, transport: &dyn Transport, range: Option<Range<u64>>) -> Result<Bytes, CallError> {
        let bearer = self.bearer.map(str::to_owned);
        let from = range.as_ref().map_or(0, |range| range.start);
        let request = Request { method: self.method, path: self.path, bearer, body: None, upload: None, range };
        let response = transport.call(request).await.map_err(|_| CallError::Offline)?;
        match response.status {
            206 => Ok(response.bytes),
            200 if from == 0 => Ok(response.bytes),
            // Behind the end of what there is.
            416 if from > 0 => Ok(Bytes::new()),
            200..=399 => Err(CallError::Portal),
            _ => Err(answer::<()>(&response).err().unwrap_or(CallError::Portal)),
        }
    }

    async fn send<T: DeserializeOwned>(self, transport: &dyn Transport, body: Option<Body>) -> Result<T, CallError> {
        let bearer = self.bearer.map(str::to_owned);
        let request = Request { method: self.method, path: self.path, bearer, body, upload: None, range: None };
        match transport.call(request).await {
            Ok(response) => answer(&response),
            Err(TransportError::NoConnection(_) | TransportError::AnswerLost(_)) => Err(CallError::Offline),
        }
    }
}

fn answer<T: DeserializeOwned>(response: &Response) -> Result<T, CallError> {
    if response.content_type == wire::PROBLEM_JSON {
        let problem: Result<Problem, _> = serde_json::from_slice(&response.bytes);
        return Err(problem.map_or(busy(response), |problem| CallError::Problem(problem.code)));
    }
    match response.status {
        200..=299 if response.bytes.is_empty() => serde_json::from_str("null").map_err(|_| CallError::Portal),
        200..=299 if response.content_type == "application/json" => {
            serde_json::from_slice(&response.bytes).map_err(|error| {
                tracing::error!(line = error.line(), column = error.column(), "an answer of the server cannot be read");
                CallError::Busy { retry_after_ms: None }
            })
        }
        // A page with status 200, or a redirection to one.
        200..=399 => Err(CallError::Portal),
        _ => Err(busy(response)),
    }
}

fn busy(response: &Response) -> CallError {
    let seconds = response.retry_after.as_deref().and_then(|text| text.trim().parse::<i64>().ok());
    CallError::Busy { retry_after_ms: seconds.map(|seconds| seconds.clamp(0, 3600) * 1000) }
}

impl CallError {
    /// What the window is told.
    pub(crate) fn failure(self) -> Failure {
        match self {
            Self::Offline => Failure::Offline,
            Self::Portal => Failure::Portal,
            Self::Busy { .. } => Failure::ServerBusy,
            Self::Problem(code) => failure_of(code, Field::Sum),
        }
    }

    /// The same for a proof, beside the field with which it was given.
    pub(crate) fn failure_beside(self, proof: Field) -> Failure {
        match self {
            Self::Problem(code) => failure_of(code, proof),
            other => other.failure(),
        }
    }

    /// Whether the server itself did not decide, so that what is known here may.
    pub(crate) const fn undecided(&self) -> bool {
        matches!(self, Self::Offline | Self::Portal | Self::Busy { .. })
    }
}

/// The failure for every code. `proof` is the field beside which a wrong proof is told.
fn failure_of(code: Code, proof: Field) -> Failure {
    let beside = |field, problem| Failure::Field { field, problem };
    match code {
        Code::SignInNeeded => Failure::SignedOut,
        Code::WrongPassword { tries_left } => Failure::WrongPassword { tries_left: Some(tries_left) },
        Code::LockedOut { retry_after_s } => Failure::LockedOut { retry_after_s: seconds(retry_after_s) },
        Code::UpgradeNeeded => Failure::UpgradeNeeded,
        Code::Unreadable { field } => match field.as_deref().and_then(|name| field_of(name, proof)) {
            Some(field) => beside(field, FieldProblem::Malformed),
            None => Failure::ServerBusy,
        },
        Code::NotYours => Failure::Gone,
        Code::ConsentOutdated => Failure::ConsentOutdated,
        Code::RegistrationGone => Failure::RegistrationGone,
        Code::CallTooSoon { retry_after_s } => Failure::CallTooSoon { retry_after_s: seconds(retry_after_s) },
        Code::CallUnavailable => Failure::CallUnavailable,
        Code::NumberUnavailable => beside(Field::Phone, FieldProblem::Unreachable),
        Code::WrongCode { tries_left } => beside(Field::Code, FieldProblem::WrongCode { tries_left }),
        Code::CodeExpired => beside(Field::Code, FieldProblem::CodeExpired),
        Code::WeakPassword => beside(Field::Password, FieldProblem::TooSimple),
        Code::AccountUnknown => beside(Field::AccountNumber, FieldProblem::AccountUnknown),
        Code::ProofWrong { tries_left } => beside(proof, FieldProblem::ProofWrong { tries_left }),
        Code::AlreadyAttached => Failure::AlreadyAttached,
        Code::AttachmentExpired => Failure::AttachmentExpired,
        // Answers to sending and to the feed; no command asks for what they answer.
        Code::IncarnationConflict | Code::EpochChanged | Code::SnapshotNeeded | Code::TooLarge => Failure::ServerBusy,
        // Answers to sending and fetching files.
        Code::FileUnknown | Code::FileRefused { .. } | Code::NoThumbnail | Code::StorageFull => Failure::ServerBusy,
        Code::PaymentUnknown => Failure::Gone,
        Code::PaymentLocked { who, own, payment, until_ms, .. } => {
            Failure::PaymentLocked { who, own, payment: payment.to_string(), until_ms }
        }
        // What was sent is what the rules known here allow.
        Code::PaymentTermsChanged | Code::PaymentRefused { .. } => Failure::PaymentTermsChanged,
        Code::BankUnavailable => Failure::BankUnavailable,
    }
}

fn seconds(seconds: u64) -> u32 {
    u32::try_from(seconds).unwrap_or(u32::MAX)
}

/// The window's field for a field of the wire.
fn field_of(name: &str, proof: Field) -> Option<Field> {
    Some(match name {
        "phone" => Field::Phone,
        "password" => Field::Password,
        "name" => Field::Name,
        "consent" => Field::Consent,
        "code" => Field::Code,
        "number" => Field::AccountNumber,
        "sum" => Field::Sum,
        "period" => Field::Period,
        "text" => Field::Qr,
        "proof" => proof,
        "email" => Field::Email,
        _ => return None,
    })
}

#[cfg(test)]
mod tests;
