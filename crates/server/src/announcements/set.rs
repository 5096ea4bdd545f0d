//! An editor writes, plans, changes or withdraws an announcement.

use super::{audience, table, telling};
use crate::config::Config;
use crate::operations::{Deed, Refused, invalid};
use crate::params;
use crate::storage::{Sql, StoreError, Ticket as Place, Tx};
use crate::tickets::classifier;
use domain::announcement::{Audience, Plan, check_poll};
use domain::{Kopecks, SubtypeId};
use wire::announcement::{EditedAnnouncement, Offer, SetAnnouncement, What};
use wire::desk::Role;
use wire::entity::Entity;
use wire::feed::{Change, Scope};
use wire::problem::Rejection;
use wire::ticket::{Attachment, Enclosure};

/// The longest name of a group, in characters.
const LONGEST_GROUP: usize = 60;
/// The longest name of a partner and the longest phone, in characters.
const LONGEST_PARTNER: usize = 100;
/// So many scopes hear of it in the transaction itself; the others within a minute.
const TOLD_AT_ONCE: u32 = 200;

/// Takes an announcement as it is to be. Somebody else's change that the actor did not see is never written over.
pub fn set(tx: &mut Tx<'_>, deed: &Deed<'_>, body: &SetAnnouncement) -> Result<Place, Refused> {
    let by = deed.actor.staff(Role::Editor)?.signature();
    let (actor, operation) = (deed.operation.actor, deed.operation.id);
    let config = deed.effects.config;
    let now = tx.now_ms();
    let was = table::load(tx, body.announcement)?;
    if let Some(version) = table::unseen(tx, body.announcement, actor, deed.operation.base_version)? {
        return Err(Rejection::Changed { version }.into());
    }
    check(tx, config, body)?;
    let plan = plan(body, was.as_ref(), now)?;
    if let Some(was) = &was
        && was.what != body.what
        && !keeps_its_questions(was, body)
        && is_answered(tx, was)?
    {
        return Err(invalid("questions"));
    }
    let attachments = attachments(tx, deed, was.as_ref(), &body.attachments)?;
    let mut edited = EditedAnnouncement {
        id: body.announcement,
        headline: body.headline.clone(),
        story: body.story.clone(),
        importance: body.importance,
        pinned: body.pinned,
        attachments,
        what: body.what.clone(),
        audience: body.audience.clone(),
        named: audience::named(tx, &body.audience)?,
        plan,
        stage: plan.stage(now),
        by,
        changed_ms: deed.entered_ms(now),
    };
    let meant_anew = was.is_none_or(|was| was.audience != edited.audience);
    let next_ms = telling::settle(tx, config, &mut edited, meant_anew)?;
    table::write(tx, &edited, (actor, operation), next_ms)?;
    telling::tell_some(tx, config, TOLD_AT_ONCE)?;
    Ok(tx.emit(Scope::Editors, Some(operation), Change::Put { entity: Entity::EditedAnnouncement(Box::new(edited)) }))
}

fn check(tx: &mut Tx<'_>, config: &Config, body: &SetAnnouncement) -> Result<(), Refused> {
    body.audience.check().map_err(|_| invalid("audience"))?;
    let known = match &body.audience {
        Audience::Houses { houses } => all(tx, "houses", houses.iter().map(|house| house.uuid()))?,
        Audience::Accounts { accounts } => all(tx, "accounts", accounts.iter().map(|account| account.uuid()))?,
        Audience::All | Audience::Streets { .. } | Audience::Debt { .. } => true,
    };
    if !known {
        return Err(invalid("audience"));
    }
    match &body.what {
        What::News => Ok(()),
        What::Poll(poll) => check_poll(&poll.questions).map_err(|_| invalid("questions")),
        What::Offer(offer) => check_offer(tx, config, offer),
    }
}

