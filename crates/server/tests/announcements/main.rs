//! News, polls and offers: who sees them and when, what answers count, what two editors make of one.

#[path = "../common/mod.rs"]
mod common;

mod polls;
mod telling;
mod writing;

use common::staff::Hand;
use common::town::Flat;
use common::*;
use domain::announcement::{Audience, Headline, Importance, Plan};
use domain::{AnnouncementId, MessageText, Source};
use uuid::Uuid;
use wire::announcement::{Announcement, EditedAnnouncement, SetAnnouncement, What};
use wire::entity::Entity;
use wire::feed::Scope;
use wire::operation::Body;

const HOUR_MS: i64 = 3_600_000;

fn words(text: &str) -> MessageText {
    MessageText::parse(text).expect("short")
}

/// News for everybody, at once.
fn news(number: u128) -> SetAnnouncement {
    SetAnnouncement {
        announcement: AnnouncementId::new(Uuid::from_u128(0xA000 + number)),
        headline: Headline::parse("Промывка сетей").expect("a heading"),
        story: words("Вода может быть мутной."),
        importance: Importance::Usual,
        pinned: false,
        attachments: Vec::new(),
        what: What::News,
        audience: Audience::All,
        plan: Plan::Publish { at_ms: 0, until_ms: None },
    }
}

fn set(announcement: &SetAnnouncement) -> Body {
    Body::SetAnnouncement(Box::new(announcement.clone()))
}

/// A resident with a flat, and an editor.
async fn two(world: &World) -> (Hand<'_>, Flat, Hand<'_>) {
    let (resident, flat) = world.resident().await;
    let editor = world.staff("lebedeva", "Лебедева Ольга Павловна", "editor").await;
    (Hand::new(world, resident, Source::ResidentApp), flat, Hand::new(world, editor, Source::Desk))
}

/// What is announced in a scope.
async fn announced(world: &World, person: &Person, scope: Scope) -> Vec<Announcement> {
    let found = world.snapshot(person, scope).await.entities.into_iter().filter_map(|it| match it.entity {
        Entity::Announcement(announcement) => Some(*announcement),
        _ => None,
    });
    found.collect()
}

/// What the editors see.
async fn edited(world: &World, editor: &Person) -> Vec<EditedAnnouncement> {
    let found = world.snapshot(editor, Scope::Editors).await.entities.into_iter().filter_map(|it| match it.entity {
        Entity::EditedAnnouncement(edited) => Some(*edited),
        _ => None,
    });
    found.collect()
}
