use super::*;
use crate::clock::SetClock;
use std::sync::{Arc, mpsc};
use uuid::Uuid;
use wire::feed::{Change, Scope};

fn store() -> (Store, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::open(&folder.path().join("zhkh.db"), Arc::new(SetClock::new(1))).expect("opened");
    (store, folder)
}

fn add(tx: &mut Tx<'_>, address: &str) -> Result<Ticket, StoreError> {
    tx.execute("INSERT INTO houses (id, address) VALUES ($1, $2)", params![Uuid::new_v4(), address])?;
    Ok(tx.emit(Scope::Public, None, Change::Decided))
}

async fn count(store: &Store) -> i64 {
    let rows = store.read(|sql| sql.query("SELECT COUNT(*) FROM houses", &[])).await.expect("read");
    rows[0].get(0).expect("a number")
}

#[tokio::test]
async fn many_waiting_jobs_share_one_commit_and_keep_their_order_in_the_feed() {
    let (store, _folder) = store();
    let (go, wait) = mpsc::channel::<()>();
    let (tell, entered) = tokio::sync::oneshot::channel();
    let slow = {
        let store = store.clone();
        tokio::spawn(async move {
            let hold = move |tx: &mut Tx<'_>| {
                let _ = tell.send(());
                wait.recv().map_err(|_| StoreError::Closed)?;
                add(tx, "first")
            };
            store.write(hold).await.map(|done| done.position(done.value))
        })
    };
    entered.await.expect("the slow job runs");
    let waiting: Vec<_> = (0..50)
        .map(|place| {
            let store = store.clone();
            tokio::spawn(async move {
                store.write(move |tx| add(tx, &format!("house {place}"))).await.map(|done| done.position(done.value))
            })
        })
        .collect();
    // All fifty have been polled once, so they stand in the writer's queue.
    for _ in 0..200 {
        tokio::task::yield_now().await;
    }
    go.send(()).expect("the slow job waits");
    assert_eq!(slow.await.expect("done").expect("stored"), 1);
    let mut positions = Vec::new();
    for job in waiting {
        positions.push(job.await.expect("done").expect("stored"));
    }
    positions.sort_unstable();
    assert_eq!(positions, (2..=51).collect::<Vec<_>>());
    assert_eq!(store.stats().jobs(), 51);
    assert!(store.stats().commits() <= 2, "{} commits", store.stats().commits());
}

#[tokio::test]
async fn a_job_that_fails_or_panics_leaves_no_trace_and_its_neighbours_stay() {
    let (store, _folder) = store();
    let failed = store.write(|tx| {
        add(tx, "one")?;
        tx.execute("INSERT INTO nowhere VALUES (1)", &[])
    });
    assert!(matches!(failed.await, Err(StoreError::Sql(_))));
    let panicked = store.write(|tx| -> Result<(), StoreError> {
        add(tx, "two")?;
        panic!("on purpose")
    });
    assert!(matches!(panicked.await, Err(StoreError::Panicked)));
    let kept = store.write(|tx| {
        let inner: Result<(), StoreError> = tx.savepoint(|tx| {
            add(tx, "three")?;
            Err(StoreError::Closed)
        });
        assert!(inner.is_err());
        add(tx, "four")
    });
    let kept = kept.await.expect("stored");
    assert_eq!(kept.position(kept.value), 1, "what was undone took no position");
    assert_eq!(count(&store).await, 1);
}

/// From now on the disk is as full as a disk can be; with `room` it has space again.
fn disk(tx: &mut Tx<'_>, room: bool) -> Result<(), StoreError> {
    let pages = if room { 1_000_000 } else { 1 };
    tx.query(&format!("PRAGMA max_page_count = {pages}"), &[]).map(|_| ())
}

fn add_more_than_fits(tx: &mut Tx<'_>) -> Result<Ticket, StoreError> {
    add(tx, &"wide ".repeat(100_000))
}

