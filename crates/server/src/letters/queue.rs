//! The letters that wait.

use super::words::Words;
use crate::params;
use crate::storage::{Row, Sql, StoreError, Tx};
use uuid::Uuid;

const DAY_MS: i64 = 24 * 3_600_000;
/// What was sent is kept so long, for the question whether it was; it is personal data.
const KEEP_DAYS: i64 = 30;
/// What no mail server took in so many days tells nothing new any more.
const TRY_DAYS: i64 = 3;
const FIRST_PAUSE_MS: i64 = 60_000;
const LONGEST_PAUSE_MS: i64 = 6 * 3_600_000;

/// A letter that is to be sent.
#[derive(Clone)]
pub struct Letter {
    /// What it tells of; also its own name, so that a receiver who got it twice can tell.
    pub event: Uuid,
    /// Whom.
    pub receiver: String,
    /// The heading.
    pub subject: String,
    /// The words.
    pub body: String,
    tries: i64,
    next_ms: i64,
}

/// A letter is personal data.
impl std::fmt::Debug for Letter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Letter({})", self.event)
    }
}

/// Writes the letter about an event, which is sent from `at_ms` on. A second one about the same event is none.
pub(super) fn put(tx: &mut Tx<'_>, event: Uuid, receiver: &str, words: &Words, at_ms: i64) -> Result<(), StoreError> {
    let now = tx.now_ms();
    tx.execute(
        "INSERT INTO letters (event, receiver, subject, body, created_ms, tries, next_ms)
         VALUES ($1, $2, $3, $4, $5, 0, $6) ON CONFLICT (event) DO NOTHING",
        params![event, receiver, &words.subject, &words.body, now, at_ms],
    )?;
    Ok(())
}

/// Writes the letter about an event anew and sends it now, unless somebody has begun to send it.
pub(super) fn rewrite(tx: &mut Tx<'_>, event: Uuid, words: &Words) -> Result<(), StoreError> {
    let now = tx.now_ms();
    tx.execute(
        "UPDATE letters SET subject = $2, body = $3, next_ms = $4 WHERE event = $1 AND tries = 0 AND next_ms IS NOT NULL",
        params![event, &words.subject, &words.body, now],
    )?;
    Ok(())
}

/// Letters whose time has come, the oldest first.
pub(super) fn due(sql: &mut dyn Sql, now_ms: i64, most: i64) -> Result<Vec<Letter>, StoreError> {
    let rows = sql.query(
        "SELECT event, receiver, subject, body, tries, next_ms FROM letters WHERE next_ms <= $1
         ORDER BY next_ms, created_ms, event LIMIT $2",
        params![now_ms, most],
    )?;
    rows.iter().map(read).collect()
}

/// Takes a letter for one try; false when another server has it. The next try is set before this one is made: a server
/// that dies between the two has not forgotten it.
pub(super) fn take(tx: &mut Tx<'_>, letter: &Letter) -> Result<bool, StoreError> {
    let now = tx.now_ms();
    let pause_ms = FIRST_PAUSE_MS.saturating_mul(1 << letter.tries.clamp(0, 16)).min(LONGEST_PAUSE_MS);
    let taken = tx.execute(
        "UPDATE letters SET tries = tries + 1, next_ms = $3 WHERE event = $1 AND next_ms = $2",
        params![letter.event, letter.next_ms, now + pause_ms],
    )?;
    Ok(taken > 0)
}

/// A mail server took it.
pub(super) fn sent(tx: &mut Tx<'_>, event: Uuid) -> Result<(), StoreError> {
    let now = tx.now_ms();
    tx.execute("UPDATE letters SET sent_ms = $2, next_ms = NULL WHERE event = $1", params![event, now])?;
    Ok(())
}

/// No mail server will ever take it.
pub(super) fn give_up(tx: &mut Tx<'_>, event: Uuid) -> Result<(), StoreError> {
    tx.execute("UPDATE letters SET next_ms = NULL WHERE event = $1", params![event])?;
    Ok(())
}

/// Gives up what nobody took in days.
pub fn give_up_old(tx: &mut Tx<'_>) -> Result<u64, StoreError> {
    let before = tx.now_ms() - TRY_DAYS * DAY_MS;
    tx.execute("UPDATE letters SET next_ms = NULL WHERE next_ms IS NOT NULL AND created_ms < $1", params![before])
}

/// Forgets letters that were sent, or given up, long ago.
pub fn sweep(tx: &mut Tx<'_>) -> Result<(), StoreError> {
    let before = tx.now_ms() - KEEP_DAYS * DAY_MS;
    tx.execute("DELETE FROM letters WHERE next_ms IS NULL AND created_ms < $1", params![before])?;
    Ok(())
}

fn read(row: &Row) -> Result<Letter, StoreError> {
    Ok(Letter {
        event: row.get(0)?,
        receiver: row.get(1)?,
        subject: row.get(2)?,
        body: row.get(3)?,
        tries: row.get(4)?,
        next_ms: row.get(5)?,
    })
}
