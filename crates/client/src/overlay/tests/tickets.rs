//! Tickets: what was entered here over what the mirror has.

use super::world::{FLAT, at, day, entry};
use crate::overlay::entry::Fate;
use crate::overlay::tickets::board::{Board, Digest};
use crate::overlay::tickets::list::{Wanted, list};
use crate::overlay::tickets::seen::Seen;
use crate::overlay::tickets::standing::{mark_of, standing};
use crate::overlay::tickets::talk::{self, Page};
use crate::overlay::tickets::{card, deadlines, row};
use crate::view::{DraftView, LineView, Mark, MessageMark, TicketsView};
use chrono_tz::Europe::Moscow;
use domain::ticket::deadline::{Duty, Urgency};
use domain::ticket::{Party, Rating, Status, TicketNumber};
use domain::{AttachmentLimits, MessageId, MessageText, Source, SubtypeId, TicketId, UserId};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;
use wire::operation::Body;
use wire::problem::Rejection;
use wire::ticket::{
    CloseTicket, Conversation, CreateTicket, Deadline, Happened, MarkRead, Message, ReadMark, ReopenTicket,
    SendMessage, Ticket, TicketEvent,
};

const LEAK: TicketId = TicketId::new(Uuid::from_u128(0x77));
const TALK: Conversation = Conversation::Ticket(LEAK);
const VERA: UserId = UserId::new(Uuid::from_u128(7));
const POSITION: i64 = 120;

fn now() -> i64 {
    at(day(10, 20))
}

fn text(words: &str) -> MessageText {
    MessageText::parse(words).expect("words")
}

fn ticket(status: Status) -> Ticket {
    Ticket {
        id: LEAK,
        number: TicketNumber { year: 2026, number: 5107 },
        short_name: "Течь: капает".into(),
        type_name: "Аварийная служба".into(),
        subtype_name: "Течь".into(),
        emergency: true,
        account: Some(FLAT),
        address: "Винокурова, 10-25".into(),
        description: text("капает"),
        attachments: Vec::new(),
        source: Source::ResidentApp,
        registered_ms: now(),
        captured_ms: now(),
        status,
        reason: MessageText::default(),
        deferred_until: None,
        visit_by_ms: None,
        deadlines: Vec::new(),
        rating: None,
        reopened: 0,
        executor_name: String::new(),
        incident: None,
    }
}

fn board(tickets: Vec<Ticket>) -> Board {
    Board {
        now_ms: now(),
        zone: Moscow,
        seq: Some(100),
        user: VERA,
        side: Party::Resident,
        me: None,
        accounts: Vec::new(),
        types: Vec::new(),
        tickets,
        events: BTreeMap::new(),
        marks: Vec::new(),
        digests: BTreeMap::new(),
        entries: Vec::new(),
        seen: Seen::default(),
        drafts: BTreeSet::new(),
    }
}

fn closes(rating: Option<u8>) -> Body {
    let rating = rating.map(|stars| Rating::try_from(stars).expect("a rating"));
    Body::CloseTicket(CloseTicket { ticket: LEAK, rating, word: MessageText::default() })
}

fn says(message: u128, words: &str) -> Body {
    let (message, text) = (MessageId::new(Uuid::from_u128(message)), text(words));
    Body::SendMessage(SendMessage { message, conversation: TALK, text, attachments: Vec::new() })
}

fn event(number: u128, at_ms: i64, by: Party, what: Happened) -> TicketEvent {
    TicketEvent { id: Uuid::from_u128(number), ticket: LEAK, at_ms, by, who: String::new(), what }
}

fn moved(from: Status, to: Status) -> Happened {
    Happened::Moved { from, to, reason: MessageText::default() }
}

fn message(number: i64, from: Party, received_ms: i64) -> Message {
    Message {
        id: MessageId::new(Uuid::from_u128(u128::from(number.unsigned_abs()) + 0x100)),
        conversation: TALK,
        number,
        from,
        author: String::new(),
        text: text(&format!("слово {number}")),
        attachments: Vec::new(),
        captured_ms: received_ms,
        received_ms,
    }
}

fn shown(board: &Board, closed: bool) -> TicketsView {
    list(board, &Wanted { closed, ..Wanted::default() }, AttachmentLimits::default())
}

#[test]
fn a_closing_shows_closed_from_the_entry_to_the_feed_without_a_gap() {
    let mut board = board(vec![ticket(Status::Done)]);
    let mut seen = Vec::new();
    for fate in [Fate::Queued, Fate::InFlight, Fate::Acked { position: POSITION }] {
        board.entries = vec![entry(1, closes(Some(5)), now(), fate)];
        seen.push(standing(&board, LEAK));
    }
    // The feed brings the closed ticket and passes the operation in one step.
    board.seq = Some(POSITION);
    board.tickets = vec![Ticket { rating: Rating::try_from(5).ok(), ..ticket(Status::Closed) }];
    board.events.insert(LEAK, vec![event(1, now(), Party::Resident, moved(Status::Done, Status::Closed))]);
    seen.push(standing(&board, LEAK));
    assert!(seen.iter().all(|it| it.status == Status::Closed && it.rating.map(Rating::stars) == Some(5)), "{seen:?}");
    let lines: Vec<usize> = seen.iter().map(|it| it.entered.len()).collect();
    assert_eq!(lines, [2, 2, 2, 0], "what the history has is not laid over it");
    assert_eq!(mark_of(&board, TALK), None);
}

