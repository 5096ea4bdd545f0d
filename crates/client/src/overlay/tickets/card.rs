//! The head of a ticket and its «Инфо».

use super::attachments::{self, Shelf};
use super::board::Board;
use super::standing::{Standing, standing};
use super::{deadlines, row};
use crate::overlay::entry::{Entry, Fate};
use crate::view::{TicketEventView, TicketView};
use domain::TicketId;
use domain::ticket::{Party, Rating, Status};
use wire::ticket::{CreateTicket, Ticket, TicketEvent};

/// The ticket; `None` when there is none any more.
pub(crate) fn card(board: &Board, id: TicketId, shelf: &Shelf<'_>) -> Option<TicketView> {
    match board.ticket(id) {
        Some(ticket) => Some(mirrored(board, ticket, shelf)),
        None => board.created_as(id).map(|(entry, body)| created(board, entry, body, shelf)),
    }
}

/// A line of the history.
pub(crate) fn event(event: &TicketEvent) -> TicketEventView {
    TicketEventView { at_ms: event.at_ms, by: event.by, who: event.who.clone(), what: event.what.clone() }
}

fn mirrored(board: &Board, ticket: &Ticket, shelf: &Shelf<'_>) -> TicketView {
    let Standing { status, rating, entered } = standing(board, ticket.id);
    let account = ticket.account.and_then(|account| board.account(account));
    TicketView {
        row: row::mirrored(board, ticket),
        type_name: ticket.type_name.clone(),
        subtype_name: ticket.subtype_name.clone(),
        account_number: account.map(|account| account.number.to_string()).unwrap_or_default(),
        address: ticket.address.clone(),
        description: ticket.description.as_str().to_owned(),
        attachments: ticket.attachments.iter().map(|file| attachments::mirrored(file, shelf)).collect(),
        source: ticket.source,
        captured_ms: ticket.captured_ms,
        registered_ms: Some(ticket.registered_ms),
        reason: ticket.reason.as_str().to_owned(),
        deferred_until: ticket.deferred_until,
        deadlines: deadlines::deadlines(board, ticket, status),
        history: board.events_of(ticket.id).iter().map(event).chain(entered).collect(),
        rating: rating.map(Rating::stars),
        may_close: may(status, Status::Closed),
        may_reopen: may(status, Status::New),
        may_write: !status.is_final(),
        rejected: None,
        subtype: String::new(),
        account: ticket.account.map(|account| account.to_string()).unwrap_or_default(),
    }
}

fn created(board: &Board, entry: &Entry, body: &CreateTicket, shelf: &Shelf<'_>) -> TicketView {
    let Standing { status, rating, entered } = standing(board, body.ticket);
    let trouble = board.subtype(body.subtype);
    let account = board.account(body.account);
    let rejected = matches!(entry.fate, Fate::Rejected { .. });
    let files = body.attachments.iter().map(|file| attachments::entered(file, shelf, !rejected));
    TicketView {
        row: row::created(board, entry, body),
        type_name: trouble.map(|(kind, _)| kind.name.clone()).unwrap_or_default(),
        subtype_name: trouble.map(|(_, subtype)| subtype.name.clone()).unwrap_or_default(),
        account_number: account.map(|account| account.number.to_string()).unwrap_or_default(),
        address: account.map(|account| account.address.clone()).unwrap_or_default(),
        description: body.description.as_str().to_owned(),
        attachments: files.collect(),
        source: entry.content.as_ref().map_or(domain::Source::ResidentApp, |operation| operation.source),
        captured_ms: entry.captured_ms,
        registered_ms: None,
        reason: String::new(),
        deferred_until: None,
        deadlines: Vec::new(),
        history: entered,
        rating: rating.map(Rating::stars),
        may_close: !entry.needs_attention() && may(status, Status::Closed),
        may_reopen: !entry.needs_attention() && may(status, Status::New),
        may_write: !status.is_final(),
        rejected: rejected.then(|| entry.id.to_string()),
        subtype: body.subtype.to_string(),
        account: body.account.to_string(),
    }
}

fn may(from: Status, to: Status) -> bool {
    from.check(to, Party::Resident).is_ok()
}
