//! No number of a life stands for two entries, wherever the program stops.

mod desk;

use desk::Desk;
use domain::OperationId;
use std::collections::BTreeSet;
use wire::push::Outcome;
use zhkh_outbox::{Attention, State};

/// Enters something and says with which number.
fn numbered(desk: &mut Desk) -> u64 {
    let number = desk.outbox.device().next_seq;
    desk.enter(1);
    number
}

/// Settles it and forgets it.
fn forget(desk: &mut Desk, op: OperationId) {
    desk.send_and_answer(&[(op, Outcome::Applied { position: 1 })]);
    desk.moved(1, &[]);
    desk.later(zhkh_outbox::SHOW_MS + 1);
    let effects = desk.outbox.forget_old(1, desk.now());
    desk.write(&effects);
    assert_eq!(effects.forgotten, vec![op]);
}

#[test]
fn an_entry_behind_a_restart_takes_no_number_of_an_entry_before_it() {
    let mut desk = Desk::new();
    for expected in 1..5 {
        assert_eq!(numbered(&mut desk), expected);
        desk.restart();
    }
}

#[test]
fn what_was_changed_in_place_keeps_its_number_for_itself() {
    let mut desk = Desk::new();
    let old = desk.enter(1);
    let (_, _written) = desk.enter_for(1, zhkh_outbox::WHENEVER, Some(old));
    desk.restart();
    assert_eq!(numbered(&mut desk), 3);
}

#[test]
fn the_highest_number_is_not_given_again_when_its_row_is_forgotten() {
    let mut desk = Desk::new();
    let op = desk.enter(1);
    forget(&mut desk, op);
    assert!(desk.disk.is_empty(), "no row tells of it any more");
    desk.restart();
    assert_eq!(numbered(&mut desk), 2);
}

#[test]
fn the_numbers_of_a_new_life_are_not_those_that_rows_of_the_old_one_have() {
    let mut desk = Desk::new();
    desk.enter(1);
    let op = desk.enter(2);
    let flight = desk.send();
    assert!(flight.deeds.iter().any(|deed| deed.id == op));
    let life = domain::Incarnation::new(uuid::Uuid::from_u128(77));
    let effects = desk.outbox.new_incarnation(flight.number, life);
    desk.write(&effects);
    desk.restart();
    assert_eq!(desk.outbox.device().incarnation, life);
    assert_eq!([numbered(&mut desk), numbered(&mut desk)], [1, 2]);
    desk.restart();
    assert_eq!(numbered(&mut desk), 3);
}

#[test]
fn a_row_that_cannot_be_read_takes_its_number_with_it() {
    let mut desk = Desk::new();
    let ops: Vec<_> = (0..4).map(|lane| desk.enter(lane)).collect();
    for op in &ops[2..] {
        let row = desk.disk.get_mut(op).expect("written");
        row.sealed = None;
        row.state = State::Attention { why: Attention::Unreadable };
    }
    desk.restart();
    let next = desk.outbox.device().next_seq;
    assert!(next > 4, "{next} was given to one of the rows that cannot be read");
}

#[test]
fn an_entry_writes_its_own_row_and_no_other_page() {
    let mut desk = Desk::new();
    let (op, effects) = desk.enter_for(1, zhkh_outbox::WHENEVER, None);
    assert_eq!(effects.rows, BTreeSet::from([op]));
    assert!(!effects.device, "a second page for every entry");
}
