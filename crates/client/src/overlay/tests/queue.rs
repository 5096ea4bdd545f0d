//! The queue panel, what is found, and what a saved file says.

use super::world::*;
use crate::engine::SyncStatus;
use crate::overlay::entry::{Entry, Fate};
use crate::overlay::find::find;
use crate::overlay::queue_text::queue_text;
use crate::overlay::queue_view::queue_view;
use crate::view::{Mark, QueueAction, QueueWhat, Target};
use domain::OperationId;
use uuid::Uuid;
use wire::problem::Rejection;

const STATUS: SyncStatus = SyncStatus {
    pause: None,
    sending: None,
    next_try_ms: None,
    last_synced_ms: None,
    wall_error_ms: None,
    waiting: 0,
    attention: 0,
};

fn id(number: u128) -> OperationId {
    OperationId::new(Uuid::from_u128(number))
}

#[test]
fn what_is_held_hangs_under_what_holds_it_and_nowhere_else() {
    let mut picture = flat(day(10, 20));
    let rejected = Fate::Rejected { rejection: Rejection::NotYours };
    picture.entries = vec![
        entry(1, submits(0xa1, WATER, &["467"]), at(day(10, 20)), rejected),
        entry(2, renames("Кухня"), at(day(10, 20)), Fate::Held { by: id(1) }),
        entry(3, submits(0xa3, POWER, &["14300", "7150"]), at(day(10, 20)), Fate::Queued),
    ];
    let view = queue_view(&picture, &STATUS);
    assert_eq!(view.attention.len(), 1);
    assert_eq!(
        view.attention[0].holds.iter().map(|item| item.operation.clone()).collect::<Vec<_>>(),
        [id(2).to_string()]
    );
    assert_eq!(view.waiting.len(), 1);
    assert_eq!(view.waiting[0].deadline, Some(day(10, 25)));
    assert_eq!(view.waiting[0].actions, [QueueAction::Fix, QueueAction::Withdraw, QueueAction::Save]);
}

#[test]
fn only_todays_answers_are_under_accepted_today() {
    let mut picture = flat(day(10, 20));
    let accepted = |number, decided_on| Entry {
        decided_ms: Some(at(decided_on)),
        ..entry(number, submits(number, WATER, &["467"]), at(decided_on), Fate::Acked { position: 90 })
    };
    picture.entries = vec![accepted(1, day(10, 19)), accepted(2, day(10, 20))];
    let view = queue_view(&picture, &STATUS);
    assert_eq!(view.accepted.iter().map(|item| item.operation.clone()).collect::<Vec<_>>(), [id(2).to_string()]);
    assert_eq!(view.accepted[0].mark, Mark::Accepted { at_ms: Some(at(day(10, 20))) });
}

#[test]
fn the_first_action_cures_and_saving_is_always_possible() {
    let mut picture = flat(day(10, 20));
    let first = |fate: Fate| {
        let sent = fate != Fate::Queued;
        picture.entries = vec![Entry { ever_sent: sent, ..entry(1, renames("Кухня"), 1, fate) }];
        let view = queue_view(&picture, &STATUS);
        let item = view.attention.into_iter().chain(view.waiting).chain(view.accepted).next().expect("shown");
        assert!(item.actions.contains(&QueueAction::Save));
        item.actions[0].clone()
    };
    let mut first = first;
    assert_eq!(first(Fate::Queued), QueueAction::Fix);
    assert_eq!(first(Fate::InFlight), QueueAction::Withdraw);
    let too_old = Rejection::FieldInvalid { field: "name".into() };
    assert_eq!(first(Fate::Rejected { rejection: too_old }), QueueAction::Fix);
    assert_eq!(first(Fate::Rejected { rejection: Rejection::NotYours }), QueueAction::Discard);
    assert_eq!(first(Fate::Rejected { rejection: Rejection::BodyUnknown }), QueueAction::Retry);
    assert_eq!(first(Fate::Attention(outbox::Attention::IdTaken)), QueueAction::Retry);
    assert_eq!(first(Fate::Attention(outbox::Attention::Unreadable)), QueueAction::Save);
}

#[test]
fn a_row_that_cannot_be_read_is_there_and_can_be_saved() {
    let mut picture = flat(day(10, 20));
    let fate = Fate::Attention(outbox::Attention::Unreadable);
    picture.entries = vec![Entry { content: None, ..entry(1, renames(""), 1, fate) }];
    let view = queue_view(&picture, &STATUS);
    assert_eq!(
        (view.attention[0].what.clone(), view.attention[0].mark.clone()),
        (QueueWhat::Unreadable, Mark::Attention)
    );
    let entries: Vec<&Entry> = picture.entries.iter().collect();
    let text = queue_text(&picture, &entries, &|_| None);
    assert!(text.contains(&id(1).to_string()));
}

#[test]
fn a_saved_file_tells_a_person_what_it_holds_and_a_program_the_very_bytes() {
    let mut picture = flat(day(10, 20));
    picture.entries = vec![entry(1, submits(0xa1, WATER, &["467.1"]), at(day(10, 20)), Fate::Queued)];
    let entries: Vec<&Entry> = picture.entries.iter().collect();
    let text = queue_text(&picture, &entries, &|_| Some("{\"sealed\":1}".into()));
    assert!(text.contains("00467,100") && text.contains("18-004512") && text.contains("20.10.2026 10:00"), "{text}");
    assert!(text.ends_with("{\"sealed\":1}\n"));
}

#[test]
fn things_are_found_by_any_of_their_words() {
    let mut picture = flat(day(10, 20));
    picture.entries = vec![entry(1, submits(0xa1, WATER, &["467.1"]), at(day(10, 20)), Fate::Queued)];
    let titles = |query: &str| find(&picture, query).into_iter().map(|hit| hit.title).collect::<Vec<_>>();
    assert_eq!(titles("винокурова 2140183572"), ["Винокурова, 10-25"]);
    assert_eq!(titles("18-0045"), ["Холодная вода, кухня"]);
    assert_eq!(titles("ХОЛОДНАЯ"), ["Холодная вода, кухня", "Холодная вода, кухня"], "the meter and what waits");
    assert!(titles("   ").is_empty() && titles("газ").is_empty());
    let waits = find(&picture, "00467").remove(0);
    assert_eq!((waits.target, waits.mark), (Target::Queue, Some(Mark::Here)));
}
