//! An operation: one thing a person did, with all that is needed to do it again.
//!
//! It is serialised once, at the moment of entry, and these very bytes are kept, hashed and sent ([`Sealed`]).
//! So a later version of the program cannot change what was entered, and a replay is equal to the byte.

use crate::announcement::{AnswerPoll, ReadAnnouncement, SetAnnouncement};
use crate::desk::{
    AddNote, AnswerQuestion, AssignTicket, FoldTicket, MeetDuty, MoveTicket, RegisterTicket, SetIncident,
};
use crate::ticket::{CloseTicket, Conversation, CreateTicket, MarkRead, ReopenTicket, SendMessage};
use domain::reading_check::QuestionCode;
use domain::{
    AnnouncementId, Capture, Incarnation, MeterId, MeterValue, OperationId, ReadingId, Source, TicketId, UserId,
};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};
use std::fmt;
use uuid::Uuid;

/// The envelope and the body of an operation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Operation {
    /// Minted on the device, UUIDv7; for ever the name of this operation.
    pub id: OperationId,
    /// Who entered it.
    pub actor: UserId,
    /// For whom, when somebody else enters it (a cashier for a resident).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_behalf_of: Option<UserId>,
    /// Through what kind of workplace.
    pub source: Source,
    /// The life of the device's outbox that minted it.
    pub incarnation: Incarnation,
    /// Its place among all operations of that life, from 1, rising; a device may leave numbers out.
    pub device_seq: u64,
    /// The order it belongs to.
    pub lane: Lane,
    /// When it was entered.
    pub captured: Capture,
    /// The version of the entity that the person saw, for conflict detection.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base_version: Option<i64>,
    /// The operation of the same person that this one stands for: one never sent or one rejected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<OperationId>,
    /// What is asked.
    pub body: Body,
}

/// Inside a lane operations take effect strictly in the order of entry; lanes do not wait for each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Lane {
    /// What kind of entity the lane belongs to.
    pub kind: LaneKind,
    /// The entity.
    pub id: Uuid,
}

/// The kinds of entities that have lanes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum LaneKind {
    /// A meter.
    Meter,
    /// A person's profile.
    Profile,
    /// A ticket with its conversation.
    Ticket,
    /// A person's conversation with the support.
    Support,
    /// A mass outage.
    Incident,
    /// A question that was asked without signing in.
    Question,
    /// A news item, a poll or an offer.
    Announcement,
}

/// What is asked. The tag carries the version: a changed meaning is a new tag, and the old one is upcast by the server.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "kind", content = "data")]
pub enum Body {
    /// A set of values of one meter.
    #[serde(rename = "reading.submit/1")]
    SubmitReading(SubmitReading),
    /// The resident's own name for a meter.
    #[serde(rename = "meter.rename/1")]
    RenameMeter(RenameMeter),
    /// Name and e-mail of the person.
    #[serde(rename = "profile.update/1")]
    UpdateProfile(UpdateProfile),
    /// A new ticket.
    #[serde(rename = "ticket.create/1")]
    CreateTicket(CreateTicket),
    /// A message to a ticket or to the support.
    #[serde(rename = "message.send/1")]
    SendMessage(SendMessage),
    /// How far a conversation was read.
    #[serde(rename = "conversation.read/1")]
    MarkRead(MarkRead),
    /// The resident closes a ticket.
    #[serde(rename = "ticket.close/1")]
    CloseTicket(CloseTicket),
    /// The resident opens a ticket again.
    #[serde(rename = "ticket.reopen/1")]
    ReopenTicket(ReopenTicket),
    /// The staff registers a ticket for somebody who called.
    #[serde(rename = "ticket.register/1")]
    RegisterTicket(RegisterTicket),
    /// The staff changes the status.
    #[serde(rename = "ticket.move/1")]
    MoveTicket(MoveTicket),
    /// The staff takes a ticket, forwards it, or sends somebody.
    #[serde(rename = "ticket.assign/1")]
    AssignTicket(AssignTicket),
    /// The staff met a duty before all is done.
    #[serde(rename = "ticket.meet/1")]
    MeetDuty(MeetDuty),
    /// The staff folds a ticket into an incident, or takes it out.
    #[serde(rename = "ticket.fold/1")]
    FoldTicket(FoldTicket),
    /// What only the staff reads.
    #[serde(rename = "note.add/1")]
    AddNote(AddNote),
    /// A mass outage begins, changes or ends.
    #[serde(rename = "incident.set/1")]
    SetIncident(SetIncident),
    /// The support answered a question that was asked without signing in.
    #[serde(rename = "question.answer/1")]
    AnswerQuestion(AnswerQuestion),
    /// An editor writes, plans, changes or withdraws an announcement.
    #[serde(rename = "announcement.set/1")]
    SetAnnouncement(Box<SetAnnouncement>),
    /// A resident opened an announcement.
    #[serde(rename = "announcement.read/1")]
    ReadAnnouncement(ReadAnnouncement),
    /// A resident answers a poll.
    #[serde(rename = "poll.answer/1")]
    AnswerPoll(AnswerPoll),
}

