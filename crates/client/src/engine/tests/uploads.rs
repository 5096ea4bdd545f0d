//! Files on their way: before what needs them, each byte once, on from where the server has them.

use super::desk::{Desk, queue, rename, until};
use crate::engine::{Engine, NewOperation, QueuedOperation};
use outbox::{Attention, BlobName, Need, State, Unsendable};
use std::io::Cursor;
use std::sync::Arc;
use wire::problem::{Code, FileRefusal};

/// A little over two pieces.
fn photo() -> Vec<u8> {
    (0..1_200_000_u32).map(|at| (at * 7 + at / 251) as u8).collect()
}

async fn entered_with_photo(engine: &Arc<Engine>) -> BlobName {
    let name = engine.add_blob(Cursor::new(photo())).await.expect("stored");
    let new = NewOperation { needs: [Need::Blob(name)].into(), ..rename(1, "С фото") };
    engine.enqueue(new, None).await.expect("entered");
    name
}

#[tokio::test(start_paused = true)]
async fn a_file_goes_before_what_needs_it_and_whole() {
    let desk = Desk::new();
    let engine = desk.open();
    entered_with_photo(&engine).await;
    until(&engine, "settled", |engine| queue(engine).is_empty()).await;
    let state = desk.town.state();
    assert!(matches!(&state.uploads[..], [(_, come)] if *come == photo()));
    assert_eq!(state.arrived.iter().map(|batch| batch.items.len()).sum::<usize>(), 1);
}

#[tokio::test(start_paused = true)]
async fn an_upload_that_a_killed_program_had_begun_goes_on_where_the_server_has_it() {
    let desk = Desk::new();
    let engine = desk.open();
    desk.town.state().most_pieces = 1;
    entered_with_photo(&engine).await;
    until(&engine, "one piece there", |_| desk.town.state().pieces > 1).await;
    engine.close().await;
    assert!(desk.town.state().arrived.is_empty(), "nothing goes before its file");
    desk.town.state().most_pieces = u32::MAX;
    let engine = desk.open();
    until(&engine, "settled", |engine| queue(engine).is_empty()).await;
    let state = desk.town.state();
    assert!(matches!(&state.uploads[..], [(_, come)] if *come == photo()), "one upload, each byte once");
}

#[tokio::test(start_paused = true)]
async fn an_upload_that_the_server_has_swept_meanwhile_is_begun_anew() {
    let desk = Desk::new();
    let engine = desk.open();
    desk.town.state().most_pieces = 1;
    entered_with_photo(&engine).await;
    until(&engine, "one piece there", |_| desk.town.state().pieces > 1).await;
    engine.close().await;
    let swept = desk.town.state().uploads.len();
    desk.town.state().swept = swept;
    desk.town.state().most_pieces = u32::MAX;
    let engine = desk.open();
    until(&engine, "settled", |engine| queue(engine).is_empty()).await;
    let state = desk.town.state();
    assert!(state.uploads.len() > swept && state.uploads.last().is_some_and(|(_, come)| *come == photo()));
}

fn stopped(engine: &Engine) -> Option<Unsendable> {
    queue(engine).iter().find_map(|queued| match queued.state {
        State::Attention { why: Attention::File { why } } => Some(why),
        _ => None,
    })
}

fn held(queued: &QueuedOperation) -> bool {
    matches!(queued.state, State::Held { .. })
}

#[tokio::test(start_paused = true)]
async fn a_file_that_the_utility_does_not_take_stops_what_needs_it_until_the_person_has_decided() {
    for (code, why) in [
        (Code::TooLarge, Unsendable::TooLarge),
        (Code::FileRefused { why: FileRefusal::Kind }, Unsendable::Kind),
        (Code::FileRefused { why: FileRefusal::TooManyPixels }, Unsendable::TooManyPixels),
    ] {
        let desk = Desk::new();
        desk.town.state().refuse_files = Some(code);
        let engine = desk.open();
        entered_with_photo(&engine).await;
        engine.enqueue(rename(1, "Следом"), None).await.expect("entered");
        engine.enqueue(rename(2, "Другой прибор"), None).await.expect("entered");
        until(&engine, "stopped", |engine| stopped(engine).is_some() && queue(engine).len() == 2).await;
        assert_eq!(stopped(&engine), Some(why));
        let stopped = queue(&engine)[0].id;
        assert!(held(&queue(&engine)[1]), "its lane waits");
        // It is not tried for ever.
        let begun = desk.town.state().uploads.len();
        tokio::time::sleep(std::time::Duration::from_secs(7200)).await;
        assert_eq!(desk.town.state().uploads.len(), begun);
        engine.close().await;
        let engine = desk.open();
        engine.discard(stopped).await.expect("given up");
        until(&engine, "settled", |engine| queue(engine).is_empty()).await;
        assert_eq!(desk.town.state().ledger.len(), 2);
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_repeated_tries_its_file_again_and_what_is_mended_goes_without_it() {
    let desk = Desk::new();
    desk.town.state().refuse_files = Some(Code::TooLarge);
    let engine = desk.open();
    entered_with_photo(&engine).await;
    until(&engine, "stopped", |engine| stopped(engine).is_some()).await;
    // The utility takes larger ones now.
    desk.town.state().refuse_files = None;
    engine.retry(queue(&engine)[0].id).await.expect("repeated");
    until(&engine, "settled", |engine| queue(engine).is_empty()).await;
    assert!(matches!(&desk.town.state().uploads[..], [(_, come)] if *come == photo()));

    desk.town.state().refuse_files = Some(Code::TooLarge);
    let name = engine.add_blob(Cursor::new(vec![7; 900_000])).await.expect("stored");
    let new = NewOperation { needs: [Need::Blob(name)].into(), ..rename(1, "С другим фото") };
    let entered = engine.enqueue(new, None).await.expect("entered");
    until(&engine, "stopped", |engine| stopped(engine).is_some()).await;
    let mended = engine.enqueue(rename(1, "Без фото"), Some(entered.id)).await.expect("entered");
    assert_eq!(mended.replaced, Some(entered.id));
    until(&engine, "settled", |engine| queue(engine).is_empty()).await;
}

#[tokio::test(start_paused = true)]
async fn a_file_that_the_server_lost_is_sent_again_and_then_what_needs_it() {
    let desk = Desk::new();
    desk.town.state().lose_files = true;
    let engine = desk.open();
    entered_with_photo(&engine).await;
    until(&engine, "settled", |engine| queue(engine).is_empty()).await;
    let state = desk.town.state();
    assert!(matches!(&state.uploads[..], [(_, first), (_, again)] if *first == photo() && again == first));
    assert_eq!(state.ledger.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_file_that_cannot_be_read_here_any_more_is_said_so() {
    let desk = Desk::new();
    desk.town.state().online = false;
    let engine = desk.open();
    let name = entered_with_photo(&engine).await;
    std::fs::remove_file(desk.dir.path().join("blobs").join(name.to_string())).expect("it was there");
    desk.town.state().online = true;
    until(&engine, "stopped", |engine| stopped(engine) == Some(Unsendable::Lost)).await;
}
