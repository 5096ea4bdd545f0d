//! [`Sql`] over SQLite inside the process.

use super::{Row, Sql, StoreError, Value, sql};
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, OpenFlags, ToSql};
use std::path::Path;

/// One connection.
pub struct Sqlite(pub(super) Connection);

/// How many statements a connection keeps prepared; the program has fewer.
const PREPARED: usize = 256;

/// SQLite numbers `$2` by where it stands in the text, so parameters are found by these names.
const NAMES: [&str; 24] = [
    "$1", "$2", "$3", "$4", "$5", "$6", "$7", "$8", "$9", "$10", "$11", "$12", "$13", "$14", "$15", "$16", "$17",
    "$18", "$19", "$20", "$21", "$22", "$23", "$24",
];

impl Sqlite {
    /// Opens the file for writing; makes it when there is none.
    pub fn open_writer(path: &Path) -> Result<Self, StoreError> {
        let connection = Connection::open(path).map_err(opening)?;
        // FULL: an answer is given after the commit is on the disk, not before.
        set(&connection, "journal_mode", "WAL")?;
        set(&connection, "synchronous", "FULL")?;
        set(&connection, "fullfsync", "ON")?;
        Self::ready(connection)
    }

    /// Opens the file for reading.
    pub fn open_reader(path: &Path) -> Result<Self, StoreError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags).map_err(opening)?;
        set(&connection, "query_only", "ON")?;
        Self::ready(connection)
    }

    fn ready(connection: Connection) -> Result<Self, StoreError> {
        connection.busy_timeout(super::WAIT).map_err(opening)?;
        set(&connection, "temp_store", "MEMORY")?;
        set(&connection, "foreign_keys", "ON")?;
        connection.set_prepared_statement_cache_capacity(PREPARED);
        Ok(Self(connection))
    }
}

/// What SQLite finds wrong with the file; empty when it is whole.
pub fn damage(sql: &mut dyn Sql) -> Result<Vec<String>, StoreError> {
    let rows = sql.query("PRAGMA quick_check", &[])?;
    let words = rows.iter().map(|row| row.get::<String>(0)).collect::<Result<Vec<_>, _>>()?;
    Ok(words.into_iter().filter(|word| word != "ok").collect())
}

fn set(connection: &Connection, pragma: &str, value: &str) -> Result<(), StoreError> {
    connection.pragma_update(None, pragma, value).map_err(opening)
}

fn opening(error: rusqlite::Error) -> StoreError {
    StoreError::Open(error.to_string())
}

fn refused(error: rusqlite::Error) -> StoreError {
    use rusqlite::ErrorCode as Code;
    match error.sqlite_error_code() {
        Some(
            Code::DiskFull
            | Code::SystemIoFailure
            | Code::CannotOpen
            | Code::ReadOnly
            | Code::DatabaseBusy
            | Code::DatabaseLocked
            | Code::DatabaseCorrupt
            | Code::OutOfMemory,
        ) => StoreError::Down(error.to_string()),
        _ => StoreError::Sql(error.to_string()),
    }
}

fn bind(statement: &mut rusqlite::Statement<'_>, params: &[Value]) -> Result<(), StoreError> {
    if statement.parameter_count() != params.len() || params.len() > NAMES.len() {
        return Err(StoreError::Sql(format!("{} parameters for another number of places", params.len())));
    }
    for (name, value) in NAMES.iter().zip(params) {
        let place = statement
            .parameter_index(name)
            .map_err(refused)?
            .ok_or_else(|| StoreError::Sql(format!("the statement has no {name}")))?;
        statement.raw_bind_parameter(place, value).map_err(refused)?;
    }
    Ok(())
}

impl Sql for Sqlite {
    fn execute(&mut self, sql: &str, params: &[Value]) -> Result<u64, StoreError> {
        let mut statement = self.0.prepare_cached(sql).map_err(refused)?;
        bind(&mut statement, params)?;
        let touched = statement.raw_execute().map_err(refused)?;
        Ok(u64::try_from(touched).unwrap_or(u64::MAX))
    }

    fn query(&mut self, sql: &str, params: &[Value]) -> Result<Vec<Row>, StoreError> {
        let mut statement = self.0.prepare_cached(sql).map_err(refused)?;
        bind(&mut statement, params)?;
        let columns = statement.column_count();
        let mut rows = statement.raw_query();
        let mut answer = Vec::new();
        while let Some(row) = rows.next().map_err(refused)? {
            let mut values = Vec::with_capacity(columns);
            for place in 0..columns {
                values.push(match row.get_ref(place).map_err(refused)? {
                    ValueRef::Null => Value::Null,
                    ValueRef::Integer(number) => Value::Int(number),
                    ValueRef::Text(text) => Value::Text(String::from_utf8_lossy(text).into_owned()),
                    ValueRef::Blob(bytes) => Value::Blob(bytes.to_vec()),
                    ValueRef::Real(_) => return Err(StoreError::Column(place)),
                });
            }
            answer.push(Row(values));
        }
        Ok(answer)
    }

    fn in_transaction(&self) -> bool {
        !self.0.is_autocommit()
    }

    fn mark(&mut self, depth: u32) -> Result<(), StoreError> {
        match depth {
            1 => self.execute("SAVEPOINT s1", &[]),
            2 => self.execute("SAVEPOINT s2", &[]),
            deep => self.execute(&format!("SAVEPOINT s{deep}"), &[]),
        }
        .map(|_| ())
    }

    fn release(&mut self, depth: u32) -> Result<(), StoreError> {
        match depth {
            1 => self.execute("RELEASE SAVEPOINT s1", &[]),
            2 => self.execute("RELEASE SAVEPOINT s2", &[]),
            deep => self.execute(&format!("RELEASE SAVEPOINT s{deep}"), &[]),
        }
        .map(|_| ())
    }

    fn undo_to(&mut self, depth: u32) -> Result<(), StoreError> {
        self.execute(&format!("ROLLBACK TO SAVEPOINT s{depth}"), &[])?;
        self.release(depth)
    }
}

impl sql::Connection for Sqlite {
    fn begin_writing(&mut self) -> Result<(), StoreError> {
        // Deferred, a transaction that reads first could find that another process wrote since.
        self.execute("BEGIN IMMEDIATE", &[]).map(|_| ())
    }

    fn begin_reading(&mut self) -> Result<(), StoreError> {
        self.execute("BEGIN", &[]).map(|_| ())
    }

    fn announce(&mut self, _: i64, _: i64) -> Result<(), StoreError> {
        // Nothing to tell them with: they look.
        Ok(())
    }

    fn commit(&mut self) -> Result<(), StoreError> {
        self.execute("COMMIT", &[]).map(|_| ())
    }

    fn roll_back(&mut self) -> Result<(), StoreError> {
        self.execute("ROLLBACK", &[]).map(|_| ())
    }
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Int(number) => ValueRef::Integer(*number),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Blob(bytes) => ValueRef::Blob(bytes),
        }))
    }
}
