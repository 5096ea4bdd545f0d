//! What stands beside the tickets: the staff, the departments, incidents, answers that are often given.

use super::look::Look;
use crate::report::Fault;
use crate::store::StoreError;
use crate::view::{DeskCannedView, DeskDepartmentView, DeskHouseView, DeskIncidentView, DeskPersonView};
use domain::{IncidentId, PersonName};
use std::collections::{BTreeMap, BTreeSet};
use wire::desk::{Incident, Role, Staff};
use wire::entity::Entity;
use wire::operation::Body;
use wire::ticket::TicketType;

/// Who is signed in.
pub(crate) fn me(look: &Look) -> DeskPersonView {
    DeskPersonView {
        id: look.work.staff.to_string(),
        name: PersonName::shortened(&look.profile.name),
        post: look.work.post.clone(),
        department: look.work.department.map(|department| department.to_string()),
        dispatcher: look.is(Role::Dispatcher),
        support: look.is(Role::Support),
        editor: look.is(Role::Editor),
    }
}

/// Everybody who may be sent or asked, by name.
pub(crate) fn staff(look: &Look) -> Result<Vec<DeskPersonView>, StoreError> {
    let mut staff = look.all("staff", |entity| match entity {
        Entity::Staff(staff) if staff.active => Some(staff),
        _ => None,
    })?;
    staff.sort_by(|a, b| a.name.cmp(&b.name).then(a.id.cmp(&b.id)));
    Ok(staff.into_iter().map(person).collect())
}

fn person(staff: Staff) -> DeskPersonView {
    DeskPersonView {
        id: staff.id.to_string(),
        name: staff.name,
        post: staff.post,
        department: staff.department.map(|department| department.to_string()),
        dispatcher: staff.roles.contains(&Role::Dispatcher),
        support: staff.roles.contains(&Role::Support),
        editor: staff.roles.contains(&Role::Editor),
    }
}

/// Departments, in the utility's order.
pub(crate) fn departments(look: &Look) -> Result<Vec<DeskDepartmentView>, StoreError> {
    let mut departments = look.all("department", |entity| match entity {
        Entity::Department(department) => Some(department),
        _ => None,
    })?;
    departments.sort_by_key(|department| (department.place, department.id));
    Ok(departments
        .into_iter()
        .map(|department| DeskDepartmentView { id: department.id.to_string(), name: department.name })
        .collect())
}

/// «Готовые ответы», in the utility's order.
pub(crate) fn canned(look: &Look) -> Result<Vec<DeskCannedView>, StoreError> {
    let mut canned = look.all("canned_reply", |entity| match entity {
        Entity::CannedReply(canned) => Some(canned),
        _ => None,
    })?;
    canned.sort_by_key(|canned| (canned.place, canned.id));
    Ok(canned
        .into_iter()
        .map(|canned| DeskCannedView { title: canned.title, text: canned.text.as_str().to_owned() })
        .collect())
}

/// What may be registered, in the utility's order.
pub(crate) fn types(look: &Look) -> Result<Vec<TicketType>, StoreError> {
    let mut types = look.all("ticket_type", |entity| match entity {
        Entity::TicketType(kind) => Some(kind),
        _ => None,
    })?;
    types.sort_by_key(|kind| kind.place);
    Ok(types)
}

/// Incidents as they are to be with what was entered here, newest first.
pub(crate) fn incidents(look: &Look) -> Result<Vec<(Incident, Option<crate::view::Mark>)>, StoreError> {
    let mut all: BTreeMap<IncidentId, _> =
        look.incidents()?.into_iter().map(|incident| (incident.id, (incident, None))).collect();
    for entry in &look.entries {
        if let Some(Body::SetIncident(body)) = entry.body() {
            let (over, attention) = (entry.overlays(look.seq), entry.needs_attention());
            let known = all.get(&body.incident.id).map(|(known, _)| known.clone());
            if let Some(incident) =
                if over || known.is_none() && attention { Some(body.incident.clone()) } else { known }
            {
                let accepted = matches!(entry.fate, crate::overlay::entry::Fate::Acked { .. });
                all.insert(incident.id, (incident, (!accepted).then(|| entry.mark())));
            }
        }
    }
    let mut all: Vec<_> = all.into_values().collect();
    all.sort_by_key(|(incident, _)| (std::cmp::Reverse(incident.from_ms), incident.id));
    Ok(all)
}

/// An incident as it is to be with what was entered here.
pub(crate) fn incident(look: &Look, id: IncidentId) -> Result<Option<Incident>, StoreError> {
    Ok(incidents(look)?.into_iter().map(|(incident, _)| incident).find(|incident| incident.id == id))
}

/// Incidents that go on, as the window shows them. `tickets` says how many are folded to one.
pub(crate) fn incident_views(
    look: &Look,
    incidents: &[(Incident, Option<crate::view::Mark>)],
    tickets: impl Fn(IncidentId) -> u32,
) -> Result<Vec<DeskIncidentView>, Fault> {
    let going_on = || incidents.iter().filter(|(incident, mark)| !incident.over || mark.is_some());
    let wanted: BTreeSet<_> = going_on().flat_map(|(incident, _)| incident.houses.iter().copied()).collect();
    let mut houses = BTreeMap::new();
    for house in wanted {
        if let Some(address) = super::house::address_of(look, house)? {
            houses.insert(house, address);
        }
    }
    let view = |(incident, mark): &(Incident, Option<crate::view::Mark>)| DeskIncidentView {
        id: incident.id.to_string(),
        title: incident.title.clone(),
        text: incident.text.as_str().to_owned(),
        planned: incident.scheduled,
        houses: incident
            .houses
            .iter()
            .map(|house| DeskHouseView {
                id: house.to_string(),
                address: houses.get(house).cloned().unwrap_or_default(),
            })
            .collect(),
        began_ms: incident.from_ms,
        until_ms: incident.until_ms,
        ended_ms: incident.over.then(|| incident.until_ms.unwrap_or(look.now_ms)),
        tickets: tickets(incident.id),
        mark: mark.clone(),
    };
    Ok(going_on().map(view).collect())
}
