//! What is shown waits for what is sent, and not for ever.

use super::desk::{Desk, enter, queue, until};
use super::town::Fault;
use crate::engine::{Engine, Pause};
use std::sync::Arc;
use std::time::Duration;

/// Entries that grew without a network, each in a lane and a batch of its own.
async fn grown_offline(desk: &Desk, count: u128) -> Arc<Engine> {
    let engine = desk.open();
    until(&engine, "mirrored", |engine| engine.status().last_synced_ms.is_some()).await;
    desk.town.state().online = false;
    for meter in 1..=count {
        enter(&engine, meter).await;
    }
    until(&engine, "offline", |engine| matches!(engine.status().pause, Some(Pause::Offline { .. }))).await;
    engine.set_batch_limit(1);
    desk.town.state().online = true;
    engine
}

#[tokio::test(start_paused = true)]
async fn a_run_of_batches_is_not_interrupted_by_a_look_at_the_feed_after_each() {
    let desk = Desk::new();
    let engine = grown_offline(&desk, 20).await;
    desk.town.state().slow = Duration::from_millis(10);
    let before = desk.town.state().pages;
    engine.person_back();
    until(&engine, "settled", |engine| queue(engine).is_empty()).await;
    let pages = desk.town.state().pages - before;
    assert!(desk.town.state().arrived.iter().filter(|batch| batch.items.len() == 1).count() >= 20, "each went alone");
    // Twenty rows are ten pages here; after each batch it would be twenty.
    assert!(pages < 15, "{pages} pages were asked for");
}

#[tokio::test(start_paused = true)]
async fn a_run_that_gets_no_answer_does_not_hold_off_what_is_shown() {
    let desk = Desk::new();
    let engine = grown_offline(&desk, 5).await;
    // Two are taken, and the third gets no answer.
    desk.town.state().faults.extend([Fault::Twice, Fault::Twice, Fault::Silence]);
    engine.person_back();
    until(&engine, "the two that were taken are shown", |engine| queue(engine).len() == 3).await;
    assert!(matches!(desk.town.state().faults.front(), Some(Fault::Silence)), "the run has not ended");
}
