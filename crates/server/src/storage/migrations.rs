//! The tables, as `migrations/server` describes them.

use super::StoreError;
use super::sqlite::Sqlite;

mod embedded {
    refinery::embed_migrations!("../../migrations/server");
}

/// All in one transaction. A migration that is committed without the note of it is made again after a power cut between
/// the two, fails on what is there already, and the server never starts again.
fn runner() -> refinery::Runner {
    embedded::migrations::runner().set_grouped(true)
}

/// What has a migration that this program does not know is of a newer one.
fn refused(error: refinery::Error) -> StoreError {
    match error.kind() {
        refinery::error::Kind::MissingVersion(_) => StoreError::Newer,
        _ => StoreError::Open(error.to_string()),
    }
}

/// Brings the tables of a SQLite file up to date.
pub(super) fn run(database: &mut Sqlite) -> Result<(), StoreError> {
    runner().run(&mut database.0).map(|_| ()).map_err(refused)
}

/// Brings the tables of a PostgreSQL database up to date, by the same files.
pub(super) fn run_postgres(database: &mut postgres::Client) -> Result<(), StoreError> {
    runner().run(database).map(|_| ()).map_err(refused)
}
