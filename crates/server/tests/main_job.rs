//! Registration → session → account → reading → feed → snapshot, as a desktop does it.

mod common;

use common::*;
use domain::{Incarnation, MeterId, OperationId};
use reqwest::{Method, StatusCode};
use uuid::Uuid;
use wire::entity::Entity;
use wire::feed::{Change, Scope, Scopes};
use wire::operation::{Body, Operation, RenameMeter, UpdateProfile};
use wire::problem::{Code, Rejection};
use wire::push::{Batch, Item, Outcome};

fn position(outcome: &Outcome) -> i64 {
    match outcome {
        Outcome::Applied { position } | Outcome::Rejected { position, .. } | Outcome::Withdrawn { position } => {
            *position
        }
        other => panic!("not decided: {other:?}"),
    }
}

#[tokio::test]
async fn a_reading_reaches_the_utility_once_and_comes_back_through_the_feed() {
    let world = World::new().await;
    let flat = world.flat(town::NUMBER).await;
    let person = world.register("+79000000001").await;
    let before = world.snapshot(&person, Scope::User(person.user)).await;
    let attached = world.attach(&person, town::NUMBER).await;
    let grants = world.feed_after(&person, &before).await;
    assert!(grants.rows.iter().any(
        |row| row.seq == attached.position && row.change == Change::Granted { scope: Scope::Account(flat.account) }
    ));
    assert!(grants.rows.iter().any(|row| row.change == Change::Granted { scope: Scope::House(flat.house) }));

    let scopes: Scopes = read(world.get_as(&person, "/v1/scopes").await).await;
    assert_eq!(scopes.scopes.len(), 4);
    let account = world.snapshot(&person, Scope::Account(flat.account)).await;
    assert_eq!(account.entities.len(), 3, "the account and its meters");
    let public = world.snapshot(&person, Scope::Public).await;
    let kinds: Vec<_> = public.entities.iter().map(|versioned| versioned.entity.kind()).collect();
    assert!(kinds.contains(&"reading_rules") && kinds.contains(&"tariff"), "{kinds:?}");

    let operation = operation(&person, 1, november(20) - 5_000, reading(flat.meter, "460,604"));
    let outcome = world.push_one(&person, item(&operation)).await;
    let page = world.feed_after(&person, &account).await;
    let row = page.rows.iter().find(|row| row.operation == Some(operation.id)).expect("the row of the operation");
    assert_eq!(outcome, Outcome::Applied { position: row.seq });
    assert_eq!(row.scope, Scope::Account(flat.account));
    let Change::Put { entity: Entity::Reading(stored) } = &row.change else { panic!("{row:?}") };
    assert_eq!(stored.captured_ms, november(20) - 5_000);
    assert!(stored.captured_sure && stored.current);
    let after = world.snapshot(&person, Scope::Account(flat.account)).await;
    assert_eq!(after.entities.iter().filter(|versioned| versioned.version == row.seq).count(), 1);
}

#[tokio::test]
async fn a_delivery_that_comes_again_is_answered_the_same_and_changes_nothing() {
    let world = World::new().await;
    let (person, flat) = world.resident().await;
    let operation = operation(&person, 1, november(20), reading(flat.meter, "460,604"));
    // Three times in one batch, then alone.
    let incarnation = Incarnation::new(Uuid::from_u128(1));
    let batch = Batch { incarnation, items: vec![item(&operation), item(&operation), item(&operation)] };
    let outcomes = world.push(&person, &batch).await;
    assert!(matches!(outcomes[0], Outcome::Applied { .. }));
    assert!(outcomes.iter().all(|outcome| *outcome == outcomes[0]), "{outcomes:?}");
    assert_eq!(world.push_one(&person, item(&operation)).await, outcomes[0]);
    assert_eq!(world.readings(flat.meter).await.len(), 1);
}

