//! Letters to residents, over a real SMTP connection: one for each event, also when somebody stops in between.

mod common;

use common::staff::Hand;
use common::*;
use domain::ticket::Status;
use domain::{MessageId, MessageText, Source, TicketId};
use sandbox::postbox::Letter;
use std::collections::BTreeSet;
use uuid::Uuid;
use wire::desk::{AddNote, MoveTicket};
use wire::operation::{Body, UpdateProfile};
use wire::ticket::{CloseTicket, Conversation, CreateTicket, SendMessage};

const ADDRESS: &str = "smirnova@mail.example";
/// Later than any pause between two tries.
const DAY_MS: i64 = 24 * 3_600_000;

fn words(text: &str) -> MessageText {
    MessageText::parse(text).expect("short")
}

fn ticket() -> TicketId {
    TicketId::new(Uuid::from_u128(0x7001))
}

struct Town {
    world: World,
    mail: sandbox::Running,
    resident: Person,
    flat: town::Flat,
    dispatcher: Person,
}

impl Town {
    async fn new() -> Self {
        let mail = sandbox::start("127.0.0.1:0").await.expect("a mail server");
        // Only when the test says so.
        let settings = format!(
            "{SETTINGS}\n[mail]\nhost = \"127.0.0.1\"\nport = {}\nsecurity = \"none\"\nfrom = \"zayavki@ks.example\"\nlook_s = 86400\n",
            mail.smtp.port()
        );
        let world = World::with(&settings).await;
        let (resident, flat) = world.resident().await;
        let dispatcher = world.staff("ilina", "Ильина Анна Сергеевна", "dispatcher").await;
        let town = Self { world, mail, resident, flat, dispatcher };
        // The first look is at once.
        town.send().await;
        town
    }

    fn resident(&self) -> Hand<'_> {
        Hand::new(&self.world, self.resident.clone(), Source::ResidentApp)
    }

    fn desk(&self) -> Hand<'_> {
        Hand::new(&self.world, self.dispatcher.clone(), Source::Desk)
    }

    fn create(&self) -> Body {
        let subtype = self.world.config().tickets.types[0].subtypes[0].id;
        let (account, description) = (self.flat.account, words("Капает из-под мойки"));
        Body::CreateTicket(CreateTicket { ticket: ticket(), account, subtype, description, attachments: Vec::new() })
    }

    /// A ticket of a resident who left an address.
    async fn with_a_ticket(&self) {
        let mut resident = self.resident();
        resident.applied(Body::UpdateProfile(UpdateProfile { name: None, email: Some(ADDRESS.into()) })).await;
        resident.applied(self.create()).await;
    }

    async fn send(&self) -> usize {
        self.world.running().send_letters().await.expect("read")
    }

    fn letters(&self) -> Vec<Letter> {
        let mut letters = self.mail.postbox.letters(None);
        letters.reverse();
        letters
    }
}

fn go(from: Status, to: Status, reason: &str) -> Body {
    Body::MoveTicket(MoveTicket { ticket: ticket(), from, to, reason: words(reason), until: None })
}

#[tokio::test]
async fn a_resident_reads_the_number_and_every_status_once_and_never_a_note() {
    let town = Town::new().await;
    town.with_a_ticket().await;
    let mut desk = town.desk();
    let note = MessageId::new(Uuid::from_u128(1));
    let text = words("Злая собака");
    desk.applied(Body::AddNote(AddNote { note, ticket: ticket(), text, attachments: Vec::new() })).await;
    desk.applied(go(Status::New, Status::InProgress, "")).await;
    desk.applied(go(Status::InProgress, Status::Rejected, "Это дом другой службы")).await;
    assert_eq!(town.send().await, 3);
    assert_eq!(town.send().await, 0);
    let letters = town.letters();
    let subjects: Vec<_> = letters.iter().map(|letter| letter.subject.as_str()).collect();
    assert_eq!(subjects, ["Заявка № 1 зарегистрирована", "Заявка № 1: в работе", "Заявка № 1: отклонена"]);
    assert!(
        letters[0].body.contains("Капает из-под мойки") && letters[0].body.contains("кв. 25"),
        "{}",
        letters[0].body
    );
    assert!(letters[2].body.contains("Причина: Это дом другой службы"));
    assert!(letters.iter().all(|letter| letter.to == [ADDRESS] && letter.from == "zayavki@ks.example"));
    assert!(letters.iter().all(|letter| !letter.body.contains("собака")));
    let names: BTreeSet<_> = letters.iter().map(|letter| &letter.message_id).collect();
    assert_eq!(names.len(), 3);
}

