//! One example for each rule of the queue, in the order of the crate's essay.

mod desk;

use desk::Desk;
use wire::problem::Rejection;
use wire::push::{Item, Outcome};
use zhkh_outbox::{Attention, Failure, Next, NotPossible, Pause, State, WHENEVER, Withdrawal};

fn applied(position: i64) -> Outcome {
    Outcome::Applied { position }
}

fn rejected(position: i64) -> Outcome {
    Outcome::Rejected { rejection: Rejection::NotYours, position }
}

#[test]
fn an_accepted_operation_stays_over_the_mirror_until_the_feed_has_passed_it() {
    let mut desk = Desk::new();
    let op = desk.enter(1);
    desk.send_and_answer(&[(op, applied(7))]);
    assert_eq!(desk.state(op), State::Acked { position: 7 });
    desk.moved(6, &[]);
    assert_eq!(desk.state(op), State::Acked { position: 7 });
    desk.moved(7, &[]);
    assert_eq!(desk.state(op), State::Settled { position: 7 });
}

#[test]
fn an_answer_that_the_feed_overtook_makes_nothing_wait() {
    let mut desk = Desk::new();
    let op = desk.enter(1);
    desk.send();
    desk.moved_from(6, 7, &[(op, 7)]);
    let next = desk.enter(1);
    desk.answer(&[(op, applied(7))]);
    assert_eq!(desk.outbox.next_try(desk.now()), Some(desk.now().ms), "the queue goes on at once");
    assert_eq!(desk.sent(), vec![next]);
}

#[test]
fn the_row_says_that_a_copy_may_have_left_before_the_batch_is_sent() {
    let mut desk = Desk::new();
    let op = desk.enter(1);
    let Next::Send { effects, .. } = desk.outbox.send(desk.now()) else { panic!("something to send") };
    assert_eq!(effects.rows.into_iter().collect::<Vec<_>>(), vec![op]);
    assert!(desk.outbox.get(op).expect("kept").ever_sent);
}

#[test]
fn a_change_of_what_was_never_sent_takes_its_place_in_the_same_write() {
    let mut desk = Desk::new();
    let first = desk.enter(1);
    let behind = desk.enter(1);
    let (second, effects) = desk.enter_for(1, WHENEVER, Some(first));
    assert_eq!(desk.state(first), State::Replaced { by: second });
    assert!(effects.rows.contains(&first) && effects.rows.contains(&second), "one commit");
    assert_eq!(desk.sent(), vec![second, behind]);
}

#[test]
fn a_change_of_what_may_have_been_sent_is_a_second_operation_behind_it() {
    let mut desk = Desk::new();
    let first = desk.enter(1);
    desk.send_and_fail(Failure::AnswerLost);
    let (second, _) = desk.enter_for(1, WHENEVER, Some(first));
    assert_eq!(desk.state(first), State::Queued);
    desk.pass_time();
    assert_eq!(desk.sent(), vec![first, second]);
}

#[test]
fn what_certainly_never_left_can_still_be_changed_in_place() {
    let mut desk = Desk::new();
    let first = desk.enter(1);
    desk.send_and_fail(Failure::NoConnection);
    assert!(desk.outbox.is_replaceable(first));
    desk.send_and_fail(Failure::AnswerLost);
    desk.send_and_fail(Failure::NoConnection);
    assert!(!desk.outbox.is_replaceable(first), "an earlier copy may have left");
}

#[test]
fn a_lane_is_sent_in_order_and_each_names_the_one_before() {
    let mut desk = Desk::new();
    let (a, other, b) = (desk.enter(1), desk.enter(2), desk.enter(1));
    let flight = desk.send();
    assert_eq!(flight.deeds.iter().map(|deed| deed.id).collect::<Vec<_>>(), vec![a, other, b]);
    let after = |id| flight.deeds.iter().find(|deed| deed.id == id).expect("sent").after;
    assert_eq!((after(a), after(other), after(b)), (None, None, Some(a)));
}

#[test]
fn what_is_urgent_goes_first_and_pulls_along_what_stands_before_it() {
    let mut desk = Desk::new();
    let idle = desk.enter(1);
    let before = desk.enter(2);
    let (urgent, _) = desk.enter_for(2, 5, None);
    let (most_urgent, _) = desk.enter_for(3, 1, None);
    assert_eq!(desk.sent(), vec![most_urgent, before, urgent, idle]);
}

