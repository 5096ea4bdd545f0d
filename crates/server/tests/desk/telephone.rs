//! Tickets that a dispatcher registers for somebody who called.

use crate::common::staff::Hand;
use crate::common::*;
use crate::sight::Sight;
use crate::{leak, say, ticket_id, two, words};
use domain::{Source, TicketId};
use wire::desk::{Caller, Place, RegisterTicket};
use wire::feed::Scope;
use wire::operation::Body;
use wire::problem::Rejection;
use wire::ticket::Conversation;

fn register(world: &World, ticket: TicketId, place: Place, phone: &str) -> Body {
    Body::RegisterTicket(RegisterTicket {
        ticket,
        place,
        caller: Caller { name: "Смирнова Валентина Петровна".into(), phone: phone.into() },
        subtype: leak(world),
        description: words("Течёт с потолка"),
        attachments: Vec::new(),
    })
}

#[tokio::test]
async fn a_resident_who_calls_from_their_phone_sees_the_ticket_and_a_stranger_does_not() {
    let world = World::new().await;
    let (resident, flat, mut ilina) = two(&world).await;
    ilina.applied(register(&world, ticket_id(1), Place::Account(flat.account), "8 900 000-00-01")).await;
    // Somebody calls about this flat from a phone that is not theirs.
    world.register("+79000000099").await;
    ilina.applied(register(&world, ticket_id(2), Place::Account(flat.account), "+79000000099")).await;
    ilina.applied(register(&world, ticket_id(3), Place::House(flat.house), "")).await;
    let own = Sight::own(&world, &resident.person).await;
    assert!(matches!(own.tickets()[..], [seen] if seen.id == ticket_id(1) && seen.source == Source::Phone));
    let desk = Sight::of(&world, &ilina.person, Scope::Desk).await;
    let seen = |id| desk.desk_tickets().into_iter().find(|seen| seen.ticket.id == id).expect("there");
    assert_eq!(seen(ticket_id(1)).resident, Some(resident.person.user));
    assert_eq!(seen(ticket_id(1)).applicant_phone, "+79000000001");
    assert_eq!((seen(ticket_id(2)).resident, seen(ticket_id(3)).resident), (None, None));
    assert_eq!((seen(ticket_id(3)).ticket.account, seen(ticket_id(3)).house), (None, flat.house));
    let numbers: std::collections::BTreeSet<u32> =
        desk.desk_tickets().iter().map(|seen| seen.ticket.number.number).collect();
    assert_eq!(numbers, (1..=3).collect());
}

#[tokio::test]
async fn nobody_writes_where_nobody_reads_and_only_a_dispatcher_registers() {
    let world = World::new().await;
    let (resident, flat, mut ilina) = two(&world).await;
    let place = Place::House(flat.house);
    ilina.applied(register(&world, ticket_id(1), place, "")).await;
    let nobody = ilina.rejected(say(Conversation::Ticket(ticket_id(1)), 1, "Кому?")).await;
    assert_eq!(nobody, Rejection::FieldInvalid { field: "conversation".into() });
    let agent = world.staff("orlova", "Орлова Инна Игоревна", "support").await;
    for person in [resident.person, agent] {
        let mut other = Hand::new(&world, person, Source::Phone);
        assert_eq!(other.rejected(register(&world, ticket_id(2), place, "")).await, Rejection::NotYours);
    }
}

#[tokio::test]
async fn the_desk_finds_every_account_and_house_also_those_that_came_later() {
    let world = World::new().await;
    let (_, flat, ilina) = two(&world).await;
    world.running().tick().await.expect("ticked");
    let before = world.snapshot(&ilina.person, Scope::Desk).await;
    let places = |snapshot: &wire::feed::Snapshot| {
        let kinds = snapshot.entities.iter().map(|versioned| versioned.entity.kind());
        kinds.filter(|kind| kind.starts_with("desk_")).count()
    };
    assert_eq!(places(&before), 2, "a house and a flat");
    world.flat(town::OTHER_NUMBER).await;
    world.running().tick().await.expect("ticked");
    let page = world.feed_after(&ilina.person, &before).await;
    assert!(matches!(&page.rows[..], [row] if row.scope == Scope::Desk), "{:?}", page.rows);
    // The debt is none of the desk's business, and an import of debts is no news there.
    let account = flat.account;
    let bill = world.store().write(move |tx| {
        use zhkh_server::storage::Sql as _;
        tx.execute("UPDATE accounts SET debt = 1 WHERE id = $1", zhkh_server::params![account])?;
        zhkh_server::accounts::publish(tx, account, None)
    });
    bill.await.expect("changed");
    world.running().tick().await.expect("ticked");
    assert_eq!(world.feed_after(&ilina.person, &before).await.rows.len(), 1);
}
