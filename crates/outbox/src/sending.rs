//! Batches: what goes out, and what the answers do.

use crate::backoff::Backoff;
use crate::effects::{Effects, Now};
use crate::outbox::Outbox;
use crate::pause::{Failure, Pause};
use crate::state::{Attention, State};
use domain::OperationId;
use std::collections::BTreeSet;
use wire::operation::Lane;
use wire::push::{Batch, Item, ItemResult, Outcome};

/// A batch on its way. There is one at a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flight {
    /// Tells an answer of this batch from a late one of another.
    pub number: u64,
    /// What it carries, lanes in order.
    pub deeds: Vec<Deed>,
}

/// One item of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deed {
    /// The operation.
    pub id: OperationId,
    /// Whether it is to be taken back instead of applied.
    pub withdraw: bool,
    /// The operation named as the one before it.
    pub after: Option<OperationId>,
    /// Whether no copy had left before this batch.
    pub first: bool,
}

/// What to do now about sending.
#[derive(Debug, Clone, PartialEq)]
pub enum Next {
    /// Write the effects durably, then send [`Outbox::batch`].
    Send {
        /// The batch.
        flight: Flight,
        /// What is to be written first.
        effects: Effects,
    },
    /// Nothing until something happens, or until this time by [`Now::ms`].
    Wait {
        /// When to ask again by itself.
        until_ms: Option<i64>,
    },
}

/// «Отправляется 1 из 2».
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sending {
    /// How many of this run the server has decided.
    pub done: u32,
    /// How many there are.
    pub total: u32,
}

impl Outbox {
    /// What goes out now.
    pub fn send(&mut self, now: Now) -> Next {
        if self.flight.is_some() || self.shut {
            return Next::Wait { until_ms: None };
        }
        if let Some(until) = self.backoff.until(now.ms) {
            return Next::Wait { until_ms: Some(until) };
        }
        // A slow one never goes twice running while others are ready.
        let slow_turn = !self.slow_went || self.ready.len() == 0;
        let due = |(id, wait): &(&OperationId, &Backoff)| self.may_go(**id) && wait.until(now.ms).is_none();
        let slow = self.blamed.iter().find(due).map(|(id, _)| *id).filter(|_| slow_turn);
        let ids = slow.map_or_else(|| self.ready.first(self.sizing.limit()), |id| vec![id]);
        self.slow_went = slow.is_some();
        if ids.is_empty() {
            self.run_done = 0;
            return Next::Wait { until_ms: self.next_slow_try(now) };
        }
        let mut effects = Effects::default();
        let mut deeds = Vec::with_capacity(ids.len());
        let mut lanes = BTreeSet::new();
        for id in ids {
            let after = self.after(id);
            let Some(record) = self.records.get_mut(&id) else { continue };
            let first = !record.ever_sent;
            deeds.push(Deed { id, withdraw: record.withdrawing, after, first });
            record.state = State::InFlight;
            record.ever_sent = true;
            record.attempts = record.attempts.saturating_add(1);
            lanes.insert(record.lane);
            // A row that says "may have left" already need not be written for every try.
            if first {
                effects.row(id);
            }
        }
        self.refresh_all(lanes, &mut effects);
        self.flights += 1;
        let flight = Flight { number: self.flights, deeds };
        self.flight = Some(flight.clone());
        Next::Send { flight, effects }
    }

    /// The body of the batch in flight.
    pub fn batch(&self) -> Option<Batch> {
        let item = |deed: &Deed| {
            if deed.withdraw {
                return Some(Item::Withdraw { id: deed.id });
            }
            let operation = self.records.get(&deed.id)?.sealed.clone()?;
            Some(Item::Apply { operation, after: deed.after })
        };
        let flight = self.flight.as_ref()?;
        Some(Batch { incarnation: self.device.incarnation, items: flight.deeds.iter().filter_map(item).collect() })
    }

    /// The server answered. An answer of an earlier batch, or the same one twice, changes nothing that is final.
    pub fn answered(&mut self, number: u64, results: &[ItemResult], now: Now) -> Effects {
        let mut effects = Effects::default();
        let (deeds, mut lanes) = self.land(number);
        let mut any_final = false;
        for result in results {
            let deed = deeds.iter().find(|deed| deed.id == result.id);
            any_final |= self.decide(result, deed, now, &mut lanes, &mut effects);
        }
        if !deeds.is_empty() {
            self.after_answer(any_final, now, &mut effects);
        }
        self.refresh_all(lanes, &mut effects);
        effects
    }

