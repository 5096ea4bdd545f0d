//! News, polls and offers: written by editors, told to those they are for, read and answered by residents.
//!
//! To set one down and to tell it are two steps: whom it is for is written with it in one transaction, and the scopes are told
//! some hundreds at a time ([`telling`]), so that news for a whole town does not hold up the readings of its last evening.

pub mod audience;
pub mod marks;
pub mod results;
mod set;
mod table;
pub mod telling;

pub use marks::{answer, read};
pub use set::set;
