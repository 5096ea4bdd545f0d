//! Several processes on one database: two stores do what two processes would.

use super::super::publish::publish;
use super::super::testing::Place;
use super::super::tx::{Pending, Said};
use super::super::{Connection, Database, Head, Sql, Store, StoreError, StorePorts, Ticket, Tx};
use super::{Postgres, PostgresSettings};
use crate::params;
use crate::random::{Ids, SystemRandom};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Duration;
use wire::feed::{Change, Scope};

/// Longer than anything here takes; only a test that hangs meets it.
const PATIENCE: Duration = Duration::from_secs(60);

fn settings(place: &Place) -> Arc<PostgresSettings> {
    match place.database() {
        Database::Postgres(settings) => settings,
        Database::File(_) => unreachable!("the place is a PostgreSQL"),
    }
}

fn open(place: &Place) -> Store {
    // However busy the computer is, jobs that wait share a group.
    let ports = StorePorts { group_time: Duration::from_secs(3_600), ..StorePorts::default() };
    Store::open(&place.database(), ports).expect("opened")
}

fn add(tx: &mut Tx<'_>, address: &str) -> Result<Ticket, StoreError> {
    tx.execute("INSERT INTO houses (id, address) VALUES ($1, $2)", params![tx.id_v4(), address])?;
    Ok(tx.emit(Scope::Public, None, Change::Decided))
}

async fn count(store: &Store) -> i64 {
    let rows = store.read(|sql| sql.query("SELECT COUNT(*) FROM houses", &[])).await.expect("read");
    rows[0].get(0).expect("a number")
}

/// Commands of an administrator.
fn administer<T: Send>(place: &Place, work: impl FnOnce(&mut ::postgres::Client) -> T + Send) -> T {
    let settings = settings(place);
    std::thread::scope(|scope| {
        let done = scope.spawn(|| work(&mut settings.connect_blocking().expect("connected"))).join();
        done.expect("no panic")
    })
}

/// Positions of the feed page by page; every page must follow the one before without a gap.
fn follow(store: &Store, stop: &AtomicBool) -> i64 {
    let mut cursor = 0;
    loop {
        let last_look = stop.load(Ordering::Acquire);
        let page = store.read_blocking(move |sql| {
            let head = Head::read(sql)?.seq;
            Ok::<_, StoreError>((head, sql.query("SELECT seq FROM feed WHERE seq > $1 ORDER BY seq", params![cursor])?))
        });
        let (head, rows) = page.expect("read");
        let seen: Vec<i64> = rows.iter().map(|row| row.get(0).expect("a position")).collect();
        assert_eq!(seen, (cursor + 1..=head).collect::<Vec<_>>(), "a row is hidden behind a later one");
        cursor = head;
        if last_look {
            return cursor;
        }
    }
}

#[test]
fn no_feed_row_is_ever_hidden_behind_a_later_one() {
    const WRITERS: usize = 4;
    const JOBS: usize = 60;
    let place = Place::postgres();
    let stores = [open(&place), open(&place)];
    let stop = AtomicBool::new(false);
    let seen = std::thread::scope(|scope| {
        let reader = scope.spawn(|| follow(&stores[0], &stop));
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                let store = &stores[writer % 2];
                scope.spawn(move || {
                    for job in 0..JOBS {
                        let done = store.write_blocking(move |tx| add(tx, &format!("{writer}-{job}")));
                        done.expect("stored");
                    }
                })
            })
            .collect();
        for writer in writers {
            writer.join().expect("no panic");
        }
        stop.store(true, Ordering::Release);
        reader.join().expect("no gap")
    });
    assert_eq!(seen, (WRITERS * JOBS) as i64);
}

#[test]
fn a_group_held_before_its_commit_is_not_overtaken_by_another_process() {
    let place = Place::postgres();
    drop(open(&place));
    let ids = Ids::new(Arc::new(SystemRandom));
    let row = || [Pending { scope: Scope::Public, operation: None, said: Said::Now(Box::new(Change::Decided)) }];
    let (mut first, mut reader) = (connect(&place), connect(&place));
    first.begin_writing().expect("begun");
    assert_eq!(publish(&mut first, &row(), 1, &ids).expect("written"), 0);
    let second = std::thread::scope(|scope| {
        let second = scope.spawn(|| {
            let mut second = connect(&place);
            second.begin_writing()?;
            let base = publish(&mut second, &row(), 1, &ids)?;
            second.commit()?;
            Ok::<_, StoreError>(base)
        });
        let waits =
            "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
        while read(&mut reader, waits) == 0 {
            assert!(!second.is_finished(), "the second group did not wait for the first");
            std::thread::yield_now();
        }
        assert_eq!(read(&mut reader, "SELECT COUNT(*) FROM feed"), 0, "nothing of either is visible");
        first.commit().expect("committed");
        second.join().expect("no panic")
    });
    assert_eq!(second.expect("committed"), 1, "it goes behind the first");
    assert_eq!(read(&mut reader, "SELECT COUNT(*) FROM feed"), 2);
}

