//! What the feed tells the queue: what the mirror contains now, what was forgotten by the server, what may be
//! forgotten here.

use crate::effects::{Effects, Now};
use crate::outbox::Outbox;
use crate::record::Record;
use crate::state::{Attention, State};
use domain::OperationId;
use std::collections::BTreeSet;
use wire::operation::Lane;
use wire::push::Outcome;

/// How long a settled operation is kept when the server never says that it has a backup: 35 days.
pub const KEEP_MS: i64 = 35 * 86_400_000;
/// How long it is kept at least, for «Принято сегодня» in every time zone: two days.
pub const SHOW_MS: i64 = 2 * 86_400_000;

impl Outbox {
    /// The mirror, which stood at `from`, now contains the feed up to `through`. `seen` are the effects of operations
    /// on the way there, each with its position; those of other devices are passed over. An operation whose answer was
    /// lost is acknowledged by its effect; so is one that was to take none, but a copy of this queue had sent it, or a
    /// restored server had forgotten that.
    ///
    /// What was acknowledged on that way and is not among `seen` goes again under its old id: the server was put back to
    /// a copy that ends where the mirror stood, so that no cursor tells, or the person does not see the effect any more;
    /// the ledger knows which.
    pub fn moved(&mut self, from: i64, through: i64, seen: &[(OperationId, i64)], now: Now) -> Effects {
        let mut effects = Effects::default();
        let mut lanes = BTreeSet::new();
        let plain = self.is_plain();
        for (id, position) in seen {
            let stopped = |state: &State| matches!(state, State::Attention { why: Attention::File { .. } });
            let news = |record: &&Record| record.state.is_waiting() || is_over(&record.state) || stopped(&record.state);
            let Some(record) = self.records.get(id).filter(news) else { continue };
            // What was on its way was not among what may go, and as long as all is plain nothing waits for it.
            let left = !plain || record.state != State::InFlight;
            let lane = self.turn(*id, State::Acked { position: *position }, &mut effects);
            lanes.extend(lane.filter(|_| left));
            self.decided_at(*id, now);
            if let Some(record) = self.records.get_mut(id) {
                record.ever_sent = true;
            }
            effects.decided.push((*id, Outcome::Applied { position: *position }));
        }
        let seen: BTreeSet<_> = seen.iter().map(|(id, _)| *id).collect();
        while let Some((position, id)) = self.acked.first().copied().filter(|(position, _)| *position <= through) {
            let is_there = position <= from || seen.contains(&id);
            let lane = if is_there { None } else { self.send_again(id, &mut effects) };
            if lane.is_none() {
                // Nothing asks whether what was acknowledged is in the mirror too.
                self.turn(id, State::Settled { position }, &mut effects);
            }
            lanes.extend(lane);
        }
        self.refresh_all(lanes, &mut effects);
        effects
    }

    /// The server's database is another life of itself. What it acknowledged above `safe`, the last position it had
    /// reported as backed up, may be lost: it goes again under its old id, and the ledger sorts out what was not lost.
    ///
    /// Not the restored head is asked, because others may have moved it on before we saw it.
    ///
    /// It may have forgotten as well what it had refused or granted to be taken back, and a copy that was delayed in the
    /// network could then take effect: what was rejected is asked about again, and what must not take effect any more is
    /// taken back again.
    pub fn new_epoch(&mut self, safe: i64) -> Effects {
        let mut effects = Effects::default();
        let mut lanes = BTreeSet::new();
        let applied = |state: &State| match state {
            State::Acked { position } | State::Settled { position } => *position > safe,
            _ => false,
        };
        let lost: Vec<_> = self.records.values().filter(|r| applied(&r.state)).map(|r| r.id).collect();
        for id in lost {
            lanes.extend(self.send_again(id, &mut effects));
        }
        let over: Vec<_> = self.records.values().filter(|r| r.ever_sent && is_over(&r.state)).map(|r| r.id).collect();
        for id in over {
            lanes.extend(self.ask_again(id, &mut effects));
        }
        self.other_life = self.flights;
        self.miss_all(&mut effects);
        self.refresh_all(lanes, &mut effects);
        effects
    }

    /// This queue is a copy of one that went on: what it says never left may have left there. What waits counts as sent,
    /// and what the person has done away with here is taken back there.
    pub(crate) fn doubt_all(&mut self, lanes: &mut BTreeSet<Lane>, effects: &mut Effects) {
        let unsent: Vec<_> = self.records.values().filter(|record| !record.ever_sent).map(|record| record.id).collect();
        for id in unsent {
            let Some(record) = self.records.get_mut(&id) else { continue };
            record.ever_sent = true;
            effects.row(id);
            if is_over(&record.state) {
                self.ask_again(id, effects);
            }
        }
        lanes.extend(self.lanes.all());
    }

    /// What the server had decided against, it is asked about again; what the person has done away with, it is to take
    /// back again.
    fn ask_again(&mut self, id: OperationId, effects: &mut Effects) -> Option<Lane> {
        let record = self.records.get_mut(&id)?;
        let rejected = matches!(record.state, State::Rejected { .. });
        if rejected && record.sealed.is_none() {
            return None;
        }
        record.decided_ms = None;
        self.again.insert(id);
        let lane = self.turn(id, State::Queued, effects);
        if !rejected && let Some(record) = self.records.get_mut(&id) {
            record.withdrawing = true;
            self.withdrawing.insert(id);
        }
        lane
    }

    /// Forgets what is over: settled operations that the server has in a backup (or that are 35 days old), and what was
    /// withdrawn, replaced or given up long ago, and the blobs that nothing needs any more. Never anything that is still on its way or waits for the person.
    pub fn forget_old(&mut self, backed_up: i64, now: Now) -> Effects {
        let over = |state: &State, age: i64| match state {
            State::Settled { position } => age > KEEP_MS || (*position <= backed_up && age > SHOW_MS),
            State::Withdrawn | State::Replaced { .. } | State::Discarded => age > KEEP_MS,
            _ => false,
        };
        let old = self.records.values().filter(|record| {
            let decided = record.decided_ms.unwrap_or(now.believed_ms);
            over(&record.state, now.believed_ms.saturating_sub(decided))
                && (matches!(record.state, State::Settled { .. }) || !self.stops_somebody(record.id))
        });
        let forgotten: Vec<_> = old.map(|record| record.id).collect();
        for id in &forgotten {
            if let Some(record) = self.records.remove(id) {
                self.unindex(&record);
            }
        }
        // That their numbers were used up stood in these rows alone.
        let mut effects = Effects { device: !forgotten.is_empty(), forgotten, ..Effects::default() };
        self.forget_blobs(&mut effects);
        effects
    }
}

/// Whether it is over without an effect.
const fn is_over(state: &State) -> bool {
    matches!(state, State::Rejected { .. } | State::Replaced { .. } | State::Discarded | State::Withdrawn)
}
