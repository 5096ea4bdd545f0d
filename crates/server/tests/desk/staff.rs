//! The staff comes in, and goes.

use crate::common::*;
use crate::sight::Sight;
use crate::two;
use reqwest::StatusCode;
use wire::desk::Role;
use wire::entity::Entity;
use wire::feed::{Scope, Scopes};
use wire::problem::Code;
use zhkh_server::staff;

#[tokio::test]
async fn each_role_sees_its_own_scope_and_the_profile_tells_the_workplace() {
    let world = World::new().await;
    let (_, _, ilina) = two(&world).await;
    let agent = world.staff("orlova", "Орлова Инна Игоревна", "support").await;
    let both = world.staff("vse", "Всеволодова Яна Юрьевна", "dispatcher,support").await;
    for (person, scopes, roles) in [
        (&ilina.person, vec![Scope::Desk], vec![Role::Dispatcher]),
        (&agent, vec![Scope::SupportDesk], vec![Role::Support]),
        (&both, vec![Scope::Desk, Scope::SupportDesk], vec![Role::Dispatcher, Role::Support]),
    ] {
        let seen: Scopes = read(world.get_as(person, "/v1/scopes").await).await;
        assert_eq!(seen.scopes[2..], scopes);
        let own = world.snapshot(person, Scope::User(person.user)).await;
        let work = own.entities.iter().find_map(|it| match &it.entity {
            Entity::Profile(profile) => profile.work.clone(),
            _ => None,
        });
        assert_eq!(work.expect("they work here").roles, roles);
    }
    let colleagues = Sight::of(&world, &ilina.person, Scope::Desk).await;
    assert_eq!(colleagues.staff().len(), 3);
}

#[tokio::test]
async fn a_dismissed_one_is_out_at_once_and_cannot_come_back() {
    let world = World::new().await;
    let (_, _, ilina) = two(&world).await;
    let gone = world.store().write(|tx| staff::dismiss(tx, "ilina")).await.expect("written").value;
    assert!(gone.is_some());
    let out = world.get_as(&ilina.person, "/v1/snapshot?scope=desk").await;
    assert_eq!(problem(out).await, Code::SignInNeeded);
    let refresh = serde_json::json!({"refresh_token": ilina.person.session.refresh_token});
    assert_eq!(world.post("/v1/session/refresh", &refresh).await.status(), StatusCode::UNAUTHORIZED);
    let again = serde_json::json!({"phone": "ilina", "password": PASSWORD, "device": device()});
    assert!(matches!(problem(world.post("/v1/session", &again).await).await, Code::WrongPassword { .. }));
}

#[tokio::test]
async fn a_new_password_ends_what_the_old_one_opened() {
    let world = World::new().await;
    let (_, _, ilina) = two(&world).await;
    let hash = world.running().app().passwords.hash("novyj2026parol".into()).await.expect("hashed");
    world.store().write(move |tx| staff::replace_password(tx, "ilina", &hash)).await.expect("written");
    assert_eq!(problem(world.get_as(&ilina.person, "/v1/scopes").await).await, Code::SignInNeeded);
    let with = |password: &str| serde_json::json!({"phone": "ILINA", "password": password, "device": device()});
    assert_eq!(world.post("/v1/session", &with(PASSWORD)).await.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(world.post("/v1/session", &with("novyj2026parol")).await.status(), StatusCode::OK);
}

#[tokio::test]
async fn guessing_the_password_of_the_staff_is_stopped_like_that_of_a_resident() {
    let world = World::new().await;
    two(&world).await;
    let guess = |login: &str| serde_json::json!({"phone": login, "password": "neverno1234", "device": device()});
    for login in ["ilina", "nikto"] {
        for left in (0..5).rev() {
            let code = problem(world.post("/v1/session", &guess(login)).await).await;
            assert_eq!(code, Code::WrongPassword { tries_left: left });
        }
        let locked = problem(world.post("/v1/session", &guess(login)).await).await;
        assert!(matches!(locked, Code::LockedOut { .. }), "{locked:?}");
    }
}

#[tokio::test]
async fn somebody_who_is_only_sent_out_has_no_way_in() {
    let world = World::new().await;
    let newcomer = staff::Newcomer {
        login: "stepanov".into(),
        name: domain::PersonName::parse("Степанов Иван Васильевич").expect("a name"),
        post: "Слесарь".into(),
        department: None,
        roles: "worker".into(),
        password: String::new(),
    };
    world.store().write(move |tx| staff::add(tx, &newcomer)).await.expect("written");
    for password in ["", PASSWORD] {
        let body = serde_json::json!({"phone": "stepanov", "password": password, "device": device()});
        assert_eq!(world.post("/v1/session", &body).await.status(), StatusCode::UNAUTHORIZED);
    }
}
