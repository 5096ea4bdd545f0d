//! The engine against a server that is wrong on purpose. Time is tokio's own and costs nothing.

mod blobs;
mod desk;
mod disk;
mod forms;
mod lives;
mod numbers;
mod refused;
mod runs;
mod town;
mod uploads;

use super::{AuthPause, Engine, EngineEvent, Pause, Withdrawal};
use desk::{Desk, decided, enter, enter_for, name, queue, until};
use domain::AccountId;
use outbox::State;
use std::time::Duration;
use town::Fault;
use uuid::Uuid;
use wire::push::Item;

#[tokio::test(start_paused = true)]
async fn an_entry_goes_to_the_server_once_and_comes_back_as_the_mirror() {
    let desk = Desk::new();
    let engine = desk.open();
    let mut events = engine.subscribe();
    let op = enter(&engine, 1).await;
    until(&engine, "settled", |engine| queue(engine).is_empty()).await;
    assert_eq!(name(&engine, desk.user.uuid()), Some(op.to_string()), "the mirror shows what was done");
    assert_eq!(engine.read().expect("read").accepted[0].id, op);
    assert_eq!(decided(&mut events, op), 1);
    assert_eq!(desk.town.state().ledger.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_lost_answer_and_a_doubled_one_change_nothing() {
    let desk = Desk::new();
    let engine = desk.open();
    desk.town.state().faults.extend([Fault::AnswerLost, Fault::Twice]);
    let op = enter(&engine, 1).await;
    until(&engine, "settled", |engine| queue(engine).is_empty()).await;
    let again = enter(&engine, 1).await;
    until(&engine, "settled", |engine| queue(engine).is_empty()).await;
    let state = desk.town.state();
    let effects: Vec<_> = state.feed.iter().filter_map(|row| row.operation).collect();
    assert_eq!(effects, vec![op, again]);
}

#[tokio::test(start_paused = true)]
async fn what_was_accepted_stays_over_the_mirror_until_the_feed_has_passed_it() {
    let desk = Desk::new();
    let engine = desk.open();
    until(&engine, "mirrored", |engine| engine.status().last_synced_ms.is_some()).await;
    desk.town.state().feed_held_at = Some(1);
    let op = enter(&engine, 1).await;
    until(&engine, "accepted", |engine| engine.status().waiting == 0).await;
    assert!(matches!(queue(&engine)[..], [ref only] if only.id == op && only.state == State::Acked { position: 2 }));
    desk.town.state().feed_held_at = None;
    engine.person_back();
    until(&engine, "settled", |engine| queue(engine).is_empty()).await;
    assert_eq!(name(&engine, desk.user.uuid()), Some(op.to_string()));
}

#[tokio::test(start_paused = true)]
async fn without_a_network_a_change_takes_the_place_of_what_never_left() {
    let desk = Desk::new();
    desk.town.state().online = false;
    let engine = desk.open();
    let first = enter(&engine, 1).await;
    until(&engine, "offline", |engine| matches!(engine.status().pause, Some(Pause::Offline { .. }))).await;
    until(&engine, "tried in vain", |_| queue(&engine).iter().all(|op| op.attempts > 0 && !op.ever_sent)).await;
    let second = enter_for(&engine, 1, Some(first)).await;
    assert_eq!(second.replaced, Some(first));
    assert_eq!(queue(&engine).iter().map(|op| op.id).collect::<Vec<_>>(), vec![second.id]);
    desk.town.state().online = true;
    engine.person_back();
    until(&engine, "settled", |engine| queue(engine).is_empty()).await;
    let state = desk.town.state();
    assert_eq!(state.ledger.keys().copied().collect::<Vec<_>>(), vec![second.id], "the first never left");
    assert_eq!(engine.status().pause, None);
}

#[tokio::test(start_paused = true)]
async fn a_cable_pulled_out_is_noticed_before_anything_is_entered() {
    let desk = Desk::new();
    let engine = desk.open();
    until(&engine, "listening", |_| desk.town.state().streams > 0).await;
    until(&engine, "mirrored", |engine| engine.status().last_synced_ms.is_some()).await;
    let pulled = tokio::time::Instant::now();
    desk.town.state().online = false;
    desk.town.state().cut.cancel();
    until(&engine, "offline", |engine| matches!(engine.status().pause, Some(Pause::Offline { .. }))).await;
    assert!(pulled.elapsed() < Duration::from_secs(1), "it was not left to the next poll");
}

#[tokio::test(start_paused = true)]
async fn every_try_that_brings_no_answer_says_that_the_entry_waits_here_again() {
    let desk = Desk::new();
    let engine = desk.open();
    desk.town.state().faults.extend(vec![Fault::AnswerLost; 20]);
    enter(&engine, 1).await;
    let waits_again = |engine: &Engine| queue(engine).iter().all(|op| op.ever_sent && op.state == State::Queued);
    until(&engine, "tried", waits_again).await;
    let mut events = engine.subscribe();
    let told =
        async { while !(matches!(events.recv().await, Ok(EngineEvent::QueueChanged)) && waits_again(&engine)) {} };
    let told = tokio::time::timeout(Duration::from_secs(60), told).await;
    assert!(told.is_ok(), "the window would go on showing that it is being sent");
}

#[tokio::test(start_paused = true)]
async fn a_change_of_what_may_have_left_is_an_operation_of_its_own() {
    let desk = Desk::new();
    let engine = desk.open();
    desk.town.state().faults.extend(vec![Fault::AnswerLost; 3]);
    let first = enter(&engine, 1).await;
    until(&engine, "sent", |engine| queue(engine).iter().any(|op| op.ever_sent && op.state == State::Queued)).await;
    let second = enter_for(&engine, 1, Some(first)).await;
    assert_eq!(second.replaced, None);
    until(&engine, "settled", |engine| queue(engine).is_empty()).await;
    let state = desk.town.state();
    let effects: Vec<_> = state.feed.iter().filter_map(|row| row.operation).collect();
    assert_eq!(effects, vec![first, second.id]);
}

#[tokio::test(start_paused = true)]
async fn a_captive_portal_is_a_pause_and_decides_nothing() {
    let desk = Desk::new();
    let engine = desk.open();
    until(&engine, "mirrored", |engine| engine.status().last_synced_ms.is_some()).await;
    desk.town.state().faults.push_back(Fault::Portal);
    let op = enter(&engine, 1).await;
    until(&engine, "portal", |engine| engine.status().pause == Some(Pause::Portal)).await;
    assert_eq!(queue(&engine)[0].state, State::Queued);
    until(&engine, "settled", |engine| queue(engine).is_empty()).await;
    assert!(desk.town.state().ledger.contains_key(&op));
}

#[tokio::test(start_paused = true)]
async fn a_refused_token_is_told_and_another_is_tried_once() {
    let desk = Desk::new();
    let engine = desk.open();
    until(&engine, "mirrored", |engine| engine.status().last_synced_ms.is_some()).await;
    desk.town.state().bad_tokens.push("1".into());
    enter(&engine, 1).await;
    until(&engine, "settled", |engine| queue(engine).is_empty()).await;
    assert_eq!(*desk.tokens.refused.lock().expect("whole"), vec!["1"]);
}

#[tokio::test(start_paused = true)]
async fn an_ended_session_pauses_and_signing_in_goes_on() {
    let desk = Desk::new();
    let engine = desk.open();
    until(&engine, "mirrored", |engine| engine.status().last_synced_ms.is_some()).await;
    desk.town.state().faults.extend([Fault::Unauthorised, Fault::Unauthorised]);
    let op = enter(&engine, 1).await;
    until(&engine, "sign-in", |engine| engine.status().pause == Some(Pause::SignIn)).await;
    *desk.tokens.pause.lock().expect("whole") = Some(AuthPause::SignIn);
    engine.person_back();
    until(&engine, "still sign-in", |engine| engine.status().pause == Some(Pause::SignIn)).await;
    assert_eq!(queue(&engine)[0].id, op);
    *desk.tokens.pause.lock().expect("whole") = None;
    engine.signed_in();
    until(&engine, "settled", |engine| queue(engine).is_empty() && engine.status().pause.is_none()).await;
}

#[tokio::test(start_paused = true)]
async fn a_time_that_the_server_names_is_shown_and_kept() {
    let desk = Desk::new();
    let engine = desk.open();
    until(&engine, "mirrored", |engine| engine.status().last_synced_ms.is_some()).await;
    desk.town.state().faults.push_back(Fault::Later("600"));
    enter(&engine, 1).await;
    until(&engine, "busy", |engine| engine.status().pause == Some(Pause::Busy)).await;
    let status = engine.status();
    let wait = status.next_try_ms.expect("planned") - engine.now().capture.wall_ms;
    assert!((590_000..=600_000).contains(&wait), "{wait}");
    assert_eq!(desk.town.state().arrived.len(), 1);
    engine.send_now();
    until(&engine, "settled", |engine| queue(engine).is_empty()).await;
}

#[tokio::test(start_paused = true)]
async fn a_push_that_never_ends_does_not_hold_up_the_mirror() {
    let desk = Desk::new();
    let engine = desk.open();
    until(&engine, "mirrored", |engine| engine.status().last_synced_ms.is_some()).await;
    desk.town.state().faults.push_back(Fault::Silence);
    let op = enter(&engine, 1).await;
    until(&engine, "in flight", |engine| queue(engine)[0].state == State::InFlight).await;
    let me = wire::feed::Scope::User(desk.user);
    let entity = town::profile(desk.user.uuid(), "Новая");
    desk.town.state().add(me, None, wire::feed::Change::Put { entity });
    until(&engine, "mirrored", |engine| name(engine, desk.user.uuid()).as_deref() == Some("Новая")).await;
    assert_eq!(queue(&engine)[0].id, op);
    assert_eq!(engine.withdraw(op).await.expect("asked"), Withdrawal::Asked);
}

#[tokio::test(start_paused = true)]
async fn a_rejection_is_told_and_repeating_takes_a_new_id_in_the_same_place() {
    let desk = Desk::new();
    desk.town.state().online = false;
    let engine = desk.open();
    let (bad, behind) = (enter(&engine, 1).await, enter(&engine, 1).await);
    desk.town.state().reject.push(bad);
    desk.town.state().online = true;
    engine.person_back();
    until(&engine, "rejected", |engine| engine.status().attention == 1).await;
    assert_eq!(queue(&engine)[1].state, State::Held { by: bad });
    let again = engine.retry(bad).await.expect("repeated");
    assert_eq!(again.replaced, Some(bad));
    until(&engine, "settled", |engine| queue(engine).is_empty()).await;
    let state = desk.town.state();
    let applied = state.feed.iter().filter(|row| row.change != wire::feed::Change::Decided);
    assert_eq!(applied.filter_map(|row| row.operation).collect::<Vec<_>>(), vec![again.id, behind]);
}

#[tokio::test(start_paused = true)]
async fn a_restored_server_gets_again_what_it_forgot_and_the_mirror_follows_it() {
    let desk = Desk::new();
    let engine = desk.open();
    let kept = enter(&engine, 1).await;
    until(&engine, "settled", |engine| queue(engine).is_empty()).await;
    {
        let mut state = desk.town.state();
        state.backed_up = state.head();
    }
    let lost = enter(&engine, 1).await;
    until(&engine, "settled", |engine| queue(engine).is_empty()).await;
    desk.town.state().restore();
    assert!(!desk.town.state().ledger.contains_key(&lost));
    engine.person_back();
    until(&engine, "sent again", |_| desk.town.state().ledger.contains_key(&lost)).await;
    until(&engine, "settled", |engine| queue(engine).is_empty()).await;
    assert!(desk.town.state().ledger.contains_key(&kept));
    assert_eq!(name(&engine, desk.user.uuid()), Some(lost.to_string()));
}

#[tokio::test(start_paused = true)]
async fn an_entry_that_a_restored_server_accepts_stays_shown_while_the_mirror_is_still_the_old_one() {
    let desk = Desk::new();
    let engine = desk.open();
    for _ in 0..3 {
        enter(&engine, 1).await;
    }
    until(&engine, "settled", |engine| queue(engine).is_empty()).await;
    desk.town.state().restore();
    let mut events = engine.subscribe();
    let fresh = enter(&engine, 2).await;
    let life = |engine: &Engine| engine.read().expect("read").mirror.cursor().map(|cursor| cursor.epoch);
    let old = life(&engine);
    let shown = || queue(&engine).iter().any(|queued| queued.id == fresh) || life(&engine) != old;
    let mut decided = 0;
    // Its position is one that the old mirror has passed already.
    while decided == 0 {
        let event = events.recv().await.expect("the engine lives");
        decided += usize::from(matches!(event, EngineEvent::Decided { id, .. } if id == fresh));
        assert!(shown(), "after {event:?}");
    }
    until(&engine, "settled", |engine| queue(engine).is_empty()).await;
}

#[tokio::test(start_paused = true)]
async fn a_server_put_back_while_the_mirror_was_lost_gets_again_what_it_forgot() {
    let desk = Desk::new();
    let engine = desk.open();
    desk.town.state().backed_up = 1;
    let lost = enter(&engine, 1).await;
    until(&engine, "settled", |engine| queue(engine).is_empty()).await;
    engine.close().await;
    drop(engine);
    for file in std::fs::read_dir(desk.dir.path()).expect("listed") {
        let file = file.expect("listed");
        if file.file_name().to_string_lossy().starts_with("cache") {
            std::fs::remove_file(file.path()).expect("removed");
        }
    }
    {
        // A copy of its files: it is the same life by name.
        let mut state = desk.town.state();
        let epoch = state.epoch;
        state.restore();
        state.epoch = epoch;
        state.backed_up = 0;
    }
    let engine = desk.open();
    until(&engine, "sent again", |_| desk.town.state().ledger.contains_key(&lost)).await;
    until(&engine, "settled", |engine| queue(engine).is_empty()).await;
    assert_eq!(name(&engine, desk.user.uuid()), Some(lost.to_string()));
}

#[tokio::test(start_paused = true)]
async fn an_old_pause_of_a_queue_with_nothing_to_send_hides_no_sign_in() {
    let desk = Desk::new();
    let engine = desk.open();
    until(&engine, "mirrored", |engine| engine.status().last_synced_ms.is_some()).await;
    desk.town.state().online = false;
    let op = enter(&engine, 1).await;
    until(&engine, "offline", |engine| matches!(engine.status().pause, Some(Pause::Offline { .. }))).await;
    engine.withdraw(op).await.expect("it waits");
    *desk.tokens.pause.lock().expect("whole") = Some(AuthPause::SignIn);
    desk.town.state().online = true;
    until(&engine, "sign-in", |engine| engine.status().pause == Some(Pause::SignIn)).await;
}

#[tokio::test(start_paused = true)]
async fn a_granted_scope_is_fetched_and_a_revoked_one_goes_without_its_operations() {
    let desk = Desk::new();
    let engine = desk.open();
    until(&engine, "mirrored", |engine| engine.status().last_synced_ms.is_some()).await;
    let account = AccountId::new(Uuid::from_u128(9));
    let scope = desk.town.state().grant(desk.user, account);
    until(&engine, "granted", |engine| name(engine, account.uuid()).is_some()).await;
    desk.town.state().faults.push_back(Fault::Later("3600"));
    let op = enter(&engine, 9).await;
    until(&engine, "waiting", |engine| engine.status().pause == Some(Pause::Busy)).await;
    desk.town.state().scopes.retain(|other| *other != scope);
    let me = wire::feed::Scope::User(desk.user);
    desk.town.state().add(me, None, wire::feed::Change::Revoked { scope });
    until(&engine, "revoked", |engine| name(engine, account.uuid()).is_none()).await;
    assert!(desk.town.state().ledger.contains_key(&op) || queue(&engine).iter().any(|queued| queued.id == op));
    assert!(name(&engine, desk.user.uuid()).is_some(), "other scopes stay");
}

#[tokio::test(start_paused = true)]
async fn a_scope_granted_between_the_list_and_the_first_page_is_fetched_too() {
    let desk = Desk::new();
    let account = AccountId::new(Uuid::from_u128(9));
    desk.town.state().grant_next = Some((desk.user, account));
    let engine = desk.open();
    until(&engine, "mirrored", |engine| engine.status().last_synced_ms.is_some()).await;
    assert!(name(&engine, account.uuid()).is_some(), "no row behind the cursor tells of this grant");
}

#[tokio::test(start_paused = true)]
async fn a_device_restored_from_a_copy_takes_a_new_life_and_keeps_its_ids() {
    let desk = Desk::new();
    let engine = desk.open();
    until(&engine, "mirrored", |engine| engine.status().last_synced_ms.is_some()).await;
    desk.town.state().faults.push_back(Fault::IncarnationConflict);
    let op = enter(&engine, 1).await;
    until(&engine, "settled", |engine| queue(engine).is_empty()).await;
    let state = desk.town.state();
    let [first, second] = &state.arrived[..] else { panic!("two batches") };
    assert_ne!(first.incarnation, second.incarnation);
    let bytes = |batch: &wire::push::Batch| match &batch.items[..] {
        [Item::Apply { operation, .. }] => operation.text().to_owned(),
        _ => panic!("one operation"),
    };
    assert_eq!(bytes(first), bytes(second), "the sealed bytes are the same");
    assert!(state.ledger.contains_key(&op));
}
