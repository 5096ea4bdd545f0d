//! The classifier: which types and subtypes of tickets there are, and until when each has to be done.

pub mod file;

use crate::config::{Config, SubtypeSettings, TypeSettings, read_types};
use crate::storage::{Sql, StoreError};
use chrono::DateTime;
use domain::SubtypeId;
use std::borrow::Cow;
use wire::ticket::Deadline;

/// A subtype with its type.
#[derive(Debug, Clone, Copy)]
pub struct Trouble<'a> {
    /// The type.
    pub kind: &'a TypeSettings,
    /// The subtype.
    pub subtype: &'a SubtypeSettings,
}

/// The types in force: those of the last file that was imported, else those of the settings.
pub fn types<'a>(sql: &mut dyn Sql, config: &'a Config) -> Result<Cow<'a, [TypeSettings]>, StoreError> {
    let Some(row) = sql.first("SELECT text FROM classifier WHERE one = 1", &[])? else {
        return Ok(Cow::Borrowed(&config.tickets.types));
    };
    let text: String = row.get(0)?;
    match read_types(&text, &config.tickets.departments) {
        Ok(types) => Ok(Cow::Owned(types)),
        Err(error) => {
            // It was read when it was imported: since then a department left the settings.
            tracing::error!(%error, "the imported classifier does not fit the settings; that of the settings is used");
            Ok(Cow::Borrowed(&config.tickets.types))
        }
    }
}

/// A subtype that is in use.
pub fn find(types: &[TypeSettings], id: SubtypeId) -> Option<Trouble<'_>> {
    let mut all = types.iter().flat_map(|kind| kind.subtypes.iter().map(move |subtype| (kind, subtype)));
    all.find(|(_, subtype)| subtype.id == id).map(|(kind, subtype)| Trouble { kind, subtype })
}

/// The deadlines of something registered at `registered_ms`, by time.
pub fn deadlines(config: &Config, subtype: &SubtypeSettings, registered_ms: i64) -> Vec<Deadline> {
    let registered = DateTime::from_timestamp_millis(registered_ms).unwrap_or_default();
    let terms = config.tickets.terms(subtype, config.day(registered_ms));
    let mut deadlines: Vec<_> = terms
        .iter()
        .map(|term| {
            let due = term.term.ends(registered, config.zone, &config.tickets.calendar);
            Deadline { duty: term.duty, due_ms: due.timestamp_millis(), done_ms: None }
        })
        .collect();
    deadlines.sort_by_key(|deadline| deadline.due_ms);
    deadlines
}
