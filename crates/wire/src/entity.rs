//! The things that the desktop mirrors.

use crate::announcement::{Announcement, AnnouncementMark, EditedAnnouncement};
use crate::desk::{
    CannedReply, Department, DeskAccount, DeskHouse, DeskTicket, Incident, Note, Outage, Question, Staff, SupportTalk,
    Work,
};
use crate::money::{Bill, PaymentPart, PaymentTerms};
use crate::ticket::{Message, ReadMark, Ticket, TicketEvent, TicketType};
use chrono::NaiveDate;
use domain::payment::ServiceSum;
use domain::reading_check::Limits;
use domain::reading_delivery::DeliveryPolicy;
use domain::{
    AccountId, AccountNumber, Dial, Els, HouseId, Kopecks, MeterId, MeterKind, MeterValue, Period, Rate, ReadingId,
    ReadingWindow, Source, UserId,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// One mirrored thing. The tag is `is`, because a meter and a tariff have a `kind` of their own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Entity {
    /// The person (scope: user).
    Profile(Profile),
    /// A personal account (scope: account).
    Account(Account),
    /// A meter (scope: account).
    Meter(Meter),
    /// A reading (scope: account).
    Reading(Reading),
    /// The rules for readings of a house, or of all houses that have none of their own (scope: house or public).
    ReadingRules(ReadingRules),
    /// The price of a resource (scope: public).
    Tariff(Tariff),
    /// A ticket (scope: user).
    Ticket(Box<Ticket>),
    /// A line of a ticket's history (scopes: user and desk).
    TicketEvent(TicketEvent),
    /// A message (scopes: user, and desk or support_desk).
    Message(Message),
    /// How far a side has read (scopes: user, and desk or support_desk).
    ReadMark(ReadMark),
    /// A type of tickets with its subtypes (scope: public).
    TicketType(TicketType),
    /// A mass outage as the residents of one of its houses see it (scope: house).
    Outage(Outage),
    /// A ticket as the staff sees it (scope: desk).
    DeskTicket(Box<DeskTicket>),
    /// What only the staff reads (scope: desk).
    Note(Note),
    /// A mass outage (scope: desk).
    Incident(Incident),
    /// Somebody who works for the utility (scope: desk).
    Staff(Staff),
    /// A department (scope: desk).
    Department(Department),
    /// An answer that is often given (scope: desk or support_desk).
    CannedReply(CannedReply),
    /// An account for which a ticket can be registered (scope: desk).
    DeskAccount(DeskAccount),
    /// A house for which a ticket can be registered (scope: desk).
    DeskHouse(DeskHouse),
    /// A person's conversation with the support (scope: support_desk).
    SupportTalk(SupportTalk),
    /// A question that was asked without signing in (scope: support_desk).
    Question(Question),
    /// A bill (scope: account).
    Bill(Box<Bill>),
    /// What an account gets of a payment (scope: account).
    PaymentPart(PaymentPart),
    /// How one pays here (scope: public).
    PaymentTerms(Box<PaymentTerms>),
    /// A news item, a poll or an offer (scope: public, house or account).
    Announcement(Box<Announcement>),
    /// What a person did with an announcement (scope: user).
    AnnouncementMark(AnnouncementMark),
    /// An announcement as its editors see it (scope: editors).
    EditedAnnouncement(Box<EditedAnnouncement>),
}

/// The person who signed in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Profile {
    /// The person.
    pub id: UserId,
    /// ФИО.
    pub name: String,
    /// The login: a resident's phone, `+79…`, or what the utility gave to its staff.
    pub phone: String,
    /// Where mail goes; empty when none was given.
    pub email: String,
    /// What they are at the utility; none for a resident.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub work: Option<Work>,
}

/// A personal account as its resident sees it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Account {
    /// The account.
    pub id: AccountId,
    /// The number on the bill.
    pub number: AccountNumber,
    /// The state system's number.
    pub els: Option<Els>,
    /// The house.
    pub house: HouseId,
    /// The full address.
    pub address: String,
    /// The short address for lists, «Винокурова, 10-25».
    pub short_address: String,
    /// The payer, shortened: «Смирнова В. П.».
    pub payer: String,
    /// Debt, or overpayment when negative.
    pub debt: Kopecks,
    /// The day the debt is of.
    pub debt_on: NaiveDate,
    /// The debt by services, where billing tells it; an overpayment of one is negative.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub services: Vec<ServiceSum>,
}

