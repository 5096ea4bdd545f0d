//! What goes first: closing windows, then the order of entry, and never against the order of a lane.

use crate::Outbox;
use crate::needs::Standing;
use crate::state::State;
use domain::OperationId;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use wire::operation::Lane;

/// What may be sent now, in the order in which it goes.
///
/// An operation's urgency is the greatest of its own and of all that stand behind it in its lane: what is urgent pulls
/// along what it has to wait for, also what it needs in other lanes. So the keys of a lane ascend with its places, and a batch cut from the front of this
/// set can never hold an operation without the one before it.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Ready {
    keys: BTreeSet<Key>,
    of_lane: BTreeMap<Lane, VecDeque<Key>>,
}

/// Urgency, place, operation.
type Key = (i64, u64, OperationId);

impl Ready {
    /// The first ones.
    pub(crate) fn first(&self, count: usize) -> Vec<OperationId> {
        self.keys.iter().take(count).map(|(_, _, id)| *id).collect()
    }

    pub(crate) fn len(&self) -> usize {
        self.keys.len()
    }

    /// How many there are in other lanes than this.
    pub(crate) fn besides(&self, lane: Lane) -> usize {
        self.keys.len() - self.of_lane.get(&lane).map_or(0, VecDeque::len)
    }

    /// Puts in what of a lane may be sent, first to last, each with its own priority and place.
    fn set(&mut self, lane: Lane, mut sendable: Vec<Key>) {
        for old in self.of_lane.remove(&lane).unwrap_or_default() {
            self.keys.remove(&old);
        }
        let mut urgent = i64::MAX;
        for key in sendable.iter_mut().rev() {
            urgent = urgent.min(key.0);
            key.0 = urgent;
        }
        self.keys.extend(sendable.iter().copied());
        if !sendable.is_empty() {
            self.of_lane.insert(lane, sendable.into());
        }
    }

    /// Puts in one more at the end of a lane, behind `before`, if that one may be sent too and is no less urgent.
    pub(crate) fn follows(&mut self, lane: Lane, before: Option<OperationId>, key: Key) -> bool {
        let last = self.of_lane.get(&lane).and_then(VecDeque::back);
        if last.map(|last| last.2) != before || last.is_some_and(|last| last.0 > key.0) {
            return false;
        }
        self.keys.insert(key);
        self.of_lane.entry(lane).or_default().push_back(key);
        true
    }

    /// Takes the first ones of a lane out.
    pub(crate) fn take_first(&mut self, lane: Lane, count: usize) {
        let Some(of_lane) = self.of_lane.get_mut(&lane) else { return };
        for key in of_lane.drain(..count.min(of_lane.len())) {
            self.keys.remove(&key);
        }
        if of_lane.is_empty() {
            self.of_lane.remove(&lane);
        }
    }
}

impl Outbox {
    /// Brings a lane into order after something in it changed: what stands behind a stopped operation is held, what no
    /// longer does is queued, and the rest is ready to go. An operation whose needs are not there yet keeps its place,
    /// and what is behind it waits as well; one whose needs are stopped is held by what stops them, and its lane with
    /// it. Returns the operations whose state changed by that.
    ///
    /// A withdrawal waits for nobody, with one exception. The server lets pass what stands behind a withdrawn operation,
    /// so a late copy of something that named it could overtake what stands before it: if anything behind it may have
    /// left, it waits until everything before it is decided, and what is behind waits with it.
    pub(crate) fn refresh(&mut self, lane: Lane) -> Vec<OperationId> {
        let last_sent = self
            .lanes
            .of(lane)
            .rev()
            .find(|id| self.records.get(id).is_some_and(|record| record.ever_sent && record.state.is_waiting()));
        let mut sent_behind = last_sent.is_some();
        let mut stopped_by = None;
        let mut undecided_before = false;
        let mut waits_here = false;
        let mut sendable = Vec::new();
        let mut changed = Vec::new();
        for id in self.lanes.of(lane) {
            let Some(record) = self.records.get(&id) else { continue };
            let (standing, urgency) = (self.standing(record), self.urgency(record));
            let Some(record) = self.records.get_mut(&id) else { continue };
            sent_behind &= last_sent != Some(id);
            if record.state.blocks_lane() {
                stopped_by = stopped_by.or(Some(id));
                undecided_before = true;
                continue;
            }
            if matches!(record.state, State::Queued | State::Held { .. }) {
                if let Standing::Stopped(by) = standing {
                    stopped_by = stopped_by.or(Some(by));
                }
                let state = stopped_by.map_or(State::Queued, |by| State::Held { by });
                if record.state != state {
                    record.state = state;
                    changed.push(id);
                }
                let blamed = self.blamed.contains_key(&id);
                let may_go = if record.withdrawing {
                    !blamed && (!undecided_before || !sent_behind)
                } else {
                    !blamed && stopped_by.is_none() && !waits_here && standing == Standing::Met
                };
                if may_go {
                    sendable.push((urgency, record.place, id));
                }
                waits_here |= !may_go;
            }
            undecided_before |= record.state.is_waiting();
        }
        self.ready.set(lane, sendable);
        changed
    }
}