fn check_offer(sql: &mut dyn Sql, config: &Config, offer: &Offer) -> Result<(), Refused> {
    let fits = |text: &str, most: usize| text.chars().count() <= most && !text.contains(char::is_control);
    if !fits(&offer.group, LONGEST_GROUP) {
        return Err(invalid("group"));
    }
    if !fits(&offer.partner, LONGEST_PARTNER) {
        return Err(invalid("partner"));
    }
    if !fits(&offer.phone, LONGEST_PARTNER) {
        return Err(invalid("phone"));
    }
    if offer.price.is_some_and(|price| price < Kopecks(0)) {
        return Err(invalid("price"));
    }
    match offer.order {
        Some(subtype) if !is_taken(sql, config, subtype)? => Err(invalid("order")),
        _ => Ok(()),
    }
}

/// Whether the classifier has the subtype.
fn is_taken(sql: &mut dyn Sql, config: &Config, subtype: SubtypeId) -> Result<bool, StoreError> {
    let types = classifier::types(sql, config)?;
    Ok(types.iter().any(|kind| kind.subtypes.iter().any(|of| of.id == subtype)))
}

fn all(sql: &mut dyn Sql, table: &str, ids: impl Iterator<Item = uuid::Uuid>) -> Result<bool, StoreError> {
    for id in ids {
        if sql.first(&format!("SELECT id FROM {table} WHERE id = $1"), params![id])?.is_none() {
            return Ok(false);
        }
    }
    Ok(true)
}

/// When it is shown, as the server understands it: what was meant for a moment that is over begins now, and what residents
/// have seen already keeps its day.
fn plan(body: &SetAnnouncement, was: Option<&EditedAnnouncement>, now: i64) -> Result<Plan, Refused> {
    let Plan::Publish { at_ms, until_ms } = body.plan else { return Ok(body.plan) };
    let since = was.and_then(|was| match was.plan {
        Plan::Publish { at_ms, .. } if at_ms <= now => Some(at_ms),
        _ => None,
    });
    let at_ms = if at_ms > now { at_ms } else { since.unwrap_or(now) };
    let plan = Plan::Publish { at_ms, until_ms };
    if !plan.is_possible() {
        return Err(invalid("until_ms"));
    }
    match body.what.poll() {
        Some(poll) if poll.ends_ms <= at_ms => Err(invalid("ends_ms")),
        _ => Ok(plan),
    }
}

/// Whether the answers that are there still answer it.
fn keeps_its_questions(was: &EditedAnnouncement, body: &SetAnnouncement) -> bool {
    match (was.what.poll(), body.what.poll()) {
        (Some(was), Some(now)) => was.questions == now.questions,
        (None, _) => true,
        (Some(_), None) => false,
    }
}

fn is_answered(sql: &mut dyn Sql, edited: &EditedAnnouncement) -> Result<bool, StoreError> {
    let answered = "SELECT user_id FROM announcement_marks WHERE announcement_id = $1 AND answers IS NOT NULL LIMIT 1";
    Ok(sql.first(answered, params![edited.id])?.is_some())
}

/// What was there stays as it is, whoever brought it; what is new has to be the actor's.
fn attachments(
    tx: &mut Tx<'_>,
    deed: &Deed<'_>,
    was: Option<&EditedAnnouncement>,
    enclosed: &[Enclosure],
) -> Result<Vec<Attachment>, Refused> {
    let had = was.map_or(&[][..], |was| &was.attachments);
    let old = |file: &Enclosure| had.iter().find(|had| had.file == file.file);
    let new: Vec<Enclosure> = enclosed.iter().filter(|file| old(file).is_none()).cloned().collect();
    let rules = deed.effects.config.files.on(deed.effects.config.day(tx.now_ms()));
    if enclosed.len() > usize::from(rules.limits.files) {
        return Err(invalid("attachments"));
    }
    let mut brought = deed.effects.attach(tx, deed.operation.actor, &[Scope::Editors], &new)?.into_iter();
    Ok(enclosed.iter().filter_map(|file| old(file).cloned().or_else(|| brought.next())).collect())
}
