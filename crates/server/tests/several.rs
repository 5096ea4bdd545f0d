//! Several servers on one PostgreSQL: a resident may come to any of them.

mod common;

use common::*;
use domain::{MessageText, TicketId};
use reqwest::StatusCode;
use std::sync::Arc;
use uuid::Uuid;
use wire::entity::Entity;
use wire::feed::Scope;
use wire::operation::Body;
use wire::push::Outcome;
use wire::ticket::CreateTicket;

const PHONE: &str = "+79000000001";

fn shared() -> Option<Arc<test_postgres::Database>> {
    Some(Arc::new(test_postgres::database().expect("a PostgreSQL")))
}

/// Gives the second world what servers of one database share beside it.
fn share_key(first: &World, second: &World) {
    std::fs::create_dir_all(second.folder.path().join("data/files")).expect("made");
    for shared in ["data/code.key", "data/files/folder.key"] {
        let [from, to] = [first, second].map(|world| world.folder.path().join(shared));
        std::fs::copy(from, to).expect("copied");
    }
}

#[tokio::test]
async fn a_code_that_one_server_had_dictated_is_right_at_another_and_so_is_the_session() {
    let database = shared();
    let one = World::over(SETTINGS, database.clone()).await;
    let mut two = World::stopped(SETTINGS, database);
    share_key(&one, &two);
    two.start().await;
    let id = one.begin(PHONE).await;
    let call = one.post(&format!("/v1/registration/{id}/call"), &()).await;
    assert_eq!(call.status(), StatusCode::OK);
    let code = serde_json::json!({"code": one.heard(PHONE)});
    let proven = two.post(&format!("/v1/registration/{id}/code"), &code).await;
    assert_eq!(proven.status(), StatusCode::OK);
    let body = serde_json::json!({"password": PASSWORD, "device": device()});
    let session: wire::session::Session = read(two.post(&format!("/v1/registration/{id}/password"), &body).await).await;
    let here = one.request(reqwest::Method::GET, "/v1/live").bearer_auth(&session.access_token).send();
    assert_eq!(here.await.expect("answered").status(), StatusCode::OK);
}

#[tokio::test]
async fn a_delivery_that_comes_to_another_server_again_is_answered_the_same_and_changes_nothing() {
    let database = shared();
    let one = World::over(SETTINGS, database.clone()).await;
    let mut two = World::stopped(SETTINGS, database);
    share_key(&one, &two);
    two.start().await;
    let (person, flat) = one.resident().await;
    let entry = operation(&person, 1, november(20), reading(flat.meter, "460,604"));
    let (first, second) = tokio::join!(one.push_one(&person, item(&entry)), two.push_one(&person, item(&entry)));
    assert!(matches!(first, Outcome::Applied { .. }), "{first:?}");
    assert_eq!(first, second);
    assert_eq!(one.readings(flat.meter).await.len(), 1);
}

#[tokio::test]
async fn tickets_that_two_servers_register_at_once_have_numbers_without_gaps() {
    let database = shared();
    let one = World::over(SETTINGS, database.clone()).await;
    let mut two = World::stopped(SETTINGS, database);
    share_key(&one, &two);
    two.start().await;
    let (person, flat) = one.resident().await;
    let subtype = one.config().tickets.types[0].subtypes[0].id;
    let create = |number: u64| {
        let ticket = TicketId::new(Uuid::from_u128(u128::from(number)));
        // Every fifth is about nothing.
        let description = MessageText::parse(if number.is_multiple_of(5) { "" } else { "Нет воды" }).expect("short");
        let body = CreateTicket { ticket, account: flat.account, subtype, description, attachments: Vec::new() };
        item(&operation(&person, number, november(20), Body::CreateTicket(body)))
    };
    let pushes = (1..=40).map(|number| {
        let at = if number % 2 == 0 { &one } else { &two };
        at.push_one(&person, create(number))
    });
    let outcomes = futures_util::future::join_all(pushes).await;
    assert_eq!(outcomes.iter().filter(|outcome| matches!(outcome, Outcome::Applied { .. })).count(), 32);
    let seen = one.snapshot(&person, Scope::User(person.user)).await.entities;
    let mut numbers: Vec<u32> = seen
        .iter()
        .filter_map(|seen| if let Entity::Ticket(ticket) = &seen.entity { Some(ticket.number.number) } else { None })
        .collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=32).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_server_with_another_key_of_codes_does_not_start_and_says_what_to_copy() {
    let database = shared();
    let one = World::over(SETTINGS, database.clone()).await;
    let two = World::stopped(SETTINGS, database);
    let refused = two.try_start().await.err().expect("refused").to_string();
    assert!(refused.contains("code.key") && refused.contains("Скопируйте"), "{refused}");
    share_key(&one, &two);
    two.try_start().await.expect("started").stop().await;
}
