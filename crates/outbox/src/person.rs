//! What the person does: enter, change, take back, give up.

use crate::blobs::Blob;
use crate::effects::{Effects, Now};
use crate::needs::Need;
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
    /// [`Self::device`], which this uses up. `blobs` are those among its needs that the queue may not know yet; their
    /// files are durable already.
    ///
    /// # Errors
    /// A need is not known, or the operation would wait for itself. Nothing is changed then.
    pub fn enqueue(
        &mut self,
        mut record: Record,
        blobs: &[Blob],
        replaces: Option<OperationId>,
        now: Now,
    ) -> Result<Effects, NotPossible> {
        let mut effects = Effects::default();
        let mut lanes = BTreeSet::from([record.lane]);
        let old = replaces.filter(|old| self.is_replaceable(*old));
        let place = old.and_then(|old| self.records.get(&old)).map(|old| old.place);
        record.place = place.unwrap_or(self.next_place);
        record.needs = self.as_of_now(record.needs);
        if !self.may_need(&record, blobs, old) {
            return Err(NotPossible);
        }
        for blob in blobs.iter().filter(|blob| record.needs.contains(&Need::Blob(blob.name))) {
            self.blobs.entry(blob.name).or_insert(*blob);
            effects.blobs.insert(blob.name);
        }
        self.try_again(&record.needs);
        if let Some(old) = old {
            lanes.extend(self.turn(old, State::Replaced { by: record.id }, &mut effects));
            self.decided_at(old, now);
            self.move_needs(old, record.id, &mut effects);
        }
        self.next_place = self.next_place.max(record.place + 1);
        self.device.next_seq += 1;
        effects.row(record.id);
        let id = record.id;
        self.index(&record);
        self.records.insert(id, record);
        if old.is_some() || !self.follows(id) {
            self.refresh_all(lanes, &mut effects);
        }
        Ok(effects)
    }

    /// Takes an operation back.
    pub fn withdraw(&mut self, id: OperationId, now: Now) -> Result<(Withdrawal, Effects), NotPossible> {
        let record = self.records.get_mut(&id).filter(|record| record.state.is_waiting()).ok_or(NotPossible)?;
        let mut effects = Effects::default();
        let lane = record.lane;
        let withdrawal = if record.ever_sent {
            record.withdrawing = true;
            self.withdrawing.insert(id);
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
