//! The server spoke about the items of a batch.

use crate::effects::{Effects, Now};
use crate::outbox::Outbox;
use crate::sending::Deed;
use crate::state::{Attention, State};
use domain::OperationId;
use std::collections::BTreeSet;
use wire::operation::Lane;
use wire::push::{ItemResult, Outcome};

impl Outbox {
    /// The server answered. An answer of an earlier batch, or the same one twice, changes nothing that is final. To a batch
    /// that left before the server was found to be another life of itself, the earlier one may have answered: that says
    /// nothing, and the batch goes again.
    pub fn answered(&mut self, number: u64, results: &[ItemResult], now: Now) -> Effects {
        let mut effects = Effects::default();
        let plain = self.is_plain();
        let (deeds, mut lanes) = self.land(number);
        if number <= self.other_life {
            self.refresh_all(lanes, &mut effects);
            return effects;
        }
        let mut any_final = false;
        for result in results {
            let deed = deeds.iter().find(|deed| deed.id == result.id);
            any_final |= self.decide(result, deed, now, &mut lanes, &mut effects);
        }
        // The feed may have been faster, and the answer then says nothing new. What is decided does not go round.
        any_final |=
            deeds.iter().any(|deed| self.records.get(&deed.id).is_none_or(|record| !record.state.is_waiting()));
        if !deeds.is_empty() {
            self.after_answer(any_final, now, &mut effects);
        }
        if plain && self.is_plain() {
            let unknown = results.iter().map(|result| result.id).filter(|id| !deeds.iter().any(|deed| deed.id == *id));
            let mut left = self.not_only_acked(deeds.iter().map(|deed| deed.id));
            left.extend(unknown.filter_map(|id| self.records.get(&id)).map(|record| record.lane));
            lanes = left;
        }
        self.refresh_all(lanes, &mut effects);
        effects
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
            Outcome::FilesMissing { .. } => {
                self.files_missing(id, now, lanes, effects);
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
        self.again.insert(id);
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
}
