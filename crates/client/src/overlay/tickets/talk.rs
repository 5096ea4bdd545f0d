//! A part of a conversation: messages, what happened between them, and what is on its way behind them.

use super::attachments::{self, Shelf};
use super::board::Board;
use super::card;
use super::standing::standing;
use crate::overlay::entry::{Entry, Fate};
use crate::store::folded;
use crate::view::{ConversationView, DraftView, LineView, Mark, MessageMark, MessageView, TicketEventView};
use domain::MessageId;
use std::ops::Range;
use wire::operation::Body;
use wire::ticket::{Conversation, Happened, Message, SendMessage};

/// The most messages in one part.
pub(crate) const MOST: u32 = 200;

/// The part that is asked for: the newest without a beginning.
pub(crate) fn range(total: u32, from: Option<u32>, count: u32) -> Range<u32> {
    let count = count.clamp(1, MOST);
    let from = from.unwrap_or(total.saturating_sub(count)).min(total);
    from..from.saturating_add(count).min(total)
}

/// Messages of the mirror that a part begins with.
#[derive(Debug, Clone, Default)]
pub(crate) struct Page {
    /// The messages.
    pub(crate) messages: Vec<Message>,
    /// The message behind them, if there is one in the mirror.
    pub(crate) next: Option<Message>,
}

/// How many messages a conversation has, those on their way included.
pub(crate) fn total(board: &Board, conversation: Conversation) -> u32 {
    let entered = u32::try_from(entered(board, conversation).count()).unwrap_or(u32::MAX);
    mirrored(board, conversation).saturating_add(entered)
}

/// The part `range` of a conversation, of which `page` is in the mirror.
pub(crate) fn view(
    board: &Board,
    conversation: Conversation,
    range: &Range<u32>,
    page: &Page,
    shelf: &Shelf<'_>,
    draft: DraftView,
) -> ConversationView {
    let mut lines = Vec::new();
    let mut events = events_in(board, conversation, range, page).into_iter().peekable();
    for message in &page.messages {
        while let Some(event) = events.next_if(|event| is_before(event, message)) {
            lines.push(LineView::Event(event));
        }
        lines.push(LineView::Message(Box::new(taken(board, conversation, message, shelf))));
    }
    lines.extend(events.map(LineView::Event));
    lines.extend(behind(board, conversation, range, shelf));
    ConversationView {
        total: total(board, conversation),
        from: range.start,
        lines,
        first_unread: board.digest(conversation).first_unread.map(place),
        draft,
    }
}

/// The places of messages on their way in which all of the words stand.
pub(crate) fn entered_with(board: &Board, conversation: Conversation, words: &[String]) -> Vec<u32> {
    let places = mirrored(board, conversation)..;
    let fits = |body: &SendMessage| {
        all_in(words, body.text.as_str(), body.attachments.iter().map(|enclosure| enclosure.name.as_str()))
    };
    let found = places.zip(entered(board, conversation)).filter(|(_, (_, body))| fits(body));
    found.map(|(place, _)| place).collect()
}

/// Whether all of the words stand in what a ticket begins with.
pub(crate) fn described_with(board: &Board, conversation: Conversation, words: &[String]) -> bool {
    let Conversation::Ticket(id) = conversation else { return false };
    match (board.ticket(id), board.created_as(id)) {
        (Some(ticket), _) => {
            all_in(words, ticket.description.as_str(), ticket.attachments.iter().map(|file| file.name.as_str()))
        }
        (None, Some((_, body))) => {
            all_in(words, body.description.as_str(), body.attachments.iter().map(|file| file.name.as_str()))
        }
        (None, None) => false,
    }
}

/// Whether all words stand together in a text and the names of its files.
fn all_in<'a>(words: &[String], text: &str, files: impl Iterator<Item = &'a str>) -> bool {
    let text = files.fold(folded(text), |text, name| text + "\n" + &folded(name));
    words.iter().all(|word| text.contains(word))
}

/// The place of a message on its way.
pub(crate) fn place_entered(board: &Board, conversation: Conversation, message: MessageId) -> Option<u32> {
    let places = mirrored(board, conversation)..;
    places.zip(entered(board, conversation)).find(|(_, (_, body))| body.message == message).map(|(place, _)| place)
}

/// The place of the message with this number.
pub(crate) fn place(number: i64) -> u32 {
    u32::try_from(number - 1).unwrap_or(0)
}

