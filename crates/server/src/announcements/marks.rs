//! What residents do with an announcement: they read it and answer.

use super::{table, telling};
use crate::config::stable_id;
use crate::feed;
use crate::operations::{Deed, Refused, invalid};
use crate::params;
use crate::storage::{Sql, StoreError, Ticket as Place, Tx, Value};
use domain::announcement::{Answer, check_answers};
use domain::{AnnouncementId, OperationId, UserId};
use wire::announcement::{AnnouncementMark, AnswerPoll, ReadAnnouncement};
use wire::entity::Entity;
use wire::feed::{Change, Scope};
use wire::problem::Rejection;

/// A resident opened it. The first time counts.
pub fn read(tx: &mut Tx<'_>, deed: &Deed<'_>, body: &ReadAnnouncement) -> Result<Place, Refused> {
    let user = deed.actor.resident()?;
    was_seen(tx, user, body.announcement)?;
    mark_read(tx, deed, user, body.announcement)?;
    Ok(publish(tx, user, body.announcement, deed.operation.id)?)
}

/// A resident answers a poll. Of several answers the last counts. What was entered in time counts even when it comes late, as
/// long as the results have not been told.
pub fn answer(tx: &mut Tx<'_>, deed: &Deed<'_>, body: &AnswerPoll) -> Result<Place, Refused> {
    let user = deed.actor.resident()?;
    was_seen(tx, user, body.announcement)?;
    let edited = table::load(tx, body.announcement)?.ok_or(Rejection::NotYours)?;
    let poll = edited.what.poll().ok_or_else(|| invalid("announcement"))?;
    let (now, entered) = (tx.now_ms(), deed.entered_ms(tx.now_ms()));
    if entered >= poll.ends_ms || telling::results_ms(deed.effects.config, poll) <= now {
        return Err(Rejection::PollEnded.into());
    }
    check_answers(&poll.questions, &body.answers).map_err(|problem| Rejection::AnswersWrong { problem })?;
    mark_read(tx, deed, user, body.announcement)?;
    // Another device may have sent a later answer before.
    tx.execute(
        "UPDATE announcement_marks SET answers = $3, answered_ms = $4
         WHERE announcement_id = $1 AND user_id = $2 AND (answered_ms IS NULL OR answered_ms <= $4)",
        params![body.announcement, user, Value::json(&body.answers)?, entered],
    )?;
    Ok(publish(tx, user, body.announcement, deed.operation.id)?)
}

/// Whether it was ever told to this person: it may have been withdrawn since.
fn was_seen(sql: &mut dyn Sql, user: UserId, id: AnnouncementId) -> Result<(), Refused> {
    for scope in feed::scopes(sql, user)? {
        let row = sql.first(
            "SELECT scope FROM announcement_scopes WHERE announcement_id = $1 AND scope = $2",
            params![id, scope],
        )?;
        if row.is_some() {
            return Ok(());
        }
    }
    Err(Rejection::NotYours.into())
}

fn mark_read(tx: &mut Tx<'_>, deed: &Deed<'_>, user: UserId, id: AnnouncementId) -> Result<(), StoreError> {
    let read_ms = deed.entered_ms(tx.now_ms());
    tx.execute(
        "INSERT INTO announcement_marks (announcement_id, user_id, read_ms) VALUES ($1, $2, $3)
         ON CONFLICT (announcement_id, user_id) DO NOTHING",
        params![id, user, read_ms],
    )?;
    Ok(())
}

fn publish(
    tx: &mut Tx<'_>,
    user: UserId,
    announcement: AnnouncementId,
    operation: OperationId,
) -> Result<Place, StoreError> {
    let row = tx.first(
        "SELECT read_ms, answers FROM announcement_marks WHERE announcement_id = $1 AND user_id = $2",
        params![announcement, user],
    )?;
    let row = row.ok_or(StoreError::Column(0))?;
    let has_answers: Option<String> = row.get(1)?;
    let answers: Option<Vec<Answer>> = has_answers.map(|_| row.json(1)).transpose()?;
    let id = stable_id(&["announcement mark", &announcement.to_string(), &user.to_string()]);
    let mark = AnnouncementMark { id, announcement, read_ms: row.get(0)?, answers };
    Ok(tx.emit(Scope::User(user), Some(operation), Change::Put { entity: Entity::AnnouncementMark(mark) }))
}
