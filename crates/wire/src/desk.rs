//! The workplace «desk»: what the dispatchers and the support ask of tickets and conversations, and how they see them.
//!
//! **Two faces, two types.** A resident sees [`Ticket`], the staff sees [`DeskTicket`], which holds more; the two go
//! into different scopes. What only the staff may read is [`Note`], a type of its own: no field decides about it, so no
//! forgotten condition can show one to a resident. An outage is an [`Incident`] for the staff and one [`Outage`] for each
//! of its houses, because a mirror keeps a thing once and a person may have accounts in two of them.
//!
//! **Two scopes.** Dispatchers see `desk` (tickets of everybody with their phones and notes), the support sees
//! `support_desk` (conversations with the support, questions). Who answers questions about the program need not see
//! where whose pipe leaks; who has both roles sees both. Nothing stands in both scopes.

use crate::ticket::{Attachment, Enclosure, Ticket};
use chrono::NaiveDate;
use domain::ticket::Status;
use domain::ticket::deadline::Duty;
use domain::{
    AccountId, AccountNumber, DepartmentId, HouseId, IncidentId, MessageId, MessageText, QuestionId, StaffId,
    SubtypeId, TicketId, UserId,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What somebody of the staff may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Works on tickets (scope: desk).
    Dispatcher,
    /// Answers in the support (scope: support_desk).
    Support,
    /// Writes news, polls and offers (scope: editors).
    Editor,
}

/// What a signed-in person is at the utility.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Work {
    /// Who they are among the staff.
    pub staff: StaffId,
    /// «Диспетчер АДС».
    pub post: String,
    /// Their department.
    pub department: Option<DepartmentId>,
    /// What they may do, without repetition.
    pub roles: Vec<Role>,
}

/// `ticket.register/1`: a ticket for somebody who called. The operation's source is `phone`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RegisterTicket {
    /// The ticket, minted on the device.
    pub ticket: TicketId,
    /// Where it is.
    pub place: Place,
    /// Who called.
    pub caller: Caller,
    /// What kind of trouble, from the server's classifier.
    pub subtype: SubtypeId,
    /// What has to be done.
    pub description: MessageText,
    /// Files, at most as many as the utility says.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Enclosure>,
}

/// What a ticket taken by telephone is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(tag = "at", content = "id", rename_all = "snake_case")]
pub enum Place {
    /// A flat.
    Account(AccountId),
    /// What all of a house share: the lift, the entrance, the roof.
    House(HouseId),
}

/// Who asked by telephone.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Caller {
    /// How to address them; may be empty.
    pub name: String,
    /// Where to call back, as typed; may be empty. A resident who signs in with this phone and has the account, or one
    /// in the house, sees the ticket.
    pub phone: String,
}

/// `ticket.move/1`: the staff changes the status.
///
/// When the ticket does not stand where the person saw it any more, what came first stands: the operation is accepted and
/// changes nothing but the history ([`crate::ticket::Happened::Overruled`]).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MoveTicket {
    /// The ticket.
    pub ticket: TicketId,
    /// Where the person saw it.
    pub from: Status,
    /// Where to.
    pub to: Status,
    /// Why, for the resident: needed to reject and to defer.
    #[serde(default)]
    pub reason: MessageText,
    /// Until when it is deferred: needed to defer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<NaiveDate>,
}

/// `ticket.assign/1`: who has the ticket from now on, all of it as it is to be.
///
/// To take it, `executor` is the actor and a new ticket becomes accepted. When another has it than the person saw,
/// who came first stands: the operation is accepted and changes nothing but the history
/// ([`crate::ticket::Happened::TakenBefore`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AssignTicket {
    /// The ticket.
    pub ticket: TicketId,
    /// Who had it as the person saw it.
    pub seen: Option<StaffId>,
    /// Who works on it.
    pub executor: Option<StaffId>,
    /// Which department has it.
    pub department: Option<DepartmentId>,
    /// Until when somebody comes, milliseconds since 1970 UTC: «мастер до 16:00».
    pub visit_by_ms: Option<i64>,
}

/// `ticket.meet/1`: the person was told, or the damage is stopped. To finish is to move to done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MeetDuty {
    /// The ticket.
    pub ticket: TicketId,
    /// Which duty was met. When is the time of entry.
    pub duty: Duty,
}

/// `ticket.fold/1`: the ticket is one of an incident, or is of none any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FoldTicket {
    /// The ticket.
    pub ticket: TicketId,
    /// The incident.
    pub incident: Option<IncidentId>,
}

/// `note.add/1`: what only the staff reads.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AddNote {
    /// The note, minted on the device.
    pub note: MessageId,
    /// The ticket.
    pub ticket: TicketId,
    /// The words; may be empty when there is a file.
    pub text: MessageText,
    /// Files.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Enclosure>,
}

/// `incident.set/1`: a mass outage begins, changes or ends. The operation's `base_version` is that of the incident as
/// the person saw it, absent for a new one; another one there rejects with `changed`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SetIncident {
    /// All of it as it is to be.
    pub incident: Incident,
}

/// `question.answer/1`: somebody called back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AnswerQuestion {
    /// The question.
    pub question: QuestionId,
    /// What was answered, for the colleagues; may be empty.
    #[serde(default)]
    pub answer: MessageText,
}

