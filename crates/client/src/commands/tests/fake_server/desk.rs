//! What operations of the staff come to, as far as the commands look at it. Two who did not know of each other: what came
//! first stands, as on the server.

use super::State;
use super::conversations::{attachment, event_of, fresh, mark};
use domain::ticket::{Party, Status, TicketNumber};
use domain::{StaffId, UserId};
use wire::desk::{DeskTicket, Note, Place, QuestionAnswered, Work};
use wire::entity::Entity;
use wire::feed::{Change, Row, Scope};
use wire::operation::{Body, Operation};
use wire::ticket::{Conversation, Happened, Message};

impl State {
    /// Whether a person sees a scope.
    pub(super) fn may_see(&self, scope: Scope, user: UserId) -> bool {
        match scope {
            Scope::User(of) => of == user,
            Scope::Desk | Scope::SupportDesk => self.work(user).is_some(),
            _ => true,
        }
    }

    fn work(&self, user: UserId) -> Option<&Work> {
        self.entities.iter().find_map(|(_, entity)| match entity {
            Entity::Profile(profile) if profile.id == user => profile.work.as_ref(),
            _ => None,
        })
    }

    /// Entities that an operation of the staff changes; `None` for what somebody else entered.
    pub(super) fn at_desk(&mut self, operation: &Operation, now_ms: i64) -> Option<Vec<(Scope, Entity)>> {
        let me = self.work(operation.actor)?.staff;
        let who = self.name_of(me);
        let tell = |desk: DeskTicket, what: Happened| {
            let event = event_of(desk.ticket.id, now_ms, Party::Staff, &who, what);
            vec![(Scope::Desk, event), (Scope::Desk, Entity::DeskTicket(Box::new(desk)))]
        };
        Some(match &operation.body {
            Body::RegisterTicket(body) => {
                let Place::Account(account) = body.place else { panic!("a flat") };
                let mut desk = super::super::dispatching::leak(6000, body.description.as_str());
                desk.ticket.id = body.ticket;
                desk.ticket.number = TicketNumber { year: 2026, number: 6000 };
                desk.ticket.account = Some(account);
                desk.ticket.source = operation.source;
                desk.applicant_name.clone_from(&body.caller.name);
                desk.applicant_phone.clone_from(&body.caller.phone);
                tell(desk, Happened::Registered)
            }
            Body::MoveTicket(body) => {
                let mut desk = self.desk_ticket(body.ticket);
                let stood = desk.ticket.status;
                if stood != body.from {
                    return Some(tell(desk, Happened::Overruled { wanted: body.to, stood }));
                }
                desk.ticket.status = body.to;
                tell(desk, Happened::Moved { from: stood, to: body.to, reason: body.reason.clone() })
            }
            Body::AssignTicket(body) => {
                let mut desk = self.desk_ticket(body.ticket);
                let wanted = body.executor.map(|staff| self.name_of(staff)).unwrap_or_default();
                if desk.executor != body.seen && desk.executor != body.executor {
                    let stood = desk.ticket.executor_name.clone();
                    return Some(tell(desk, Happened::TakenBefore { wanted, stood }));
                }
                desk.executor = body.executor;
                desk.department = body.department;
                desk.ticket.executor_name.clone_from(&wanted);
                if desk.ticket.status == Status::New {
                    desk.ticket.status = Status::Accepted;
                }
                let visit_by_ms = body.visit_by_ms;
                tell(desk, Happened::Assigned { executor: wanted, department: String::new(), visit_by_ms })
            }
            Body::MeetDuty(body) => tell(self.desk_ticket(body.ticket), Happened::Met { duty: body.duty }),
            Body::FoldTicket(body) => {
                let mut desk = self.desk_ticket(body.ticket);
                desk.ticket.incident = body.incident;
                tell(desk, Happened::Unfolded)
            }
            Body::AddNote(body) => vec![(
                Scope::Desk,
                Entity::Note(Note {
                    id: body.note,
                    ticket: body.ticket,
                    author: who,
                    text: body.text.clone(),
                    attachments: body.attachments.iter().map(attachment).collect(),
                    captured_ms: now_ms,
                    received_ms: now_ms,
                }),
            )],
            Body::SetIncident(body) => vec![(Scope::Desk, Entity::Incident(body.incident.clone()))],
            Body::AnswerQuestion(body) => {
                let mut question = self.entities.iter().rev().find_map(|(_, entity)| match entity {
                    Entity::Question(question) if question.id == body.question => Some(question.clone()),
                    _ => None,
                })?;
                question.answered = Some(QuestionAnswered { by: who, at_ms: now_ms, answer: body.answer.clone() });
                vec![(Scope::SupportDesk, Entity::Question(question))]
            }
            Body::SendMessage(body) => {
                let message = Entity::Message(Message {
                    id: body.message,
                    conversation: body.conversation,
                    number: self.last(body.conversation) + 1,
                    from: Party::Staff,
                    author: who,
                    text: body.text.clone(),
                    attachments: body.attachments.iter().map(attachment).collect(),
                    captured_ms: now_ms,
                    received_ms: now_ms,
                });
                vec![(scope_of(body.conversation), message)]
            }
            Body::MarkRead(body) => {
                vec![(scope_of(body.conversation), mark(body.conversation, Party::Staff, body.through))]
            }
            _ => return None,
        })
    }

    /// A ticket as it stands.
    pub(in super::super) fn desk_ticket(&self, id: domain::TicketId) -> DeskTicket {
        let found = self.entities.iter().rev().find_map(|(_, entity)| match entity {
            Entity::DeskTicket(desk) if desk.ticket.id == id => Some(desk.as_ref().clone()),
            _ => None,
        });
        found.expect("a ticket")
    }

    /// Something comes to the desk by itself.
    pub(in super::super) fn tell_desk(&mut self, entity: Entity) {
        self.tell_in(Scope::Desk, entity);
    }

    /// Something comes to those who see a scope.
    pub(in super::super) fn tell_in(&mut self, scope: Scope, entity: Entity) {
        let seq = self.head() + 1;
        let change = Change::Put { entity: entity.clone() };
        self.rows.push(Row { seq, scope, operation: None, change });
        self.entities.push((scope, entity));
    }

    /// Something is taken away from the desk.
    pub(in super::super) fn take_from_desk(&mut self, kind: &str, id: uuid::Uuid) {
        let seq = self.head() + 1;
        let change = Change::Gone { kind: kind.to_owned(), id };
        self.rows.push(Row { seq, scope: Scope::Desk, operation: None, change });
        self.entities.retain(|(_, entity)| entity.id() != id);
    }

    fn name_of(&self, staff: StaffId) -> String {
        let found = self.entities.iter().find_map(|(_, entity)| match entity {
            Entity::Staff(known) if known.id == staff => Some(known.name.clone()),
            _ => None,
        });
        found.unwrap_or_default()
    }

    /// A message of a resident.
    pub(in super::super) fn asked(&mut self, conversation: Conversation, text: &str, now_ms: i64) {
        let message = Message {
            id: domain::MessageId::new(fresh()),
            conversation,
            number: self.last(conversation) + 1,
            from: Party::Resident,
            author: "Смирнова В. П.".into(),
            text: domain::MessageText::parse(text).expect("words"),
            attachments: Vec::new(),
            captured_ms: now_ms,
            received_ms: now_ms,
        };
        self.tell_desk(Entity::Message(message));
    }
}

const fn scope_of(conversation: Conversation) -> Scope {
    match conversation {
        Conversation::Ticket(_) => Scope::Desk,
        Conversation::Support(_) => Scope::SupportDesk,
    }
}
