//! One way to open a database: encrypted, journalled, migrated.

use super::StoreError;
use rusqlite::Connection;
use std::path::Path;
use zeroize::Zeroizing;

/// The raw key of a person's databases.
#[derive(Clone)]
pub(crate) struct DatabaseKey(Zeroizing<[u8; 32]>);

impl DatabaseKey {
    pub(crate) fn new(key: [u8; 32]) -> Self {
        Self(Zeroizing::new(key))
    }
}

/// What a commit has to survive.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Durability {
    /// A power cut.
    PowerCut,
    /// The death of the program; the rest can be fetched again.
    Crash,
}

/// Opens a database and makes sure that the key fits. A file that is not there is created.
pub(crate) fn open(path: &Path, key: &DatabaseKey, durability: Durability) -> Result<Connection, StoreError> {
    let connection = Connection::open(path)?;
    // The key must be the first statement. In hex it is taken as it is, without a derivation per opening.
    let hex = Zeroizing::new(hex::encode(*key.0));
    let statement = Zeroizing::new(format!("PRAGMA key = \"x'{}'\";", *hex));
    connection.execute_batch(&statement)?;
    connection.query_row("SELECT count(*) FROM sqlite_master", [], |_| Ok(()))?;
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
    let synchronous = if durability == Durability::PowerCut { "FULL" } else { "NORMAL" };
    connection.pragma_update(None, "synchronous", synchronous)?;
    if durability == Durability::PowerCut && cfg!(target_os = "macos") {
        connection.pragma_update(None, "fullfsync", true)?;
        connection.pragma_update(None, "checkpoint_fullfsync", true)?;
    }
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}

/// Copies an open database into a new file under the same key, by SQLite's own backup: never as a bare file beside a
/// journal.
pub(crate) fn copy(connection: &Connection, to: &Path, key: &DatabaseKey) -> Result<(), StoreError> {
    let mut target = open(to, key, Durability::PowerCut)?;
    let backup = rusqlite::backup::Backup::new(connection, &mut target)?;
    Ok(backup.run_to_completion(256, std::time::Duration::ZERO, None)?)
}

/// Whether a database that is in use has another form than the newest.
pub(crate) fn is_old(connection: &Connection, runner: &refinery::Runner) -> Result<bool, StoreError> {
    let count = "SELECT count(*), count(*) FILTER (WHERE name = 'refinery_schema_history') FROM sqlite_master";
    let (all, history): (i64, i64) = connection.query_row(count, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let applied: Option<i64> = match history {
        0 => None,
        _ => connection.query_row("SELECT max(version) FROM refinery_schema_history", [], |row| row.get(0))?,
    };
    let newest = runner.get_migrations().iter().map(|migration| i64::from(migration.version())).max();
    Ok(all > 0 && applied != newest)
}

/// Brings a database to the newest form.
pub(crate) fn migrate(connection: &mut Connection, runner: &refinery::Runner) -> Result<(), StoreError> {
    runner.run(connection).map(|_| ()).map_err(|error| StoreError::Migration(error.to_string()))
}