#[test]
fn a_rejected_closing_leaves_the_ticket_where_the_server_has_it_and_says_so() {
    let mut board = board(vec![ticket(Status::Rejected)]);
    let rejection = Rejection::TicketStands { status: Status::Rejected };
    board.entries = vec![
        entry(1, closes(None), now(), Fate::Rejected { rejection: rejection.clone() }),
        entry(2, says(0xa1, "почему"), now(), Fate::Held { by: domain::OperationId::new(Uuid::from_u128(1)) }),
    ];
    let row = row::mirrored(&board, board.ticket(LEAK).expect("there"));
    assert_eq!((row.status, row.mark), (Status::Rejected, Some(Mark::Rejected { rejection })));
}

#[test]
fn what_waits_stands_first_and_a_closed_ticket_is_hidden_only_when_nothing_waits_in_it() {
    let other = Ticket { id: TicketId::new(Uuid::from_u128(0x78)), registered_ms: now() + 5, ..ticket(Status::New) };
    let mut board = board(vec![other.clone(), ticket(Status::Done)]);
    board.entries = vec![entry(1, closes(None), now(), Fate::Queued)];
    let ids = |view: &TicketsView| view.tickets.iter().map(|row| row.ticket.clone()).collect::<Vec<_>>();
    assert_eq!(ids(&shown(&board, false)), [LEAK.to_string(), other.id.to_string()]);
    board.entries[0].fate = Fate::Acked { position: POSITION };
    let view = shown(&board, false);
    assert_eq!((ids(&view), view.closed), (vec![other.id.to_string()], 1));
    assert_eq!(ids(&shown(&board, true)), [other.id.to_string(), LEAK.to_string()]);
}

#[test]
fn a_new_ticket_is_shown_by_its_entry_until_the_mirror_has_it() {
    let mut board = board(Vec::new());
    let create = Body::CreateTicket(CreateTicket {
        ticket: LEAK,
        account: FLAT,
        subtype: SubtypeId::new(Uuid::from_u128(1)),
        description: text("капает"),
        attachments: Vec::new(),
    });
    board.entries = vec![entry(1, create, now(), Fate::Acked { position: POSITION })];
    let view = shown(&board, false);
    assert_eq!((view.tickets.len(), view.tickets[0].number, &view.tickets[0].mark), (1, None, &None));
    assert!(card::card(&board, LEAK, &|_| None).is_some_and(|card| card.may_close && card.rejected.is_none()));
    board.tickets = vec![ticket(Status::New)];
    board.seq = Some(POSITION);
    let view = shown(&board, false);
    assert_eq!((view.tickets.len(), view.tickets[0].number.map(|it| it.number)), (1, Some(5107)));
}

#[test]
fn only_what_others_did_since_the_person_looked_counts() {
    let mut board = board(vec![ticket(Status::InProgress)]);
    board.seen = Seen::from(now());
    board.events.insert(
        LEAK,
        vec![
            event(1, now() - 10, Party::Staff, moved(Status::New, Status::Accepted)),
            event(2, now() + 10, Party::Resident, moved(Status::Closed, Status::New)),
            event(3, now() + 20, Party::Staff, moved(Status::New, Status::InProgress)),
        ],
    );
    assert_eq!(row::unread(&board, LEAK), 1);
    board.digests.insert(LEAK.uuid(), Digest { read_ms: now() + 30, ..Digest::default() });
    assert_eq!(row::unread(&board, LEAK), 0, "a later message was read, on whatever device");
    board.digests.clear();
    board.seen.show(LEAK, now() + 20);
    assert_eq!(row::unread(&board, LEAK), 0);
}

#[test]
fn a_ticket_opened_again_has_its_whole_term_anew() {
    const HOUR: i64 = 3_600_000;
    let due = Deadline { duty: Duty::Localise, due_ms: now() + HOUR, done_ms: None };
    let old = Ticket { registered_ms: now() - 100 * HOUR, deadlines: vec![due], ..ticket(Status::New) };
    let mut board = board(vec![old.clone()]);
    let urgency = |board: &Board| deadlines::next(board, &old, Status::New).map(|next| next.urgency);
    assert_eq!(urgency(&board), Some(Urgency::Soon));
    let again = event(1, now() - HOUR / 2, Party::Resident, moved(Status::Closed, Status::New));
    board.events.insert(LEAK, vec![again]);
    assert_eq!(urgency(&board), Some(Urgency::Calm));
    assert_eq!(deadlines::next(&board, &old, Status::Done), None, "nothing is owed any more");
}