#[tokio::test]
async fn what_follows_from_ones_own_answer_or_closing_is_no_letter() {
    let town = Town::new().await;
    town.with_a_ticket().await;
    town.desk().applied(go(Status::New, Status::AwaitingResident, "")).await;
    let mut resident = town.resident();
    resident.entered = 2;
    let conversation = Conversation::Ticket(ticket());
    let (message, text) = (MessageId::new(Uuid::from_u128(1)), words("Второй подъезд"));
    resident.applied(Body::SendMessage(SendMessage { message, conversation, text, attachments: Vec::new() })).await;
    resident.applied(Body::CloseTicket(CloseTicket { ticket: ticket(), rating: None, word: words("") })).await;
    assert_eq!(town.send().await, 2);
    let subjects: Vec<_> = town.letters().into_iter().map(|letter| letter.subject).collect();
    assert_eq!(subjects, ["Заявка № 1 зарегистрирована", "Заявка № 1: ждём вашего ответа"]);
}

#[tokio::test]
async fn who_left_no_address_gets_no_letter() {
    let town = Town::new().await;
    town.resident().applied(town.create()).await;
    assert_eq!((town.send().await, town.letters().len()), (0, 0));
}

#[tokio::test]
async fn a_letter_is_sent_after_a_restart_between_the_ticket_and_the_post() {
    let mut town = Town::new().await;
    town.mail.postbox.with_knobs(|knobs| knobs.down = true);
    town.with_a_ticket().await;
    assert_eq!(town.send().await, 0);
    town.world.stop().await;
    town.mail.postbox.with_knobs(|knobs| knobs.down = false);
    town.world.clock.set(november(20) + DAY_MS);
    town.world.start().await;
    town.send().await;
    // The server's own look at its start may have been first.
    town.mail.postbox.wait_for(1).await;
    assert_eq!(town.letters()[0].subject, "Заявка № 1 зарегистрирована");
    assert_eq!((town.send().await, town.letters().len()), (0, 1));
}

#[tokio::test]
async fn a_busy_mail_server_is_asked_again_later_and_not_at_once() {
    let town = Town::new().await;
    town.mail.postbox.with_knobs(|knobs| knobs.busy = true);
    town.with_a_ticket().await;
    town.desk().applied(go(Status::New, Status::Done, "")).await;
    assert_eq!(town.send().await, 0);
    let asked = town.mail.postbox.connections();
    assert_eq!(asked, 1, "the second letter waits too");
    town.mail.postbox.with_knobs(|knobs| knobs.busy = false);
    // The first has its pause; the second, which was never tried, goes.
    assert_eq!(town.send().await, 1);
    town.world.clock.set(november(20) + DAY_MS);
    assert_eq!(town.send().await, 1);
    assert_eq!(town.letters().len(), 2);
}

#[tokio::test]
async fn a_receiver_that_is_none_is_given_up_and_holds_no_other() {
    let town = Town::new().await;
    town.mail.postbox.with_knobs(|knobs| knobs.unknown = vec![ADDRESS.into()]);
    town.with_a_ticket().await;
    let mut resident = town.resident();
    resident.entered = 2;
    let other = "other@mail.example".to_owned();
    resident.applied(Body::UpdateProfile(UpdateProfile { name: None, email: Some(other.clone()) })).await;
    town.desk().applied(go(Status::New, Status::Done, "")).await;
    assert_eq!(town.send().await, 1);
    assert_eq!(town.letters()[0].to, [other]);
    town.world.clock.set(november(20) + DAY_MS);
    assert_eq!(town.send().await, 0, "it was given up");
}

#[tokio::test]
async fn a_mail_server_that_breaks_off_after_it_took_a_letter_gets_it_again_under_the_same_name() {
    let town = Town::new().await;
    town.mail.postbox.with_knobs(|knobs| knobs.silent = true);
    town.with_a_ticket().await;
    assert_eq!(town.send().await, 0);
    town.mail.postbox.with_knobs(|knobs| knobs.silent = false);
    town.world.clock.set(november(20) + DAY_MS);
    assert_eq!(town.send().await, 1);
    let letters = town.letters();
    assert_eq!(letters.len(), 2);
    assert_eq!(letters[0].message_id, letters[1].message_id, "its receiver can tell that it is one");
}

#[tokio::test]
async fn what_nobody_took_for_days_is_given_up() {
    let town = Town::new().await;
    town.mail.postbox.with_knobs(|knobs| knobs.down = true);
    town.with_a_ticket().await;
    town.send().await;
    town.mail.postbox.with_knobs(|knobs| knobs.down = false);
    town.world.clock.set(november(20) + 4 * DAY_MS);
    town.world.running().tick().await.expect("ticked");
    assert_eq!((town.send().await, town.letters().len()), (0, 0));
}
