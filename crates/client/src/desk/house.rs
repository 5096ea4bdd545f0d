//! What else goes on in the house of a ticket: other tickets, and incidents it may be one of.

use super::look::Look;
use super::office;
use super::tickets::Desk;
use crate::store::StoreError;
use crate::view::DeskNear;
use domain::{HouseId, TicketId};
use std::cmp::Reverse;
use wire::desk::DeskTicket;
use wire::entity::Entity;

/// More of them would not be looked at.
const NEAR: usize = 20;

/// «Рядом»: other open tickets of the house, those of the nearest flats first.
pub(crate) fn near(look: &Look, desk: &Desk, of: &DeskTicket) -> Result<Vec<DeskNear>, StoreError> {
    let found = in_house(look, desk, of.house, of.ticket.id)?;
    let mut near = Vec::with_capacity(found.len());
    let flat = flat_of(&of.ticket.address);
    for id in found {
        let Some(laid) = look.ticket(id)? else { continue };
        let ticket = &laid.desk.ticket;
        let steps = match (flat, flat_of(&ticket.address)) {
            (Some(here), Some(there)) => here.abs_diff(there),
            _ => u32::MAX,
        };
        let view = DeskNear {
            ticket: id.to_string(),
            number: laid.numbered.then_some(ticket.number),
            short_name: ticket.short_name.clone(),
            address: ticket.address.clone(),
        };
        near.push(((steps, Reverse(ticket.registered_ms), id), view));
    }
    near.sort_by_key(|(order, _)| *order);
    Ok(near.into_iter().take(NEAR).map(|(_, view)| view).collect())
}

fn in_house(look: &Look, desk: &Desk, house: HouseId, but: TicketId) -> Result<Vec<TicketId>, StoreError> {
    let answered = desk.over_all(look, |cards| {
        let of_house = cards.filter(|card| card.house == house && card.status.is_open() && card.id != but);
        of_house.map(|card| card.id).collect()
    })?;
    Ok(answered.answer)
}

/// The number of the flat, which stands last in an address.
fn flat_of(address: &str) -> Option<u32> {
    let digits = address.rsplit(|c: char| !c.is_ascii_digit()).find(|part| !part.is_empty())?;
    digits.parse().ok()
}

/// Incidents that go on in the house of a ticket; those about such a trouble first.
pub(crate) fn incidents(look: &Look, of: &DeskTicket) -> Result<Vec<String>, StoreError> {
    let mut incidents = office::incidents(look)?;
    incidents.retain(|(incident, _)| !incident.over && incident.houses.contains(&of.house));
    incidents.sort_by_key(|(incident, _)| !incident.subtypes.contains(&of.subtype));
    Ok(incidents.into_iter().map(|(incident, _)| incident.id.to_string()).collect())
}

/// Where a house is.
pub(crate) fn address_of(look: &Look, house: HouseId) -> Result<Option<String>, StoreError> {
    Ok(match look.mirror.get("desk_house", house.uuid())?.map(|found| found.entity) {
        Some(Entity::DeskHouse(house)) => Some(house.address),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_flat_stands_last_in_an_address() {
        assert_eq!(flat_of("Винокурова, 10-25"), Some(25));
        assert_eq!(flat_of("ул. Винокурова, д. 10, кв. 25"), Some(25));
        assert_eq!(flat_of("Винокурова"), None);
    }
}
