//! Conversations with the support, and questions of people who are not signed in.

use super::look::Look;
use super::row::unread;
use crate::overlay::entry::{Entry, Fate};
use crate::store::StoreError;
use crate::view::{DeskChatView, DeskQuestionView};
use domain::{QuestionId, UserId};
use std::cmp::Reverse;
use wire::desk::{AnswerQuestion, Question, SupportTalk};
use wire::entity::Entity;
use wire::operation::Body;
use wire::ticket::Conversation;

/// Older ones are not looked at any more.
const SHOWN: usize = 300;

/// Conversations, those that wait first, then the newest.
pub(crate) fn chats(look: &Look) -> Result<Vec<DeskChatView>, StoreError> {
    let mut talks = talks(look)?;
    talks.sort_by_key(|talk| {
        let waits = waiting(look, talk);
        (waits.is_none(), waits, Reverse(talk.last_ms), talk.resident)
    });
    talks.truncate(SHOWN);
    talks.into_iter().map(|talk| chat(look, talk)).collect()
}

/// How many wait for an answer.
pub(crate) fn waiting_chats(look: &Look) -> Result<usize, StoreError> {
    Ok(talks(look)?.iter().filter(|talk| waiting(look, talk).is_some()).count())
}

fn talks(look: &Look) -> Result<Vec<SupportTalk>, StoreError> {
    look.all("support_talk", |entity| match entity {
        Entity::SupportTalk(talk) => Some(talk),
        _ => None,
    })
}

/// Since when somebody waits, unless an answer is on its way.
fn waiting(look: &Look, talk: &SupportTalk) -> Option<i64> {
    talk.waiting_since_ms.filter(|_| answer(look, talk.resident).is_none())
}

/// The last answer that was entered here and that the mirror does not contain.
fn answer(look: &Look, resident: UserId) -> Option<(&Entry, &str)> {
    let conversation = Conversation::Support(resident);
    look.entries.iter().rev().filter(|entry| entry.overlays(look.seq)).find_map(|entry| match entry.body()? {
        Body::SendMessage(body) if body.conversation == conversation => Some((entry, body.text.as_str())),
        _ => None,
    })
}

fn chat(look: &Look, talk: SupportTalk) -> Result<DeskChatView, StoreError> {
    let conversation = Conversation::Support(talk.resident);
    let (last, at_ms) = match answer(look, talk.resident) {
        Some((entry, text)) => (text.to_owned(), entry.captured_ms),
        None => (last_words(look, conversation)?, talk.last_ms),
    };
    Ok(DeskChatView {
        user: talk.resident.to_string(),
        name: talk.name,
        phone: talk.phone,
        last: domain::ticket::short_name("", &last),
        at_ms,
        unread: unread(look, conversation)?,
    })
}

fn last_words(look: &Look, conversation: Conversation) -> Result<String, StoreError> {
    let last = look.mirror.last_place("message", conversation.id())?;
    let found = look.mirror.placed("message", conversation.id(), last..=last, 1)?.into_iter().next();
    Ok(match found.map(|found| found.entity) {
        Some(Entity::Message(message)) => message.text.as_str().to_owned(),
        _ => String::new(),
    })
}

/// Questions: those that wait, the oldest first, then what was answered, the newest first.
pub(crate) fn questions(look: &Look) -> Result<Vec<DeskQuestionView>, StoreError> {
    let mut views: Vec<DeskQuestionView> = all(look)?.into_iter().map(|question| view(look, question)).collect();
    views.sort_by_key(|view| {
        let waits = view.answered_by.is_empty() && view.mark.is_none();
        (!waits, if waits { view.asked_ms } else { -view.asked_ms })
    });
    views.truncate(SHOWN);
    Ok(views)
}

/// How many wait for a call.
pub(crate) fn waiting_questions(look: &Look) -> Result<usize, StoreError> {
    Ok(all(look)?.iter().filter(|question| question.answered.is_none() && called(look, question.id).is_none()).count())
}

fn all(look: &Look) -> Result<Vec<Question>, StoreError> {
    look.all("question", |entity| match entity {
        Entity::Question(question) => Some(question),
        _ => None,
    })
}

/// The answer that was entered here and that the mirror does not contain, or never will.
fn called(look: &Look, question: QuestionId) -> Option<(&Entry, &AnswerQuestion)> {
    let open = |entry: &&Entry| entry.overlays(look.seq) || entry.needs_attention();
    look.entries.iter().rev().filter(open).find_map(|entry| match entry.body()? {
        Body::AnswerQuestion(body) if body.question == question => Some((entry, body)),
        _ => None,
    })
}

fn view(look: &Look, question: Question) -> DeskQuestionView {
    let called = called(look, question.id);
    let entered = called.filter(|(entry, _)| entry.overlays(look.seq));
    let (answered_by, answer) = match (&question.answered, entered) {
        (Some(answered), _) => (answered.by.clone(), answered.answer.as_str().to_owned()),
        (None, Some((_, body))) => (look.profile.name.clone(), body.answer.as_str().to_owned()),
        (None, None) => (String::new(), String::new()),
    };
    DeskQuestionView {
        id: question.id.to_string(),
        phone: question.phone,
        text: question.text.as_str().to_owned(),
        asked_ms: question.asked_ms,
        answered_by,
        answer,
        mark: called.filter(|(entry, _)| !matches!(entry.fate, Fate::Acked { .. })).map(|(entry, _)| entry.mark()),
    }
}
