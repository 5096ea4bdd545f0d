//! What a resident does with a ticket that is there: closes it, opens it again.

use super::table::update;
use super::telling::{Doer, note, publish};
use super::{StoredTicket, classifier, load};
use crate::operations::{Deed, Refused};
use crate::storage::{Ticket as Place, Tx};
use domain::TicketId;
use domain::ticket::{Party, Status};
use wire::problem::Rejection;
use wire::ticket::{CloseTicket, Happened, ReopenTicket};

/// Closes a ticket, with or without a rating. One that was closed meanwhile only takes the rating.
pub fn close(tx: &mut Tx<'_>, deed: &Deed<'_>, body: &CloseTicket) -> Result<Place, Refused> {
    let mut stored = own(tx, deed, body.ticket)?;
    let doer = Doer::of(tx, deed)?;
    let from = stored.ticket().status;
    if from != Status::Closed {
        from.check(Status::Closed, Party::Resident).map_err(|_| Rejection::TicketStands { status: from })?;
        let now_ms = tx.now_ms();
        stored.stand(Status::Closed, now_ms);
        let moved = Happened::Moved { from, to: Status::Closed, reason: domain::MessageText::default() };
        note(tx, deed.effects.config, &stored, &doer, moved)?;
    }
    if let Some(rating) = body.rating {
        stored.desk.ticket.rating = Some(rating);
        let rated = Happened::Rated { rating, word: body.word.clone() };
        note(tx, deed.effects.config, &stored, &doer, rated)?;
    }
    update(tx, &stored)?;
    Ok(publish(tx, stored, &doer))
}

/// Opens a ticket again: somebody has to take it anew, and its deadlines run from now.
pub fn reopen(tx: &mut Tx<'_>, deed: &Deed<'_>, body: &ReopenTicket) -> Result<Place, Refused> {
    let mut stored = own(tx, deed, body.ticket)?;
    let from = stored.ticket().status;
    from.check(Status::New, Party::Resident).map_err(|_| Rejection::TicketStands { status: from })?;
    let config = deed.effects.config;
    let doer = Doer::of(tx, deed)?;
    let now_ms = tx.now_ms();
    stored.stand(Status::New, now_ms);
    let types = classifier::types(tx, config)?;
    stored.desk.executor = None;
    let ticket = &mut stored.desk.ticket;
    ticket.executor_name.clear();
    ticket.visit_by_ms = None;
    ticket.reason = body.why.clone();
    ticket.reopened += 1;
    if let Some(trouble) = classifier::find(&types, stored.desk.subtype) {
        ticket.deadlines = classifier::deadlines(config, trouble.subtype, now_ms);
    }
    let moved = Happened::Moved { from, to: Status::New, reason: body.why.clone() };
    note(tx, config, &stored, &doer, moved)?;
    update(tx, &stored)?;
    Ok(publish(tx, stored, &doer))
}

/// A ticket of the actor. One that is not there and one of somebody else are not told apart.
fn own(tx: &mut Tx<'_>, deed: &Deed<'_>, ticket: TicketId) -> Result<StoredTicket, Refused> {
    let resident = deed.actor.resident()?;
    let stored = load(tx, ticket)?.filter(|stored| stored.desk.resident == Some(resident));
    stored.ok_or_else(|| Rejection::NotYours.into())
}
