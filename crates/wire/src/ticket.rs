//! Tickets and conversations: what a resident asks of them, and how they see them. What the staff asks and sees besides
//! is in [`crate::desk`]; messages, events and read marks are the same for both sides.
//!
//! **One lane per conversation.** A ticket, its messages, its closing and opening again are in the lane of the ticket, so
//! a message written offline to a ticket without a number arrives behind it. The support's conversation is a person's.

use chrono::NaiveDate;
use domain::ticket::deadline::Duty;
use domain::ticket::{Party, Rating, Status, TicketNumber};
use domain::{
    AccountId, FileId, FileName, IncidentId, MessageId, MessageText, Source, SubtypeId, TicketId, TicketTypeId, UserId,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Whose words stand together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(tag = "about", content = "id", rename_all = "snake_case")]
pub enum Conversation {
    /// A ticket.
    Ticket(TicketId),
    /// «Написать в тех. поддержку»: one for each person.
    Support(UserId),
}

impl Conversation {
    /// What it belongs to: the ticket, the person.
    pub const fn id(self) -> Uuid {
        match self {
            Self::Ticket(ticket) => ticket.uuid(),
            Self::Support(user) => user.uuid(),
        }
    }
}

/// A file that goes with a message or a ticket, as its sender names it. Its content is uploaded before (`/v1/files`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Enclosure {
    /// The content.
    pub file: FileId,
    /// What its sender calls it.
    pub name: FileName,
}

/// A file as everybody sees it who sees what it goes with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Attachment {
    /// The content.
    pub file: FileId,
    /// Under which name it is saved; its ending tells the truth.
    pub name: FileName,
    /// What it is, by its content: `image/jpeg`.
    pub media: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// How wide and high it is in points, when it is a picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<(u32, u32)>,
}

/// `ticket.create/1`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CreateTicket {
    /// The ticket, minted on the device.
    pub ticket: TicketId,
    /// The account it is about.
    pub account: AccountId,
    /// What kind of trouble, from the server's classifier.
    pub subtype: SubtypeId,
    /// What has to be done.
    pub description: MessageText,
    /// Files, at most as many as the utility says.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Enclosure>,
}

/// `message.send/1`. The words may be empty when there is a file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SendMessage {
    /// The message, minted on the device.
    pub message: MessageId,
    /// Where.
    pub conversation: Conversation,
    /// The words.
    pub text: MessageText,
    /// Files.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Enclosure>,
}

/// `conversation.read/1`: everything up to this number was shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MarkRead {
    /// Where.
    pub conversation: Conversation,
    /// The number of the last message shown ([`Message::number`]).
    pub through: i64,
}

/// `ticket.close/1`: the resident closes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CloseTicket {
    /// The ticket.
    pub ticket: TicketId,
    /// What they think of the work.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rating: Option<Rating>,
    /// A word about it; may be empty.
    #[serde(default)]
    pub word: MessageText,
}

/// `ticket.reopen/1`: the resident opens again, and may say why.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReopenTicket {
    /// The ticket.
    pub ticket: TicketId,
    /// Why; may be empty.
    #[serde(default)]
    pub why: MessageText,
}

/// A ticket as its resident sees it (scope: user).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Ticket {
    /// The ticket.
    pub id: TicketId,
    /// Under which number it was registered.
    pub number: TicketNumber,
    /// «Краткое название».
    pub short_name: String,
    /// The type, as it was called when the ticket was registered: «Аварийная служба».
    pub type_name: String,
    /// The subtype, likewise.
    pub subtype_name: String,
    /// Whether it is urgent by its subtype.
    pub emergency: bool,
    /// The account; none when it is about the whole house and was registered by telephone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountId>,
    /// Where it is.
    pub address: String,
    /// What has to be done.
    pub description: MessageText,
    /// Files of the description.
    pub attachments: Vec<Attachment>,
    /// Through whom it came.
    pub source: Source,
    /// When it was registered, milliseconds since 1970 UTC: deadlines run from here.
    pub registered_ms: i64,
    /// When it was entered, as the server believes.
    pub captured_ms: i64,
    /// Where the work stands.
    pub status: Status,
    /// Why it was deferred or rejected; may be empty.
    pub reason: MessageText,
    /// Until when it is deferred.
    pub deferred_until: Option<NaiveDate>,
    /// Until when somebody comes, milliseconds since 1970 UTC: «мастер до 16:00».
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visit_by_ms: Option<i64>,
    /// Who works on it, shortened: «Степанов И. В.»; empty while nobody does.
    #[serde(default)]
    pub executor_name: String,
    /// The incident it belongs to; [`crate::desk::Outage::incident`] is the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub incident: Option<IncidentId>,
    /// The legal deadlines, by time.
    pub deadlines: Vec<Deadline>,
    /// What the resident thought of the work.
    pub rating: Option<Rating>,
    /// How many times it was opened again.
    pub reopened: u32,
}

