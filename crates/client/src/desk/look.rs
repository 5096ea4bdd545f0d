//! The desk at one moment: the mirror, the queue, the clock, and who looks.

use super::laid::{self, Laid};
use crate::engine::{Engine, Reading};
use crate::overlay::entry::Entry;
use crate::report::Fault;
use crate::store::{Mirror, StoreError};
use crate::view::Failure;
use chrono::{DateTime, Datelike, NaiveDate};
use chrono_tz::Tz;
use domain::TicketId;
use wire::desk::{Incident, Role, Work};
use wire::entity::{Entity, Profile};

/// What the views of the desk are made from.
pub(crate) struct Look {
    /// The mirror.
    pub(crate) mirror: Mirror,
    /// The position of the mirror.
    pub(crate) seq: Option<i64>,
    /// The queue, in the order of entry.
    pub(crate) entries: Vec<Entry>,
    /// What the mirror has of what was accepted lately, in the order of entry.
    pub(crate) accepted: Vec<Entry>,
    /// The server's time now, as far as this computer knows.
    pub(crate) now_ms: i64,
    /// The utility's zone.
    pub(crate) zone: Tz,
    /// Who looks.
    pub(crate) profile: Profile,
    /// What they are at the utility.
    pub(crate) work: Work,
}

impl Look {
    /// The desk as it is now.
    ///
    /// # Errors
    /// Whoever does not work for the utility has no desk.
    pub(crate) fn now(engine: &Engine, zone: Tz) -> Result<Self, Fault> {
        let Reading { queue, accepted, mirror } = engine.read()?;
        let profile = mirror.all("profile")?.into_iter().find_map(|found| match found.entity {
            Entity::Profile(profile) => Some(profile),
            _ => None,
        });
        let profile = profile.ok_or(Failure::Gone)?;
        let work = profile.work.clone().ok_or(Failure::Gone)?;
        Ok(Self {
            seq: mirror.cursor().map(|cursor| cursor.seq),
            mirror,
            entries: queue.into_iter().filter_map(Entry::of).collect(),
            accepted: accepted.into_iter().rev().filter_map(Entry::of).collect(),
            now_ms: engine.now().ms,
            zone,
            profile,
            work,
        })
    }

    /// Whether whoever looks has a role.
    pub(crate) fn is(&self, role: Role) -> bool {
        self.work.roles.contains(&role)
    }

    /// Today, in the utility's zone.
    pub(crate) fn today(&self) -> NaiveDate {
        DateTime::from_timestamp_millis(self.now_ms).unwrap_or_default().with_timezone(&self.zone).date_naive()
    }

    /// The year of today.
    pub(crate) fn year(&self) -> i32 {
        self.today().year()
    }

    /// One ticket with what was entered here laid over it.
    pub(crate) fn ticket(&self, id: TicketId) -> Result<Option<Laid>, StoreError> {
        laid::one(&self.entries, self.seq, &self.mirror, id, self.work.staff)
    }

    /// Everything of a kind that `pick` takes.
    pub(crate) fn all<T>(&self, kind: &str, pick: impl Fn(Entity) -> Option<T>) -> Result<Vec<T>, StoreError> {
        Ok(self.mirror.all(kind)?.into_iter().filter_map(|found| pick(found.entity)).collect())
    }

    /// Incidents of the mirror.
    pub(crate) fn incidents(&self) -> Result<Vec<Incident>, StoreError> {
        self.all("incident", |entity| match entity {
            Entity::Incident(incident) => Some(incident),
            _ => None,
        })
    }
}
