//! Toasts of conversations: messages of the other side, and what becomes of tickets. None is told twice, none that was
//! read meanwhile on whatever computer, and none of the conversation that is in front of the person.

use super::{read, write};
use crate::core::Core;
use crate::overlay::tickets::board::Board;
use crate::overlay::tickets::{gather, row};
use crate::report::Fault;
use crate::session::Person;
use crate::store::Mirror;
use crate::view::{Toast, ToastConversation, ToastTicket};
use domain::{MessageId, TicketId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use uuid::Uuid;
use wire::entity::Entity;
use wire::ticket::{Conversation, Happened, Message, TicketEvent};

/// How far was told, in the encrypted file.
const TOLD: &str = "told_conversations";
/// More messages of one conversation than this are not counted one by one.
const COUNTED: u32 = 100;

/// How far was told.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Told {
    /// The number of the last message of each conversation.
    messages: BTreeMap<Uuid, i64>,
    /// When the last thing happened to each ticket.
    events: BTreeMap<TicketId, i64>,
}

/// Tells of what came and was not told of yet. Also counts what was not read, for the tray.
pub(crate) async fn news(core: &Core, person: &Person) {
    if let Err(fault) = try_news(core, person).await {
        tracing::warn!(?fault, "a toast was not shown");
    }
}

async fn try_news(core: &Core, person: &Person) -> Result<(), Fault> {
    let before: Option<Told> = read(person, TOLD).await?;
    let (now, toasts, unread) = {
        let (board, mirror) = gather::everything(&person.engine, person.beside(core.zone()))?;
        if board.seq.is_none() {
            return Ok(());
        }
        let news = News { board: &board, front: person.conversations.front() };
        let now = news.now();
        // On a computer that shows tickets for the first time, what came before is no news.
        let toasts = before.as_ref().map_or(Ok(Vec::new()), |told| news.toasts(told, &mirror))?;
        (now, toasts, news.unread())
    };
    core.set_unread(unread);
    if before.as_ref() != Some(&now) {
        write(person, TOLD, &now).await?;
    }
    for toast in toasts {
        core.toast(toast);
    }
    Ok(())
}

/// What may have come.
struct News<'a> {
    board: &'a Board,
    front: Option<Conversation>,
}

impl News<'_> {
    fn conversations(&self) -> impl Iterator<Item = Conversation> {
        let tickets = self.board.tickets.iter().map(|ticket| Conversation::Ticket(ticket.id));
        tickets.chain([Conversation::Support(self.board.user)])
    }

    fn now(&self) -> Told {
        let messages = self.conversations().map(|it| (it.id(), self.board.digest(it).last));
        let events = self.board.events.iter();
        let events = events.filter_map(|(ticket, events)| Some((*ticket, events.last()?.at_ms)));
        Told { messages: messages.filter(|(_, last)| *last > 0).collect(), events: events.collect() }
    }

    fn unread(&self) -> u32 {
        let tickets = self.board.tickets.iter().map(|ticket| row::unread(self.board, ticket.id));
        tickets.fold(self.board.digest(Conversation::Support(self.board.user)).unread, u32::saturating_add)
    }

    /// One toast for all messages, one for all tickets.
    fn toasts(&self, told: &Told, mirror: &Mirror) -> Result<Vec<Toast>, Fault> {
        let mut conversations = Vec::new();
        for conversation in self.conversations().filter(|it| Some(*it) != self.front) {
            let first = self.board.digest(conversation).first_unread;
            let from = told.messages.get(&conversation.id()).map_or(1, |told| told + 1);
            let Some(from) = first.map(|first| first.max(from)) else { continue };
            let found = mirror.placed("message", conversation.id(), from..=i64::MAX, COUNTED)?;
            let messages = found.into_iter().filter_map(|found| match found.entity {
                Entity::Message(message) if message.from != self.board.side => Some(message),
                _ => None,
            });
            conversations.extend(self.conversation(conversation, &messages.collect::<Vec<_>>()));
        }
        let moved = self.board.tickets.iter().filter_map(|ticket| {
            let told_ms = told.events.get(&ticket.id).copied().unwrap_or(0);
            let news = self.board.unseen_events(ticket.id).filter(|event| event.at_ms > told_ms && is_news(event));
            let news = news.last().filter(|_| self.front != Some(Conversation::Ticket(ticket.id)));
            news.map(|_| ToastTicket {
                ticket: ticket.id.to_string(),
                number: ticket.number,
                short_name: ticket.short_name.clone(),
                status: ticket.status,
            })
        });
        let moved: Vec<_> = moved.collect();
        let messages = (!conversations.is_empty()).then_some(Toast::Messages { conversations });
        let statuses = (!moved.is_empty()).then_some(Toast::TicketsMoved { tickets: moved });
        Ok(messages.into_iter().chain(statuses).collect())
    }

    fn conversation(&self, conversation: Conversation, messages: &[Message]) -> Option<ToastConversation> {
        let (first, last) = (messages.first()?, messages.last()?);
        let ticket = match conversation {
            Conversation::Ticket(ticket) => self.board.ticket(ticket),
            Conversation::Support(_) => None,
        };
        let id = |id: MessageId| id.to_string();
        Some(ToastConversation {
            ticket: ticket.map(|ticket| ticket.id.to_string()),
            person: None,
            number: ticket.map(|ticket| ticket.number),
            short_name: ticket.map(|ticket| ticket.short_name.clone()).unwrap_or_default(),
            author: last.author.clone(),
            text: domain::ticket::short_name("", last.text.as_str()),
            files: u32::try_from(last.attachments.len()).unwrap_or(u32::MAX),
            message: id(first.id),
            count: u32::try_from(messages.len()).unwrap_or(u32::MAX),
        })
    }
}

/// Whether the person wants to hear of it: of another status, not of who was sent.
const fn is_news(event: &TicketEvent) -> bool {
    matches!(event.what, Happened::Moved { .. })
}
