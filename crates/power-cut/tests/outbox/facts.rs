//! What was told, to the person or over the network, and at which point: no later cut may make it untrue.

use domain::{Incarnation, OperationId};
use outbox::BlobName;
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard};
use wire::push::Outcome;

/// Something that was told.
#[derive(Debug, Clone)]
pub enum Fact {
    /// An entry is kept, with these bytes.
    Kept { id: OperationId, text: String },
    /// It took the place of another.
    Replaced { old: OperationId, by: OperationId },
    /// It was taken back and never left.
    TakenBack(OperationId),
    /// The server is being asked to take it back.
    Asked(OperationId),
    /// The person gave it up.
    GivenUp(OperationId),
    /// A copy left this computer.
    Left(OperationId),
    /// A number of this device stands for this operation.
    Numbered { life: Incarnation, number: u64, id: OperationId },
    /// The server decided.
    Decided { id: OperationId, outcome: Outcome },
    /// A blob is stored.
    Stored(BlobName),
    /// An entry needs a blob.
    Needs(OperationId, BlobName),
    /// A secret is kept: the so manieth of its name.
    Secret(u64),
}

#[derive(Default)]
pub struct Facts(Mutex<Vec<(usize, Fact)>>);

impl Facts {
    pub fn all(&self) -> MutexGuard<'_, Vec<(usize, Fact)>> {
        self.0.lock().expect("whole")
    }

    pub fn tell(&self, point: usize, fact: Fact) {
        self.all().push((point, fact));
    }

    /// Those of a point.
    pub fn until(&self, point: usize) -> Vec<Fact> {
        self.all().iter().filter(|(at, _)| *at <= point).map(|(_, fact)| fact.clone()).collect()
    }

    /// The bytes of every entry, told before the cut or after.
    pub fn texts(&self) -> BTreeMap<OperationId, String> {
        let kept = |(_, fact): &(usize, Fact)| match fact {
            Fact::Kept { id, text } => Some((*id, text.clone())),
            _ => None,
        };
        self.all().iter().filter_map(kept).collect()
    }
}
