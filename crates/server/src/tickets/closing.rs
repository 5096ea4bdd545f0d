//! What is done and nobody objected to closes by itself.

use super::table::{done_before, update};
use super::telling::{Doer, note, publish};
use crate::config::Config;
use crate::storage::{Sql, StoreError, Tx};
use domain::MessageText;
use domain::ticket::{Party, Status};
use wire::ticket::Happened;

const DAY_MS: i64 = 24 * 3_600_000;
/// A night after a holiday may close many; so many of them in one transaction.
const AT_ONCE: i64 = 200;

/// Whether anything is to be closed now.
pub fn is_due(sql: &mut dyn Sql, config: &Config, now_ms: i64) -> Result<bool, StoreError> {
    Ok(!done_before(sql, before(config, now_ms), 1)?.is_empty())
}

/// Closes some of what is due; how many.
pub fn close_due(tx: &mut Tx<'_>, config: &Config) -> Result<usize, StoreError> {
    let now_ms = tx.now_ms();
    let due = done_before(tx, before(config, now_ms), AT_ONCE)?;
    let count = due.len();
    let doer = Doer::server();
    for mut stored in due {
        let from = stored.ticket().status;
        stored.stand(Status::Closed, now_ms);
        // The settings' days may be none: then what is done is closed at the next minute.
        debug_assert!(from.check(Status::Closed, Party::Utility).is_ok());
        let moved = Happened::Moved { from, to: Status::Closed, reason: MessageText::default() };
        note(tx, config, &stored, &doer, moved)?;
        update(tx, &stored)?;
        publish(tx, stored, &doer);
    }
    Ok(count)
}

fn before(config: &Config, now_ms: i64) -> i64 {
    now_ms - i64::from(config.tickets.close_done_after_days(config.day(now_ms))) * DAY_MS
}