#[tokio::test]
async fn when_the_disk_fills_in_a_group_none_of_the_group_is_stored_or_said_to_be() {
    let (store, _folder) = store();
    let (go, wait) = mpsc::channel::<()>();
    let (tell, entered) = tokio::sync::oneshot::channel();
    let slow = store.write(move |_| {
        let _ = tell.send(());
        wait.recv().map_err(|_| StoreError::Closed)
    });
    let rest = async {
        entered.await.expect("the slow job runs");
        let first = store.write(|tx| {
            add(tx, "first")?;
            disk(tx, false)
        });
        let swallowed = store.write(|tx| {
            assert!(add_more_than_fits(tx).is_err());
            assert!(add(tx, "by itself").is_err(), "a statement outside the transaction would commit by itself");
            Ok::<_, StoreError>(tx.emit(Scope::Public, None, Change::Decided))
        });
        let go = async { go.send(()).expect("the slow job waits") };
        tokio::join!(first, swallowed, store.write(|tx| add(tx, "third")), go)
    };
    let (_, (first, second, third, ())) = tokio::join!(slow, rest);
    assert!(matches!(first, Err(StoreError::Down(_))), "{first:?}");
    assert!(matches!(second, Err(StoreError::Down(_))), "{second:?}");
    // It waits for a group of its own, on a disk that is still full or just not: never stored without an answer.
    let stored = i64::from(third.is_ok());
    assert_eq!(count(&store).await, stored);
    assert_eq!(store.read(|sql| Head::read(sql)).await.expect("read").seq, stored);
    store.write(|tx| disk(tx, true)).await.expect("space again");
    let again = store.write(|tx| add(tx, "again")).await.expect("stored");
    assert_eq!((again.position(again.value), count(&store).await), (stored + 1, stored + 1));
}

#[tokio::test]
async fn when_the_disk_fills_in_one_savepoint_the_next_does_not_run_and_says_why() {
    let (store, _folder) = store();
    let batch = store.write(|tx| {
        tx.savepoint(|tx| add(tx, "one"))?;
        disk(tx, false)?;
        let full: Result<_, StoreError> = tx.savepoint(|tx| {
            let _ = add_more_than_fits(tx);
            Err::<(), _>(StoreError::Column(0))
        });
        assert!(matches!(full, Err(StoreError::Down(_))), "{full:?}");
        let mut ran = false;
        let next: Result<(), StoreError> = tx.savepoint(|_| {
            ran = true;
            Ok(())
        });
        assert!(matches!(next, Err(StoreError::Down(_))) && !ran, "{next:?}");
        Ok::<_, StoreError>(())
    });
    assert!(matches!(batch.await, Err(StoreError::Down(_))));
    assert_eq!(count(&store).await, 0);
    assert_eq!(store.read(|sql| Head::read(sql)).await.expect("read").seq, 0);
}

#[tokio::test]
async fn what_was_answered_is_there_after_the_store_is_opened_again() {
    let (store, folder) = store();
    store.write(|tx| add(tx, "one")).await.expect("stored");
    let epoch = store.read(|sql| Head::read(sql)).await.expect("read").epoch;
    drop(store);
    let again = Store::open(&folder.path().join("zhkh.db"), Arc::new(SetClock::new(2))).expect("opened");
    assert_eq!(count(&again).await, 1);
    let head = again.read(|sql| Head::read(sql)).await.expect("read");
    assert_eq!((head.epoch, head.seq), (epoch, 1));
}

#[tokio::test]
async fn a_closed_store_has_left_everything_in_its_one_file_whoever_still_holds_it() {
    let (store, folder) = store();
    store.write(|tx| add(tx, "one")).await.expect("stored");
    let holder = store.clone();
    tokio::task::spawn_blocking(move || store.close()).await.expect("closed");
    assert!(matches!(holder.write(|tx| add(tx, "two")).await, Err(StoreError::Closed)));
    let copy = folder.path().join("copy.db");
    std::fs::copy(folder.path().join("zhkh.db"), &copy).expect("copied");
    let copy = Store::open(&copy, Arc::new(SetClock::new(2))).expect("opened");
    assert_eq!(count(&copy).await, 1);
}

#[tokio::test]
async fn rows_of_another_process_wake_their_readers() {
    let (store, folder) = store();
    let neighbour = Store::open(&folder.path().join("zhkh.db"), Arc::new(SetClock::new(2))).expect("opened");
    let mut wakes = store.wakes();
    neighbour.write(|tx| add(tx, "one")).await.expect("stored");
    assert!(wakes.try_recv().is_err());
    store.wake_for_neighbours().await.expect("looked");
    assert_eq!(*wakes.recv().await.expect("woken"), [(Scope::Public, 1)]);
    store.wake_for_neighbours().await.expect("looked");
    assert!(wakes.try_recv().is_err(), "once is enough");
}

#[tokio::test]
async fn parameters_are_bound_by_their_numbers_whatever_their_order_in_the_text() {
    let (store, _folder) = store();
    let rows = store.read(|sql| sql.query("SELECT $2, $1, $2", params!["a", 7_i64])).await.expect("read");
    assert_eq!((rows[0].get::<i64>(0), rows[0].get::<String>(1)).1.expect("text"), "a");
    assert_eq!(rows[0].get::<i64>(2).expect("a number"), 7);
    let short = store.read(|sql| sql.query("SELECT $1, $2", params!["a"])).await;
    assert!(short.is_err(), "a missing parameter is not NULL");
}
