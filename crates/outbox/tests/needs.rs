//! One example for each rule about needs: what stands on operations of other lanes, and on blobs.

mod desk;

use desk::{Desk, blob};
use domain::OperationId;
use wire::problem::Rejection;
use wire::push::Outcome;
use zhkh_outbox::{BlobState, KEEP_MS, Need, NotPossible, State, WHENEVER, Withdrawal};

fn applied(position: i64) -> Outcome {
    Outcome::Applied { position }
}

fn rejected(position: i64) -> Outcome {
    Outcome::Rejected { rejection: Rejection::NotYours, position }
}

fn enter(desk: &mut Desk, lane: u128, needs: &[Need]) -> OperationId {
    desk.enter_needing(lane, WHENEVER, needs, None).expect("possible").0
}

#[test]
fn what_needs_another_goes_only_when_that_one_was_applied() {
    let mut desk = Desk::new();
    let first = desk.enter(1);
    let second = enter(&mut desk, 2, &[Need::Operation(first)]);
    assert_eq!(desk.sent(), vec![first], "not even in the same batch");
    desk.fail(zhkh_outbox::Failure::AnswerLost);
    desk.send_and_answer(&[(first, applied(1))]);
    assert_eq!(desk.sent(), vec![second]);
}

#[test]
fn what_needs_many_waits_for_the_last_of_them_also_over_a_restart() {
    let mut desk = Desk::new();
    let (one, two) = (desk.enter(1), desk.enter(2));
    let needing = enter(&mut desk, 3, &[Need::Operation(one), Need::Operation(two), Need::Blob(blob(9))]);
    let other = enter(&mut desk, 4, &[Need::Blob(blob(9))]);
    desk.send_and_answer(&[(one, applied(1)), (two, applied(2))]);
    desk.restart();
    assert!(desk.sent().is_empty());
    assert_eq!(desk.state(needing), State::Queued);
    assert_eq!(desk.outbox.next_try(desk.now()), None, "nothing is tried in vain");
    desk.uploaded(blob(9));
    assert_eq!(desk.sent(), vec![needing, other], "one blob for both");
}

#[test]
fn a_rejection_holds_what_needs_it_and_what_stands_behind_that_and_nothing_else() {
    let mut desk = Desk::new();
    let bad = desk.enter(1);
    let needing = enter(&mut desk, 2, &[Need::Operation(bad)]);
    let behind = desk.enter(2);
    let far = enter(&mut desk, 3, &[Need::Operation(behind)]);
    let free = desk.enter(4);
    desk.send_and_answer(&[(bad, rejected(1)), (free, applied(2))]);
    for held in [needing, behind, far] {
        assert_eq!(desk.state(held), State::Held { by: bad });
    }
    desk.restart();
    assert_eq!(desk.state(far), State::Held { by: bad });
    desk.pass_time();
    assert!(desk.sent().is_empty());
}

#[test]
fn a_need_moves_to_the_replacement_in_the_same_write() {
    let mut desk = Desk::new();
    let bad = desk.enter(1);
    let needing = enter(&mut desk, 2, &[Need::Operation(bad)]);
    desk.send_and_answer(&[(bad, rejected(1))]);
    let (again, effects) = desk.enter_for(1, WHENEVER, Some(bad));
    assert!(effects.rows.contains(&needing) && effects.rows.contains(&again));
    assert_eq!(desk.state(needing), State::Queued);
    desk.restart();
    assert_eq!(desk.sent(), vec![again]);
    desk.answer(&[(again, applied(2))]);
    assert_eq!(desk.sent(), vec![needing]);
}

#[test]
fn what_needs_something_replaced_long_ago_needs_what_took_its_place() {
    let mut desk = Desk::new();
    let first = desk.enter(1);
    let (second, _) = desk.enter_for(1, WHENEVER, Some(first));
    let (third, _) = desk.enter_for(1, WHENEVER, Some(second));
    let needing = enter(&mut desk, 2, &[Need::Operation(first)]);
    desk.send_and_answer(&[(third, applied(1))]);
    assert_eq!(desk.sent(), vec![needing]);
}

#[test]
fn what_needs_something_taken_back_or_given_up_waits_for_the_person() {
    let mut desk = Desk::new();
    let bad = desk.enter(1);
    desk.send_and_answer(&[(bad, rejected(1))]);
    let gone = desk.enter(2);
    let of_bad = enter(&mut desk, 3, &[Need::Operation(bad)]);
    let of_gone = enter(&mut desk, 4, &[Need::Operation(gone)]);
    let effects = desk.outbox.discard(bad, desk.now()).expect("rejected");
    desk.write(&effects);
    assert_eq!(desk.withdraw(gone), Withdrawal::Done);
    assert_eq!(desk.state(of_gone), State::Held { by: gone });
    desk.restart();
    assert_eq!(desk.state(of_bad), State::Held { by: bad });
    desk.later(2 * KEEP_MS);
    assert!(
        !desk.outbox.forget_old(i64::MAX, desk.now()).forgotten.contains(&bad),
        "forgotten, it would count as done"
    );
    let (without, _) = desk.enter_for(3, WHENEVER, Some(of_bad));
    assert_eq!(desk.state(of_bad), State::Replaced { by: without });
    assert_eq!(desk.sent(), vec![without]);
}

