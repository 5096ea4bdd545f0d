//! The robot: whom it called, what it said, and why it refuses.

use crate::knobs::Knobs;
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard};

/// What one call costs, roubles.
pub const CALL_PRICE: f64 = 0.9;
/// So many calls are remembered; a sandbox may run for weeks.
const REMEMBERED: usize = 1000;

/// One call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// The service's number of the call.
    pub id: u64,
    /// Whom, `79…`.
    pub phone: String,
    /// The words, exactly as they came.
    pub words: String,
    /// The digits a listener would write down: those of the first sentence.
    pub code: String,
    /// When, milliseconds since 1970 UTC.
    pub at_ms: i64,
}

/// Why the service refuses, by its own codes (docs/domain.md).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// 1: something is missing.
    Parameters,
    /// 2: login or password.
    Login,
    /// 3: no money.
    NoMoney,
    /// 6: the message is prohibited.
    Prohibited,
    /// 7: not a phone number.
    PhoneFormat,
    /// 8: the number cannot be reached.
    Undeliverable,
    /// 9: the same request within a minute.
    Duplicate,
}

impl Refusal {
    /// The code and the words of the service.
    pub const fn code_and_words(self) -> (u8, &'static str) {
        match self {
            Self::Parameters => (1, "parameters error"),
            Self::Login => (2, "authorise error"),
            Self::NoMoney => (3, "insufficient funds"),
            Self::Prohibited => (6, "message is denied"),
            Self::PhoneFormat => (7, "invalid number"),
            Self::Undeliverable => (8, "message can not be delivered"),
            Self::Duplicate => (9, "duplicate request, wait a minute"),
        }
    }
}

/// The robot behind the socket.
#[derive(Debug, Default)]
pub struct Robot {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    knobs: Knobs,
    said: VecDeque<Said>,
    last_id: u64,
}

impl Robot {
    /// Reads or turns the knobs.
    pub fn with_knobs<T>(&self, act: impl FnOnce(&mut Knobs) -> T) -> T {
        act(&mut self.lock().knobs)
    }

    /// Calls `phone` (digits only) at `now_ms` and says `words`.
    ///
    /// The real service refuses identical requests within a minute; a second call to the same number is refused here
    /// whatever it says, because our codes differ every time and the failure must be reachable.
    pub fn call(&self, phone: &str, words: &str, now_ms: i64) -> Result<u64, Refusal> {
        if words.trim().is_empty() {
            return Err(Refusal::Parameters);
        }
        if phone.len() != 11 || !phone.starts_with('7') || !phone.bytes().all(|b| b.is_ascii_digit()) {
            return Err(Refusal::PhoneFormat);
        }
        let mut state = self.lock();
        let window_ms = i64::try_from(state.knobs.duplicate_window_s.saturating_mul(1000)).unwrap_or(i64::MAX);
        if state.said.iter().any(|said| said.phone == phone && now_ms - said.at_ms < window_ms) {
            return Err(Refusal::Duplicate);
        }
        if state.knobs.prohibited {
            return Err(Refusal::Prohibited);
        }
        if state.knobs.unavailable.iter().any(|barred| barred.trim_start_matches('+') == phone) {
            return Err(Refusal::Undeliverable);
        }
        if state.knobs.money < CALL_PRICE {
            return Err(Refusal::NoMoney);
        }
        state.knobs.money -= CALL_PRICE;
        state.last_id += 1;
        let id = state.last_id;
        let code = words.split('.').next().unwrap_or_default().chars().filter(char::is_ascii_digit).collect();
        state.said.push_front(Said { id, phone: phone.to_owned(), words: words.to_owned(), code, at_ms: now_ms });
        state.said.truncate(REMEMBERED);
        Ok(id)
    }

    /// The calls, newest first; to one number when `phone` is given.
    pub fn said(&self, phone: Option<&str>) -> Vec<Said> {
        let digits = phone.map(|phone| phone.trim().trim_start_matches('+'));
        let wanted = |said: &&Said| digits.is_none_or(|digits| said.phone == digits);
        self.lock().said.iter().filter(wanted).cloned().collect()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // A panic in another handler leaves the list whole: every change above is a single push.
        self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORDS: &str = "Ваш код: 1, 2, 3, 4. Повторяю: 1, 2, 3, 4";

    #[test]
    fn a_second_call_within_the_minute_is_refused_and_after_it_made() {
        let robot = Robot::default();
        assert_eq!(robot.call("79000001234", WORDS, 0), Ok(1));
        assert_eq!(robot.call("79000001234", WORDS, 59_999), Err(Refusal::Duplicate));
        assert_eq!(robot.call("79000005678", WORDS, 1), Ok(2));
        assert_eq!(robot.call("79000001234", WORDS, 60_000), Ok(3));
        assert_eq!(robot.said(Some("+79000001234")).len(), 2);
    }

    #[test]
    fn a_listener_writes_the_digits_down_once() {
        let robot = Robot::default();
        robot.call("79000001234", WORDS, 0).expect("called");
        assert_eq!(robot.said(None)[0].code, "1234");
    }

    #[test]
    fn calls_cost_money_until_there_is_none() {
        let robot = Robot::default();
        robot.with_knobs(|knobs| knobs.money = 1.0);
        assert!(robot.call("79000001234", WORDS, 0).is_ok());
        assert_eq!(robot.call("79000005678", WORDS, 0), Err(Refusal::NoMoney));
    }
}
