//! The database, behind one small seam.
//!
//! All statements are written once, synchronously, against [`Sql`]: portable text with `$1` parameters. [`sqlite`]
//! is the one implementation now; another database implements [`Sql`] and [`Connection`] and no statement changes. (On the embedded
//! database a statement costs a microsecond; an async wrapper would cost sixty times that.)
//!
//! [`Store::write`] takes closures. One thread runs all that wait inside one transaction, each in a savepoint of its
//! own, and answers after the commit: one fsync for many. The positions of the feed are taken last, right before the
//! commit ([`publish`]), so that on a database with several writers the lock of the feed's head is held shortly.
//! [`Store::read`] runs on a few threads with connections of their own and sees one consistent state.

mod migrations;
mod neighbours;
mod publish;
mod readers;
mod sql;
pub mod sqlite;
mod store;
mod tx;
mod value;
mod writer;

pub use publish::Head;
pub use sql::{Connection, Row, Sql, StoreError};
pub use store::{Committed, Stats, Store};
pub use tx::{Ticket, Tx, Undo};
pub use value::{FromValue, Value};

/// Parameters of a statement: `params![id, name]`.
#[macro_export]
macro_rules! params {
    ($($value:expr),* $(,)?) => { &[$($crate::storage::Value::from($value)),*] };
}

#[cfg(test)]
mod tests;
