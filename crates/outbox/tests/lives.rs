//! What a queue makes of a server that is another life of itself.

mod desk;

use desk::Desk;
use std::collections::BTreeSet;
use wire::problem::Rejection;
use wire::push::Outcome;
use zhkh_outbox::State;

fn applied(position: i64) -> Outcome {
    Outcome::Applied { position }
}

fn rejected(position: i64) -> Outcome {
    Outcome::Rejected { rejection: Rejection::NotYours, position }
}

#[test]
fn an_answer_of_the_servers_earlier_life_decides_nothing_and_the_batch_goes_again() {
    let mut desk = Desk::new();
    let (op, other) = (desk.enter(1), desk.enter(2));
    let before = desk.send();
    let effects = desk.outbox.new_epoch(0);
    desk.write(&effects);
    desk.answer(&[(op, applied(40)), (other, rejected(41))]);
    assert_eq!((desk.state(op), desk.state(other)), (State::Queued, State::Queued));
    let again: BTreeSet<_> = desk.sent().into_iter().collect();
    assert_eq!(again, BTreeSet::from([op, other]));
    let effects = desk.outbox.answered(before.number, &desk.results(&[(op, applied(40))]), desk.now());
    assert!(effects.decided.is_empty(), "not later either");
    desk.answer(&[(op, applied(31)), (other, rejected(32))]);
    assert_eq!(desk.state(op).position(), Some(31));
}
