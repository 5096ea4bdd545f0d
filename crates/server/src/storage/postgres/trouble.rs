//! Whose fault an error is: the statement's, or the database's.

use super::super::StoreError;
use std::error::Error as _;
use tokio_postgres::Error;
use tokio_postgres::error::{DbError, Severity, SqlState};

/// The classes of errors (the first two digits of their code) in which nobody's statement is at fault: the connection,
/// serialisation, resources, an operator's intervention, the system's own failures, its settings.
const DOWN: [&str; 6] = ["08", "40", "53", "57", "58", "F0"];

/// The same for single codes of other classes: a lock was not free in time, a standby takes no writes, a transaction
/// stood still for too long, the data are damaged.
const ALSO_DOWN: [SqlState; 5] = [
    SqlState::LOCK_NOT_AVAILABLE,
    SqlState::READ_ONLY_SQL_TRANSACTION,
    SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT,
    SqlState::DATA_CORRUPTED,
    SqlState::INDEX_CORRUPTED,
];

/// An error in the storage's words. Its detail is left out: PostgreSQL puts values into it, and those are people's.
pub(super) fn refused(error: &Error) -> StoreError {
    let Some(refusal) = error.as_db_error() else {
        let why = error.source().map_or_else(|| error.to_string(), |source| format!("{error}: {source}"));
        return StoreError::Down(why);
    };
    let (code, message) = (refusal.code(), refusal.message());
    let words = match refusal.constraint() {
        Some(constraint) => format!("{message} ({}, {constraint})", code.code()),
        None => format!("{message} ({})", code.code()),
    };
    if is_down(code) { StoreError::Down(words) } else { StoreError::Sql(words) }
}

fn is_down(code: &SqlState) -> bool {
    DOWN.iter().any(|class| code.code().starts_with(class)) || ALSO_DOWN.contains(code)
}

/// Whether the connection is gone with the error: it is its last words, or not an answer at all.
pub(super) fn ends_connection(error: &Error) -> bool {
    let last = |refusal: &DbError| matches!(refusal.parsed_severity(), Some(Severity::Fatal | Severity::Panic));
    error.as_db_error().is_none_or(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_statement_did_itself_is_held_against_it() {
        let down = |code: &str| is_down(&SqlState::from_code(code));
        for code in ["08006", "40001", "53100", "57P01", "58030", "55P03", "25006", "25P03", "XX001"] {
            assert!(down(code), "{code}");
        }
        for code in ["23505", "42P01", "22P02", "25P02", "54000", "XX000", "55000"] {
            assert!(!down(code), "{code}");
        }
    }
}
