//! What the staff does with a ticket: moves it, gives it to somebody, meets a duty, folds it into an incident.
//!
//! Two who did not know of each other: what reached the server first stands. The later operation is accepted, so that
//! nothing hangs in anybody's queue, and leaves a line in the history from which its author sees what became of it.

use super::table::update;
use super::telling::{Doer, note, publish};
use super::{StoredTicket, load};
use crate::operations::{Deed, Refused, invalid};
use crate::storage::{StoreError, Ticket as Place, Tx};
use crate::{incidents, staff};
use domain::ticket::deadline::Duty;
use domain::ticket::{Party, Status};
use domain::{MessageText, StaffId, TicketId};
use wire::desk::{AssignTicket, FoldTicket, MeetDuty, MoveTicket, Role};
use wire::problem::Rejection;
use wire::ticket::{Happened, Ticket};

/// Changes the status by the allowed ways.
pub fn go(tx: &mut Tx<'_>, deed: &Deed<'_>, body: &MoveTicket) -> Result<Place, Refused> {
    let mut stored = of_desk(tx, deed, body.ticket)?;
    let doer = Doer::of(tx, deed)?;
    let stood = stored.ticket().status;
    if stood == body.to {
        // Both wanted the same.
        return Ok(publish(tx, stored, &doer));
    }
    if stood != body.from {
        return overruled(tx, deed, stored, &doer, body.to);
    }
    stood.check(body.to, Party::Staff).map_err(|_| Rejection::TicketStands { status: stood })?;
    if matches!(body.to, Status::Rejected | Status::Deferred) && body.reason.is_empty() {
        return Err(invalid("reason"));
    }
    if (body.to == Status::Deferred) != body.until.is_some() {
        return Err(invalid("until"));
    }
    let now_ms = tx.now_ms();
    let entered_ms = deed.entered_ms(now_ms);
    stored.stand(body.to, now_ms);
    let ticket = &mut stored.desk.ticket;
    ticket.deferred_until = body.until;
    ticket.reason = body.reason.clone();
    if matches!(body.to, Status::Done | Status::Rejected) {
        [Duty::Inform, Duty::Localise, Duty::Finish].into_iter().for_each(|duty| done(ticket, duty, entered_ms));
    } else if !body.reason.is_empty() {
        // The person reads what will be done and when.
        done(ticket, Duty::Inform, entered_ms);
    }
    let moved = Happened::Moved { from: stood, to: body.to, reason: body.reason.clone() };
    finish(tx, deed, stored, &doer, moved)
}

/// Gives a ticket to somebody.
pub fn assign(tx: &mut Tx<'_>, deed: &Deed<'_>, body: &AssignTicket) -> Result<Place, Refused> {
    let me = deed.actor.staff(Role::Dispatcher)?.id;
    let mut stored = of_desk(tx, deed, body.ticket)?;
    let doer = Doer::of(tx, deed)?;
    let config = deed.effects.config;
    let executor = match body.executor {
        Some(id) => Some(staff::member(tx, id)?.filter(|member| member.active).ok_or_else(|| invalid("executor"))?),
        None => None,
    };
    if body.department.is_some_and(|id| config.tickets.department(id).is_empty()) {
        return Err(invalid("department"));
    }
    let name = executor.as_ref().map(staff::Member::short_name).unwrap_or_default();
    if stored.desk.executor != body.seen && stored.desk.executor != body.executor {
        let stood = stored.ticket().executor_name.clone();
        return finish(tx, deed, stored, &doer, Happened::TakenBefore { wanted: name, stood });
    }
    let from = stored.ticket().status;
    let to = onwards(from, body.executor, me);
    if !from.is_open() {
        return overruled(tx, deed, stored, &doer, to);
    }
    let now_ms = tx.now_ms();
    stored.desk.executor = body.executor;
    stored.desk.department = body.department;
    let ticket = &mut stored.desk.ticket;
    ticket.executor_name.clone_from(&name);
    if body.visit_by_ms.is_some() && ticket.visit_by_ms != body.visit_by_ms {
        // The person reads when somebody comes.
        done(ticket, Duty::Inform, deed.entered_ms(now_ms));
    }
    ticket.visit_by_ms = body.visit_by_ms;
    let department = body.department.map(|id| config.tickets.department(id).to_owned()).unwrap_or_default();
    let assigned = Happened::Assigned { executor: name, department, visit_by_ms: body.visit_by_ms };
    note(tx, config, &stored, &doer, assigned)?;
    if from == to {
        update(tx, &stored)?;
        return Ok(publish(tx, stored, &doer));
    }
    stored.stand(to, now_ms);
    finish(tx, deed, stored, &doer, Happened::Moved { from, to, reason: MessageText::default() })
}

