//! What only the staff reads, between the messages of a ticket.

use crate::overlay::entry::{Entry, Fate};
use crate::overlay::tickets::attachments::{self, Shelf};
use crate::overlay::tickets::board::Board;
use crate::overlay::tickets::talk::Page;
use crate::store::{Mirror, StoreError};
use crate::view::{ConversationView, LineView, NoteView};
use domain::TicketId;
use std::ops::Range;
use wire::desk::{AddNote, Note};
use wire::entity::Entity;
use wire::operation::Body;
use wire::ticket::Conversation;

/// A note, and when it stands where.
pub(crate) enum Written<'a> {
    /// The server has it.
    Taken(Note),
    /// It was entered here and the mirror does not contain it.
    Entered(&'a Entry, &'a AddNote),
}

/// The notes of a ticket: those of the mirror by time, then those on their way, in the order of entry.
pub(crate) fn of<'a>(board: &'a Board, mirror: &Mirror, ticket: TicketId) -> Result<Vec<Written<'a>>, StoreError> {
    let mut taken: Vec<Note> = Vec::new();
    for found in mirror.list("note", ticket.uuid())? {
        if let Entity::Note(note) = found.entity {
            taken.push(note);
        }
    }
    taken.sort_by_key(|note| (note.received_ms, note.id));
    let entered = board.not_in_the_mirror(Conversation::Ticket(ticket)).filter_map(|entry| match entry.body()? {
        // One that was accepted may be there already: after a server was restored, positions do not say so.
        Body::AddNote(body) if !taken.iter().any(|note| note.id == body.note) => Some((entry, body)),
        _ => None,
    });
    let entered: Vec<_> = entered.collect();
    let entered = entered.into_iter().map(|(entry, body)| Written::Entered(entry, body));
    Ok(taken.into_iter().map(Written::Taken).chain(entered).collect())
}

/// Puts those that belong to a part of the conversation between its lines: each stands behind the message before it.
pub(crate) fn between(
    mut view: ConversationView,
    notes: &[Written<'_>],
    page: &Page,
    range: &Range<u32>,
    shelf: &Shelf<'_>,
) -> ConversationView {
    let first_ms =
        if range.start == 0 { i64::MIN } else { page.messages.first().map_or(i64::MAX, |it| it.received_ms) };
    let next_ms = page.next.as_ref().map_or(i64::MAX, |next| next.received_ms);
    let last = range.end >= view.total;
    let mut taken = Vec::new();
    let mut entered = Vec::new();
    for note in notes {
        match note {
            Written::Taken(it) if it.received_ms >= first_ms && it.received_ms < next_ms => {
                taken.push((it.received_ms, note_of(note, shelf)));
            }
            Written::Entered(entry, _) if last => entered.push((entry.captured_ms, note_of(note, shelf))),
            _ => {}
        }
    }
    let received = |place: u32| page.messages.get((place - range.start) as usize).map(|message| message.received_ms);
    let mut lines = Vec::with_capacity(view.lines.len() + taken.len() + entered.len());
    let (mut taken, mut entered) = (taken.into_iter().peekable(), entered.into_iter().peekable());
    for line in view.lines {
        // What is on its way stands behind all that is there.
        let (at_ms, here) = match &line {
            LineView::Message(message) => match received(message.place).filter(|_| message.number.is_some()) {
                Some(received_ms) => (received_ms, false),
                None => (message.at_ms, true),
            },
            LineView::Event(event) => (event.at_ms, false),
            LineView::Note(note) => (note.at_ms, false),
        };
        while let Some((_, note)) = taken.next_if(|(note_ms, _)| here || *note_ms < at_ms) {
            lines.push(LineView::Note(Box::new(note)));
        }
        while let Some((_, note)) = entered.next_if(|(note_ms, _)| here && *note_ms < at_ms) {
            lines.push(LineView::Note(Box::new(note)));
        }
        lines.push(line);
    }
    lines.extend(taken.chain(entered).map(|(_, note)| LineView::Note(Box::new(note))));
    view.lines = lines;
    view
}

fn note_of(note: &Written<'_>, shelf: &Shelf<'_>) -> NoteView {
    match note {
        Written::Taken(note) => NoteView {
            id: note.id.to_string(),
            author: note.author.clone(),
            text: note.text.as_str().to_owned(),
            attachments: note.attachments.iter().map(|file| attachments::mirrored(file, shelf)).collect(),
            at_ms: note.captured_ms,
            mine: false,
            mark: None,
            operation: None,
        },
        Written::Entered(entry, body) => {
            let accepted = matches!(entry.fate, Fate::Acked { .. });
            NoteView {
                id: body.note.to_string(),
                author: String::new(),
                text: body.text.as_str().to_owned(),
                attachments: body
                    .attachments
                    .iter()
                    .map(|file| attachments::entered(file, shelf, entry.waits()))
                    .collect(),
                at_ms: entry.captured_ms,
                mine: true,
                mark: (!accepted).then(|| entry.mark()),
                operation: (!accepted).then(|| entry.id.to_string()),
            }
        }
    }
}
