//! The judge has to object: histories made by hand, each with one thing wrong.

use super::*;
use crate::book::Book;
use domain::{Capture, Incarnation, MeterId, ReadingId, Source};
use uuid::Uuid;
use wire::operation::{Body, Operation, SubmitReading};

fn id(number: u128) -> OperationId {
    OperationId::new(Uuid::from_u128(number))
}

/// A reading of the one meter, entered on the one computer.
fn operation(number: u128, replaces: Option<OperationId>) -> Operation {
    let actor = UserId::new(Uuid::from_u128(1));
    let reading = ReadingId::new(Uuid::from_u128(number));
    let meter = MeterId::new(Uuid::from_u128(9));
    let body = Body::SubmitReading(SubmitReading { reading, meter, values: vec![], confirmed: vec![], early: false });
    let lane = body.lane(actor);
    let captured = Capture { wall_ms: 0, server_offset_ms: None, boot_ms: 0, boot_id: String::new(), anchored: false };
    Operation {
        id: id(number),
        actor,
        on_behalf_of: None,
        source: Source::ResidentApp,
        incarnation: Incarnation::new(Uuid::nil()),
        device_seq: 1,
        lane,
        captured,
        base_version: None,
        replaces,
        body,
    }
}

fn book(numbers: &[u128]) -> Book {
    let mut book = Book::default();
    for number in numbers {
        book.add(0, &operation(*number, None), 0);
    }
    book
}

/// A server that applied these, at these positions.
fn applied(all: &[(u128, i64)]) -> Held {
    let mut held = Held::default();
    for (number, position) in all {
        let decided = Decided { outcome: "applied".into(), rejection: None, position: *position };
        held.ledger.insert(id(*number), decided);
        held.effects.insert(id(*number), 1);
        held.readings.insert(id(*number), vec![(MeterId::new(Uuid::from_u128(9)), "[1]".into())]);
    }
    held
}

fn objection(book: &Book, state: &State, held: &Held) -> Option<String> {
    let entry = &book.entries()[0];
    let case = Case { entry, state, ever_sent: true, may_be_rejected: false, may_come_late: false };
    judge(&case, held).err().map(|error| error.to_string())
}

const SETTLED: State = State::Settled { position: 3 };

#[test]
fn what_was_applied_once_is_right() {
    assert_eq!(objection(&book(&[1]), &SETTLED, &applied(&[(1, 3)])), None);
}

#[test]
fn a_second_effect_is_met_with_an_objection() {
    let mut twice = applied(&[(1, 3)]);
    twice.readings.entry(id(1)).or_default().push((MeterId::new(Uuid::from_u128(9)), "[1]".into()));
    assert!(objection(&book(&[1]), &SETTLED, &twice).is_some_and(|words| words.contains("2 readings")));
    let mut told_twice = applied(&[(1, 3)]);
    told_twice.effects.insert(id(1), 2);
    assert!(objection(&book(&[1]), &SETTLED, &told_twice).is_some_and(|words| words.contains("2 times")));
}

#[test]
fn what_is_shown_as_accepted_and_is_not_there_is_met_with_an_objection() {
    assert!(objection(&book(&[1]), &SETTLED, &Held::default()).is_some());
}

#[test]
fn what_waits_for_ever_is_met_with_an_objection() {
    assert!(objection(&book(&[1]), &State::Queued, &Held::default()).is_some());
    assert!(objection(&book(&[1]), &State::Acked { position: 3 }, &applied(&[(1, 3)])).is_some());
}

#[test]
fn what_was_taken_back_and_took_effect_is_met_with_an_objection() {
    let mut book = book(&[1]);
    assert!(objection(&book, &State::Withdrawn, &Held::default()).is_some(), "nobody took it back");
    book.get_mut(id(1)).expect("there").wish = Wish::TakenBack;
    assert_eq!(objection(&book, &State::Withdrawn, &Held::default()), None);
    assert!(objection(&book, &State::Withdrawn, &applied(&[(1, 3)])).is_some());
    assert!(objection(&book, &SETTLED, &applied(&[(1, 3)])).is_some());
}

#[test]
fn a_rejection_for_no_reason_is_met_with_an_objection() {
    let rejection = Rejection::NotYours;
    let mut held = Held::default();
    let decided = Decided { outcome: "rejected".into(), rejection: Some(rejection.clone()), position: 3 };
    held.ledger.insert(id(1), decided);
    let state = State::Rejected { rejection, position: 3 };
    assert!(objection(&book(&[1]), &state, &held).is_some_and(|words| words.contains("no reason")));
}

#[test]
fn overtaking_inside_a_lane_is_met_with_an_objection() {
    let three = book(&[1, 2, 3]);
    assert!(in_order(three.entries().iter(), &applied(&[(1, 1), (2, 2), (3, 3)])).is_ok());
    assert!(in_order(three.entries().iter(), &applied(&[(1, 1), (2, 4), (3, 3)])).is_err());
}

#[test]
fn what_takes_the_place_of_another_goes_where_that_one_stood() {
    let mut book = book(&[1, 2]);
    book.add(0, &operation(3, Some(id(1))), 0);
    assert!(in_order(book.entries().iter(), &applied(&[(3, 1), (2, 2)])).is_ok());
    assert!(in_order(book.entries().iter(), &applied(&[(2, 1), (3, 2)])).is_err());
}

#[test]
fn what_went_in_a_life_that_a_computer_lost_has_overtaken_neither_what_a_copy_revived_nor_what_was_entered_later() {
    let mut standing = book(&[1, 2]);
    let copy = standing.entries().to_vec();
    let overtaken = applied(&[(1, 60), (2, 40)]);
    assert!(in_order(standing.entries().iter(), &overtaken).is_err(), "no copy of the computer was at work");
    standing.put_back(0, &copy);
    assert!(in_order(standing.entries().iter(), &overtaken).is_err(), "nobody had done away with the first");
    let mut revived = book(&[1, 2]);
    revived.get_mut(id(1)).expect("there").wish = Wish::TakenBack;
    revived.put_back(0, &copy);
    assert!(in_order(revived.entries().iter(), &overtaken).is_ok());
    let mut later = standing;
    later.add(0, &operation(3, Some(id(1))), 70);
    let overtaken = applied(&[(3, 80), (2, 40)]);
    assert!(in_order(later.entries().iter(), &overtaken).is_ok(), "it was entered when the other had long waited");
}

#[test]
fn what_was_given_up_has_lost_its_place() {
    let mut book = book(&[1]);
    book.add(0, &operation(2, Some(id(1))), 0);
    assert!(in_order(book.entries().iter(), &applied(&[(1, 60), (2, 40)])).is_ok());
}
