//! The promise against a model: whatever people, network, server and power do, each entry takes effect at most once,
//! lanes keep their order, nothing leaves before what it needs, nothing vanishes, and a rejection holds only its lane and
//! what needs it. What the queue has let go of the mirror shows.

mod desk;

use desk::{Desk, blob};
use domain::OperationId;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use wire::operation::Lane;
use wire::problem::Rejection;
use wire::push::{Batch, Item, ItemResult, Outcome};
use zhkh_outbox::{Attention, BlobName, BlobState, Failure, Flight, Need, State, Unsendable, WHENEVER, Withdrawal};

/// One thing that happens.
#[derive(Debug, Clone)]
enum Step {
    Enter {
        lane: u128,
        urgent: bool,
        bad: bool,
        needs: Needs,
    },
    Change {
        which: usize,
        bad: bool,
        needs: Needs,
    },
    Upload,
    BlobLost {
        which: u8,
        told: bool,
    },
    /// The utility changes its mind about what it takes.
    Rules {
        which: u8,
    },
    Withdraw {
        which: usize,
    },
    Discard {
        which: usize,
    },
    Send {
        fault: Fault,
    },
    DelayedCopy,
    LateAnswer,
    Pull {
        pages: bool,
    },
    Restart {
        before_the_write: bool,
    },
    Restore,
}

/// What an entry needs: operations by how long ago they were entered, blobs by number.
#[derive(Debug, Clone)]
struct Needs {
    operations: Vec<usize>,
    blobs: Vec<u8>,
}

#[derive(Debug, Clone, Copy)]
enum Fault {
    None,
    NoConnection,
    RequestLost,
    AnswerLost,
    DelayedTwin,
    Busy,
    Ill,
    PowerCut,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let fault = prop_oneof![
        6 => Just(Fault::None),
        2 => Just(Fault::NoConnection),
        1 => Just(Fault::RequestLost),
        3 => Just(Fault::AnswerLost),
        2 => Just(Fault::DelayedTwin),
        1 => Just(Fault::Busy),
        1 => Just(Fault::Ill),
        1 => Just(Fault::PowerCut),
    ];
    let which = 0_usize..12;
    let bad = prop::bool::weighted(0.2);
    let some = prop::collection::vec(0_usize..12, 0..3);
    let needs = (
        prop_oneof![2 => Just(Vec::new()), 1 => some],
        prop_oneof![
            3 => Just(Vec::new()),
            1 => prop::collection::vec(1_u8..4, 1..3),
        ],
    );
    let needs = needs.prop_map(|(operations, blobs)| Needs { operations, blobs });
    let step = prop_oneof![
        6 => (0_u128..3, any::<bool>(), bad, needs.clone())
            .prop_map(|(lane, urgent, bad, needs)| Step::Enter { lane, urgent, bad, needs }),
        3 => (which.clone(), bad, needs).prop_map(|(which, bad, needs)| Step::Change { which, bad, needs }),
        2 => Just(Step::Upload),
        1 => (1_u8..4, any::<bool>()).prop_map(|(which, told)| Step::BlobLost { which, told }),
        1 => (1_u8..4).prop_map(|which| Step::Rules { which }),
        2 => which.clone().prop_map(|which| Step::Withdraw { which }),
        1 => which.prop_map(|which| Step::Discard { which }),
        8 => fault.prop_map(|fault| Step::Send { fault }),
        2 => Just(Step::DelayedCopy),
        1 => Just(Step::LateAnswer),
        2 => any::<bool>().prop_map(|pages| Step::Pull { pages }),
        2 => any::<bool>().prop_map(|before_the_write| Step::Restart { before_the_write }),
        1 => Just(Step::Restore),
    ];
    prop::collection::vec(step, 1..60)
}

/// The server: a ledger, and the effects in order.
#[derive(Clone, Default)]
struct Server {
    ledger: BTreeMap<OperationId, Outcome>,
    effects: Vec<OperationId>,
    blobs: BTreeSet<BlobName>,
    head: i64,
}

/// What an item of a batch stands on at the server.
#[derive(Clone)]
struct Sent {
    id: OperationId,
    after: Option<OperationId>,
    withdraw: bool,
    blobs: Vec<BlobName>,
}

impl Server {
    fn take(&mut self, batch: &[Sent], bad: &BTreeSet<OperationId>) -> Vec<ItemResult> {
        let mut results = Vec::new();
        for sent in batch {
            let outcome = self.ledger.get(&sent.id).cloned().unwrap_or_else(|| self.decide(sent, bad));
            results.push(ItemResult { id: sent.id, outcome });
        }
        results
    }

