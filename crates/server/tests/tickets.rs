//! A resident's tickets: registered under numbers without gaps, written to, closed and opened again.

mod common;

use common::town::Flat;
use common::*;
use domain::ticket::deadline::Duty;
use domain::ticket::{Rating, Status};
use domain::{MessageId, MessageText, SubtypeId, TicketId};
use std::collections::BTreeSet;
use uuid::Uuid;
use wire::entity::Entity;
use wire::feed::{Scope, Snapshot};
use wire::operation::Body;
use wire::problem::Rejection;
use wire::push::{Item, Outcome};
use wire::ticket::{
    CloseTicket, Conversation, CreateTicket, Enclosure, Happened, MarkRead, Message, ReadMark, ReopenTicket,
    SendMessage, Ticket, TicketEvent,
};

fn words(text: &str) -> MessageText {
    MessageText::parse(text).expect("short")
}

fn ticket_id(number: u128) -> TicketId {
    TicketId::new(Uuid::from_u128(0x7000 + number))
}

/// The first urgent subtype of the usual classifier.
fn leak(world: &World) -> SubtypeId {
    world.config().tickets.types[0].subtypes[0].id
}

fn create(world: &World, flat: &Flat, ticket: TicketId, text: &str) -> Body {
    Body::CreateTicket(CreateTicket {
        ticket,
        account: flat.account,
        subtype: leak(world),
        description: words(text),
        attachments: Vec::new(),
    })
}

fn say(ticket: TicketId, message: u128, text: &str) -> Body {
    Body::SendMessage(SendMessage {
        message: MessageId::new(Uuid::from_u128(0x9000 + message)),
        conversation: Conversation::Ticket(ticket),
        text: words(text),
        attachments: Vec::new(),
    })
}

fn close(ticket: TicketId, rating: Option<u8>) -> Body {
    let rating = rating.map(|stars| Rating::try_from(stars).expect("a rating"));
    Body::CloseTicket(CloseTicket { ticket, rating, word: MessageText::default() })
}

fn reopen(ticket: TicketId) -> Body {
    Body::ReopenTicket(ReopenTicket { ticket, why: words("Снова капает") })
}

/// A person who enters one thing after another.
struct Desk<'a> {
    world: &'a World,
    person: Person,
    entered: u64,
}

impl<'a> Desk<'a> {
    fn new(world: &'a World, person: Person) -> Self {
        Self { world, person, entered: 0 }
    }

    fn item(&mut self, body: Body) -> Item {
        self.entered += 1;
        item(&operation(&self.person, self.entered, november(20) + self.entered as i64, body))
    }

    async fn enter(&mut self, body: Body) -> Outcome {
        let item = self.item(body);
        self.world.push_one(&self.person, item).await
    }

    async fn applied(&mut self, body: Body) {
        let outcome = self.enter(body).await;
        assert!(matches!(outcome, Outcome::Applied { .. }), "{outcome:?}");
    }

    async fn sees(&self) -> Sight {
        Sight(self.world.snapshot(&self.person, Scope::User(self.person.user)).await)
    }
}

/// What a resident's computer would show.
struct Sight(Snapshot);

impl Sight {
    fn all<T>(&self, of: impl Fn(&Entity) -> Option<&T>) -> Vec<&T> {
        self.0.entities.iter().filter_map(|versioned| of(&versioned.entity)).collect()
    }

    fn tickets(&self) -> Vec<&Ticket> {
        self.all(|entity| if let Entity::Ticket(ticket) = entity { Some(&**ticket) } else { None })
    }

    fn messages(&self) -> Vec<&Message> {
        let mut all = self.all(|entity| if let Entity::Message(message) = entity { Some(message) } else { None });
        all.sort_by_key(|message| message.number);
        all
    }

    fn events(&self) -> Vec<&TicketEvent> {
        let mut all = self.all(|entity| if let Entity::TicketEvent(event) = entity { Some(event) } else { None });
        all.sort_by_key(|event| event.id);
        all
    }

