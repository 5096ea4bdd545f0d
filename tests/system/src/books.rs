//! The server's database, read from outside by whoever is not the server: SQLite or PostgreSQL, one way to ask.

use anyhow::Context;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use test_postgres::SimpleQueryMessage;

/// Where the server keeps what it knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Books {
    /// A file of SQLite.
    File(PathBuf),
    /// An address of PostgreSQL.
    Postgres(String),
}

/// One row. Every value as text: what both databases say alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row(Vec<Option<String>>);

impl Books {
    /// Asks, without touching anything.
    pub fn rows(&self, sql: &str) -> anyhow::Result<Vec<Row>> {
        match self {
            Self::File(file) => rows_of_file(file, sql),
            Self::Postgres(url) => rows_of_postgres(url, sql),
        }
        .with_context(|| format!("{sql} in {self:?}"))
    }
}

impl Row {
    /// A column, in the order of the statement.
    pub fn text(&self, column: usize) -> anyhow::Result<String> {
        self.maybe(column).map(str::to_owned).with_context(|| format!("nothing in column {column} of {self:?}"))
    }

    /// A column that may be empty.
    pub fn maybe(&self, column: usize) -> Option<&str> {
        self.0.get(column)?.as_deref()
    }

    /// A whole number.
    pub fn number(&self, column: usize) -> anyhow::Result<i64> {
        Ok(self.text(column)?.parse()?)
    }

    /// A truth, whatever the database calls it.
    pub fn holds(&self, column: usize) -> bool {
        matches!(self.maybe(column), Some("1" | "t"))
    }
}

impl From<&Path> for Books {
    fn from(file: &Path) -> Self {
        Self::File(file.to_owned())
    }
}

impl From<&PathBuf> for Books {
    fn from(file: &PathBuf) -> Self {
        Self::File(file.clone())
    }
}

impl From<&Books> for Books {
    fn from(books: &Books) -> Self {
        books.clone()
    }
}

impl From<OsString> for Books {
    /// As it stands on a command line.
    fn from(word: OsString) -> Self {
        match word.to_str() {
            Some(url) if url.starts_with("postgres://") => Self::Postgres(url.to_owned()),
            _ => Self::File(word.into()),
        }
    }
}

impl From<&Books> for OsString {
    fn from(books: &Books) -> Self {
        match books {
            Books::File(file) => file.clone().into(),
            Books::Postgres(url) => url.clone().into(),
        }
    }
}

fn rows_of_file(file: &Path, sql: &str) -> anyhow::Result<Vec<Row>> {
    let db = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    let mut statement = db.prepare(sql)?;
    let columns = statement.column_count();
    let rows = statement.query_map([], |row| {
        let text = |value: ValueRef<'_>| match value {
            ValueRef::Null => None,
            ValueRef::Integer(number) => Some(number.to_string()),
            ValueRef::Real(number) => Some(number.to_string()),
            ValueRef::Text(text) => Some(String::from_utf8_lossy(text).into_owned()),
            ValueRef::Blob(bytes) => Some(format!("\\x{}", hex::encode(bytes))),
        };
        (0..columns).map(|column| Ok(text(row.get_ref(column)?))).collect::<Result<_, _>>().map(Row)
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn rows_of_postgres(url: &str, sql: &str) -> anyhow::Result<Vec<Row>> {
    let messages = test_postgres::session(url, |client| Ok(client.simple_query(sql)?))?;
    let rows = messages.iter().filter_map(|message| match message {
        SimpleQueryMessage::Row(row) => Some(Row((0..row.len()).map(|at| row.get(at).map(str::to_owned)).collect())),
        _ => None,
    });
    Ok(rows.collect())
}
