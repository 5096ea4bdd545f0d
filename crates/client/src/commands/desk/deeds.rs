//! What the staff does with tickets: takes them, gives them to somebody, moves them, meets a duty, writes a note.

use super::super::{Nothing, fields, tickets, whenever};
use super::{at_desk, enter, ids, named};
use crate::core::Core;
use crate::desk::look::Look;
use crate::drafts;
use crate::engine::NewOperation;
use crate::report::Fault;
use crate::view::{
    DeskAssignArgs, DeskMeetArgs, DeskMoveArgs, DeskNoteArgs, DeskTicketsOf, Failure, Field, FieldProblem, Topic,
};
use domain::ticket::deadline::Duty;
use domain::ticket::{Party, Status};
use domain::{MessageId, TicketId};
use std::sync::Arc;
use wire::desk::{AddNote, AssignTicket, DeskTicket, MeetDuty, MoveTicket};
use wire::operation::Body;
use wire::problem::Rejection;

/// «Взять».
pub(in super::super) async fn take(core: &Arc<Core>, args: DeskTicketsOf) -> Result<Nothing, Fault> {
    let (person, look) = at_desk(core)?;
    let (me, own) = (look.work.staff, look.work.department);
    let bodies = each(&look, &ids(&args.tickets)?, |desk| {
        let (executor, department) = (Some(me), desk.department.or(own));
        let of = AssignTicket { executor, department, ..as_it_is(desk) };
        open(desk, desk.executor != executor || desk.ticket.status == Status::New).map(|()| Body::AssignTicket(of))
    })?;
    enter(&person, bodies).await
}

/// «Передать»: to a department, to somebody, until when somebody comes.
pub(in super::super) async fn assign(core: &Arc<Core>, args: DeskAssignArgs) -> Result<Nothing, Fault> {
    let (person, look) = at_desk(core)?;
    let (department, executor) = (named(args.department.as_deref())?, named(args.executor.as_deref())?);
    let bodies = each(&look, &ids(&args.tickets)?, |desk| {
        let before = as_it_is(desk);
        let of = AssignTicket {
            executor: executor.or(before.executor),
            department: department.or(before.department),
            visit_by_ms: args.visit_by_ms.or(before.visit_by_ms),
            ..before
        };
        open(desk, of != before).map(|()| Body::AssignTicket(of))
    })?;
    enter(&person, bodies).await
}

/// Changes the status by the allowed ways.
pub(in super::super) async fn go(core: &Arc<Core>, args: DeskMoveArgs) -> Result<Nothing, Fault> {
    let (person, look) = at_desk(core)?;
    let (to, reason) = (args.to, fields::text(&args.reason)?);
    if matches!(to, Status::Rejected | Status::Deferred) && reason.is_empty() {
        return Err(Failure::Field { field: Field::Reason, problem: FieldProblem::Empty }.into());
    }
    let until = args.until.filter(|_| to == Status::Deferred);
    if to == Status::Deferred && until.is_none() {
        return Err(Failure::Field { field: Field::Until, problem: FieldProblem::Empty }.into());
    }
    let bodies = each(&look, &ids(&args.tickets)?, |desk| {
        let (ticket, from) = (desk.ticket.id, desk.ticket.status);
        from.check(to, Party::Staff).map_err(|_| from)?;
        Ok(Body::MoveTicket(MoveTicket { ticket, from, to, reason: reason.clone(), until }))
    })?;
    enter(&person, bodies).await
}

/// The person was told, or the damage is stopped.
pub(in super::super) async fn meet(core: &Arc<Core>, args: DeskMeetArgs) -> Result<Nothing, Fault> {
    let (person, look) = at_desk(core)?;
    let duty = args.duty;
    if duty == Duty::Finish {
        return Err(Fault::Defect("all is done when the ticket is moved to done".into()));
    }
    let bodies = each(&look, &[tickets::id(&args.ticket)?], |desk| {
        let ticket = desk.ticket.id;
        open(desk, true).map(|()| Body::MeetDuty(MeetDuty { ticket, duty }))
    })?;
    enter(&person, bodies).await
}

/// What only the staff reads. Its draft goes in the commit that queues it.
pub(in super::super) async fn note(core: &Arc<Core>, args: DeskNoteArgs) -> Result<Nothing, Fault> {
    let (person, look) = at_desk(core)?;
    let ticket = tickets::id(&args.ticket)?;
    look.ticket(ticket)?.ok_or(Failure::Gone)?;
    let _turn = person.drafts.turn.lock().await;
    let text = fields::text(&args.draft.text)?;
    let (attachments, needs) = person.files.enclose(&args.draft, core.attachment_rules().limits)?;
    if text.is_empty() && attachments.is_empty() {
        return Err(Failure::Field { field: Field::Text, problem: FieldProblem::Empty }.into());
    }
    let note = MessageId::new(super::super::mint(core));
    let body = Body::AddNote(AddNote { note, ticket, text, attachments });
    let operation = NewOperation { needs, ..whenever(body) };
    person.engine.enqueue_and_forget(operation, None, Some(&drafts::name_of_note(ticket))).await?;
    person.drafts.note_sent(ticket);
    core.tell(&[Topic::Tickets]);
    Ok(Nothing {})
}

/// Makes the operation of each of the tickets. Of many, those that stand elsewhere by now are left as they are; when all
/// of them do, the first says where.
pub(super) fn each(
    look: &Look,
    tickets: &[TicketId],
    body: impl Fn(&DeskTicket) -> Result<Body, Status>,
) -> Result<Vec<Body>, Fault> {
    let (mut bodies, mut refused) = (Vec::with_capacity(tickets.len()), None);
    for id in tickets {
        let laid = look.ticket(*id)?.ok_or(Failure::Gone)?;
        match body(&laid.desk) {
            Ok(body) => bodies.push(body),
            Err(status) => _ = refused.get_or_insert(status),
        }
    }
    match refused {
        Some(status) if bodies.is_empty() => {
            Err(Failure::Rejected { rejection: Rejection::TicketStands { status } }.into())
        }
        _ => Ok(bodies),
    }
}

/// Whether something can be done with it: the utility owes work, and something would change.
fn open(desk: &DeskTicket, changes: bool) -> Result<(), Status> {
    if desk.ticket.status.is_open() && changes { Ok(()) } else { Err(desk.ticket.status) }
}

fn as_it_is(desk: &DeskTicket) -> AssignTicket {
    AssignTicket {
        ticket: desk.ticket.id,
        seen: desk.executor,
        executor: desk.executor,
        department: desk.department,
        visit_by_ms: desk.ticket.visit_by_ms,
    }
}