#[test]
fn a_rejection_holds_what_stands_behind_it_and_no_other_lane() {
    let mut desk = Desk::new();
    let (bad, behind, other) = (desk.enter(1), desk.enter(1), desk.enter(2));
    desk.send_and_answer(&[(bad, rejected(3)), (behind, Outcome::Held { by: bad }), (other, applied(4))]);
    assert_eq!(desk.state(behind), State::Held { by: bad });
    assert_eq!(desk.state(other), State::Acked { position: 4 });
    desk.pass_time();
    assert!(desk.sent().is_empty(), "nothing goes until the person has decided");
    let later = desk.enter(3);
    assert_eq!(desk.sent(), vec![later], "whatever else is entered goes");
}

#[test]
fn discarding_what_was_rejected_moves_up_what_stands_behind_it() {
    let mut desk = Desk::new();
    let (first, bad, behind) = (desk.enter(1), desk.enter(1), desk.enter(1));
    desk.send_and_answer(&[(first, applied(2)), (bad, rejected(3)), (behind, Outcome::Held { by: bad })]);
    assert_eq!(desk.outbox.discard(first, desk.now()), Err(NotPossible));
    let effects = desk.outbox.discard(bad, desk.now()).expect("rejected");
    desk.write(&effects);
    assert_eq!(desk.state(bad), State::Discarded);
    desk.pass_time();
    let flight = desk.send();
    assert_eq!((flight.deeds[0].id, flight.deeds[0].after), (behind, Some(first)));
}

#[test]
fn a_repeated_operation_takes_the_place_of_the_rejected_one() {
    let mut desk = Desk::new();
    let (bad, behind) = (desk.enter(1), desk.enter(1));
    desk.send_and_answer(&[(bad, rejected(3)), (behind, Outcome::Held { by: bad })]);
    let (again, _) = desk.enter_for(1, WHENEVER, Some(bad));
    assert_eq!(desk.state(bad), State::Replaced { by: again });
    assert_eq!(desk.sent(), vec![again, behind]);
}

#[test]
fn taking_back_what_was_never_sent_is_done_at_once() {
    let mut desk = Desk::new();
    let op = desk.enter(1);
    assert_eq!(desk.withdraw(op), Withdrawal::Done);
    assert_eq!(desk.state(op), State::Withdrawn);
    assert!(desk.sent().is_empty());
}

#[test]
fn taking_back_what_may_have_been_sent_is_asked_of_the_server_and_either_answer_is_final() {
    for (answer, state) in
        [(Outcome::Withdrawn { position: 5 }, State::Withdrawn), (applied(4), State::Acked { position: 4 })]
    {
        let mut desk = Desk::new();
        let op = desk.enter(1);
        desk.send_and_fail(Failure::AnswerLost);
        assert_eq!(desk.withdraw(op), Withdrawal::Asked);
        desk.restart();
        desk.send();
        let batch = desk.outbox.batch().expect("in flight");
        let asked = matches!(batch.items[..], [Item::Withdraw { id }] if id == op);
        assert!(asked, "asked after a restart too");
        desk.answer(&[(op, answer)]);
        assert_eq!(desk.state(op), state);
    }
}

#[test]
fn a_withdrawal_opens_no_way_past_a_rejection_for_a_late_copy_of_what_is_behind() {
    let mut desk = Desk::new();
    let (bad, middle, behind) = (desk.enter(1), desk.enter(1), desk.enter(1));
    desk.send_and_answer(&[(bad, rejected(3)), (middle, Outcome::Held { by: bad }), (behind, Outcome::OutOfOrder)]);
    desk.withdraw(middle);
    desk.pass_time();
    assert!(desk.sent().is_empty(), "a copy of the last one that names the middle one may still arrive");
    let effects = desk.outbox.discard(bad, desk.now()).expect("rejected");
    desk.write(&effects);
    let flight = desk.send();
    let went: Vec<_> = flight.deeds.iter().map(|deed| (deed.id, deed.withdraw)).collect();
    assert_eq!(went, vec![(middle, true), (behind, false)]);
}

