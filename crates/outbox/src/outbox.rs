//! The queue itself: what it holds, how it is opened, what can be asked of it.

use crate::Pause;
use crate::backoff::Backoff;
use crate::blobs::{Blob, BlobName};
use crate::effects::Effects;
use crate::lanes::Lanes;
use crate::needs::{Need, NeededBy};
use crate::numbers;
use crate::order::Ready;
use crate::record::{Device, Record};
use crate::sending::Flight;
use crate::sizing::{Blamed, Sizing};
use crate::state::State;
use crate::unsendable::Unsendable;
use domain::OperationId;
use std::collections::{BTreeMap, BTreeSet};
use wire::operation::Lane;

/// The queue of one person on one device.
#[derive(Debug, Clone)]
pub struct Outbox {
    pub(crate) device: Device,
    pub(crate) records: BTreeMap<OperationId, Record>,
    pub(crate) lanes: Lanes,
    /// What was settled: the server has it, unless it is restored from a copy.
    pub(crate) settled: Lanes,
    pub(crate) blobs: BTreeMap<BlobName, Blob>,
    /// Blobs that were found to never reach the server, as far as this run knows.
    pub(crate) unsendable: BTreeMap<BlobName, Unsendable>,
    pub(crate) needed_by: NeededBy,
    /// What is being taken back and was not decided yet.
    pub(crate) withdrawing: BTreeSet<OperationId>,
    /// What goes once more because the server may have forgotten it, and was not decided yet.
    pub(crate) again: BTreeSet<OperationId>,
    /// Lanes in which something needs what has turned since the last refresh.
    pub(crate) stale: BTreeSet<Lane>,
    pub(crate) ready: Ready,
    /// What was acknowledged and is not in the mirror yet, by position.
    pub(crate) acked: BTreeSet<(i64, OperationId)>,
    pub(crate) next_place: u64,
    pub(crate) flight: Option<Flight>,
    pub(crate) flights: u64,
    /// Batches up to this number left before it was known that the server is another life of itself.
    pub(crate) other_life: u64,
    pub(crate) backoff: Backoff,
    pub(crate) pause: Option<Pause>,
    /// Whether the pause needs the person, who has not come back yet.
    pub(crate) shut: bool,
    pub(crate) sizing: Sizing,
    pub(crate) blamed: Blamed,
    /// Whether the last batch was one of those alone.
    pub(crate) slow_went: bool,
    /// How many of this run the server has decided.
    pub(crate) run_done: u32,
}

impl Outbox {
    /// Opens the queue from its rows. What was in flight is queued again: its fate is unknown.
    pub fn open(device: Device, records: Vec<Record>, blobs: Vec<Blob>) -> Self {
        let mut outbox = Self {
            device: numbers::used_up(device, &records),
            records: BTreeMap::new(),
            lanes: Lanes::default(),
            settled: Lanes::default(),
            blobs: blobs.into_iter().map(|blob| (blob.name, blob)).collect(),
            unsendable: BTreeMap::new(),
            needed_by: NeededBy::default(),
            withdrawing: BTreeSet::new(),
            again: BTreeSet::new(),
            stale: BTreeSet::new(),
            ready: Ready::default(),
            acked: BTreeSet::new(),
            next_place: 1,
            flight: None,
            flights: 0,
            other_life: 0,
            backoff: Backoff::new(),
            pause: None,
            shut: false,
            sizing: Sizing::new(),
            blamed: Blamed::new(),
            slow_went: false,
            run_done: 0,
        };
        for mut record in records {
            if record.state == State::InFlight {
                record.state = State::Queued;
            }
            outbox.next_place = outbox.next_place.max(record.place + 1);
            outbox.index(&record);
            outbox.records.insert(record.id, record);
        }
        // Who is held follows from the rest; a row that says otherwise is written when something else happens to it.
        outbox.refresh_all(outbox.lanes.all(), &mut Effects::default());
        outbox
    }

