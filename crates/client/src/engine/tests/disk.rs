//! What the disk holds, and what happens when it is not what it should be.

use super::desk::{Desk, KEY, enter, name, queue, rename, until};
use super::town::Fault;
use crate::engine::{OpenError, Storage};
use outbox::{Attention, State};
use rusqlite::Connection;

/// Looks at, or breaks, a closed database from outside.
pub(super) fn raw(path: &std::path::Path) -> Connection {
    let connection = Connection::open(path).expect("opened");
    connection.execute_batch(&format!("PRAGMA key = \"x'{}'\"", hex::encode(KEY))).expect("keyed");
    connection
}

#[tokio::test(start_paused = true)]
async fn what_was_entered_survives_a_power_cut_before_and_after_sending() {
    let desk = Desk::new();
    desk.town.state().online = false;
    let engine = desk.open();
    let op = enter(&engine, 1).await;
    let before_sending = desk.copy_of_the_disk();
    // Neither an answer nor the feed tells this computer that it was done.
    desk.town.state().faults.extend(vec![Fault::AnswerLost; 100]);
    desk.town.state().feed_held_at = Some(1);
    desk.town.state().online = true;
    engine.person_back();
    until(&engine, "done there", |_| desk.town.state().ledger.contains_key(&op)).await;
    let after_sending = desk.copy_of_the_disk();
    engine.close().await;
    desk.town.state().faults.clear();
    desk.town.state().feed_held_at = None;
    for (disk, sent) in [(before_sending, false), (after_sending, true)] {
        desk.town.state().online = false;
        let engine = desk.try_open(disk.path(), KEY, Storage::Inline).expect("opens");
        let left = queue(&engine);
        assert_eq!(left.iter().map(|op| (op.id, op.ever_sent)).collect::<Vec<_>>(), vec![(op, sent)]);
        assert_eq!(left[0].state, State::Queued);
        desk.town.state().online = true;
        engine.person_back();
        until(&engine, "settled", |engine| queue(engine).is_empty()).await;
        let effects = desk.town.state().feed.iter().filter(|row| row.operation == Some(op)).count();
        assert_eq!(effects, 1);
        engine.close().await;
    }
}

#[tokio::test]
async fn the_same_with_databases_on_threads() {
    let desk = Desk::new();
    let engine = desk.try_open(desk.dir.path(), KEY, Storage::Threads).expect("opens");
    let entries = (0..50).map(|meter| engine.enqueue(rename(meter, "Кухня"), None));
    for entered in futures_util::future::join_all(entries).await {
        entered.expect("entered");
    }
    until(&engine, "settled", |engine| queue(engine).is_empty()).await;
    assert_eq!(desk.town.state().ledger.len(), 50);
    engine.close().await;
    let engine = desk.try_open(desk.dir.path(), KEY, Storage::Threads).expect("opens again");
    assert_eq!(engine.read().expect("read").accepted.len(), 50);
    engine.close().await;
}

#[tokio::test(start_paused = true)]
async fn nothing_entered_lies_on_the_disk_in_plain_text() {
    let desk = Desk::new();
    desk.town.state().online = false;
    let engine = desk.open();
    let marker = "MARKER-7f3a91";
    engine.enqueue(rename(1, marker), None).await.expect("entered");
    engine.set_secret("refresh", Some(marker.as_bytes())).await.expect("kept");
    assert_eq!(engine.secret("refresh").await.expect("read").as_deref(), Some(marker.as_bytes()));
    let found = |dir: &std::path::Path| {
        std::fs::read_dir(dir).expect("listed").any(|file| {
            let bytes = std::fs::read(file.expect("listed").path()).expect("read");
            bytes.windows(marker.len()).any(|window| window == marker.as_bytes())
        })
    };
    assert!(!found(desk.dir.path()));
    engine.close().await;
    assert!(!found(desk.dir.path()));
    std::fs::write(desk.dir.path().join("control"), format!("x{marker}y")).expect("written");
    assert!(found(desk.dir.path()), "the search itself works");
}

#[tokio::test(start_paused = true)]
async fn a_second_program_is_told_that_the_data_are_in_use() {
    let desk = Desk::new();
    let engine = desk.open();
    assert!(matches!(desk.try_open(desk.dir.path(), KEY, Storage::Inline), Err(OpenError::InUse)));
    engine.close().await;
    let again = desk.open();
    again.close().await;
}