fn connect(place: &Place) -> Postgres {
    Postgres::open(settings(place)).expect("connected")
}

fn read(reader: &mut Postgres, sql: &str) -> i64 {
    reader.begin_reading().expect("begun");
    let number = reader.query(sql, &[]).expect("read")[0].get(0).expect("a number");
    reader.commit().expect("ended");
    number
}

#[test]
fn a_job_of_one_process_never_looks_while_one_of_another_writes() {
    const JOBS: i64 = 40;
    let place = Place::postgres();
    let stores = [open(&place), open(&place)];
    std::thread::scope(|scope| {
        for store in &stores {
            scope.spawn(move || {
                for _ in 0..JOBS {
                    // Two that saw the same number would write the same address, which is refused.
                    let done = store.write_blocking(|tx| {
                        let rows = tx.query("SELECT COUNT(*) FROM houses", &[])?;
                        add(tx, &format!("house {}", rows[0].get::<i64>(0)?))
                    });
                    done.expect("stored");
                }
            });
        }
    });
    let last = stores[0].read_blocking(|sql| sql.query("SELECT COUNT(*) FROM houses", &[])).expect("read");
    assert_eq!(last[0].get::<i64>(0).expect("a number"), 2 * JOBS);
}

#[tokio::test]
async fn a_commit_wakes_the_readers_of_every_process_at_once_and_each_once() {
    let place = Place::postgres();
    let (one, two) = (open(&place), open(&place));
    let (mut here, mut there) = (one.wakes(), two.wakes());
    one.write(|tx| add(tx, "one")).await.expect("stored");
    two.write(|tx| add(tx, "two")).await.expect("stored");
    for wakes in [&mut here, &mut there] {
        let mut heard = Vec::new();
        for _ in 0..2 {
            heard.push(tokio::time::timeout(PATIENCE, wakes.recv()).await.expect("in time").expect("woken").to_vec());
        }
        heard.sort_unstable();
        assert_eq!(heard, [[(Scope::Public, 1)], [(Scope::Public, 2)]]);
    }
    one.wake_for_neighbours().await.expect("looked");
    assert!(here.try_recv().is_err() && there.try_recv().is_err(), "once is enough");
}

#[tokio::test]
async fn a_job_that_makes_nothing_of_a_refused_statement_is_undone_alone() {
    let place = Place::postgres();
    let store = open(&place);
    let (go, wait) = mpsc::channel::<()>();
    let (tell, entered) = tokio::sync::oneshot::channel();
    let before = store.write(move |tx| {
        let _ = tell.send(());
        wait.recv().map_err(|_| StoreError::Closed)?;
        add(tx, "before")
    });
    let rest = async {
        entered.await.expect("the first job runs");
        let careless = store.write(|tx| {
            add(tx, "careless")?;
            assert!(tx.execute("INSERT INTO nowhere VALUES (1)", &[]).is_err());
            Ok::<_, StoreError>(())
        });
        let go = async { go.send(()).expect("the first job waits") };
        let (careless, after, ()) = tokio::join!(careless, store.write(|tx| add(tx, "after")), go);
        assert!(matches!(careless, Err(StoreError::Sql(_))), "{careless:?}");
        let after = after.expect("stored");
        assert_eq!(after.position(after.value), 2);
    };
    let (before, ()) = tokio::join!(before, rest);
    before.expect("stored");
    assert_eq!(count(&store).await, 2);
    assert_eq!(store.stats().commits(), 1, "all three shared a group");
}

