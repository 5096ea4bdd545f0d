//! The model: what was entered on which computer, and what may become of it.

use domain::{AccountId, MeterId, OperationId, ReadingId, TicketId};
use std::collections::BTreeMap;
use wire::operation::{Body, Lane, Operation};
use wire::ticket::{CloseTicket, Conversation, MarkRead, ReopenTicket, SendMessage};

/// What the person did about an entry after it was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Wish {
    /// Nothing.
    #[default]
    Stands,
    /// Taken back before it left: it never takes effect.
    TakenBack,
    /// Taken back when it may have left, or given up while the program died: the server says what became of it.
    Asked,
    /// A rejected one that was given up.
    GivenUp,
    /// Another one took its place.
    Replaced,
}

/// One entry.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Its operation.
    pub id: OperationId,
    /// The computer on which it was made.
    pub computer: usize,
    /// The lane.
    pub lane: Lane,
    /// What is asked.
    pub body: Body,
    /// When, truly.
    pub at_ms: i64,
    /// Its place in the order of entry; that of the one it replaced.
    pub place: usize,
    /// What the person did about it.
    pub wish: Wish,
    /// The computer that knew of it was put back to a state before it: it may have taken effect or not.
    pub lost: bool,
    /// The computer was put back to a copy that has it: a copy of it may have left that this computer knows nothing of.
    pub copied: bool,
    /// The person had done away with it, and the copy brought it back.
    pub revived: bool,
    /// Whether it was once shown as accepted.
    pub accepted: bool,
}

impl Entry {
    /// The reading, if it is one.
    pub fn reading(&self) -> Option<(MeterId, ReadingId)> {
        match &self.body {
            Body::SubmitReading(body) => Some((body.meter, body.reading)),
            _ => None,
        }
    }

    /// Whether it only tells how far somebody has read. The program lets go of it when it is rejected: nothing is lost.
    pub const fn is_mark(&self) -> bool {
        matches!(self.body, Body::MarkRead(_))
    }

    /// The ticket, if it is about one that has to be there.
    pub const fn ticket(&self) -> Option<TicketId> {
        match &self.body {
            Body::SendMessage(SendMessage { conversation: Conversation::Ticket(ticket), .. })
            | Body::MarkRead(MarkRead { conversation: Conversation::Ticket(ticket), .. })
            | Body::CloseTicket(CloseTicket { ticket, .. })
            | Body::ReopenTicket(ReopenTicket { ticket, .. }) => Some(*ticket),
            _ => None,
        }
    }

    /// The meter, if it is about one.
    pub const fn meter(&self) -> Option<MeterId> {
        match &self.body {
            Body::SubmitReading(body) => Some(body.meter),
            Body::RenameMeter(body) => Some(body.meter),
            _ => None,
        }
    }
}

/// All entries.
#[derive(Default)]
pub struct Book {
    entries: Vec<Entry>,
    by_id: BTreeMap<OperationId, usize>,
    /// The account of each meter.
    pub accounts: BTreeMap<MeterId, AccountId>,
}

impl Book {
    /// Writes an entry down as the program keeps it.
    pub fn add(&mut self, computer: usize, operation: &Operation, at_ms: i64) {
        let mut place = self.entries.len();
        if let Some(old) = operation.replaces.and_then(|old| self.by_id.get(&old).copied()) {
            place = self.entries[old].place;
            self.entries[old].wish = Wish::Replaced;
        }
        self.by_id.insert(operation.id, self.entries.len());
        self.entries.push(Entry {
            id: operation.id,
            computer,
            lane: operation.lane,
            body: operation.body.clone(),
            at_ms,
            place,
            wish: Wish::Stands,
            lost: false,
            copied: false,
            revived: false,
            accepted: false,
        });
    }

    /// All of them, in the order of entry.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Those that a computer has to know.
    pub fn known_to(&self, computer: usize) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(move |entry| entry.computer == computer && !entry.lost)
    }

    /// One entry.
    pub fn get(&self, id: OperationId) -> Option<&Entry> {
        self.by_id.get(&id).map(|index| &self.entries[*index])
    }

    /// One entry, to be changed.
    pub fn get_mut(&mut self, id: OperationId) -> Option<&mut Entry> {
        self.by_id.get(&id).map(|index| &mut self.entries[*index])
    }

    /// A computer was put back to a copy that was made when the book had so many entries. What it has done about older
    /// ones since is forgotten too.
    pub fn put_back(&mut self, computer: usize, copied: &[Entry]) {
        let kept = copied.len();
        for (index, entry) in self.entries.iter_mut().enumerate() {
            if entry.computer != computer {
                continue;
            }
            if index >= kept {
                entry.lost = true;
            } else {
                let was = &copied[index];
                entry.lost |= was.lost;
                entry.copied = true;
                entry.revived |= was.wish != entry.wish;
                // What replaced it is lost; the server may have seen either.
                entry.wish = if was.wish == entry.wish { was.wish } else { Wish::Asked };
                entry.accepted = was.accepted;
            }
        }
    }
}