/// A metering device.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Meter {
    /// The meter.
    pub id: MeterId,
    /// Whose it is.
    pub account: AccountId,
    /// What it measures.
    pub kind: MeterKind,
    /// The name: the resident's own, else the utility's («Холодная вода, кухня»).
    pub name: String,
    /// Whether `name` is the resident's own.
    pub renamed: bool,
    /// The factory number.
    pub serial: String,
    /// The face.
    pub dial: Dial,
    /// How many tariffs, 1–4.
    pub tariffs: u8,
    /// Transformation ratio.
    pub ratio: u32,
    /// «Последняя поверка».
    pub verified_on: Option<NaiveDate>,
    /// The verification is valid up to and including this day.
    pub verified_until: Option<NaiveDate>,
    /// «Межповерочный интервал», years.
    pub verification_interval_years: Option<u8>,
    /// Reports by itself.
    pub automatic: bool,
    /// Out of use since.
    pub archived_on: Option<NaiveDate>,
    /// The meter that was put in its place.
    pub replaced_by: Option<MeterId>,
}

/// One submitted set of values.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Reading {
    /// The reading.
    pub id: ReadingId,
    /// The meter.
    pub meter: MeterId,
    /// The account, which is its scope.
    pub account: AccountId,
    /// The billing period it counts for.
    pub period: Period,
    /// One value per tariff.
    pub values: Vec<MeterValue>,
    /// The day the meter was read, as the server believes.
    pub taken_on: NaiveDate,
    /// When it was captured, milliseconds since 1970 UTC, as the server believes.
    pub captured_ms: i64,
    /// Whether that time is sure.
    pub captured_sure: bool,
    /// When it arrived, milliseconds since 1970 UTC.
    pub received_ms: i64,
    /// Through whom.
    pub source: Source,
    /// What the utility made of it.
    pub verdict: Verdict,
    /// Whether it is the one that counts in its period: the latest captured.
    pub current: bool,
}

/// What the utility made of a reading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "verdict", rename_all = "snake_case")]
pub enum Verdict {
    /// Принято.
    Accepted,
    /// Держим до открытия приёма: «будет передано 15 ноября».
    Scheduled {
        /// The day.
        on: NaiveDate,
    },
    /// Выгружено в расчёт.
    Exported,
    /// Учтено в расчёте.
    Counted,
    /// Отклонено расчётом.
    Refused {
        /// The billing's words.
        why: String,
    },
}

/// The rules for readings: the window, the policy, the limits.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReadingRules {
    /// The house's id; the utility's own id for the general rules.
    pub id: Uuid,
    /// The house, or `None` for the general rules.
    pub house: Option<HouseId>,
    /// The window.
    pub window: ReadingWindow,
    /// The policy.
    pub policy: DeliveryPolicy,
    /// The utility's own words about the window, shown above the meters; may be empty.
    pub notice: String,
    /// Limits by kind of meter.
    pub limits: Vec<KindLimits>,
}

/// The limits of one kind of meter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KindLimits {
    /// The kind.
    pub kind: MeterKind,
    /// The limits of a month.
    pub limits: Limits,
}

/// A price, in force from a day on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Tariff {
    /// The tariff.
    pub id: Uuid,
    /// The resource.
    pub kind: MeterKind,
    /// For a meter of how many tariffs.
    pub tariffs: u8,
    /// Prices of a unit, one per tariff of the meter.
    pub rates: Vec<Rate>,
    /// In force from.
    pub from: NaiveDate,
}

