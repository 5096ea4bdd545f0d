use super::{Nothing, fields};
use crate::core::Core;
use crate::drafts::NEW_TICKET;
use crate::engine::NewOperation;
use crate::overlay::tickets::board::Board;
use crate::overlay::tickets::gather;
use crate::report::Fault;
use crate::view::{Failure, Field, FieldProblem, TicketCreatedView, TicketDraftView, Topic};
use domain::{OperationId, TicketId};
use std::sync::Arc;
use wire::operation::Body;
use wire::ticket::CreateTicket;

/// What is urgent goes before everything else that waits.
pub(super) const URGENT: i64 = 0;

/// The ticket that is being written.
pub(super) async fn draft(core: &Arc<Core>, _: Nothing) -> Result<TicketDraftView, Fault> {
    let person = core.require_person()?;
    let mut draft = person.drafts.ticket();
    person.files.refresh(&person.engine, &mut draft.draft);
    Ok(draft)
}

/// Keeps it.
pub(super) async fn draft_save(core: &Arc<Core>, args: TicketDraftView) -> Result<Nothing, Fault> {
    let person = core.require_person()?;
    person.drafts.keep_ticket(&person.engine, args).await?;
    Ok(Nothing {})
}

/// «Отправить»: it is registered as soon as the server hears of it.
pub(super) async fn create(core: &Arc<Core>, args: TicketDraftView) -> Result<TicketCreatedView, Fault> {
    let person = core.require_person()?;
    let _turn = person.drafts.turn.lock().await;
    let (board, _) = gather::everything(&person.engine, person.beside(core.zone()))?;
    let account = fields::chosen(&args.account, Field::TicketAccount)?;
    board.account(account).ok_or(Failure::Gone)?;
    let subtype = fields::chosen(&args.subtype, Field::TicketSubtype)?;
    let description = fields::text(&args.draft.text)?;
    if description.is_empty() {
        return Err(Failure::Field { field: Field::Text, problem: FieldProblem::Empty }.into());
    }
    let mends = args.mends.as_deref().map(|text| mended(&board, text)).transpose()?;
    let emergency = board.subtype(subtype).is_some_and(|(_, subtype)| subtype.emergency);
    let ticket = mends.map_or_else(|| TicketId::new(super::mint(core)), |(_, ticket)| ticket);
    let (attachments, needs) = person.files.enclose(&args.draft, core.attachment_rules().limits)?;
    let operation = NewOperation {
        body: Body::CreateTicket(CreateTicket { ticket, account, subtype, description, attachments }),
        base_version: None,
        on_behalf_of: None,
        priority: if emergency { URGENT } else { outbox::WHENEVER },
        needs,
    };
    let replaces = mends.map(|(operation, _)| operation);
    let enqueued = person.engine.enqueue_and_forget(operation, replaces, Some(NEW_TICKET)).await?;
    person.drafts.ticket_sent();
    core.tell(&[Topic::Tickets]);
    Ok(TicketCreatedView { ticket: ticket.to_string(), operation: enqueued.id.to_string() })
}

/// The rejected operation whose place the mended one takes, and the ticket, which stays the same: messages that were
/// written to it go behind it.
fn mended(board: &Board, operation: &str) -> Result<(OperationId, TicketId), Failure> {
    let operation: OperationId = operation.parse().map_err(|_| Failure::Gone)?;
    let mut created = board.created().filter(|(entry, _)| entry.id == operation && entry.replaceable());
    created.next().map(|(entry, body)| (entry.id, body.ticket)).ok_or(Failure::Gone)
}
