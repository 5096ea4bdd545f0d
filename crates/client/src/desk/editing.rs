//! Announcements as their editors see them: the mirror with what was entered here laid over it.

use super::look::Look;
use crate::overlay::entry::{Entry, Fate};
use crate::overlay::tickets::attachments::{self, Shelf};
use crate::store::StoreError;
use crate::view::{AttachmentView, EditedKind, EditedRow, EditedWhat, Mark};
use domain::announcement::Plan;
use domain::{AnnouncementId, PersonName};
use std::cmp::Reverse;
use std::collections::BTreeMap;
use wire::announcement::{EditedAnnouncement, SetAnnouncement, What};
use wire::entity::Entity;
use wire::operation::Body;
use wire::ticket::Enclosure;

/// An announcement as it is to be.
pub(crate) struct Laid {
    /// All of it.
    pub(crate) set: SetAnnouncement,
    /// How the server has it, if it does.
    pub(crate) mirrored: Option<EditedAnnouncement>,
    /// Who changed it last.
    pub(crate) by: String,
    /// When.
    pub(crate) changed_ms: i64,
    /// Where the change is that was entered here.
    pub(crate) mark: Option<Mark>,
}

/// All of them, what changed last first.
pub(crate) fn all(look: &Look) -> Result<Vec<Laid>, StoreError> {
    let found = look.all("edited_announcement", |entity| match entity {
        Entity::EditedAnnouncement(edited) => Some(*edited),
        _ => None,
    })?;
    let mut all: BTreeMap<AnnouncementId, Laid> =
        found.into_iter().map(|edited| (edited.id, mirrored(edited))).collect();
    for entry in &look.entries {
        let Some(Body::SetAnnouncement(body)) = entry.body() else { continue };
        lay(look, &mut all, entry, body);
    }
    let mut all: Vec<_> = all.into_values().collect();
    all.sort_by_key(|laid| (Reverse(laid.changed_ms), laid.set.announcement));
    Ok(all)
}

/// One of them.
pub(crate) fn one(look: &Look, id: AnnouncementId) -> Result<Option<Laid>, StoreError> {
    Ok(all(look)?.into_iter().find(|laid| laid.set.announcement == id))
}

/// The entry whose place the next change may take.
pub(crate) fn replaceable(look: &Look, id: AnnouncementId) -> Option<&Entry> {
    let sets = |entry: &&Entry| matches!(entry.body(), Some(Body::SetAnnouncement(body)) if body.announcement == id);
    look.entries.iter().rev().find(sets).filter(|entry| entry.replaceable())
}

fn lay(look: &Look, all: &mut BTreeMap<AnnouncementId, Laid>, entry: &Entry, body: &SetAnnouncement) {
    let mark = (!matches!(entry.fate, Fate::Acked { .. })).then(|| entry.mark());
    match all.get_mut(&body.announcement) {
        // What the server refused stands beside what it has: the person decides.
        Some(known) if !entry.overlays(look.seq) => {
            if entry.needs_attention() {
                known.mark = mark;
            }
        }
        known => {
            if known.is_none() && !entry.overlays(look.seq) && !entry.needs_attention() {
                return;
            }
            let laid = Laid {
                set: body.clone(),
                mirrored: known.and_then(|known| known.mirrored.take()),
                by: PersonName::shortened(&look.profile.name),
                changed_ms: entry.captured_ms,
                mark,
            };
            all.insert(body.announcement, laid);
        }
    }
}

fn mirrored(edited: EditedAnnouncement) -> Laid {
    let enclosed = edited.attachments.iter().map(|had| Enclosure { file: had.file, name: had.name.clone() });
    Laid {
        set: SetAnnouncement {
            announcement: edited.id,
            headline: edited.headline.clone(),
            story: edited.story.clone(),
            importance: edited.importance,
            pinned: edited.pinned,
            attachments: enclosed.collect(),
            what: edited.what.clone(),
            audience: edited.audience.clone(),
            plan: edited.plan,
        },
        by: edited.by.clone(),
        changed_ms: edited.changed_ms,
        mark: None,
        mirrored: Some(edited),
    }
}

impl Laid {
    /// Its line.
    pub(crate) fn row(&self, now_ms: i64) -> EditedRow {
        let (since_ms, until_ms) = match self.set.plan {
            Plan::Publish { at_ms, until_ms } => (Some(at_ms), until_ms),
            Plan::Draft | Plan::Withdrawn => (None, None),
        };
        EditedRow {
            announcement: self.set.announcement.to_string(),
            headline: self.set.headline.as_str().to_owned(),
            kind: match self.set.what {
                What::News => EditedKind::News,
                What::Poll(_) => EditedKind::Poll,
                What::Offer(_) => EditedKind::Offer,
            },
            stage: self.set.plan.stage(now_ms),
            importance: self.set.importance,
            pinned: self.set.pinned,
            since_ms,
            until_ms,
            by: self.by.clone(),
            changed_ms: self.changed_ms,
            mark: self.mark.clone(),
        }
    }

    /// Its files.
    pub(crate) fn attachments(&self, shelf: &Shelf<'_>) -> Vec<AttachmentView> {
        let had = self.mirrored.as_ref().map_or(&[][..], |edited| &edited.attachments);
        let view = |file: &Enclosure| match had.iter().find(|had| had.file == file.file) {
            Some(had) => attachments::mirrored(had, shelf),
            None => attachments::entered(file, shelf, true),
        };
        self.set.attachments.iter().map(view).collect()
    }

    /// The addresses of those it is for, as the server named them for this audience.
    pub(crate) fn named(&self) -> Vec<String> {
        let same = self.mirrored.as_ref().filter(|edited| edited.audience == self.set.audience);
        same.map(|edited| edited.named.clone()).unwrap_or_default()
    }

    /// What it is, as it is typed.
    pub(crate) fn what(&self) -> EditedWhat {
        match &self.set.what {
            What::News => EditedWhat::News,
            What::Poll(poll) => EditedWhat::Poll {
                questions: poll.questions.clone(),
                ends_ms: poll.ends_ms,
                results_shown: poll.results_shown,
            },
            What::Offer(offer) => EditedWhat::Offer {
                group: offer.group.clone(),
                price: offer.price.map(|price| price.to_registry().replace('.', ",")).unwrap_or_default(),
                price_from: offer.price_from,
                partner: offer.partner.clone(),
                order: offer.order.map(|subtype| subtype.to_string()),
                phone: offer.phone.clone(),
                link: offer.link.as_ref().map(|link| link.as_str().to_owned()).unwrap_or_default(),
            },
        }
    }
}
