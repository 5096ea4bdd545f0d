//! Editors: what is written without a line, what would be refused, what residents will see.

use super::house::{House, ask, fails, until};
use crate::core::Core;
use crate::view::{Failure, Field, FieldProblem};
use domain::announcement::{Audience, Headline, Importance, Plan, Stage};
use domain::{AnnouncementId, HouseId, MessageText, StaffId, UserId};
use serde_json::{Value, json};
use std::sync::Arc;
use uuid::Uuid;
use wire::announcement::{EditedAnnouncement, What};
use wire::desk::{Role, Work};
use wire::entity::{Entity, Profile};
use wire::feed::Scope;
use wire::operation::Body;

const LEBEDEVA: UserId = UserId::new(Uuid::from_u128(0x35));
const NEWS: AnnouncementId = AnnouncementId::new(Uuid::from_u128(0xa001));

/// An editor who is signed in, and an announcement for a house.
async fn editor() -> (House, Arc<Core>) {
    let house = House::new();
    let server = &house.server;
    server.register("lebedeva", LEBEDEVA, "kotik-parol-2026");
    let staff = StaffId::new(LEBEDEVA.uuid());
    let work = Work { staff, post: "Редактор".into(), department: None, roles: vec![Role::Editor] };
    let (name, phone) = ("Лебедева Ольга Павловна".to_owned(), "lebedeva".to_owned());
    let profile = Profile { id: LEBEDEVA, name, phone, email: String::new(), work: Some(work) };
    server.put(Scope::User(LEBEDEVA), Entity::Profile(profile));
    let edited = EditedAnnouncement {
        id: NEWS,
        headline: Headline::parse("Промывка сетей").expect("a heading"),
        story: MessageText::parse("Вода может быть мутной.").expect("words"),
        importance: Importance::Usual,
        pinned: false,
        attachments: Vec::new(),
        what: What::News,
        audience: Audience::Houses { houses: vec![HouseId::new(Uuid::from_u128(0x71))] },
        named: vec!["Винокурова, 10".into()],
        plan: Plan::Publish { at_ms: 0, until_ms: None },
        stage: Stage::Shown,
        by: "Титова, редактор".into(),
        changed_ms: 1,
    };
    server.put(Scope::Editors, Entity::EditedAnnouncement(Box::new(edited)));
    let core = house.core();
    let typed = json!({ "phone": "lebedeva", "password": "kotik-parol-2026", "forget_password": false });
    ask(&core, "sign_in", typed).await;
    until(&core, "boot", json!({}), |boot| boot["session"]["workplace"] == json!("desk")).await;
    until(&core, "desk_announcements", json!({}), |view| view["rows"][0].is_object()).await;
    (house, core)
}

fn typed(announcement: Option<AnnouncementId>, headline: &str, what: &Value, plan: &Value) -> Value {
    json!({
        "announcement": announcement.map(|id| id.to_string()), "headline": headline, "importance": "urgent",
        "pinned": false, "draft": { "text": "Подробности", "files": [] }, "kept": [], "what": what,
        "audience": { "to": "all" }, "plan": plan,
    })
}

fn poll(options: &[&str], ends_ms: i64) -> Value {
    let question = json!({ "text": "Когда?", "ask": { "ask": "one", "options": options }, "required": true });
    json!({ "what": "poll", "questions": [question], "ends_ms": ends_ms, "results_shown": true })
}

#[tokio::test]
async fn what_was_written_without_a_line_is_not_in_the_list_or_two_changes_of_it_are_sent() {
    let (house, core) = editor().await;
    house.server.state().cut = true;
    let (news, draft) = (json!({ "what": "news" }), json!({ "plan": "draft" }));
    let saved = ask(&core, "desk_announcement_save", typed(None, "Субботник", &news, &draft)).await;
    let id: AnnouncementId = saved["announcement"].as_str().expect("an id").parse().expect("an id");
    let publish = json!({ "plan": "publish", "at_ms": 0, "until_ms": null });
    ask(&core, "desk_announcement_save", typed(Some(id), "Субботник в субботу", &news, &publish)).await;
    let list = ask(&core, "desk_announcements", json!({})).await;
    let rows = list["rows"].as_array().expect("rows");
    assert_eq!(rows.len(), 2);
    assert_eq!((&rows[0]["headline"], &rows[0]["stage"]), (&json!("Субботник в субботу"), &json!("shown")));
    assert!(rows[0]["mark"].is_object());
    house.server.state().cut = false;
    ask(&core, "queue_send_now", json!({})).await;
    until(&core, "queue", json!({}), |view| view["pill"]["waiting"] == json!(0) || sent(&house) == 1).await;
    assert_eq!(sent(&house), 1);
}

fn sent(house: &House) -> usize {
    let state = house.server.state();
    state.applied.iter().filter(|operation| matches!(operation.body, Body::SetAnnouncement(_))).count()
}

#[tokio::test]
async fn a_poll_that_cannot_be_answered_leaves_this_computer_or_the_fault_stands_beside_no_field() {
    let (_house, core) = editor().await;
    let publish = json!({ "plan": "publish", "at_ms": 0, "until_ms": null });
    let later = i64::MAX / 2;
    for (headline, what, field, problem) in [
        ("", poll(&["Да", "Нет"], later), Field::Headline, FieldProblem::Empty),
        ("Опрос", poll(&["Да"], later), Field::Questions, FieldProblem::Malformed),
        ("Опрос", poll(&["Да", "Нет"], 1), Field::Ends, FieldProblem::Malformed),
    ] {
        let refused = fails(&core, "desk_announcement_save", typed(None, headline, &what, &publish)).await;
        assert_eq!(refused, Failure::Field { field, problem });
    }
}

#[tokio::test]
async fn the_preview_is_another_than_what_residents_see_or_a_change_forgets_whom_it_was_for() {
    let (_house, core) = editor().await;
    let publish = json!({ "plan": "publish", "at_ms": 0, "until_ms": null });
    let what = poll(&["Да", "Нет"], i64::MAX / 2);
    let seen = ask(&core, "desk_announcement_preview", typed(None, "Опрос", &what, &publish)).await;
    assert_eq!(seen["seen"]["row"]["headline"], json!("Опрос"));
    assert_eq!(seen["seen"]["poll"]["questions"][0]["text"], json!("Когда?"));
    let known = ask(&core, "desk_announcement", json!({ "announcement": NEWS.to_string() })).await;
    assert_eq!(known["named"], json!(["Винокурова, 10"]));
    assert_eq!(known["audience"]["to"], json!("houses"));
}
