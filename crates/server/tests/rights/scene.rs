//! Two residents, a dispatcher and a support agent; the first resident has something of every kind.

use crate::common::staff::Hand;
use crate::common::town::{Flat, NUMBER, OTHER_NUMBER};
use crate::common::*;
use crate::requests::Request;
use crate::till;
use domain::payment::PaymentWay;
use domain::{FileId, FileName, Incarnation, MessageId, MessageText, Source, TicketId};
use reqwest::Method;
use std::sync::atomic::{AtomicU64, Ordering};
use uuid::Uuid;
use wire::desk::AddNote;
use wire::feed::{Scope, Snapshot};
use wire::money::Payment;
use wire::operation::Body;
use wire::push::{Batch, Outcome};
use wire::ticket::{Conversation, CreateTicket, Enclosure, SendMessage};

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Role {
    Nobody,
    Owner,
    Stranger,
    Dispatcher,
    Support,
}

impl Role {
    pub(crate) const ALL: [Self; 5] = [Self::Nobody, Self::Owner, Self::Stranger, Self::Dispatcher, Self::Support];
}

/// What only some may read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Secret {
    /// The description of the owner's ticket.
    Ticket,
    /// A message in it.
    Message,
    /// A note about it.
    Note,
    /// A file of it.
    File,
    /// A file of the note.
    NoteFile,
    /// A message to the support.
    Support,
    /// A question that somebody asked without signing in.
    Question,
    /// The serial number of the owner's meter.
    Meter,
    /// The e-mail of the owner.
    Email,
    /// The bank's page on which the owner pays.
    BankPage,
}

impl Secret {
    pub(crate) const ALL: [Self; 10] = [
        Self::Ticket,
        Self::Message,
        Self::Note,
        Self::File,
        Self::NoteFile,
        Self::Support,
        Self::Question,
        Self::Meter,
        Self::Email,
        Self::BankPage,
    ];

    pub(crate) fn may_be_seen_by(self, role: Role) -> bool {
        match self {
            Self::Ticket | Self::Message | Self::File => matches!(role, Role::Owner | Role::Dispatcher),
            Self::Note | Self::NoteFile => role == Role::Dispatcher,
            Self::Support => matches!(role, Role::Owner | Role::Support),
            Self::Question => role == Role::Support,
            Self::Meter | Self::Email | Self::BankPage => role == Role::Owner,
        }
    }
}

pub(crate) struct Scene {
    pub(crate) world: World,
    pub(crate) owner: Person,
    pub(crate) stranger: Person,
    pub(crate) dispatcher: Person,
    pub(crate) support: Person,
    pub(crate) flat: Flat,
    pub(crate) file: FileId,
    pub(crate) note_file: FileId,
    /// An upload of the owner that is not at its end.
    pub(crate) upload: String,
    pub(crate) question: Uuid,
    pub(crate) epoch: domain::Epoch,
    meter: String,
    pub(crate) payment: Uuid,
    /// Its number at the bank.
    pub(crate) payment_number: String,
    bank_order: String,
    /// The bank lives as long as the scene.
    _outer: sandbox::Running,
    entered: AtomicU64,
}

/// What was answered.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) signed_in: bool,
    pub(crate) text: String,
}

pub(crate) fn ticket() -> TicketId {
    TicketId::new(Uuid::from_u128(0x7001))
}

pub(crate) fn words(text: &str) -> MessageText {
    MessageText::parse(text).expect("short")
}

impl Scene {
    pub(crate) async fn set() -> Self {
        let outer = sandbox::start("127.0.0.1:0").await.expect("a sandbox");
        let world = World::with(&till::settings(&outer.base_url())).await;
        let (owner, flat) = world.resident().await;
        world.flat(OTHER_NUMBER).await;
        let stranger = world.register("+79000000002").await;
        // A neighbour in the same house, not in the same flat.
        world.attach(&stranger, OTHER_NUMBER).await;
        let dispatcher = world.staff("ilina", "Ильина Анна Сергеевна", "dispatcher").await;
        let support = world.staff("orlova", "Орлова Инна Игоревна", "support").await;
        let paper = |secret: &str| format!("%PDF-1.7\n{secret}").into_bytes();
        let file = world.sent(&owner, "a.pdf", &paper(of(Secret::File))).await;
        let note_file = world.sent(&dispatcher, "b.pdf", &paper(of(Secret::NoteFile))).await;
        let upload = world.begun(&owner, "c.pdf", &paper("unfinished")).await;
        let enclosed = |file| vec![Enclosure { file, name: FileName::new("лист.pdf") }];
        let subtype = world.config().tickets.types[0].subtypes[0].id;
        let create = CreateTicket {
            ticket: ticket(),
            account: flat.account,
            subtype,
            description: words(of(Secret::Ticket)),
            attachments: enclosed(file),
        };
        let say = |last: u128, conversation, secret| {
            let (message, text) = (MessageId::new(Uuid::from_u128(last)), words(of(secret)));
            Body::SendMessage(SendMessage { message, conversation, text, attachments: Vec::new() })
        };
        let mut hand = Hand::new(&world, owner.clone(), Source::ResidentApp);
        hand.applied(Body::CreateTicket(create)).await;
        hand.applied(say(1, Conversation::Ticket(ticket()), Secret::Message)).await;
        hand.applied(say(2, Conversation::Support(owner.user), Secret::Support)).await;
        let email = Some(of(Secret::Email).to_owned());
        hand.applied(Body::UpdateProfile(wire::operation::UpdateProfile { name: None, email })).await;
        let (note, text) = (MessageId::new(Uuid::from_u128(3)), words(of(Secret::Note)));
        let note = AddNote { note, ticket: ticket(), text, attachments: enclosed(note_file) };
        Hand::new(&world, dispatcher.clone(), Source::Desk).applied(Body::AddNote(note)).await;
        let question = serde_json::json!({"phone": "+79000000077", "text": of(Secret::Question)});
        assert!(world.post("/v1/support/questions", &question).await.status().is_success());
        let list = world.snapshot(&support, Scope::SupportDesk).await;
        let question = list.entities.iter().find(|it| it.entity.kind() == "question").expect("asked").entity.id();
        let epoch = list.epoch;
        let wanted = till::wanted(&[(flat.account, 100_000)], PaymentWay::Card);
        let payment: Payment = read(world.post_as(&owner, "/v1/payments", &wanted).await).await;
        let bank_order = outer.bank.by_number(&payment.number).expect("an order").id;
        let meter = flat.meter.to_string();
        let entered = AtomicU64::new(100);
        Self {
            world,
            owner,
            stranger,
            dispatcher,
            support,
            flat,
            file,
            note_file,
            upload,
            question,
            epoch,
            meter,
            payment: payment.id.uuid(),
            payment_number: payment.number,
            bank_order,
            _outer: outer,
            entered,
        }
    }

