//! Two who did not know of each other: what reached the server first stands, both are in the history.

use crate::common::staff::Hand;
use crate::common::*;
use crate::sight::Sight;
use crate::{assign, create, go, ticket_id, two};
use domain::Source;
use domain::ticket::Status;
use wire::feed::Scope;
use wire::operation::Body;
use wire::ticket::{CloseTicket, Happened};

#[tokio::test]
async fn of_two_dispatchers_who_took_one_ticket_the_first_has_it_and_the_history_names_both() {
    let world = World::new().await;
    let (mut resident, flat, mut ilina) = two(&world).await;
    let petrov = world.staff("petrov", "Петров Пётр Петрович", "dispatcher").await;
    let mut petrov = Hand::new(&world, petrov, Source::Desk);
    let ticket = ticket_id(1);
    resident.applied(create(&world, &flat, ticket)).await;
    let (first, second) = (ilina.staff(), petrov.staff());
    ilina.applied(assign(ticket, None, first)).await;
    petrov.applied(assign(ticket, None, second)).await;
    let desk = Sight::of(&world, &petrov.person, Scope::Desk).await;
    let seen = desk.desk_tickets()[0];
    assert_eq!((seen.executor, seen.ticket.executor_name.as_str()), (Some(first), "Ильина А. С."));
    assert_eq!(seen.ticket.status, Status::Accepted);
    let wanted = Happened::TakenBefore { wanted: "Петров П. П.".into(), stood: "Ильина А. С.".into() };
    assert_eq!(desk.happened().last(), Some(&&wanted));
    // Who knows of it may take it over.
    petrov.applied(assign(ticket, Some(first), second)).await;
    let desk = Sight::of(&world, &petrov.person, Scope::Desk).await;
    assert_eq!(desk.desk_tickets()[0].executor, Some(second));
}

#[tokio::test]
async fn a_ticket_that_its_resident_closed_meanwhile_stays_closed_and_shows_what_was_wanted() {
    let world = World::new().await;
    let (mut resident, flat, mut ilina) = two(&world).await;
    let ticket = ticket_id(1);
    resident.applied(create(&world, &flat, ticket)).await;
    let me = ilina.staff();
    ilina.applied(assign(ticket, None, me)).await;
    let close = CloseTicket { ticket, rating: None, word: domain::MessageText::default() };
    resident.applied(Body::CloseTicket(close)).await;
    ilina.applied(go(ticket, Status::Accepted, Status::Done)).await;
    ilina.applied(assign(ticket, Some(me), me)).await;
    let own = Sight::own(&world, &resident.person).await;
    assert_eq!(own.tickets()[0].status, Status::Closed);
    let overruled = |wanted| Happened::Overruled { wanted, stood: Status::Closed };
    let happened = own.happened();
    assert!(happened.contains(&&overruled(Status::Done)), "{happened:?}");
    assert_eq!(happened.last(), Some(&&overruled(Status::Closed)));
}

#[tokio::test]
async fn two_who_want_the_same_status_leave_one_line() {
    let world = World::new().await;
    let (mut resident, flat, mut ilina) = two(&world).await;
    let petrov = world.staff("petrov", "Петров Пётр Петрович", "dispatcher").await;
    let mut petrov = Hand::new(&world, petrov, Source::Desk);
    let ticket = ticket_id(1);
    resident.applied(create(&world, &flat, ticket)).await;
    ilina.applied(go(ticket, Status::New, Status::Done)).await;
    petrov.applied(go(ticket, Status::New, Status::Done)).await;
    let own = Sight::own(&world, &resident.person).await;
    let moves = own.happened().into_iter().filter(|what| matches!(what, Happened::Moved { .. })).count();
    assert_eq!(moves, 1);
}
