//! A ticket for somebody who called.

use super::super::{fields, mint, whenever};
use super::at_desk;
use crate::core::Core;
use crate::desk::{office, places};
use crate::engine::NewOperation;
use crate::report::Fault;
use crate::view::{
    DeskPlaceView, DeskPlacesArgs, DeskRegisterArgs, Failure, Field, FieldProblem, TicketCreatedView, Topic,
};
use domain::{SubtypeId, TicketId};
use std::sync::Arc;
use wire::desk::{Caller, Place, RegisterTicket};
use wire::operation::Body;

/// Accounts and houses by number and address.
pub(in super::super) async fn places(core: &Arc<Core>, args: DeskPlacesArgs) -> Result<Vec<DeskPlaceView>, Fault> {
    let (person, look) = at_desk(core)?;
    places::find(&look, &person.desk, &args.text)
}

/// «Зарегистрировать».
pub(in super::super) async fn register(core: &Arc<Core>, args: DeskRegisterArgs) -> Result<TicketCreatedView, Fault> {
    let (person, look) = at_desk(core)?;
    let place = place(&args)?;
    let known = match place {
        Place::Account(account) => look.mirror.get("desk_account", account.uuid())?,
        Place::House(house) => look.mirror.get("desk_house", house.uuid())?,
    };
    known.ok_or(Failure::Gone)?;
    let subtype: SubtypeId = fields::chosen(&args.subtype, Field::TicketSubtype)?;
    let description = fields::text(&args.draft.text)?;
    if description.is_empty() {
        return Err(Failure::Field { field: Field::Text, problem: FieldProblem::Empty }.into());
    }
    let _turn = person.drafts.turn.lock().await;
    let (attachments, needs) = person.files.enclose(&args.draft, core.attachment_rules().limits)?;
    let types = office::types(&look)?;
    let mut subtypes = types.iter().flat_map(|kind| &kind.subtypes);
    let emergency = subtypes.any(|known| known.id == subtype && known.emergency);
    let ticket = TicketId::new(mint(core));
    let caller = Caller { name: args.name.trim().to_owned(), phone: args.phone.trim().to_owned() };
    let body = Body::RegisterTicket(RegisterTicket { ticket, place, caller, subtype, description, attachments });
    let priority = if emergency { super::super::new_ticket::URGENT } else { outbox::WHENEVER };
    let operation = NewOperation { needs, priority, ..whenever(body) };
    let enqueued = person.engine.enqueue(operation, None).await?;
    core.tell(&[Topic::Tickets]);
    Ok(TicketCreatedView { ticket: ticket.to_string(), operation: enqueued.id.to_string() })
}

fn place(args: &DeskRegisterArgs) -> Result<Place, Failure> {
    match (args.account.as_deref(), args.house.as_deref()) {
        (Some(account), _) => fields::chosen(account, Field::Place).map(Place::Account),
        (None, house) => fields::chosen(house.unwrap_or_default(), Field::Place).map(Place::House),
    }
}