#[test]
fn what_is_over_and_backed_up_is_forgotten_though_somebody_needs_it_and_counts_as_applied() {
    let mut desk = Desk::new();
    let first = desk.enter(1);
    let needing = enter(&mut desk, 2, &[Need::Operation(first), Need::Blob(blob(1))]);
    desk.send_and_answer(&[(first, applied(1))]);
    desk.moved(1, &[]);
    desk.later(KEEP_MS + 1);
    let effects = desk.outbox.forget_old(1, desk.now());
    assert_eq!(effects.forgotten, vec![first]);
    desk.write(&effects);
    desk.restart();
    desk.uploaded(blob(1));
    assert_eq!(desk.sent(), vec![needing]);
}

#[test]
fn an_entry_that_would_wait_for_itself_or_for_nobody_is_refused_and_changes_nothing() {
    let mut desk = Desk::new();
    let first = desk.enter(1);
    let behind = desk.enter(1);
    let needing = enter(&mut desk, 2, &[Need::Operation(first)]);
    let far = desk.enter(2);
    let before = desk.disk.clone();
    for bad in [first, behind, needing, far] {
        let refused = desk.enter_needing(1, WHENEVER, &[Need::Operation(bad)], Some(first));
        assert_eq!(refused, Err(NotPossible), "it would wait for itself");
    }
    let nobody = OperationId::new(uuid::Uuid::from_u128(999));
    assert_eq!(desk.enter_needing(5, WHENEVER, &[Need::Operation(nobody)], None), Err(NotPossible));
    assert_eq!(desk.disk, before);
    assert!(desk.outbox.records().all(|record| desk.disk.get(&record.id) == Some(record)));
}

#[test]
fn what_is_urgent_pulls_along_what_it_needs() {
    let mut desk = Desk::new();
    let (idle, needed) = (desk.enter(1), desk.enter(2));
    let needing = enter(&mut desk, 3, &[Need::Operation(needed)]);
    let _ = desk.enter_for(3, 5, None);
    assert_eq!(desk.sent(), vec![needed, idle], "the one behind what needs it is urgent");
    assert_eq!(desk.state(needing), State::Queued);
}

#[test]
fn blobs_are_wanted_after_the_operations_those_of_closing_windows_first_and_the_large_last() {
    let mut desk = Desk::new();
    let plain = desk.enter(1);
    enter(&mut desk, 2, &[Need::Blob(blob(200))]);
    enter(&mut desk, 3, &[Need::Blob(blob(7)), Need::Blob(blob(50))]);
    let _ = desk.enter_needing(4, 5, &[Need::Blob(blob(90))], None).expect("possible");
    let held = enter(&mut desk, 5, &[Need::Blob(blob(1))]);
    desk.withdraw(held);
    assert!(desk.outbox.wanted_blobs().is_empty(), "operations first");
    desk.send_and_answer(&[(plain, applied(1))]);
    assert_eq!(desk.outbox.wanted_blobs(), vec![blob(90), blob(7), blob(50), blob(200)]);
    desk.uploaded(blob(7));
    assert_eq!(desk.outbox.wanted_blobs(), vec![blob(90), blob(50), blob(200)]);
}

#[test]
fn a_blob_that_the_server_lost_is_wanted_again_and_what_needs_it_waits() {
    let mut desk = Desk::new();
    let first = enter(&mut desk, 1, &[Need::Blob(blob(3))]);
    desk.uploaded(blob(3));
    let effects = desk.outbox.missed(blob(3));
    desk.write(&effects);
    assert!(desk.sent().is_empty());
    assert_eq!(desk.outbox.wanted_blobs(), vec![blob(3)]);
    desk.uploaded(blob(3));
    desk.send_and_answer(&[(first, applied(2))]);
    desk.moved(2, &[]);
    let effects = desk.outbox.new_epoch(1);
    desk.write(&effects);
    assert_eq!(desk.blobs[&blob(3)].state, BlobState::Here, "a restored server may have lost it");
    assert!(desk.sent().is_empty());
    desk.uploaded(blob(3));
    assert_eq!(desk.sent(), vec![first]);
}

#[test]
fn a_blob_is_let_go_only_when_no_operation_needs_it() {
    let mut desk = Desk::new();
    let (one, two) = (enter(&mut desk, 1, &[Need::Blob(blob(3))]), enter(&mut desk, 2, &[Need::Blob(blob(3))]));
    desk.withdraw(one);
    assert_eq!(desk.outbox.forget_blob(blob(3)), Err(NotPossible));
    desk.uploaded(blob(3));
    desk.send_and_answer(&[(two, applied(1))]);
    desk.moved(1, &[]);
    assert_eq!(desk.outbox.forget_blob(blob(3)), Err(NotPossible), "it may have to go again");
    desk.later(KEEP_MS + 1);
    let effects = desk.outbox.forget_old(1, desk.now());
    assert_eq!(effects.forgotten_blobs, vec![blob(3)]);
}
