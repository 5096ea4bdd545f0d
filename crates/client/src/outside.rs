//! What comes from outside, as the engine reads it: the doors at which the fuzz targets (`fuzz/`) knock.

use crate::ports::Response;
use crate::store::{LoosePage, SnapshotPage};
use crate::sync::answer::{Trouble, classify};
use crate::sync::live::Lines;
use outbox::Failure;
use wire::problem::Code;

/// What an answer comes to.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// The body is what was asked for.
    Good,
    /// The server decided.
    Final(Code),
    /// It passes; nothing is decided.
    Passing,
}

/// What an answer comes to, and what the queue would make of it as the answer to a batch, when it is not a good one.
pub fn answer(response: Response, wall_ms: i64) -> (Answer, Option<Failure>) {
    match classify(response, wall_ms) {
        Ok(_) => (Answer::Good, None),
        Err(trouble) => {
            let failure = trouble.as_failure();
            match trouble {
                Trouble::Problem(code) => (Answer::Final(code), Some(failure)),
                Trouble::Failure(_) => (Answer::Passing, Some(failure)),
            }
        }
    }
}

/// The lines of a stream of events, in pieces that end anywhere.
#[derive(Default)]
pub struct Events(Lines);

impl Events {
    /// Whether these bytes complete an event that wakes.
    pub fn wakes(&mut self, bytes: &[u8]) -> bool {
        self.0.wakes(bytes)
    }
}

/// Whether the mirror takes these bytes for a page of the feed.
pub fn is_page(bytes: &[u8]) -> bool {
    serde_json::from_slice::<LoosePage>(bytes).is_ok()
}

/// Whether the mirror takes these bytes for a page of a snapshot.
pub fn is_snapshot(bytes: &[u8]) -> bool {
    serde_json::from_slice::<SnapshotPage>(bytes).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;
    use std::collections::BTreeMap;

    fn golden(name: &str) -> BTreeMap<String, Value> {
        let file = format!("{}/../wire/golden/protocol-1/{name}.json", env!("CARGO_MANIFEST_DIR"));
        serde_json::from_slice(&std::fs::read(file).expect("read")).expect("examples")
    }

    #[test]
    fn every_problem_of_protocol_1_is_final_for_todays_program() {
        for (name, problem) in golden("problems") {
            let response = Response {
                status: u16::try_from(problem["status"].as_u64().expect("a status")).expect("a status"),
                content_type: wire::PROBLEM_JSON.into(),
                retry_after: None,
                server_ms: None,
                upload: None,
                bytes: problem.to_string().into(),
            };
            let (answer, failure) = answer(response, 0);
            assert!(matches!(answer, Answer::Final(_)) && failure.is_some(), "{name}: {answer:?}");
        }
    }

    #[test]
    fn pages_of_protocol_1_are_taken_by_todays_mirror() {
        let calls = golden("calls");
        assert!(is_page(calls["page"].to_string().as_bytes()));
        assert!(is_snapshot(calls["snapshot"].to_string().as_bytes()));
        // The first servers told of no backup.
        let mut page = calls["page"].clone();
        page.as_object_mut().expect("an object").remove("backed_up");
        assert!(is_page(page.to_string().as_bytes()));
        assert!(!is_page(b"<html>"));
    }
}