#[test]
fn what_is_taken_back_in_flight_and_turns_out_rejected_does_not_ask_the_person_again() {
    let mut desk = Desk::new();
    let op = desk.enter(1);
    desk.send();
    desk.withdraw(op);
    desk.answer(&[(op, rejected(1))]);
    assert_eq!(desk.state(op), State::Discarded);
}

#[test]
fn a_restart_sends_again_what_was_in_flight_under_the_same_id_and_remembers_that_it_may_have_left() {
    let mut desk = Desk::new();
    let op = desk.enter(1);
    desk.send();
    desk.restart();
    assert_eq!(desk.state(op), State::Queued);
    assert!(!desk.outbox.is_replaceable(op));
    assert_eq!(desk.sent(), vec![op]);
}

#[test]
fn a_late_or_doubled_answer_changes_nothing_that_is_final() {
    let mut desk = Desk::new();
    let op = desk.enter(1);
    let first = desk.send();
    desk.fail(Failure::AnswerLost);
    desk.send_and_answer(&[(op, applied(3))]);
    let results = desk.results(&[(op, rejected(9))]);
    let effects = desk.outbox.answered(first.number, &results, desk.now());
    assert!(effects.writes_nothing() && effects.decided.is_empty());
    assert_eq!(desk.state(op), State::Acked { position: 3 });
}

#[test]
fn the_effect_in_the_feed_acknowledges_an_operation_whose_answer_was_lost() {
    let mut desk = Desk::new();
    let op = desk.enter(1);
    desk.send_and_fail(Failure::AnswerLost);
    let decided = desk.moved(9, &[(op, 8)]);
    assert_eq!(desk.state(op), State::Settled { position: 8 });
    assert_eq!(decided, vec![(op, applied(8))]);
}

#[test]
fn pauses_are_the_accounts_and_no_operation_fails_by_them() {
    for (failure, pause) in [
        (Failure::Portal, Pause::Portal),
        (Failure::Busy { retry_after_ms: None }, Pause::Busy),
        (Failure::SignIn, Pause::SignIn),
        (Failure::Upgrade, Pause::Upgrade),
    ] {
        let mut desk = Desk::new();
        let op = desk.enter(1);
        for _ in 0..200 {
            desk.send_and_fail(failure);
            assert_eq!(desk.outbox.pause(), Some(pause));
        }
        assert_eq!(desk.state(op), State::Queued);
        desk.send_and_answer(&[(op, applied(1))]);
        assert_eq!(desk.outbox.pause(), None);
    }
}

#[test]
fn an_ended_session_waits_for_the_person_and_not_for_the_clock() {
    let mut desk = Desk::new();
    desk.enter(1);
    desk.send_and_fail(Failure::SignIn);
    desk.later(10_000_000);
    assert_eq!(desk.outbox.send(desk.now()), Next::Wait { until_ms: None });
    desk.outbox.hurry();
    assert!(!desk.sent().is_empty());
}

#[test]
fn a_time_that_the_server_names_is_waited_for() {
    let mut desk = Desk::new();
    desk.enter(1);
    desk.send();
    let at = desk.now().ms;
    desk.fail(Failure::Busy { retry_after_ms: Some(90_000) });
    assert_eq!(desk.outbox.send(desk.now()), Next::Wait { until_ms: Some(at + 90_000) });
    assert_eq!(desk.outbox.next_try(desk.now()), Some(at + 90_000));
    desk.outbox.hurry();
    assert!(!desk.sent().is_empty(), "the person is back");
}

#[test]
fn a_network_that_is_back_ends_the_waiting_for_it_and_no_other() {
    for (failure, back) in [(Failure::NoConnection, true), (Failure::Busy { retry_after_ms: Some(90_000) }, false)] {
        let mut desk = Desk::new();
        desk.enter(1);
        desk.send_and_fail(failure);
        let effects = desk.outbox.reached();
        assert_eq!((effects.pause_changed, desk.outbox.pause().is_none()), (back, back));
        assert_eq!(!desk.sent().is_empty(), back, "{failure:?}");
    }
}

