//! What editors may write, and what two make of one announcement.

use crate::common::staff::Hand;
use crate::common::*;
use crate::{edited, news, set, two};
use domain::announcement::{Audience, Headline, Plan, WebLink};
use domain::{Kopecks, Source, SubtypeId};
use uuid::Uuid;
use wire::announcement::{Offer, SetAnnouncement, What};
use wire::problem::Rejection;
use wire::push::Outcome;

fn invalid(field: &str) -> Rejection {
    Rejection::FieldInvalid { field: field.into() }
}

#[tokio::test]
async fn what_an_editor_did_not_see_is_not_written_over() {
    let world = World::new().await;
    let (_, _, mut lebedeva) = two(&world).await;
    let other = world.staff("titova", "Титова Вера Ивановна", "editor").await;
    let mut titova = Hand::new(&world, other, Source::Desk);
    lebedeva.applied(set(&news(1))).await;
    let changed =
        SetAnnouncement { headline: Headline::parse("Промывка отменена").expect("short"), ..news(1) };
    let version = match titova.rejected(set(&changed)).await {
        Rejection::Changed { version } => version,
        other => panic!("{other:?}"),
    };
    let mut operation = titova.operation(set(&changed));
    operation.base_version = Some(version);
    let outcome = world.push_one(&titova.person, item(&operation)).await;
    assert!(matches!(outcome, Outcome::Applied { .. }), "{outcome:?}");
    assert!(matches!(lebedeva.rejected(set(&news(1))).await, Rejection::Changed { .. }));
    let seen = edited(&world, &lebedeva.person).await;
    assert_eq!(seen[0].headline.as_str(), "Промывка отменена");
    assert!(seen[0].by.starts_with("Титова"), "{}", seen[0].by);
}

#[tokio::test]
async fn only_an_editor_writes() {
    let world = World::new().await;
    let (mut resident, _, _) = two(&world).await;
    let dispatcher = world.staff("ilina", "Ильина Анна Сергеевна", "dispatcher,support").await;
    let mut dispatcher = Hand::new(&world, dispatcher, Source::Desk);
    assert_eq!(dispatcher.rejected(set(&news(1))).await, Rejection::NotYours);
    assert_eq!(resident.rejected(set(&news(1))).await, Rejection::NotYours);
}

#[tokio::test]
async fn what_cannot_be_told_is_refused_and_the_field_is_named() {
    let world = World::new().await;
    let (_, _, mut editor) = two(&world).await;
    let offer = Offer {
        group: "Счётчики".into(),
        price: Some(Kopecks(150_000)),
        price_from: true,
        partner: String::new(),
        order: Some(world.config().tickets.types[0].subtypes[0].id),
        phone: "+7 900 000-00-03".into(),
        link: WebLink::parse("https://example.ru").ok(),
    };
    let offered = |offer: Offer| SetAnnouncement { what: What::Offer(offer), ..news(1) };
    let unknown = vec![domain::HouseId::new(Uuid::from_u128(404))];
    let backwards = Plan::Publish { at_ms: november(21), until_ms: Some(november(20)) };
    for (wrong, field) in [
        (SetAnnouncement { audience: Audience::Houses { houses: unknown }, ..news(1) }, "audience"),
        (SetAnnouncement { audience: Audience::Houses { houses: Vec::new() }, ..news(1) }, "audience"),
        (SetAnnouncement { plan: backwards, ..news(1) }, "until_ms"),
        (offered(Offer { price: Some(Kopecks(-1)), ..offer.clone() }), "price"),
        (offered(Offer { order: Some(SubtypeId::new(Uuid::from_u128(404))), ..offer.clone() }), "order"),
        (offered(Offer { group: "я".repeat(61), ..offer.clone() }), "group"),
    ] {
        assert_eq!(editor.rejected(set(&wrong)).await, invalid(field));
    }
    editor.applied(set(&offered(offer))).await;
}
