//! Telling both sides of a ticket or a conversation what changed.

use super::StoredTicket;
use crate::config::Config;
use crate::letters;
use crate::operations::Deed;
use crate::params;
use crate::storage::{Sql, StoreError, Ticket as Place, Tx, Value};
use domain::ticket::Party;
use domain::{OperationId, UserId};
use wire::entity::Entity;
use wire::feed::{Change, Scope};
use wire::ticket::{Happened, TicketEvent};

/// Who does something, and by which operation.
#[derive(Debug, Clone)]
pub struct Doer {
    /// On whose side.
    pub by: Party,
    /// Who, shortened; empty for the server itself.
    pub who: String,
    /// The operation.
    pub operation: Option<OperationId>,
}

impl Doer {
    /// Who entered an operation.
    pub fn of(tx: &mut Tx<'_>, deed: &Deed<'_>) -> Result<Self, StoreError> {
        Ok(Self { by: deed.actor.party(), who: deed.actor.name(tx)?, operation: Some(deed.operation.id) })
    }

    /// The server itself.
    pub const fn server() -> Self {
        Self { by: Party::Utility, who: String::new(), operation: None }
    }
}

/// Puts the same thing before the resident, when there is one, and before the staff. The row of the doer's own side
/// carries the operation and comes last: it is the one that acknowledges it.
pub fn tell(tx: &mut Tx<'_>, resident: Option<UserId>, staff: Scope, doer: &Doer, entity: Entity) -> Place {
    let put = |entity| Change::Put { entity };
    match (resident.map(Scope::User), doer.by) {
        (Some(own), Party::Resident) => {
            tx.emit(staff, None, put(entity.clone()));
            tx.emit(own, doer.operation, put(entity))
        }
        (Some(other), Party::Staff | Party::Utility) => {
            tx.emit(other, None, put(entity.clone()));
            tx.emit(staff, doer.operation, put(entity))
        }
        (None, _) => tx.emit(staff, doer.operation, put(entity)),
    }
}

/// Puts a ticket as it stands now before its resident and before the desk, each as they see it.
pub(super) fn publish(tx: &mut Tx<'_>, stored: StoredTicket, doer: &Doer) -> Place {
    let resident = stored.desk.resident.map(Scope::User);
    let theirs = Change::Put { entity: Entity::Ticket(Box::new(stored.desk.ticket.clone())) };
    let ours = Change::Put { entity: Entity::DeskTicket(Box::new(stored.desk)) };
    match (resident, doer.by) {
        (Some(own), Party::Resident) => {
            tx.emit(Scope::Desk, None, ours);
            tx.emit(own, doer.operation, theirs)
        }
        (Some(other), Party::Staff | Party::Utility) => {
            tx.emit(other, None, theirs);
            tx.emit(Scope::Desk, doer.operation, ours)
        }
        (None, _) => tx.emit(Scope::Desk, doer.operation, ours),
    }
}

/// Adds a line to a ticket's history, and writes the letter that goes with it.
pub(super) fn note(
    tx: &mut Tx<'_>,
    config: &Config,
    stored: &StoredTicket,
    doer: &Doer,
    what: Happened,
) -> Result<(), StoreError> {
    let ticket = stored.ticket().id;
    let who = doer.who.clone();
    let event = TicketEvent { id: tx.id_v7(), ticket, at_ms: tx.now_ms(), by: doer.by, who, what };
    tx.execute(
        "INSERT INTO ticket_events (id, ticket_id, at_ms, party, who, what) VALUES ($1, $2, $3, $4, $5, $6)",
        params![event.id, event.ticket, event.at_ms, Value::word(&event.by)?, &event.who, Value::json(&event.what)?],
    )?;
    letters::about(tx, config, stored, &event)?;
    tell(tx, stored.desk.resident, Scope::Desk, doer, Entity::TicketEvent(event));
    Ok(())
}
