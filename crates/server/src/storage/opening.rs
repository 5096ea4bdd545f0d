//! The connections of a store, with tables that are up to date.

use super::postgres::{self, Postgres, PostgresSettings};
use super::sqlite::Sqlite;
use super::{Connection, Database, Head, StoreError, Work, migrations};
use crate::random::Ids;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicI32;

/// What a store works with.
pub(super) struct Opened {
    pub(super) writer: Box<dyn Connection>,
    pub(super) readers: Vec<Box<dyn Connection>>,
    /// The end of the feed now.
    pub(super) seq: i64,
    /// How other processes are heard, where they can be.
    pub(super) heard: Option<Heard>,
}

/// Where commits are announced, and by which session our own are.
pub(super) struct Heard {
    pub(super) settings: Arc<PostgresSettings>,
    pub(super) own: Arc<AtomicI32>,
}

pub(super) fn open(database: &Database, work: Work, ids: &Ids) -> Result<Opened, StoreError> {
    match database {
        Database::File(path) => open_file(path, work, ids),
        Database::Postgres(_) if work == Work::Inline => {
            Err(StoreError::Open("PostgreSQL is not driven on the caller's thread".into()))
        }
        // The driver's runtime may not be used on a thread that drives another one, as the caller's may.
        Database::Postgres(settings) => std::thread::scope(|scope| {
            scope.spawn(|| open_postgres(settings, work, ids)).join().unwrap_or(Err(StoreError::Panicked))
        }),
    }
}

fn open_file(path: &Path, work: Work, ids: &Ids) -> Result<Opened, StoreError> {
    let mut writer = Sqlite::open_writer(path)?;
    migrations::run(&mut writer)?;
    let seq = head(&mut writer, ids)?;
    let readers = (0..work.readers())
        .map(|_| Sqlite::open_reader(path).map(|reader| Box::new(reader) as Box<dyn Connection>))
        .collect::<Result<_, _>>()?;
    Ok(Opened { writer: Box::new(writer), readers, seq, heard: None })
}

fn open_postgres(settings: &Arc<PostgresSettings>, work: Work, ids: &Ids) -> Result<Opened, StoreError> {
    let open = || {
        postgres::make_tables(settings)?;
        let mut writer = Postgres::open(Arc::clone(settings))?;
        let seq = head(&mut writer, ids)?;
        let readers = postgres::open_readers(settings, work.readers())?;
        let readers = readers.into_iter().map(|reader| Box::new(reader) as Box<dyn Connection>).collect();
        let heard = Heard { settings: Arc::clone(settings), own: writer.session() };
        Ok(Opened { writer: Box::new(writer), readers, seq, heard: Some(heard) })
    };
    open().map_err(|error| match error {
        StoreError::Down(why) | StoreError::Sql(why) => StoreError::Open(why),
        other => other,
    })
}

/// The end of the feed, made in a new database.
fn head(database: &mut dyn Connection, ids: &Ids) -> Result<i64, StoreError> {
    database.begin_writing()?;
    Head::ensure(database, ids)?;
    let seq = Head::read(database)?.seq;
    database.commit()?;
    Ok(seq)
}
