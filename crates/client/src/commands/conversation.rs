use super::{Nothing, fields, tickets};
use crate::core::Core;
use crate::desk::notes;
use crate::drafts;
use crate::engine::NewOperation;
use crate::overlay::tickets::{gather, talk};
use crate::report::Fault;
use crate::session::Person;
use crate::store::words_of;
use crate::view::{
    ConversationArgs, ConversationFindArgs, ConversationFoundView, ConversationFrontArgs, ConversationOf,
    ConversationPlaceArgs, ConversationPlaceView, ConversationReadArgs, ConversationView, DraftArgs, EnqueuedView,
    Failure, Field, FieldProblem, MessageSendArgs, Topic,
};
use domain::ticket::Party;
use domain::{MessageId, MessageText};
use std::sync::Arc;
use wire::entity::Entity;
use wire::operation::Body;
use wire::ticket::{Conversation, MarkRead, ReopenTicket, SendMessage};

/// A part of a conversation.
pub(super) async fn conversation(core: &Arc<Core>, args: ConversationArgs) -> Result<ConversationView, Fault> {
    let person = core.require_person()?;
    let which = which(&person, &args.about)?;
    let (board, mirror) = gather::one(&person.engine, person.beside(core.zone()), which)?;
    let range = talk::range(talk::total(&board, which), args.from, args.count);
    let page = gather::page(&mirror, which, &range)?;
    let mut draft = person.drafts.of(which);
    person.files.refresh(&person.engine, &mut draft);
    let shelf = |file| person.files.facts(&person.engine, file);
    let view = talk::view(&board, which, &range, &page, &shelf, draft);
    Ok(match which {
        Conversation::Ticket(ticket) if board.side == Party::Staff => {
            let notes = notes::of(&board, &mirror, ticket)?;
            notes::between(view, &notes, &page, &range, &shelf)
        }
        _ => view,
    })
}

/// Where words stand in a conversation.
pub(super) async fn find(core: &Arc<Core>, args: ConversationFindArgs) -> Result<ConversationFoundView, Fault> {
    let person = core.require_person()?;
    let which = which(&person, &args.about)?;
    let words = words_of(&args.text);
    if words.is_empty() {
        return Ok(ConversationFoundView { description: false, places: Vec::new() });
    }
    let (board, mirror) = gather::one(&person.engine, person.beside(core.zone()), which)?;
    let mirrored = mirror.with_words("message", Some(which.id()), &words)?;
    let mut places: Vec<u32> = mirrored.into_iter().map(|(_, number)| talk::place(number)).collect();
    places.extend(talk::entered_with(&board, which, &words));
    Ok(ConversationFoundView { description: talk::described_with(&board, which, &words), places })
}

/// Where a message stands in a conversation, for whoever knows only the message.
pub(super) async fn place(core: &Arc<Core>, args: ConversationPlaceArgs) -> Result<ConversationPlaceView, Fault> {
    let person = core.require_person()?;
    let which = which(&person, &args.about)?;
    let message: MessageId = args.message.parse().map_err(|_| Failure::Gone)?;
    let (board, mirror) = gather::one(&person.engine, person.beside(core.zone()), which)?;
    let place = match mirror.get("message", message.uuid())?.map(|found| found.entity) {
        Some(Entity::Message(message)) => (message.conversation == which).then(|| talk::place(message.number)),
        _ => talk::place_entered(&board, which, message),
    };
    Ok(ConversationPlaceView { place })
}

/// Everything up to a message was shown. That it was is told to the server, without a word about it anywhere.
pub(super) async fn read(core: &Arc<Core>, args: ConversationReadArgs) -> Result<Nothing, Fault> {
    let person = core.require_person()?;
    let conversation = which(&person, &args.about)?;
    let _turn = person.conversations.reading.lock().await;
    let (board, _) = gather::one(&person.engine, person.beside(core.zone()), conversation)?;
    person.stands(board.side);
    if let Conversation::Ticket(ticket) = conversation
        && board.side == Party::Resident
        && let Some(last) = board.events_of(ticket).last()
        && person.conversations.show(&person.engine, ticket, last.at_ms).await?
    {
        core.tell(&[Topic::Tickets]);
    }
    let through = args.through.min(board.digest(conversation).last);
    if through > board.read_here(conversation) {
        let unsent = board.unsent_mark(conversation).map(|entry| entry.id);
        let body = Body::MarkRead(MarkRead { conversation, through });
        person.engine.enqueue(super::whenever(body), unsent).await?;
    }
    Ok(Nothing {})
}

/// The window shows this conversation in front of the person, or none: there is no need to tell of what comes there.
pub(super) async fn front(core: &Arc<Core>, args: ConversationFrontArgs) -> Result<Nothing, Fault> {
    let person = core.require_person()?;
    let front = args.about.as_ref().map(|about| which(&person, about)).transpose()?;
    person.conversations.set_front(front);
    Ok(Nothing {})
}

/// Keeps what is written and not sent.
pub(super) async fn draft_save(core: &Arc<Core>, args: DraftArgs) -> Result<Nothing, Fault> {
    let person = core.require_person()?;
    if let ConversationOf::Notes { ticket } = &args.about {
        person.drafts.keep_note(&person.engine, tickets::id(ticket)?, args.draft).await?;
        return Ok(Nothing {});
    }
    let conversation = which(&person, &args.about)?;
    if person.drafts.keep(&person.engine, conversation, args.draft).await? {
        core.tell(&[Topic::Tickets]);
    }
    Ok(Nothing {})
}

/// «Отправить». The draft goes in the commit that queues it.
pub(super) async fn send(core: &Arc<Core>, args: MessageSendArgs) -> Result<EnqueuedView, Fault> {
    let person = core.require_person()?;
    let conversation = which(&person, &args.about)?;
    let _turn = person.drafts.turn.lock().await;
    let text = fields::text(&args.draft.text)?;
    let (attachments, needs) = person.files.enclose(&args.draft, core.attachment_rules().limits)?;
    if text.is_empty() && attachments.is_empty() {
        return Err(Failure::Field { field: Field::Text, problem: FieldProblem::Empty }.into());
    }
    let (board, _) = gather::one(&person.engine, person.beside(core.zone()), conversation)?;
    person.stands(board.side);
    if let Conversation::Ticket(ticket) = conversation {
        let status = tickets::status_in(&board, ticket)?;
        if args.reopen && status.is_final() {
            let body = Body::ReopenTicket(ReopenTicket { ticket, why: MessageText::default() });
            person.engine.enqueue(super::whenever(body), None).await?;
        }
    }
    let message = MessageId::new(super::mint(core));
    let body = Body::SendMessage(SendMessage { message, conversation, text, attachments });
    let operation = NewOperation { needs, ..super::whenever(body) };
    let draft = drafts::name_of(conversation);
    let enqueued = person.engine.enqueue_and_forget(operation, None, Some(&draft)).await?;
    person.drafts.sent(conversation);
    core.tell(&[Topic::Tickets]);
    Ok(EnqueuedView { operation: enqueued.id.to_string(), replaced: false })
}

fn which(person: &Person, about: &ConversationOf) -> Result<Conversation, Failure> {
    Ok(match about {
        ConversationOf::Ticket { ticket } => Conversation::Ticket(tickets::id(ticket)?),
        ConversationOf::Support => Conversation::Support(person.user),
        ConversationOf::Person { user } => Conversation::Support(user.parse().map_err(|_| Failure::Gone)?),
        ConversationOf::Notes { .. } => return Err(Failure::Gone),
    })
}
