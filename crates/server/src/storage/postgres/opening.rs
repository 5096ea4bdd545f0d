//! Brings a database up to date and looks at how it is set up.

use super::super::{Sql, StoreError, migrations};
use super::settings::PostgresSettings;
use super::{Postgres, TABLES, refused};
use std::sync::Arc;

/// Ids and days are compared and sorted byte by byte, as on SQLite, whatever the database was made for; its own order
/// of words would also change with the system's libraries, and the indexes would then be wrong.
const BYTEWISE: &str = r#"
DO $$
DECLARE one record;
BEGIN
    FOR one IN
        SELECT c.table_name AS name,
               string_agg(format('ALTER COLUMN %I TYPE TEXT COLLATE "C"', c.column_name), ', ') AS changes
        FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
        WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE'
          AND c.data_type = 'text' AND c.collation_name IS DISTINCT FROM 'C'
        GROUP BY c.table_name
    LOOP
        EXECUTE format('ALTER TABLE %I %s', one.name, one.changes);
    END LOOP;
END $$"#;

/// The oldest version that is tested with.
const OLDEST: i64 = 13;

/// Makes or updates the tables. Processes that start at the same time do it one after another.
pub fn make_tables(settings: &PostgresSettings) -> Result<(), StoreError> {
    let mut client = settings.connect_blocking()?;
    let failed = |error: ::postgres::Error| StoreError::Open(refused(&error).to_string());
    // Held until the connection ends.
    client
        .batch_execute(&format!("SET client_min_messages = warning; SELECT pg_advisory_lock({TABLES})"))
        .map_err(failed)?;
    let encoding: String =
        client.query_one("SHOW server_encoding", &[]).and_then(|row| row.try_get(0)).map_err(failed)?;
    if encoding != "UTF8" {
        return Err(StoreError::Open(format!("its encoding is {encoding}; it must be UTF8")));
    }
    migrations::run_postgres(&mut client)?;
    client.batch_execute(BYTEWISE).map_err(failed)?;
    client.close().map_err(failed)
}

/// Connections that only read.
pub fn open_readers(settings: &Arc<PostgresSettings>, count: usize) -> Result<Vec<Postgres>, StoreError> {
    (0..count).map(|_| Postgres::open(Arc::clone(settings))).collect()
}

/// Something about the database that the administrator should know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Care {
    /// This setting is off: what was answered may be lost with the power.
    NotDurable(&'static str),
    /// Its version is older than what is tested.
    Old(i64),
}

/// Looks for such things.
pub fn care(sql: &mut dyn Sql) -> Result<Vec<Care>, StoreError> {
    let mut found = Vec::new();
    for name in ["fsync", "full_page_writes"] {
        let row = sql.first("SELECT current_setting($1) = 'off'", &[name.into()])?.ok_or(StoreError::Column(0))?;
        if row.get(0)? {
            found.push(Care::NotDurable(name));
        }
    }
    let row = sql.first("SELECT current_setting('server_version_num')::bigint / 10000", &[])?;
    let version = row.ok_or(StoreError::Column(0))?.get(0)?;
    if version < OLDEST {
        found.push(Care::Old(version));
    }
    Ok(found)
}
