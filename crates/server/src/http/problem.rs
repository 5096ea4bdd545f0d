//! Failures as answers. Only `application/problem+json` with one of our codes is final for a desktop.

use crate::failure::Failure;
use crate::storage::StoreError;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use wire::problem::{Code, Problem};

/// A database that does not take writes now (an import beside the server, a full disk) is asked again after so long.
const SOON_S: &str = "10";

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        match self {
            Self::Problem(code) => answer(code),
            Self::Store(error @ (StoreError::Down(_) | StoreError::Commit(_) | StoreError::Closed)) => {
                tracing::error!(%error, "the database does not answer");
                let later = [(RETRY_AFTER, HeaderValue::from_static(SOON_S))];
                (StatusCode::SERVICE_UNAVAILABLE, later).into_response()
            }
            Self::Store(error) => {
                tracing::error!(%error, "a request failed in the database");
                StatusCode::INTERNAL_SERVER_ERROR.into_response()
            }
            Self::Internal(error) => {
                tracing::error!(error, "a request failed");
                StatusCode::INTERNAL_SERVER_ERROR.into_response()
            }
        }
    }
}

/// A final answer.
pub(super) fn answer(code: Code) -> Response {
    let retry_after_s = match &code {
        Code::LockedOut { retry_after_s } | Code::CallTooSoon { retry_after_s } => Some(*retry_after_s),
        _ => None,
    };
    let problem = Problem::from(code);
    let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let Ok(body) = serde_json::to_vec(&problem) else { return StatusCode::INTERNAL_SERVER_ERROR.into_response() };
    let mut response = (status, body).into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(wire::PROBLEM_JSON));
    if let Some(seconds) = retry_after_s {
        headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

/// No such route: not one of our codes, so it is not final.
pub(super) async fn not_found() -> StatusCode {
    StatusCode::NOT_FOUND
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_that_does_not_answer_now_is_asked_again_later() {
        for error in [StoreError::Down("locked".into()), StoreError::Commit("io".into()), StoreError::Closed] {
            let response = Failure::Store(error).into_response();
            assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
            assert_eq!(response.headers()[RETRY_AFTER], SOON_S);
        }
        let ours = Failure::Store(StoreError::Sql("no such table".into())).into_response();
        assert_eq!(ours.status(), StatusCode::INTERNAL_SERVER_ERROR);
    }
}