    fn marks(&self) -> Vec<&ReadMark> {
        self.all(|entity| if let Entity::ReadMark(mark) = entity { Some(mark) } else { None })
    }
}

#[tokio::test]
async fn a_ticket_is_registered_with_a_number_a_short_name_and_the_laws_deadlines() {
    let world = World::new().await;
    let (person, flat) = world.resident().await;
    let mut desk = Desk::new(&world, person);
    desk.applied(create(&world, &flat, ticket_id(1), "Капает из-под мойки")).await;
    let sight = desk.sees().await;
    let ticket = sight.tickets()[0];
    assert_eq!((ticket.number.year, ticket.number.number), (2026, 1));
    assert_eq!(ticket.short_name, "Течь, прорвало трубу: Капает из-под мойки");
    assert_eq!((ticket.type_name.as_str(), ticket.status), ("Аварийная служба", Status::New));
    let due = |duty| {
        let deadline = ticket.deadlines.iter().find(|deadline| deadline.duty == duty).expect("a deadline");
        (deadline.due_ms - ticket.registered_ms) / 60_000
    };
    assert_eq!((due(Duty::Inform), due(Duty::Localise), due(Duty::Finish)), (30, 30, 4320));
    assert_eq!(ticket.address, flat_address(&world, &flat).await);
    assert!(matches!(sight.events()[..], [TicketEvent { what: Happened::Registered, .. }]));
}

async fn flat_address(world: &World, flat: &Flat) -> String {
    let account = flat.account;
    let found = world.store().read(move |sql| zhkh_server::accounts::entity(sql, account)).await;
    found.expect("read").expect("an account").address
}

#[tokio::test]
async fn numbers_have_no_gaps_though_some_tickets_are_refused_between() {
    let world = World::new().await;
    let (person, flat) = world.resident().await;
    let mut desk = Desk::new(&world, person);
    let mut items = Vec::new();
    for number in 1..=30 {
        // Every third is about nothing.
        let text = if number % 3 == 0 { "" } else { "Нет воды" };
        items.push(desk.item(create(&world, &flat, ticket_id(number), text)));
    }
    let batch = wire::push::Batch { incarnation: domain::Incarnation::new(Uuid::from_u128(1)), items };
    let outcomes = world.push(&desk.person, &batch).await;
    let refused = Rejection::FieldInvalid { field: "description".into() };
    let wrong = outcomes
        .iter()
        .filter(|outcome| matches!(outcome, Outcome::Rejected { rejection, .. } if *rejection == refused));
    assert_eq!(wrong.count(), 10);
    let numbers: BTreeSet<u32> = desk.sees().await.tickets().iter().map(|ticket| ticket.number.number).collect();
    assert_eq!(numbers, (1..=20).collect());
}

#[tokio::test]
async fn numbers_have_no_gaps_and_none_twice_though_many_register_at_once_and_some_are_refused() {
    let world = World::new().await;
    let (person, flat) = world.resident().await;
    let mut desk = Desk::new(&world, person);
    let incarnation = domain::Incarnation::new(Uuid::from_u128(1));
    let batches: Vec<_> = (0..24)
        .map(|batch| {
            // The refused one takes its number back, together with those around it.
            let texts = ["Нет воды", if batch % 2 == 0 { "" } else { "Нет света" }, "Нет тепла"];
            let items = texts.iter().zip(0..);
            let items = items.map(|(text, at)| desk.item(create(&world, &flat, ticket_id(batch * 3 + at), text)));
            wire::push::Batch { incarnation, items: items.collect() }
        })
        .collect();
    let pushes = batches.iter().map(|batch| world.push(&desk.person, batch));
    let outcomes = futures_util::future::join_all(pushes).await.concat();
    let applied = outcomes.iter().filter(|outcome| matches!(outcome, Outcome::Applied { .. })).count();
    assert_eq!(applied, 60);
    let mut numbers: Vec<u32> = desk.sees().await.tickets().iter().map(|ticket| ticket.number.number).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=60).collect::<Vec<_>>());
}

