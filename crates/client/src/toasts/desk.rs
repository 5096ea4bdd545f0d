//! Toasts of the desk: tickets that came, the urgent first; messages of residents; tickets that were given to the person.
//! None is told twice, and none of what the person entered on this computer.

use super::{read, write};
use crate::core::Core;
use crate::desk::look::Look;
use crate::desk::row::unread;
use crate::report::Fault;
use crate::session::Person;
use crate::store::{Indexed, StoreError};
use crate::view::{Failure, Toast, ToastConversation, ToastTicket};
use domain::ticket::{Party, Status, TicketNumber, short_name};
use domain::{Epoch, TicketId};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use wire::desk::{DeskTicket, SupportTalk};
use wire::entity::Entity;
use wire::operation::Body;
use wire::ticket::{Conversation, Message};

/// How far was told, in the encrypted file.
const TOLD: &str = "told_desk";

/// How far was told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Told {
    /// Which life of the server `seq` is of.
    epoch: Epoch,
    /// Where in the feed.
    seq: i64,
    /// The newest ticket.
    newest: Option<TicketNumber>,
    /// Open tickets of the person.
    mine: BTreeSet<TicketId>,
}

/// Tells of what came and was not told of yet. Says whether the person works at a desk at all.
pub(crate) async fn news(core: &Core, person: &Person) -> bool {
    match try_news(core, person).await {
        Ok(()) => true,
        Err(Fault::Failure(Failure::Gone)) => false,
        Err(fault) => {
            tracing::warn!(?fault, "a toast was not shown");
            true
        }
    }
}

async fn try_news(core: &Core, person: &Person) -> Result<(), Fault> {
    let before: Option<Told> = read(person, TOLD).await?;
    let (now, toasts) = {
        let look = Look::now(&person.engine, core.zone())?;
        person.desk.refresh(&look.mirror)?;
        let Some(cursor) = look.mirror.cursor() else { return Ok(()) };
        // On a computer that shows the desk for the first time, what came before is no news.
        let known = before.clone().filter(|told| told.epoch == cursor.epoch);
        let after = known.as_ref().map_or(0, |told| told.seq);
        let news = News { look: &look, front: person.conversations.front() };
        let changed = news.tickets(after)?;
        let now = news.now(
            known.as_ref(),
            &changed,
            Told { epoch: cursor.epoch, seq: cursor.seq, newest: None, mine: BTreeSet::new() },
        );
        let toasts = known.map_or(Ok(Vec::new()), |told| news.toasts(&told, &changed))?;
        (now, toasts)
    };
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
    look: &'a Look,
    front: Option<Conversation>,
}

