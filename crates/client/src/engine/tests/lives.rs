//! A server that was put back, and a mirror that is of an earlier life of it.

use super::desk::{Desk, KEY, enter, name, queue, until};
use crate::engine::{Engine, Storage};
use domain::AccountId;
use outbox::State;
use uuid::Uuid;
use wire::feed::{Change, Scope};

/// The files of the mirror.
fn mirror_of(dir: &std::path::Path) -> Vec<std::ffi::OsString> {
    let files = std::fs::read_dir(dir).expect("listed").map(|file| file.expect("listed").file_name());
    files.filter(|file| file.to_string_lossy().starts_with("cache")).collect()
}

/// The power failed: of the queue everything is there, the mirror is as it was in `older`.
fn put_mirror_back(desk: &Desk, older: &std::path::Path) {
    for file in mirror_of(desk.dir.path()) {
        std::fs::remove_file(desk.dir.path().join(file)).expect("removed");
    }
    for file in mirror_of(older) {
        std::fs::copy(older.join(&file), desk.dir.path().join(&file)).expect("copied");
    }
}

fn life(engine: &Engine) -> Option<domain::Epoch> {
    engine.read().expect("read").mirror.cursor().map(|cursor| cursor.epoch)
}

#[tokio::test(start_paused = true)]
async fn what_a_later_life_of_the_server_accepted_is_shown_over_a_mirror_of_the_earlier_one() {
    let desk = Desk::new();
    let engine = desk.open();
    for _ in 0..3 {
        enter(&engine, 1).await;
    }
    until(&engine, "settled", |engine| queue(engine).is_empty()).await;
    let older = desk.copy_of_the_disk();
    // The next position is one that this mirror has passed.
    desk.town.state().restore();
    let old = life(&engine);
    let fresh = enter(&engine, 2).await;
    until(&engine, "settled", |engine| queue(engine).is_empty() && life(engine) != old).await;
    engine.close().await;
    drop(engine);
    put_mirror_back(&desk, older.path());
    desk.town.state().online = false;
    let engine = desk.try_open(desk.dir.path(), KEY, Storage::Inline).expect("opens");
    let shown = queue(&engine).into_iter().find(|queued| queued.id == fresh).expect("shown");
    assert!(shown.unseen, "whatever its position is");
    assert!(engine.read().expect("read").accepted.is_empty(), "nothing is known to be in this mirror");
    desk.town.state().online = true;
    engine.person_back();
    until(&engine, "settled", |engine| queue(engine).is_empty()).await;
    assert!(engine.read().expect("read").accepted.iter().any(|queued| queued.id == fresh));
}

#[tokio::test(start_paused = true)]
async fn a_granted_scope_that_was_not_fetched_yet_does_not_hide_that_the_server_was_put_back() {
    let desk = Desk::new();
    let engine = desk.open();
    until(&engine, "mirrored", |engine| engine.status().last_synced_ms.is_some()).await;
    let account = AccountId::new(Uuid::from_u128(9));
    let wanted = desk.town.state().snapshots;
    desk.town.state().most_snapshots = wanted;
    let scope = desk.town.state().grant(desk.user, account);
    until(&engine, "asked for", |_| desk.town.state().snapshots > wanted).await;
    desk.town.state().restore();
    // It was attached in the copy as well.
    assert!(desk.town.state().scopes.contains(&scope));
    let old = life(&engine);
    desk.town.state().most_snapshots = u32::MAX;
    let lost = enter(&engine, 1).await;
    until(&engine, "built anew", |engine| life(engine) != old && queue(engine).is_empty()).await;
    assert_eq!(name(&engine, desk.user.uuid()), Some(lost.to_string()));
}

#[tokio::test(start_paused = true)]
async fn what_was_acknowledged_while_the_first_mirror_was_built_goes_again_when_the_server_was_put_back_meanwhile() {
    let desk = Desk::new();
    desk.town.state().grant(desk.user, AccountId::new(Uuid::from_u128(9)));
    // The first page of the first mirror comes, and no other.
    desk.town.state().most_snapshots = 1;
    let engine = desk.open();
    until(&engine, "begun", |_| desk.town.state().snapshots > 1).await;
    let op = enter(&engine, 1).await;
    until(&engine, "acknowledged", |engine| queue(engine).iter().all(|op| matches!(op.state, State::Acked { .. })))
        .await;
    {
        let mut state = desk.town.state();
        state.restore();
        // Others were faster: the first mirror of this computer stands above the place of the entry.
        for number in 0..9 {
            let entity = super::town::profile(Uuid::from_u128(number), "Другая");
            state.add(Scope::User(desk.user), None, Change::Put { entity });
        }
        state.most_snapshots = u32::MAX;
    }
    until(&engine, "sent again", |_| desk.town.state().ledger.contains_key(&op)).await;
    until(&engine, "settled", |engine| queue(engine).is_empty()).await;
}
