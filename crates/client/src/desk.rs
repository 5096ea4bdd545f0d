//! The workplace of the dispatchers and the support: tickets of everybody, found and counted in memory.
//!
//! A desk holds up to a hundred thousand tickets. Their rows are too many to be read from the mirror at every key that is
//! pressed, so what is filtered, sorted and searched of each stands in memory ([`card`]), read once and then kept equal to the
//! mirror by versions ([`kept`]). What was entered here and is not in the mirror is laid over it at every question
//! ([`laid`]): it is never stored in these rows. Everything else of a ticket is read when somebody looks at it.

mod card;
pub(crate) mod editing;
pub(crate) mod house;
pub(crate) mod journal;
pub(crate) mod kept;
pub(crate) mod laid;
pub(crate) mod look;
pub(crate) mod monitor;
pub(crate) mod notes;
pub(crate) mod office;
pub(crate) mod overruled;
pub(crate) mod places;
mod query;
pub(crate) mod queued;
pub(crate) mod registered;
pub(crate) mod results_sheet;
pub(crate) mod row;
pub(crate) mod sheet;
pub(crate) mod shelf;
pub(crate) mod standing;
pub(crate) mod support;
pub(crate) mod tickets;

use std::collections::BTreeSet;

/// Whether something of the desk is among the kinds of entities that changed.
pub(crate) fn has_kind(kinds: &BTreeSet<String>) -> bool {
    let of_desk = [
        "desk_ticket",
        "note",
        "incident",
        "staff",
        "department",
        "canned_reply",
        "desk_account",
        "desk_house",
        "support_talk",
        "question",
        "edited_announcement",
    ];
    of_desk.iter().any(|kind| kinds.contains(*kind))
}

pub(crate) use query::Query;
pub(crate) use tickets::Desk;

#[cfg(test)]
mod tests;
