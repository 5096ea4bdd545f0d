//! Everything the views of tickets are made from, at one moment.

use super::seen::Seen;
use crate::overlay::entry::{Entry, Fate};
use chrono_tz::Tz;
use domain::ticket::Party;
use domain::{AccountId, StaffId, SubtypeId, TicketId, UserId};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;
use wire::entity::Account;
use wire::operation::Body;
use wire::ticket::{Conversation, CreateTicket, ReadMark, Subtype, Ticket, TicketEvent, TicketType};

/// The mirror's tickets with the queue beside them. Of conversations it holds what is counted; their messages are read
/// page by page.
#[derive(Debug, Clone)]
pub(crate) struct Board {
    /// The server's time now, as far as this computer knows.
    pub(crate) now_ms: i64,
    /// The zone of the utility.
    pub(crate) zone: Tz,
    /// The position of the mirror; `None` before the first synchronisation.
    pub(crate) seq: Option<i64>,
    /// The person.
    pub(crate) user: UserId,
    /// On which side they stand.
    pub(crate) side: Party,
    /// Who they are among the staff, if they are.
    pub(crate) me: Option<StaffId>,
    /// Their accounts.
    pub(crate) accounts: Vec<Account>,
    /// What may be asked for, in the utility's order.
    pub(crate) types: Vec<TicketType>,
    /// Tickets of the mirror.
    pub(crate) tickets: Vec<Ticket>,
    /// What happened to each, oldest first.
    pub(crate) events: BTreeMap<TicketId, Vec<TicketEvent>>,
    /// How far each side has read.
    pub(crate) marks: Vec<ReadMark>,
    /// What is counted of each conversation.
    pub(crate) digests: BTreeMap<Uuid, Digest>,
    /// Operations about conversations, in the order of entry.
    pub(crate) entries: Vec<Entry>,
    /// Which events the person has seen.
    pub(crate) seen: Seen,
    /// Where something is written and not sent.
    pub(crate) drafts: BTreeSet<Conversation>,
}

/// What is counted of a conversation in the mirror.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Digest {
    /// How many messages it has; the number of the last.
    pub(crate) last: i64,
    /// When the last one came.
    pub(crate) last_ms: i64,
    /// Messages of the other side that were not read.
    pub(crate) unread: u32,
    /// The number of the first of them.
    pub(crate) first_unread: Option<i64>,
    /// When the last message that was read came.
    pub(crate) read_ms: i64,
}

impl Board {
    /// Operations of a conversation, without those that only tell how far it was read.
    pub(crate) fn entries_of(&self, conversation: Conversation) -> impl DoubleEndedIterator<Item = &Entry> {
        self.entries
            .iter()
            .filter(move |entry| !entry.is_read_mark() && entry.body().and_then(conversation_of) == Some(conversation))
    }

    /// Those of them that the mirror does not contain, in the order of entry.
    pub(crate) fn laid_over(&self, conversation: Conversation) -> impl DoubleEndedIterator<Item = &Entry> {
        self.entries_of(conversation).filter(|entry| entry.overlays(self.seq))
    }

    /// Those that the mirror does not contain or never will, in the order of entry.
    pub(crate) fn not_in_the_mirror(&self, conversation: Conversation) -> impl DoubleEndedIterator<Item = &Entry> {
        self.entries_of(conversation).filter(|entry| entry.overlays(self.seq) || entry.needs_attention())
    }

    /// A ticket of the mirror.
    pub(crate) fn ticket(&self, id: TicketId) -> Option<&Ticket> {
        self.tickets.iter().find(|ticket| ticket.id == id)
    }

    /// Tickets that were entered here and that the mirror does not contain.
    pub(crate) fn created(&self) -> impl Iterator<Item = (&Entry, &CreateTicket)> {
        self.entries.iter().filter_map(|entry| match entry.body()? {
            Body::CreateTicket(body)
                if (entry.overlays(self.seq) || entry.needs_attention()) && self.ticket(body.ticket).is_none() =>
            {
                Some((entry, body))
            }
            _ => None,
        })
    }

