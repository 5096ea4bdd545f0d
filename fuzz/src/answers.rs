//! Any answer at all, from whoever stands between: only a problem with a code of ours is final.
//!
//! Input: `STATUS CONTENT-TYPE`, then `retry-after: …` and `zhkh-time: …` if they are there, an empty line, the body.

use client::outside::{Answer, answer};
use client::ports::Response;
use outbox::{Backoff, Failure};
use wire::problem::Problem;

/// An hour: longer waits are not believed, see `outbox::Backoff`.
const LONGEST_MS: i64 = 3_600_000;
const WALL_MS: i64 = 1_795_168_800_000;

pub fn run(input: &[u8]) {
    let Some(response) = read(input) else { return };
    let (status, content_type, bytes) = (response.status, response.content_type.clone(), response.bytes.clone());
    let (verdict, failure) = answer(response, WALL_MS);
    match verdict {
        Answer::Good => {
            assert!(status == 204 || content_type == "application/json", "{status} {content_type} is taken for ours");
            assert!((200..300).contains(&status), "{status} is taken for a good answer");
            assert_eq!(failure, None);
        }
        Answer::Final(code) => {
            assert_eq!(content_type, wire::PROBLEM_JSON);
            let problem: Problem = serde_json::from_slice(&bytes).expect("only a problem of ours is final");
            assert_eq!(problem.code, code);
            again(&problem);
        }
        Answer::Passing => {
            let ours = serde_json::from_slice::<Problem>(&bytes).is_ok();
            assert!(content_type != wire::PROBLEM_JSON || !ours, "a problem of ours is final");
        }
    }
    if let Some(Failure::Busy { retry_after_ms }) = failure {
        assert!(retry_after_ms.is_none_or(|ms| ms >= 0), "{retry_after_ms:?}");
        let mut backoff = Backoff::new();
        backoff.fail(0, 1.0, retry_after_ms);
        let wait = backoff.until(0).expect("it failed");
        assert!((1..=LONGEST_MS).contains(&wait), "{wait} ms for {retry_after_ms:?}");
    }
}

/// A code that was read is written as a problem that is read as the same, with the status that goes with it.
fn again(problem: &Problem) {
    let ours = Problem::from(problem.code.clone());
    let text = serde_json::to_string(&ours).expect("written");
    assert_eq!(serde_json::from_str::<Problem>(&text).expect("read again"), ours);
    assert_eq!(ours.status, problem.code.status());
}

fn read(input: &[u8]) -> Option<Response> {
    let end = input.windows(2).position(|pair| pair == b"\n\n").unwrap_or(input.len());
    let body = input.get(end + 2..).unwrap_or_default();
    let head = std::str::from_utf8(&input[..end]).ok()?;
    let mut lines = head.lines();
    let (status, content_type) = lines.next()?.split_once(' ')?;
    let mut response = Response {
        upload: None,
        status: status.parse().ok()?,
        content_type: content_type.to_owned(),
        retry_after: None,
        server_ms: None,
        bytes: bytes::Bytes::copy_from_slice(body),
    };
    for line in lines {
        match line.split_once(": ") {
            Some(("retry-after", text)) => response.retry_after = Some(text.to_owned()),
            Some((wire::TIME_HEADER, text)) => response.server_ms = text.parse().ok(),
            _ => {}
        }
    }
    Some(response)
}
