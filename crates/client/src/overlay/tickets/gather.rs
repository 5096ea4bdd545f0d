//! Reads a [`Board`] and parts of conversations out of the engine.

use super::board::{Board, Digest, conversation_of};
use super::list::Wanted;
use super::seen::Seen;
use super::talk::{self, Page};
use crate::desk::registered;
use crate::engine::{Engine, Reading};
use crate::overlay::entry::{Entry, Fate};
use crate::store::{Mirror, StoreError, words_of};
use chrono_tz::Tz;
use domain::UserId;
use domain::ticket::Party;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use uuid::Uuid;
use wire::desk::Work;
use wire::entity::Entity;
use wire::operation::Body;
use wire::ticket::{Conversation, Message};

/// How many unread messages are counted; a counter with more says no more to anybody.
const COUNTED: u32 = 1000;

/// What is kept in memory beside the engine.
pub(crate) struct Beside {
    /// The person.
    pub(crate) user: UserId,
    /// The utility's zone.
    pub(crate) zone: Tz,
    /// Which events they have seen.
    pub(crate) seen: Seen,
    /// Where something is written and not sent.
    pub(crate) drafts: BTreeSet<Conversation>,
}

/// All tickets.
pub(crate) fn everything(engine: &Engine, beside: Beside) -> Result<(Board, Mirror), StoreError> {
    let (mut board, mirror) = begin(engine, beside)?;
    for kind in ["account", "ticket_type", "ticket", "ticket_event", "read_mark"] {
        for found in mirror.all(kind)? {
            board.take(found.entity);
        }
    }
    let tickets = board.tickets.iter().map(|ticket| Conversation::Ticket(ticket.id));
    let conversations: Vec<_> = tickets.chain([Conversation::Support(board.user)]).collect();
    for conversation in conversations {
        board.count(&mirror, conversation)?;
    }
    board.settle();
    Ok((board, mirror))
}

/// One conversation and, if it is of a ticket, the ticket.
pub(crate) fn one(engine: &Engine, beside: Beside, conversation: Conversation) -> Result<(Board, Mirror), StoreError> {
    let (mut board, mirror) = begin(engine, beside)?;
    if let Conversation::Ticket(ticket) = conversation {
        let kind = if board.side == Party::Staff { "desk_ticket" } else { "ticket" };
        if let Some(found) = mirror.get(kind, ticket.uuid())? {
            board.take(found.entity);
        } else if let Some(entered) = registered::find(&board.entries, &mirror, ticket)? {
            board.tickets.push(entered.ticket);
        }
        let of_ticket = mirror.list("ticket_event", ticket.uuid())?;
        for found in mirror.all("account")?.into_iter().chain(mirror.all("ticket_type")?).chain(of_ticket) {
            board.take(found.entity);
        }
    }
    for found in mirror.list("read_mark", conversation.id())? {
        board.take(found.entity);
    }
    board.count(&mirror, conversation)?;
    board.settle();
    Ok((board, mirror))
}

/// The part of the mirror in `range`.
pub(crate) fn page(mirror: &Mirror, conversation: Conversation, range: &Range<u32>) -> Result<Page, StoreError> {
    let numbers = i64::from(range.start) + 1..=i64::from(range.end) + 1;
    let mut messages = messages(mirror, conversation.id(), numbers, talk::MOST + 1)?;
    let behind = messages.iter().position(|message| message.number > i64::from(range.end));
    let next = behind.and_then(|at| messages.split_off(at).into_iter().next());
    Ok(Page { messages, next })
}

/// Fills in where the words of a search stand in messages.
pub(crate) fn search(board: &Board, mirror: &Mirror, wanted: &mut Wanted) -> Result<(), StoreError> {
    let words = words_of(&wanted.text);
    wanted.found = mirror.with_words("message", None, &words)?.into_iter().map(|(parent, _)| parent).collect();
    if !words.is_empty() {
        let created = board.created().map(|(_, body)| body.ticket);
        let tickets = board.tickets.iter().map(|ticket| ticket.id).chain(created);
        let entered =
            |ticket: &domain::TicketId| !talk::entered_with(board, Conversation::Ticket(*ticket), &words).is_empty();
        wanted.found.extend(tickets.filter(entered).map(|ticket| ticket.uuid()));
    }
    Ok(())
}

