//! Which answers count.

use crate::common::*;
use crate::{HOUR_MS, announced, news, set, two, words};
use domain::announcement::{Answer, AnswersProblem, Ask, Plan, PollQuestion};
use wire::announcement::{AnnouncementResults, AnswerPoll, Poll, SetAnnouncement, What};
use wire::entity::Entity;
use wire::feed::Scope;
use wire::operation::Body;
use wire::problem::Rejection;
use wire::push::Outcome;

fn poll(results_shown: bool) -> SetAnnouncement {
    let options = vec!["Утро".to_owned(), "Вечер".to_owned()];
    let questions = vec![
        PollQuestion { text: "Когда?".into(), ask: Ask::One { options }, required: true },
        PollQuestion { text: "Пожелания".into(), ask: Ask::Words, required: false },
    ];
    let what = What::Poll(Poll { questions, ends_ms: november(20) + 24 * HOUR_MS, results_shown });
    SetAnnouncement { what, ..news(1) }
}

fn answer(place: u8, said: &str) -> Body {
    let answers = vec![Answer::Chosen { places: vec![place] }, Answer::Words { words: words(said) }];
    Body::AnswerPoll(AnswerPoll { announcement: news(1).announcement, answers })
}

async fn results(world: &World, editor: &Person) -> AnnouncementResults {
    read(world.get_as(editor, &format!("/v1/announcements/{}/results", news(1).announcement)).await).await
}

#[tokio::test]
async fn of_two_answers_the_last_counts_and_its_person_sees_it() {
    let world = World::new().await;
    let (mut resident, _, mut editor) = two(&world).await;
    editor.applied(set(&poll(false))).await;
    resident.applied(answer(0, "")).await;
    resident.applied(answer(1, "После шести")).await;
    let results = results(&world, &editor.person).await;
    let tally = results.tally.expect("a poll");
    assert_eq!((tally.people, tally.questions[0].chosen.clone(), tally.questions[1].people), (1, vec![0, 1], 1));
    assert_eq!((results.readers, results.words.len()), (1, 1));
    let own = world.snapshot(&resident.person, Scope::User(resident.person.user)).await;
    let marks = own.entities.iter().filter_map(|it| match &it.entity {
        Entity::AnnouncementMark(mark) => mark.answers.clone(),
        _ => None,
    });
    let marks: Vec<_> = marks.collect();
    assert_eq!(marks, [vec![Answer::Chosen { places: vec![1] }, Answer::Words { words: words("После шести") }]]);
}

#[tokio::test]
async fn an_answer_that_does_not_answer_is_refused_and_names_the_question() {
    let world = World::new().await;
    let (mut resident, _, mut editor) = two(&world).await;
    editor.applied(set(&poll(false))).await;
    let problem = AnswersProblem::Required { question: 0 };
    let nothing = vec![Answer::Skipped, Answer::Skipped];
    let body = AnswerPoll { announcement: news(1).announcement, answers: nothing };
    assert_eq!(resident.rejected(Body::AnswerPoll(body)).await, Rejection::AnswersWrong { problem });
    let mut stranger = resident;
    stranger.person = world.register("+79000000009").await;
    editor.applied(set(&SetAnnouncement { plan: Plan::Draft, ..news(2) })).await;
    let unseen = AnswerPoll { announcement: news(2).announcement, answers: Vec::new() };
    assert_eq!(stranger.rejected(Body::AnswerPoll(unseen)).await, Rejection::NotYours);
}

#[tokio::test]
async fn an_answer_entered_in_time_counts_for_three_days_and_the_results_wait_for_it() {
    let world = World::new().await;
    let (mut resident, _, mut editor) = two(&world).await;
    editor.applied(set(&poll(true))).await;
    let mut in_time = resident.operation(answer(1, ""));
    in_time.captured = captured(november(20) + 23 * HOUR_MS);
    world.clock.set(november(20) + 30 * HOUR_MS);
    resident.person = world.sign_in(&resident.person).await;
    let mut late = resident.operation(answer(0, ""));
    late.captured = captured(november(20) + 25 * HOUR_MS);
    let outcome = world.push_one(&resident.person, item(&late)).await;
    assert!(matches!(outcome, Outcome::Rejected { rejection: Rejection::PollEnded, .. }), "{outcome:?}");
    let outcome = world.push_one(&resident.person, item(&in_time)).await;
    assert!(matches!(outcome, Outcome::Applied { .. }), "{outcome:?}");
    world.running().tick().await.expect("ticked");
    assert_eq!(announced(&world, &resident.person, Scope::Public).await[0].results, None);
    world.clock.set(november(20) + (24 + 72) * HOUR_MS);
    resident.person = world.sign_in(&resident.person).await;
    world.running().tick().await.expect("ticked");
    let shown = announced(&world, &resident.person, Scope::Public).await[0].results.clone().expect("results");
    assert_eq!((shown.people, shown.questions[0].chosen.clone()), (1, vec![0, 1]));
    let mut too_late = resident.operation(answer(0, ""));
    too_late.captured = captured(november(20) + 22 * HOUR_MS);
    let outcome = world.push_one(&resident.person, item(&too_late)).await;
    assert!(matches!(outcome, Outcome::Rejected { rejection: Rejection::PollEnded, .. }), "{outcome:?}");
}

#[tokio::test]
async fn questions_that_somebody_answered_are_not_changed_under_the_answers() {
    let world = World::new().await;
    let (mut resident, _, mut editor) = two(&world).await;
    editor.applied(set(&poll(false))).await;
    resident.applied(answer(0, "")).await;
    let mut other = poll(false);
    let What::Poll(asked) = &mut other.what else { unreachable!("a poll") };
    asked.questions.pop();
    let refused = editor.rejected(set(&other)).await;
    assert_eq!(refused, Rejection::FieldInvalid { field: "questions".into() });
    let mut longer = poll(true);
    let What::Poll(asked) = &mut longer.what else { unreachable!("a poll") };
    asked.ends_ms += HOUR_MS;
    editor.applied(set(&longer)).await;
}
