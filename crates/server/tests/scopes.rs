//! Everybody sees their own, nobody sees another's, and a restored database is noticed.

mod common;

use common::*;
use domain::Incarnation;
use reqwest::{Method, StatusCode};
use uuid::Uuid;
use wire::entity::Entity;
use wire::feed::{Change, Page, Scope, Snapshot};
use wire::operation::{Body, RenameMeter};
use wire::problem::{Code, Rejection};
use wire::push::{Batch, Item, Outcome};

fn cursor(epoch: impl std::fmt::Display, seq: i64, name: Uuid) -> String {
    format!("/v1/feed?epoch={epoch}&seq={seq}&name={name}")
}

#[tokio::test]
async fn a_stranger_sees_nothing_of_a_flat_on_any_route() {
    let world = World::new().await;
    let (owner, flat) = world.resident().await;
    world.push_one(&owner, item(&operation(&owner, 1, november(20), reading(flat.meter, "460,604")))).await;
    let stranger = world.register("+79000000002").await;
    for scope in [Scope::User(owner.user), Scope::Account(flat.account), Scope::House(flat.house)] {
        let refused = world.get_as(&stranger, &format!("/v1/snapshot?scope={scope}")).await;
        assert_eq!(problem(refused).await, Code::NotYours, "{scope}");
    }
    let own = world.snapshot(&stranger, Scope::User(stranger.user)).await;
    let mut seen = Vec::new();
    for path in ["/v1/scopes".to_owned(), cursor(own.epoch, 0, Uuid::nil()), "/v1/snapshot?scope=public".into()] {
        let answer = world.get_as(&stranger, &path).await;
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        seen.push(answer.text().await.expect("a body"));
    }
    let secrets = [
        owner.user.to_string(),
        flat.account.to_string(),
        flat.meter.to_string(),
        "460.604".into(),
        owner.phone.clone(),
    ];
    for text in &seen {
        assert!(secrets.iter().all(|secret| !text.contains(secret)), "{text}");
    }
    // The same search finds it in what the owner sees.
    let owned = world.get_as(&owner, &cursor(own.epoch, 0, Uuid::nil())).await.text().await.expect("a body");
    assert!(secrets.iter().all(|secret| owned.contains(secret)));
    let detach = world.request(Method::DELETE, &format!("/v1/accounts/{}", flat.account)).bearer_auth(&stranger.token);
    assert_eq!(problem(detach.send().await.expect("answered")).await, Code::NotYours);
}

#[tokio::test]
async fn a_stranger_changes_nothing_of_a_flat() {
    let world = World::new().await;
    let (owner, flat) = world.resident().await;
    let stranger = world.register("+79000000002").await;
    let rename = Body::RenameMeter(RenameMeter { meter: flat.meter, name: "моё".into() });
    let not_yours = |outcome: &Outcome| matches!(outcome, Outcome::Rejected { rejection: Rejection::NotYours, .. });
    for (place, body) in [reading(flat.meter, "460"), rename].into_iter().enumerate() {
        let operation = operation(&stranger, place as u64 + 1, november(20), body);
        let outcome = world.push_one(&stranger, item(&operation)).await;
        assert!(not_yours(&outcome), "{outcome:?}");
    }
    assert!(world.readings(flat.meter).await.is_empty());
    // The owner's own operation in a stranger's hands: refused, and still good when its owner delivers it.
    let owned = operation(&owner, 1, november(20), reading(flat.meter, "460"));
    assert!(not_yours(&world.push_one(&stranger, item(&owned)).await));
    assert!(matches!(world.push_one(&owner, item(&owned)).await, Outcome::Applied { .. }));
    // Nor does a stranger learn what became of it, or take it back.
    assert_eq!(world.push_one(&stranger, item(&owned)).await, Outcome::IdTaken);
    assert_eq!(world.push_one(&stranger, Item::Withdraw { id: owned.id }).await, Outcome::IdTaken);
}

