use super::*;

fn counting() -> Connection {
    let connection = Connection::open_in_memory().expect("memory");
    connection.execute_batch("CREATE TABLE t (n INTEGER PRIMARY KEY)").expect("a table");
    connection
}

fn insert(n: i64) -> impl FnOnce(&Connection) -> Result<(), StoreError> + Send + 'static {
    move |connection| Ok(connection.prepare_cached("INSERT INTO t VALUES (?1)")?.execute([n]).map(|_| ())?)
}

fn count(connection: &Connection) -> Result<i64, StoreError> {
    Ok(connection.query_row("SELECT count(*) FROM t", [], |row| row.get(0))?)
}

#[tokio::test]
async fn what_is_submitted_while_the_disk_is_busy_shares_one_commit() {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};
    let mut connection = counting();
    let commits = Arc::new(AtomicU32::new(0));
    let seen = commits.clone();
    let hook = move || {
        seen.fetch_add(1, Ordering::SeqCst);
        false
    };
    connection.commit_hook(Some(hook)).expect("a hook");
    let database = Database::new(connection, Storage::Threads, "test").expect("a thread");
    let (open_the_gate, gate) = channel::<()>();
    let busy = database.submit(move |_| gate.recv().map_err(|_| StoreError::Closed));
    let writes: Vec<_> = (0..100).map(|n| database.submit(insert(n))).collect();
    open_the_gate.send(()).expect("it waits");
    busy.done().await.expect("through");
    for write in writes {
        write.done().await.expect("written");
    }
    assert_eq!(database.submit(count).done().await.expect("counted"), 100);
    assert!(commits.load(Ordering::SeqCst) <= 3, "{commits:?} commits");
}

#[tokio::test]
async fn what_fails_takes_back_only_itself() {
    for storage in [Storage::Threads, Storage::Inline] {
        let database = Database::new(counting(), storage, "test").expect("open");
        let good = database.submit(insert(1));
        let bad = database.submit(|connection| {
            insert(2)(connection)?;
            insert(1)(connection)
        });
        let after = database.submit(insert(3));
        good.done().await.expect("written");
        assert!(bad.done().await.is_err());
        after.done().await.expect("written");
        assert_eq!(database.submit(count).done().await.expect("counted"), 2);
    }
}

#[tokio::test]
async fn a_failed_commit_is_told_to_everybody_who_shared_it() {
    let mut connection = counting();
    connection.commit_hook(Some(|| true)).expect("a hook");
    let database = Database::new(connection, Storage::Threads, "test").expect("a thread");
    let writes = [database.submit(insert(1)), database.submit(insert(2))];
    for write in writes {
        assert!(write.done().await.is_err());
    }
}

#[tokio::test]
async fn a_closed_database_says_so() {
    let database = Database::new(counting(), Storage::Threads, "test").expect("a thread");
    let last = database.submit(insert(1));
    database.close();
    last.done().await.expect("what was submitted is done first");
    assert!(matches!(database.submit(insert(2)).done().await, Err(StoreError::Closed)));
}

#[test]
fn a_dropped_database_has_done_what_was_submitted_and_left_no_thread() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("t.db");
    let connection = Connection::open(&path).expect("a file");
    connection.execute_batch("CREATE TABLE t (n INTEGER PRIMARY KEY)").expect("a table");
    let database = Database::new(connection, Storage::Threads, "test").expect("a thread");
    for n in 0..2000 {
        drop(database.submit(insert(n)));
    }
    drop(database);
    assert_eq!(count(&Connection::open(&path).expect("a file")).expect("counted"), 2000);
}

#[tokio::test]
async fn the_first_of_a_commit_takes_back_only_itself_too() {
    let database = Database::new(counting(), Storage::Threads, "test").expect("a thread");
    let (open_the_gate, gate) = channel::<()>();
    let bad = database.submit(move |connection| {
        insert(1)(connection)?;
        gate.recv().map_err(|_| StoreError::Closed)?;
        insert(1)(connection)
    });
    let behind = database.submit(insert(2));
    open_the_gate.send(()).expect("it waits");
    assert!(bad.done().await.is_err());
    behind.done().await.expect("written");
    assert_eq!(database.submit(count).done().await.expect("counted"), 1);
}
