//! A batch brought no answer about its items: who waits, and for how long.

use crate::backoff::Backoff;
use crate::effects::{Effects, Now};
use crate::outbox::Outbox;
use crate::pause::{Failure, Pause};
use crate::state::State;
use domain::OperationId;
use std::collections::BTreeSet;
use wire::operation::Lane;

impl Outbox {
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

    /// The server was reached by another way, and took the session: the network is back, and nobody has to sign in. What
    /// the server itself asked for still holds. Nothing else would end such a pause of a queue that has nothing to send.
    pub fn reached(&mut self) -> Effects {
        let back = self.pause.is_some_and(|pause| pause != Pause::Busy);
        if back {
            self.backoff.reset();
            self.shut = false;
            self.pause = None;
        }
        Effects { pause_changed: back, ..Effects::default() }
    }

    pub(crate) fn blame(&mut self, id: OperationId, now: Now, lanes: &mut BTreeSet<Lane>) {
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
}