#[tokio::test]
async fn messages_stand_in_the_order_in_which_they_were_written_also_when_one_is_delivered_again() {
    let world = World::new().await;
    let (person, flat) = world.resident().await;
    let mut desk = Desk::new(&world, person);
    desk.applied(create(&world, &flat, ticket_id(1), "Капает")).await;
    let first = desk.item(say(ticket_id(1), 1, "Первое"));
    let second = desk.item(say(ticket_id(1), 2, "Второе"));
    for item in [&first, &first, &second, &first] {
        assert!(matches!(world.push_one(&desk.person, item.clone()).await, Outcome::Applied { .. }));
    }
    let sight = desk.sees().await;
    let texts: Vec<_> = sight.messages().iter().map(|message| (message.number, message.text.as_str())).collect();
    assert_eq!(texts, [(1, "Первое"), (2, "Второе")]);
}

#[tokio::test]
async fn nobody_writes_to_closes_or_reads_the_ticket_of_another_resident() {
    let world = World::new().await;
    let (person, flat) = world.resident().await;
    let mut desk = Desk::new(&world, person);
    desk.applied(create(&world, &flat, ticket_id(1), "Капает")).await;
    let stranger = world.register("+79000000099").await;
    let mut stranger = Desk::new(&world, stranger);
    let read = MarkRead { conversation: Conversation::Ticket(ticket_id(1)), through: 1 };
    let support = SendMessage {
        message: MessageId::new(Uuid::from_u128(5)),
        conversation: Conversation::Support(desk.person.user),
        text: words("Здравствуйте"),
        attachments: Vec::new(),
    };
    for body in [
        create(&world, &flat, ticket_id(2), "Чужая квартира"),
        say(ticket_id(1), 1, "Чужое"),
        close(ticket_id(1), None),
        reopen(ticket_id(1)),
        Body::MarkRead(read),
        Body::SendMessage(support),
    ] {
        let outcome = stranger.enter(body).await;
        assert!(matches!(outcome, Outcome::Rejected { rejection: Rejection::NotYours, .. }), "{outcome:?}");
    }
    assert!(stranger.sees().await.tickets().is_empty());
    assert!(desk.sees().await.messages().is_empty());
}

#[tokio::test]
async fn who_takes_over_a_phone_sees_and_writes_nothing_of_the_former_holders_tickets() {
    let world = World::new().await;
    let (person, flat) = world.resident().await;
    let mut desk = Desk::new(&world, person);
    desk.applied(create(&world, &flat, ticket_id(1), "Капает")).await;
    desk.applied(say(ticket_id(1), 1, "Ключ у соседки")).await;
    let support = SendMessage {
        message: MessageId::new(Uuid::from_u128(5)),
        conversation: Conversation::Support(desk.person.user),
        text: words("Здравствуйте"),
        attachments: Vec::new(),
    };
    desk.applied(Body::SendMessage(support)).await;
    let before = desk.sees().await;
    world.clock.advance(300_000);
    let mut next = Desk::new(&world, world.register(&desk.person.phone).await);
    assert_eq!(next.person.user, desk.person.user);
    let page = world.feed_after(&next.person, &before.0).await;
    let gone = page.rows.iter().filter(|row| matches!(row.change, wire::feed::Change::Gone { .. })).count();
    assert!(gone >= 4, "a computer that had them forgets them: {gone}");
    let sight = next.sees().await;
    assert!(sight.tickets().is_empty() && sight.messages().is_empty() && sight.events().is_empty());
    next.entered = 100;
    for body in [say(ticket_id(1), 2, "Чужое"), close(ticket_id(1), None), reopen(ticket_id(1))] {
        let outcome = next.enter(body).await;
        assert!(matches!(outcome, Outcome::Rejected { rejection: Rejection::NotYours, .. }), "{outcome:?}");
    }
}

