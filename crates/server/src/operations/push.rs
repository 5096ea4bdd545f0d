//! One batch: its items in order, each on its own.

use super::apply::apply;
use super::ledger::{self, Deed};
use super::{Actor, Effects, Fate, Fates, Place, Refused, device_order, order};
use crate::failure::{Failure, unreadable};
use crate::sessions::Caller;
use crate::storage::{Head, StoreError, Ticket, Tx};
use domain::{FileId, Incarnation, OperationId, UserId};
use serde::Deserialize;
use std::collections::BTreeMap;
use wire::feed::{Change, Scope};
use wire::operation::{Lane, Operation, Sealed};
use wire::problem::{Code, Rejection};
use wire::push::{Batch, Item};

/// Applies a batch; every item gets its fate. Refuses the whole batch only when it is too large or unreadable, or comes
/// from a restored copy.
pub fn push(tx: &mut Tx<'_>, effects: Effects<'_>, caller: &Caller, batch: &Batch) -> Result<Fates, Failure> {
    if batch.items.len() > wire::MAX_BATCH {
        return Err(Code::TooLarge.into());
    }
    let items = batch.items.iter().map(Wanted::read).collect::<Result<Vec<_>, _>>()?;
    let own: Vec<(u64, OperationId)> =
        items.iter().filter_map(|item| item.own(caller.user, batch.incarnation)).collect();
    device_order::check(tx, caller.user, batch.incarnation, &own)?;
    let actor = Actor::of(tx, caller.user)?;
    // Nearly every batch is fine as a whole, and savepoints around each operation cost more than its effect.
    match tx.savepoint(|tx| together(tx, effects, caller, &actor, &items)) {
        Ok(fates) => Ok(fates),
        Err(Refused::Store(error)) if error.is_everybodys() => Err(error.into()),
        Err(_) => Ok(one_by_one(tx, effects, caller, &actor, &items)?),
    }
}

