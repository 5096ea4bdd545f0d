//! Where a ticket stands, with what was entered here laid over it.

use super::board::Board;
use crate::overlay::entry::{Entry, Fate};
use crate::view::{Mark, TicketEventView};
use domain::ticket::{Party, Rating, Status};
use domain::{MessageText, TicketId};
use wire::operation::Body;
use wire::ticket::{Conversation, Happened};

/// Where a ticket stands.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Standing {
    /// The status.
    pub(crate) status: Status,
    /// What the person thinks of the work.
    pub(crate) rating: Option<Rating>,
    /// What was entered here and is laid over the history.
    pub(crate) entered: Vec<TicketEventView>,
}

/// The status of the mirror, changed by what was entered here as the server would change it.
pub(crate) fn standing(board: &Board, ticket: TicketId) -> Standing {
    let mirrored = board.ticket(ticket);
    let mut standing = Standing {
        status: mirrored.map_or(Status::New, |ticket| ticket.status),
        rating: mirrored.and_then(|ticket| ticket.rating),
        entered: Vec::new(),
    };
    for entry in board.laid_over(Conversation::Ticket(ticket)) {
        match entry.body() {
            Some(Body::CloseTicket(body)) => {
                standing.moves(entry, Party::Resident, Status::Closed, &MessageText::default());
                if let Some(rating) = body.rating {
                    standing.rating = Some(rating);
                    standing.notes(entry, Party::Resident, Happened::Rated { rating, word: body.word.clone() });
                }
            }
            Some(Body::ReopenTicket(body)) => standing.moves(entry, Party::Resident, Status::New, &body.why),
            Some(body) => crate::desk::standing::lay(&mut standing, entry, body, board.me),
            None => {}
        }
    }
    standing
}

impl Standing {
    /// Moves it, if that party may.
    pub(crate) fn moves(&mut self, entry: &Entry, by: Party, to: Status, reason: &MessageText) {
        let from = self.status;
        if from.check(to, by).is_ok() {
            self.status = to;
            self.notes(entry, by, Happened::Moved { from, to, reason: reason.clone() });
        }
    }

    /// Notes what happened by it.
    pub(crate) fn notes(&mut self, entry: &Entry, by: Party, what: Happened) {
        let view = TicketEventView { at_ms: entry.captured_ms, by, who: String::new(), what };
        self.entered.push(view);
    }
}

/// The mark of a conversation: of what needs the person, else of the newest that is not accepted yet.
pub(crate) fn mark_of(board: &Board, conversation: Conversation) -> Option<Mark> {
    let open = |entry: &&Entry| !matches!(entry.fate, Fate::Acked { .. });
    let mut on_their_way = board.not_in_the_mirror(conversation).filter(open);
    let newest = on_their_way.next_back();
    let needing = board.not_in_the_mirror(conversation).rev().find(|entry| entry.needs_attention());
    needing.or(newest).map(Entry::mark)
}