    fn decide(&mut self, sent: &Sent, bad: &BTreeSet<OperationId>) -> Outcome {
        let Sent { id, after, withdraw, ref blobs } = *sent;
        let position = self.head + 1;
        let outcome = if withdraw {
            Outcome::Withdrawn { position }
        } else {
            match after.map(|after| (after, self.ledger.get(&after))) {
                Some((_, None)) => return Outcome::OutOfOrder,
                Some((by, Some(Outcome::Rejected { .. }))) => return Outcome::Held { by },
                _ if !blobs.iter().all(|name| self.blobs.contains(name)) => {
                    return Outcome::FilesMissing { files: Vec::new() };
                }
                _ if bad.contains(&id) => Outcome::Rejected { rejection: Rejection::NotYours, position },
                _ => {
                    self.effects.push(id);
                    Outcome::Applied { position }
                }
            }
        };
        self.head = position;
        self.ledger.insert(id, outcome.clone());
        outcome
    }
}

type Copy3 = Vec<Sent>;

struct World {
    desk: Desk,
    server: Server,
    backup: Server,
    bad: BTreeSet<OperationId>,
    entered: Vec<OperationId>,
    lanes: BTreeMap<OperationId, Lane>,
    /// What the utility does not take now.
    refused: BTreeSet<BlobName>,
    /// What of it the person was told about.
    told: BTreeSet<BlobName>,
    delayed: Vec<Copy3>,
    late: Vec<(u64, Vec<ItemResult>)>,
    pulled: usize,
    /// The position up to which the mirror shows the feed.
    mirrored: i64,
}

