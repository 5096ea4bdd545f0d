//! What an answer means. The only final one is `application/problem+json` with a code of ours: everything else may
//! come from anybody between us and the server.

use crate::ports::{Response, TransportError};
use bytes::Bytes;
use chrono::DateTime;
use outbox::Failure;
use wire::problem::{Code, Problem};

/// Why there is no result.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Trouble {
    /// It passes, or the person has to sign in or to update. Nothing is decided.
    Failure(Failure),
    /// The server decided.
    Problem(Code),
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

impl From<TransportError> for Trouble {
    fn from(error: TransportError) -> Self {
        match error {
            TransportError::NoConnection(_) => Self::Failure(Failure::NoConnection),
            TransportError::AnswerLost(_) => Self::Failure(Failure::AnswerLost),
        }
    }
}

impl Trouble {
    /// As a failure of the batch or page, for callers to whom no code says more.
    pub(crate) fn as_failure(&self) -> Failure {
        match self {
            Self::Failure(failure) => *failure,
            Self::Problem(Code::SignInNeeded) => Failure::SignIn,
            Self::Problem(Code::UpgradeNeeded) => Failure::Upgrade,
            Self::Problem(Code::TooLarge | Code::Unreadable { .. }) => Failure::BatchRefused,
            Self::Problem(Code::LockedOut { retry_after_s } | Code::CallTooSoon { retry_after_s }) => {
                let ms = retry_after_s.saturating_mul(1_000);
                Failure::Busy { retry_after_ms: Some(i64::try_from(ms).unwrap_or(i64::MAX)) }
            }
            Self::Problem(_) => Failure::Busy { retry_after_ms: None },
        }
    }
}

/// The body of a good answer, or why there is none.
pub(crate) fn classify(response: Response, wall_ms: i64) -> Result<Bytes, Trouble> {
    let retry_after_ms = response.retry_after.as_deref().and_then(|text| {
        let now_ms = response.server_ms.unwrap_or(wall_ms);
        retry_after(text, now_ms)
    });
    if response.content_type == wire::PROBLEM_JSON
        && let Ok(problem) = serde_json::from_slice::<Problem>(&response.bytes)
    {
        return Err(Trouble::Problem(problem.code));
    }
    Err(Trouble::Failure(match response.status {
        204 => return Ok(response.bytes),
        200..=299 if response.content_type == "application/json" => return Ok(response.bytes),
        // A page for people, or a way to one: a network that wants a sign-in of its own.
        200..=399 | 407 | 511 => Failure::Portal,
        413 => Failure::BatchRefused,
        500..=599 if retry_after_ms.is_none() && response.status != 507 => Failure::Server,
        _ => Failure::Busy { retry_after_ms },
    }))
}

/// Both forms of `retry-after`: seconds, or a date.
fn retry_after(text: &str, now_ms: i64) -> Option<i64> {
    let text = text.trim();
    if let Ok(seconds) = text.parse::<u32>() {
        return Some(i64::from(seconds) * 1_000);
    }
    let at = DateTime::parse_from_rfc2822(text).ok()?;
    Some(at.timestamp_millis().saturating_sub(now_ms).max(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, content_type: &str, body: &str) -> Response {
        Response {
            status,
            content_type: content_type.into(),
            retry_after: None,
            server_ms: Some(784_111_777_000),
            upload: None,
            bytes: Bytes::copy_from_slice(body.as_bytes()),
        }
    }

    fn trouble(response: Response) -> Trouble {
        classify(response, 0).expect_err("not a good answer")
    }

    #[test]
    fn only_a_problem_with_a_code_of_ours_is_final() {
        let ours = r#"{"type":"urn:zhkh:upgrade_needed","status":426,"code":"upgrade_needed"}"#;
        assert_eq!(trouble(answer(426, wire::PROBLEM_JSON, ours)), Trouble::Problem(Code::UpgradeNeeded));
        let theirs = r#"{"type":"about:blank","status":403,"code":"forbidden"}"#;
        assert_eq!(
            trouble(answer(403, wire::PROBLEM_JSON, theirs)),
            Trouble::Failure(Failure::Busy { retry_after_ms: None })
        );
        assert_eq!(
            trouble(answer(426, "application/json", ours)),
            Trouble::Failure(Failure::Busy { retry_after_ms: None })
        );
    }

    #[test]
    fn a_page_for_people_with_status_200_is_a_portal_and_not_a_success() {
        assert_eq!(trouble(answer(200, "text/html", "<html>")), Trouble::Failure(Failure::Portal));
        assert_eq!(trouble(answer(302, "text/html", "")), Trouble::Failure(Failure::Portal));
        assert_eq!(trouble(answer(511, "text/html", "")), Trouble::Failure(Failure::Portal));
        assert!(classify(answer(200, "application/json", "{}"), 0).is_ok());
    }

    #[test]
    fn what_may_pass_is_transient() {
        for status in [400, 404, 408, 418, 425, 429, 451, 507] {
            let expected = Trouble::Failure(Failure::Busy { retry_after_ms: None });
            assert_eq!(trouble(answer(status, "text/html", "")), expected, "{status}");
        }
        for status in [500, 502, 503, 504, 599] {
            assert_eq!(trouble(answer(status, "text/html", "")), Trouble::Failure(Failure::Server), "{status}");
        }
        assert_eq!(trouble(answer(413, "text/html", "")), Trouble::Failure(Failure::BatchRefused));
    }

    #[test]
    fn no_number_makes_the_wait_negative_or_stops_the_program() {
        let late = "Fri, 31 Dec 9999 23:59:59 GMT";
        for (server_ms, text) in [(i64::MIN, late), (i64::MAX, late), (0, "4294967295"), (0, "99999999999999999999")] {
            let response = Response {
                retry_after: Some(text.into()),
                server_ms: Some(server_ms),
                upload: None,
                ..answer(429, "text/plain", "")
            };
            let Trouble::Failure(Failure::Busy { retry_after_ms }) = trouble(response) else { panic!("{text}") };
            assert!(retry_after_ms.is_none_or(|ms| ms >= 0), "{text}: {retry_after_ms:?}");
        }
        let for_ever = Trouble::Problem(Code::LockedOut { retry_after_s: u64::MAX });
        assert_eq!(for_ever.as_failure(), Failure::Busy { retry_after_ms: Some(i64::MAX) });
    }

    #[test]
    fn both_forms_of_retry_after_are_understood() {
        for (text, ms) in
            [("120", Some(120_000)), ("Sun, 06 Nov 1994 08:49:47 GMT", Some(10_000)), ("soon", None), ("-3", None)]
        {
            let response = Response { retry_after: Some(text.into()), ..answer(429, "text/plain", "") };
            assert_eq!(trouble(response), Trouble::Failure(Failure::Busy { retry_after_ms: ms }), "{text}");
        }
        let busy = Response { retry_after: Some("7".into()), ..answer(503, "text/plain", "") };
        assert_eq!(trouble(busy), Trouble::Failure(Failure::Busy { retry_after_ms: Some(7_000) }));
    }
}
