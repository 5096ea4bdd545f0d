//! Where the tables are.

use super::postgres::PostgresSettings;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

/// A database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Database {
    /// SQLite inside the process, in this file.
    File(PathBuf),
    /// PostgreSQL, which several server processes may share.
    Postgres(Arc<PostgresSettings>),
}

/// As it is told to the administrator: without a password.
impl fmt::Display for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(file) => file.display().fmt(f),
            Self::Postgres(settings) => settings.fmt(f),
        }
    }
}

impl From<PathBuf> for Database {
    fn from(file: PathBuf) -> Self {
        Self::File(file)
    }
}
