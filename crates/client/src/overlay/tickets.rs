//! Tickets and conversations as the window shows them: the mirror with what was entered here laid over it.

pub(crate) mod attachments;
pub(crate) mod board;
pub(crate) mod card;
pub(crate) mod deadlines;
pub(crate) mod gather;
pub(crate) mod hits;
pub(crate) mod list;
pub(crate) mod row;
pub(crate) mod seen;
pub(crate) mod standing;
pub(crate) mod talk;