#[test]
fn an_operation_that_makes_the_server_fail_is_found_and_holds_only_its_lane() {
    for failure in [Failure::Server, Failure::BatchRefused] {
        let mut desk = Desk::new();
        let ops: Vec<_> = (0..250).map(|lane| desk.enter(lane)).collect();
        let poison = ops[37];
        let behind = desk.enter(37);
        let mut batches = 0;
        while ops.iter().any(|op| *op != poison && desk.state(*op) == State::Queued) {
            batches += 1;
            assert!(batches < 60, "the search takes a logarithm of the batch, not its length");
            let flight = desk.send_when_due();
            if flight.deeds.iter().any(|deed| deed.id == poison) {
                desk.fail(failure);
            } else {
                let results: Vec<_> = flight.deeds.iter().map(|deed| (deed.id, applied(1))).collect();
                desk.answer(&results);
            }
        }
        assert_eq!((desk.state(poison), desk.state(behind)), (State::Queued, State::Queued));
        let flight = desk.send_when_due();
        assert_eq!(flight.deeds.iter().map(|deed| deed.id).collect::<Vec<_>>(), vec![poison], "again, slowly, alone");
        desk.answer(&[(poison, applied(2))]);
        assert_eq!(desk.send_when_due().deeds[0].id, behind);
    }
}

#[test]
fn a_server_that_was_down_blames_nobody_for_long() {
    let mut desk = Desk::new();
    let ops: Vec<_> = (0..20).map(|lane| desk.enter(lane)).collect();
    for _ in 0..12 {
        desk.send_when_due();
        desk.fail(Failure::Server);
    }
    let mut batches = 0;
    let healed_at = desk.now().ms;
    while ops.iter().any(|op| desk.state(*op) == State::Queued) {
        batches += 1;
        let flight = desk.send_when_due();
        let results: Vec<_> = flight.deeds.iter().map(|deed| (deed.id, applied(1))).collect();
        desk.answer(&results);
    }
    assert!(batches < 20, "took {batches}");
    assert!(desk.now().ms - healed_at < 61_000, "nobody waits longer than the account does");
}

#[test]
fn a_lone_operation_in_the_queue_is_tried_again_within_a_minute_whatever_the_server_says() {
    let mut desk = Desk::new();
    desk.enter(1);
    for _ in 0..30 {
        desk.send();
        desk.fail(Failure::Server);
        let at = desk.now().ms;
        let next = desk.outbox.next_try(desk.now()).expect("planned");
        assert!(next - at <= 60_000);
        desk.later(60_000);
    }
}

#[test]
fn an_item_that_failed_on_the_server_goes_alone_and_later() {
    let mut desk = Desk::new();
    let (bad, good) = (desk.enter(1), desk.enter(2));
    desk.send_and_answer(&[(bad, Outcome::Failed), (good, applied(1))]);
    let third = desk.enter(3);
    assert_eq!(desk.sent(), vec![third]);
}

#[test]
fn a_predecessor_that_the_server_lost_is_sent_again_before_what_follows_it() {
    let mut desk = Desk::new();
    let first = desk.enter(1);
    desk.send_and_answer(&[(first, applied(1))]);
    let second = desk.enter(1);
    desk.send_and_answer(&[(second, Outcome::OutOfOrder)]);
    desk.pass_time();
    assert_eq!(desk.sent(), vec![first, second]);
}

#[test]
fn an_answer_that_decides_nothing_does_not_go_round_without_a_pause() {
    let mut desk = Desk::new();
    let op = desk.enter(1);
    desk.send_and_answer(&[(op, Outcome::OutOfOrder)]);
    assert!(matches!(desk.outbox.send(desk.now()), Next::Wait { until_ms: Some(_) }));
}

#[test]
fn an_id_that_the_server_knows_with_other_content_needs_the_person_and_stops_its_lane() {
    let mut desk = Desk::new();
    let (op, behind) = (desk.enter(1), desk.enter(1));
    desk.send_and_answer(&[(op, Outcome::IdTaken)]);
    assert_eq!(desk.state(op), State::Attention { why: Attention::IdTaken });
    assert_eq!(desk.state(behind), State::Held { by: op });
    assert!(desk.outbox.is_replaceable(op));
}

#[test]
fn an_unreadable_row_stops_its_lane_and_is_never_sent_or_forgotten() {
    let mut desk = Desk::new();
    let op = desk.enter(1);
    let behind = desk.enter(1);
    let row = desk.disk.get_mut(&op).expect("written");
    row.sealed = None;
    row.state = State::Attention { why: Attention::Unreadable };
    desk.restart();
    assert_eq!(desk.state(behind), State::Held { by: op });
    assert!(desk.sent().is_empty());
    desk.later(100 * 86_400_000);
    let effects = desk.outbox.forget_old(i64::MAX, desk.now());
    assert!(effects.forgotten.is_empty());
}

