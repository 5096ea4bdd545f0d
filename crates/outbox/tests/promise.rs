//! The promise against a model: whatever people, network, server and power do, each entry takes effect at most once,
//! lanes keep their order, nothing vanishes, and a rejection holds only its lane.

mod desk;

use desk::Desk;
use domain::OperationId;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use wire::operation::Lane;
use wire::problem::Rejection;
use wire::push::{Batch, Item, ItemResult, Outcome};
use zhkh_outbox::{Failure, State, WHENEVER, Withdrawal};

/// One thing that happens.
#[derive(Debug, Clone)]
enum Step {
    Enter { lane: u128, urgent: bool, bad: bool },
    Change { which: usize, bad: bool },
    Withdraw { which: usize },
    Discard { which: usize },
    Send { fault: Fault },
    DelayedCopy,
    LateAnswer,
    Pull { pages: bool },
    Restart { before_the_write: bool },
    Restore,
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
    let step = prop_oneof![
        6 => (0_u128..3, any::<bool>(), bad).prop_map(|(lane, urgent, bad)| Step::Enter { lane, urgent, bad }),
        3 => (which.clone(), bad).prop_map(|(which, bad)| Step::Change { which, bad }),
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
    head: i64,
}

impl Server {
    fn take(
        &mut self,
        batch: &[(OperationId, Option<OperationId>, bool)],
        bad: &BTreeSet<OperationId>,
    ) -> Vec<ItemResult> {
        let mut results = Vec::new();
        for (id, after, withdraw) in batch {
            let outcome = self.ledger.get(id).cloned().unwrap_or_else(|| self.decide(*id, *after, *withdraw, bad));
            results.push(ItemResult { id: *id, outcome });
        }
        results
    }

    fn decide(
        &mut self,
        id: OperationId,
        after: Option<OperationId>,
        withdraw: bool,
        bad: &BTreeSet<OperationId>,
    ) -> Outcome {
        let position = self.head + 1;
        let outcome = if withdraw {
            Outcome::Withdrawn { position }
        } else {
            match after.map(|after| (after, self.ledger.get(&after))) {
                Some((_, None)) => return Outcome::OutOfOrder,
                Some((by, Some(Outcome::Rejected { .. }))) => return Outcome::Held { by },
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

type Copy3 = Vec<(OperationId, Option<OperationId>, bool)>;

struct World {
    desk: Desk,
    server: Server,
    backup: Server,
    bad: BTreeSet<OperationId>,
    entered: Vec<OperationId>,
    lanes: BTreeMap<OperationId, Lane>,
    delayed: Vec<Copy3>,
    late: Vec<(u64, Vec<ItemResult>)>,
    pulled: usize,
}

fn copy_of(desk: &Desk, batch: &Batch) -> Copy3 {
    let id_of = |text: &str| -> OperationId {
        let number: u128 = text.trim_matches('"').parse().expect("a number");
        OperationId::new(uuid::Uuid::from_u128(number))
    };
    let copy: Copy3 = batch
        .items
        .iter()
        .map(|item| match item {
            Item::Apply { operation, after } => (id_of(operation.text()), *after, false),
            Item::Withdraw { id } => (*id, None, true),
        })
        .collect();
    for (id, ..) in &copy {
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
            delayed: Vec::new(),
            late: Vec::new(),
            pulled: 0,
        }
    }

    fn pick(&self, which: usize) -> Option<OperationId> {
        let count = self.entered.len();
        (count > 0).then(|| self.entered[count - 1 - which % count])
    }

    fn enter(&mut self, lane: u128, urgent: bool, bad: bool, replaces: Option<OperationId>) {
        let priority = if urgent { 1 } else { WHENEVER };
        let (id, _) = self.desk.enter_for(lane, priority, replaces);
        if bad {
            self.bad.insert(id);
        }
        self.entered.push(id);
        self.lanes.insert(id, desk::lane(lane));
    }

    fn step(&mut self, step: &Step) {
        match step {
            Step::Enter { lane, urgent, bad } => self.enter(*lane, *urgent, *bad, None),
            Step::Change { which, bad } => {
                if let Some(old) = self.pick(*which) {
                    let lane = (0..3).find(|lane| desk::lane(*lane) == self.lanes[&old]).expect("one of three");
                    self.enter(lane, false, *bad, Some(old));
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
                let effects = self.desk.outbox.new_epoch(safe);
                self.desk.write(&effects);
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
            self.desk.moved(self.server.head, &seen);
        } else {
            self.backup = self.server.clone();
        }
    }

    /// A good day: everything that can go, goes.
    fn calm(&mut self) {
        for _ in 0..200 {
            self.desk.pass_time();
            self.send(Fault::None);
        }
        self.pull(true);
    }

    fn check(&self) {
        let effects: BTreeSet<_> = self.server.effects.iter().copied().collect();
        assert_eq!(effects.len(), self.server.effects.len(), "took effect twice");
        let record = |id: &OperationId| self.desk.outbox.get(*id).unwrap_or_else(|| panic!("{id} vanished"));
        let stopped: BTreeSet<_> =
            self.entered.iter().map(record).filter(|r| r.state.blocks_lane()).map(|r| r.lane).collect();
        for id in &self.entered {
            let record = record(id);
            assert_eq!(self.desk.disk[id].state.name(), record.state.name(), "the disk says something else of {id}");
            match &record.state {
                State::Settled { .. } => assert!(effects.contains(id), "{id} is shown as done and is not"),
                State::Rejected { .. } => assert!(self.bad.contains(id) && !effects.contains(id)),
                State::Held { .. } => assert!(stopped.contains(&record.lane) && !effects.contains(id)),
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
        }
        world.calm();
        world.check();
    }
}
