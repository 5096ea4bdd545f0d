//! A blob that never reaches the server: what needs it cannot go on without the person.
//!
//! What never left needs attention at once. What may have left may have been done with the blob that the server had then,
//! and is not given up for that: it is asked about once more, under its old id. The ledger knows it, or the server misses
//! the file, and then it certainly was not done.

use crate::blobs::{BlobName, BlobState};
use crate::effects::{Effects, Now};
use crate::needs::Need;
use crate::outbox::Outbox;
use crate::record::Record;
use crate::state::{Attention, State};
use domain::OperationId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use wire::operation::Lane;

/// Why a file never reaches the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unsendable {
    /// It is larger than the utility takes.
    TooLarge,
    /// There is nothing in it.
    Empty,
    /// The utility takes no files of its kind.
    Kind,
    /// It is a picture of too many pixels.
    TooManyPixels,
    /// It cannot be read here any more.
    Lost,
}

impl Outbox {
    /// This blob never reaches the server.
    pub fn unsendable(&mut self, name: BlobName, why: Unsendable, now: Now) -> Effects {
        let mut effects = Effects::default();
        if self.blobs.get(&name).is_none_or(|blob| blob.state != BlobState::Here) {
            return effects;
        }
        self.unsendable.insert(name, why);
        let need = Need::Blob(name);
        let mut lanes = self.lanes_needing(need);
        let needing: Vec<_> = self.needed_by.of(need).filter(|id| self.never_left(*id)).collect();
        for id in needing {
            self.stops(id, why, now, &mut lanes, &mut effects);
        }
        self.refresh_all(lanes, &mut effects);
        effects
    }

    /// The server misses files of an operation: it is not done. Those that can come are wanted again.
    pub(crate) fn files_missing(
        &mut self,
        id: OperationId,
        now: Now,
        lanes: &mut BTreeSet<Lane>,
        effects: &mut Effects,
    ) {
        let Some(record) = self.records.get(&id) else { return };
        let (is_taken_back, names) = (record.withdrawing, record.needs.iter().filter_map(blob).collect::<Vec<_>>());
        // Which of its files the server means is not asked: whoever uploads asks it about each.
        for name in &names {
            lanes.extend(self.lost(*name, effects));
        }
        let why = names.iter().find_map(|name| self.unsendable.get(name)).copied();
        if let Some(why) = why.filter(|_| !is_taken_back) {
            self.stops(id, why, now, lanes, effects);
        }
    }

    /// Whether a blob that is here still has to be waited for by this operation.
    pub(crate) fn awaits(&self, record: &Record, name: BlobName) -> bool {
        !record.ever_sent || !self.unsendable.contains_key(&name)
    }

    /// Somebody wants it sent anew: the server may have changed its mind.
    pub(crate) fn try_again(&mut self, needs: &BTreeSet<Need>) {
        for name in needs.iter().filter_map(blob) {
            self.unsendable.remove(&name);
        }
    }

    fn never_left(&self, id: OperationId) -> bool {
        self.records.get(&id).is_some_and(|record| {
            matches!(record.state, State::Queued | State::Held { .. }) && !record.ever_sent && !record.withdrawing
        })
    }

    fn stops(&mut self, id: OperationId, why: Unsendable, now: Now, lanes: &mut BTreeSet<Lane>, effects: &mut Effects) {
        lanes.extend(self.turn(id, State::Attention { why: Attention::File { why } }, effects));
        self.decided_at(id, now);
    }
}

fn blob(need: &Need) -> Option<BlobName> {
    match need {
        Need::Blob(name) => Some(*name),
        Need::Operation(_) => None,
    }
}
