//! What need not be looked at again.
//!
//! Bringing a lane into order looks at all of it, which is right for whatever can happen to it and too much for what
//! happens all day: one more at its end, a batch taken from its front, a batch acknowledged. As long as nothing in the
//! queue stands on more than the order of its lane, those three change nothing about the rest, and the cost of an
//! operation does not grow with the length of its lane.

use crate::outbox::Outbox;
use crate::state::State;
use domain::OperationId;
use std::collections::BTreeSet;
use wire::operation::Lane;

impl Outbox {
    /// Whether nothing in the queue stands on more than the order of its lane: no needs, nothing being taken back, nobody
    /// to blame, nothing that goes once more ahead of what is on its way, nothing left to be looked at.
    pub(crate) fn is_plain(&self) -> bool {
        self.needed_by.is_empty()
            && self.withdrawing.is_empty()
            && self.blamed.is_empty()
            && self.again.is_empty()
            && self.stale.is_empty()
    }

    /// Lets what was entered at the end of its lane go behind the one before it, if that one is ready to go. Returns
    /// false when the lane has to be looked at.
    pub(crate) fn follows(&mut self, id: OperationId) -> bool {
        let Some(record) = self.records.get(&id).filter(|_| self.is_plain()) else { return false };
        let key = (record.priority, record.place, id);
        let before = self.lanes.before(record.lane, record.place, id).next();
        if self.lanes.of(record.lane).next_back() != Some(id) {
            return false;
        }
        self.ready.follows(record.lane, before, key)
    }

    /// The lanes of these among which something is left to be looked at: all but those in which every one was on its
    /// way and is acknowledged now. Such a one was not among what may go, and nothing waits for it.
    pub(crate) fn not_only_acked(&self, ids: impl Iterator<Item = OperationId>) -> BTreeSet<Lane> {
        let left = ids.filter_map(|id| self.records.get(&id)).filter(|r| !matches!(r.state, State::Acked { .. }));
        left.map(|record| record.lane).collect()
    }
}

#[cfg(test)]
mod tests {
    use crate::{Device, Effects, Failure, Next, Now, Outbox, Record, WHENEVER};
    use domain::{Incarnation, OperationId};
    use proptest::prelude::*;
    use uuid::Uuid;
    use wire::operation::{Lane, LaneKind, Sealed};
    use wire::problem::Rejection;
    use wire::push::{ItemResult, Outcome};

    #[derive(Debug, Clone)]
    enum Event {
        Enter { lane: u128, priority: i64, replaces: Option<u128> },
        Send,
        Answer { rejects: Vec<bool> },
        Fail,
        Seen { positions: i64 },
        Withdraw { which: u128 },
    }

    fn events() -> impl Strategy<Value = Vec<Event>> {
        let priority = prop_oneof![3 => Just(WHENEVER), 1 => 0_i64..3];
        let replaces = prop_oneof![5 => Just(None), 1 => (1_u128..20).prop_map(Some)];
        let event = prop_oneof![
            8 => (0_u128..3, priority, replaces)
                .prop_map(|(lane, priority, replaces)| Event::Enter { lane, priority, replaces }),
            4 => Just(Event::Send),
            4 => prop::collection::vec(prop::bool::weighted(0.1), 8).prop_map(|rejects| Event::Answer { rejects }),
            1 => Just(Event::Fail),
            2 => (0_i64..20).prop_map(|positions| Event::Seen { positions }),
            1 => (1_u128..20).prop_map(|which| Event::Withdraw { which }),
        ];
        prop::collection::vec(event, 1..60)
    }

    const NOW: Now = Now { ms: 0, believed_ms: 0, jitter: 0.0 };

    fn id(number: u128) -> OperationId {
        OperationId::new(Uuid::from_u128(number))
    }

    fn results(outbox: &Outbox, rejects: &[bool], position: &mut i64) -> Vec<ItemResult> {
        let deeds = outbox.flight.iter().flat_map(|flight| &flight.deeds).zip(rejects);
        let decide = |(deed, reject): (&crate::Deed, &bool)| {
            *position += 1;
            let position = *position;
            let outcome = match (deed.withdraw, reject) {
                (true, _) => Outcome::Withdrawn { position },
                (_, true) => Outcome::Rejected { rejection: Rejection::NotYours, position },
                _ => Outcome::Applied { position },
            };
            ItemResult { id: deed.id, outcome }
        };
        deeds.map(decide).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn what_is_ready_is_what_a_look_at_the_whole_queue_would_find(events in events()) {
            let device = Device { incarnation: Incarnation::new(Uuid::nil()), next_seq: 1 };
            let mut outbox = Outbox::open(device, Vec::new(), Vec::new());
            outbox.set_batch_limit(5);
            let (mut entered, mut position) = (0, 0);
            for event in &events {
                outbox.hurry();
                match event {
                    Event::Enter { lane, priority, replaces } => {
                        entered += 1;
                        let sealed = Sealed::from_text(entered.to_string()).expect("JSON");
                        let lane = Lane { kind: LaneKind::Meter, id: Uuid::from_u128(*lane) };
                        let record = Record::new(id(entered), sealed, lane, *priority, 0);
                        let _ = outbox.enqueue(record, &[], replaces.map(id), NOW);
                    }
                    Event::Send => {
                        if let Next::Send { flight, .. } = outbox.send(NOW) {
                            prop_assert!(!flight.deeds.is_empty());
                        }
                    }
                    Event::Answer { rejects } => {
                        let number = outbox.flights;
                        let results = results(&outbox, rejects, &mut position);
                        let _ = outbox.answered(number, &results, NOW);
                    }
                    Event::Fail => {
                        let _ = outbox.failed(outbox.flights, Failure::AnswerLost, NOW);
                    }
                    Event::Seen { positions } => {
                        // Also of some that are on their way: their answer is not there yet.
                        let flying: Vec<_> = outbox.flight.iter().flat_map(|flight| &flight.deeds).take(2).collect();
                        let seen: Vec<_> = flying.iter().map(|deed| (deed.id, position + 1)).collect();
                        position += 1;
                        let _ = outbox.moved(*positions / 2, *positions, &seen, NOW);
                    }
                    Event::Withdraw { which } => drop(outbox.withdraw(id(*which), NOW)),
                }
                let mut looked_at = outbox.clone();
                looked_at.refresh_all(outbox.lanes.all(), &mut Effects::default());
                prop_assert_eq!(&outbox.ready, &looked_at.ready);
                prop_assert_eq!(&outbox.records, &looked_at.records);
            }
        }
    }
}