#[tokio::test]
async fn a_meter_that_is_nobodys_and_one_that_is_somebodys_are_not_told_apart() {
    let world = World::new().await;
    let (_, flat) = world.resident().await;
    let stranger = world.register("+79000000002").await;
    let nobodys = domain::MeterId::new(Uuid::from_u128(99));
    let mut answers = Vec::new();
    for (place, meter) in [flat.meter, nobodys].into_iter().enumerate() {
        let operation = operation(&stranger, place as u64 + 1, november(20), reading(meter, "460"));
        let Outcome::Rejected { rejection, .. } = world.push_one(&stranger, item(&operation)).await else { panic!() };
        answers.push(rejection);
    }
    assert_eq!(answers[0], answers[1]);
}

#[tokio::test]
async fn after_detaching_nothing_more_is_seen_or_changed() {
    let world = World::new().await;
    let (person, flat) = world.resident().await;
    let before = world.snapshot(&person, Scope::Account(flat.account)).await;
    let path = format!("/v1/accounts/{}", flat.account);
    world.request(Method::DELETE, &path).bearer_auth(&person.token).send().await.expect("answered");
    let refused = world.get_as(&person, &format!("/v1/snapshot?scope={}", Scope::Account(flat.account))).await;
    assert_eq!(problem(refused).await, Code::NotYours);
    world.store().write(move |tx| zhkh_server::meters::publish(tx, flat.meter, None)).await.expect("published");
    let page = world.feed_after(&person, &before).await;
    assert!(page.rows.iter().all(|row| row.scope == Scope::User(person.user)), "{page:?}");
    let outcome = world.push_one(&person, item(&operation(&person, 1, november(20), reading(flat.meter, "460")))).await;
    assert!(matches!(outcome, Outcome::Rejected { rejection: Rejection::NotYours, .. }), "{outcome:?}");
}

#[tokio::test]
async fn without_a_token_only_what_everybody_may_know_is_answered() {
    let world = World::new().await;
    for path in ["/v1/feed?epoch=x", "/v1/snapshot?scope=public", "/v1/scopes", "/v1/live"] {
        let refused = world.http.get(world.url(path)).send().await.expect("answered");
        assert_eq!(problem(refused).await, Code::SignInNeeded, "{path}");
    }
    for path in ["/v1/operations", "/v1/accounts/lookup", "/v1/accounts/prove", "/v1/accounts/attach"] {
        assert_eq!(problem(world.post(path, &()).await).await, Code::SignInNeeded, "{path}");
    }
}

#[tokio::test]
async fn two_residents_of_one_flat_see_each_others_readings() {
    let world = World::new().await;
    let (first, flat) = world.resident().await;
    let second = world.register("+79000000002").await;
    world.attach(&second, town::NUMBER).await;
    let before = world.snapshot(&second, Scope::Account(flat.account)).await;
    world.push_one(&first, item(&operation(&first, 1, november(20), reading(flat.meter, "460")))).await;
    let page = world.feed_after(&second, &before).await;
    assert!(
        matches!(&page.rows[0].change, Change::Put { entity: Entity::Reading(reading) } if reading.meter == flat.meter)
    );
}

