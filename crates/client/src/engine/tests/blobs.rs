//! Blobs with the queue: what is durable before what, what is sent when, and what may go.

use super::desk::{Desk, KEY, enter, queue, rename, until};
use crate::blobs::{BlobError, BlobName, Need};
use crate::engine::{Engine, NewOperation, Storage};
use crate::store::StoreError;
use domain::OperationId;
use outbox::State;
use std::io::Cursor;

fn photo(seed: u8) -> Vec<u8> {
    (0..200_000_u32).map(|at| (at % 251) as u8 ^ seed).collect()
}

async fn add(engine: &Engine, seed: u8) -> BlobName {
    engine.add_blob(Cursor::new(photo(seed))).await.expect("stored")
}

async fn enter_needing(engine: &Engine, meter: u128, needs: &[Need]) -> OperationId {
    let new = NewOperation { needs: needs.iter().copied().collect(), ..rename(meter, "Кухня") };
    engine.enqueue(new, None).await.expect("entered").id
}

#[tokio::test(start_paused = true)]
async fn what_needs_a_blob_waits_over_a_restart_and_nothing_pretends_that_it_was_uploaded() {
    let desk = Desk::new();
    // No piece of a file gets through.
    desk.town.state().most_pieces = 0;
    let engine = desk.open();
    let name = add(&engine, 1).await;
    let needing = enter_needing(&engine, 1, &[Need::Blob(name)]).await;
    let free = enter(&engine, 2).await;
    until(&engine, "the free one", |_| desk.town.state().ledger.contains_key(&free)).await;
    engine.close().await;
    let engine = desk.open();
    let later = enter(&engine, 3).await;
    until(&engine, "the later one", |_| desk.town.state().ledger.contains_key(&later)).await;
    let waiting = queue(&engine).into_iter().find(|op| op.id == needing).expect("kept");
    assert_eq!((waiting.state, waiting.attempts), (State::Queued, 0));
    let part = engine.read_blob(name, 65_530..65_540).await.expect("the file of a needed blob stays");
    assert_eq!((part.total, &part.bytes[..]), (200_000, &photo(1)[65_530..65_540]));
    engine.close().await;
}

#[tokio::test(start_paused = true)]
async fn what_needs_another_operation_goes_after_it_also_over_a_restart() {
    let desk = Desk::new();
    desk.town.state().online = false;
    let engine = desk.open();
    let first = enter(&engine, 1).await;
    let second = enter_needing(&engine, 2, &[Need::Operation(first)]).await;
    engine.close().await;
    desk.town.state().online = true;
    let engine = desk.open();
    until(&engine, "settled", |engine| queue(engine).is_empty()).await;
    let state = desk.town.state();
    let sent: Vec<_> = state.arrived.iter().map(|batch| batch.items.len()).collect();
    assert_eq!(sent, vec![1, 1], "never in one batch");
    assert!(state.ledger.contains_key(&first) && state.ledger.contains_key(&second));
}

#[tokio::test(start_paused = true)]
async fn repeating_what_was_rejected_takes_the_needs_along() {
    let desk = Desk::new();
    desk.town.state().online = false;
    let engine = desk.open();
    let first = enter(&engine, 1).await;
    let needing = enter_needing(&engine, 2, &[Need::Operation(first)]).await;
    desk.town.state().reject.push(first);
    desk.town.state().online = true;
    engine.person_back();
    until(&engine, "rejected", |engine| engine.status().attention == 1).await;
    assert_eq!(engine.operation(needing).expect("kept").state, State::Held { by: first });
    engine.retry(first).await.expect("repeated");
    until(&engine, "settled", |engine| queue(engine).is_empty()).await;
    assert!(desk.town.state().ledger.contains_key(&needing));
}

#[tokio::test(start_paused = true)]
async fn an_entry_that_needs_a_blob_that_is_not_here_is_refused_and_nothing_is_written() {
    let desk = Desk::new();
    let engine = desk.open();
    let name = BlobName([5; 32]);
    let new = NewOperation { needs: [Need::Blob(name)].into(), ..rename(1, "Кухня") };
    assert!(matches!(engine.enqueue(new, None).await, Err(StoreError::NoBlob)));
    assert!(queue(&engine).is_empty());
    let op = enter(&engine, 1).await;
    until(&engine, "settled", |_| desk.town.state().ledger.contains_key(&op)).await;
}

#[tokio::test(start_paused = true)]
async fn a_blob_that_is_needed_stays_and_one_that_nothing_came_to_need_goes_at_the_next_start() {
    let desk = Desk::new();
    desk.town.state().online = false;
    let engine = desk.open();
    let (needed, removed, left) = (add(&engine, 1).await, add(&engine, 2).await, add(&engine, 3).await);
    assert_eq!(add(&engine, 1).await, needed, "the same content is the same blob");
    let op = enter_needing(&engine, 1, &[Need::Blob(needed)]).await;
    assert!(matches!(engine.remove_blob(needed).await, Err(BlobError::Needed)));
    engine.remove_blob(removed).await.expect("nothing needs it");
    assert!(matches!(engine.read_blob(removed, 0..1).await, Err(BlobError::Missing)));
    assert!(engine.read_blob(left, 0..1).await.is_ok());
    engine.close().await;
    assert!(matches!(engine.read_blob(needed, 0..1).await, Err(BlobError::Closed)));
    let engine = desk.open();
    assert!(engine.read_blob(needed, 0..1).await.is_ok());
    assert!(matches!(engine.read_blob(left, 0..1).await, Err(BlobError::Missing)));
    engine.withdraw(op).await.expect("never left");
    engine.remove_blob(needed).await.expect("nothing needs it any more");
    engine.close().await;
}

#[tokio::test]
async fn a_photo_lies_nowhere_on_the_disk_in_plain_text() {
    let desk = Desk::new();
    desk.town.state().online = false;
    let engine = desk.try_open(desk.dir.path(), KEY, Storage::Threads).expect("opens");
    let marker = b"MARKER-5c20be";
    let content = [photo(1), marker.to_vec(), photo(2)].concat();
    let name = engine.add_blob(Cursor::new(content.clone())).await.expect("stored");
    enter_needing(&engine, 1, &[Need::Blob(name)]).await;
    assert_eq!(engine.read_blob(name, 0..u64::MAX).await.expect("read").bytes, content);
    engine.close().await;
    let mut files = 0;
    for folder in [desk.dir.path().to_owned(), desk.dir.path().join("blobs")] {
        for entry in std::fs::read_dir(folder).expect("listed") {
            let path = entry.expect("listed").path();
            if path.is_file() {
                files += 1;
                let bytes = std::fs::read(&path).expect("read");
                assert!(!bytes.windows(marker.len()).any(|window| window == marker), "{}", path.display());
            }
        }
    }
    assert!(files > 3, "the search found the files");
}
