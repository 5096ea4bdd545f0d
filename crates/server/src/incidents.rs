//! Mass outages: one thing for the desk, and a banner for each of its houses.

use crate::config::stable_id;
use crate::operations::{Deed, Refused, invalid};
use crate::params;
use crate::storage::{Sql, StoreError, Ticket as Place, Tx, Value};
use domain::{HouseId, IncidentId, UserId};
use uuid::Uuid;
use wire::desk::{Incident, Outage, Role, SetIncident};
use wire::entity::Entity;
use wire::feed::{Change, Scope};
use wire::problem::Rejection;

/// The longest heading, in characters.
const LONGEST_TITLE: usize = 200;
/// A whole town is less.
const MOST_HOUSES: usize = 5_000;

/// An incident.
pub fn load(sql: &mut dyn Sql, incident: IncidentId) -> Result<Option<Incident>, StoreError> {
    let row = sql.first("SELECT state FROM incidents WHERE id = $1", params![incident])?;
    row.map(|row| row.json(0)).transpose()
}

/// Begins, changes or ends a mass outage. Somebody else's change that the actor did not see is never written over: all of
/// it is replaced, so it has to be looked at again.
pub fn set(tx: &mut Tx<'_>, deed: &Deed<'_>, body: &SetIncident) -> Result<Place, Refused> {
    deed.actor.staff(Role::Dispatcher)?;
    let wanted = checked(tx, &body.incident)?;
    let was = load(tx, wanted.id)?;
    if let Some(version) = unseen(tx, wanted.id, deed)? {
        return Err(Rejection::Changed { version }.into());
    }
    tx.execute(
        "INSERT INTO incidents (id, state, actor, operation) VALUES ($1, $2, $3, $4)
         ON CONFLICT (id) DO UPDATE SET state = excluded.state, actor = excluded.actor, operation = excluded.operation",
        params![wanted.id, Value::json(&wanted)?, deed.operation.actor, deed.operation.id],
    )?;
    for house in was.iter().filter(|was| !was.over).flat_map(|was| &was.houses) {
        if wanted.over || !wanted.houses.contains(house) {
            let id = outage_id(wanted.id, *house);
            tx.emit(Scope::House(*house), None, Change::Gone { kind: "outage".into(), id });
        }
    }
    if !wanted.over {
        for house in &wanted.houses {
            let entity = Entity::Outage(outage(&wanted, *house));
            tx.emit(Scope::House(*house), None, Change::Put { entity });
        }
    }
    Ok(tx.emit(Scope::Desk, Some(deed.operation.id), Change::Put { entity: Entity::Incident(wanted) }))
}

fn checked(tx: &mut Tx<'_>, wanted: &Incident) -> Result<Incident, Refused> {
    let mut wanted = wanted.clone();
    wanted.title = wanted.title.split_whitespace().collect::<Vec<_>>().join(" ");
    let bad = |c: char| c.is_control();
    if wanted.title.is_empty() || wanted.title.chars().count() > LONGEST_TITLE || wanted.title.contains(bad) {
        return Err(invalid("incident.title"));
    }
    wanted.houses.sort_unstable();
    wanted.houses.dedup();
    if wanted.houses.is_empty() || wanted.houses.len() > MOST_HOUSES {
        return Err(invalid("incident.houses"));
    }
    for house in &wanted.houses {
        if tx.first("SELECT id FROM houses WHERE id = $1", params![*house])?.is_none() {
            return Err(invalid("incident.houses"));
        }
    }
    if wanted.until_ms.is_some_and(|until_ms| until_ms < wanted.from_ms) {
        return Err(invalid("incident.until_ms"));
    }
    Ok(wanted)
}

/// The version of somebody else's change that the actor did not see; 0 while it has none yet. One's own changes are never
/// unseen: of two that were entered offline the second knows no version of the first.
fn unseen(sql: &mut dyn Sql, incident: IncidentId, deed: &Deed<'_>) -> Result<Option<i64>, StoreError> {
    let row = sql.first(
        "SELECT incidents.actor, ledger.position FROM incidents LEFT JOIN ledger ON ledger.id = incidents.operation
         WHERE incidents.id = $1",
        params![incident],
    )?;
    let Some(row) = row else { return Ok(None) };
    let (actor, version): (UserId, Option<i64>) = (row.get(0)?, row.get(1)?);
    let seen = actor == deed.operation.actor || (version.is_some() && version == deed.operation.base_version);
    Ok((!seen).then(|| version.unwrap_or(0)))
}

fn outage(incident: &Incident, house: HouseId) -> Outage {
    Outage {
        id: outage_id(incident.id, house),
        incident: incident.id,
        house,
        title: incident.title.clone(),
        text: incident.text.clone(),
        scheduled: incident.scheduled,
        from_ms: incident.from_ms,
        until_ms: incident.until_ms,
    }
}

fn outage_id(incident: IncidentId, house: HouseId) -> Uuid {
    stable_id(&["outage", &incident.to_string(), &house.to_string()])
}
