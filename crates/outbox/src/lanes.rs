//! Lanes: who stands behind whom.

use domain::OperationId;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;
use wire::operation::Lane;

/// Operations of every lane, in order of their places.
#[derive(Debug, Clone, Default)]
pub(crate) struct Lanes {
    lanes: BTreeMap<Lane, BTreeMap<(u64, OperationId), OperationId>>,
}

impl Lanes {
    pub(crate) fn insert(&mut self, lane: Lane, place: u64, id: OperationId) {
        self.lanes.entry(lane).or_default().insert((place, id), id);
    }

    pub(crate) fn remove(&mut self, lane: Lane, place: u64, id: OperationId) {
        if let Some(queue) = self.lanes.get_mut(&lane) {
            queue.remove(&(place, id));
            if queue.is_empty() {
                self.lanes.remove(&lane);
            }
        }
    }

    /// The operations of a lane, first to last.
    pub(crate) fn of(&self, lane: Lane) -> impl DoubleEndedIterator<Item = OperationId> + '_ {
        self.lanes.get(&lane).into_iter().flat_map(|queue| queue.values().copied())
    }

    /// The operations before a place, nearest first.
    pub(crate) fn before(&self, lane: Lane, place: u64, id: OperationId) -> impl Iterator<Item = OperationId> + '_ {
        self.lanes.get(&lane).into_iter().flat_map(move |queue| queue.range(..(place, id)).rev().map(|(_, id)| *id))
    }

    /// The operations behind a place, nearest first.
    pub(crate) fn behind(&self, lane: Lane, place: u64, id: OperationId) -> impl Iterator<Item = OperationId> + '_ {
        let behind = (Bound::Excluded((place, id)), Bound::Unbounded);
        self.lanes.get(&lane).into_iter().flat_map(move |queue| queue.range(behind).map(|(_, id)| *id))
    }

    /// All lanes.
    pub(crate) fn all(&self) -> BTreeSet<Lane> {
        self.lanes.keys().copied().collect()
    }
}