    /// Opens the queue again after the disk refused a write: what it holds is what the disk holds, and an answer to a
    /// batch of before is still told from others.
    pub fn reopen(&mut self, device: Device, records: Vec<Record>, blobs: Vec<Blob>) {
        let anew = Self::open(device, records, blobs);
        let (flights, other_life) = (self.flights, self.other_life);
        *self = Self { flights, other_life, backoff: self.backoff, pause: self.pause, shut: self.shut, ..anew };
    }

    /// The life of the device.
    pub const fn device(&self) -> Device {
        self.device
    }

    /// One operation.
    pub fn get(&self, id: OperationId) -> Option<&Record> {
        self.records.get(&id)
    }

    /// All operations that are kept, in no order of meaning.
    pub fn records(&self) -> impl Iterator<Item = &Record> {
        self.records.values()
    }

    /// Why nothing goes out, if so.
    pub const fn pause(&self) -> Option<Pause> {
        self.pause
    }

    /// The operation that `id` has to name as the one before it: the nearest in its lane that the server has or will
    /// have before. Rejected and given up ones are passed over, so what follows them moves up. So are those being taken
    /// back: a withdrawal is granted whatever stands before it, and would let the lane go past a rejection. One that was
    /// settled long ago is named too: a server that was restored from a copy may have forgotten it, and then has to
    /// refuse what stands behind it until it has come again.
    pub fn after(&self, id: OperationId) -> Option<OperationId> {
        let record = self.records.get(&id)?;
        let live = self.lanes.before(record.lane, record.place, id).find(|before| {
            self.records.get(before).is_some_and(|before| {
                matches!(before.state, State::Queued | State::InFlight | State::Acked { .. }) && !before.withdrawing
            })
        });
        let settled = self.settled.before(record.lane, record.place, id).next();
        let place = |id: &OperationId| self.records.get(id).map(|record| (record.place, record.id));
        live.into_iter().chain(settled).max_by_key(place)
    }

    /// Gives a record a new state and keeps every index true. The caller refreshes the lane.
    pub(crate) fn turn(&mut self, id: OperationId, state: State, effects: &mut Effects) -> Option<Lane> {
        let mut record = self.records.remove(&id)?;
        self.unindex(&record);
        record.state = state;
        if !record.state.is_waiting() {
            record.withdrawing = false;
            self.blamed.remove(&id);
            self.again.remove(&id);
        }
        self.index(&record);
        let lane = record.lane;
        self.records.insert(id, record);
        let mut needing = self.lanes_needing(Need::Operation(id));
        self.stale.append(&mut needing);
        effects.row(id);
        Some(lane)
    }

    /// Refreshes lanes, and those in which something needs what changed by that, and names the rows that changed.
    pub(crate) fn refresh_all(&mut self, mut lanes: BTreeSet<Lane>, effects: &mut Effects) {
        lanes.append(&mut self.stale);
        let mut due = self.with_what_they_need(lanes);
        while let Some(lane) = due.pop_first() {
            for id in self.refresh(lane) {
                effects.row(id);
                due.append(&mut self.lanes_needing(Need::Operation(id)));
            }
        }
    }

    pub(crate) fn index(&mut self, record: &Record) {
        if record.state.is_live() {
            self.lanes.insert(record.lane, record.place, record.id);
        }
        if matches!(record.state, State::Settled { .. }) {
            self.settled.insert(record.lane, record.place, record.id);
        }
        self.needed_by.insert(record);
        if record.withdrawing && record.state.is_waiting() {
            self.withdrawing.insert(record.id);
        }
        if let State::Acked { position } = record.state {
            self.acked.insert((position, record.id));
        }
    }

    pub(crate) fn unindex(&mut self, record: &Record) {
        self.lanes.remove(record.lane, record.place, record.id);
        self.settled.remove(record.lane, record.place, record.id);
        self.needed_by.remove(record);
        self.withdrawing.remove(&record.id);
        if let State::Acked { position } = record.state {
            self.acked.remove(&(position, record.id));
        }
    }
}
