//! The support: conversations, questions of people who are not signed in.

use super::super::{Nothing, fields, whenever};
use super::{at_desk, named};
use crate::core::Core;
use crate::desk::support;
use crate::report::Fault;
use crate::view::{DeskAnswerArgs, DeskChatView, DeskQuestionView, EnqueuedView, Failure, Topic};
use domain::QuestionId;
use std::sync::Arc;
use wire::desk::AnswerQuestion;
use wire::operation::Body;

/// Conversations with the support.
pub(in super::super) async fn chats(core: &Arc<Core>, _: Nothing) -> Result<Vec<DeskChatView>, Fault> {
    let (_, look) = at_desk(core)?;
    Ok(support::chats(&look)?)
}

/// Questions of people who are not signed in.
pub(in super::super) async fn questions(core: &Arc<Core>, _: Nothing) -> Result<Vec<DeskQuestionView>, Fault> {
    let (_, look) = at_desk(core)?;
    Ok(support::questions(&look)?)
}

/// Somebody called back.
pub(in super::super) async fn answer(core: &Arc<Core>, args: DeskAnswerArgs) -> Result<EnqueuedView, Fault> {
    let (person, look) = at_desk(core)?;
    let question: QuestionId = named(Some(&args.question))?.ok_or(Failure::Gone)?;
    look.mirror.get("question", question.uuid())?.ok_or(Failure::Gone)?;
    let body = Body::AnswerQuestion(AnswerQuestion { question, answer: fields::text(&args.answer)? });
    let enqueued = person.engine.enqueue(whenever(body), None).await?;
    core.tell(&[Topic::Tickets]);
    Ok(EnqueuedView { operation: enqueued.id.to_string(), replaced: false })
}
