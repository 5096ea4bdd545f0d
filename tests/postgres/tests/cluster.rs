//! What tests over PostgreSQL rest on.

use postgres::{Client, NoTls};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use test_postgres::{Cluster, Options, Stop, database};

fn client(url: &str) -> Client {
    Client::connect(url, NoTls).expect("the cluster takes sessions")
}

/// Fails when the server of a cluster still runs after a minute.
fn assert_ends(folder: &Path) {
    let began = Instant::now();
    while folder.join("data/postmaster.pid").exists() {
        assert!(began.elapsed() < Duration::from_secs(60), "the cluster goes on without its process");
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn what_was_committed_is_there_after_every_way_to_end_and_at_the_same_address() {
    let mut cluster = Cluster::temporary(&Options::default()).expect("it starts");
    client(&cluster.url()).batch_execute("CREATE TABLE kept (n INT)").expect("it is made");
    for (n, how) in [Stop::Fast, Stop::Immediate, Stop::Kill9].into_iter().enumerate() {
        client(&cluster.url()).execute("INSERT INTO kept VALUES (1)", &[]).expect("it is committed");
        cluster.restart(how).expect("it starts again");
        let held: i64 = client(&cluster.url()).query_one("SELECT count(*) FROM kept", &[]).expect("it is read").get(0);
        assert_eq!(held, n as i64 + 1, "after {how:?}");
    }
}

#[test]
fn every_test_has_an_empty_database_of_its_own_and_removes_it() {
    let (one, other) = (database().expect("a database"), database().expect("another one"));
    client(&one.url()).batch_execute("CREATE TABLE only_here (n INT)").expect("it is made");
    client(&other.url()).batch_execute("CREATE TABLE only_here (n INT)").expect("it is not there yet");
    // A pool that is still open does not keep it.
    let still_open = client(&one.url());
    let url = one.url();
    drop(one);
    assert!(Client::connect(&url, NoTls).is_err(), "the database outlived its test");
    drop(still_open);
}

#[test]
fn a_cluster_outlives_the_thread_that_started_it() {
    let start = || Cluster::temporary(&Options { fsync: false, ..Options::default() });
    let cluster = std::thread::spawn(start).join().expect("no panic").expect("it starts");
    client(&cluster.url()).batch_execute("SELECT 1").expect("it goes on");
}

#[test]
fn a_cluster_ends_with_a_process_that_was_killed_and_the_next_one_removes_its_folder() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_private-postgres"));
    command.arg("--no-fsync").stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut owner = command.spawn().expect("it starts");
    let mut url = String::new();
    BufReader::new(owner.stdout.take().expect("it is piped")).read_line(&mut url).expect("it tells its address");
    let folder: String = client(url.trim()).query_one("SHOW unix_socket_directories", &[]).expect("it is read").get(0);
    owner.kill().expect("it is killed");
    owner.wait().expect("it is gone");
    assert_ends(Path::new(&folder));
    assert!(Path::new(&folder).exists(), "nobody was left to remove it");
    drop(Cluster::temporary(&Options { fsync: false, ..Options::default() }).expect("it starts"));
    assert!(!Path::new(&folder).exists(), "{folder} is left for ever");
}
