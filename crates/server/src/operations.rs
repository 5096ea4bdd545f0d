//! What devices push: the row of each operation in the ledger beside its effect and its row in the feed, all in one
//! transaction. A batch is decided as one; if anything in it fails, again, each operation in a savepoint of its own.

mod actor;
mod apply;
mod device_order;
mod effects;
mod ledger;
mod order;
mod push;

pub use actor::Actor;
pub use effects::{Deed, Effects};
pub use push::push;
pub(crate) use push::read_batch;

use crate::storage::{Committed, StoreError, Ticket, Undo};
use domain::{FileId, OperationId};
use wire::problem::Rejection;
use wire::push::{ItemResult, Outcome};

/// Why an operation takes no effect.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// For ever.
    #[error("rejected")]
    Rejection(Rejection),
    /// Until these files were uploaded.
    #[error("files are missing")]
    FilesMissing(Vec<FileId>),
    /// This time: the database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<Rejection> for Refused {
    fn from(rejection: Rejection) -> Self {
        Self::Rejection(rejection)
    }
}

impl Undo for Refused {}

/// A field of the body does not follow its rule.
pub(crate) fn invalid(field: &str) -> Refused {
    Rejection::FieldInvalid { field: field.to_owned() }.into()
}

/// A position in the feed that is known, or will be when the group commits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// From an earlier transaction.
    Known(i64),
    /// From this one.
    Pending(Ticket),
}

/// [`Outcome`] before the commit.
#[derive(Debug, Clone, PartialEq)]
pub enum Fate {
    /// It took effect.
    Applied(Place),
    /// It never will.
    Rejected(Rejection, Place),
    /// It was taken back in time.
    Withdrawn(Place),
    /// What it stands on was rejected.
    Held(OperationId),
    /// What it stands on has not come.
    OutOfOrder,
    /// These files have to be uploaded first.
    FilesMissing(Vec<FileId>),
    /// It alone makes the server fail.
    Failed,
    /// The id stands for something else.
    IdTaken,
}

/// What a batch came to, before the commit.
pub type Fates = Vec<(OperationId, Fate)>;

/// The answer, with positions.
pub fn answer(committed: &Committed<Fates>) -> Vec<ItemResult> {
    let at = |place: Place| match place {
        Place::Known(position) => position,
        Place::Pending(ticket) => committed.position(ticket),
    };
    let outcome = |fate: &Fate| match fate {
        Fate::Applied(place) => Outcome::Applied { position: at(*place) },
        Fate::Rejected(rejection, place) => Outcome::Rejected { rejection: rejection.clone(), position: at(*place) },
        Fate::Withdrawn(place) => Outcome::Withdrawn { position: at(*place) },
        Fate::Held(by) => Outcome::Held { by: *by },
        Fate::OutOfOrder => Outcome::OutOfOrder,
        Fate::FilesMissing(files) => Outcome::FilesMissing { files: files.clone() },
        Fate::Failed => Outcome::Failed,
        Fate::IdTaken => Outcome::IdTaken,
    };
    committed.value.iter().map(|(id, fate)| ItemResult { id: *id, outcome: outcome(fate) }).collect()
}
