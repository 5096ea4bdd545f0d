//! The tables, as `migrations/server` describes them.

use super::StoreError;
use super::sqlite::Sqlite;

mod embedded {
    refinery::embed_migrations!("../../migrations/server");
}

/// Brings the tables up to date.
pub(super) fn run(database: &mut Sqlite) -> Result<(), StoreError> {
    embedded::migrations::runner().run(&mut database.0).map(|_| ()).map_err(|error| StoreError::Open(error.to_string()))
}
