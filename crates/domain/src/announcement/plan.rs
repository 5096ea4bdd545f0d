//! When an announcement is shown.

use serde::{Deserialize, Serialize};

/// What its editor means to do with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(tag = "plan", rename_all = "snake_case")]
pub enum Plan {
    /// Only the editors see it.
    Draft,
    /// Shown from a moment on.
    Publish {
        /// Milliseconds since 1970 UTC; in the past, or now, means at once.
        #[cfg_attr(feature = "ts", ts(type = "number"))]
        at_ms: i64,
        /// Until when it is shown; for ever without. Milliseconds since 1970 UTC.
        #[cfg_attr(feature = "ts", ts(type = "number | null"))]
        until_ms: Option<i64>,
    },
    /// Taken back: nobody but the editors sees it any more.
    Withdrawn,
}

/// Where it stands at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// «Черновик».
    Draft,
    /// «Выйдет …».
    Scheduled,
    /// «Опубликовано».
    Shown,
    /// Its time is over.
    Over,
    /// «Снято».
    Withdrawn,
}

impl Plan {
    /// Where it stands.
    pub const fn stage(self, now_ms: i64) -> Stage {
        match self {
            Self::Draft => Stage::Draft,
            Self::Withdrawn => Stage::Withdrawn,
            Self::Publish { at_ms, .. } if now_ms < at_ms => Stage::Scheduled,
            Self::Publish { until_ms: Some(until_ms), .. } if until_ms <= now_ms => Stage::Over,
            Self::Publish { .. } => Stage::Shown,
        }
    }

    /// Whether it could ever be shown.
    pub const fn is_possible(self) -> bool {
        !matches!(self, Self::Publish { at_ms, until_ms: Some(until_ms) } if until_ms <= at_ms)
    }

    /// The next moment after `now_ms` at which it stands elsewhere.
    pub const fn next_turn(self, now_ms: i64) -> Option<i64> {
        match self {
            Self::Publish { at_ms, .. } if now_ms < at_ms => Some(at_ms),
            Self::Publish { until_ms: Some(until_ms), .. } if now_ms < until_ms => Some(until_ms),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_shown_from_its_moment_to_its_end() {
        let plan = Plan::Publish { at_ms: 10, until_ms: Some(20) };
        let stages: Vec<_> = [9, 10, 19, 20].map(|now_ms| plan.stage(now_ms)).into();
        assert_eq!(stages, [Stage::Scheduled, Stage::Shown, Stage::Shown, Stage::Over]);
        let turns: Vec<_> = [9, 10, 19, 20].map(|now_ms| plan.next_turn(now_ms)).into();
        assert_eq!(turns, [Some(10), Some(20), Some(20), None]);
        assert!(plan.is_possible());
        assert!(!Plan::Publish { at_ms: 10, until_ms: Some(10) }.is_possible());
        assert_eq!(Plan::Publish { at_ms: 10, until_ms: None }.stage(i64::MAX), Stage::Shown);
    }
}
