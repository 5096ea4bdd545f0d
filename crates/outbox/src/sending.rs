//! Batches: what goes out, and when.

use crate::backoff::Backoff;
use crate::effects::{Effects, Now};
use crate::needs::Standing;
use crate::outbox::Outbox;
use crate::state::State;
use domain::OperationId;
use std::collections::{BTreeMap, BTreeSet};
use wire::operation::Lane;
use wire::push::{Batch, Item};

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
        let mut lanes = BTreeMap::<Lane, usize>::new();
        let plain = self.is_plain();
        for id in ids {
            let after = self.after(id);
            let Some(record) = self.records.get_mut(&id) else { continue };
            let first = !record.ever_sent;
            deeds.push(Deed { id, withdraw: record.withdrawing, after, first });
            record.state = State::InFlight;
            record.ever_sent = true;
            record.attempts = record.attempts.saturating_add(1);
            *lanes.entry(record.lane).or_default() += 1;
            // A row that says "may have left" already need not be written for every try.
            if first {
                effects.row(id);
            }
        }
        if plain {
            // They were the first of their lanes, and what is behind them may go as it might before.
            lanes.into_iter().for_each(|(lane, count)| self.ready.take_first(lane, count));
        } else {
            self.refresh_all(lanes.into_keys().collect(), &mut effects);
        }
        self.flights += 1;
        let flight = Flight { number: self.flights, deeds };
        self.flight = Some(flight.clone());
        Next::Send { flight, effects }
    }

    /// Sends no more than so many operations at once from here on; never more than [`wire::MAX_BATCH`].
    pub fn set_batch_limit(&mut self, most: usize) {
        self.sizing.at_most(most);
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

    /// The device was restored from a copy: it begins a new life. Operations keep their ids and their bytes.
    pub fn new_incarnation(&mut self, number: u64, incarnation: domain::Incarnation) -> Effects {
        let mut effects = Effects { device: true, ..Effects::default() };
        let (_, mut lanes) = self.land(number);
        self.doubt_all(&mut lanes, &mut effects);
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
    pub(crate) fn land(&mut self, number: u64) -> (Vec<Deed>, BTreeSet<Lane>) {
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

    /// Whether a blamed operation has what it needs and stands first among those of its lane that can be sent.
    fn may_go(&self, id: OperationId) -> bool {
        let Some(record) = self.records.get(&id) else { return false };
        if record.withdrawing {
            return record.state != State::InFlight;
        }
        record.state == State::Queued
            && self.standing(record) == Standing::Met
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