impl News<'_> {
    /// Tickets that changed since.
    fn tickets(&self, after: i64) -> Result<Vec<DeskTicket>, StoreError> {
        let found = self.look.mirror.changed(Indexed::DeskTicket, after)?.into_iter();
        let ticket = found.filter_map(|found| match found.entity {
            Entity::DeskTicket(desk) => Some(*desk),
            _ => None,
        });
        Ok(ticket.collect())
    }

    fn is_mine(&self, desk: &DeskTicket) -> bool {
        desk.executor == Some(self.look.work.staff) && desk.ticket.status.is_open()
    }

    fn now(&self, before: Option<&Told>, changed: &[DeskTicket], now: Told) -> Told {
        let newest = changed.iter().map(|desk| desk.ticket.number).max();
        let mut mine = before.map(|told| told.mine.clone()).unwrap_or_default();
        for desk in changed {
            if self.is_mine(desk) {
                mine.insert(desk.ticket.id);
            } else {
                mine.remove(&desk.ticket.id);
            }
        }
        Told { newest: newest.max(before.and_then(|told| told.newest)), mine, ..now }
    }

    fn toasts(&self, told: &Told, changed: &[DeskTicket]) -> Result<Vec<Toast>, Fault> {
        let came = |desk: &&DeskTicket| {
            desk.ticket.status == Status::New
                && Some(desk.ticket.number) > told.newest
                && !self.entered(|body| matches!(body, Body::RegisterTicket(body) if body.ticket == desk.ticket.id))
        };
        let (urgent, calm): (Vec<_>, Vec<_>) = changed.iter().filter(came).partition(|desk| desk.ticket.emergency);
        let given = |desk: &&DeskTicket| {
            self.is_mine(desk)
                && !told.mine.contains(&desk.ticket.id)
                && !self.entered(|body| {
                    matches!(body, Body::AssignTicket(body)
                        if body.ticket == desk.ticket.id && body.executor == desk.executor)
                })
        };
        let given: Vec<_> = changed.iter().filter(given).collect();
        let conversations = self.conversations(told.seq)?;
        let mut toasts = Vec::new();
        if !urgent.is_empty() {
            toasts.push(Toast::NewTickets { tickets: named(&urgent), emergency: true });
        }
        if !given.is_empty() {
            toasts.push(Toast::TicketsAssigned { tickets: named(&given) });
        }
        if !conversations.is_empty() {
            toasts.push(Toast::Messages { conversations });
        }
        if !calm.is_empty() {
            toasts.push(Toast::NewTickets { tickets: named(&calm), emergency: false });
        }
        Ok(toasts)
    }

    /// Whether the person entered something here.
    fn entered(&self, this: impl Fn(&Body) -> bool) -> bool {
        self.look.entries.iter().chain(&self.look.accepted).filter_map(|entry| entry.body()).any(this)
    }

    /// Conversations in which residents wrote since, and nobody of the staff has read it.
    fn conversations(&self, after: i64) -> Result<Vec<ToastConversation>, Fault> {
        let mirror = &self.look.mirror;
        let mut came: BTreeMap<Conversation, Vec<Message>> = BTreeMap::new();
        let found = mirror.changed(Indexed::DeskMessage, after)?;
        for found in found.into_iter().chain(mirror.changed(Indexed::SupportMessage, after)?) {
            if let Entity::Message(message) = found.entity
                && message.from == Party::Resident
                && self.front != Some(message.conversation)
            {
                came.entry(message.conversation).or_default().push(message);
            }
        }
        let mut conversations = Vec::new();
        for (conversation, mut messages) in came {
            messages.sort_by_key(|message| message.number);
            if unread(self.look, conversation)? > 0 {
                conversations.extend(self.conversation(conversation, &messages)?);
            }
        }
        Ok(conversations)
    }

    /// `None` when a colleague works on it.
    fn conversation(&self, about: Conversation, messages: &[Message]) -> Result<Option<ToastConversation>, Fault> {
        let (Some(first), Some(last)) = (messages.first(), messages.last()) else { return Ok(None) };
        let (ticket, person, number, name) = match about {
            Conversation::Ticket(id) => {
                let Some(laid) = self.look.ticket(id)? else { return Ok(None) };
                if laid.desk.executor.is_some_and(|executor| executor != self.look.work.staff) {
                    return Ok(None);
                }
                (Some(id.to_string()), None, Some(laid.desk.ticket.number), laid.desk.ticket.short_name)
            }
            Conversation::Support(user) => (None, Some(user.to_string()), None, self.name_of(user.uuid())?),
        };
        Ok(Some(ToastConversation {
            ticket,
            person,
            number,
            short_name: name,
            author: last.author.clone(),
            text: short_name("", last.text.as_str()),
            files: u32::try_from(last.attachments.len()).unwrap_or(u32::MAX),
            message: first.id.to_string(),
            count: u32::try_from(messages.len()).unwrap_or(u32::MAX),
        }))
    }

    fn name_of(&self, resident: uuid::Uuid) -> Result<String, StoreError> {
        Ok(match self.look.mirror.get("support_talk", resident)?.map(|found| found.entity) {
            Some(Entity::SupportTalk(SupportTalk { name, phone, .. })) => {
                if name.is_empty() {
                    phone
                } else {
                    name
                }
            }
            _ => String::new(),
        })
    }
}

fn named(tickets: &[&DeskTicket]) -> Vec<ToastTicket> {
    let name = |desk: &&DeskTicket| ToastTicket {
        ticket: desk.ticket.id.to_string(),
        number: desk.ticket.number,
        short_name: desk.ticket.short_name.clone(),
        status: desk.ticket.status,
    };
    tickets.iter().map(name).collect()
}
