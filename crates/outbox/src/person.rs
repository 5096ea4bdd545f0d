//! What the person does: enter, change, take back, give up.

use crate::effects::{Effects, Now};
use crate::outbox::Outbox;
use crate::record::Record;
use crate::state::State;
use domain::OperationId;
use std::collections::BTreeSet;

/// What became of a wish to take something back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Withdrawal {
    /// It never left this computer, and never will.
    Done,
    /// It may have left: the server is being asked.
    Asked,
}

/// The operation is not there, or its state does not allow it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the state of the operation does not allow it")]
pub struct NotPossible;

impl Outbox {
    /// Whether a new operation takes the place of this one: it was never sent, or it cannot go on. Otherwise a change
    /// of it is an operation of its own.
    pub fn is_replaceable(&self, id: OperationId) -> bool {
        self.records.get(&id).is_some_and(|record| match record.state {
            State::Queued | State::Held { .. } => !record.ever_sent,
            State::Rejected { .. } | State::Attention { .. } => true,
            _ => false,
        })
    }

    /// Puts a new operation into the queue: at the end of its lane, or in the place of `replaces` if that
    /// [is replaceable](Self::is_replaceable). The record must have been sealed with the sequence of
    /// [`Self::device`], which this uses up.
    pub fn enqueue(&mut self, mut record: Record, replaces: Option<OperationId>, now: Now) -> Effects {
        let mut effects = Effects { device: true, ..Effects::default() };
        let mut lanes = BTreeSet::from([record.lane]);
        record.place = self.next_place;
        if let Some(old) = replaces.filter(|old| self.is_replaceable(*old)) {
            if let Some(place) = self.records.get(&old).map(|record| record.place) {
                record.place = place;
            }
            lanes.extend(self.turn(old, State::Replaced { by: record.id }, &mut effects));
            self.decided_at(old, now);
        }
        self.next_place = self.next_place.max(record.place + 1);
        self.device.next_seq += 1;
        effects.row(record.id);
        self.index(&record);
        self.records.insert(record.id, record);
        self.refresh_all(lanes, &mut effects);
        effects
    }

    /// Takes an operation back.
    pub fn withdraw(&mut self, id: OperationId, now: Now) -> Result<(Withdrawal, Effects), NotPossible> {
        let record = self.records.get_mut(&id).filter(|record| record.state.is_waiting()).ok_or(NotPossible)?;
        let mut effects = Effects::default();
        let lane = record.lane;
        let withdrawal = if record.ever_sent {
            record.withdrawing = true;
            effects.row(id);
            self.blamed.remove(&id);
            Withdrawal::Asked
        } else {
            self.turn(id, State::Withdrawn, &mut effects);
            self.decided_at(id, now);
            Withdrawal::Done
        };
        self.refresh_all(BTreeSet::from([lane]), &mut effects);
        Ok((withdrawal, effects))
    }

    /// Gives up an operation that cannot go on. What stands behind it moves up.
    pub fn discard(&mut self, id: OperationId, now: Now) -> Result<Effects, NotPossible> {
        self.records.get(&id).filter(|record| record.state.blocks_lane()).ok_or(NotPossible)?;
        let mut effects = Effects::default();
        let lanes = self.turn(id, State::Discarded, &mut effects).into_iter().collect();
        self.decided_at(id, now);
        self.refresh_all(lanes, &mut effects);
        Ok(effects)
    }

    pub(crate) fn decided_at(&mut self, id: OperationId, now: Now) {
        if let Some(record) = self.records.get_mut(&id) {
            record.decided_ms = Some(now.believed_ms);
        }
    }
}
