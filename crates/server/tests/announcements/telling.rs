//! Whom an announcement reaches, and when.

use crate::common::town::OTHER_NUMBER;
use crate::common::*;
use crate::{HOUR_MS, announced, edited, news, set, two};
use domain::Kopecks;
use domain::announcement::{Audience, Plan, Stage};
use reqwest::StatusCode;
use wire::announcement::{AnnouncementResults, AudiencePlaces, Reach, SetAnnouncement};
use wire::feed::Scope;
use wire::operation::Body;
use zhkh_server::storage::Sql as _;

#[tokio::test]
async fn news_for_everybody_are_seen_by_everybody_until_they_are_withdrawn() {
    let world = World::new().await;
    let (resident, _, mut editor) = two(&world).await;
    editor.applied(set(&news(1))).await;
    let seen = announced(&world, &resident.person, Scope::Public).await;
    assert!(matches!(&seen[..], [it] if it.headline.as_str() == "Промывка сетей" && it.since_ms == november(20)));
    editor.applied(set(&SetAnnouncement { plan: Plan::Withdrawn, ..news(1) })).await;
    assert!(announced(&world, &resident.person, Scope::Public).await.is_empty());
    assert_eq!(edited(&world, &editor.person).await[0].stage, Stage::Withdrawn);
}