#[tokio::test]
async fn pages_and_snapshots_come_in_pieces_without_gaps_or_doubles() {
    let world = World::new().await;
    let (person, flat) = world.resident().await;
    let before = world.snapshot(&person, Scope::Account(flat.account)).await;
    let operations: Vec<_> = (0..25_u64)
        .map(|place| {
            operation(
                &person,
                place + 1,
                november(20) - 30 + place as i64,
                reading(flat.meter, &format!("{}", 460 + place)),
            )
        })
        .collect();
    let batch =
        Batch { incarnation: Incarnation::new(Uuid::from_u128(1)), items: operations.iter().map(item).collect() };
    assert!(world.push(&person, &batch).await.iter().all(|outcome| matches!(outcome, Outcome::Applied { .. })));
    let (mut seq, mut name) = (before.through, before.name);
    let mut seen = Vec::new();
    loop {
        let page: Page =
            read(world.get_as(&person, &format!("{}&limit=4", cursor(before.epoch, seq, name))).await).await;
        assert!(page.rows.len() <= 4);
        seen.extend(page.rows.iter().map(|row| (row.seq, row.operation)));
        (seq, name) = (page.through, page.name);
        if !page.more {
            break;
        }
    }
    assert!(seen.windows(2).all(|pair| pair[0].0 < pair[1].0), "ascending");
    let own: Vec<_> = seen.iter().filter_map(|(_, operation)| *operation).collect();
    assert_eq!(own, operations.iter().map(|operation| operation.id).collect::<Vec<_>>());

    let mut ids = Vec::new();
    let mut after = String::new();
    loop {
        let path = format!("/v1/snapshot?scope={}&limit=3{after}", Scope::Account(flat.account));
        let snapshot: Snapshot = read(world.get_as(&person, &path).await).await;
        ids.extend(snapshot.entities.iter().map(|versioned| versioned.entity.id()));
        let Some(next) = snapshot.next else { break };
        after = format!("&after={next}");
    }
    assert_eq!(ids.len(), 28, "an account, two meters, 25 readings");
    ids.dedup();
    assert_eq!(ids.len(), 28);
}

#[tokio::test]
async fn a_database_restored_from_a_copy_is_a_new_epoch_for_who_saw_more() {
    let mut world = World::new().await;
    let (person, flat) = world.resident().await;
    let early = world.snapshot(&person, Scope::Account(flat.account)).await;
    world.stop().await;
    let copy = world.copy().await;
    world.start().await;
    let lost = operation(&person, 1, november(20), reading(flat.meter, "460"));
    world.push_one(&person, item(&lost)).await;
    let late = world.snapshot(&person, Scope::Account(flat.account)).await;
    world.stop().await;
    world.restore(copy).await;
    world.start().await;
    let stale = cursor(late.epoch, late.through, late.name);
    assert_eq!(problem(world.get_as(&person, &stale).await).await, Code::EpochChanged, "above the head");
    // Something else takes the same position: the name tells it apart.
    let other = operation(&person, 2, november(20), reading(flat.second_meter, "460"));
    world.push_one(&person, item(&other)).await;
    assert_eq!(problem(world.get_as(&person, &stale).await).await, Code::EpochChanged, "another row");
    assert!(!world.feed_after(&person, &early).await.rows.is_empty(), "who saw less goes on");
    // What was lost is sent again under its old id and takes effect.
    assert!(matches!(world.push_one(&person, item(&lost)).await, Outcome::Applied { .. }));
    let foreign = cursor(Uuid::new_v4(), early.through, early.name);
    assert_eq!(problem(world.get_as(&person, &foreign).await).await, Code::EpochChanged);
}

#[tokio::test]
async fn who_was_away_longer_than_the_feed_is_kept_takes_a_snapshot() {
    let world = World::with(&format!("{SETTINGS}\n[feed]\nkeep_days = 30\n")).await;
    let (person, flat) = world.resident().await;
    let early = world.snapshot(&person, Scope::Account(flat.account)).await;
    world.push_one(&person, item(&operation(&person, 1, november(20), reading(flat.meter, "460")))).await;
    let seen = world.snapshot(&person, Scope::Account(flat.account)).await;
    world.clock.set(moscow(2026, 12, 31));
    world.running().tick().await.expect("ticked");
    let person = world.sign_in(&person).await;
    let away = cursor(early.epoch, early.through, early.name);
    assert_eq!(problem(world.get_as(&person, &away).await).await, Code::SnapshotNeeded);
    assert_eq!(problem(world.get_as(&person, &cursor(early.epoch, 0, Uuid::nil())).await).await, Code::SnapshotNeeded);
    assert!(world.feed_after(&person, &seen).await.rows.is_empty(), "who saw the last row goes on");
    let whole = world.snapshot(&person, Scope::Account(flat.account)).await;
    assert_eq!(whole.entities.len(), 4, "nothing is lost from snapshots");
}
