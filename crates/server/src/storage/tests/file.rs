//! What only a SQLite file can do: fill up, be copied, be shared without a word.

use super::*;

fn store() -> (Store, Place) {
    open(Place::file())
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
    let (store, _place) = store();
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
    let (store, _place) = store();
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
async fn a_closed_store_has_left_everything_in_its_one_file_whoever_still_holds_it() {
    let (store, place) = store();
    store.write(|tx| add(tx, "one")).await.expect("stored");
    let holder = store.clone();
    tokio::task::spawn_blocking(move || store.close()).await.expect("closed");
    assert!(matches!(holder.write(|tx| add(tx, "two")).await, Err(StoreError::Closed)));
    let copy = place.folder().join("copy.db");
    std::fs::copy(place.folder().join("zhkh.db"), &copy).expect("copied");
    let copy = Store::open(&copy.into(), at(2)).expect("opened");
    assert_eq!(count(&copy).await, 1);
}

#[tokio::test]
async fn rows_of_another_process_wake_their_readers() {
    let (store, place) = store();
    let neighbour = Store::open(&place.database(), at(2)).expect("opened");
    let mut wakes = store.wakes();
    neighbour.write(|tx| add(tx, "one")).await.expect("stored");
    assert!(wakes.try_recv().is_err());
    store.wake_for_neighbours().await.expect("looked");
    assert_eq!(*wakes.recv().await.expect("woken"), [(Scope::Public, 1)]);
    store.wake_for_neighbours().await.expect("looked");
    assert!(wakes.try_recv().is_err(), "once is enough");
}

#[tokio::test]
async fn inline_everything_is_done_before_the_call_returns_by_the_same_rules() {
    use futures_util::FutureExt as _;
    let place = Place::file();
    let ports = StorePorts { work: Work::Inline, ..at(1) };
    let store = Store::open(&place.database(), ports).expect("opened");
    let mut wakes = store.wakes();
    let here = std::thread::current().id();
    let failed = store.write(|tx| {
        add(tx, "one")?;
        Err::<(), _>(StoreError::Closed)
    });
    assert!(failed.now_or_never().expect("done at once").is_err());
    let panicked = store.write(|_| -> Result<(), StoreError> { panic!("on purpose") });
    assert!(matches!(panicked.now_or_never().expect("done at once"), Err(StoreError::Panicked)));
    let kept = store.write(move |tx| {
        assert_eq!(std::thread::current().id(), here);
        add(tx, "two")
    });
    let kept = kept.now_or_never().expect("done at once").expect("stored");
    assert_eq!(kept.position(kept.value), 1);
    assert_eq!(*wakes.try_recv().expect("woken"), [(Scope::Public, 1)]);
    assert_eq!(count(&store).now_or_never().expect("read at once"), 1);
    store.close();
    assert!(matches!(store.write(|tx| add(tx, "three")).await, Err(StoreError::Closed)));
}
