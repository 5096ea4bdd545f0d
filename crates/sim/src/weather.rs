//! What may happen to requests and answers of one computer's line.

use crate::dice::Dice;
use bytes::Bytes;
use client::ports::Response;
use std::time::Duration;

/// Whether there is a way at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Way {
    /// There is.
    #[default]
    Open,
    /// Refused at once: certainly nothing leaves.
    NoRoute,
    /// Everything is swallowed.
    Hole,
}

/// What stands between a computer and the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Between {
    /// Nothing.
    #[default]
    Nothing,
    /// A network that wants a sign-in of its own.
    Portal,
    /// A proxy that cannot reach the server, or does not like its answer.
    Proxy,
}

/// The weather on one line. Numbers are times of a hundred.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Weather {
    /// Whether there is a way.
    pub way: Way,
    /// Who else may answer.
    pub between: Between,
    /// Requests that never arrive.
    pub lose_requests: u32,
    /// Answers that never arrive.
    pub lose_answers: u32,
    /// Requests that arrive twice.
    pub double: u32,
    /// Requests of which a copy arrives much later.
    pub late_copies: u32,
    /// Requests and answers that take seconds.
    pub slow: u32,
    /// Answers that end too early.
    pub truncate: u32,
    /// Only what is pushed is swallowed.
    pub swallow_pushes: bool,
    /// Live streams that are cut after a while.
    pub cut_live: bool,
    /// Live streams that fall silent.
    pub mute_live: bool,
}

impl Weather {
    /// Some bad weather.
    pub fn drawn(dice: &Dice) -> Self {
        let mut weather = Self::default();
        match dice.index(10) {
            0 | 1 => weather.way = Way::NoRoute,
            2 => weather.way = Way::Hole,
            3 => weather.between = Between::Portal,
            4 | 5 => weather.between = Between::Proxy,
            6 => weather.swallow_pushes = true,
            _ => {}
        }
        let some = || if dice.percent(40) { u32::try_from(dice.between(5, 50)).unwrap_or(5) } else { 0 };
        weather.lose_requests = some();
        weather.lose_answers = some();
        weather.double = some();
        weather.late_copies = some();
        weather.slow = some();
        weather.truncate = some() / 2;
        weather.cut_live = dice.percent(20);
        weather.mute_live = dice.percent(20);
        weather
    }
}

/// How long one way takes.
pub fn delay(dice: &Dice, slow: bool) -> Duration {
    let ms = if slow { dice.between(500, 20_000) } else { dice.between(5, 120) };
    Duration::from_millis(ms)
}

/// When a late copy arrives.
pub fn much_later(dice: &Dice) -> Duration {
    let ms = match dice.index(3) {
        0 => dice.between(1_000, 60_000),
        1 => dice.between(60_000, 3_600_000),
        _ => dice.between(3_600_000, 40 * 3_600_000),
    };
    Duration::from_millis(ms)
}

/// A page for people.
pub fn portal(dice: &Dice) -> (Response, &'static str) {
    let page = "<html><body>Войдите в сеть Wi-Fi</body></html>";
    if dice.percent(70) {
        (made(200, "text/html", page), "portal")
    } else {
        (made(302, "text/html", ""), "portal_redirect")
    }
}

/// A proxy's own answer. `at_ms` is the time.
pub fn proxy(dice: &Dice, at_ms: i64) -> (Response, &'static str) {
    let later = |seconds: i64| {
        let at = chrono::DateTime::from_timestamp_millis(at_ms + seconds * 1_000).unwrap_or_default();
        at.format("%a, %d %b %Y %H:%M:%S GMT").to_string()
    };
    match dice.index(7) {
        0 => (made(502, "text/html", "<html>Bad gateway</html>"), "bad_gateway"),
        1 => (made(520, "text/plain", "error code: 520"), "status_520"),
        2 => {
            let theirs = r#"{"type":"about:blank","title":"Unavailable","status":503,"code":"unavailable"}"#;
            (made(503, wire::PROBLEM_JSON, theirs), "foreign_problem")
        }
        3 => {
            let seconds = dice.between(1, 120).to_string();
            (Response { retry_after: Some(seconds), ..made(503, "text/plain", "later") }, "retry_after_seconds")
        }
        4 => {
            let date = later(i64::try_from(dice.between(1, 180)).unwrap_or(1));
            (Response { retry_after: Some(date), ..made(429, "text/plain", "later") }, "retry_after_date")
        }
        5 => (made(429, "text/html", "<html>Too many requests</html>"), "too_many_requests"),
        _ => (made(504, "text/html", "<html>Timeout</html>"), "bad_gateway"),
    }
}

fn made(status: u16, content_type: &str, body: &str) -> Response {
    Response {
        status,
        content_type: content_type.into(),
        retry_after: None,
        server_ms: None,
        upload: None,
        bytes: Bytes::copy_from_slice(body.as_bytes()),
    }
}
