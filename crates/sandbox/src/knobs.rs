//! The failures a call service can have, one knob each.

use crate::robot::Robot;
use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What is wrong with the service at the moment. `POST /control` takes the same fields; those left out stay as they are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Knobs {
    /// Money on the account, roubles. A call costs [`crate::robot::CALL_PRICE`].
    pub money: f64,
    /// Numbers that cannot be reached, `79…`.
    pub unavailable: Vec<String>,
    /// How long every answer takes, milliseconds.
    pub slow_ms: u64,
    /// The service answers nothing but 503.
    pub down: bool,
    /// The service bars what we say (error 6).
    pub prohibited: bool,
    /// A second call to one number within this many seconds is refused (error 9); 0 lets all through.
    pub duplicate_window_s: u64,
}

impl Default for Knobs {
    fn default() -> Self {
        Self {
            money: 100.0,
            unavailable: Vec::new(),
            slow_ms: 0,
            down: false,
            prohibited: false,
            duplicate_window_s: 60,
        }
    }
}

/// The knobs to turn; the others stay.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Turn {
    money: Option<f64>,
    unavailable: Option<Vec<String>>,
    slow_ms: Option<u64>,
    down: Option<bool>,
    prohibited: Option<bool>,
    duplicate_window_s: Option<u64>,
}

impl Knobs {
    fn turn(&mut self, turn: Turn) {
        self.money = turn.money.unwrap_or(self.money);
        self.slow_ms = turn.slow_ms.unwrap_or(self.slow_ms);
        self.down = turn.down.unwrap_or(self.down);
        self.prohibited = turn.prohibited.unwrap_or(self.prohibited);
        self.duplicate_window_s = turn.duplicate_window_s.unwrap_or(self.duplicate_window_s);
        if let Some(unavailable) = turn.unavailable {
            self.unavailable = unavailable;
        }
    }
}

/// `POST /control`; answers with all knobs as they stand now.
pub(crate) async fn control(State(robot): State<Arc<Robot>>, Json(turn): Json<Turn>) -> Json<Knobs> {
    Json(robot.with_knobs(|knobs| {
        knobs.turn(turn);
        knobs.clone()
    }))
}

/// `GET /control`.
pub(crate) async fn show(State(robot): State<Arc<Robot>>) -> Json<Knobs> {
    Json(robot.with_knobs(|knobs| knobs.clone()))
}