/// Where a ticket stands after it was given to somebody: taken by the actor it is accepted, with another it is in work.
fn onwards(from: Status, executor: Option<StaffId>, me: StaffId) -> Status {
    match (from, executor) {
        (Status::New, Some(executor)) if executor == me => Status::Accepted,
        (Status::New | Status::Accepted, Some(executor)) if executor != me => Status::InProgress,
        // Whom nobody works on and who was only forwarded stays where they are.
        _ => from,
    }
}

/// Notes that a duty was met before all is done.
pub fn meet(tx: &mut Tx<'_>, deed: &Deed<'_>, body: &MeetDuty) -> Result<Place, Refused> {
    let mut stored = of_desk(tx, deed, body.ticket)?;
    let doer = Doer::of(tx, deed)?;
    if body.duty == Duty::Finish {
        return Err(invalid("duty"));
    }
    let open = |deadline: &&wire::ticket::Deadline| deadline.duty == body.duty && deadline.done_ms.is_none();
    if stored.ticket().deadlines.iter().find(open).is_none() {
        return Ok(publish(tx, stored, &doer));
    }
    let entered_ms = deed.entered_ms(tx.now_ms());
    done(&mut stored.desk.ticket, body.duty, entered_ms);
    finish(tx, deed, stored, &doer, Happened::Met { duty: body.duty })
}

/// Makes a ticket one of an incident, or of none.
pub fn fold(tx: &mut Tx<'_>, deed: &Deed<'_>, body: &FoldTicket) -> Result<Place, Refused> {
    let mut stored = of_desk(tx, deed, body.ticket)?;
    let doer = Doer::of(tx, deed)?;
    if stored.ticket().incident == body.incident {
        return Ok(publish(tx, stored, &doer));
    }
    let what = match body.incident {
        Some(id) => {
            let incident = incidents::load(tx, id)?.ok_or_else(|| invalid("incident"))?;
            Happened::Folded { title: incident.title }
        }
        None => Happened::Unfolded,
    };
    stored.desk.ticket.incident = body.incident;
    finish(tx, deed, stored, &doer, what)
}

/// A message of the staff tells the person what will be done.
pub(crate) fn informed(tx: &mut Tx<'_>, deed: &Deed<'_>, mut stored: StoredTicket) -> Result<(), StoreError> {
    let entered_ms = deed.entered_ms(tx.now_ms());
    let before = stored.ticket().deadlines.clone();
    done(&mut stored.desk.ticket, Duty::Inform, entered_ms);
    if stored.ticket().deadlines != before {
        update(tx, &stored)?;
        let doer = Doer::of(tx, deed)?;
        publish(tx, stored, &doer);
    }
    Ok(())
}

/// An answer that was waited for: the work goes on.
pub(crate) fn answered(tx: &mut Tx<'_>, deed: &Deed<'_>, mut stored: StoredTicket) -> Result<(), StoreError> {
    let from = stored.ticket().status;
    if from != Status::AwaitingResident {
        return Ok(());
    }
    let to = if stored.desk.executor.is_some() { Status::InProgress } else { Status::Accepted };
    let now_ms = tx.now_ms();
    stored.stand(to, now_ms);
    let doer = Doer::server();
    let moved = Happened::Moved { from, to, reason: MessageText::default() };
    note(tx, deed.effects.config, &stored, &doer, moved)?;
    update(tx, &stored)?;
    publish(tx, stored, &doer);
    Ok(())
}

/// A ticket as the actor sees it, who is a dispatcher.
fn of_desk(tx: &mut Tx<'_>, deed: &Deed<'_>, ticket: TicketId) -> Result<StoredTicket, Refused> {
    deed.actor.staff(Role::Dispatcher)?;
    load(tx, ticket)?.ok_or_else(|| Rejection::NotYours.into())
}

fn overruled(
    tx: &mut Tx<'_>,
    deed: &Deed<'_>,
    stored: StoredTicket,
    doer: &Doer,
    wanted: Status,
) -> Result<Place, Refused> {
    let stood = stored.ticket().status;
    finish(tx, deed, stored, doer, Happened::Overruled { wanted, stood })
}

fn finish(
    tx: &mut Tx<'_>,
    deed: &Deed<'_>,
    stored: StoredTicket,
    doer: &Doer,
    what: Happened,
) -> Result<Place, Refused> {
    note(tx, deed.effects.config, &stored, doer, what)?;
    update(tx, &stored)?;
    Ok(publish(tx, stored, doer))
}

/// Notes when a duty was met, unless it was before. Not before the ticket was registered, whatever the clock says.
fn done(ticket: &mut Ticket, duty: Duty, at_ms: i64) {
    let at_ms = at_ms.max(ticket.registered_ms);
    let open = ticket.deadlines.iter_mut().filter(|deadline| deadline.duty == duty && deadline.done_ms.is_none());
    open.for_each(|deadline| deadline.done_ms = Some(at_ms));
}
