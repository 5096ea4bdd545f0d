//! Everything the views of announcements are made from, at one moment.

use crate::engine::{Engine, Reading};
use crate::overlay::entry::{Entry, Fate};
use crate::store::{Mirror, StoreError};
use domain::AnnouncementId;
use domain::announcement::Answer;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use wire::announcement::{Announcement, AnnouncementMark};
use wire::entity::Entity;
use wire::operation::Body;

/// What is shown now, with the queue beside it.
pub(crate) struct Board {
    /// The server's time now, as far as this computer knows.
    pub(crate) now_ms: i64,
    /// The position of the mirror; `None` before the first synchronisation.
    pub(crate) seq: Option<i64>,
    /// Announcements that are shown now, each once: what is pinned first, then the newest.
    pub(crate) shown: Vec<Announcement>,
    /// When something of the mirror comes or goes next.
    pub(crate) next_turn_ms: Option<i64>,
    marks: BTreeMap<AnnouncementId, AnnouncementMark>,
    entries: Vec<Entry>,
}

/// What a person did with an announcement.
#[derive(Default)]
pub(crate) struct Told<'a> {
    /// Whether it was opened.
    pub(crate) read: bool,
    /// What was answered.
    pub(crate) answers: Option<&'a [Answer]>,
    /// The answer that was entered here and is not in the mirror, or never will be.
    pub(crate) entry: Option<&'a Entry>,
}

impl Board {
    /// The board as it is now, with the mirror it was read from.
    pub(crate) fn now(engine: &Engine) -> Result<Self, StoreError> {
        let Reading { queue, mirror, .. } = engine.read()?;
        let now_ms = engine.now().ms;
        let ours = |entry: &Entry| matches!(entry.body(), Some(Body::ReadAnnouncement(_) | Body::AnswerPoll(_)));
        let (shown, next_turn_ms) = shown(&mirror, now_ms)?;
        Ok(Self {
            now_ms,
            seq: mirror.cursor().map(|cursor| cursor.seq),
            shown,
            next_turn_ms,
            marks: marks(&mirror)?,
            entries: queue.into_iter().filter_map(Entry::of).filter(ours).collect(),
        })
    }

    /// One that is shown now.
    pub(crate) fn announcement(&self, id: AnnouncementId) -> Option<&Announcement> {
        self.shown.iter().find(|one| one.announcement == id)
    }

    /// What the person did with one.
    pub(crate) fn told(&self, id: AnnouncementId) -> Told<'_> {
        let mark = self.marks.get(&id);
        let mut told =
            Told { read: mark.is_some(), answers: mark.and_then(|mark| mark.answers.as_deref()), entry: None };
        for entry in &self.entries {
            match entry.body() {
                Some(Body::ReadAnnouncement(body)) if body.announcement == id => told.read |= entry.overlays(self.seq),
                Some(Body::AnswerPoll(body)) if body.announcement == id => {
                    if entry.overlays(self.seq) {
                        told.read = true;
                        told.answers = Some(&body.answers);
                    }
                    if entry.overlays(self.seq) || entry.needs_attention() {
                        told.entry = Some(entry);
                    }
                }
                _ => {}
            }
        }
        told
    }

    /// The answer whose place the next one may take.
    pub(crate) fn replaceable(&self, id: AnnouncementId) -> Option<&Entry> {
        self.told(id).entry.filter(|entry| entry.replaceable())
    }

    /// How many were not opened.
    pub(crate) fn unread(&self) -> u32 {
        let unread = self.shown.iter().filter(|one| !self.told(one.announcement).read).count();
        u32::try_from(unread).unwrap_or(u32::MAX)
    }
}

impl Told<'_> {
    /// The answer that the server refused.
    pub(crate) fn refused(&self) -> Option<&[Answer]> {
        let entry = self.entry.filter(|entry| matches!(entry.fate, Fate::Rejected { .. }))?;
        match entry.body() {
            Some(Body::AnswerPoll(body)) => Some(&body.answers),
            _ => None,
        }
    }
}

/// One may come in several scopes: the latest of them is taken.
fn shown(mirror: &Mirror, now_ms: i64) -> Result<(Vec<Announcement>, Option<i64>), StoreError> {
    let mut all: BTreeMap<AnnouncementId, (i64, Announcement)> = BTreeMap::new();
    for found in mirror.all("announcement")? {
        if let Entity::Announcement(one) = found.entity {
            let id = one.announcement;
            if all.get(&id).is_none_or(|(version, _)| *version < found.version) {
                all.insert(id, (found.version, *one));
            }
        }
    }
    let ends = |one: &Announcement| one.what.poll().map(|poll| poll.ends_ms);
    let turns = all.values().flat_map(|(_, one)| [Some(one.since_ms), one.until_ms, ends(one)]);
    let next = turns.flatten().filter(|turn| *turn > now_ms).min();
    let is_shown = |one: &Announcement| one.since_ms <= now_ms && one.until_ms.is_none_or(|until| now_ms < until);
    let mut shown: Vec<_> = all.into_values().map(|(_, one)| one).filter(is_shown).collect();
    shown.sort_by_key(|one| (!one.pinned, Reverse(one.since_ms), one.announcement));
    Ok((shown, next))
}

fn marks(mirror: &Mirror) -> Result<BTreeMap<AnnouncementId, AnnouncementMark>, StoreError> {
    let found = mirror.all("announcement_mark")?.into_iter();
    let mark = found.filter_map(|found| match found.entity {
        Entity::AnnouncementMark(mark) => Some((mark.announcement, mark)),
        _ => None,
    });
    Ok(mark.collect())
}
