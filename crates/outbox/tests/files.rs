//! One example for each rule about files that the server misses, and those that never reach it.

mod desk;

use desk::{Desk, blob};
use domain::OperationId;
use wire::push::Outcome;
use zhkh_outbox::{Attention, BlobName, Need, State, Unsendable, WHENEVER, Withdrawal};

const REFUSED: State = State::Attention { why: Attention::File { why: Unsendable::Kind } };

fn enter(desk: &mut Desk, lane: u128, needs: &[Need]) -> OperationId {
    desk.enter_needing(lane, WHENEVER, needs, None).expect("possible").0
}

fn refuse(desk: &mut Desk, name: BlobName) {
    let effects = desk.outbox.unsendable(name, Unsendable::Kind, desk.now());
    desk.write(&effects);
}

fn missing() -> Outcome {
    Outcome::FilesMissing { files: Vec::new() }
}

/// Sent with its file once, and the answer was lost.
fn sent_once(desk: &mut Desk) -> OperationId {
    let entry = enter(desk, 1, &[Need::Blob(blob(9))]);
    desk.uploaded(blob(9));
    desk.send_and_fail(zhkh_outbox::Failure::AnswerLost);
    let effects = desk.outbox.missed(blob(9));
    desk.write(&effects);
    entry
}

#[test]
fn what_needs_a_file_that_is_refused_waits_for_the_person_and_holds_its_lane_and_no_other() {
    let mut desk = Desk::new();
    let (with_file, other) = (enter(&mut desk, 1, &[Need::Blob(blob(9))]), enter(&mut desk, 2, &[Need::Blob(blob(8))]));
    let behind = desk.enter(1);
    let also = enter(&mut desk, 3, &[Need::Blob(blob(9))]);
    refuse(&mut desk, blob(9));
    for (id, state) in [(with_file, REFUSED), (also, REFUSED), (behind, State::Held { by: with_file })] {
        assert_eq!(desk.state(id), state);
    }
    assert_eq!(desk.outbox.wanted_blobs(), vec![blob(8)], "it is not tried for ever");
    desk.restart();
    assert_eq!(desk.state(with_file), REFUSED);
    assert_eq!(desk.outbox.wanted_blobs(), vec![blob(8)]);
    desk.uploaded(blob(8));
    assert_eq!(desk.sent(), vec![other]);
}

#[test]
fn without_the_refused_file_it_goes_in_its_place_and_given_up_it_lets_the_lane_go_on() {
    let mut desk = Desk::new();
    let (first, second) = (enter(&mut desk, 1, &[Need::Blob(blob(9))]), enter(&mut desk, 2, &[Need::Blob(blob(9))]));
    let (behind_first, behind_second) = (desk.enter(1), desk.enter(2));
    refuse(&mut desk, blob(9));
    let (without, _) = desk.enter_for(1, WHENEVER, Some(first));
    assert_eq!(desk.state(first), State::Replaced { by: without });
    let effects = desk.outbox.discard(second, desk.now()).expect("it waits for the person");
    desk.write(&effects);
    assert_eq!(desk.sent(), vec![without, behind_first, behind_second]);
    assert!(desk.outbox.wanted_blobs().is_empty());
}

#[test]
fn the_same_once_more_is_tried_once_more() {
    let mut desk = Desk::new();
    let first = enter(&mut desk, 1, &[Need::Blob(blob(9))]);
    refuse(&mut desk, blob(9));
    let (again, _) = desk.enter_needing(1, WHENEVER, &[Need::Blob(blob(9))], Some(first)).expect("possible");
    assert_eq!(desk.outbox.wanted_blobs(), vec![blob(9)]);
    refuse(&mut desk, blob(9));
    assert_eq!(desk.state(again), REFUSED);
    let (and_again, _) = desk.enter_needing(1, WHENEVER, &[Need::Blob(blob(9))], Some(again)).expect("possible");
    desk.uploaded(blob(9));
    assert_eq!(desk.sent(), vec![and_again], "the utility takes it now");
}

#[test]
fn a_file_that_the_server_lost_goes_again_and_what_needs_it_waits_for_it() {
    let mut desk = Desk::new();
    let entry = enter(&mut desk, 1, &[Need::Blob(blob(9))]);
    desk.uploaded(blob(9));
    assert_eq!(desk.sent(), vec![entry]);
    desk.answer(&[(entry, missing())]);
    assert_eq!(desk.state(entry), State::Queued);
    assert_eq!(desk.outbox.wanted_blobs(), vec![blob(9)]);
    desk.pass_time();
    assert!(desk.sent().is_empty(), "not before its file");
    desk.restart();
    assert_eq!(desk.outbox.wanted_blobs(), vec![blob(9)]);
    desk.uploaded(blob(9));
    desk.send_and_answer(&[(entry, Outcome::Applied { position: 1 })]);
    assert_eq!(desk.state(entry), State::Acked { position: 1 });
}

#[test]
fn what_may_have_been_done_with_a_file_that_is_refused_now_is_asked_about_before_the_person_is() {
    let mut desk = Desk::new();
    let entry = sent_once(&mut desk);
    refuse(&mut desk, blob(9));
    assert_eq!(desk.state(entry), State::Queued);
    desk.send_and_answer(&[(entry, Outcome::Applied { position: 1 })]);
    assert_eq!(desk.state(entry), State::Acked { position: 1 });

    let mut desk = Desk::new();
    let entry = sent_once(&mut desk);
    refuse(&mut desk, blob(9));
    desk.send_and_answer(&[(entry, missing())]);
    assert_eq!(desk.state(entry), REFUSED, "it was certainly not done");
    assert!(desk.outbox.wanted_blobs().is_empty());
}

#[test]
fn what_is_being_taken_back_needs_no_file_and_asks_nobody() {
    let mut desk = Desk::new();
    let entry = sent_once(&mut desk);
    assert_eq!(desk.withdraw(entry), Withdrawal::Asked);
    refuse(&mut desk, blob(9));
    desk.answer(&[(entry, missing())]);
    assert_eq!(desk.state(entry), State::Queued);
    desk.send_and_answer(&[(entry, Outcome::Withdrawn { position: 1 })]);
    assert_eq!(desk.state(entry), State::Withdrawn);
}

#[test]
fn a_late_copy_that_took_effect_after_all_is_shown_as_accepted() {
    let mut desk = Desk::new();
    let entry = sent_once(&mut desk);
    refuse(&mut desk, blob(9));
    desk.send_and_answer(&[(entry, missing())]);
    desk.moved_from(0, 4, &[(entry, 3)]);
    assert_eq!(desk.state(entry), State::Settled { position: 3 });
}
