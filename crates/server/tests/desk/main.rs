//! The dispatchers' side: who comes in, what they do with tickets, what only they see.
//!
//! Two who did not know of each other are in `conflicts`; notes and what residents never see in `notes`; tickets by
//! telephone in `telephone`; outages in `incidents`; the support in `support`; sign-in and dismissal in `staff`.

#[path = "../common/mod.rs"]
mod common;

mod conflicts;
mod course;
mod demo;
mod incidents;
mod notes;
mod sight;
mod staff;
mod support;
mod telephone;

use common::staff::Hand;
use common::town::Flat;
use common::*;
use domain::ticket::Status;
use domain::{MessageId, MessageText, Source, StaffId, SubtypeId, TicketId};
use uuid::Uuid;
use wire::desk::{AssignTicket, MoveTicket};
use wire::operation::Body;
use wire::ticket::{Conversation, CreateTicket, SendMessage};

fn words(text: &str) -> MessageText {
    MessageText::parse(text).expect("short")
}

fn ticket_id(number: u128) -> TicketId {
    TicketId::new(Uuid::from_u128(0x7000 + number))
}

/// The first urgent subtype of the usual classifier.
fn leak(world: &World) -> SubtypeId {
    world.config().tickets.types[0].subtypes[0].id
}

fn create(world: &World, flat: &Flat, ticket: TicketId) -> Body {
    let (account, subtype, description) = (flat.account, leak(world), words("Капает из-под мойки"));
    Body::CreateTicket(CreateTicket { ticket, account, subtype, description, attachments: Vec::new() })
}

fn say(conversation: Conversation, message: u128, text: &str) -> Body {
    let (message, text) = (MessageId::new(Uuid::from_u128(0x9000 + message)), words(text));
    Body::SendMessage(SendMessage { message, conversation, text, attachments: Vec::new() })
}

fn go(ticket: TicketId, from: Status, to: Status) -> Body {
    Body::MoveTicket(MoveTicket { ticket, from, to, reason: MessageText::default(), until: None })
}

fn assign(ticket: TicketId, seen: Option<StaffId>, executor: StaffId) -> Body {
    let executor = Some(executor);
    Body::AssignTicket(AssignTicket { ticket, seen, executor, department: None, visit_by_ms: None })
}

/// A resident with a flat, and a dispatcher.
async fn two(world: &World) -> (Hand<'_>, Flat, Hand<'_>) {
    let (resident, flat) = world.resident().await;
    let ilina = world.staff("ilina", "Ильина Анна Сергеевна", "dispatcher").await;
    (Hand::new(world, resident, Source::ResidentApp), flat, Hand::new(world, ilina, Source::Desk))
}
