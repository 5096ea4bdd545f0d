//! Mass outages: what the houses see, and what two dispatchers make of one.

use crate::common::staff::Hand;
use crate::common::*;
use crate::sight::Sight;
use crate::{create, ticket_id, two, words};
use domain::{HouseId, IncidentId, Source};
use uuid::Uuid;
use wire::desk::{FoldTicket, Incident, SetIncident};
use wire::feed::Scope;
use wire::operation::Body;
use wire::problem::Rejection;
use wire::push::Outcome;
use wire::ticket::Happened;

fn incident(house: HouseId) -> Incident {
    Incident {
        id: IncidentId::new(Uuid::from_u128(0xD8)),
        title: "Нет горячей воды".into(),
        text: words("Ремонтируем магистраль"),
        scheduled: false,
        houses: vec![house],
        subtypes: Vec::new(),
        from_ms: november(20),
        until_ms: None,
        over: false,
    }
}

fn set(incident: &Incident) -> Body {
    Body::SetIncident(SetIncident { incident: incident.clone() })
}

#[tokio::test]
async fn residents_of_the_house_see_an_outage_until_it_is_over() {
    let world = World::new().await;
    let (resident, flat, mut ilina) = two(&world).await;
    let begun = incident(flat.house);
    ilina.applied(set(&begun)).await;
    let house = Scope::House(flat.house);
    let seen = Sight::of(&world, &resident.person, house).await;
    assert!(matches!(seen.outages()[..], [outage] if outage.incident == begun.id && outage.title == begun.title));
    ilina.applied(set(&Incident { over: true, ..begun })).await;
    assert!(Sight::of(&world, &resident.person, house).await.outages().is_empty());
    assert!(Sight::of(&world, &ilina.person, Scope::Desk).await.incidents()[0].over);
}

#[tokio::test]
async fn a_change_that_somebody_did_not_see_is_not_written_over() {
    let world = World::new().await;
    let (_, flat, mut ilina) = two(&world).await;
    let petrov = world.staff("petrov", "Петров Пётр Петрович", "dispatcher").await;
    let mut petrov = Hand::new(&world, petrov, Source::Desk);
    let begun = incident(flat.house);
    ilina.applied(set(&begun)).await;
    let changed = Incident { title: "Авария на магистрали".into(), ..begun };
    let version = match petrov.rejected(set(&changed)).await {
        Rejection::Changed { version } => version,
        other => panic!("{other:?}"),
    };
    let seen = world.snapshot(&petrov.person, Scope::Desk).await;
    let stands = seen.entities.iter().find(|it| it.entity.kind() == "incident").expect("there").version;
    assert_eq!(version, stands);
    let mut operation = petrov.operation(set(&changed));
    operation.base_version = Some(version);
    let outcome = world.push_one(&petrov.person, item(&operation)).await;
    assert!(matches!(outcome, Outcome::Applied { .. }), "{outcome:?}");
    // One's own two changes, entered offline one after the other, do not stand in each other's way.
    petrov.applied(set(&changed)).await;
}

#[tokio::test]
async fn a_ticket_is_folded_into_an_incident_and_its_resident_reads_of_it() {
    let world = World::new().await;
    let (mut resident, flat, mut ilina) = two(&world).await;
    let begun = incident(flat.house);
    resident.applied(create(&world, &flat, ticket_id(1))).await;
    let fold = |incident| Body::FoldTicket(FoldTicket { ticket: ticket_id(1), incident });
    assert_eq!(ilina.rejected(fold(Some(begun.id))).await, Rejection::FieldInvalid { field: "incident".into() });
    ilina.applied(set(&begun)).await;
    ilina.applied(fold(Some(begun.id))).await;
    let own = Sight::own(&world, &resident.person).await;
    assert_eq!(own.tickets()[0].incident, Some(begun.id));
    assert!(own.happened().contains(&&Happened::Folded { title: begun.title.clone() }));
    ilina.applied(fold(None)).await;
    assert_eq!(Sight::own(&world, &resident.person).await.tickets()[0].incident, None);
}
