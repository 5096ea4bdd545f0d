//! A ticket in the list.

use super::board::Board;
use super::deadlines;
use super::standing::{Standing, mark_of, standing};
use crate::overlay::entry::Entry;
use crate::view::TicketRow;
use domain::TicketId;
use domain::ticket::{Status, short_name};
use wire::ticket::{Conversation, CreateTicket, Ticket};

/// The row of a ticket of the mirror.
pub(crate) fn mirrored(board: &Board, ticket: &Ticket) -> TicketRow {
    let Standing { status, rating, .. } = standing(board, ticket.id);
    let last_event = board.events_of(ticket.id).iter().map(|event| event.at_ms).max();
    TicketRow {
        ticket: ticket.id.to_string(),
        number: Some(ticket.number),
        short_name: ticket.short_name.clone(),
        short_address: ticket
            .account
            .and_then(|account| board.account(account))
            .map_or(&ticket.address, |account| &account.short_address)
            .clone(),
        emergency: ticket.emergency,
        status,
        at_ms: last_ms(board, ticket.id, last_event.unwrap_or(0).max(ticket.registered_ms)),
        unread: unread(board, ticket.id),
        mark: mark_of(board, Conversation::Ticket(ticket.id)),
        rate: status == Status::Done && rating.is_none(),
        deadline: deadlines::next(board, ticket, status),
        draft: board.drafts.contains(&Conversation::Ticket(ticket.id)),
    }
}

/// The row of a ticket that is only here.
pub(crate) fn created(board: &Board, entry: &Entry, body: &CreateTicket) -> TicketRow {
    let subtype = board.subtype(body.subtype).map(|(_, subtype)| subtype);
    let name = subtype.map_or("", |subtype| &subtype.name);
    TicketRow {
        ticket: body.ticket.to_string(),
        number: None,
        short_name: short_name(name, body.description.as_str()),
        short_address: board.account(body.account).map(|account| account.short_address.clone()).unwrap_or_default(),
        emergency: subtype.is_some_and(|subtype| subtype.emergency),
        status: standing(board, body.ticket).status,
        at_ms: last_ms(board, body.ticket, entry.captured_ms),
        unread: 0,
        mark: mark_of(board, Conversation::Ticket(body.ticket)),
        rate: false,
        deadline: None,
        draft: board.drafts.contains(&Conversation::Ticket(body.ticket)),
    }
}

/// When something last happened in it.
fn last_ms(board: &Board, ticket: TicketId, known_ms: i64) -> i64 {
    let conversation = Conversation::Ticket(ticket);
    let entered = board.not_in_the_mirror(conversation).map(|entry| entry.captured_ms);
    entered.chain([board.digest(conversation).last_ms]).fold(known_ms, i64::max)
}

/// Messages and events that were not seen yet.
pub(crate) fn unread(board: &Board, ticket: TicketId) -> u32 {
    let events = u32::try_from(board.unseen_events(ticket).count()).unwrap_or(u32::MAX);
    board.digest(Conversation::Ticket(ticket)).unread.saturating_add(events)
}
