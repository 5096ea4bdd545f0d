//! «События»: reading, answering polls, ordering what is offered.

use super::{Nothing, fields, whenever};
use crate::core::Core;
use crate::drafts;
use crate::overlay::announcements::{Board, list, one};
use crate::report::Fault;
use crate::view::{
    AnnouncementArgs, AnnouncementView, AnnouncementsView, DraftView, EnqueuedView, Failure, OfferOrderArgs,
    OfferOrderView, PollAnswer, PollAnswerArgs, TicketDraftView, Topic,
};
use domain::announcement::{Answer, AnswersProblem, Ask, PollQuestion, check_answers};
use domain::{AnnouncementId, Kopecks};
use std::sync::Arc;
use wire::announcement::{AnswerPoll, Offer, ReadAnnouncement, What};
use wire::operation::Body;
use wire::problem::Rejection;

/// The section.
pub(super) async fn announcements(core: &Arc<Core>, _: Nothing) -> Result<AnnouncementsView, Fault> {
    Ok(list(&Board::now(&core.require_person()?.engine)?))
}

/// One of them.
pub(super) async fn announcement(core: &Arc<Core>, args: AnnouncementArgs) -> Result<AnnouncementView, Fault> {
    let person = core.require_person()?;
    let id = id(&args.announcement)?;
    let shelf = |file| person.files.facts(&person.engine, file);
    let draft = person.drafts.of_poll(id);
    Ok(one(&Board::now(&person.engine)?, id, &shelf, draft).ok_or(Failure::Gone)?)
}

/// It was opened. That it was is told to the server once, without a word about it anywhere.
pub(super) async fn read(core: &Arc<Core>, args: AnnouncementArgs) -> Result<Nothing, Fault> {
    let person = core.require_person()?;
    let announcement = id(&args.announcement)?;
    let _turn = person.conversations.reading.lock().await;
    let board = Board::now(&person.engine)?;
    board.announcement(announcement).ok_or(Failure::Gone)?;
    if !board.told(announcement).read {
        person.engine.enqueue(whenever(Body::ReadAnnouncement(ReadAnnouncement { announcement })), None).await?;
    }
    Ok(Nothing {})
}

/// Keeps what is chosen and not sent.
pub(super) async fn draft_save(core: &Arc<Core>, args: PollAnswerArgs) -> Result<Nothing, Fault> {
    let person = core.require_person()?;
    person.drafts.keep_poll(&person.engine, id(&args.announcement)?, args.answers).await?;
    Ok(Nothing {})
}

/// «Ответить». The draft goes in the commit that queues it.
pub(super) async fn answer(core: &Arc<Core>, args: PollAnswerArgs) -> Result<EnqueuedView, Fault> {
    let person = core.require_person()?;
    let announcement = id(&args.announcement)?;
    let _turn = person.drafts.turn.lock().await;
    let board = Board::now(&person.engine)?;
    let poll = board.announcement(announcement).and_then(|one| one.what.poll()).ok_or(Failure::Gone)?;
    if poll.ends_ms <= board.now_ms {
        return Err(Failure::Rejected { rejection: Rejection::PollEnded }.into());
    }
    let answers = answers(&poll.questions, args.answers)?;
    let replaces = board.replaceable(announcement).map(|entry| entry.id);
    let operation = whenever(Body::AnswerPoll(AnswerPoll { announcement, answers }));
    let draft = drafts::name_of_poll(announcement);
    let enqueued = person.engine.enqueue_and_forget(operation, replaces, Some(&draft)).await?;
    person.drafts.poll_sent(announcement);
    core.tell(&[Topic::Events]);
    Ok(EnqueuedView { operation: enqueued.id.to_string(), replaced: enqueued.replaced.is_some() })
}

/// «Заказать»: begins a ticket, which is one like any other.
pub(super) async fn order(core: &Arc<Core>, args: OfferOrderArgs) -> Result<OfferOrderView, Fault> {
    let person = core.require_person()?;
    let board = Board::now(&person.engine)?;
    let found = board.announcement(id(&args.announcement)?).ok_or(Failure::Gone)?;
    let What::Offer(Offer { order: Some(subtype), price, price_from, .. }) = &found.what else {
        return Err(Failure::Gone.into());
    };
    let kept = person.drafts.ticket();
    let written = !kept.draft.text.trim().is_empty() || !kept.draft.files.is_empty() || kept.mends.is_some();
    if written && !args.replace {
        return Ok(OfferOrderView { begun: false });
    }
    let price = match price {
        Some(price) if *price_from => format!(", от {} руб.", roubles(*price)),
        Some(price) => format!(", {} руб.", roubles(*price)),
        None => String::new(),
    };
    let text = format!("Заказ: {}{price}", found.headline.as_str());
    let draft = TicketDraftView {
        account: kept.account,
        subtype: subtype.to_string(),
        draft: DraftView { text, files: Vec::new() },
        mends: None,
    };
    person.drafts.keep_ticket(&person.engine, draft).await?;
    Ok(OfferOrderView { begun: true })
}

/// Opens the partner's page in the person's browser.
pub(super) async fn browse(core: &Arc<Core>, args: AnnouncementArgs) -> Result<Nothing, Fault> {
    let board = Board::now(&core.require_person()?.engine)?;
    let found = board.announcement(id(&args.announcement)?).ok_or(Failure::Gone)?;
    let What::Offer(Offer { link: Some(link), .. }) = &found.what else {
        return Err(Failure::Gone.into());
    };
    core.config.opener.browse(link.as_str())?;
    Ok(Nothing {})
}

/// `1500` or `99,90`: the words of a ticket, not a sum to reckon with.
fn roubles(sum: Kopecks) -> String {
    let (whole, rest) = (sum.0 / 100, sum.0 % 100);
    if rest == 0 { whole.to_string() } else { format!("{whole},{rest:02}") }
}

/// What was entered, as the questions want it.
fn answers(questions: &[PollQuestion], typed: Vec<PollAnswer>) -> Result<Vec<Answer>, Failure> {
    if questions.len() != typed.len() {
        return Err(Failure::AnswersWrong { problem: AnswersProblem::Count });
    }
    let answer = |(question, PollAnswer { mut places, words }): (&PollQuestion, PollAnswer)| {
        let words = fields::text(&words)?;
        places.sort_unstable();
        Ok(match question.ask {
            Ask::Words if words.is_empty() => Answer::Skipped,
            Ask::Words => Answer::Words { words },
            Ask::One { .. } | Ask::Several { .. } if places.is_empty() => Answer::Skipped,
            Ask::One { .. } | Ask::Several { .. } => Answer::Chosen { places },
        })
    };
    let answers = questions.iter().zip(typed).map(answer).collect::<Result<Vec<_>, Failure>>()?;
    check_answers(questions, &answers).map_err(|problem| Failure::AnswersWrong { problem })?;
    Ok(answers)
}

fn id(text: &str) -> Result<AnnouncementId, Failure> {
    text.parse().map_err(|_| Failure::Gone)
}