fn copy_of(desk: &Desk, batch: &Batch) -> Copy3 {
    let id_of = |text: &str| -> OperationId {
        let number = text.trim_start_matches(r#"{"id":"#).split(',').next().expect("a beginning");
        let number: u128 = number.parse().expect("a number");
        OperationId::new(uuid::Uuid::from_u128(number))
    };
    let blobs = |id: OperationId| {
        let needs = desk.outbox.get(id).expect("kept").needs.iter();
        let blobs = needs.filter_map(|need| if let Need::Blob(name) = need { Some(*name) } else { None });
        blobs.collect()
    };
    let sent = batch.items.iter().map(|item| match item {
        Item::Apply { operation, after } => {
            let id = id_of(operation.text());
            Sent { id, after: *after, withdraw: false, blobs: blobs(id) }
        }
        Item::Withdraw { id } => Sent { id: *id, after: None, withdraw: true, blobs: Vec::new() },
    });
    let copy: Copy3 = sent.collect();
    for Sent { id, .. } in &copy {
        assert!(desk.disk[id].ever_sent, "it was sent and the disk does not know");
    }
    copy
}

impl World {
    fn new() -> Self {
        Self {
            desk: Desk::new(),
            server: Server::default(),
            backup: Server::default(),
            bad: BTreeSet::new(),
            entered: Vec::new(),
            lanes: BTreeMap::new(),
            refused: BTreeSet::new(),
            told: BTreeSet::new(),
            delayed: Vec::new(),
            late: Vec::new(),
            pulled: 0,
            mirrored: 0,
        }
    }

    fn pick(&self, which: usize) -> Option<OperationId> {
        let count = self.entered.len();
        (count > 0).then(|| self.entered[count - 1 - which % count])
    }

    fn enter(&mut self, lane: u128, urgent: bool, bad: bool, needs: &Needs, replaces: Option<OperationId>) {
        let priority = if urgent { 1 } else { WHENEVER };
        let operations = needs.operations.iter().filter_map(|which| self.pick(*which)).map(Need::Operation);
        let needs: Vec<_> = operations.chain(needs.blobs.iter().map(|number| Need::Blob(blob(*number)))).collect();
        let Ok((id, _)) = self.desk.enter_needing(lane, priority, &needs, replaces) else {
            assert!(replaces.is_some(), "only what takes another's place can wait for itself");
            return;
        };
        if bad {
            self.bad.insert(id);
        }
        self.entered.push(id);
        self.lanes.insert(id, desk::lane(lane));
    }

    fn step(&mut self, step: &Step) {
        match step {
            Step::Enter { lane, urgent, bad, needs } => self.enter(*lane, *urgent, *bad, needs, None),
            Step::Change { which, bad, needs } => {
                if let Some(old) = self.pick(*which) {
                    let lane = (0..3).find(|lane| desk::lane(*lane) == self.lanes[&old]).expect("one of three");
                    self.enter(lane, false, *bad, needs, Some(old));
                }
            }
            Step::Withdraw { which } => {
                if let Some(id) = self.pick(*which)
                    && let Ok((withdrawal, effects)) = self.desk.outbox.withdraw(id, self.desk.now())
                {
                    self.desk.write(&effects);
                    if withdrawal == Withdrawal::Done {
                        assert!(!self.server.ledger.contains_key(&id), "said to have never left");
                    }
                }
            }
            Step::Discard { which } => {
                if let Some(id) = self.pick(*which)
                    && let Ok(effects) = self.desk.outbox.discard(id, self.desk.now())
                {
                    self.desk.write(&effects);
                }
            }
            Step::Send { fault } => self.send(*fault),
            Step::Upload => self.upload(),
            Step::BlobLost { which, told } => {
                self.server.blobs.remove(&blob(*which));
                if *told {
                    let effects = self.desk.outbox.missed(blob(*which));
                    self.desk.write(&effects);
                }
            }
            Step::Rules { which } => {
                if !self.refused.remove(&blob(*which)) {
                    self.refused.insert(blob(*which));
                }
            }
            Step::DelayedCopy => {
                if let Some(copy) = self.delayed.pop() {
                    self.server.take(&copy, &self.bad);
                }
            }
            Step::LateAnswer => {
                if let Some((number, results)) = self.late.pop() {
                    let effects = self.desk.outbox.answered(number, &results, self.desk.now());
                    self.desk.write(&effects);
                }
            }
            Step::Pull { pages } => self.pull(*pages),
            Step::Restart { before_the_write } => {
                if *before_the_write {
                    // The power fails between the decision to send and the write: nothing was sent.
                    let _ = self.desk.outbox.send(self.desk.now());
                }
                self.desk.restart();
            }
            Step::Restore => {
                // The server comes back from its backup; copies of before are of another life and not delivered.
                let safe = self.backup.head;
                self.server = self.backup.clone();
                self.delayed.clear();
                self.late.clear();
                self.pulled = self.server.effects.len().min(self.pulled);
                self.mirrored = self.mirrored.min(safe);
                let effects = self.desk.outbox.new_epoch(safe);
                self.desk.write(&effects);
            }
        }
    }

    /// Uploads what is wanted.
    fn upload(&mut self) {
        for name in self.desk.outbox.wanted_blobs() {
            // What it has it does not refuse.
            if self.refused.contains(&name) && !self.server.blobs.contains(&name) {
                self.told.insert(name);
                let effects = self.desk.outbox.unsendable(name, Unsendable::Kind, self.desk.now());
                self.desk.write(&effects);
            } else {
                self.server.blobs.insert(name);
                self.desk.uploaded(name);
            }
        }
    }

    /// Nothing leaves before what it needs is on the server, as far as the queue was told. What left before may leave
    /// again without a file that the server does not take now: it may have had it.
    fn check_needs(&self, flight: &Flight) {
        for deed in flight.deeds.iter().filter(|deed| !deed.withdraw) {
            let id = deed.id;
            for need in &self.desk.outbox.get(id).expect("kept").needs {
                match need {
                    Need::Operation(needed) => {
                        assert!(self.server.effects.contains(needed), "{id} left before {needed}")
                    }
                    Need::Blob(name) => {
                        let there = self.desk.blobs[name].state == BlobState::OnServer;
                        assert!(there || !deed.first && self.told.contains(name), "{id} left before {name}");
                    }
                }
            }
        }
    }

    fn send(&mut self, fault: Fault) {
        self.desk.outbox.hurry();
        let flight = self.desk.send();
        if flight.deeds.is_empty() {
            return;
        }
        let copy = copy_of(&self.desk, &self.desk.outbox.batch().expect("in flight"));
        assert_eq!(copy.len(), flight.deeds.len());
        self.check_needs(&flight);
        match fault {
            Fault::NoConnection => self.desk.fail(Failure::NoConnection),
            Fault::RequestLost => {
                self.delayed.push(copy);
                self.desk.fail(Failure::AnswerLost);
            }
            Fault::Busy => self.desk.fail(Failure::Busy { retry_after_ms: Some(100) }),
            Fault::Ill => self.desk.fail(Failure::Server),
            Fault::AnswerLost => {
                let results = self.server.take(&copy, &self.bad);
                self.late.push((flight.number, results));
                self.desk.fail(Failure::AnswerLost);
            }
            Fault::PowerCut => {
                self.server.take(&copy, &self.bad);
                self.desk.restart();
                self.late.clear();
            }
            Fault::None | Fault::DelayedTwin => {
                let results = self.server.take(&copy, &self.bad);
                if matches!(fault, Fault::DelayedTwin) {
                    self.delayed.push(copy);
                    self.late.push((flight.number, results.clone()));
                }
                let effects = self.desk.outbox.answered(flight.number, &results, self.desk.now());
                self.desk.write(&effects);
            }
        }
    }

    /// The feed: shows effects made since, or only moves on. A backup is made now and then.
    fn pull(&mut self, pages: bool) {
        let seen: Vec<_> = self.server.effects[self.pulled..]
            .iter()
            .filter_map(|id| match self.server.ledger.get(id) {
                Some(Outcome::Applied { position }) => Some((*id, *position)),
                _ => None,
            })
            .collect();
        if pages {
            self.pulled = self.server.effects.len();
            let from = std::mem::replace(&mut self.mirrored, self.server.head);
            self.desk.moved_from(from, self.server.head, &seen);
        } else {
            self.backup = self.server.clone();
        }
    }

    /// What the queue has let go of, the mirror shows.
    fn check_overlay(&self) {
        for record in self.desk.outbox.records() {
            if let State::Settled { position } = record.state {
                assert!(position <= self.mirrored, "{} is shown by neither the queue nor the mirror", record.id);
            }
        }
    }

    /// A good day: everything that can go, goes.
    fn calm(&mut self) {
        for _ in 0..200 {
            self.desk.pass_time();
            self.send(Fault::None);
            self.upload();
        }
        self.pull(true);
    }

    /// Whether `id` waits for `by`, which waits for the person: by its lane, by need, or by both in turn.
    fn stands_on(&self, id: OperationId, by: OperationId) -> bool {
        let record = |id: &OperationId| self.desk.outbox.get(*id).expect("kept");
        let over = matches!(record(&by).state, State::Discarded | State::Withdrawn);
        if !over && !record(&by).state.blocks_lane() {
            return false;
        }
        let (mut seen, mut next) = (BTreeSet::new(), vec![id]);
        while let Some(id) = next.pop() {
            if !seen.insert(id) {
                continue;
            }
            let this = record(&id);
            if this.needs.contains(&Need::Operation(by)) {
                return true;
            }
            let before = self.entered.iter().map(record).filter(|r| r.lane == this.lane && r.place < this.place);
            let held = |r: &&zhkh_outbox::Record| matches!(r.state, State::Held { .. });
            let before: Vec<_> = before.collect();
            if !over && before.iter().any(|r| r.id == by) {
                return true;
            }
            next.extend(before.iter().filter(|r| held(r)).map(|r| r.id));
            next.extend(this.needs.iter().filter_map(|need| match need {
                Need::Operation(id) if held(&record(id)) => Some(*id),
                _ => None,
            }));
        }
        false
    }

    fn check(&self) {
        let effects: BTreeSet<_> = self.server.effects.iter().copied().collect();
        assert_eq!(effects.len(), self.server.effects.len(), "took effect twice");
        let record = |id: &OperationId| self.desk.outbox.get(*id).unwrap_or_else(|| panic!("{id} vanished"));
        for id in &self.entered {
            let record = record(id);
            assert_eq!(self.desk.disk[id].state.name(), record.state.name(), "the disk says something else of {id}");
            match &record.state {
                State::Settled { .. } => assert!(effects.contains(id), "{id} is shown as done and is not"),
                State::Rejected { .. } => assert!(self.bad.contains(id) && !effects.contains(id)),
                State::Held { by } => {
                    assert!(self.stands_on(*id, *by), "{id} is held by {by} for no reason");
                    assert!(!effects.contains(id));
                }
                State::Attention { why: Attention::File { .. } } => {
                    let blobs = record.needs.iter().filter_map(|need| match need {
                        Need::Blob(name) => Some(name),
                        Need::Operation(_) => None,
                    });
                    assert!(blobs.into_iter().any(|name| self.told.contains(name)), "{id} stops for no reason");
                    assert!(!effects.contains(id), "{id} took effect and stops");
                }
                State::Withdrawn | State::Discarded | State::Replaced { .. } => {
                    assert!(!effects.contains(id), "{id} was taken back and took effect");
                }
                other => panic!("{id} is still {other:?} after a good day"),
            }
        }
        let mut last: BTreeMap<Lane, u64> = BTreeMap::new();
        for id in &self.server.effects {
            let place = record(id).place;
            let before = last.insert(self.lanes[id], place).unwrap_or(0);
            assert!(before < place, "a lane lost its order at {id}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3_000, max_shrink_iters: 50_000, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn every_entry_takes_effect_at_most_once_in_the_order_of_its_lane_and_nothing_vanishes(steps in steps()) {
        let mut world = World::new();
        for step in &steps {
            world.step(step);
            world.check_overlay();
        }
        world.calm();
        world.check();
    }
}
