//! The support: conversations with residents, and questions of people who are not signed in.

use crate::common::staff::Hand;
use crate::common::*;
use crate::sight::Sight;
use crate::{create, say, ticket_id, two};
use domain::Source;
use reqwest::StatusCode;
use wire::desk::AnswerQuestion;
use wire::feed::Scope;
use wire::operation::{Body, UpdateProfile};
use wire::problem::{Code, Rejection};
use wire::ticket::Conversation;

#[tokio::test]
async fn the_support_answers_and_sees_who_waits_and_dispatchers_see_nothing_of_it() {
    let world = World::new().await;
    let (mut resident, flat, mut ilina) = two(&world).await;
    let agent = world.staff("orlova", "Орлова Инна Игоревна", "support").await;
    let mut agent = Hand::new(&world, agent, Source::Desk);
    let talk = Conversation::Support(resident.person.user);
    resident.applied(say(talk, 1, "Не вижу счётчик")).await;
    let waiting = Sight::of(&world, &agent.person, Scope::SupportDesk).await;
    assert!(matches!(waiting.talks()[..], [seen] if seen.waiting_since_ms == Some(november(20)) && seen.messages == 1));
    agent.applied(say(talk, 2, "Проверяем")).await;
    let answered = Sight::of(&world, &agent.person, Scope::SupportDesk).await;
    assert!(matches!(answered.talks()[..], [seen] if seen.waiting_since_ms.is_none() && seen.messages == 2));
    let own = Sight::own(&world, &resident.person).await;
    assert_eq!(own.messages()[1].author, "Орлова, поддержка");

    assert_eq!(ilina.rejected(say(talk, 3, "Чужое")).await, Rejection::NotYours);
    assert!(Sight::of(&world, &ilina.person, Scope::Desk).await.messages().is_empty());
    resident.applied(create(&world, &flat, ticket_id(1))).await;
    let ticket = Conversation::Ticket(ticket_id(1));
    assert_eq!(agent.rejected(say(ticket, 4, "Чужое")).await, Rejection::NotYours);
    let nobody = Conversation::Support(domain::UserId::new(uuid::Uuid::from_u128(404)));
    assert_eq!(agent.rejected(say(nobody, 5, "Никому")).await, Rejection::NotYours);
}

#[tokio::test]
async fn the_support_reads_the_name_a_person_has_now_also_when_the_phone_changed_hands() {
    let world = World::new().await;
    let (mut resident, _, _) = two(&world).await;
    let agent = world.staff("orlova", "Орлова Инна Игоревна", "support").await;
    let name = async || Sight::of(&world, &agent, Scope::SupportDesk).await.talks()[0].name.clone();
    resident.applied(say(Conversation::Support(resident.person.user), 1, "Не вижу счётчик")).await;
    let before = name().await;
    let profile = UpdateProfile { name: Some("Смирнова Вера Павловна".into()), email: None };
    resident.applied(Body::UpdateProfile(profile)).await;
    assert_eq!(name().await, "Смирнова Вера Павловна");
    world.clock.advance(300_000);
    world.register(&resident.person.phone).await;
    assert_eq!(name().await, before, "as they registered");
}

#[tokio::test]
async fn a_question_without_signing_in_is_answered_the_same_whoevers_phone_it_names() {
    let world = World::new().await;
    let (resident, _, _) = two(&world).await;
    let agent = world.staff("orlova", "Орлова Инна Игоревна", "support").await;
    let mut agent = Hand::new(&world, agent, Source::Desk);
    for phone in ["+79000000001", "8 900 000-00-77"] {
        let answer =
            world.post("/v1/support/questions", &serde_json::json!({"phone": phone, "text": "Не приходит код"})).await;
        assert_eq!(answer.status(), StatusCode::ACCEPTED);
        assert_eq!(answer.text().await.expect("a body"), "");
    }
    let seen = Sight::of(&world, &agent.person, Scope::SupportDesk).await;
    let phones: std::collections::BTreeSet<_> = seen.questions().iter().map(|it| it.phone.clone()).collect();
    assert_eq!(phones, ["+79000000001".to_owned(), "+79000000077".to_owned()].into());
    // It was not proven to be theirs.
    assert!(Sight::own(&world, &resident.person).await.messages().is_empty());
    let question = seen.questions()[0].id;
    let answer = crate::words("Перезвонила");
    agent.applied(Body::AnswerQuestion(AnswerQuestion { question, answer })).await;
    let seen = Sight::of(&world, &agent.person, Scope::SupportDesk).await;
    let answered = seen.questions().into_iter().find(|it| it.id == question).expect("there").answered.as_ref();
    assert_eq!(answered.expect("answered").by, "Орлова, поддержка");
}

#[tokio::test]
async fn a_flood_of_questions_is_stopped_by_phone_and_by_address() {
    let settings = SETTINGS.replace("[limits]\n", "[limits]\nquestions_per_phone_day = 2\nquestions_per_ip_day = 4\n");
    let world = World::with(&settings).await;
    let ask = async |phone: u32| {
        let question = serde_json::json!({"phone": format!("+7900000{phone:04}"), "text": "Алло"});
        world.post("/v1/support/questions", &question).await
    };
    assert_eq!(ask(1).await.status(), StatusCode::ACCEPTED);
    assert_eq!(ask(1).await.status(), StatusCode::ACCEPTED);
    assert!(matches!(problem(ask(1).await).await, Code::LockedOut { .. }));
    assert_eq!(ask(2).await.status(), StatusCode::ACCEPTED);
    assert!(matches!(problem(ask(3).await).await, Code::LockedOut { .. }));
    let bad = world.post("/v1/support/questions", &serde_json::json!({"phone": "нет", "text": "Алло"})).await;
    assert_eq!(problem(bad).await, Code::Unreadable { field: Some("phone".into()) });
}
