//! The database, behind one small seam.
//!
//! All statements are written once, synchronously, against [`Sql`]: portable text with `$1` parameters. [`sqlite`] and
//! [`postgres`] implement it, and one suite runs over both. (On the embedded database a statement costs a microsecond;
//! an async wrapper would cost sixty times that.)
//!
//! [`Store::write`] takes closures. One thread runs all that wait inside one transaction, each in a savepoint of its
//! own, and answers after the commit: one fsync for many. The positions of the feed are taken last, right before the
//! commit ([`publish`]). Writers of several processes go one behind another on either database ([`postgres`] says why).
//! [`Store::read`] runs on a few threads with connections of their own and sees one consistent state. Both can also run
//! [inline](Work::Inline), for simulations.

mod database;
mod migrations;
mod neighbours;
mod opening;
pub mod postgres;
mod publish;
mod readers;
mod sql;
pub mod sqlite;
mod store;
mod tx;
mod value;
mod workers;
mod writer;

pub use database::Database;
pub use publish::Head;
pub use sql::{Connection, Row, Sql, StoreError};
pub use store::{Committed, Stats, Store, StorePorts};
pub use tx::{Stored, Ticket, Tx, Undo};
pub use value::{FromValue, Value};
pub use workers::Work;

/// Parameters of a statement: `params![id, name]`.
#[macro_export]
macro_rules! params {
    ($($value:expr),* $(,)?) => { &[$($crate::storage::Value::from($value)),*] };
}

/// How long a write waits for another process that writes: an import beside the server holds the others off for its
/// whole length. A little less than a request may take, so that who waited in vain is told to come again.
const WAIT: std::time::Duration = std::time::Duration::from_secs(25);

#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