#[test]
fn after_a_new_epoch_what_was_not_backed_up_goes_again_under_its_old_id() {
    let mut desk = Desk::new();
    let (safe, lost, acked) = (desk.enter(1), desk.enter(1), desk.enter(2));
    desk.send_and_answer(&[(safe, applied(1)), (lost, applied(2)), (acked, applied(3))]);
    desk.moved(2, &[]);
    let effects = desk.outbox.new_epoch(1);
    desk.write(&effects);
    assert_eq!(desk.state(safe), State::Settled { position: 1 });
    desk.restart();
    assert_eq!(desk.sent(), vec![lost, acked]);
}

#[test]
fn a_new_life_of_the_device_keeps_ids_and_begins_its_sequence_anew() {
    let mut desk = Desk::new();
    let op = desk.enter(1);
    let flight = desk.send();
    let life = domain::Incarnation::new(uuid::Uuid::from_u128(77));
    let effects = desk.outbox.new_incarnation(flight.number, life);
    assert!(effects.device);
    assert_eq!(desk.outbox.device(), zhkh_outbox::Device { incarnation: life, next_seq: 1 });
    assert_eq!(desk.sent(), vec![op]);
    assert_eq!(desk.outbox.batch().expect("in flight").incarnation, life);
}

#[test]
fn only_what_is_over_is_forgotten_and_only_when_it_is_backed_up_or_old() {
    let mut desk = Desk::new();
    let (settled, rejected_one, waiting) = (desk.enter(1), desk.enter(2), desk.enter(3));
    desk.send_and_answer(&[(settled, applied(1)), (rejected_one, rejected(2))]);
    desk.moved(5, &[]);
    desk.later(zhkh_outbox::SHOW_MS + 1);
    assert!(desk.outbox.forget_old(0, desk.now()).forgotten.is_empty(), "not in a backup yet");
    assert_eq!(desk.outbox.forget_old(1, desk.now()).forgotten, vec![settled]);
    desk.later(zhkh_outbox::KEEP_MS * 10);
    assert!(desk.outbox.forget_old(i64::MAX, desk.now()).forgotten.is_empty());
    assert!(desk.outbox.get(rejected_one).is_some() && desk.outbox.get(waiting).is_some());
}

#[test]
fn the_progress_counts_what_this_run_has_decided() {
    let mut desk = Desk::new();
    let ops: Vec<_> = (0..150).map(|lane| desk.enter(lane)).collect();
    desk.send();
    assert_eq!(desk.outbox.sending(), Some(zhkh_outbox::Sending { done: 0, total: 150 }));
    let results: Vec<_> = ops[..100].iter().map(|op| (*op, applied(1))).collect();
    desk.answer(&results);
    desk.send();
    assert_eq!(desk.outbox.sending(), Some(zhkh_outbox::Sending { done: 100, total: 150 }));
}

#[test]
fn draining_takes_batches_in_proportion_to_the_queue_and_no_operation_twice() {
    for (count, lanes) in [(1_000, 1), (1_000, 1_000), (4_000, 7)] {
        let mut desk = Desk::new();
        for number in 0..count {
            desk.enter(number % lanes);
        }
        let mut batches = 0;
        loop {
            let sent = desk.sent();
            if sent.is_empty() {
                break;
            }
            batches += 1;
            let results: Vec<_> = sent.iter().map(|id| (*id, applied(batches))).collect();
            desk.answer(&results);
            desk.moved(batches, &[]);
        }
        assert_eq!(batches, i64::try_from(count / 100).expect("small"));
        assert!(desk.outbox.records().all(|record| record.attempts == 1 && record.state.position().is_some()));
    }
}