fn mirrored(board: &Board, conversation: Conversation) -> u32 {
    u32::try_from(board.digest(conversation).last).unwrap_or(0)
}

/// Messages that were entered here and that the mirror does not contain.
fn entered(board: &Board, conversation: Conversation) -> impl Iterator<Item = (&Entry, &SendMessage)> {
    board.not_in_the_mirror(conversation).filter_map(|entry| match entry.body()? {
        Body::SendMessage(body) => Some((entry, body)),
        _ => None,
    })
}

/// What happened between the messages of the page: each event belongs to the message before it.
fn events_in(board: &Board, conversation: Conversation, range: &Range<u32>, page: &Page) -> Vec<TicketEventView> {
    let Conversation::Ticket(ticket) = conversation else { return Vec::new() };
    // A part in which nothing of the mirror stands has only what is on its way.
    if range.start > 0 && page.messages.is_empty() {
        return Vec::new();
    }
    let first = page.messages.first().filter(|_| range.start > 0);
    let within = board.events_of(ticket).iter().map(card::event).filter(|event| {
        first.is_none_or(|first| !is_before(event, first))
            && page.next.as_ref().is_none_or(|next| is_before(event, next))
    });
    within.collect()
}

/// What happens in one moment with a message stands behind it, but for the registration: before it there was no ticket.
fn is_before(event: &TicketEventView, message: &Message) -> bool {
    event.at_ms < message.received_ms || (event.at_ms == message.received_ms && event.what == Happened::Registered)
}

/// What is on its way: messages, and what was done to the ticket meanwhile, in the order of entry.
fn behind(board: &Board, conversation: Conversation, range: &Range<u32>, shelf: &Shelf<'_>) -> Vec<LineView> {
    let mirrored = mirrored(board, conversation);
    let mut done = match conversation {
        Conversation::Ticket(ticket) => standing(board, ticket).entered,
        Conversation::Support(_) => Vec::new(),
    }
    .into_iter()
    .peekable();
    // An event belongs to the message before it; without one, to the beginning.
    let shown = |before: u32| before.checked_sub(1).map_or(range.start == 0, |place| range.contains(&place));
    let mut lines = Vec::new();
    for (place, (entry, body)) in (mirrored..).zip(entered(board, conversation)) {
        while let Some(event) = done.next_if(|event| event.at_ms <= entry.captured_ms) {
            if shown(place) {
                lines.push(LineView::Event(event));
            }
        }
        if range.contains(&place) {
            lines.push(LineView::Message(Box::new(on_its_way(place, entry, body, shelf))));
        }
    }
    if shown(total(board, conversation)) {
        lines.extend(done.map(LineView::Event));
    }
    lines
}

/// A message that the server has.
fn taken(board: &Board, conversation: Conversation, message: &Message, shelf: &Shelf<'_>) -> MessageView {
    let mine = message.from == board.side;
    let read = message.number <= board.read_there(conversation);
    MessageView {
        id: message.id.to_string(),
        place: place(message.number),
        number: Some(message.number),
        mine,
        author: message.author.clone(),
        text: message.text.as_str().to_owned(),
        attachments: message.attachments.iter().map(|file| attachments::mirrored(file, shelf)).collect(),
        at_ms: message.captured_ms,
        mark: mine.then_some(if read { MessageMark::Read } else { MessageMark::Accepted }),
        operation: None,
    }
}

/// A message that was entered here.
fn on_its_way(place: u32, entry: &Entry, body: &SendMessage, shelf: &Shelf<'_>) -> MessageView {
    let waits = entry.waits();
    let files: Vec<_> = body.attachments.iter().map(|file| attachments::entered(file, shelf, waits)).collect();
    let accepted = matches!(entry.fate, Fate::Acked { .. });
    // As soon as something of its files is there, it is on its way.
    let leaving = files.iter().any(|file| file.sent.is_some_and(|sent| sent > 0));
    let mark = match entry.mark() {
        Mark::Here if leaving => Mark::Sending,
        mark => mark,
    };
    MessageView {
        id: body.message.to_string(),
        place,
        number: None,
        mine: true,
        author: String::new(),
        text: body.text.as_str().to_owned(),
        attachments: files,
        at_ms: entry.captured_ms,
        mark: Some(if accepted { MessageMark::Accepted } else { MessageMark::Entry { mark } }),
        operation: (!accepted).then(|| entry.id.to_string()),
    }
}