    /// The ticket that was entered here and that the mirror does not contain.
    pub(crate) fn created_as(&self, id: TicketId) -> Option<(&Entry, &CreateTicket)> {
        self.created().find(|(_, body)| body.ticket == id)
    }

    /// An account.
    pub(crate) fn account(&self, id: AccountId) -> Option<&Account> {
        self.accounts.iter().find(|account| account.id == id)
    }

    /// A subtype with its type.
    pub(crate) fn subtype(&self, id: SubtypeId) -> Option<(&TicketType, &Subtype)> {
        let mut all = self.types.iter().flat_map(|kind| kind.subtypes.iter().map(move |subtype| (kind, subtype)));
        all.find(|(_, subtype)| subtype.id == id)
    }

    /// What happened to a ticket, oldest first.
    pub(crate) fn events_of(&self, ticket: TicketId) -> &[TicketEvent] {
        self.events.get(&ticket).map_or(&[], Vec::as_slice)
    }

    /// What is counted of a conversation.
    pub(crate) fn digest(&self, conversation: Conversation) -> Digest {
        self.digests.get(&conversation.id()).copied().unwrap_or_default()
    }

    /// How far the other side has read.
    pub(crate) fn read_there(&self, conversation: Conversation) -> i64 {
        let other = if self.side == Party::Resident { Party::Staff } else { Party::Resident };
        through(&self.marks, conversation, other)
    }

    /// How far the person's side has read, what was noted here included.
    pub(crate) fn read_here(&self, conversation: Conversation) -> i64 {
        let noted = self.entries.iter().filter_map(|entry| match entry.body()? {
            Body::MarkRead(body) if body.conversation == conversation && entry.overlays(self.seq) => Some(body.through),
            _ => None,
        });
        noted.fold(through(&self.marks, conversation, self.side), i64::max)
    }

    /// The mark that the person's reading left here and that never left this computer.
    pub(crate) fn unsent_mark(&self, conversation: Conversation) -> Option<&Entry> {
        self.entries.iter().rev().find(|entry| {
            matches!(entry.body(), Some(Body::MarkRead(body)) if body.conversation == conversation)
                && matches!(entry.fate, Fate::Queued | Fate::Held { .. })
                && !entry.ever_sent
        })
    }

    /// What of a ticket's history the person has not seen: what others did since they last looked.
    pub(crate) fn unseen_events(&self, ticket: TicketId) -> impl Iterator<Item = &TicketEvent> {
        let read_ms = self.digest(Conversation::Ticket(ticket)).read_ms;
        let seen_ms = self.seen.through(ticket).max(read_ms);
        self.events_of(ticket).iter().filter(move |event| event.by != Party::Resident && event.at_ms > seen_ms)
    }
}

fn through(marks: &[ReadMark], conversation: Conversation, party: Party) -> i64 {
    let own = marks.iter().filter(|mark| mark.conversation == conversation && mark.party == party);
    own.map(|mark| mark.through).max().unwrap_or(0)
}

/// The conversation that an operation is about.
pub(crate) fn conversation_of(body: &Body) -> Option<Conversation> {
    Some(match body {
        Body::CreateTicket(body) => Conversation::Ticket(body.ticket),
        Body::SendMessage(body) => body.conversation,
        Body::MarkRead(body) => body.conversation,
        Body::CloseTicket(body) => Conversation::Ticket(body.ticket),
        Body::ReopenTicket(body) => Conversation::Ticket(body.ticket),
        Body::RegisterTicket(body) => Conversation::Ticket(body.ticket),
        Body::MoveTicket(body) => Conversation::Ticket(body.ticket),
        Body::AssignTicket(body) => Conversation::Ticket(body.ticket),
        Body::MeetDuty(body) => Conversation::Ticket(body.ticket),
        Body::FoldTicket(body) => Conversation::Ticket(body.ticket),
        Body::AddNote(body) => Conversation::Ticket(body.ticket),
        _ => return None,
    })
}
