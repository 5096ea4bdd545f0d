//! Heaps of tickets, and a part of one in its order.

use super::card::Card;
use super::query::Query;
use crate::view::{DeskShelf, DeskShelfCount};
use domain::ticket::Status;
use domain::{DepartmentId, IncidentId, StaffId, TicketId};
use std::cmp::Reverse;
use std::collections::HashSet;

/// All of them, in the order in which they stand.
const SHELVES: [DeskShelf; 8] = [
    DeskShelf::New,
    DeskShelf::Open,
    DeskShelf::Mine,
    DeskShelf::Emergency,
    DeskShelf::Overdue,
    DeskShelf::Awaiting,
    DeskShelf::Deferred,
    DeskShelf::Finished,
];

/// What is wanted of the list.
pub(crate) struct Wanted {
    /// The heap.
    pub(crate) shelf: DeskShelf,
    /// Only of this department.
    pub(crate) department: Option<DepartmentId>,
    /// Only of this executor.
    pub(crate) executor: Option<StaffId>,
    /// What is searched for, over all tickets.
    pub(crate) query: Option<Query>,
    /// «Сначала срочные»; else the newest first.
    pub(crate) urgent_first: bool,
}

/// Who looks, and when.
pub(crate) struct Looking {
    /// Who.
    pub(crate) me: Option<StaffId>,
    /// When.
    pub(crate) now_ms: i64,
    /// Incidents that go on: their tickets stand together.
    pub(crate) incidents: HashSet<IncidentId>,
}

impl Looking {
    fn lies_on(&self, shelf: DeskShelf, card: &Card) -> bool {
        match shelf {
            DeskShelf::New => card.status == Status::New,
            DeskShelf::Open => card.status.is_open(),
            DeskShelf::Mine => card.status.is_open() && self.me.is_some() && card.executor == self.me,
            DeskShelf::Emergency => card.status.is_open() && card.emergency,
            DeskShelf::Overdue => card.overdue(self.now_ms),
            DeskShelf::Awaiting => card.status == Status::AwaitingResident,
            DeskShelf::Deferred => card.status == Status::Deferred,
            DeskShelf::Finished => !card.status.is_open(),
        }
    }

    /// How many lie on each.
    pub(crate) fn count<'a>(&self, cards: impl Iterator<Item = &'a Card>) -> Vec<DeskShelfCount> {
        let mut counts = SHELVES.map(|shelf| DeskShelfCount { shelf, count: 0 });
        for card in cards {
            for of in &mut counts {
                of.count += u32::from(self.lies_on(of.shelf, card));
            }
        }
        counts.into()
    }

    /// Whether a ticket is wanted.
    pub(crate) fn wants(&self, wanted: &Wanted, card: &Card) -> bool {
        wanted.department.is_none_or(|department| card.department == Some(department))
            && wanted.executor.is_none_or(|executor| card.executor == Some(executor))
            && match &wanted.query {
                Some(query) => query.fits(card),
                None => self.lies_on(wanted.shelf, card),
            }
    }

    /// How many are wanted, and those from a place on.
    pub(crate) fn part<'a>(
        &self,
        wanted: &Wanted,
        cards: impl Iterator<Item = &'a Card>,
        from: usize,
        count: usize,
    ) -> (usize, Vec<TicketId>) {
        let mut found: Vec<_> =
            cards.filter(|card| self.wants(wanted, card)).map(|card| (self.order(wanted, card), card.id)).collect();
        let total = found.len();
        let end = from.saturating_add(count).min(total);
        // Only what is shown is put into order: what comes before it has only to come before it.
        if end < total {
            found.select_nth_unstable(end);
            found.truncate(end);
        }
        if from > 0 && from < end {
            found.select_nth_unstable(from);
        }
        let shown = found.get_mut(from.min(end)..).unwrap_or_default();
        shown.sort_unstable();
        (total, shown.iter().map(|(_, id)| *id).collect())
    }

    /// The very number that was typed, then incidents, each with its tickets together, then the rest.
    fn order(&self, wanted: &Wanted, card: &Card) -> impl Ord + use<> {
        let named = wanted.query.as_ref().is_some_and(|query| query.names(card));
        let incident = card.incident.filter(|incident| self.incidents.contains(incident));
        let urgent = wanted.urgent_first && card.status.is_open();
        let due_ms = card.due_ms.filter(|_| urgent).unwrap_or(i64::MAX);
        let calm = !(urgent && card.emergency);
        (!named, incident.is_none(), incident, calm, due_ms, Reverse(card.registered_ms), Reverse(card.number))
    }
}