/// Until when what has to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Deadline {
    /// What.
    pub duty: Duty,
    /// Until when, milliseconds since 1970 UTC.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub due_ms: i64,
    /// When it was done.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub done_ms: Option<i64>,
}

/// One message (scopes: user, and desk or support_desk).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Message {
    /// The message.
    pub id: MessageId,
    /// Where.
    pub conversation: Conversation,
    /// Its place there, from 1 without gaps, in the order in which the server took them.
    pub number: i64,
    /// From which side.
    pub from: Party,
    /// Who wrote it, shortened; for the other side «Ильина, диспетчер».
    pub author: String,
    /// The words.
    pub text: MessageText,
    /// Files.
    pub attachments: Vec<Attachment>,
    /// When it was written, as the server believes, milliseconds since 1970 UTC.
    pub captured_ms: i64,
    /// When it arrived.
    pub received_ms: i64,
}

/// One line of a ticket's history (scopes: user and desk).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TicketEvent {
    /// The line.
    pub id: Uuid,
    /// The ticket.
    pub ticket: TicketId,
    /// When, milliseconds since 1970 UTC.
    pub at_ms: i64,
    /// On whose side.
    pub by: Party,
    /// Who, shortened; empty for the server itself.
    pub who: String,
    /// What happened.
    pub what: Happened,
}

/// What happened to a ticket.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(tag = "happened", rename_all = "snake_case")]
pub enum Happened {
    /// It was registered.
    Registered,
    /// The status changed.
    Moved {
        /// From.
        from: Status,
        /// To.
        to: Status,
        /// Why; may be empty.
        reason: MessageText,
    },
    /// The resident rated the work.
    Rated {
        /// How.
        rating: Rating,
        /// In what words; may be empty.
        word: MessageText,
    },
    /// Somebody took it, was sent, or another department has it.
    Assigned {
        /// Who works on it now, shortened; empty when nobody does.
        executor: String,
        /// Which department has it now; empty when none does.
        department: String,
        /// Until when somebody comes, milliseconds since 1970 UTC.
        #[cfg_attr(feature = "ts", ts(type = "number | null"))]
        visit_by_ms: Option<i64>,
    },
    /// A duty was met before all was done: the damage is stopped, the person is told.
    Met {
        /// Which.
        duty: Duty,
    },
    /// It belongs to a mass outage now.
    Folded {
        /// What the outage is called.
        title: String,
    },
    /// It belongs to no mass outage any more.
    Unfolded,
    /// Somebody wanted another status and did not know where it stood already: what came first stands.
    Overruled {
        /// What was wanted.
        wanted: Status,
        /// Where it stood already.
        stood: Status,
    },
    /// Somebody took it, or sent somebody, and did not know that another had it already: who came first stands.
    TakenBefore {
        /// Who was to have it.
        wanted: String,
        /// Who had it already.
        stood: String,
    },
}

/// How far one side has read (scopes: user, and desk or support_desk).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReadMark {
    /// The mark, stable for a conversation and a side.
    pub id: Uuid,
    /// Where.
    pub conversation: Conversation,
    /// Who has read.
    pub party: Party,
    /// The number of the last message read.
    pub through: i64,
}

/// A type of tickets, «отдел, в который уйдёт заявка», with its subtypes (scope: public).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TicketType {
    /// The type.
    pub id: TicketTypeId,
    /// Its name.
    pub name: String,
    /// In which order the types stand.
    pub place: u32,
    /// The subtypes, in their order. One that was taken out of use stays in old tickets by its name.
    pub subtypes: Vec<Subtype>,
}

/// A kind of trouble.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Subtype {
    /// The subtype.
    pub id: SubtypeId,
    /// Its name.
    pub name: String,
    /// Whether it is urgent.
    pub emergency: bool,
}
