//! What operations about conversations come to, as far as the commands look at it.

use super::State;
use crate::overlay::tests::world::FLAT;
use domain::ticket::{Party, Status, TicketNumber, short_name};
use domain::{FileName, MessageText};
use std::sync::atomic::{AtomicU32, Ordering};
use uuid::Uuid;
use wire::entity::Entity;
use wire::feed::{Change, Row, Scope};
use wire::operation::{Body, Operation};
use wire::ticket::{Attachment, Conversation, Enclosure, Happened, Message, ReadMark, Ticket, TicketEvent};

impl State {
    /// Entities that an operation changes; `None` for one that is not about conversations.
    pub(super) fn conversation(&mut self, operation: &Operation, now_ms: i64) -> Option<Vec<Entity>> {
        Some(match &operation.body {
            Body::CreateTicket(body) => {
                let number = u32::try_from(self.tickets().count()).expect("few") + 5107;
                let ticket = Ticket {
                    id: body.ticket,
                    number: TicketNumber { year: 2026, number },
                    short_name: short_name("Течь", body.description.as_str()),
                    type_name: "Аварийная служба".into(),
                    subtype_name: "Течь".into(),
                    emergency: true,
                    account: Some(FLAT),
                    address: "Винокурова, 10-25".into(),
                    description: body.description.clone(),
                    attachments: body.attachments.iter().map(attachment).collect(),
                    source: operation.source,
                    registered_ms: now_ms,
                    captured_ms: now_ms,
                    status: Status::New,
                    reason: MessageText::default(),
                    deferred_until: None,
                    deadlines: Vec::new(),
                    rating: None,
                    reopened: 0,
                    visit_by_ms: None,
                    executor_name: String::new(),
                    incident: None,
                };
                let event = event(&ticket, now_ms, Party::Resident, Happened::Registered);
                vec![event, Entity::Ticket(Box::new(ticket))]
            }
            Body::SendMessage(body) => vec![Entity::Message(Message {
                id: body.message,
                conversation: body.conversation,
                number: self.last(body.conversation) + 1,
                from: Party::Resident,
                author: "Смирнова В. П.".into(),
                text: body.text.clone(),
                attachments: body.attachments.iter().map(attachment).collect(),
                captured_ms: now_ms,
                received_ms: now_ms,
            })],
            Body::MarkRead(body) => vec![mark(body.conversation, Party::Resident, body.through)],
            Body::CloseTicket(body) => {
                let mut ticket = self.tickets().rfind(|ticket| ticket.id == body.ticket)?.clone();
                ticket.rating = body.rating;
                self.moved(ticket, Status::Closed, Party::Resident, now_ms)
            }
            Body::ReopenTicket(body) => {
                let ticket = self.tickets().rfind(|ticket| ticket.id == body.ticket)?.clone();
                self.moved(ticket, Status::New, Party::Resident, now_ms)
            }
            Body::ReadAnnouncement(body) => vec![announcement_mark(body.announcement, now_ms, None)],
            Body::AnswerPoll(body) => {
                vec![announcement_mark(body.announcement, now_ms, Some(body.answers.clone()))]
            }
            _ => return None,
        })
    }

    /// The utility answers. Returns the message.
    pub(in super::super) fn answered(&mut self, conversation: Conversation, text: &str, now_ms: i64) -> Message {
        let message = said(conversation, self.last(conversation) + 1, text, now_ms);
        self.tell(Entity::Message(message.clone()));
        message
    }

    /// The resident has read this far on another device.
    pub(in super::super) fn read_by_resident(&mut self, conversation: Conversation, through: i64) {
        self.tell(mark(conversation, Party::Resident, through));
    }

    /// The resident writes on another device.
    pub(in super::super) fn sent_elsewhere(&mut self, conversation: Conversation, text: &str, now_ms: i64) {
        let number = self.last(conversation) + 1;
        let message = Message { from: Party::Resident, ..said(conversation, number, text, now_ms) };
        self.tell(Entity::Message(message));
    }

    /// A long conversation.
    pub(in super::super) fn talked(&mut self, conversation: Conversation, count: u32, now_ms: i64) {
        for number in 1..=i64::from(count) {
            self.tell(Entity::Message(said(conversation, number, &format!("Слово {number}"), now_ms + number)));
        }
    }

