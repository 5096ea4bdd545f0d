//! The workplace of the dispatchers and the support. Everything is entered into the queue, as at every other place.

pub(super) mod deeds;
pub(super) mod editing;
pub(super) mod incidents;
pub(super) mod phone;
pub(super) mod reports;
pub(super) mod support;

use super::{Nothing, tickets};
use crate::core::Core;
use crate::desk::look::Look;
use crate::desk::shelf::Wanted;
use crate::desk::{Query, house, office, overruled, row, support as helpdesk};
use crate::overlay::tickets::{card, gather, list};
use crate::report::Fault;
use crate::session::Person;
use crate::view::{
    AttachmentLimitsView, DeskTicketView, DeskTicketsArgs, DeskTicketsView, DeskView, Failure, TicketArgs,
};
use domain::TicketId;
use domain::ticket::Party;
use futures_util::future::try_join_all;
use std::sync::Arc;
use wire::desk::Role;
use wire::operation::Body;
use wire::ticket::Conversation;

/// The most rows in one part of the list.
const MOST: u32 = 200;

/// Who is signed in and what stands before them.
pub(super) fn at_desk(core: &Core) -> Result<(Arc<Person>, Look), Fault> {
    let person = core.require_person()?;
    let look = Look::now(&person.engine, core.zone())?;
    person.stands(Party::Staff);
    Ok((person, look))
}

/// What stands on the left and in every menu.
pub(super) async fn desk(core: &Arc<Core>, _: Nothing) -> Result<DeskView, Fault> {
    let (person, look) = at_desk(core)?;
    let counts = person.desk.counts(&look)?;
    let incidents = office::incidents(&look)?;
    let limits = core.attachment_rules().limits;
    Ok(DeskView {
        known: look.seq.is_some(),
        me: office::me(&look),
        shelves: counts.shelves,
        chats: count(helpdesk::waiting_chats(&look)?),
        questions: count(helpdesk::waiting_questions(&look)?),
        types: office::types(&look)?.iter().map(list::kind).collect(),
        incidents: office::incident_views(&look, &incidents, |id| counts.folded.get(&id).copied().unwrap_or(0))?,
        departments: office::departments(&look)?,
        staff: office::staff(&look)?,
        canned: office::canned(&look)?,
        limits: AttachmentLimitsView { files: u32::from(limits.files), bytes: limits.file_bytes },
    })
}

/// A part of the list.
pub(super) async fn list(core: &Arc<Core>, args: DeskTicketsArgs) -> Result<DeskTicketsView, Fault> {
    let (person, look) = at_desk(core)?;
    let wanted = Wanted {
        shelf: args.shelf,
        department: named(args.department.as_deref())?,
        executor: named(args.executor.as_deref())?,
        query: Query::parse(&args.text, look.year()),
        urgent_first: args.urgent_first,
    };
    let (from, count) = (args.from as usize, args.count.clamp(1, MOST) as usize);
    let part = person.desk.part(&look, &wanted, from, count)?;
    let total = self::count(part.total);
    Ok(DeskTicketsView { total, from: args.from.min(total), rows: part.rows })
}

/// A ticket with everything of it.
pub(super) async fn ticket(core: &Arc<Core>, args: TicketArgs) -> Result<DeskTicketView, Fault> {
    let (person, look) = at_desk(core)?;
    let id = tickets::id(&args.ticket)?;
    let laid = look.ticket(id)?.ok_or(Failure::Gone)?;
    let (board, _) = gather::one(&person.engine, person.beside(core.zone()), Conversation::Ticket(id))?;
    let shelf = |file| person.files.facts(&person.engine, file);
    let mut ticket = card::card(&board, id, &shelf).ok_or(Failure::Gone)?;
    let desk = &laid.desk;
    ticket.account_number = desk.account_number.as_ref().map(ToString::to_string).unwrap_or_default();
    ticket.row.number = ticket.row.number.filter(|_| laid.numbered);
    ticket.registered_ms = ticket.registered_ms.filter(|_| laid.numbered);
    // These are the resident's; the staff has its own ways.
    (ticket.may_close, ticket.may_reopen) = (false, false);
    let mut note_draft = person.drafts.of_note(id);
    person.files.refresh(&person.engine, &mut note_draft);
    Ok(DeskTicketView {
        row: row::row(&look, &laid)?,
        applicant: desk.applicant_name.clone(),
        phone: desk.applicant_phone.clone(),
        department: desk.department.map(|department| department.to_string()),
        executor: desk.executor.map(|executor| executor.to_string()),
        visit_by_ms: desk.ticket.visit_by_ms,
        moves: if look.is(Role::Dispatcher) { desk.ticket.status.ways(Party::Staff).collect() } else { Vec::new() },
        near: house::near(&look, &person.desk, desk)?,
        incidents: house::incidents(&look, desk)?,
        note_draft,
        overruled: overruled::last(&look, id)?.as_ref().map(card::event),
        ticket,
    })
}

fn count(many: usize) -> u32 {
    u32::try_from(many).unwrap_or(u32::MAX)
}

/// Something that was chosen from a menu.
pub(super) fn named<T: std::str::FromStr>(text: Option<&str>) -> Result<Option<T>, Failure> {
    text.map(|text| text.parse().map_err(|_| Failure::Gone)).transpose()
}

/// The tickets that were chosen.
pub(super) fn ids(tickets: &[String]) -> Result<Vec<TicketId>, Failure> {
    tickets.iter().map(|ticket| super::tickets::id(ticket)).collect()
}

/// Puts all of it into the queue. What is entered together shares its wait for the disk.
pub(super) async fn enter(person: &Person, bodies: Vec<Body>) -> Result<Nothing, Fault> {
    let entered = bodies.into_iter().map(|body| person.engine.enqueue(super::whenever(body), None));
    try_join_all(entered).await?;
    Ok(Nothing {})
}