#[test]
fn a_restored_server_is_asked_again_about_what_it_rejected_and_told_again_what_was_taken_back() {
    let mut desk = Desk::new();
    let (taken_back, given_up, still_rejected, never_left) =
        (desk.enter(1), desk.enter(2), desk.enter(3), desk.enter(4));
    desk.withdraw(never_left);
    desk.send_and_fail(Failure::AnswerLost);
    desk.withdraw(taken_back);
    let answers =
        [(taken_back, Outcome::Withdrawn { position: 1 }), (given_up, rejected(2)), (still_rejected, rejected(3))];
    desk.send_and_answer(&answers);
    let discarded = desk.outbox.discard(given_up, desk.now()).expect("it is rejected");
    desk.write(&discarded);
    let effects = desk.outbox.new_epoch(0);
    desk.write(&effects);
    desk.restart();
    let flight = desk.send();
    let asked: Vec<_> = flight.deeds.iter().map(|deed| (deed.id, deed.withdraw)).collect();
    assert_eq!(asked, vec![(taken_back, true), (given_up, true), (still_rejected, false)]);
    let late = Outcome::Withdrawn { position: 9 };
    desk.answer(&[(taken_back, late.clone()), (given_up, late), (still_rejected, rejected(8))]);
    assert_eq!(desk.state(taken_back), State::Withdrawn);
    assert_eq!(desk.state(given_up), State::Withdrawn);
    assert_eq!(desk.state(still_rejected), State::Rejected { rejection: Rejection::NotYours, position: 8 });
    assert!(desk.sent().is_empty());
}

#[test]
fn what_stands_behind_a_settled_one_names_it_so_that_a_restored_server_lets_nothing_overtake() {
    let mut desk = Desk::new();
    let first = desk.enter(1);
    desk.send_and_answer(&[(first, applied(1))]);
    desk.moved(1, &[]);
    let second = desk.enter(1);
    let flight = desk.send();
    assert_eq!((flight.deeds[0].id, flight.deeds[0].after), (second, Some(first)));
    desk.answer(&[(second, Outcome::OutOfOrder)]);
    desk.pass_time();
    assert_eq!(desk.sent(), vec![first, second], "what the server forgot goes first");
}

#[test]
fn a_queue_that_is_a_copy_counts_what_it_holds_as_sent_and_takes_back_there_what_was_taken_back_here() {
    let mut desk = Desk::new();
    let (waits, taken_back) = (desk.enter(1), desk.enter(2));
    desk.withdraw(taken_back);
    let flight = desk.send();
    let life = domain::Incarnation::new(uuid::Uuid::from_u128(77));
    let effects = desk.outbox.new_incarnation(flight.number, life);
    desk.write(&effects);
    desk.restart();
    let (change, _) = desk.enter_for(1, WHENEVER, Some(waits));
    let asked: Vec<_> = desk.send().deeds.iter().map(|deed| (deed.id, deed.withdraw)).collect();
    assert_eq!(asked, vec![(waits, false), (taken_back, true), (change, false)]);
}

#[test]
fn what_was_taken_back_and_took_effect_all_the_same_is_shown_as_accepted() {
    let mut desk = Desk::new();
    let op = desk.enter(1);
    desk.withdraw(op);
    assert_eq!(desk.moved(5, &[(op, 4)]), vec![(op, applied(4))]);
    assert_eq!(desk.state(op), State::Settled { position: 4 });
}

#[test]
fn what_a_server_acknowledged_and_then_forgot_goes_again_when_the_feed_passes_its_place_without_it() {
    let mut desk = Desk::new();
    let (forgotten, kept) = (desk.enter(1), desk.enter(2));
    desk.send_and_answer(&[(forgotten, applied(25)), (kept, applied(26))]);
    assert!(desk.moved_from(24, 26, &[(kept, 26)]).is_empty());
    assert_eq!(desk.state(kept), State::Settled { position: 26 });
    desk.restart();
    assert_eq!(desk.sent(), vec![forgotten], "under its old id");
    desk.answer(&[(forgotten, applied(27))]);
    assert!(desk.moved_from(26, 27, &[(forgotten, 27)]).is_empty());
    assert_eq!(desk.state(forgotten), State::Settled { position: 27 });
}

#[test]
fn what_a_server_still_knows_though_its_effect_is_seen_no_more_is_asked_about_once() {
    let mut desk = Desk::new();
    let op = desk.enter(1);
    desk.send_and_answer(&[(op, applied(25))]);
    desk.moved_from(24, 30, &[]);
    assert_eq!(desk.sent(), vec![op]);
    desk.answer(&[(op, applied(25))]);
    desk.moved_from(30, 31, &[]);
    assert_eq!(desk.state(op), State::Settled { position: 25 });
    assert!(desk.sent().is_empty());
}
