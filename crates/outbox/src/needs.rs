//! What an operation stands on besides its lane: other operations, in whatever lane, and blobs.
//!
//! An operation goes out only when every operation it needs was applied and every blob it needs is on the server. What a
//! needed operation comes to decides about it:
//!
//! * on its way: it waits, «на этом компьютере»;
//! * rejected, or «Требует внимания»: it is [`State::Held`] by that one, and so is its lane behind it;
//! * replaced: the need moves to the replacement, in the same write;
//! * withdrawn or given up: it is held by that one as well, «ждёт». It was entered to follow something that will not
//!   happen; only the person knows whether it makes sense without, and takes it back («Отозвать») or changes it
//!   («Исправить»).
//!
//! What was forgotten had been applied, because nothing else is forgotten as long as somebody needs it.
//!
//! Lanes and needs together never form a circle: an operation can need only what is there already, and one that takes
//! another's place is refused if it would wait for itself.

use crate::blobs::{Blob, BlobName, BlobState};
use crate::effects::Effects;
use crate::outbox::Outbox;
use crate::record::Record;
use crate::state::State;
use domain::OperationId;
use std::collections::{BTreeMap, BTreeSet};
use wire::operation::Lane;

/// What an operation needs before it goes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Need {
    /// This operation has been applied.
    Operation(OperationId),
    /// This blob is on the server.
    Blob(BlobName),
}

/// What the needs of an operation come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// It may go.
    Met,
    /// Something is still on its way.
    Waits,
    /// The person has to decide about this one first.
    Stopped(OperationId),
}

/// Who needs what. Operations that are over for good need nothing any more; a settled one may have to go again.
#[derive(Debug, Clone, Default)]
pub(crate) struct NeededBy(BTreeMap<Need, BTreeSet<OperationId>>);

impl NeededBy {
    pub(crate) fn insert(&mut self, record: &Record) {
        if !matches!(record.state, State::Replaced { .. } | State::Discarded | State::Withdrawn) {
            for need in &record.needs {
                self.0.entry(*need).or_default().insert(record.id);
            }
        }
    }

    pub(crate) fn remove(&mut self, record: &Record) {
        for need in &record.needs {
            if let Some(ids) = self.0.get_mut(need) {
                ids.remove(&record.id);
                if ids.is_empty() {
                    self.0.remove(need);
                }
            }
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn of(&self, need: Need) -> impl Iterator<Item = OperationId> + '_ {
        self.0.get(&need).into_iter().flatten().copied()
    }
}

impl Outbox {
    /// What the needs of an operation come to now. One that is being taken back needs nothing.
    pub(crate) fn standing(&self, record: &Record) -> Standing {
        let mut standing = Standing::Met;
        for need in record.needs.iter().filter(|_| !record.withdrawing) {
            match need {
                Need::Blob(name) => {
                    let here = self.blobs.get(name).is_none_or(|blob| blob.state == BlobState::Here);
                    if here && self.awaits(record, *name) {
                        standing = Standing::Waits;
                    }
                }
                Need::Operation(id) => match self.records.get(id).map(|needed| &needed.state) {
                    None | Some(State::Acked { .. } | State::Settled { .. }) => {}
                    Some(State::Queued | State::InFlight | State::Replaced { .. }) => standing = Standing::Waits,
                    Some(State::Held { by }) => return Standing::Stopped(*by),
                    Some(State::Rejected { .. } | State::Attention { .. } | State::Discarded | State::Withdrawn) => {
                        return Standing::Stopped(*id);
                    }
                },
            }
        }
        standing
    }

    /// How urgent an operation is: as much as itself and whatever waits for it by need.
    pub(crate) fn urgency(&self, record: &Record) -> i64 {
        let mut urgency = record.priority;
        let mut seen = BTreeSet::new();
        let mut waiting: Vec<_> = self.needed_by.of(Need::Operation(record.id)).collect();
        while let Some(id) = waiting.pop() {
            let Some(record) = self.records.get(&id).filter(|record| record.state.is_waiting()) else { continue };
            if seen.insert(id) {
                urgency = urgency.min(record.priority);
                waiting.extend(self.needed_by.of(Need::Operation(id)));
                waiting.extend(self.lanes.behind(record.lane, record.place, id));
            }
        }
        urgency
    }

