use super::fields;
use crate::core::Core;
use crate::overlay::tickets::board::Board;
use crate::overlay::tickets::list::{self, Wanted};
use crate::overlay::tickets::{card, gather};
use crate::report::Fault;
use crate::view::{
    EnqueuedView, Failure, TicketArgs, TicketCloseArgs, TicketReopenArgs, TicketView, TicketsArgs, TicketsView,
};
use domain::TicketId;
use domain::ticket::{Party, Rating, Status};
use std::sync::Arc;
use wire::operation::Body;
use wire::problem::Rejection;
use wire::ticket::{CloseTicket, Conversation, ReopenTicket};

/// «Заявки».
pub(super) async fn tickets(core: &Arc<Core>, args: TicketsArgs) -> Result<TicketsView, Fault> {
    let person = core.require_person()?;
    let account = args.account.map(|text| text.parse().map_err(|_| Failure::Gone)).transpose()?;
    let mut wanted = Wanted { closed: args.closed, account, text: args.text, ..Wanted::default() };
    let (board, mirror) = gather::everything(&person.engine, person.beside(core.zone()))?;
    gather::search(&board, &mirror, &mut wanted)?;
    Ok(list::list(&board, &wanted, core.attachment_rules().limits))
}

/// A ticket with its «Инфо».
pub(super) async fn ticket(core: &Arc<Core>, args: TicketArgs) -> Result<TicketView, Fault> {
    let person = core.require_person()?;
    let ticket = id(&args.ticket)?;
    let (board, _) = gather::one(&person.engine, person.beside(core.zone()), Conversation::Ticket(ticket))?;
    let shelf = |file| person.files.facts(&person.engine, file);
    Ok(card::card(&board, ticket, &shelf).ok_or(Failure::Gone)?)
}

/// «Закрыть», with a rating and a word.
pub(super) async fn close(core: &Arc<Core>, args: TicketCloseArgs) -> Result<EnqueuedView, Fault> {
    let ticket = id(&args.ticket)?;
    let rating = args.rating.map(Rating::try_from).transpose();
    let rating = rating.map_err(|_| Fault::Defect("a rating that the window does not offer".into()))?;
    let word = fields::text(&args.word)?;
    moved(core, ticket, Status::Closed).await?;
    super::send(core, Body::CloseTicket(CloseTicket { ticket, rating, word })).await
}

/// «Открыть заново».
pub(super) async fn reopen(core: &Arc<Core>, args: TicketReopenArgs) -> Result<EnqueuedView, Fault> {
    let ticket = id(&args.ticket)?;
    let why = fields::text(&args.why)?;
    moved(core, ticket, Status::New).await?;
    super::send(core, Body::ReopenTicket(ReopenTicket { ticket, why })).await
}

/// Whether the resident may move the ticket there from where it stands, what waits here included.
async fn moved(core: &Arc<Core>, ticket: TicketId, to: Status) -> Result<(), Fault> {
    let from = status(core, ticket)?;
    from.check(to, Party::Resident).map_err(|_| rejected(from))?;
    Ok(())
}

/// Where the ticket stands, what waits here included.
pub(super) fn status(core: &Core, ticket: TicketId) -> Result<Status, Fault> {
    let person = core.require_person()?;
    let (board, _) = gather::one(&person.engine, person.beside(core.zone()), Conversation::Ticket(ticket))?;
    Ok(status_in(&board, ticket)?)
}

/// The same, of a board that was read already.
pub(super) fn status_in(board: &Board, ticket: TicketId) -> Result<Status, Failure> {
    let card = card::card(board, ticket, &|_| None).ok_or(Failure::Gone)?;
    Ok(card.row.status)
}

const fn rejected(status: Status) -> Failure {
    Failure::Rejected { rejection: Rejection::TicketStands { status } }
}

pub(super) fn id(text: &str) -> Result<TicketId, Failure> {
    text.parse().map_err(|_| Failure::Gone)
}
