//! What is kept in memory of each ticket: what it is filtered, sorted and searched by.

use super::kept::Compact;
use crate::store::{Indexed, folded};
use domain::ticket::{Rating, Status, TicketNumber};
use domain::{DepartmentId, HouseId, IncidentId, StaffId, TicketId};
use wire::desk::DeskTicket;
use wire::entity::Entity;

/// A ticket among a hundred thousand.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Card {
    /// The ticket.
    pub(crate) id: TicketId,
    /// Its number; `None` until the server gave one.
    pub(crate) number: Option<TicketNumber>,
    /// Whether it is urgent.
    pub(crate) emergency: bool,
    /// Where the work stands.
    pub(crate) status: Status,
    /// Who works on it.
    pub(crate) executor: Option<StaffId>,
    /// Which department has it.
    pub(crate) department: Option<DepartmentId>,
    /// The house.
    pub(crate) house: HouseId,
    /// The incident it is folded to.
    pub(crate) incident: Option<IncidentId>,
    /// When it was registered.
    pub(crate) registered_ms: i64,
    /// The next deadline that was not met, while the utility owes work.
    pub(crate) due_ms: Option<i64>,
    /// When all was to be done, and when it was.
    pub(crate) finish: Option<(i64, Option<i64>)>,
    /// What the resident thought of the work.
    pub(crate) rating: Option<Rating>,
    /// What it is found by, in small letters.
    pub(crate) words: Box<str>,
    /// The digits of the telephone, without the country's.
    pub(crate) phone: Box<str>,
}

impl From<&DeskTicket> for Card {
    fn from(desk: &DeskTicket) -> Self {
        use domain::ticket::deadline::Duty;
        let ticket = &desk.ticket;
        let open = ticket.deadlines.iter().filter(|deadline| deadline.done_ms.is_none());
        let finish = ticket.deadlines.iter().find(|deadline| deadline.duty == Duty::Finish);
        Self {
            id: ticket.id,
            number: Some(ticket.number),
            emergency: ticket.emergency,
            status: ticket.status,
            executor: desk.executor,
            department: desk.department,
            house: desk.house,
            incident: ticket.incident,
            registered_ms: ticket.registered_ms,
            due_ms: open.map(|deadline| deadline.due_ms).min().filter(|_| ticket.status.is_open()),
            finish: finish.map(|deadline| (deadline.due_ms, deadline.done_ms)),
            rating: ticket.rating,
            words: words(desk).into(),
            phone: phone_digits(&desk.applicant_phone).into(),
        }
    }
}

impl Card {
    /// Whether a deadline has passed.
    pub(crate) fn overdue(&self, now_ms: i64) -> bool {
        self.due_ms.is_some_and(|due_ms| due_ms < now_ms)
    }
}

impl Compact for Card {
    const KIND: Indexed = Indexed::DeskTicket;
    const NAME: &'static str = "desk_ticket";

    fn of(entity: Entity) -> Option<Self> {
        match entity {
            Entity::DeskTicket(desk) => Some(Self::from(desk.as_ref())),
            _ => None,
        }
    }
}

fn words(desk: &DeskTicket) -> String {
    let ticket = &desk.ticket;
    folded(&format!(
        "{}\n{}\n{}\n{}\n{}\n{}\n{}",
        ticket.number,
        ticket.address,
        desk.account_number.as_ref().map(ToString::to_string).unwrap_or_default(),
        desk.applicant_name,
        ticket.type_name,
        ticket.subtype_name,
        ticket.description.as_str(),
    ))
}

/// The digits of a telephone, without the country's: however it is typed, these are the same.
pub(crate) fn phone_digits(text: &str) -> String {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    match digits.strip_prefix(['7', '8']) {
        Some(rest) if digits.len() == 11 => rest.to_owned(),
        _ => digits,
    }
}
