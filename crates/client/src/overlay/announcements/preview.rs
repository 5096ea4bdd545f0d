//! An announcement as residents will see it, before it is told.

use super::views::{offer, what};
use crate::view::{AnnouncementRow, AnnouncementView, AttachmentView, PollView};
use domain::announcement::Plan;
use domain::ticket::short_name;
use wire::announcement::SetAnnouncement;

/// The view.
pub(crate) fn of(set: &SetAnnouncement, attachments: Vec<AttachmentView>, now_ms: i64) -> AnnouncementView {
    let since_ms = match set.plan {
        Plan::Publish { at_ms, .. } => at_ms.max(now_ms),
        Plan::Draft | Plan::Withdrawn => now_ms,
    };
    let poll = set.what.poll().map(|poll| PollView {
        questions: poll.questions.clone(),
        answers: None,
        draft: None,
        results_shown: poll.results_shown,
        results: None,
    });
    AnnouncementView {
        row: AnnouncementRow {
            announcement: set.announcement.to_string(),
            headline: set.headline.as_str().to_owned(),
            text: short_name("", set.story.as_str()),
            importance: set.importance,
            pinned: set.pinned,
            since_ms,
            unread: false,
            what: what(&set.what, now_ms, false),
            mark: None,
        },
        story: set.story.as_str().to_owned(),
        attachments,
        poll,
        offer: offer(&set.what),
    }
}
