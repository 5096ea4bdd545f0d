//! Databases for tests: a file each, or, with `ZHKH_TEST_DATABASE=postgres`, a fresh database of a private PostgreSQL.

use super::postgres::PostgresSettings;
use super::{Database, Sql, StoreError, Value};
use std::path::Path;
use std::sync::Arc;

/// A database that is gone when this is dropped.
pub(crate) struct Place {
    folder: tempfile::TempDir,
    postgres: Option<test_postgres::Database>,
}

impl Place {
    /// On the database that the suite runs over.
    pub(crate) fn new() -> Self {
        if std::env::var_os("ZHKH_TEST_DATABASE").is_some_and(|name| name == "postgres") {
            Self::postgres()
        } else {
            Self::file()
        }
    }

    /// On SQLite.
    pub(crate) fn file() -> Self {
        Self { folder: tempfile::tempdir().expect("a folder"), postgres: None }
    }

    /// On PostgreSQL.
    pub(crate) fn postgres() -> Self {
        Self { postgres: Some(test_postgres::database().expect("a PostgreSQL")), ..Self::file() }
    }

    /// What to open.
    pub(crate) fn database(&self) -> Database {
        match &self.postgres {
            Some(postgres) => {
                Database::Postgres(Arc::new(PostgresSettings::parse(&postgres.url(), None).expect("an address")))
            }
            None => Database::File(self.folder().join("zhkh.db")),
        }
    }

    /// The address of its PostgreSQL.
    pub(crate) fn url(&self) -> Option<String> {
        self.postgres.as_ref().map(test_postgres::Database::url)
    }

    /// How the database would run a statement that only an index makes cheap.
    pub(crate) fn plan(&self, sql: &mut dyn Sql, statement: &str, params: &[Value]) -> Result<String, StoreError> {
        if self.postgres.is_none() {
            return sql.query(&format!("EXPLAIN QUERY PLAN {statement}"), params)?[0].get(3);
        }
        // A small table is cheaper to read whole.
        sql.execute("SET LOCAL enable_seqscan = off", &[])?;
        let lines = sql.query(&format!("EXPLAIN {statement}"), params)?;
        lines.iter().map(|line| line.get::<String>(0)).collect()
    }

    /// A folder of its own.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }
}