impl Entity {
    /// The kind, as it stands in the feed and in the mirror.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Profile(_) => "profile",
            Self::Account(_) => "account",
            Self::Meter(_) => "meter",
            Self::Reading(_) => "reading",
            Self::ReadingRules(_) => "reading_rules",
            Self::Tariff(_) => "tariff",
            Self::Ticket(_) => "ticket",
            Self::TicketEvent(_) => "ticket_event",
            Self::Message(_) => "message",
            Self::ReadMark(_) => "read_mark",
            Self::TicketType(_) => "ticket_type",
            Self::Outage(_) => "outage",
            Self::DeskTicket(_) => "desk_ticket",
            Self::Note(_) => "note",
            Self::Incident(_) => "incident",
            Self::Staff(_) => "staff",
            Self::Department(_) => "department",
            Self::CannedReply(_) => "canned_reply",
            Self::DeskAccount(_) => "desk_account",
            Self::DeskHouse(_) => "desk_house",
            Self::SupportTalk(_) => "support_talk",
            Self::Question(_) => "question",
            Self::Bill(_) => "bill",
            Self::PaymentPart(_) => "payment_part",
            Self::PaymentTerms(_) => "payment_terms",
            Self::Announcement(_) => "announcement",
            Self::AnnouncementMark(_) => "announcement_mark",
            Self::EditedAnnouncement(_) => "edited_announcement",
        }
    }

    /// The id.
    pub const fn id(&self) -> Uuid {
        match self {
            Self::Profile(profile) => profile.id.uuid(),
            Self::Account(account) => account.id.uuid(),
            Self::Meter(meter) => meter.id.uuid(),
            Self::Reading(reading) => reading.id.uuid(),
            Self::ReadingRules(rules) => rules.id,
            Self::Tariff(tariff) => tariff.id,
            Self::Ticket(ticket) => ticket.id.uuid(),
            Self::TicketEvent(event) => event.id,
            Self::Message(message) => message.id.uuid(),
            Self::ReadMark(mark) => mark.id,
            Self::TicketType(kind) => kind.id.uuid(),
            Self::Outage(outage) => outage.id,
            Self::DeskTicket(desk) => desk.ticket.id.uuid(),
            Self::Note(note) => note.id.uuid(),
            Self::Incident(incident) => incident.id.uuid(),
            Self::Staff(staff) => staff.id.uuid(),
            Self::Department(department) => department.id.uuid(),
            Self::CannedReply(reply) => reply.id,
            Self::DeskAccount(account) => account.id.uuid(),
            Self::DeskHouse(house) => house.id.uuid(),
            Self::SupportTalk(talk) => talk.resident.uuid(),
            Self::Question(question) => question.id.uuid(),
            Self::Bill(bill) => bill.id.uuid(),
            Self::PaymentPart(part) => part.id.uuid(),
            Self::PaymentTerms(terms) => terms.id,
            Self::Announcement(announcement) => announcement.id,
            Self::AnnouncementMark(mark) => mark.id,
            Self::EditedAnnouncement(edited) => edited.id.uuid(),
        }
    }

    /// The entity under which this one is listed: a meter under its account, a reading under its meter, a message under its
    /// conversation.
    pub fn parent(&self) -> Option<Uuid> {
        match self {
            Self::Meter(meter) => Some(meter.account.uuid()),
            Self::Reading(reading) => Some(reading.meter.uuid()),
            Self::ReadingRules(rules) => rules.house.map(HouseId::uuid),
            Self::TicketEvent(event) => Some(event.ticket.uuid()),
            Self::Message(message) => Some(message.conversation.id()),
            Self::ReadMark(mark) => Some(mark.conversation.id()),
            Self::Outage(outage) => Some(outage.house.uuid()),
            Self::Note(note) => Some(note.ticket.uuid()),
            Self::DeskAccount(account) => Some(account.house.uuid()),
            Self::Bill(bill) => Some(bill.account.uuid()),
            Self::PaymentPart(part) => Some(part.account.uuid()),
            Self::Announcement(announcement) => Some(announcement.announcement.uuid()),
            Self::AnnouncementMark(mark) => Some(mark.announcement.uuid()),
            Self::Profile(_)
            | Self::Account(_)
            | Self::Tariff(_)
            | Self::Ticket(_)
            | Self::TicketType(_)
            | Self::DeskTicket(_)
            | Self::Incident(_)
            | Self::Staff(_)
            | Self::Department(_)
            | Self::CannedReply(_)
            | Self::DeskHouse(_)
            | Self::SupportTalk(_)
            | Self::Question(_)
            | Self::PaymentTerms(_)
            | Self::EditedAnnouncement(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thing_with_a_kind_of_its_own_reads_back_as_the_same() {
        let meter = Entity::Meter(Meter {
            id: MeterId::new(Uuid::from_u128(1)),
            account: AccountId::new(Uuid::from_u128(2)),
            kind: MeterKind::ColdWater,
            name: "Холодная вода, кухня".into(),
            renamed: false,
            serial: "1".into(),
            dial: Dial::new(5, 3).expect("a dial"),
            tariffs: 1,
            ratio: 1,
            verified_on: None,
            verified_until: None,
            verification_interval_years: None,
            automatic: false,
            archived_on: None,
            replaced_by: None,
        });
        let from = NaiveDate::from_ymd_opt(2026, 7, 1).expect("a day");
        let (id, rates) = (Uuid::from_u128(3), vec![Rate(351_200)]);
        let tariff = Entity::Tariff(Tariff { id, kind: MeterKind::ColdWater, tariffs: 1, rates, from });
        for entity in [meter, tariff] {
            let json = serde_json::to_string(&entity).expect("written");
            assert_eq!(serde_json::from_str::<Entity>(&json).expect("read"), entity);
        }
    }
}
