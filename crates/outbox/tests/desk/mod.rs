//! A queue with a disk that is a map, and a clock that the test moves.
#![allow(dead_code, reason = "each test program uses its own part")]

use domain::{Incarnation, OperationId};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;
use wire::operation::{Lane, LaneKind, Sealed};
use wire::push::{ItemResult, Outcome};
use zhkh_outbox::{
    Blob, BlobName, BlobState, Device, Effects, Failure, Flight, Need, Next, NotPossible, Now, Outbox, Record, State,
    WHENEVER, Withdrawal,
};

/// A queue, its disk and its clock.
pub struct Desk {
    pub outbox: Outbox,
    pub disk: BTreeMap<OperationId, Record>,
    pub blobs: BTreeMap<BlobName, Blob>,
    pub device: Device,
    pub flying: u64,
    /// The numbers of all entries that were ever written, by life.
    numbers: BTreeSet<(Incarnation, u64)>,
    ms: i64,
    minted: u128,
}

pub fn lane(number: u128) -> Lane {
    Lane { kind: LaneKind::Meter, id: Uuid::from_u128(number + 1_000) }
}

pub fn blob(number: u8) -> BlobName {
    BlobName([number; 32])
}

impl Desk {
    pub fn new() -> Self {
        let device = Device { incarnation: Incarnation::new(Uuid::from_u128(1)), next_seq: 1 };
        let outbox = Outbox::open(device, Vec::new(), Vec::new());
        let numbers = BTreeSet::new();
        let (disk, blobs) = (BTreeMap::new(), BTreeMap::new());
        Self { outbox, disk, blobs, device, flying: 0, numbers, ms: 1_000_000, minted: 0 }
    }

    pub fn now(&self) -> Now {
        Now { ms: self.ms, believed_ms: 1_700_000_000_000 + self.ms, jitter: 0.5 }
    }

    pub fn later(&mut self, ms: i64) {
        self.ms += ms;
    }

    /// Long enough for every wait of the account.
    pub fn pass_time(&mut self) {
        self.later(3_600_001);
    }

    pub fn write(&mut self, effects: &Effects) {
        for id in &effects.rows {
            self.disk.insert(*id, self.outbox.get(*id).expect("a named row is there").clone());
        }
        for id in &effects.forgotten {
            self.disk.remove(id);
        }
        for name in &effects.blobs {
            self.blobs.insert(*name, *self.outbox.blob(*name).expect("a named blob is there"));
        }
        for name in &effects.forgotten_blobs {
            self.blobs.remove(name);
        }
        if effects.device {
            self.device = self.outbox.device();
        }
    }

    pub fn restart(&mut self) {
        let blobs = self.blobs.values().copied().collect();
        self.outbox = Outbox::open(self.device, self.disk.values().cloned().collect(), blobs);
    }

    pub fn enter(&mut self, lane: u128) -> OperationId {
        self.enter_for(lane, WHENEVER, None).0
    }

    pub fn enter_for(&mut self, on: u128, priority: i64, replaces: Option<OperationId>) -> (OperationId, Effects) {
        self.enter_needing(on, priority, &[], replaces).expect("nothing needed, nothing in the way")
    }

    /// Enters what needs these. A blob is here, and as many bytes long as its number.
    pub fn enter_needing(
        &mut self,
        on: u128,
        priority: i64,
        needs: &[Need],
        replaces: Option<OperationId>,
    ) -> Result<(OperationId, Effects), NotPossible> {
        self.minted += 1;
        let id = OperationId::new(Uuid::from_u128(self.minted));
        let Device { incarnation, next_seq } = self.outbox.device();
        let life = incarnation.uuid();
        let text = format!(r#"{{"id":{},"incarnation":"{life}","device_seq":{next_seq}}}"#, self.minted);
        let sealed = Sealed::from_text(text).expect("JSON");
        let record =
            Record::new(id, sealed, lane(on), priority, self.ms).needing(BTreeSet::from_iter(needs.iter().copied()));
        let here = needs.iter().filter_map(|need| match need {
            Need::Blob(name) => Some(Blob { name: *name, bytes: u64::from(name.0[0]), state: BlobState::Here }),
            Need::Operation(_) => None,
        });
        let effects = self.outbox.enqueue(record, &here.collect::<Vec<_>>(), replaces, self.now())?;
        self.write(&effects);
        assert!(self.numbers.insert((incarnation, next_seq)), "the number {next_seq} is given again");
        Ok((id, effects))
    }

    pub fn uploaded(&mut self, name: BlobName) {
        let effects = self.outbox.uploaded(name);
        self.write(&effects);
    }

    pub fn withdraw(&mut self, id: OperationId) -> Withdrawal {
        let (withdrawal, effects) = self.outbox.withdraw(id, self.now()).expect("it waits");
        self.write(&effects);
        withdrawal
    }

    pub fn state(&self, id: OperationId) -> State {
        self.outbox.get(id).expect("kept").state.clone()
    }

    /// Sends now; a flight without deeds when there is nothing.
    pub fn send(&mut self) -> Flight {
        match self.outbox.send(self.now()) {
            Next::Send { flight, effects } => {
                self.write(&effects);
                self.flying = flight.number;
                flight
            }
            Next::Wait { .. } => Flight { number: 0, deeds: Vec::new() },
        }
    }

    /// Waits for the time the queue names, then sends.
    pub fn send_when_due(&mut self) -> Flight {
        if let Some(at) = self.outbox.next_try(self.now()) {
            self.ms = self.ms.max(at);
        }
        let flight = self.send();
        assert!(!flight.deeds.is_empty(), "it was due");
        flight
    }

    /// What goes out now, in order.
    pub fn sent(&mut self) -> Vec<OperationId> {
        self.send().deeds.iter().map(|deed| deed.id).collect()
    }

    pub fn results(&self, outcomes: &[(OperationId, Outcome)]) -> Vec<ItemResult> {
        outcomes.iter().map(|(id, outcome)| ItemResult { id: *id, outcome: outcome.clone() }).collect()
    }

    pub fn answer(&mut self, outcomes: &[(OperationId, Outcome)]) {
        let effects = self.outbox.answered(self.flying, &self.results(outcomes), self.now());
        self.write(&effects);
    }

    pub fn send_and_answer(&mut self, outcomes: &[(OperationId, Outcome)]) {
        self.outbox.hurry();
        self.send();
        self.answer(outcomes);
    }

    pub fn fail(&mut self, failure: Failure) {
        let effects = self.outbox.failed(self.flying, failure, self.now());
        self.write(&effects);
    }

    pub fn send_and_fail(&mut self, failure: Failure) {
        self.outbox.hurry();
        assert!(!self.send().deeds.is_empty(), "something to send");
        self.fail(failure);
    }

    /// A mirror that was not looked at on its way: built anew up to there.
    pub fn moved(&mut self, through: i64, seen: &[(OperationId, i64)]) -> Vec<(OperationId, Outcome)> {
        self.moved_from(through, through, seen)
    }

    pub fn moved_from(&mut self, from: i64, through: i64, seen: &[(OperationId, i64)]) -> Vec<(OperationId, Outcome)> {
        let effects = self.outbox.moved(from, through, seen, self.now());
        self.write(&effects);
        effects.decided
    }
}
