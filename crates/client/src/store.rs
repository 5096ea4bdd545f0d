//! A person's files: the queue that is never wiped, and the mirror that can always be fetched again.
//!
//! ```text
//! lock         one program at a time
//! outbox.db    operations, the device's life, secrets: every commit is on the disk before it is told
//! blobs/       encrypted photos and files, see `crate::blobs`
//! cache.db     the mirror; a damaged one is left aside and built anew as cache-2.db, cache-3.db, …
//! ```
//!
//! Both are SQLCipher under the person's key. No transaction spans the two: what the window shows is read from the
//! queue first and from the mirror then, and what the mirror contains already is left out of the queue.

mod apply;
mod cache;
mod connection;
mod database;
mod error;
mod fetched;
mod folder;
mod mirror;
mod needs;
mod outbox_db;
mod words;

pub(crate) use apply::{Applied, LoosePage, SnapshotPage};
pub(crate) use cache::Cache;
pub(crate) use connection::DatabaseKey;
pub(crate) use database::Pending;
pub use error::StoreError;
pub use fetched::Fetched;
pub(crate) use folder::FolderLock;
pub(crate) use mirror::Indexed;
pub use mirror::Mirror;
pub(crate) use outbox_db::{ANCHOR, Changes, FEED_SEEN, KEPT, Opened, OutboxDb, Rows, blob_in};
pub(crate) use words::{folded, month_of_place, place_of_month, words_of};