/// Readings are never edited: a change is another submission, and the latest captured of a period counts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SubmitReading {
    /// The reading's id, minted on the device.
    pub reading: ReadingId,
    /// The meter.
    pub meter: MeterId,
    /// One value per tariff, in the order of the meter's face.
    pub values: Vec<MeterValue>,
    /// The questions that the person was asked and confirmed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub confirmed: Vec<QuestionCode>,
    /// Whether the person agreed that the reading is held until the window opens.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub early: bool,
}

/// The resident's own name for a meter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RenameMeter {
    /// The meter.
    pub meter: MeterId,
    /// The new name, at most 60 characters; empty restores the utility's name.
    pub name: String,
}

/// Fields that are absent stay as they are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UpdateProfile {
    /// ФИО.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The e-mail; empty removes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
}

impl Body {
    /// The lane of an operation with this body, entered by `actor`.
    pub const fn lane(&self, actor: UserId) -> Lane {
        match self {
            Self::SubmitReading(body) => Lane { kind: LaneKind::Meter, id: body.meter.uuid() },
            Self::RenameMeter(body) => Lane { kind: LaneKind::Meter, id: body.meter.uuid() },
            Self::UpdateProfile(_) => Lane { kind: LaneKind::Profile, id: actor.uuid() },
            Self::CreateTicket(body) => of_ticket(body.ticket),
            Self::SendMessage(body) => body.conversation.lane(),
            Self::MarkRead(body) => body.conversation.lane(),
            Self::CloseTicket(body) => of_ticket(body.ticket),
            Self::ReopenTicket(body) => of_ticket(body.ticket),
            Self::RegisterTicket(body) => of_ticket(body.ticket),
            Self::MoveTicket(body) => of_ticket(body.ticket),
            Self::AssignTicket(body) => of_ticket(body.ticket),
            Self::MeetDuty(body) => of_ticket(body.ticket),
            Self::FoldTicket(body) => of_ticket(body.ticket),
            Self::AddNote(body) => of_ticket(body.ticket),
            Self::SetIncident(body) => Lane { kind: LaneKind::Incident, id: body.incident.id.uuid() },
            Self::AnswerQuestion(body) => Lane { kind: LaneKind::Question, id: body.question.uuid() },
            Self::SetAnnouncement(body) => of_announcement(body.announcement),
            Self::ReadAnnouncement(body) => of_announcement(body.announcement),
            Self::AnswerPoll(body) => of_announcement(body.announcement),
        }
    }
}

impl Conversation {
    /// The lane of its messages: for a ticket, that of the ticket itself.
    pub const fn lane(self) -> Lane {
        match self {
            Self::Ticket(ticket) => of_ticket(ticket),
            Self::Support(user) => Lane { kind: LaneKind::Support, id: user.uuid() },
        }
    }
}

const fn of_announcement(announcement: AnnouncementId) -> Lane {
    Lane { kind: LaneKind::Announcement, id: announcement.uuid() }
}

const fn of_ticket(ticket: TicketId) -> Lane {
    Lane { kind: LaneKind::Ticket, id: ticket.uuid() }
}

/// The bytes of an operation as they were sealed at entry.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(value_type = Operation))]
#[serde(transparent)]
pub struct Sealed(Box<RawValue>);

impl Sealed {
    /// Seals an operation. From here on only these bytes count.
    pub fn seal(operation: &Operation) -> Result<Self, serde_json::Error> {
        serde_json::value::to_raw_value(operation).map(Self)
    }

    /// Takes bytes that were sealed before. Fails when they are not JSON.
    pub fn from_text(text: String) -> Result<Self, serde_json::Error> {
        RawValue::from_string(text).map(Self)
    }

    /// The bytes, which are JSON text.
    pub fn text(&self) -> &str {
        self.0.get()
    }

    /// Reads the operation. Fails when a newer program sealed it in a form unknown here.
    pub fn open(&self) -> Result<Operation, serde_json::Error> {
        serde_json::from_str(self.0.get())
    }

    /// SHA-256 of the bytes: what makes two operations under one id the same or not.
    pub fn hash(&self) -> OperationHash {
        OperationHash(Sha256::digest(self.0.get().as_bytes()).into())
    }
}

/// The content of an operation is personal data; logs show only its hash.
impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sealed({:?})", self.hash())
    }
}

impl PartialEq for Sealed {
    fn eq(&self, other: &Self) -> bool {
        self.text() == other.text()
    }
}

/// SHA-256 of a sealed operation.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct OperationHash(pub [u8; 32]);

impl fmt::Debug for OperationHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(&self.0[..6]))
    }
}

#[cfg(test)]
mod tests;
