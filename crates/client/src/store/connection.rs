//! One way to open a database: encrypted, journalled, migrated.

use super::StoreError;
use hkdf::Hkdf;
use rusqlite::Connection;
use rusqlite::config::DbConfig;
use sha2::Sha256;
use std::path::Path;
use zeroize::Zeroizing;

/// The raw key of a person's databases.
#[derive(Clone)]
pub(crate) struct DatabaseKey(Zeroizing<[u8; 32]>);

impl DatabaseKey {
    pub(crate) fn new(key: [u8; 32]) -> Self {
        Self(Zeroizing::new(key))
    }

    /// The salt of a database of this name. It is no secret: it lies in plain at the beginning of the file.
    fn salt_of(&self, path: &Path) -> Result<[u8; 16], StoreError> {
        let mut salt = [0; 16];
        let name = path.file_name().unwrap_or_default().as_encoded_bytes();
        let expanded = Hkdf::<Sha256>::new(Some(b"zhkh database salt"), self.0.as_slice()).expand(name, &mut salt);
        expanded.map_err(|error| StoreError::Form(error.to_string()))?;
        Ok(salt)
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
    let connection = unlock(path, key)?;
    make_ready(&connection, durability)?;
    Ok(connection)
}

/// The same, but a file of a newer program is refused and left as it is to the byte, its journal included.
pub(crate) fn open_unless_newer(
    path: &Path,
    key: &DatabaseKey,
    durability: Durability,
    runner: &refinery::Runner,
) -> Result<Connection, StoreError> {
    let connection = unlock(path, key)?;
    let (_, applied) = form(&connection)?;
    if applied > newest(runner) {
        return Err(StoreError::Newer);
    }
    make_ready(&connection, durability)?;
    Ok(connection)
}

/// Opens a file with its key and changes nothing of it: what is still in its journal stays there.
///
/// SQLCipher reads the salt of a database from its first 16 bytes, and from nowhere else. A power cut in the middle of a
/// checkpoint may spoil the sector they lie in; then the whole of that page is in the log and none of it can be read. So
/// the salt is one that can be made again from the key.
fn unlock(path: &Path, key: &DatabaseKey) -> Result<Connection, StoreError> {
    let is_new = std::fs::metadata(path).map_or(true, |file| file.len() == 0);
    match unlock_with(path, key, is_new) {
        Err(StoreError::Damaged) if !is_new => unlock_with(path, key, true),
        unlocked => unlocked,
    }
}

fn unlock_with(path: &Path, key: &DatabaseKey, with_salt: bool) -> Result<Connection, StoreError> {
    let connection = Connection::open(path)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    // The key must be the first statement. In hex it is taken as it is, without a derivation per opening.
    let hex = Zeroizing::new(hex::encode(*key.0));
    let salt = if with_salt { hex::encode(key.salt_of(path)?) } else { String::new() };
    let statement = Zeroizing::new(format!("PRAGMA key = \"x'{}{salt}'\";", *hex));
    connection.execute_batch(&statement)?;
    connection.query_row("SELECT count(*) FROM sqlite_master", [], |_| Ok(()))?;
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    Ok(connection)
}

fn make_ready(connection: &Connection, durability: Durability) -> Result<(), StoreError> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false)?;
    connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
    let synchronous = if durability == Durability::PowerCut { "FULL" } else { "NORMAL" };
    connection.pragma_update(None, "synchronous", synchronous)?;
    if durability == Durability::PowerCut && cfg!(target_os = "macos") {
        connection.pragma_update(None, "fullfsync", true)?;
        connection.pragma_update(None, "checkpoint_fullfsync", true)?;
    }
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(())
}

/// Copies an open database into a new file under the same key, by SQLite's own backup: never as a bare file beside a
/// journal.
pub(crate) fn copy(connection: &Connection, to: &Path, key: &DatabaseKey) -> Result<(), StoreError> {
    let mut target = open(to, key, Durability::PowerCut)?;
    let backup = rusqlite::backup::Backup::new(connection, &mut target)?;
    Ok(backup.run_to_completion(256, std::time::Duration::ZERO, None)?)
}

/// How many things a database is made of, and the number of its form. `None`: a form without a number, or no form yet.
fn form(connection: &Connection) -> Result<(i64, Option<i64>), StoreError> {
    let count = "SELECT count(*), count(*) FILTER (WHERE name = 'refinery_schema_history') FROM sqlite_master";
    let (all, history): (i64, i64) = connection.query_row(count, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let applied = match history {
        0 => None,
        _ => connection.query_row("SELECT max(version) FROM refinery_schema_history", [], |row| row.get(0))?,
    };
    Ok((all, applied))
}

/// The number of the form that this program writes.
fn newest(runner: &refinery::Runner) -> Option<i64> {
    runner.get_migrations().iter().map(|migration| i64::from(migration.version())).max()
}

/// Whether a database that is in use has another form than the newest.
pub(crate) fn is_old(connection: &Connection, runner: &refinery::Runner) -> Result<bool, StoreError> {
    let (all, applied) = form(connection)?;
    Ok(all > 0 && applied != newest(runner))
}

/// Brings a database to the newest form.
pub(crate) fn migrate(connection: &mut Connection, runner: &refinery::Runner) -> Result<(), StoreError> {
    runner.run(connection).map(|_| ()).map_err(|error| StoreError::Migration(error.to_string()))
}
