//! The invented people of the demo.

use crate::common::*;
use crate::sight::Sight;
use domain::ticket::Status;
use std::collections::BTreeSet;
use wire::feed::Scope;
use wire::session::Session;
use zhkh_server::demo::{CHARACTERS, populate};

#[tokio::test]
async fn everybody_of_the_demo_comes_in_and_there_is_a_ticket_at_every_stage_once() {
    let mut world = World::new().await;
    let flat = world.flat(town::NUMBER).await;
    world.stop().await;
    let config = world.config();
    let again = config.clone();
    tokio::task::spawn_blocking(move || populate(config)).await.expect("no panic").expect("populated");
    let twice = tokio::task::spawn_blocking(move || populate(again)).await.expect("no panic");
    assert!(twice.is_err_and(|error| error.to_string().contains("уже есть")));
    world.start().await;
    let mut people = Vec::new();
    for character in CHARACTERS {
        let body = serde_json::json!({"phone": character.login, "password": character.password, "device": device()});
        let session: Session = read(world.post("/v1/session", &body).await).await;
        let (user, token, phone) = (session.user, session.access_token.clone(), character.login.to_owned());
        people.push(Person { user, token, session, phone });
    }
    let own = Sight::own(&world, &people[0]).await;
    let stages: BTreeSet<Status> = own.tickets().iter().map(|ticket| ticket.status).collect();
    assert_eq!(stages, Status::ALL.into());
    assert_eq!(Sight::of(&world, &people[0], Scope::House(flat.house)).await.outages().len(), 1);
    let desk = Sight::of(&world, &people[1], Scope::Desk).await;
    assert_eq!((desk.desk_tickets().len(), desk.notes().len()), (10, 1));
    let talks = Sight::of(&world, &people[3], Scope::SupportDesk).await;
    assert!(talks.talks()[0].waiting_since_ms.is_some());
}
