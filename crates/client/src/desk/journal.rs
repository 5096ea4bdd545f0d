//! «Диспетчерский журнал»: the tickets of some days, in the order in which they were registered.

use super::look::Look;
use super::tickets::Desk;
use crate::overlay::picture::day_in;
use crate::store::StoreError;
use crate::view::DeskJournalLine;
use chrono::NaiveDate;
use domain::ticket::Status;
use domain::ticket::deadline::Duty;
use domain::{TicketId, ticket};
use wire::entity::Entity;
use wire::ticket::{Happened, Ticket};

/// The lines. What the server did not register stands in no journal.
pub(crate) fn lines(
    look: &Look,
    desk: &Desk,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Vec<DeskJournalLine>, StoreError> {
    let answered = desk.over_all(look, |cards| {
        let days = from..=to;
        let within = cards.filter_map(|card| Some((card.number?, card)));
        let within = within.filter(|(_, card)| days.contains(&day_in(look.zone, card.registered_ms)));
        within.map(|(number, card)| (card.registered_ms, number, card.id)).collect::<Vec<_>>()
    })?;
    let mut found = answered.answer;
    found.sort_unstable();
    let mut lines = Vec::with_capacity(found.len());
    for (_, number, id) in found {
        lines.extend(line(look, number, id)?);
    }
    Ok(lines)
}

fn line(look: &Look, number: ticket::TicketNumber, id: TicketId) -> Result<Option<DeskJournalLine>, StoreError> {
    let Some(laid) = look.ticket(id)? else { return Ok(None) };
    let desk = laid.desk;
    let finished_ms = finished_ms(look, &desk.ticket)?;
    let ticket = desk.ticket;
    Ok(Some(DeskJournalLine {
        number,
        at_ms: ticket.registered_ms,
        address: ticket.address,
        applicant: desk.applicant_name,
        phone: desk.applicant_phone,
        name: ticket.description.as_str().to_owned(),
        type_name: match (ticket.type_name.as_str(), ticket.subtype_name.as_str()) {
            (kind, "") => kind.to_owned(),
            ("", subtype) => subtype.to_owned(),
            (kind, subtype) => format!("{kind}: {subtype}"),
        },
        executor: ticket.executor_name,
        deadlines: ticket.deadlines,
        status: ticket.status,
        finished_ms,
    }))
}

/// When nothing more was to be done.
fn finished_ms(look: &Look, ticket: &Ticket) -> Result<Option<i64>, StoreError> {
    if ticket.status.is_open() {
        return Ok(None);
    }
    let finish = ticket.deadlines.iter().find(|deadline| deadline.duty == Duty::Finish);
    if let Some(done_ms) = finish.and_then(|deadline| deadline.done_ms) {
        return Ok(Some(done_ms));
    }
    // A resident who closes meets no duty of the utility.
    let events = look.mirror.list("ticket_event", ticket.id.uuid())?.into_iter();
    let ends = events.filter_map(|found| match found.entity {
        Entity::TicketEvent(event) => match event.what {
            Happened::Moved { to: Status::Done | Status::Closed | Status::Rejected, .. } => Some(event.at_ms),
            _ => None,
        },
        _ => None,
    });
    Ok(ends.max())
}
