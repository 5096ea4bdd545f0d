//! The disk refuses one write in the middle of synchronising: nothing goes ahead of what is on the disk.

use super::desk::{Desk, enter, name, queue, until};
use super::disk::raw;
use super::town;
use crate::engine::Pause;
use wire::feed::{Change, Scope};

#[tokio::test(start_paused = true)]
async fn what_the_disk_would_not_mark_as_sent_does_not_leave() {
    let desk = Desk::new();
    desk.town.state().online = false;
    let engine = desk.open();
    let op = enter(&engine, 1).await;
    until(&engine, "tried in vain", |engine| queue(engine).iter().all(|op| op.attempts > 0 && !op.ever_sent)).await;
    let outside = raw(&desk.dir.path().join("outbox.db"));
    outside
        .execute_batch("CREATE TRIGGER no BEFORE INSERT ON fate BEGIN SELECT RAISE(ABORT, 'no room'); END")
        .expect("refuses");
    desk.town.state().online = true;
    engine.person_back();
    let left = || !desk.town.state().arrived.is_empty();
    until(&engine, "refused", |engine| left() || engine.status().pause == Some(Pause::Busy)).await;
    assert!(!left(), "after a power cut nobody would know that a copy had left");
    outside.execute_batch("DROP TRIGGER no").expect("lets");
    engine.person_back();
    until(&engine, "settled", |engine| queue(engine).is_empty()).await;
    assert_eq!(desk.town.state().arrived.len(), 1);
    assert!(desk.town.state().ledger.contains_key(&op));
    engine.close().await;
}

#[tokio::test(start_paused = true)]
async fn a_page_of_the_feed_that_the_disk_refused_is_read_again() {
    let desk = Desk::new();
    let engine = desk.open();
    until(&engine, "mirrored", |engine| engine.status().last_synced_ms.is_some()).await;
    let outside = raw(&desk.dir.path().join("cache.db"));
    outside
        .execute_batch("CREATE TRIGGER no BEFORE INSERT ON entity BEGIN SELECT RAISE(ABORT, 'no room'); END")
        .expect("refuses");
    let entity = town::profile(desk.user.uuid(), "Новая");
    desk.town.state().add(Scope::User(desk.user), None, Change::Put { entity });
    let asked = desk.town.state().pages;
    engine.person_back();
    until(&engine, "read in vain", |_| desk.town.state().pages > asked).await;
    outside.execute_batch("DROP TRIGGER no").expect("lets");
    until(&engine, "read again", |engine| name(engine, desk.user.uuid()).as_deref() == Some("Новая")).await;
    engine.close().await;
}