    /// The batch brought no answer about its items.
    pub fn failed(&mut self, number: u64, failure: Failure, now: Now) -> Effects {
        let mut effects = Effects::default();
        let (deeds, mut lanes) = self.land(number);
        if deeds.is_empty() {
            return effects;
        }
        if failure == Failure::NoConnection {
            for deed in deeds.iter().filter(|deed| deed.first) {
                if let Some(record) = self.records.get_mut(&deed.id).filter(|record| record.state.is_waiting()) {
                    record.ever_sent = false;
                    effects.row(deed.id);
                    if record.withdrawing {
                        // Asked while it seemed to be on its way, and it never left.
                        self.turn(deed.id, State::Withdrawn, &mut effects);
                        self.decided_at(deed.id, now);
                    }
                }
            }
        }
        if failure.is_suspicious() {
            let first = deeds[0].id;
            let alone = deeds.len() == 1;
            if alone && self.blamed.contains_key(&first) {
                // Known to fail: it waits for itself, and holds up nobody else.
                self.blame(first, now, &mut lanes);
                self.refresh_all(lanes, &mut effects);
                return effects;
            }
            let lane = self.records.get(&first).map(|record| record.lane);
            let others_wait = lane.is_some_and(|lane| self.ready.besides(lane) > 0);
            if self.sizing.failed(deeds.len(), failure == Failure::BatchRefused) && alone && others_wait {
                self.blame(first, now, &mut lanes);
            }
        }
        self.run_done = 0;
        self.paused(failure, now, &mut effects);
        self.refresh_all(lanes, &mut effects);
        effects
    }

    /// Nothing was sent because the way is known to be shut: no token, no network.
    pub fn hindered(&mut self, failure: Failure, now: Now) -> Effects {
        let mut effects = Effects::default();
        self.paused(failure, now, &mut effects);
        effects
    }

    /// The person is back, or asks to send now: waiting times begin anew, and what needed the person is tried again.
    pub fn hurry(&mut self) {
        self.backoff.reset();
        self.shut = false;
        for wait in self.blamed.values_mut() {
            wait.reset();
        }
    }

    /// The server was reached by another way: a pause that passes by itself has passed.
    pub fn reached(&mut self) -> Effects {
        self.backoff.reset();
        let passed = self.pause.is_some_and(Pause::passes_by_itself);
        if passed {
            self.pause = None;
        }
        Effects { pause_changed: passed, ..Effects::default() }
    }

    /// The device was restored from a copy: it begins a new life. Operations keep their ids and their bytes.
    pub fn new_incarnation(&mut self, number: u64, incarnation: domain::Incarnation) -> Effects {
        let mut effects = Effects { device: true, ..Effects::default() };
        let (_, lanes) = self.land(number);
        self.device = crate::Device { incarnation, next_seq: 1 };
        self.refresh_all(lanes, &mut effects);
        effects
    }

    /// The run that is being sent, if one is.
    pub fn sending(&self) -> Option<Sending> {
        let flight = self.flight.as_ref()?;
        let left = flight.deeds.len() + self.ready.len();
        Some(Sending { done: self.run_done, total: self.run_done + u32::try_from(left).unwrap_or(u32::MAX) })
    }

    /// When the next try is, if one is planned.
    pub fn next_try(&self, now: Now) -> Option<i64> {
        if self.flight.is_some() || self.shut {
            return None;
        }
        let ready = self.ready.len() > 0;
        let waits = ready || self.blamed.keys().any(|id| self.may_go(*id));
        match self.backoff.until(now.ms).filter(|_| waits) {
            Some(until) => Some(until),
            None if ready => Some(now.ms),
            None => self.next_slow_try(now),
        }
    }

    /// Ends the flight with this number: what it carried is queued again until something else is known.
    fn land(&mut self, number: u64) -> (Vec<Deed>, BTreeSet<Lane>) {
        let mut lanes = BTreeSet::new();
        let Some(flight) = self.flight.take_if(|flight| flight.number == number) else { return (Vec::new(), lanes) };
        for deed in &flight.deeds {
            if let Some(record) = self.records.get_mut(&deed.id)
                && record.state == State::InFlight
            {
                record.state = State::Queued;
                lanes.insert(record.lane);
            }
        }
        (flight.deeds, lanes)
    }