fn begin(engine: &Engine, beside: Beside) -> Result<(Board, Mirror), StoreError> {
    let Reading { queue, mirror, .. } = engine.read()?;
    let of_conversations = |entry: &Entry| entry.body().and_then(conversation_of).is_some();
    let Beside { user, zone, seen, drafts } = beside;
    let work = work_in(&mirror)?;
    let mut board = Board {
        now_ms: engine.now().ms,
        zone,
        seq: mirror.cursor().map(|cursor| cursor.seq),
        user,
        side: if work.is_some() { Party::Staff } else { Party::Resident },
        me: work.map(|work| work.staff),
        accounts: Vec::new(),
        types: Vec::new(),
        tickets: Vec::new(),
        events: BTreeMap::new(),
        marks: Vec::new(),
        digests: BTreeMap::new(),
        entries: queue.into_iter().filter_map(Entry::of).filter(of_conversations).collect(),
        seen,
        drafts,
    };
    board.without_what_came(&mirror)?;
    Ok((board, mirror))
}

/// What the person is at the utility, as far as the mirror knows.
fn work_in(mirror: &Mirror) -> Result<Option<Work>, StoreError> {
    let work = |entity: Entity| match entity {
        Entity::Profile(profile) => profile.work,
        _ => None,
    };
    Ok(mirror.all("profile")?.into_iter().find_map(|found| work(found.entity)))
}

fn messages(
    mirror: &Mirror,
    conversation: Uuid,
    numbers: std::ops::RangeInclusive<i64>,
    most: u32,
) -> Result<Vec<Message>, StoreError> {
    let found = mirror.placed("message", conversation, numbers, most)?.into_iter();
    let message = found.filter_map(|found| match found.entity {
        Entity::Message(message) => Some(message),
        _ => None,
    });
    Ok(message.collect())
}

impl Board {
    /// Puts an entity of the mirror into its place.
    fn take(&mut self, entity: Entity) {
        match entity {
            Entity::Account(account) => self.accounts.push(account),
            Entity::TicketType(kind) => self.types.push(kind),
            Entity::Ticket(ticket) => self.tickets.push(*ticket),
            Entity::DeskTicket(desk) => self.tickets.push(desk.ticket),
            Entity::TicketEvent(event) => self.events.entry(event.ticket).or_default().push(event),
            Entity::ReadMark(mark) => self.marks.push(mark),
            // Messages are read page by page; the rest is not about tickets.
            _ => {}
        }
    }

    /// Leaves out messages that were accepted and that the mirror has already, at whatever position: after a server was
    /// restored, positions do not say so.
    fn without_what_came(&mut self, mirror: &Mirror) -> Result<(), StoreError> {
        let mut came = BTreeSet::new();
        for entry in self.entries.iter().filter(|entry| matches!(entry.fate, Fate::Acked { .. })) {
            if let Some(Body::SendMessage(body)) = entry.body()
                && mirror.get("message", body.message.uuid())?.is_some()
            {
                came.insert(entry.id);
            }
        }
        self.entries.retain(|entry| !came.contains(&entry.id));
        Ok(())
    }

    /// Counts what is counted of a conversation.
    fn count(&mut self, mirror: &Mirror, conversation: Conversation) -> Result<(), StoreError> {
        let id = conversation.id();
        let last = mirror.last_place("message", id)?;
        if last == 0 {
            return Ok(());
        }
        let read = self.read_here(conversation);
        let received = |number: i64| -> Result<i64, StoreError> {
            Ok(messages(mirror, id, number..=number, 1)?.first().map_or(0, |message| message.received_ms))
        };
        let new = if read < last { messages(mirror, id, read + 1..=last, COUNTED)? } else { Vec::new() };
        let mut unread = new.iter().filter(|message| message.from != self.side).map(|message| message.number);
        let first_unread = unread.next();
        let unread = u32::from(first_unread.is_some()) + u32::try_from(unread.count()).unwrap_or(COUNTED);
        let read_ms = if read > 0 { received(read.min(last))? } else { 0 };
        let digest = Digest { last, last_ms: received(last)?, unread, first_unread, read_ms };
        self.digests.insert(id, digest);
        Ok(())
    }

    fn settle(&mut self) {
        self.types.sort_by_key(|kind| kind.place);
        for events in self.events.values_mut() {
            events.sort_by_key(|event| (event.at_ms, event.id));
        }
    }
}
