//! `after`: inside a lane nothing overtakes.

use super::Fate;
use super::ledger::{read, replacement};
use crate::storage::{StoreError, Tx};
use domain::{OperationId, UserId};

/// How many replacements of replacements are followed; people do not correct an entry more often.
const CHAIN: usize = 32;

/// What stands in the way of an operation that names `after`; `None` when nothing does.
///
/// An operation that was replaced is decided by the one that stands for it, and `replaces` itself may be what is named.
pub(super) fn obstacle(
    tx: &mut Tx<'_>,
    actor: UserId,
    after: OperationId,
    replaces: Option<OperationId>,
) -> Result<Option<Fate>, StoreError> {
    let mut named = after;
    for _ in 0..CHAIN {
        if replaces == Some(named) {
            return Ok(None);
        }
        let entry = read(tx, named)?.filter(|entry| entry.actor == actor);
        if entry.as_ref().is_some_and(|entry| matches!(entry.fate, Fate::Applied(_) | Fate::Withdrawn(_))) {
            return Ok(None);
        }
        match (replacement(tx, named)?, entry) {
            (Some(instead), _) => named = instead,
            (None, Some(_)) => return Ok(Some(Fate::Held(named))),
            (None, None) => return Ok(Some(Fate::OutOfOrder)),
        }
    }
    Ok(Some(Fate::Held(named)))
}