#[tokio::test(start_paused = true)]
async fn a_wrong_key_is_told_and_changes_nothing() {
    let desk = Desk::new();
    let engine = desk.open();
    enter(&engine, 1).await;
    engine.close().await;
    let before = std::fs::read(desk.dir.path().join("outbox.db")).expect("read");
    let opened = desk.try_open(desk.dir.path(), [8; 32], Storage::Inline);
    assert!(matches!(opened, Err(OpenError::OutboxUnreadable)));
    assert_eq!(std::fs::read(desk.dir.path().join("outbox.db")).expect("read"), before);
    desk.open().close().await;
}

#[tokio::test(start_paused = true)]
async fn a_damaged_mirror_is_fetched_again_under_a_new_name_and_the_queue_is_whole() {
    let desk = Desk::new();
    let engine = desk.open();
    until(&engine, "mirrored", |engine| engine.status().last_synced_ms.is_some()).await;
    desk.town.state().online = false;
    let op = enter(&engine, 1).await;
    engine.close().await;
    let cache = desk.dir.path().join("cache.db");
    let length = std::fs::metadata(&cache).expect("there").len();
    std::fs::write(&cache, vec![0xA5; usize::try_from(length).expect("small")]).expect("damaged");
    let engine = desk.open();
    assert!(desk.dir.path().join("cache-2.db").exists());
    assert_eq!(queue(&engine).iter().map(|op| op.id).collect::<Vec<_>>(), vec![op]);
    assert_eq!(name(&engine, desk.user.uuid()), None, "empty until fetched");
    desk.town.state().online = true;
    engine.person_back();
    until(&engine, "fetched", |engine| name(engine, desk.user.uuid()).is_some() && queue(engine).is_empty()).await;
    engine.close().await;
    let engine = desk.open();
    assert_eq!(name(&engine, desk.user.uuid()), Some(op.to_string()), "the new file goes on being used");
    engine.close().await;
}

#[tokio::test(start_paused = true)]
async fn a_server_that_was_restored_while_the_mirror_was_lost_gets_everything_again() {
    let desk = Desk::new();
    let engine = desk.open();
    let op = enter(&engine, 1).await;
    until(&engine, "settled", |engine| queue(engine).is_empty()).await;
    engine.close().await;
    for file in ["cache.db", "cache.db-wal", "cache.db-shm"] {
        let _ = std::fs::remove_file(desk.dir.path().join(file));
    }
    desk.town.state().restore();
    assert!(desk.town.state().ledger.is_empty());
    let engine = desk.open();
    until(&engine, "sent again", |_| desk.town.state().ledger.contains_key(&op)).await;
    until(&engine, "settled", |engine| queue(engine).is_empty()).await;
    engine.close().await;
}

#[tokio::test(start_paused = true)]
async fn a_row_that_cannot_be_read_needs_attention_and_is_not_sent_or_deleted() {
    let desk = Desk::new();
    desk.town.state().online = false;
    let engine = desk.open();
    let (damaged, behind, other) = (enter(&engine, 1).await, enter(&engine, 1).await, enter(&engine, 2).await);
    engine.close().await;
    let id = damaged.uuid().into_bytes();
    let changed = raw(&desk.dir.path().join("outbox.db"))
        .execute("UPDATE operation SET sealed = replace(sealed, 'Кухня', 'Ванна') WHERE id = ?1", [id])
        .expect("damaged");
    assert_eq!(changed, 1);
    desk.town.state().online = true;
    let engine = desk.open();
    until(&engine, "the rest goes", |_| desk.town.state().ledger.contains_key(&other)).await;
    until(&engine, "settled", |engine| queue(engine).len() == 2).await;
    let states: Vec<_> = queue(&engine).into_iter().map(|op| (op.id, op.state)).collect();
    let attention = State::Attention { why: Attention::Unreadable };
    assert_eq!(states, vec![(damaged, attention), (behind, State::Held { by: damaged })]);
    engine.discard(damaged).await.expect("given up");
    until(&engine, "settled", |engine| queue(engine).is_empty()).await;
    assert!(!desk.town.state().ledger.contains_key(&damaged));
    engine.close().await;
    let count: i64 = raw(&desk.dir.path().join("outbox.db"))
        .query_row("SELECT count(*) FROM operation WHERE id = ?1", [id], |row| row.get(0))
        .expect("counted");
    assert_eq!(count, 1, "the row is still there");
}

