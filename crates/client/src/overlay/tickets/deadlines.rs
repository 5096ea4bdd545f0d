//! The legal deadlines of a ticket, with how close they are.

use super::board::Board;
use crate::view::DeadlineView;
use chrono::DateTime;
use domain::ticket::Status;
use domain::ticket::deadline::{Urgency, urgency};
use wire::ticket::{Happened, Ticket};

/// All of them, by time.
pub(crate) fn deadlines(board: &Board, ticket: &Ticket, status: Status) -> Vec<DeadlineView> {
    let from_ms = runs_from(board, ticket);
    let moment = |ms: i64| DateTime::from_timestamp_millis(ms).unwrap_or_default();
    let view = |deadline: &wire::ticket::Deadline| DeadlineView {
        duty: deadline.duty,
        due_ms: deadline.due_ms,
        done_ms: deadline.done_ms,
        // What was done, or is not owed any more, is not close.
        urgency: if deadline.done_ms.is_some() || !status.is_open() {
            Urgency::Calm
        } else {
            urgency(moment(from_ms), moment(deadline.due_ms), moment(board.now_ms))
        },
    };
    ticket.deadlines.iter().map(view).collect()
}

/// The next one that was not met, while the utility owes work.
pub(crate) fn next(board: &Board, ticket: &Ticket, status: Status) -> Option<DeadlineView> {
    if !status.is_open() {
        return None;
    }
    let open = deadlines(board, ticket, status).into_iter().filter(|deadline| deadline.done_ms.is_none());
    open.min_by_key(|deadline| deadline.due_ms)
}

/// From when deadlines run: from the registration, or from when it was last opened again.
fn runs_from(board: &Board, ticket: &Ticket) -> i64 {
    let again = board.events_of(ticket.id).iter().rev();
    let mut again = again.filter(|event| matches!(event.what, Happened::Moved { to: Status::New, .. }));
    again.next().map_or(ticket.registered_ms, |event| event.at_ms)
}
