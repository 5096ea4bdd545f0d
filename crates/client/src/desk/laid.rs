//! What the staff entered here and the mirror does not contain, laid over its tickets as the server would do it.

use super::card::Card;
use super::registered;
use super::standing::onwards;
use crate::overlay::entry::{Entry, Fate};
use crate::overlay::tickets::board::conversation_of;
use crate::store::{Mirror, StoreError};
use crate::view::Mark;
use domain::ticket::deadline::Duty;
use domain::ticket::{Party, Status};
use domain::{StaffId, TicketId};
use std::collections::BTreeMap;
use wire::desk::{AssignTicket, DeskTicket, MoveTicket};
use wire::entity::Entity;
use wire::operation::Body;
use wire::ticket::Conversation;

/// A ticket with what was entered here laid over it.
#[derive(Debug, Clone)]
pub(crate) struct Laid {
    /// The ticket.
    pub(crate) desk: DeskTicket,
    /// Whether the server gave it a number.
    pub(crate) numbered: bool,
    /// Where the newest of what was entered here is.
    pub(crate) mark: Option<Mark>,
}

impl Laid {
    /// What it is filtered by.
    pub(crate) fn card(&self) -> Card {
        let mut card = Card::from(&self.desk);
        card.number = card.number.filter(|_| self.numbered);
        card
    }
}

/// The tickets about which something was entered here.
pub(crate) fn laid(
    entries: &[Entry],
    seq: Option<i64>,
    mirror: &Mirror,
    me: StaffId,
) -> Result<BTreeMap<TicketId, Laid>, StoreError> {
    let mut of_tickets: BTreeMap<TicketId, Vec<&Entry>> = BTreeMap::new();
    for entry in
        entries.iter().filter(|entry| !entry.is_read_mark() && (entry.overlays(seq) || entry.needs_attention()))
    {
        if let Some(Conversation::Ticket(ticket)) = entry.body().and_then(conversation_of) {
            of_tickets.entry(ticket).or_default().push(entry);
        }
    }
    let mut laid = BTreeMap::new();
    for (ticket, entries) in of_tickets {
        if let Some(of_ticket) = over(ticket, &entries, seq, mirror, me)? {
            laid.insert(ticket, of_ticket);
        }
    }
    Ok(laid)
}

/// One ticket with what was entered here laid over it; `None` when there is no such ticket.
pub(crate) fn one(
    entries: &[Entry],
    seq: Option<i64>,
    mirror: &Mirror,
    ticket: TicketId,
    me: StaffId,
) -> Result<Option<Laid>, StoreError> {
    let about = |entry: &&Entry| entry.body().and_then(conversation_of) == Some(Conversation::Ticket(ticket));
    let open = |entry: &&Entry| !entry.is_read_mark() && (entry.overlays(seq) || entry.needs_attention());
    let entries: Vec<&Entry> = entries.iter().filter(about).filter(open).collect();
    over(ticket, &entries, seq, mirror, me)
}

fn over(
    ticket: TicketId,
    entries: &[&Entry],
    seq: Option<i64>,
    mirror: &Mirror,
    me: StaffId,
) -> Result<Option<Laid>, StoreError> {
    let mirrored = mirror.get("desk_ticket", ticket.uuid())?.and_then(|found| match found.entity {
        Entity::DeskTicket(desk) => Some(*desk),
        _ => None,
    });
    let numbered = mirrored.is_some();
    let entered = || entries.iter().find_map(|entry| Some((*entry, registered::body(entry)?)));
    let desk = match mirrored {
        Some(desk) => Some(desk),
        None => entered().map(|(entry, body)| registered::ticket(entry, body, mirror)).transpose()?,
    };
    let Some(mut desk) = desk else { return Ok(None) };
    for entry in entries.iter().filter(|entry| entry.overlays(seq)) {
        lay(&mut desk, entry, mirror, me)?;
    }
    Ok(Some(Laid { desk, numbered, mark: mark(entries) }))
}

/// The mark of what needs the person, else of the newest that is not accepted yet.
fn mark(entries: &[&Entry]) -> Option<Mark> {
    let needing = entries.iter().rev().find(|entry| entry.needs_attention());
    let newest = || entries.iter().rev().find(|entry| !matches!(entry.fate, Fate::Acked { .. }));
    needing.or_else(newest).map(|entry| entry.mark())
}

fn lay(desk: &mut DeskTicket, entry: &Entry, mirror: &Mirror, me: StaffId) -> Result<(), StoreError> {
    match entry.body() {
        Some(Body::MoveTicket(body)) => moves(desk, body, entry.captured_ms),
        Some(Body::AssignTicket(body)) => assigns(desk, body, entry.captured_ms, mirror, me)?,
        Some(Body::MeetDuty(body)) => meets(desk, body.duty, entry.captured_ms),
        Some(Body::FoldTicket(body)) => desk.ticket.incident = body.incident,
        // The person reads what will be done.
        Some(Body::SendMessage(_)) => meets(desk, Duty::Inform, entry.captured_ms),
        _ => {}
    }
    Ok(())
}

fn moves(desk: &mut DeskTicket, body: &MoveTicket, at_ms: i64) {
    let ticket = &mut desk.ticket;
    // What stands elsewhere than the person saw stays there: whoever was first decides.
    if ticket.status != body.from || ticket.status.check(body.to, Party::Staff).is_err() {
        return;
    }
    ticket.status = body.to;
    ticket.reason = body.reason.clone();
    ticket.deferred_until = body.until;
    if matches!(body.to, Status::Done | Status::Rejected) {
        [Duty::Inform, Duty::Localise, Duty::Finish].into_iter().for_each(|duty| meets(desk, duty, at_ms));
    } else if !body.reason.is_empty() {
        meets(desk, Duty::Inform, at_ms);
    }
}

fn assigns(
    desk: &mut DeskTicket,
    body: &AssignTicket,
    at_ms: i64,
    mirror: &Mirror,
    me: StaffId,
) -> Result<(), StoreError> {
    let taken_before = desk.executor != body.seen && desk.executor != body.executor;
    if taken_before || !desk.ticket.status.is_open() {
        return Ok(());
    }
    desk.executor = body.executor;
    desk.department = body.department;
    if body.visit_by_ms.is_some() && desk.ticket.visit_by_ms != body.visit_by_ms {
        meets(desk, Duty::Inform, at_ms);
    }
    desk.ticket.visit_by_ms = body.visit_by_ms;
    desk.ticket.executor_name = body.executor.map(|staff| name_of(mirror, staff)).transpose()?.unwrap_or_default();
    desk.ticket.status = onwards(desk.ticket.status, body.executor, me);
    Ok(())
}

fn meets(desk: &mut DeskTicket, duty: Duty, at_ms: i64) {
    for deadline in desk.ticket.deadlines.iter_mut().filter(|deadline| deadline.duty == duty) {
        deadline.done_ms.get_or_insert(at_ms);
    }
}

/// What somebody of the staff is called.
pub(crate) fn name_of(mirror: &Mirror, staff: StaffId) -> Result<String, StoreError> {
    Ok(match mirror.get("staff", staff.uuid())?.map(|found| found.entity) {
        Some(Entity::Staff(staff)) => staff.name,
        _ => String::new(),
    })
}
