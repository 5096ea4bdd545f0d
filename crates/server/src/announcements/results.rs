//! What came of an announcement: who read it, and what was answered.

use super::{audience, table};
use crate::params;
use crate::storage::{Sql, StoreError};
use domain::AnnouncementId;
use domain::announcement::{Answer, Tally};
use wire::announcement::{AnnouncementResults, Poll, PollWords};

/// So many answers in words are told at once, the newest.
const MOST_WORDS: usize = 1_000;

/// How it stands now; `None` when there is no such announcement.
pub fn of(sql: &mut dyn Sql, id: AnnouncementId) -> Result<Option<AnnouncementResults>, StoreError> {
    let Some(edited) = table::load(sql, id)? else { return Ok(None) };
    let row = sql.first("SELECT COUNT(*) FROM announcement_marks WHERE announcement_id = $1", params![id])?;
    let readers = row.ok_or(StoreError::Column(0))?.get(0)?;
    let people = audience::reached(sql, id)?;
    let poll = edited.what.poll();
    let tally = poll.map(|poll| tally(sql, id, poll)).transpose()?;
    let words = if poll.is_some() { words(sql, id)? } else { Vec::new() };
    Ok(Some(AnnouncementResults { people, readers, tally, words }))
}

/// The answers, counted.
pub(super) fn tally(sql: &mut dyn Sql, id: AnnouncementId, poll: &Poll) -> Result<Tally, StoreError> {
    let mut tally = Tally::empty(&poll.questions);
    for answers in answers(sql, id)? {
        tally.add(&answers);
    }
    Ok(tally)
}

fn words(sql: &mut dyn Sql, id: AnnouncementId) -> Result<Vec<PollWords>, StoreError> {
    let mut words = Vec::new();
    for answers in answers(sql, id)? {
        for (answer, question) in answers.into_iter().zip(0_u8..) {
            match answer {
                Answer::Words { words: said } if !said.is_empty() => words.push(PollWords { question, words: said }),
                _ => {}
            }
        }
    }
    words.truncate(MOST_WORDS);
    Ok(words)
}

/// The newest first.
fn answers(sql: &mut dyn Sql, id: AnnouncementId) -> Result<Vec<Vec<Answer>>, StoreError> {
    let rows = sql.query(
        "SELECT answers FROM announcement_marks WHERE announcement_id = $1 AND answers IS NOT NULL
         ORDER BY answered_ms DESC, user_id",
        params![id],
    )?;
    rows.iter().map(|row| row.json(0)).collect()
}
