mod file;

use super::testing::Place;
use super::*;
use crate::clock::SetClock;
use domain::UserId;
use std::sync::{Arc, mpsc};
use std::time::Duration;
use uuid::Uuid;
use wire::entity::{Entity, Profile};
use wire::feed::{Change, Scope};

fn at(now_ms: i64) -> StorePorts {
    // However busy the computer is, jobs that wait share a group.
    StorePorts { group_time: Duration::from_secs(3_600), ..StorePorts::with_clock(Arc::new(SetClock::new(now_ms))) }
}

fn store() -> (Store, Place) {
    open(Place::new())
}

fn open(place: Place) -> (Store, Place) {
    (Store::open(&place.database(), at(1)).expect("opened"), place)
}

fn add(tx: &mut Tx<'_>, address: &str) -> Result<Ticket, StoreError> {
    tx.execute("INSERT INTO houses (id, address) VALUES ($1, $2)", params![tx.id_v4(), address])?;
    Ok(tx.emit(Scope::Public, None, Change::Decided))
}

async fn count(store: &Store) -> i64 {
    let rows = store.read(|sql| sql.query("SELECT COUNT(*) FROM houses", &[])).await.expect("read");
    rows[0].get(0).expect("a number")
}

#[tokio::test]
async fn many_waiting_jobs_share_one_commit_and_keep_their_order_in_the_feed() {
    let (store, _place) = store();
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
    let (store, _place) = store();
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

#[tokio::test]
async fn what_was_answered_is_there_after_the_store_is_opened_again() {
    let (store, place) = store();
    store.write(|tx| add(tx, "one")).await.expect("stored");
    let epoch = store.read(|sql| Head::read(sql)).await.expect("read").epoch;
    drop(store);
    let again = Store::open(&place.database(), at(2)).expect("opened");
    assert_eq!(count(&again).await, 1);
    let head = again.read(|sql| Head::read(sql)).await.expect("read");
    assert_eq!((head.epoch, head.seq), (epoch, 1));
}

#[tokio::test]
async fn parameters_are_bound_by_their_numbers_whatever_their_order_in_the_text() {
    let (store, _place) = store();
    let text = "SELECT CAST($2 AS BIGINT), CAST($1 AS TEXT), CAST($2 AS BIGINT)";
    let rows = store.read(|sql| sql.query(text, params!["a", 7_i64])).await.expect("read");
    assert_eq!((rows[0].get::<i64>(0), rows[0].get::<String>(1)).1.expect("text"), "a");
    assert_eq!(rows[0].get::<i64>(2).expect("a number"), 7);
    let short = store.read(|sql| sql.query(text, params!["a"])).await;
    assert!(short.is_err(), "a missing parameter is not NULL");
}

#[tokio::test]
async fn an_error_of_one_item_of_a_batch_leaves_the_others_of_the_batch() {
    let (store, _place) = store();
    let batch = store.write(|tx| {
        tx.savepoint(|tx| add(tx, "one"))?;
        let failed: Result<_, StoreError> = tx.savepoint(|tx| {
            add(tx, "two")?;
            tx.execute("INSERT INTO nowhere VALUES (1)", &[])
        });
        assert!(matches!(failed, Err(StoreError::Sql(_))), "{failed:?}");
        tx.savepoint(|tx| add(tx, "three"))
    });
    let last = batch.await.expect("stored");
    assert_eq!(last.position(last.value), 2);
    assert_eq!(count(&store).await, 2);
}

#[tokio::test]
async fn every_type_comes_back_as_it_was_written() {
    let (store, _place) = store();
    let back = store.write(|tx| {
        tx.execute(
            "INSERT INTO ledger (id, actor, hash, outcome, rejection, replaces, position, decided_ms)
             VALUES ($1, $2, $3, 'applied', NULL, $4, $5, $6)",
            params!["a", "Ёж «и» 💧", vec![0_u8, 255], None::<String>, i64::MIN, i64::MAX],
        )?;
        tx.first("SELECT id, actor, hash, rejection, replaces, position, decided_ms, position < 0 FROM ledger", &[])
    });
    let Row(values) = back.await.expect("stored").value.expect("a row");
    let text = |text: &str| Value::Text(text.to_owned());
    let numbers = [Value::Int(i64::MIN), Value::Int(i64::MAX), Value::Int(1)];
    let before = [text("a"), text("Ёж «и» 💧"), Value::Blob(vec![0, 255]), Value::Null, Value::Null];
    assert_eq!(values, before.into_iter().chain(numbers).collect::<Vec<_>>());
}

#[tokio::test]
async fn texts_are_compared_byte_by_byte_on_every_database() {
    let (store, _place) = store();
    let words = ["a", "B", "_", "é", "ё", "Ж", "я", "0-1", "01"];
    let filled = store.write(move |tx| words.iter().try_for_each(|word| add(tx, word).map(|_| ())));
    filled.await.expect("stored");
    let read = store.read(|sql| {
        let sorted = sql.query("SELECT address FROM houses ORDER BY address", &[])?;
        let above = sql.query("SELECT address FROM houses WHERE address > $1 ORDER BY address", params!["_"])?;
        Ok::<_, StoreError>((sorted, above))
    });
    let (sorted, above) = read.await.expect("read");
    let texts = |rows: Vec<Row>| rows.iter().map(|row| row.get::<String>(0).expect("a text")).collect::<Vec<_>>();
    let mut expected = words;
    expected.sort_unstable();
    assert_eq!(texts(sorted), expected);
    assert_eq!(texts(above), expected.into_iter().filter(|word| *word > "_").collect::<Vec<_>>());
}

fn profile(number: u128, name: &str) -> Entity {
    let id = UserId::new(Uuid::from_u128(number));
    Entity::Profile(Profile { id, name: name.into(), phone: String::new(), email: String::new(), work: None })
}

/// What a snapshot of the public scope would hold: ids and the positions they were changed at.
async fn mirrored(store: &Store) -> Vec<(Uuid, i64)> {
    let rows = store.read(|sql| sql.query("SELECT id, version FROM mirror ORDER BY id", &[])).await.expect("read");
    rows.iter().map(|row| (row.get(0).expect("an id"), row.get(1).expect("a position"))).collect()
}

#[tokio::test]
async fn of_several_changes_in_one_group_the_last_stands_in_the_mirror() {
    let (store, _place) = store();
    let gone = |number: u128| Change::Gone { kind: "profile".into(), id: Uuid::from_u128(number) };
    let done = store.write(move |tx| {
        tx.emit(Scope::Public, None, Change::Put { entity: profile(1, "first") });
        tx.emit(Scope::Public, None, Change::Put { entity: profile(2, "stays away") });
        tx.emit(Scope::Public, None, gone(1));
        tx.emit(Scope::Public, None, gone(2));
        tx.emit(Scope::Public, None, Change::Put { entity: profile(1, "back") });
        tx.emit(Scope::Public, None, Change::Put { entity: profile(1, "and again") });
        Ok::<_, StoreError>(())
    });
    done.await.expect("stored");
    assert_eq!(mirrored(&store).await, [(Uuid::from_u128(1), 6)]);
}

#[tokio::test]
async fn a_group_of_thousands_of_rows_is_published_whole_and_in_order() {
    let (store, _place) = store();
    let done = store.write(|tx| {
        for number in 1..=2_500 {
            tx.emit(Scope::Public, None, Change::Put { entity: profile(number, "one") });
        }
        Ok::<_, StoreError>(())
    });
    done.await.expect("stored");
    let expected: Vec<_> = (1..=2_500_i64).map(|seq| (Uuid::from_u128(seq as u128), seq)).collect();
    assert_eq!(mirrored(&store).await, expected);
    let rows = store.read(|sql| sql.query("SELECT seq, change FROM feed ORDER BY seq", &[])).await.expect("read");
    assert_eq!(rows.len(), 2_500);
    let last: Change = rows[2_499].json(1).expect("a change");
    assert_eq!(last, Change::Put { entity: profile(2_500, "one") });
}

#[tokio::test]
async fn a_row_that_names_an_entity_says_what_the_whole_transaction_made_of_it() {
    const NAMED: Stored = Stored {
        kind: "profile",
        read: |sql, id| {
            let row = sql.first("SELECT address FROM houses WHERE id = $1", params![id])?;
            row.map(|row| Ok(profile(id.as_u128(), &row.get::<String>(0)?))).transpose()
        },
    };
    let (store, _place) = store();
    let done = store.write(|tx| {
        for number in [1, 2] {
            let house = params![Uuid::from_u128(number), format!("first {number}")];
            tx.execute("INSERT INTO houses (id, address) VALUES ($1, $2)", house)?;
            tx.emit_stored(Scope::Public, NAMED, Uuid::from_u128(number));
        }
        tx.execute("UPDATE houses SET address = 'last' WHERE id = $1", params![Uuid::from_u128(1)])?;
        tx.execute("DELETE FROM houses WHERE id = $1", params![Uuid::from_u128(2)])?;
        Ok::<_, StoreError>(())
    });
    done.await.expect("stored");
    let rows = store.read(|sql| sql.query("SELECT change FROM feed ORDER BY seq", &[])).await.expect("read");
    let said: Vec<Change> = rows.iter().map(|row| row.json(0).expect("a change")).collect();
    let gone = Change::Gone { kind: "profile".into(), id: Uuid::from_u128(2) };
    assert_eq!(said, [Change::Put { entity: profile(1, "last") }, gone]);
    assert_eq!(mirrored(&store).await, [(Uuid::from_u128(1), 1)]);
}
