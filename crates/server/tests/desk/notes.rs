//! What only the staff reads, and what only its own resident sees.

use crate::common::*;
use crate::sight::Sight;
use crate::{create, ticket_id, two, words};
use domain::{MessageId, MessageText};
use reqwest::StatusCode;
use uuid::Uuid;
use wire::desk::AddNote;
use wire::feed::{Page, Scope};
use wire::operation::Body;
use wire::problem::Rejection;

const SECRET: &str = "Злая собака, без участкового не ходить";

fn note(number: u128, ticket: domain::TicketId, text: &str) -> Body {
    let note = MessageId::new(Uuid::from_u128(0xA000 + number));
    Body::AddNote(AddNote { note, ticket, text: words(text), attachments: Vec::new() })
}

#[tokio::test]
async fn a_note_is_seen_by_dispatchers_and_by_nobody_else_in_any_page_or_snapshot() {
    let world = World::new().await;
    let (mut resident, flat, mut ilina) = two(&world).await;
    let agent = world.staff("orlova", "Орлова Инна Игоревна", "support").await;
    let start = world.snapshot(&resident.person, Scope::User(resident.person.user)).await;
    let agents_start = world.snapshot(&agent, Scope::User(agent.user)).await;
    let ticket = ticket_id(1);
    resident.applied(create(&world, &flat, ticket)).await;
    ilina.applied(note(1, ticket, SECRET)).await;
    let desk = Sight::of(&world, &ilina.person, Scope::Desk).await;
    assert_eq!(desk.notes()[0].text.as_str(), SECRET);
    assert_eq!(desk.notes()[0].author, "Ильина, диспетчер");

    let resident = resident.person;
    for (person, start) in [(&resident, &start), (&agent, &agents_start)] {
        let page: Page = world.feed_after(person, start).await;
        let scopes: wire::feed::Scopes = read(world.get_as(person, "/v1/scopes").await).await;
        assert!(!scopes.scopes.contains(&Scope::Desk));
        let mut all = serde_json::to_string(&page).expect("text");
        for scope in scopes.scopes {
            all.push_str(&serde_json::to_string(&world.snapshot(person, scope).await).expect("text"));
        }
        assert!(!all.contains("собака"), "{all}");
        let refused = world.get_as(person, "/v1/snapshot?scope=desk").await;
        assert_eq!(refused.status(), StatusCode::FORBIDDEN);
    }
}

#[tokio::test]
async fn a_resident_adds_no_notes_and_moves_nothing_whatever_workplace_they_claim() {
    let world = World::new().await;
    let (mut resident, flat, _) = two(&world).await;
    let ticket = ticket_id(1);
    resident.applied(create(&world, &flat, ticket)).await;
    let bodies =
        [note(1, ticket, "Своя"), crate::go(ticket, domain::ticket::Status::New, domain::ticket::Status::Done)];
    for body in &bodies {
        assert_eq!(resident.rejected(body.clone()).await, Rejection::NotYours);
    }
    resident.source = domain::Source::Desk;
    for body in bodies {
        assert_eq!(resident.rejected(body).await, Rejection::NotYours);
    }
}

#[tokio::test]
async fn an_empty_note_is_none() {
    let world = World::new().await;
    let (mut resident, flat, mut ilina) = two(&world).await;
    let ticket = ticket_id(1);
    resident.applied(create(&world, &flat, ticket)).await;
    let empty = ilina.rejected(note(1, ticket, MessageText::default().as_str())).await;
    assert_eq!(empty, Rejection::FieldInvalid { field: "text".into() });
}