#[tokio::test]
async fn a_batch_that_fills_the_disk_leaves_nothing_and_takes_effect_once_when_there_is_space_again() {
    let world = World::new().await;
    let (person, flat) = world.resident().await;
    let before = world.snapshot(&person, Scope::Account(flat.account)).await;
    let at = |seq: u64| november(20) + seq as i64;
    let readings = (1..=100).map(|seq| item(&operation(&person, seq, at(seq), reading(flat.meter, "460,604"))));
    let batch = Batch { incarnation: Incarnation::new(Uuid::from_u128(1)), items: readings.collect() };
    world.fill_the_disk().await;
    let refused = world.post_as(&person, "/v1/operations", &batch).await;
    assert_eq!(refused.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert!(refused.headers().contains_key("retry-after"));
    assert!(world.readings(flat.meter).await.is_empty());
    let after = world.feed_after(&person, &before).await;
    assert!(after.rows.is_empty(), "a desktop would settle by these: {:?}", after.rows);

    world.free_the_disk().await;
    let outcomes = world.push(&person, &batch).await;
    assert!(outcomes.iter().all(|outcome| matches!(outcome, Outcome::Applied { .. })), "{outcomes:?}");
    assert_eq!(world.readings(flat.meter).await.len(), batch.items.len());
    assert_eq!(world.push(&person, &batch).await, outcomes);
}

#[tokio::test]
async fn another_content_under_a_known_id_is_refused() {
    let world = World::new().await;
    let (person, flat) = world.resident().await;
    let mut operation = operation(&person, 1, november(20), reading(flat.meter, "460,604"));
    world.push_one(&person, item(&operation)).await;
    operation.captured.boot_ms += 1;
    assert_eq!(world.push_one(&person, item(&operation)).await, Outcome::IdTaken);
}

#[tokio::test]
async fn what_was_withdrawn_before_it_came_never_takes_effect() {
    let world = World::new().await;
    let (person, flat) = world.resident().await;
    let before = world.snapshot(&person, Scope::User(person.user)).await;
    let operation = operation(&person, 1, november(20), reading(flat.meter, "460,604"));
    let withdrawn = world.push_one(&person, Item::Withdraw { id: operation.id }).await;
    assert!(matches!(withdrawn, Outcome::Withdrawn { .. }));
    assert_eq!(world.push_one(&person, item(&operation)).await, withdrawn, "the delayed copy");
    assert!(world.readings(flat.meter).await.is_empty());
    let page = world.feed_after(&person, &before).await;
    let decided = page.rows.iter().find(|row| row.operation == Some(operation.id)).expect("decided");
    assert_eq!((decided.seq, &decided.change), (position(&withdrawn), &Change::Decided));
}

#[tokio::test]
async fn what_was_applied_cannot_be_withdrawn() {
    let world = World::new().await;
    let (person, flat) = world.resident().await;
    let operation = operation(&person, 1, november(20), reading(flat.meter, "460,604"));
    let applied = world.push_one(&person, item(&operation)).await;
    assert_eq!(world.push_one(&person, Item::Withdraw { id: operation.id }).await, applied);
}

#[tokio::test]
async fn inside_a_lane_nothing_overtakes_and_a_rejection_holds_only_what_stands_on_it() {
    let world = World::new().await;
    let (person, flat) = world.resident().await;
    let first = operation(&person, 1, november(20), reading(flat.meter, "9"));
    let second = operation(&person, 2, november(20), reading(flat.meter, "461"));
    assert_eq!(world.push_one(&person, item_after(&second, first.id)).await, Outcome::OutOfOrder);
    let rejected = world.push_one(&person, item(&first)).await;
    assert!(matches!(rejected, Outcome::Rejected { rejection: Rejection::Reading { .. }, .. }), "{rejected:?}");
    assert_eq!(world.push_one(&person, item_after(&second, first.id)).await, Outcome::Held { by: first.id });
    // Another lane goes on.
    let other = operation(&person, 3, november(20), reading(flat.second_meter, "460"));
    assert!(matches!(world.push_one(&person, item(&other)).await, Outcome::Applied { .. }));
    // A corrected entry stands for the rejected one.
    let mut corrected = operation(&person, 4, november(20), reading(flat.meter, "459"));
    corrected.replaces = Some(first.id);
    assert!(matches!(world.push_one(&person, item_after(&corrected, first.id)).await, Outcome::Applied { .. }));
    assert!(matches!(world.push_one(&person, item_after(&second, first.id)).await, Outcome::Applied { .. }));
}

/// Three readings of a meter, of which the first will be rejected.
fn behind_a_bad_one(person: &Person, meter: MeterId) -> [Operation; 3] {
    [(1, "9"), (2, "461"), (3, "462")].map(|(seq, text)| operation(person, seq, november(20), reading(meter, text)))
}

fn one_after_another(lane: &[Operation; 3]) -> Batch {
    let [first, second, third] = lane;
    let items = vec![item(first), item_after(second, first.id), item_after(third, second.id)];
    Batch { incarnation: first.incarnation, items }
}

#[tokio::test]
async fn everything_behind_a_rejection_is_held_by_it() {
    let world = World::new().await;
    let (person, flat) = world.resident().await;
    let lane = behind_a_bad_one(&person, flat.meter);
    let outcomes = world.push(&person, &one_after_another(&lane)).await;
    assert!(matches!(outcomes[0], Outcome::Rejected { .. }), "{outcomes:?}");
    assert_eq!(outcomes[1..], [Outcome::Held { by: lane[0].id }, Outcome::Held { by: lane[0].id }]);
    assert!(world.readings(flat.meter).await.is_empty());
}

/// A computer put back to an older copy sends again what it holds; the life that it lost had sent only the second.
#[tokio::test]
async fn what_names_an_operation_known_from_a_lost_life_does_not_pass_one_that_is_rejected_before_it() {
    let world = World::new().await;
    let (person, flat) = world.resident().await;
    let lane = behind_a_bad_one(&person, flat.meter);
    let known = world.push_one(&person, item(&lane[1])).await;
    let outcomes = world.push(&person, &one_after_another(&lane)).await;
    assert!(matches!(outcomes[0], Outcome::Rejected { .. }), "{outcomes:?}");
    assert_eq!(outcomes[1..], [known, Outcome::Held { by: lane[0].id }]);
}

#[tokio::test]
async fn an_operation_after_a_withdrawn_one_goes_on() {
    let world = World::new().await;
    let (person, flat) = world.resident().await;
    let first = OperationId::new(Uuid::now_v7());
    world.push_one(&person, Item::Withdraw { id: first }).await;
    let second = operation(&person, 2, november(20), reading(flat.meter, "461"));
    assert!(matches!(world.push_one(&person, item_after(&second, first)).await, Outcome::Applied { .. }));
}

#[tokio::test]
async fn a_restored_outbox_is_noticed_and_a_new_life_may_send_old_operations() {
    let world = World::new().await;
    let (person, flat) = world.resident().await;
    world.push_one(&person, item(&operation(&person, 1, november(20), reading(flat.meter, "460")))).await;
    let copy = operation(&person, 1, november(20), reading(flat.second_meter, "460"));
    let incarnation = Incarnation::new(Uuid::from_u128(1));
    let batch = Batch { incarnation, items: vec![item(&copy)] };
    let refused = world.post_as(&person, "/v1/operations", &batch).await;
    assert_eq!(problem(refused).await, Code::IncarnationConflict);
    assert!(world.readings(flat.second_meter).await.is_empty());
    let anew = Batch { incarnation: Incarnation::new(Uuid::from_u128(2)), items: vec![item(&copy)] };
    assert!(matches!(world.push(&person, &anew).await[0], Outcome::Applied { .. }));
}

#[tokio::test]
async fn a_body_of_a_later_program_is_rejected_alone() {
    let world = World::new().await;
    let (person, flat) = world.resident().await;
    let known = operation(&person, 1, november(20), reading(flat.meter, "460"));
    let unknown = wire::operation::Sealed::seal(&operation(&person, 2, november(20), reading(flat.meter, "461")))
        .expect("sealed")
        .text()
        .replace("reading.submit/1", "reading.submit/9");
    let unknown = Item::Apply { operation: wire::operation::Sealed::from_text(unknown).expect("JSON"), after: None };
    let batch = Batch { incarnation: known.incarnation, items: vec![unknown, item(&known)] };
    let outcomes = world.push(&person, &batch).await;
    assert!(matches!(outcomes[0], Outcome::Rejected { rejection: Rejection::BodyUnknown, .. }), "{outcomes:?}");
    assert!(matches!(outcomes[1], Outcome::Applied { .. }), "{outcomes:?}");
}

#[tokio::test]
async fn a_meter_gets_a_name_and_its_old_one_back() {
    let world = World::new().await;
    let (person, flat) = world.resident().await;
    let rename = |name: &str| Body::RenameMeter(RenameMeter { meter: flat.meter, name: name.into() });
    let names = [("  Кухня ", "Кухня", true), ("", "Холодная вода, кухня", false)];
    for (place, (entered, shown, renamed)) in names.into_iter().enumerate() {
        let before = world.snapshot(&person, Scope::Account(flat.account)).await;
        let operation = operation(&person, place as u64 + 1, november(20), rename(entered));
        world.push_one(&person, item(&operation)).await;
        let page = world.feed_after(&person, &before).await;
        let Change::Put { entity: Entity::Meter(meter) } = &page.rows[0].change else { panic!("{page:?}") };
        assert_eq!((meter.name.as_str(), meter.renamed), (shown, renamed));
    }
    let long = operation(&person, 3, november(20), rename(&"я".repeat(61)));
    let outcome = world.push_one(&person, item(&long)).await;
    assert!(
        matches!(&outcome, Outcome::Rejected { rejection: Rejection::FieldInvalid { field }, .. } if field == "name")
    );
}

#[tokio::test]
async fn the_profile_keeps_what_is_not_mentioned() {
    let world = World::new().await;
    let (person, _) = world.resident().await;
    let update = UpdateProfile { name: None, email: Some("ivanov@example.ru".into()) };
    let outcome =
        world.push_one(&person, item(&operation(&person, 1, november(20), Body::UpdateProfile(update)))).await;
    assert!(matches!(outcome, Outcome::Applied { .. }), "{outcome:?}");
    let snapshot = world.snapshot(&person, Scope::User(person.user)).await;
    let Entity::Profile(profile) = &snapshot.entities[0].entity else { panic!("{snapshot:?}") };
    assert_eq!((profile.name.as_str(), profile.email.as_str()), ("Иванов Иван Иванович", "ivanov@example.ru"));
    let update = UpdateProfile { name: None, email: Some("not an address".into()) };
    let outcome =
        world.push_one(&person, item(&operation(&person, 2, november(20), Body::UpdateProfile(update)))).await;
    assert!(matches!(outcome, Outcome::Rejected { rejection: Rejection::FieldInvalid { .. }, .. }), "{outcome:?}");
}

#[tokio::test]
async fn compressed_batches_are_read_and_bombs_are_refused() {
    let world = World::new().await;
    let (person, flat) = world.resident().await;
    let operation = operation(&person, 1, november(20), reading(flat.meter, "460"));
    let batch = Batch { incarnation: operation.incarnation, items: vec![item(&operation)] };
    let send = |plain: Vec<u8>| {
        let packed = zstd::encode_all(&plain[..], 3).expect("packed");
        let request = world.request(Method::POST, "/v1/operations").bearer_auth(&person.token);
        request.header("content-encoding", "zstd").header("content-type", "application/json").body(packed).send()
    };
    let answer = send(serde_json::to_vec(&batch).expect("JSON")).await.expect("answered");
    assert_eq!(answer.status(), StatusCode::OK);
    let bomb = send(vec![b' '; 9 << 20]).await.expect("answered");
    assert_eq!(problem(bomb).await, Code::TooLarge);
    let many = Batch { incarnation: operation.incarnation, items: vec![item(&operation); wire::MAX_BATCH + 1] };
    assert_eq!(problem(world.post_as(&person, "/v1/operations", &many).await).await, Code::TooLarge);
}

#[tokio::test]
async fn what_cannot_be_read_is_said_with_the_field_and_an_old_protocol_is_told_to_upgrade() {
    let world = World::new().await;
    let (person, _) = world.resident().await;
    let no_items = serde_json::json!({"incarnation": Uuid::nil()});
    let refused = problem(world.post_as(&person, "/v1/operations", &no_items).await).await;
    assert_eq!(refused, Code::Unreadable { field: Some("items".into()) });
    let old = world.http.get(world.url("/v1/utility")).header(wire::PROTOCOL_HEADER, "999").send().await;
    assert_eq!(problem(old.expect("answered")).await, Code::UpgradeNeeded);
}

#[tokio::test]
async fn the_document_names_every_route() {
    let world = World::new().await;
    let document: serde_json::Value =
        read(world.http.get(world.url("/openapi.json")).send().await.expect("answered")).await;
    assert!(document["openapi"].as_str().is_some_and(|version| version.starts_with("3.1")));
    for path in
        ["/v1/operations", "/v1/feed", "/v1/live", "/v1/registration/{registration}/call", "/v1/accounts/{account}"]
    {
        assert!(document["paths"].get(path).is_some(), "{path}");
    }
    let viewer = world.http.get(world.url("/docs/")).send().await.expect("answered");
    assert_eq!(viewer.status(), StatusCode::OK);
    for probe in ["/healthz", "/readyz", "/v1/utility", "/v1/consent"] {
        let answer = world.http.get(world.url(probe)).send().await.expect("answered");
        assert_eq!(answer.status(), StatusCode::OK, "{probe}");
        assert!(answer.headers().contains_key(wire::TIME_HEADER), "{probe}");
    }
}