#[tokio::test]
async fn a_connection_killed_in_the_middle_of_a_group_leaves_nothing_and_the_next_write_works() {
    let place = Place::postgres();
    let store = open(&place);
    let (go, wait) = mpsc::channel::<()>();
    let (tell, entered) = tokio::sync::oneshot::channel();
    let before = store.write(move |tx| {
        let _ = tell.send(());
        wait.recv().map_err(|_| StoreError::Closed)?;
        add(tx, "before")
    });
    let rest = async {
        entered.await.expect("the first job runs");
        let killer = store.write(|tx| {
            add(tx, "killed")?;
            let _ = tx.query("SELECT pg_terminate_backend(pg_backend_pid())", &[]);
            Ok::<_, StoreError>(())
        });
        let go = async { go.send(()).expect("the first job waits") };
        let (killer, ()) = tokio::join!(killer, go);
        assert!(matches!(killer, Err(StoreError::Down(_))), "{killer:?}");
    };
    let (before, ()) = tokio::join!(before, rest);
    assert!(matches!(before, Err(StoreError::Down(_))), "{before:?}");
    let after = store.write(|tx| add(tx, "after")).await.expect("stored");
    assert_eq!((after.position(after.value), count(&store).await), (1, 1));
}

#[tokio::test]
async fn sessions_that_the_database_ended_while_idle_are_replaced_unseen() {
    let place = Place::postgres();
    let (one, two) = (open(&place), open(&place));
    let mut wakes = one.wakes();
    let cut = || {
        administer(&place, |client| {
            client.batch_execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
            )
        })
    };
    cut().expect("cut");
    assert_eq!(count(&one).await, 0);
    two.write(|tx| add(tx, "one")).await.expect("stored");
    let woken = tokio::time::timeout(PATIENCE, wakes.recv()).await.expect("in time").expect("woken");
    assert_eq!(*woken, [(Scope::Public, 1)], "it listens again, or has looked");
}

#[test]
fn processes_that_start_together_make_the_tables_once() {
    let place = Place::postgres();
    std::thread::scope(|scope| {
        let starts: Vec<_> = (0..4).map(|_| scope.spawn(|| drop(open(&place)))).collect();
        for start in starts {
            start.join().expect("opened");
        }
    });
    let heads = administer(&place, |client| client.query("SELECT seq FROM head", &[]));
    assert_eq!(heads.expect("read").len(), 1);
}

/// A database made by other words than the usual ones; gone at the end of the test.
struct Made<'a> {
    place: &'a Place,
    name: String,
}

impl<'a> Made<'a> {
    fn new(place: &'a Place, how: &str) -> Self {
        let name = format!("made_{}", Ids::new(Arc::new(SystemRandom)).v4().simple());
        administer(place, |client| client.batch_execute(&format!("CREATE DATABASE {name} TEMPLATE template0 {how}")))
            .expect("made");
        Self { place, name }
    }

    fn open(&self) -> Result<Store, StoreError> {
        let url = self.place.url().expect("a PostgreSQL");
        let (server, _) = url.rsplit_once('/').expect("a database in the address");
        let settings = PostgresSettings::parse(&format!("{server}/{}", self.name), None).expect("an address");
        Store::open(&Database::Postgres(Arc::new(settings)), StorePorts::default())
    }
}

impl Drop for Made<'_> {
    fn drop(&mut self) {
        let drop = format!("DROP DATABASE {} WITH (FORCE)", self.name);
        administer(self.place, |client| client.batch_execute(&drop)).expect("dropped");
    }
}

#[test]
fn a_database_that_was_made_for_another_order_of_words_compares_ours_byte_by_byte() {
    let place = Place::postgres();
    let made = Made::new(&place, "LOCALE_PROVIDER icu ICU_LOCALE 'ru' ENCODING 'UTF8'");
    let store = made.open().expect("opened");
    let words = ["B", "a", "Ж", "ё"];
    let written = store.write_blocking(move |tx| words.iter().try_for_each(|word| add(tx, word).map(|_| ())));
    written.expect("stored");
    let rows = store.read_blocking(|sql| sql.query("SELECT address FROM houses ORDER BY address", &[])).expect("read");
    let sorted: Vec<String> = rows.iter().map(|row| row.get(0).expect("a text")).collect();
    assert_eq!(sorted, words);
}

#[test]
fn a_database_that_cannot_hold_every_letter_is_not_taken() {
    let place = Place::postgres();
    let made = Made::new(&place, "ENCODING 'LATIN1' LOCALE 'C'");
    let refused = made.open().err().expect("refused");
    assert!(matches!(&refused, StoreError::Open(why) if why.contains("LATIN1")), "{refused:?}");
}

#[test]
fn an_answer_is_durable_though_the_administrator_switched_that_off() {
    let place = Place::postgres();
    let off =
        "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET synchronous_commit = off', current_database()); END $$";
    administer(&place, |client| client.batch_execute(off)).expect("set");
    let store = open(&place);
    let set = store.write_blocking(|tx| tx.query("SELECT current_setting('synchronous_commit')", &[]));
    assert_eq!(set.expect("read").value[0].get::<String>(0).expect("a text"), "on");
}