    /// The words by which a secret is known.
    pub(crate) fn words(&self, secret: Secret) -> &str {
        match secret {
            Secret::Meter => &self.meter,
            Secret::BankPage => &self.bank_order,
            secret => of(secret),
        }
    }

    pub(crate) fn person(&self, role: Role) -> Option<&Person> {
        match role {
            Role::Nobody => None,
            Role::Owner => Some(&self.owner),
            Role::Stranger => Some(&self.stranger),
            Role::Dispatcher => Some(&self.dispatcher),
            Role::Support => Some(&self.support),
        }
    }

    pub(crate) async fn ask(&self, role: Role, method: &Method, request: &Request) -> Answer {
        let mut asked = self.world.request(method.clone(), &request.path);
        // What would end the owner's own things is asked by others only.
        let not_asked = request.nobody_only || (request.others_only && role == Role::Owner);
        let person = if not_asked { None } else { self.person(role) };
        if let Some(person) = person {
            asked = asked.bearer_auth(&person.token);
        }
        for (name, value) in &request.headers {
            asked = asked.header(*name, value);
        }
        if let Some(body) = &request.body {
            asked = asked.json(body);
        }
        let mut response = asked.send().await.expect("answered");
        let status = response.status().as_u16();
        // A stream has no end; its first piece is all that it says by itself.
        let bytes = if request.endless && status == 200 {
            response.chunk().await.expect("a piece").unwrap_or_default()
        } else {
            response.bytes().await.expect("a body")
        };
        Answer { status, signed_in: person.is_some(), text: String::from_utf8_lossy(&bytes).into_owned() }
    }

    pub(crate) async fn enter(&self, role: Role, source: Source, body: Body) -> Outcome {
        let person = self.person(role).expect("signed in").clone();
        let mut hand = Hand::new(&self.world, person, source);
        hand.entered = self.entered.fetch_add(1, Ordering::Relaxed);
        let mut operation = hand.operation(body);
        operation.source = source;
        let incarnation = Incarnation::new(Uuid::from_u128(1));
        self.world.push(&hand.person, &Batch { incarnation, items: vec![item(&operation)] }).await.remove(0)
    }

    /// All that the owner, the desk and the support see.
    pub(crate) async fn everything(&self) -> Vec<String> {
        let of = |snapshot: Snapshot| serde_json::to_string(&snapshot.entities).expect("text");
        let account = Scope::Account(self.flat.account);
        vec![
            of(self.world.snapshot(&self.owner, Scope::User(self.owner.user)).await),
            of(self.world.snapshot(&self.owner, account).await),
            of(self.world.snapshot(&self.owner, Scope::House(self.flat.house)).await),
            of(self.world.snapshot(&self.dispatcher, Scope::Desk).await),
            of(self.world.snapshot(&self.support, Scope::SupportDesk).await),
        ]
    }

    pub(crate) fn number(&self) -> &'static str {
        NUMBER
    }
}

const fn of(secret: Secret) -> &'static str {
    match secret {
        Secret::Ticket => "secret-of-the-ticket",
        Secret::Message => "secret-of-the-message",
        Secret::Note => "secret-of-the-note",
        Secret::File => "secret-of-the-file",
        Secret::NoteFile => "secret-in-the-paper-of-the-note",
        Secret::Support => "secret-of-the-support",
        Secret::Question => "secret-of-the-question",
        Secret::Meter | Secret::BankPage => "",
        Secret::Email => "secret@mail.example",
    }
}