    /// Takes one result in. Returns whether it is final.
    fn decide(
        &mut self,
        result: &ItemResult,
        deed: Option<&Deed>,
        now: Now,
        lanes: &mut BTreeSet<Lane>,
        effects: &mut Effects,
    ) -> bool {
        let id = result.id;
        let Some(record) = self.records.get(&id).filter(|record| record.ever_sent && record.state.is_waiting()) else {
            return false;
        };
        let state = match &result.outcome {
            Outcome::Applied { position } => State::Acked { position: *position },
            // The person gave it up before it was known that it would not take effect.
            Outcome::Rejected { .. } if record.withdrawing => State::Discarded,
            Outcome::Rejected { rejection, position } => {
                State::Rejected { rejection: rejection.clone(), position: *position }
            }
            Outcome::Withdrawn { .. } => State::Withdrawn,
            Outcome::IdTaken => State::Attention { why: Attention::IdTaken },
            Outcome::Held { .. } => return false,
            Outcome::OutOfOrder => {
                lanes.extend(deed.and_then(|deed| deed.after).and_then(|before| self.send_again(before, effects)));
                return false;
            }
            Outcome::Failed => {
                if deed.is_some() {
                    self.blame(id, now, lanes);
                }
                return false;
            }
        };
        lanes.extend(self.turn(id, state, effects));
        self.decided_at(id, now);
        self.run_done += 1;
        effects.decided.push((id, result.outcome.clone()));
        true
    }

    /// The server does not know an operation that it acknowledged: it goes again under its old id.
    pub(crate) fn send_again(&mut self, id: OperationId, effects: &mut Effects) -> Option<Lane> {
        let record = self.records.get_mut(&id)?;
        let was_applied = matches!(record.state, State::Acked { .. } | State::Settled { .. });
        if !was_applied || record.sealed.is_none() {
            return None;
        }
        record.decided_ms = None;
        self.turn(id, State::Queued, effects)
    }

    /// The server spoke about the items: no pause is left. A batch of which nothing was decided still makes us wait,
    /// or it would go round for ever.
    fn after_answer(&mut self, any_final: bool, now: Now, effects: &mut Effects) {
        effects.pause_changed = self.pause.take().is_some();
        if !any_final {
            self.backoff.fail(now.ms, now.jitter, None);
            return;
        }
        self.backoff.reset();
        self.sizing.succeeded();
        let cleared = std::mem::take(&mut self.sizing.since_success);
        if cleared.len() > 1 {
            for id in cleared {
                if let Some(wait) = self.blamed.get_mut(&id) {
                    wait.reset();
                }
            }
        }
    }

    fn blame(&mut self, id: OperationId, now: Now, lanes: &mut BTreeSet<Lane>) {
        if !self.blamed.contains_key(&id) {
            self.sizing.since_success.push(id);
        }
        self.blamed.entry(id).or_insert(Backoff::slow()).fail(now.ms, now.jitter, None);
        lanes.extend(self.records.get(&id).map(|record| record.lane));
    }

    fn paused(&mut self, failure: Failure, now: Now, effects: &mut Effects) {
        let asked = if let Failure::Busy { retry_after_ms } = failure { retry_after_ms } else { None };
        // A refused batch is tried again smaller, at once, unless it cannot become smaller.
        if failure != Failure::BatchRefused || self.sizing.limit() == 1 {
            self.backoff.fail(now.ms, now.jitter, asked);
        }
        let Some(pause) = failure.pause(now.ms) else { return };
        self.shut = !pause.passes_by_itself();
        let still_offline = matches!((self.pause, pause), (Some(Pause::Offline { .. }), Pause::Offline { .. }));
        if !still_offline && self.pause != Some(pause) {
            self.pause = Some(pause);
            effects.pause_changed = true;
        }
    }

    /// Whether a blamed operation stands first among those of its lane that can be sent.
    fn may_go(&self, id: OperationId) -> bool {
        let Some(record) = self.records.get(&id) else { return false };
        if record.withdrawing {
            return record.state != State::InFlight;
        }
        record.state == State::Queued
            && !self.lanes.before(record.lane, record.place, id).any(|before| {
                let state = self.records.get(&before).map(|record| &record.state);
                state.is_some_and(|state| state.is_waiting() || state.blocks_lane())
            })
    }

    fn next_slow_try(&self, now: Now) -> Option<i64> {
        let waits = self.blamed.iter().filter(|(id, _)| self.may_go(**id));
        waits.map(|(_, wait)| wait.until(now.ms).unwrap_or(now.ms)).min()
    }
}
