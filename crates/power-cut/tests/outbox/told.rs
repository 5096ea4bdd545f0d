//! Nobody is told before the disk has it.

use crate::desk::{Desk, rename};
use client::engine::Storage;
use futures_util::future::FutureExt;

#[tokio::test]
async fn an_entry_is_told_as_kept_only_when_its_commit_is_synced() {
    let desk = Desk::new(1);
    let engine = desk.open(desk.dir.path(), Storage::Threads).expect("opens");
    let held = desk.disk.hold_syncs();
    let mut entering = Box::pin(engine.enqueue(rename(1, "Кухня", []), None));
    let mut told = || (&mut entering).now_or_never().is_some();
    while !held.one_waits() {
        assert!(!told(), "told without a sync");
        std::thread::yield_now();
    }
    assert!(!told(), "told while the disk has not got it yet");
    drop(held);
    entering.await.expect("told afterwards");
    engine.close().await;
}