#[tokio::test]
async fn a_closed_ticket_keeps_its_rating_and_is_opened_again_with_new_deadlines() {
    let world = World::new().await;
    let (person, flat) = world.resident().await;
    let mut desk = Desk::new(&world, person);
    desk.applied(create(&world, &flat, ticket_id(1), "Капает")).await;
    desk.applied(close(ticket_id(1), None)).await;
    // From the other computer, which did not know: only the rating is new.
    desk.applied(close(ticket_id(1), Some(4))).await;
    let closed = desk.sees().await;
    assert_eq!(closed.tickets()[0].status, Status::Closed);
    assert_eq!(closed.tickets()[0].rating.map(Rating::stars), Some(4));
    let moves = closed.events().iter().filter(|event| matches!(event.what, Happened::Moved { .. })).count();
    assert_eq!(moves, 1, "it was closed once");

    desk.applied(reopen(ticket_id(1))).await;
    let outcome = desk.enter(reopen(ticket_id(1))).await;
    let stands = Rejection::TicketStands { status: Status::New };
    assert!(matches!(outcome, Outcome::Rejected { rejection, .. } if rejection == stands));
    let opened = desk.sees().await;
    assert_eq!((opened.tickets()[0].status, opened.tickets()[0].reopened), (Status::New, 1));
    assert!(opened.tickets()[0].deadlines.iter().all(|deadline| deadline.done_ms.is_none()));
}

#[tokio::test]
async fn a_read_mark_never_goes_back_and_never_beyond_the_last_message() {
    let world = World::new().await;
    let (person, flat) = world.resident().await;
    let mut desk = Desk::new(&world, person);
    desk.applied(create(&world, &flat, ticket_id(1), "Капает")).await;
    for number in 1..=3 {
        desk.applied(say(ticket_id(1), number, "Слово")).await;
    }
    let conversation = Conversation::Ticket(ticket_id(1));
    for (through, stands) in [(2, 2), (1, 2), (99, 3)] {
        desk.applied(Body::MarkRead(MarkRead { conversation, through })).await;
        let sight = desk.sees().await;
        assert!(matches!(sight.marks()[..], [mark] if mark.through == stands), "{:?}", sight.marks());
    }
}

#[tokio::test]
async fn a_message_whose_file_is_not_here_waits_and_holds_what_is_behind_it() {
    let world = World::new().await;
    let (person, flat) = world.resident().await;
    let mut desk = Desk::new(&world, person);
    desk.applied(create(&world, &flat, ticket_id(1), "Капает")).await;
    let file = domain::FileId::of([7; 32]);
    let Body::SendMessage(mut message) = say(ticket_id(1), 1, "Вот фото") else { unreachable!() };
    message.attachments = vec![Enclosure { file, name: domain::FileName::new("фото.jpg") }];
    let (first, second) = (desk.item(Body::SendMessage(message)), desk.item(say(ticket_id(1), 2, "И ещё")));
    let batch =
        wire::push::Batch { incarnation: domain::Incarnation::new(Uuid::from_u128(1)), items: vec![first, second] };
    let outcomes = world.push(&desk.person, &batch).await;
    assert_eq!(outcomes, [Outcome::FilesMissing { files: vec![file] }, Outcome::OutOfOrder]);
    assert!(desk.sees().await.messages().is_empty());
}

#[tokio::test]
async fn a_subtype_that_is_no_longer_in_use_is_named() {
    let world = World::new().await;
    let (person, flat) = world.resident().await;
    let mut desk = Desk::new(&world, person);
    let Body::CreateTicket(mut body) = create(&world, &flat, ticket_id(1), "Капает") else { unreachable!() };
    body.subtype = SubtypeId::new(Uuid::from_u128(404));
    let outcome = desk.enter(Body::CreateTicket(body)).await;
    let gone = Rejection::FieldInvalid { field: "subtype".into() };
    assert!(matches!(outcome, Outcome::Rejected { rejection, .. } if rejection == gone));
}
