//! Decisions that came second. The server accepts them, and they leave nothing but a line of the history.

use super::look::Look;
use crate::overlay::entry::Fate;
use crate::store::StoreError;
use domain::TicketId;
use wire::entity::Entity;
use wire::operation::Body;
use wire::ticket::{Happened, TicketEvent};

/// The last decision about a ticket, when it came second.
pub(crate) fn last(look: &Look, ticket: TicketId) -> Result<Option<TicketEvent>, StoreError> {
    let events = look.mirror.list("ticket_event", ticket.uuid())?.into_iter();
    let decisions = events.filter_map(|found| match found.entity {
        Entity::TicketEvent(event) if is_decision(&event.what) => Some(event),
        _ => None,
    });
    // Of two at one moment the one that came second is later.
    let last = decisions.max_by_key(|event| (event.at_ms, came_second(&event.what), event.id));
    Ok(last.filter(|event| came_second(&event.what)))
}

/// Whether a decision that was entered here and accepted lately came second.
pub(crate) fn lately(look: &Look, ticket: TicketId) -> Result<bool, StoreError> {
    let accepted = look.entries.iter().filter(|entry| matches!(entry.fate, Fate::Acked { .. }));
    let decided = accepted.chain(&look.accepted).any(|entry| match entry.body() {
        Some(Body::MoveTicket(body)) => body.ticket == ticket,
        Some(Body::AssignTicket(body)) => body.ticket == ticket,
        _ => false,
    });
    Ok(decided && last(look, ticket)?.is_some())
}

const fn is_decision(what: &Happened) -> bool {
    matches!(what, Happened::Moved { .. } | Happened::Assigned { .. }) || came_second(what)
}

const fn came_second(what: &Happened) -> bool {
    matches!(what, Happened::Overruled { .. } | Happened::TakenBefore { .. })
}