    /// Whether an operation may need these, and take the place of `instead_of`: they are known, and none of them waits
    /// for it.
    pub(crate) fn may_need(&self, record: &Record, blobs: &[Blob], instead_of: Option<OperationId>) -> bool {
        let mut before = Vec::new();
        for need in &record.needs {
            match need {
                Need::Operation(id) if self.records.contains_key(id) => before.push(*id),
                Need::Blob(name) if self.blobs.contains_key(name) || blobs.iter().any(|blob| blob.name == *name) => {}
                _ => return false,
            }
        }
        // At the end of a lane nothing can wait for it yet.
        let Some(old) = instead_of else { return true };
        let mut seen = BTreeSet::new();
        while let Some(id) = before.pop() {
            let Some(other) = self.records.get(&id).filter(|_| seen.insert(id)) else { continue };
            let behind_it = other.lane == record.lane && other.place > record.place && other.state.is_live();
            if id == old || behind_it {
                return false;
            }
            before.extend(other.needs.iter().filter_map(|need| match need {
                Need::Operation(id) => Some(*id),
                Need::Blob(_) => None,
            }));
            before.extend(self.lanes.before(other.lane, other.place, id));
        }
        true
    }

    /// The same needs, with what was replaced meanwhile exchanged for what took its place.
    pub(crate) fn as_of_now(&self, needs: BTreeSet<Need>) -> BTreeSet<Need> {
        let now = |mut need| {
            while let Need::Operation(id) = need
                && let Some(State::Replaced { by }) = self.records.get(&id).map(|record| &record.state)
            {
                need = Need::Operation(*by);
            }
            need
        };
        needs.into_iter().map(now).collect()
    }

    /// Another operation took the place of `old`: whatever needed that one needs this one now.
    pub(crate) fn move_needs(&mut self, old: OperationId, new: OperationId, effects: &mut Effects) {
        let moved: Vec<_> = self.needed_by.of(Need::Operation(old)).collect();
        for id in moved {
            let Some(mut record) = self.records.remove(&id) else { continue };
            self.needed_by.remove(&record);
            record.needs.remove(&Need::Operation(old));
            record.needs.insert(Need::Operation(new));
            self.needed_by.insert(&record);
            self.stale.insert(record.lane);
            self.records.insert(id, record);
            effects.row(id);
        }
    }

    /// The lanes in which something needs this.
    pub(crate) fn lanes_needing(&self, need: Need) -> BTreeSet<Lane> {
        self.needed_by.of(need).filter_map(|id| self.records.get(&id)).map(|record| record.lane).collect()
    }

    /// These lanes, and those of what they need, and so on: the urgency there may be another now.
    pub(crate) fn with_what_they_need(&self, lanes: BTreeSet<Lane>) -> BTreeSet<Lane> {
        if self.needed_by.is_empty() {
            return lanes;
        }
        let mut new: Vec<_> = lanes.iter().copied().collect();
        let mut all = lanes;
        while let Some(lane) = new.pop() {
            let records = self.lanes.of(lane).filter_map(|id| self.records.get(&id));
            for need in records.flat_map(|record| &record.needs) {
                if let Need::Operation(id) = need
                    && let Some(needed) = self.records.get(id)
                    && all.insert(needed.lane)
                {
                    new.push(needed.lane);
                }
            }
        }
        all
    }

    /// Whether something undecided needs it: forgetting it would let that one pass.
    pub(crate) fn stops_somebody(&self, id: OperationId) -> bool {
        let mut needing = self.needed_by.of(Need::Operation(id)).filter_map(|id| self.records.get(&id));
        needing.any(|record| record.state.is_waiting() || record.state.blocks_lane())
    }
}