/// Decides all items as one. An error, whatever its cause: nothing of it may stay, and they have to go one by one.
fn together(
    tx: &mut Tx<'_>,
    effects: Effects<'_>,
    caller: &Caller,
    actor: &Actor,
    items: &[Wanted<'_>],
) -> Result<Fates, Refused> {
    let effect = |tx: &mut Tx<'_>, operation: &Operation| apply(tx, effects, caller, actor, operation).map(Ok);
    in_order(items, |item, stopped| decide(tx, caller, item, stopped, effect))
}

/// Decides each item in a savepoint of its own: one that fails takes no other with it, one that is rejected leaves only
/// its row in the ledger.
fn one_by_one(
    tx: &mut Tx<'_>,
    effects: Effects<'_>,
    caller: &Caller,
    actor: &Actor,
    items: &[Wanted<'_>],
) -> Result<Fates, StoreError> {
    let effect = |tx: &mut Tx<'_>, operation: &Operation| match tx
        .savepoint(|tx| apply(tx, effects, caller, actor, operation))
    {
        Ok(ticket) => Ok(Ok(ticket)),
        Err(Refused::Rejection(rejection)) => Ok(Err(NotDone::Rejected(rejection))),
        Err(Refused::FilesMissing(files)) => Ok(Err(NotDone::FilesMissing(files))),
        Err(Refused::Store(error)) => Err(error),
    };
    in_order(items, |item, stopped| match tx.savepoint(|tx| decide(tx, caller, item, stopped, effect)) {
        Err(error) if !error.is_everybodys() => {
            tracing::error!(operation = %item.id(), %error, "an operation makes the server fail");
            Ok(Fate::Failed)
        }
        decided => decided,
    })
}

/// Decides one item after another; each hears which lanes those before it stopped.
fn in_order<E>(
    items: &[Wanted<'_>],
    mut decide: impl FnMut(&Wanted<'_>, &Stopped) -> Result<Fate, E>,
) -> Result<Fates, E> {
    let mut stopped = Stopped::default();
    let next = |item: &Wanted<'_>| {
        let fate = decide(item, &stopped)?;
        stopped.note(item, &fate);
        Ok((item.id(), fate))
    };
    items.iter().map(next).collect()
}

/// The lanes in which an operation of this batch did not take effect, and what what is new there comes to.
///
/// `after` alone does not tell. A computer that was put back to an older copy of its disk sends again what it holds, and
/// of two in a lane the life that it lost may have sent the second: known here, that one takes effect as it did, and what
/// names it would pass the first.
#[derive(Default)]
struct Stopped(BTreeMap<Lane, Fate>);

impl Stopped {
    fn note(&mut self, item: &Wanted<'_>, fate: &Fate) {
        let stop = match fate {
            Fate::Applied(_) | Fate::Withdrawn(_) => return,
            Fate::Rejected(..) => Fate::Held(item.id()),
            Fate::Held(by) => Fate::Held(*by),
            Fate::OutOfOrder | Fate::FilesMissing(_) | Fate::Failed | Fate::IdTaken => Fate::OutOfOrder,
        };
        if let Some(lane) = item.lane() {
            self.0.entry(lane).or_insert(stop);
        }
    }

    fn of(&self, item: &Wanted<'_>) -> Option<Fate> {
        self.0.get(&item.lane()?).cloned()
    }
}

/// Reads the items of a batch as [`push`] does: each id, and whether the operation itself can be read.
pub(crate) fn read_batch(batch: &Batch) -> Result<Vec<(OperationId, bool)>, Failure> {
    let known = |item: &Wanted<'_>| matches!(item, Wanted::Apply { operation: Some(_), .. });
    batch.items.iter().map(|item| Wanted::read(item).map(|item| (item.id(), known(&item)))).collect()
}

/// An item with its operation opened.
enum Wanted<'a> {
    Apply { sealed: &'a Sealed, head: Envelope, operation: Option<Box<Operation>>, after: Option<OperationId> },
    Withdraw { id: OperationId },
}

/// What even an operation of an unknown kind must tell.
#[derive(Deserialize)]
struct Envelope {
    id: OperationId,
    actor: UserId,
    incarnation: Incarnation,
    device_seq: u64,
    #[serde(default)]
    replaces: Option<OperationId>,
}

impl<'a> Wanted<'a> {
    fn read(item: &'a Item) -> Result<Self, Failure> {
        match item {
            Item::Apply { operation: sealed, after } => {
                let head = serde_json::from_str(sealed.text()).map_err(|_| unreadable("items"))?;
                Ok(Self::Apply { sealed, head, operation: sealed.open().ok().map(Box::new), after: *after })
            }
            Item::Withdraw { id } => Ok(Self::Withdraw { id: *id }),
        }
    }

    fn id(&self) -> OperationId {
        match self {
            Self::Apply { head, .. } => head.id,
            Self::Withdraw { id } => *id,
        }
    }

    /// Its lane. None for what is taken back, which waits for nobody, and for what cannot be read.
    fn lane(&self) -> Option<Lane> {
        match self {
            Self::Apply { operation: Some(operation), .. } => Some(operation.lane),
            Self::Apply { .. } | Self::Withdraw { .. } => None,
        }
    }

    fn own(&self, user: UserId, incarnation: Incarnation) -> Option<(u64, OperationId)> {
        match self {
            Self::Apply { head, .. } if head.actor == user && head.incarnation == incarnation => {
                Some((head.device_seq, head.id))
            }
            _ => None,
        }
    }
}

/// Why an operation leaves nothing behind.
enum NotDone {
    /// For ever.
    Rejected(Rejection),
    /// Until these files came.
    FilesMissing(Vec<FileId>),
}

/// The fate of an item. `effect` does what an operation asks, or says why not and leaves nothing of it behind.
fn decide<E: From<StoreError>>(
    tx: &mut Tx<'_>,
    caller: &Caller,
    item: &Wanted<'_>,
    stopped: &Stopped,
    effect: impl FnOnce(&mut Tx<'_>, &Operation) -> Result<Result<Ticket, NotDone>, E>,
) -> Result<Fate, E> {
    match item {
        Wanted::Withdraw { id } => Ok(withdraw(tx, caller, *id)?),
        Wanted::Apply { sealed, head, operation, after } => {
            let hash = sealed.hash().0;
            if let Some(entry) = ledger::find(tx, head.id)? {
                let same = entry.hash.as_ref().is_none_or(|known| known[..] == hash);
                return Ok(if same && entry.actor == caller.user { entry.fate } else { Fate::IdTaken });
            }
            if head.actor != caller.user {
                // Nothing is written under the id: delivered by its own person, it may still take effect.
                return Ok(Fate::Rejected(Rejection::NotYours, Place::Known(Head::read(tx)?.seq)));
            }
            if let Some(stop) = stopped.of(item) {
                return Ok(stop);
            }
            if let Some(after) = after
                && let Some(obstacle) = order::obstacle(tx, caller.user, *after, head.replaces)?
            {
                return Ok(obstacle);
            }
            let applied = match operation {
                Some(operation) => effect(tx, operation)?,
                None => Err(NotDone::Rejected(Rejection::BodyUnknown)),
            };
            let fate = match applied {
                Ok(ticket) => Fate::Applied(Place::Pending(ticket)),
                Err(NotDone::FilesMissing(files)) => return Ok(Fate::FilesMissing(files)),
                Err(NotDone::Rejected(rejection)) => {
                    Fate::Rejected(rejection, Place::Pending(decided(tx, caller.user, head.id)))
                }
            };
            let deed = Deed { id: head.id, actor: caller.user, hash: Some(&hash), replaces: head.replaces };
            ledger::record(tx, &deed, &fate)?;
            Ok(fate)
        }
    }
}

/// Final either way: what was decided is said again; what was never seen will never take effect.
fn withdraw(tx: &mut Tx<'_>, caller: &Caller, id: OperationId) -> Result<Fate, StoreError> {
    if let Some(entry) = ledger::read(tx, id)? {
        return Ok(if entry.actor == caller.user { entry.fate } else { Fate::IdTaken });
    }
    let fate = Fate::Withdrawn(Place::Pending(decided(tx, caller.user, id)));
    ledger::record(tx, &Deed { id, actor: caller.user, hash: None, replaces: None }, &fate)?;
    Ok(fate)
}

fn decided(tx: &mut Tx<'_>, user: UserId, operation: OperationId) -> Ticket {
    tx.emit(Scope::User(user), Some(operation), Change::Decided)
}
