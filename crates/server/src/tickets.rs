//! Tickets (заявки): what a resident asks of the utility, and how the emergency service works on it.

pub mod classifier;
pub mod closing;
mod course;
mod create;
mod desk;
mod notes;
mod parting;
mod table;
mod telling;

pub use course::{close, reopen};
pub use create::{create, register};
pub(crate) use desk::{answered, informed};
pub use desk::{assign, fold, go, meet};
pub use notes::add_note;
pub use parting::part;
pub use table::{StoredTicket, load};
pub use telling::{Doer, tell};