#[tokio::test]
async fn news_for_a_house_are_not_seen_in_another_and_a_draft_is_seen_by_nobody() {
    let world = World::new().await;
    let (resident, flat, mut editor) = two(&world).await;
    let stranger = world.register("+79000000009").await;
    let houses = vec![flat.house];
    editor.applied(set(&SetAnnouncement { audience: Audience::Houses { houses }, ..news(1) })).await;
    editor.applied(set(&SetAnnouncement { plan: Plan::Draft, ..news(2) })).await;
    assert_eq!(announced(&world, &resident.person, Scope::House(flat.house)).await.len(), 1);
    assert!(announced(&world, &resident.person, Scope::Public).await.is_empty());
    assert!(announced(&world, &stranger, Scope::Public).await.is_empty());
    let path = format!("/v1/snapshot?scope=house:{}", flat.house);
    assert_eq!(world.get_as(&stranger, &path).await.status(), StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn another_audience_takes_it_from_those_it_was_for() {
    let world = World::new().await;
    let (resident, flat, mut editor) = two(&world).await;
    let streets = vec!["г. Новочебоксарск, ул. Винокурова".to_owned()];
    editor.applied(set(&SetAnnouncement { audience: Audience::Streets { streets }, ..news(1) })).await;
    assert_eq!(announced(&world, &resident.person, Scope::House(flat.house)).await.len(), 1);
    let debt = Audience::Debt { over: Kopecks(345_677) };
    editor.applied(set(&SetAnnouncement { audience: debt, ..news(1) })).await;
    assert!(announced(&world, &resident.person, Scope::House(flat.house)).await.is_empty());
    assert_eq!(announced(&world, &resident.person, Scope::Account(flat.account)).await.len(), 1);
    let debt = Audience::Debt { over: Kopecks(345_678) };
    editor.applied(set(&SetAnnouncement { audience: debt, ..news(1) })).await;
    assert!(announced(&world, &resident.person, Scope::Account(flat.account)).await.is_empty());
}

#[tokio::test]
async fn what_is_planned_is_shown_when_its_moment_comes_and_goes_at_its_end() {
    let world = World::new().await;
    let (resident, _, mut editor) = two(&world).await;
    let (at_ms, until_ms) = (november(20) + HOUR_MS, november(20) + 3 * HOUR_MS);
    let plan = Plan::Publish { at_ms, until_ms: Some(until_ms) };
    editor.applied(set(&SetAnnouncement { plan, ..news(1) })).await;
    for (now_ms, stage, shown) in [
        (at_ms - 1, Stage::Scheduled, false),
        (at_ms, Stage::Shown, true),
        (until_ms - 1, Stage::Shown, true),
        (until_ms, Stage::Over, false),
    ] {
        world.clock.set(now_ms);
        let (resident, editor) = (world.sign_in(&resident.person).await, world.sign_in_as("lebedeva").await);
        world.running().tick().await.expect("ticked");
        assert_eq!(edited(&world, &editor).await[0].stage, stage, "{now_ms}");
        assert_eq!(!announced(&world, &resident, Scope::Public).await.is_empty(), shown, "{now_ms}");
    }
}

#[tokio::test]
async fn a_town_hears_in_turns_and_nobody_is_left_out() {
    let world = World::new().await;
    let (resident, flat, mut editor) = two(&world).await;
    let accounts: Vec<_> =
        (0..1_200_u128).map(|number| domain::AccountId::new(uuid::Uuid::from_u128(0xB_0000 + number))).collect();
    let (made, house) = (accounts.clone(), flat.house);
    let built = world.store().write(move |tx| {
        for (account, number) in made.iter().zip(3_000_000_000_u64..) {
            tx.execute(
                "INSERT INTO accounts (id, number, house_id, address, short_address, payer, debt, debt_on)
                 VALUES ($1, $2, $3, '', '', '', 0, '2026-11-01')",
                zhkh_server::params![*account, number.to_string(), house],
            )?;
        }
        Ok::<_, zhkh_server::storage::StoreError>(())
    });
    built.await.expect("built");
    let named = accounts.iter().copied().chain([flat.account]).collect();
    editor.applied(set(&SetAnnouncement { audience: Audience::Accounts { accounts: named }, ..news(1) })).await;
    world.running().tick().await.expect("ticked");
    assert_eq!(announced(&world, &resident.person, Scope::Account(flat.account)).await.len(), 1);
    let left = world.store().read(|sql| {
        let row = sql.first("SELECT COUNT(*) FROM announcement_scopes WHERE due = 1 OR told = 0", &[])?;
        row.expect("counted").get::<i64>(0)
    });
    assert_eq!(left.await.expect("read"), 0);
}

#[tokio::test]
async fn an_editor_is_told_how_many_are_meant_and_nobody_else_is_told_anything() {
    let world = World::new().await;
    let (mut resident, flat, mut editor) = two(&world).await;
    world.flat(OTHER_NUMBER).await;
    world.register("+79000000009").await;
    let everybody: Reach = read(world.post_as(&editor.person, "/v1/announcements/reach", &Audience::All).await).await;
    assert_eq!(everybody, Reach { places: 0, people: 2 });
    let house = Audience::Houses { houses: vec![flat.house] };
    let reached: Reach = read(world.post_as(&editor.person, "/v1/announcements/reach", &house).await).await;
    assert_eq!(reached, Reach { places: 1, people: 1 });
    let found = world.get_as(&editor.person, "/v1/announcements/places?text=ВИНОКУРОВА").await;
    let found: AudiencePlaces = read(found).await;
    assert_eq!((found.streets.len(), found.houses.len(), found.accounts.len()), (1, 1, 0));
    let found = world.get_as(&editor.person, "/v1/announcements/places?text=2140183572").await;
    assert_eq!(read::<AudiencePlaces>(found).await.accounts.len(), 1);
    editor.applied(set(&SetAnnouncement { audience: house.clone(), ..news(1) })).await;
    let path = format!("/v1/announcements/{}/results", news(1).announcement);
    let results: AnnouncementResults = read(world.get_as(&editor.person, &path).await).await;
    assert_eq!((results.people, results.readers), (1, 0));
    let opened = wire::announcement::ReadAnnouncement { announcement: news(1).announcement };
    resident.applied(Body::ReadAnnouncement(opened)).await;
    resident.applied(Body::ReadAnnouncement(opened)).await;
    let results: AnnouncementResults = read(world.get_as(&editor.person, &path).await).await;
    assert_eq!((results.people, results.readers), (1, 1));
    for answer in [
        world.post_as(&resident.person, "/v1/announcements/reach", &house).await,
        world.get_as(&resident.person, "/v1/announcements/places?text=Винокурова").await,
        world.get_as(&resident.person, &path).await,
    ] {
        assert_eq!(answer.status(), StatusCode::FORBIDDEN);
    }
}
