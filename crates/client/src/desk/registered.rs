//! A ticket taken by telephone that the server has not heard of.

use crate::overlay::entry::Entry;
use crate::store::{Mirror, StoreError};
use domain::ticket::{Status, TicketNumber, short_name};
use domain::{MessageText, SubtypeId, TicketId};
use uuid::Uuid;
use wire::desk::{DeskTicket, Place, RegisterTicket};
use wire::entity::Entity;
use wire::operation::Body;
use wire::ticket::{Subtype, Ticket, TicketType};

/// What stands where a number will stand; shown nowhere.
const NO_NUMBER: TicketNumber = TicketNumber { year: 0, number: 0 };

/// The operation that registers a ticket.
pub(crate) fn body(entry: &Entry) -> Option<&RegisterTicket> {
    match entry.body()? {
        Body::RegisterTicket(body) => Some(body),
        _ => None,
    }
}

/// The ticket as it was entered; `None` when it was not entered here.
pub(crate) fn find(entries: &[Entry], mirror: &Mirror, id: TicketId) -> Result<Option<DeskTicket>, StoreError> {
    let mut all = entries.iter().filter_map(|entry| Some((entry, body(entry)?)));
    let found = all.find(|(_, body)| body.ticket == id);
    found.map(|(entry, body)| ticket(entry, body, mirror)).transpose()
}

/// The ticket as the server will have it, but for what only the server knows.
pub(crate) fn ticket(entry: &Entry, body: &RegisterTicket, mirror: &Mirror) -> Result<DeskTicket, StoreError> {
    let mut address = String::new();
    let (mut account, mut account_number, mut house) = (None, None, domain::HouseId::new(Uuid::nil()));
    match body.place {
        Place::Account(id) => {
            account = Some(id);
            if let Some(Entity::DeskAccount(known)) = get(mirror, "desk_account", id.uuid())? {
                (address, account_number, house) = (known.short_address, Some(known.number), known.house);
            }
        }
        Place::House(id) => {
            house = id;
            if let Some(Entity::DeskHouse(known)) = get(mirror, "desk_house", id.uuid())? {
                address = known.address;
            }
        }
    }
    let (kind, subtype) = trouble(mirror, body.subtype)?.unzip();
    let subtype_name = subtype.as_ref().map(|subtype| subtype.name.clone()).unwrap_or_default();
    let ticket = Ticket {
        id: body.ticket,
        number: NO_NUMBER,
        short_name: short_name(&subtype_name, body.description.as_str()),
        type_name: kind.map(|kind| kind.name).unwrap_or_default(),
        subtype_name,
        emergency: subtype.is_some_and(|subtype| subtype.emergency),
        account,
        address,
        description: body.description.clone(),
        attachments: Vec::new(),
        source: domain::Source::Phone,
        registered_ms: entry.captured_ms,
        captured_ms: entry.captured_ms,
        status: Status::New,
        reason: MessageText::default(),
        deferred_until: None,
        visit_by_ms: None,
        executor_name: String::new(),
        incident: None,
        deadlines: Vec::new(),
        rating: None,
        reopened: 0,
    };
    Ok(DeskTicket {
        ticket,
        subtype: body.subtype,
        resident: None,
        applicant_name: body.caller.name.clone(),
        applicant_phone: body.caller.phone.clone(),
        account_number,
        house,
        department: None,
        executor: None,
    })
}

fn get(mirror: &Mirror, kind: &str, id: Uuid) -> Result<Option<Entity>, StoreError> {
    Ok(mirror.get(kind, id)?.map(|found| found.entity))
}

fn trouble(mirror: &Mirror, id: SubtypeId) -> Result<Option<(TicketType, Subtype)>, StoreError> {
    for found in mirror.all("ticket_type")? {
        if let Entity::TicketType(kind) = found.entity
            && let Some(subtype) = kind.subtypes.iter().find(|subtype| subtype.id == id).cloned()
        {
            return Ok(Some((kind, subtype)));
        }
    }
    Ok(None)
}
