//! What the staff did to a ticket here, laid over it as the server would do it.

use crate::overlay::entry::Entry;
use crate::overlay::tickets::standing::Standing;
use domain::ticket::{Party, Status};
use domain::{MessageText, StaffId};
use wire::operation::Body;
use wire::ticket::Happened;

/// Where a ticket stands after it was given to somebody: taken by the actor it is accepted, with another it is in work.
pub(crate) fn onwards(from: Status, executor: Option<StaffId>, me: StaffId) -> Status {
    match (from, executor) {
        (Status::New, Some(executor)) if executor == me => Status::Accepted,
        (Status::New | Status::Accepted, Some(executor)) if executor != me => Status::InProgress,
        _ => from,
    }
}

/// Lays an operation of the staff over where a ticket stands.
pub(crate) fn lay(standing: &mut Standing, entry: &Entry, body: &Body, me: Option<StaffId>) {
    match body {
        // What stands elsewhere than the person saw stays there: whoever was first decides.
        Body::MoveTicket(body) if standing.status == body.from => {
            standing.moves(entry, Party::Staff, body.to, &body.reason);
        }
        Body::AssignTicket(body) => {
            let to = me.map_or(standing.status, |me| onwards(standing.status, body.executor, me));
            standing.moves(entry, Party::Staff, to, &MessageText::default());
        }
        Body::MeetDuty(body) => standing.notes(entry, Party::Staff, Happened::Met { duty: body.duty }),
        _ => {}
    }
}
