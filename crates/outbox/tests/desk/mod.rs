//! A queue with a disk that is a map, and a clock that the test moves.
#![allow(dead_code, reason = "each test program uses its own part")]

use domain::{Incarnation, OperationId};
use std::collections::BTreeMap;
use uuid::Uuid;
use wire::operation::{Lane, LaneKind, Sealed};
use wire::push::{ItemResult, Outcome};
use zhkh_outbox::{Device, Effects, Failure, Flight, Next, Now, Outbox, Record, State, WHENEVER, Withdrawal};

/// A queue, its disk and its clock.
pub struct Desk {
    pub outbox: Outbox,
    pub disk: BTreeMap<OperationId, Record>,
    pub device: Device,
    pub flying: u64,
    ms: i64,
    minted: u128,
}

pub fn lane(number: u128) -> Lane {
    Lane { kind: LaneKind::Meter, id: Uuid::from_u128(number + 1_000) }
}

impl Desk {
    pub fn new() -> Self {
        let device = Device { incarnation: Incarnation::new(Uuid::from_u128(1)), next_seq: 1 };
        let outbox = Outbox::open(device, Vec::new());
        Self { outbox, disk: BTreeMap::new(), device, flying: 0, ms: 1_000_000, minted: 0 }
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
        if effects.device {
            self.device = self.outbox.device();
        }
    }

    pub fn restart(&mut self) {
        self.outbox = Outbox::open(self.device, self.disk.values().cloned().collect());
    }

    pub fn enter(&mut self, lane: u128) -> OperationId {
        self.enter_for(lane, WHENEVER, None).0
    }

    pub fn enter_for(&mut self, on: u128, priority: i64, replaces: Option<OperationId>) -> (OperationId, Effects) {
        self.minted += 1;
        let id = OperationId::new(Uuid::from_u128(self.minted));
        let sealed = Sealed::from_text(format!("\"{}\"", self.minted)).expect("JSON");
        let record = Record::new(id, sealed, lane(on), priority, self.ms);
        let effects = self.outbox.enqueue(record, replaces, self.now());
        self.write(&effects);
        (id, effects)
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

    pub fn moved(&mut self, through: i64, seen: &[(OperationId, i64)]) -> Vec<(OperationId, Outcome)> {
        let effects = self.outbox.moved(through, seen, self.now());
        self.write(&effects);
        effects.decided
    }
}
