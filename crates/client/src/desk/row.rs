//! A ticket in the list of the desk.

use super::laid::Laid;
use super::look::Look;
use super::overruled;
use crate::store::StoreError;
use crate::view::{DeadlineView, DeskRow};
use chrono::DateTime;
use domain::ticket::deadline::{Urgency, urgency};
use domain::ticket::{Party, Status};
use wire::entity::Entity;
use wire::operation::Body;
use wire::ticket::{Conversation, Happened, Ticket};

/// More unread messages say no more to anybody.
const COUNTED: u32 = 1000;

/// The row of a ticket.
pub(crate) fn row(look: &Look, laid: &Laid) -> Result<DeskRow, StoreError> {
    let ticket = &laid.desk.ticket;
    let from_ms = runs_from(look, ticket)?;
    let deadline = next(look, ticket, from_ms);
    Ok(DeskRow {
        ticket: ticket.id.to_string(),
        number: laid.numbered.then_some(ticket.number),
        short_name: ticket.short_name.clone(),
        address: ticket.address.clone(),
        emergency: ticket.emergency,
        status: ticket.status,
        executor: ticket.executor_name.clone(),
        source: ticket.source,
        elapsed: deadline.as_ref().map_or(0, |deadline| elapsed(from_ms, deadline.due_ms, look.now_ms)),
        deadline,
        unread: unread(look, Conversation::Ticket(ticket.id))?,
        incident: ticket.incident.map(|incident| incident.to_string()),
        mark: laid.mark.clone(),
        overruled: overruled::lately(look, ticket.id)?,
    })
}

/// The next deadline that was not met, while the utility owes work.
fn next(look: &Look, ticket: &Ticket, from_ms: i64) -> Option<DeadlineView> {
    let open = ticket.deadlines.iter().filter(|deadline| deadline.done_ms.is_none());
    let next = open.min_by_key(|deadline| deadline.due_ms).filter(|_| ticket.status.is_open())?;
    let moment = |ms: i64| DateTime::from_timestamp_millis(ms).unwrap_or_default();
    let urgency: Urgency = urgency(moment(from_ms), moment(next.due_ms), moment(look.now_ms));
    Some(DeadlineView { duty: next.duty, due_ms: next.due_ms, done_ms: None, urgency })
}

/// From when deadlines run: from the registration, or from when it was last opened again.
fn runs_from(look: &Look, ticket: &Ticket) -> Result<i64, StoreError> {
    if ticket.reopened == 0 {
        return Ok(ticket.registered_ms);
    }
    let events = look.mirror.list("ticket_event", ticket.id.uuid())?.into_iter();
    let again = events.filter_map(|found| match found.entity {
        Entity::TicketEvent(event) if matches!(event.what, Happened::Moved { to: Status::New, .. }) => {
            Some(event.at_ms)
        }
        _ => None,
    });
    Ok(again.max().unwrap_or(ticket.registered_ms))
}

/// How much of a time is over, in per cent.
fn elapsed(from_ms: i64, due_ms: i64, now_ms: i64) -> u8 {
    let (from, due, now) = (i128::from(from_ms), i128::from(due_ms), i128::from(now_ms));
    let whole = (due - from).max(1);
    u8::try_from((now - from).clamp(0, whole) * 100 / whole).unwrap_or(100)
}

/// Messages of the other side that nobody of the staff has read.
pub(crate) fn unread(look: &Look, conversation: Conversation) -> Result<u32, StoreError> {
    let id = conversation.id();
    let last = look.mirror.last_place("message", id)?;
    if last == 0 {
        return Ok(0);
    }
    let marks = look.mirror.list("read_mark", id)?.into_iter();
    let mirrored = marks.filter_map(|found| match found.entity {
        Entity::ReadMark(mark) if mark.party == Party::Staff => Some(mark.through),
        _ => None,
    });
    let noted =
        look.entries.iter().filter(|entry| entry.overlays(look.seq)).filter_map(|entry| match entry.body()? {
            Body::MarkRead(body) if body.conversation == conversation => Some(body.through),
            _ => None,
        });
    let read = mirrored.chain(noted).max().unwrap_or(0);
    if read >= last {
        return Ok(0);
    }
    let new = look.mirror.placed("message", id, read + 1..=last, COUNTED)?.into_iter();
    let theirs = new.filter(|found| matches!(&found.entity, Entity::Message(message) if message.from != Party::Staff));
    Ok(u32::try_from(theirs.count()).unwrap_or(COUNTED))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_over_never_leaves_its_bounds() {
        assert_eq!(elapsed(100, 200, 50), 0, "a clock that is behind");
        assert_eq!(elapsed(100, 200, 150), 50);
        assert_eq!(elapsed(100, 200, 500), 100);
        assert_eq!(elapsed(100, 100, 100), 0, "no time at all");
        assert_eq!(elapsed(100, 100, 101), 100);
        assert_eq!(elapsed(i64::MIN, i64::MAX, 0), 50, "no time is too long");
    }
}
