//! The sync pill and the reason why the queue waits.

use crate::engine::{Pause, SyncStatus};
use crate::view::{PauseView, PillView};
use domain::capture::TRUSTED_DRIFT_MS;

/// One state, by priority: attention, clock, sign-in, upgrade, no network, sending, sent.
pub(crate) fn pill(status: &SyncStatus) -> PillView {
    let count = status.waiting;
    if status.attention > 0 {
        return PillView::Attention { count: status.attention };
    }
    if let Some(error_ms) = wrong_clock(status) {
        return PillView::Clock { error_ms, count };
    }
    match (status.pause, status.sending) {
        (Some(Pause::SignIn), _) => PillView::SignIn { count },
        (Some(Pause::Upgrade), _) => PillView::Upgrade { count },
        (Some(Pause::Offline { .. } | Pause::Portal | Pause::Busy), _) => PillView::Offline { count },
        (None, Some(run)) => PillView::Sending { done: run.done, total: run.total },
        (None, None) if count > 0 => PillView::Sending { done: 0, total: count },
        (None, None) => PillView::Sent,
    }
}

/// Why nothing goes out. What stops sending is said before a clock that does not.
pub(crate) fn pause(status: &SyncStatus) -> Option<PauseView> {
    match status.pause {
        Some(Pause::Offline { since_ms }) => Some(PauseView::Offline { since_ms }),
        Some(Pause::Portal) => Some(PauseView::Portal),
        Some(Pause::Busy) => Some(PauseView::Busy),
        Some(Pause::SignIn) => Some(PauseView::SignIn),
        Some(Pause::Upgrade) => Some(PauseView::Upgrade),
        None => wrong_clock(status).map(|error_ms| PauseView::Clock { error_ms }),
    }
}

fn wrong_clock(status: &SyncStatus) -> Option<i64> {
    status.wall_error_ms.filter(|error_ms| error_ms.abs() > TRUSTED_DRIFT_MS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Progress;

    #[test]
    fn the_pill_shows_the_one_state_that_matters_most() {
        let mut status = SyncStatus {
            pause: None,
            sending: Some(Progress { done: 1, total: 2 }),
            next_try_ms: None,
            last_synced_ms: None,
            wall_error_ms: Some(-120_001),
            waiting: 3,
            attention: 1,
        };
        assert_eq!(pill(&status), PillView::Attention { count: 1 });
        status.attention = 0;
        assert_eq!(pill(&status), PillView::Clock { error_ms: -120_001, count: 3 });
        status.wall_error_ms = Some(120_000);
        for (pause, shown) in [
            (Some(Pause::SignIn), PillView::SignIn { count: 3 }),
            (Some(Pause::Upgrade), PillView::Upgrade { count: 3 }),
            (Some(Pause::Offline { since_ms: 5 }), PillView::Offline { count: 3 }),
            (Some(Pause::Portal), PillView::Offline { count: 3 }),
            (None, PillView::Sending { done: 1, total: 2 }),
        ] {
            status.pause = pause;
            assert_eq!(pill(&status), shown);
        }
        status.sending = None;
        assert_eq!(pill(&status), PillView::Sending { done: 0, total: 3 }, "waiting is never shown as sent");
        status.waiting = 0;
        assert_eq!(pill(&status), PillView::Sent);
    }
}
