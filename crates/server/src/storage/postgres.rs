//! [`Sql`](super::Sql) over PostgreSQL.
//!
//! A round trip to another process costs a hundred times a statement of the database inside this one, so as little as
//! possible waits for one: savepoints travel with the statement that follows them, [`execute_each`](super::Sql::execute_each)
//! sends all its rows at once, and the notification of other processes goes with the commit.
//!
//! # Several processes, one order
//!
//! The jobs were written for one writer: they look (is the id in the ledger, is there a current reading, are there tries
//! left?), then write. On SQLite the file's lock makes that true for all processes. Here a lock of the feed's head alone,
//! taken last, would order the *positions*, but two jobs could look at the same time, and each write what the other had
//! made impossible. So a writing group takes one lock first ([`WRITERS`]), and all groups of all processes stand one
//! behind another, as on SQLite; what was proven there holds here. It costs little: a group is many jobs, one flush of
//! the disk and one lock, and while one process flushes, the jobs of the next gather.
//!
//! Positions are then taken and become visible in the same order: a reader that sees a row of the feed sees all below it.

mod connection;
mod link;
mod listener;
mod opening;
mod queue;
mod retry;
mod settings;
mod trouble;
mod value;

pub use connection::Postgres;
pub(super) use listener::Listener;
pub use opening::{Care, care};
pub(super) use opening::{make_tables, open_readers};
pub use settings::{AddressError, PostgresSettings};
use trouble::refused;

/// The lock that every writing transaction takes first: an arbitrary number that nobody else uses.
const WRITERS: i64 = 0x7a68_6b68_5f77_7269;
/// The lock of whoever brings the tables up to date.
const TABLES: i64 = 0x7a68_6b68_5f74_6162;
/// The channel on which commits are announced.
const CHANNEL: &str = "zhkh_feed";

#[cfg(test)]
mod tests;
