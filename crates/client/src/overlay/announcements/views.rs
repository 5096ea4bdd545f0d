//! Announcements as the window shows them.

use super::board::Board;
use crate::overlay::entry::Fate;
use crate::overlay::tickets::attachments::{self, Shelf};
use crate::view::{
    AnnouncementRow, AnnouncementView, AnnouncementWhat, AnnouncementsView, OfferView, PollAnswer, PollView,
};
use domain::AnnouncementId;
use domain::announcement::Answer;
use domain::ticket::short_name;
use wire::announcement::{Announcement, What};

/// The section.
pub(crate) fn list(board: &Board) -> AnnouncementsView {
    let of = |wanted: &dyn Fn(&What) -> bool| -> Vec<AnnouncementRow> {
        board.shown.iter().filter(|one| wanted(&one.what)).map(|one| row(board, one)).collect()
    };
    AnnouncementsView {
        known: board.seq.is_some(),
        news: of(&|what| matches!(what, What::News)),
        polls: of(&|what| matches!(what, What::Poll(_))),
        offers: of(&|what| matches!(what, What::Offer(_))),
        unread: board.unread(),
        next_turn_ms: board.next_turn_ms,
    }
}

/// One of them; `None` when it is not shown now. `draft` is what was chosen and not sent.
pub(crate) fn one(
    board: &Board,
    id: AnnouncementId,
    shelf: &Shelf<'_>,
    draft: Option<Vec<PollAnswer>>,
) -> Option<AnnouncementView> {
    let found = board.announcement(id)?;
    let told = board.told(id);
    let poll = found.what.poll().map(|poll| PollView {
        questions: poll.questions.clone(),
        answers: told.answers.map(shown),
        draft: draft.or_else(|| told.refused().map(shown)).filter(|draft| draft.len() == poll.questions.len()),
        results_shown: poll.results_shown,
        results: found.results.clone().filter(|tally| tally.questions.len() == poll.questions.len()),
    });
    Some(AnnouncementView {
        row: row(board, found),
        story: found.story.as_str().to_owned(),
        attachments: found.attachments.iter().map(|file| attachments::mirrored(file, shelf)).collect(),
        poll,
        offer: offer(&found.what),
    })
}

/// Answers as they were typed.
fn typed(answer: &Answer) -> PollAnswer {
    match answer {
        Answer::Skipped => PollAnswer::default(),
        Answer::Chosen { places } => PollAnswer { places: places.clone(), words: String::new() },
        Answer::Words { words } => PollAnswer { places: Vec::new(), words: words.as_str().to_owned() },
    }
}

fn shown(answers: &[Answer]) -> Vec<PollAnswer> {
    answers.iter().map(typed).collect()
}

fn row(board: &Board, one: &Announcement) -> AnnouncementRow {
    let told = board.told(one.announcement);
    AnnouncementRow {
        announcement: one.announcement.to_string(),
        headline: one.headline.as_str().to_owned(),
        text: short_name("", one.story.as_str()),
        importance: one.importance,
        pinned: one.pinned,
        since_ms: one.since_ms,
        unread: !told.read,
        what: what(&one.what, board.now_ms, told.answers.is_some()),
        mark: told.entry.filter(|entry| !matches!(entry.fate, Fate::Acked { .. })).map(|entry| entry.mark()),
    }
}

/// What it invites to, as far as a line shows it.
pub(super) fn what(what: &What, now_ms: i64, answered: bool) -> AnnouncementWhat {
    match what {
        What::News => AnnouncementWhat::News,
        What::Poll(poll) => AnnouncementWhat::Poll { ends_ms: poll.ends_ms, over: poll.ends_ms <= now_ms, answered },
        What::Offer(offer) => AnnouncementWhat::Offer {
            group: offer.group.clone(),
            price: offer.price,
            price_from: offer.price_from,
            partner: offer.partner.clone(),
        },
    }
}

/// What one may do with an offer.
pub(super) fn offer(what: &What) -> Option<OfferView> {
    match what {
        What::Offer(offer) => Some(OfferView {
            orders: offer.order.is_some(),
            phone: offer.phone.clone(),
            site: offer.link.as_ref().map(|link| link.host().to_owned()),
        }),
        What::News | What::Poll(_) => None,
    }
}