#[test]
fn a_mark_never_sent_is_the_one_that_the_next_takes_the_place_of() {
    let mut board = board(vec![ticket(Status::New)]);
    let read = |through| Body::MarkRead(MarkRead { conversation: TALK, through });
    board.marks = vec![ReadMark { id: Uuid::from_u128(1), conversation: TALK, party: Party::Resident, through: 2 }];
    board.entries = vec![entry(1, read(4), now(), Fate::InFlight), entry(2, read(6), now(), Fate::Queued)];
    board.entries[0].ever_sent = true;
    assert_eq!(board.unsent_mark(TALK).map(|mark| mark.id), Some(board.entries[1].id));
    assert_eq!(mark_of(&board, TALK), None, "how far somebody has read waits for nobody");
    board.entries[1].ever_sent = true;
    assert_eq!(board.unsent_mark(TALK).map(|mark| mark.id), None);
}

/// Seven messages, and events in whatever moments between, before and behind them.
fn talk_with(events: &[i64]) -> (Board, Vec<Message>) {
    let mut board = board(vec![ticket(Status::InProgress)]);
    let messages: Vec<_> = (1..=7).map(|number| message(number, Party::Staff, now() + number * 10)).collect();
    board.digests.insert(LEAK.uuid(), Digest { last: 7, last_ms: now() + 70, ..Digest::default() });
    let mut events: Vec<_> = (0..)
        .zip(events)
        .map(|(number, ms)| event(number, now() + ms, Party::Staff, moved(Status::New, Status::InProgress)))
        .collect();
    events.sort_by_key(|event| event.at_ms);
    board.events.insert(LEAK, events);
    board.entries = vec![
        entry(1, says(0xa1, "раз"), now() + 100, Fate::Queued),
        entry(2, closes(None), now() + 101, Fate::Queued),
        entry(3, says(0xa2, "два"), now() + 102, Fate::Queued),
        entry(
            4,
            Body::ReopenTicket(ReopenTicket { ticket: LEAK, why: MessageText::default() }),
            now() + 103,
            Fate::Queued,
        ),
    ];
    (board, messages)
}

fn part(board: &Board, messages: &[Message], from: u32, count: u32) -> Vec<String> {
    let range = talk::range(talk::total(board, TALK), Some(from), count);
    let within = |message: &&Message| range.contains(&talk::place(message.number));
    let page = Page {
        messages: messages.iter().filter(within).cloned().collect(),
        next: messages.iter().find(|message| talk::place(message.number) >= range.end).cloned(),
    };
    let view = talk::view(board, TALK, &range, &page, &|_| None, DraftView::default());
    let name = |line: &LineView| match line {
        LineView::Message(message) => format!("m{}", message.place),
        LineView::Event(event) => format!("e{}", event.at_ms - now()),
        LineView::Note(note) => format!("n{}", note.id),
    };
    view.lines.iter().map(name).collect()
}

proptest! {
    #[test]
    fn parts_put_together_are_the_whole_conversation(
        events in proptest::collection::vec(0_i64..90, 0..8),
        count in 1_u32..10,
    ) {
        let (board, messages) = talk_with(&events);
        let whole = part(&board, &messages, 0, 200);
        let total = talk::total(&board, TALK);
        prop_assert_eq!(total, 9);
        let parts: Vec<_> =
            (0..total).step_by(count as usize).flat_map(|from| part(&board, &messages, from, count)).collect();
        prop_assert_eq!(&parts, &whole);
        let places: Vec<_> = whole.iter().filter(|line| line.starts_with('m')).cloned().collect();
        prop_assert_eq!(places, (0..9).map(|place| format!("m{place}")).collect::<Vec<_>>());
        prop_assert_eq!(whole.len(), 9 + events.len() + 2);
    }
}

#[test]
fn a_message_goes_from_here_to_read() {
    let mut board = board(vec![ticket(Status::New)]);
    let marks = |board: &Board, page: Vec<Message>| {
        let range = talk::range(talk::total(board, TALK), None, 10);
        let page = Page { messages: page, next: None };
        let view = talk::view(board, TALK, &range, &page, &|_| None, DraftView::default());
        let LineView::Message(message) = view.lines.into_iter().next_back().expect("a line") else {
            panic!("no message")
        };
        message.mark.expect("a mark")
    };
    let at_fate = |board: &mut Board, fate| {
        board.entries = vec![entry(1, says(0x101, "слово 1"), now(), fate)];
        marks(board, Vec::new())
    };
    assert_eq!(at_fate(&mut board, Fate::Queued), MessageMark::Entry { mark: Mark::Here });
    assert_eq!(at_fate(&mut board, Fate::InFlight), MessageMark::Entry { mark: Mark::Sending });
    assert_eq!(at_fate(&mut board, Fate::Acked { position: POSITION }), MessageMark::Accepted);
    board.seq = Some(POSITION);
    board.digests.insert(LEAK.uuid(), Digest { last: 1, last_ms: now(), ..Digest::default() });
    assert_eq!(marks(&board, vec![message(1, Party::Resident, now())]), MessageMark::Accepted);
    let read = ReadMark { id: Uuid::from_u128(2), conversation: TALK, party: Party::Staff, through: 1 };
    board.marks = vec![read];
    assert_eq!(marks(&board, vec![message(1, Party::Resident, now())]), MessageMark::Read);
}