#[tokio::test(start_paused = true)]
async fn an_entry_whose_fate_cannot_be_read_needs_attention_and_is_not_sent_or_deleted() {
    let desk = Desk::new();
    desk.town.state().online = false;
    let engine = desk.open();
    let (damaged, other) = (enter(&engine, 1).await, enter(&engine, 2).await);
    engine.close().await;
    let wrong = "INSERT OR REPLACE INTO fate SELECT number, 'lost', '{\"state\":\"lost\"}', 1, 0, 1, NULL \
                 FROM operation WHERE id = ?1";
    let outside = raw(&desk.dir.path().join("outbox.db"));
    assert_eq!(outside.execute(wrong, [damaged.uuid().into_bytes()]).expect("damaged"), 1);
    drop(outside);
    desk.town.state().online = true;
    let engine = desk.open();
    until(&engine, "the rest goes", |engine| queue(engine).len() == 1).await;
    let states: Vec<_> = queue(&engine).into_iter().map(|op| (op.id, op.state)).collect();
    assert_eq!(states, vec![(damaged, State::Attention { why: Attention::Unreadable })]);
    assert_eq!(desk.town.state().ledger.keys().copied().collect::<Vec<_>>(), vec![other]);
    engine.close().await;
}

#[tokio::test(start_paused = true)]
async fn the_servers_time_is_known_again_after_a_restart_without_a_network() {
    let desk = Desk::new();
    desk.town.state().server_ms += 10_000_000;
    let engine = desk.open();
    until(&engine, "mirrored", |engine| engine.status().last_synced_ms.is_some()).await;
    engine.close().await;
    desk.town.state().online = false;
    let engine = desk.open();
    let moment = engine.now();
    assert!(moment.capture.anchored);
    assert!((moment.ms - moment.capture.wall_ms - 10_000_000).abs() < 120_000);
    assert!(engine.status().wall_error_ms.expect("known") < -9_000_000);
    engine.close().await;
}

#[tokio::test(start_paused = true)]
async fn a_mirror_damaged_while_it_is_open_is_fetched_again() {
    let desk = Desk::new();
    {
        let mut state = desk.town.state();
        let me = wire::feed::Scope::User(desk.user);
        for number in 0..200_u128 {
            let entity = super::town::profile(uuid::Uuid::from_u128(number << 64), &"я".repeat(400));
            state.add(me, None, wire::feed::Change::Put { entity });
        }
    }
    let engine = desk.open();
    until(&engine, "mirrored", |engine| engine.status().last_synced_ms.is_some()).await;
    engine.close().await;
    let cache = desk.dir.path().join("cache.db");
    let mut bytes = std::fs::read(&cache).expect("read");
    assert!(bytes.len() > 100_000, "{}", bytes.len());
    // The first pages stay readable, so that it opens.
    bytes[60_000..].fill(0xA5);
    std::fs::write(&cache, bytes).expect("damaged");
    let engine = desk.open();
    until(&engine, "fetched", |engine| {
        engine.read().and_then(|reading| reading.mirror.all("profile")).is_ok_and(|all| all.len() == 201)
    })
    .await;
    assert!(desk.dir.path().join("cache-2.db").exists());
    engine.close().await;
}

#[tokio::test(start_paused = true)]
async fn when_the_disk_refuses_nothing_is_told_as_saved_and_the_next_entry_goes() {
    let desk = Desk::new();
    let engine = desk.open();
    let first = enter(&engine, 1).await;
    until(&engine, "settled", |engine| queue(engine).is_empty()).await;
    let outside = raw(&desk.dir.path().join("outbox.db"));
    outside
        .execute_batch("CREATE TRIGGER no BEFORE INSERT ON operation BEGIN SELECT RAISE(ABORT, 'no room'); END")
        .expect("refuses");
    assert!(engine.enqueue(rename(1, "Кухня"), None).await.is_err());
    assert!(queue(&engine).is_empty(), "what is not on the disk is not shown");
    outside.execute_batch("DROP TRIGGER no").expect("lets");
    let second = enter(&engine, 1).await;
    until(&engine, "settled", |engine| queue(engine).is_empty()).await;
    let effects: Vec<_> = desk.town.state().feed.iter().filter_map(|row| row.operation).collect();
    assert_eq!(effects, vec![first, second]);
    engine.close().await;
}
