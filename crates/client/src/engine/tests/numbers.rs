//! The numbers of entries, which a server knows a copied queue by: kept by the rows, and by the device row for rows that go.

use super::desk::{Desk, KEY, enter, until};
use super::disk::raw;
use crate::engine::{Engine, Storage};
use domain::OperationId;
use std::path::Path;
use std::time::Duration;

fn number(engine: &Engine, id: OperationId) -> u64 {
    engine.operation(id).expect("kept").operation.expect("readable").device_seq
}

/// What the device row says.
fn noted(dir: &Path) -> i64 {
    raw(&dir.join("outbox.db")).query_row("SELECT next_seq FROM device", [], |row| row.get(0)).expect("read")
}

#[tokio::test(start_paused = true)]
async fn after_a_power_cut_no_number_is_given_again_though_only_the_rows_tell_of_them() {
    let desk = Desk::new();
    desk.town.state().online = false;
    let mut engine = desk.open();
    let mut disk;
    for expected in 1..5 {
        let id = enter(&engine, 1).await;
        assert_eq!(number(&engine, id), expected);
        disk = desk.copy_of_the_disk();
        assert_eq!(noted(disk.path()), 1, "a page more for every entry");
        let cut = desk.try_open(disk.path(), KEY, Storage::Inline).expect("opens");
        let behind = enter(&cut, 1).await;
        assert_eq!(number(&cut, behind), expected + 1);
        cut.close().await;
        engine.close().await;
        engine = desk.open();
    }
    engine.close().await;
}

#[tokio::test(start_paused = true)]
async fn the_number_of_a_forgotten_entry_is_not_given_again() {
    let desk = Desk::new();
    let engine = desk.open();
    let op = enter(&engine, 1).await;
    until(&engine, "settled", |engine| engine.read().expect("read").accepted.len() == 1).await;
    {
        let mut state = desk.town.state();
        state.backed_up = state.head();
        state.server_ms += outbox::SHOW_MS + 1;
    }
    tokio::time::advance(Duration::from_millis(outbox::SHOW_MS.unsigned_abs() + 1)).await;
    engine.send_now();
    until(&engine, "forgotten", |engine| engine.operation(op).is_none()).await;
    desk.town.state().online = false;
    let disk = desk.copy_of_the_disk();
    engine.close().await;
    let cut = desk.try_open(disk.path(), KEY, Storage::Inline).expect("opens");
    let behind = enter(&cut, 1).await;
    assert_eq!(number(&cut, behind), 2);
    cut.close().await;
}