/// A ticket as the staff sees it (scope: desk).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeskTicket {
    /// What the resident sees too.
    #[serde(flatten)]
    pub ticket: Ticket,
    /// What kind of trouble, by the classifier.
    pub subtype: SubtypeId,
    /// The person in the program, when there is one.
    pub resident: Option<UserId>,
    /// How to address who asked; may be empty.
    pub applicant_name: String,
    /// Where to call them; may be empty.
    pub applicant_phone: String,
    /// The account's number; none for a house.
    pub account_number: Option<AccountNumber>,
    /// The house.
    pub house: HouseId,
    /// Which department has it.
    pub department: Option<DepartmentId>,
    /// Who works on it.
    pub executor: Option<StaffId>,
}

/// What only the staff reads (scope: desk, and no other).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Note {
    /// The note.
    pub id: MessageId,
    /// The ticket.
    pub ticket: TicketId,
    /// Who wrote it: «Ильина, диспетчер».
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

/// Somebody who works for the utility (scope: desk).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Staff {
    /// Who.
    pub id: StaffId,
    /// Shortened: «Ильина А. С.».
    pub name: String,
    /// «Слесарь-сантехник».
    pub post: String,
    /// Their department.
    pub department: Option<DepartmentId>,
    /// What they may do in the program; empty for somebody who is only sent out.
    pub roles: Vec<Role>,
    /// Whether they still work here. Old tickets keep the names of those who left.
    pub active: bool,
}

/// A department (scope: desk).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Department {
    /// The department.
    pub id: DepartmentId,
    /// Its name.
    pub name: String,
    /// In which order they stand.
    pub place: u32,
}

/// An answer that is often given (scope: desk or support_desk).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CannedReply {
    /// The answer.
    pub id: Uuid,
    /// What it is called in the menu.
    pub title: String,
    /// The words.
    pub text: MessageText,
    /// In which order they stand.
    pub place: u32,
}

/// An account for which a ticket can be registered (scope: desk). Without the payer, whom a dispatcher need not know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeskAccount {
    /// The account.
    pub id: AccountId,
    /// The number on the bill.
    pub number: AccountNumber,
    /// The house.
    pub house: HouseId,
    /// The full address.
    pub address: String,
    /// The short address for lists, «Винокурова, 10-25».
    pub short_address: String,
}

/// A house for which a ticket can be registered (scope: desk).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeskHouse {
    /// The house.
    pub id: HouseId,
    /// Its address.
    pub address: String,
}

/// A mass outage as the staff sees it (scope: desk).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Incident {
    /// The incident, minted on the device.
    pub id: IncidentId,
    /// «Авария: прорвало стояк горячей воды».
    pub title: String,
    /// What is done about it; may be empty.
    #[serde(default)]
    pub text: MessageText,
    /// Whether it was planned.
    pub scheduled: bool,
    /// Where, at least one.
    pub houses: Vec<HouseId>,
    /// Which subtypes of tickets are about the same: the desk offers to fold them.
    #[serde(default)]
    pub subtypes: Vec<SubtypeId>,
    /// Since when, milliseconds since 1970 UTC.
    pub from_ms: i64,
    /// Until when, as far as it is known.
    pub until_ms: Option<i64>,
    /// Whether it is over: its houses see nothing of it any more.
    pub over: bool,
}

/// A mass outage as the residents of one of its houses see it: a banner (scope: house). Gone when it is over.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Outage {
    /// Stable for an incident and a house.
    pub id: Uuid,
    /// The incident.
    pub incident: IncidentId,
    /// The house.
    pub house: HouseId,
    /// «Авария: прорвало стояк горячей воды».
    pub title: String,
    /// What is done about it; may be empty.
    pub text: MessageText,
    /// Whether it was planned.
    pub scheduled: bool,
    /// Since when, milliseconds since 1970 UTC; may lie ahead when it was planned.
    pub from_ms: i64,
    /// Until when, as far as it is known.
    pub until_ms: Option<i64>,
}

/// A person's conversation with the support, as the support sees it (scope: support_desk). There from the first message on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SupportTalk {
    /// The person; [`crate::ticket::Conversation::Support`] of them is the conversation.
    pub resident: UserId,
    /// Their name.
    pub name: String,
    /// Their phone.
    pub phone: String,
    /// How many messages there are.
    pub messages: i64,
    /// When the last one came, milliseconds since 1970 UTC.
    pub last_ms: i64,
    /// Since when they wait for an answer.
    pub waiting_since_ms: Option<i64>,
}

/// A question that was asked without signing in (scope: support_desk). Nobody proved whose the phone is, so it stands in
/// nobody's conversation; it is answered by a call.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Question {
    /// The question.
    pub id: QuestionId,
    /// Where to call back.
    pub phone: String,
    /// What was asked.
    pub text: MessageText,
    /// When, milliseconds since 1970 UTC.
    pub asked_ms: i64,
    /// Who answered and when.
    pub answered: Option<QuestionAnswered>,
}

/// That a question was answered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct QuestionAnswered {
    /// Who called back: «Петров, поддержка».
    pub by: String,
    /// When, milliseconds since 1970 UTC.
    pub at_ms: i64,
    /// What was answered, for the colleagues; may be empty.
    pub answer: MessageText,
}

/// Who calls is personal data.
impl std::fmt::Debug for Caller {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Caller(…)")
    }
}