    /// The utility tells everybody something.
    pub(in super::super) fn announced(&mut self, scope: Scope, entity: Entity) {
        let seq = self.head() + 1;
        self.rows.push(Row { seq, scope, operation: None, change: Change::Put { entity: entity.clone() } });
        self.entities.push((scope, entity));
    }

    /// The utility has read this far.
    pub(in super::super) fn read_by_staff(&mut self, conversation: Conversation, through: i64) {
        self.tell(mark(conversation, Party::Staff, through));
    }

    /// The utility moves the ticket.
    pub(in super::super) fn moved_by_staff(&mut self, to: Status, now_ms: i64) {
        let ticket = self.tickets().next_back().expect("a ticket").clone();
        for entity in self.moved(ticket, to, Party::Staff, now_ms) {
            self.tell(entity);
        }
    }

    fn tell(&mut self, entity: Entity) {
        let scope = Scope::User(super::VERA);
        let seq = self.head() + 1;
        self.rows.push(Row { seq, scope, operation: None, change: Change::Put { entity: entity.clone() } });
        self.entities.push((scope, entity));
    }

    fn moved(&self, mut ticket: Ticket, to: Status, by: Party, now_ms: i64) -> Vec<Entity> {
        let what = Happened::Moved { from: ticket.status, to, reason: MessageText::default() };
        ticket.status = to;
        vec![event(&ticket, now_ms, by, what), Entity::Ticket(Box::new(ticket))]
    }

    fn tickets(&self) -> impl DoubleEndedIterator<Item = &Ticket> {
        self.entities.iter().filter_map(|(_, entity)| match entity {
            Entity::Ticket(ticket) => Some(ticket.as_ref()),
            _ => None,
        })
    }

    pub(super) fn last(&self, conversation: Conversation) -> i64 {
        let numbers = self.entities.iter().filter_map(|(_, entity)| match entity {
            Entity::Message(message) if message.conversation == conversation => Some(message.number),
            _ => None,
        });
        numbers.max().unwrap_or(0)
    }
}

fn said(conversation: Conversation, number: i64, text: &str, now_ms: i64) -> Message {
    Message {
        id: domain::MessageId::new(fresh()),
        conversation,
        number,
        from: Party::Staff,
        author: "Ильина, диспетчер".into(),
        text: MessageText::parse(text).expect("words"),
        attachments: Vec::new(),
        captured_ms: now_ms,
        received_ms: now_ms,
    }
}

fn event(ticket: &Ticket, at_ms: i64, by: Party, what: Happened) -> Entity {
    event_of(ticket.id, at_ms, by, "Ильина, диспетчер", what)
}

pub(super) fn event_of(ticket: domain::TicketId, at_ms: i64, by: Party, who: &str, what: Happened) -> Entity {
    Entity::TicketEvent(TicketEvent { id: fresh(), ticket, at_ms, by, who: who.to_owned(), what })
}

pub(super) fn mark(conversation: Conversation, party: Party, through: i64) -> Entity {
    let id = Uuid::from_u128(conversation.id().as_u128() ^ u128::from(party == Party::Staff) ^ 2);
    Entity::ReadMark(ReadMark { id, conversation, party, through })
}

fn announcement_mark(
    announcement: domain::AnnouncementId,
    read_ms: i64,
    answers: Option<Vec<domain::announcement::Answer>>,
) -> Entity {
    let id = Uuid::from_u128(announcement.uuid().as_u128() ^ 3);
    Entity::AnnouncementMark(wire::announcement::AnnouncementMark { id, announcement, read_ms, answers })
}

pub(super) fn attachment(enclosure: &Enclosure) -> Attachment {
    let name = FileName::new(enclosure.name.as_str());
    Attachment { file: enclosure.file, name, media: "image/png".into(), bytes: 1, size: Some((2, 2)) }
}

pub(super) fn fresh() -> Uuid {
    static NEXT: AtomicU32 = AtomicU32::new(1);
    Uuid::from_u128(0xf000_0000_0000 + u128::from(NEXT.fetch_add(1, Ordering::Relaxed)))
}
