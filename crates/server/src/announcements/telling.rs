//! Announcements reach those they are for, and leave them again: at once for a few scopes, and for a whole town some hundreds at
//! a time, each in a transaction of its own.

use super::{audience, results, table};
use crate::config::{Config, stable_id};
use crate::files;
use crate::params;
use crate::storage::{Sql, StoreError, Tx};
use domain::AnnouncementId;
use domain::announcement::{Plan, Stage, Tally};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use wire::announcement::{Announcement, EditedAnnouncement, Poll};
use wire::entity::Entity;
use wire::feed::{Change, Scope};

/// So many scopes in one transaction.
const SCOPES_AT_ONCE: u32 = 500;
/// So many announcements turn in one transaction.
const TURNS_AT_ONCE: i64 = 20;

/// Whether an announcement turns, or somebody has to hear of one.
pub fn is_due(sql: &mut dyn Sql, now_ms: i64) -> Result<bool, StoreError> {
    let turns = sql.first("SELECT id FROM announcements WHERE next_ms <= $1 LIMIT 1", params![now_ms])?;
    let told = sql.first("SELECT scope FROM announcement_scopes WHERE due = 1 LIMIT 1", &[])?;
    Ok(turns.is_some() || told.is_some())
}

/// Does some of what is due.
pub fn tell_due(tx: &mut Tx<'_>, config: &Config) -> Result<(), StoreError> {
    let now = tx.now_ms();
    let due = "SELECT id FROM announcements WHERE next_ms <= $1 ORDER BY next_ms, id LIMIT $2";
    for row in tx.query(due, params![now, TURNS_AT_ONCE])? {
        let id: AnnouncementId = row.get(0)?;
        let Some(mut edited) = table::load(tx, id)? else { continue };
        let next_ms = settle(tx, config, &mut edited, false)?;
        table::turn(tx, &edited, next_ms)?;
        tx.emit(Scope::Editors, None, Change::Put { entity: Entity::EditedAnnouncement(Box::new(edited)) });
    }
    tell_some(tx, config, SCOPES_AT_ONCE)
}

/// Notes how it stands now and whom it is for; the moment at which it turns by itself. All who have it, or are to have it, are
/// due to hear of it.
pub(super) fn settle(
    tx: &mut Tx<'_>,
    config: &Config,
    edited: &mut EditedAnnouncement,
    meant_anew: bool,
) -> Result<Option<i64>, StoreError> {
    let now = tx.now_ms();
    edited.stage = edited.plan.stage(now);
    let id = edited.id;
    if edited.stage == Stage::Shown {
        let meant = "SELECT scope FROM announcement_scopes WHERE announcement_id = $1 AND meant = 1 LIMIT 1";
        if meant_anew || tx.first(meant, params![id])?.is_none() {
            audience::mean(tx, id, &edited.audience)?;
        }
    } else {
        tx.execute("UPDATE announcement_scopes SET meant = 0 WHERE announcement_id = $1", params![id])?;
    }
    let due = "UPDATE announcement_scopes SET due = 1 WHERE announcement_id = $1 AND (meant = 1 OR told = 1)";
    tx.execute(due, params![id])?;
    let results = edited.what.poll().filter(|poll| poll.results_shown).map(|poll| results_ms(config, poll));
    let results = results.filter(|at_ms| now < *at_ms && edited.stage == Stage::Shown);
    Ok(edited.plan.next_turn(now).into_iter().chain(results).min())
}

/// Tells at most so many scopes how their announcements stand.
pub(super) fn tell_some(tx: &mut Tx<'_>, config: &Config, at_most: u32) -> Result<(), StoreError> {
    let now = tx.now_ms();
    let due = "SELECT announcement_id, scope, meant, told FROM announcement_scopes WHERE due = 1
         ORDER BY announcement_id, scope LIMIT $1";
    let mut known: BTreeMap<AnnouncementId, Option<Told>> = BTreeMap::new();
    for row in tx.query(due, params![at_most])? {
        let (id, scope): (AnnouncementId, Scope) = (row.get(0)?, row.get(1)?);
        let (meant, told): (bool, bool) = (row.get(2)?, row.get(3)?);
        let held = match known.entry(id) {
            Entry::Occupied(held) => held.into_mut(),
            Entry::Vacant(free) => free.insert(told_now(tx, config, id, now)?),
        };
        if let Some((edited, results)) = held.as_ref().filter(|_| meant) {
            files::share(tx, scope, &edited.attachments)?;
            let entity = Entity::Announcement(Box::new(seen_in(edited, scope, results.clone())));
            tx.emit(scope, None, Change::Put { entity });
        } else if told {
            tx.emit(scope, None, Change::Gone { kind: "announcement".into(), id: seen_id(id, scope) });
        }
        let update = "UPDATE announcement_scopes SET told = $3, due = 0 WHERE announcement_id = $1 AND scope = $2";
        tx.execute(update, params![id, scope, meant])?;
    }
    Ok(())
}

/// An announcement with the results that residents are shown now.
type Told = (EditedAnnouncement, Option<Tally>);

fn told_now(sql: &mut dyn Sql, config: &Config, id: AnnouncementId, now: i64) -> Result<Option<Told>, StoreError> {
    let Some(edited) = table::load(sql, id)? else { return Ok(None) };
    let results = with_results(sql, config, &edited, now)?;
    Ok(Some((edited, results)))
}

/// The results, where residents are shown them now.
fn with_results(
    sql: &mut dyn Sql,
    config: &Config,
    edited: &EditedAnnouncement,
    now: i64,
) -> Result<Option<Tally>, StoreError> {
    match edited.what.poll() {
        Some(poll) if poll.results_shown && results_ms(config, poll) <= now => {
            results::tally(sql, edited.id, poll).map(Some)
        }
        _ => Ok(None),
    }
}

/// From when on no answer can come any more.
pub(super) fn results_ms(config: &Config, poll: &Poll) -> i64 {
    poll.ends_ms.saturating_add(i64::from(config.announcements.late_answers_hours) * 3_600_000)
}

fn seen_in(edited: &EditedAnnouncement, scope: Scope, results: Option<Tally>) -> Announcement {
    let (since_ms, until_ms) = match edited.plan {
        Plan::Publish { at_ms, until_ms } => (at_ms, until_ms),
        Plan::Draft | Plan::Withdrawn => (edited.changed_ms, None),
    };
    Announcement {
        id: seen_id(edited.id, scope),
        announcement: edited.id,
        headline: edited.headline.clone(),
        story: edited.story.clone(),
        importance: edited.importance,
        pinned: edited.pinned,
        attachments: edited.attachments.clone(),
        since_ms,
        until_ms,
        what: edited.what.clone(),
        results,
    }
}

fn seen_id(id: AnnouncementId, scope: Scope) -> uuid::Uuid {
    stable_id(&["announcement", &id.to_string(), &scope.to_string()])
}
