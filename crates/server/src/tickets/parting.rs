//! A person who is not for sure the one who asked any more: their phone changed hands.

use super::table::update;
use super::telling::publish;
use super::{Doer, load};
use crate::params;
use crate::storage::{Sql, StoreError, Tx};
use domain::{TicketId, UserId};

/// All tickets of a person go on without a resident in the program: the desk has them, with the applicant's telephone.
pub fn part(tx: &mut Tx<'_>, user: UserId) -> Result<(), StoreError> {
    let rows = tx.query("SELECT id FROM tickets WHERE user_id = $1 ORDER BY id", params![user])?;
    for row in &rows {
        let ticket: TicketId = row.get(0)?;
        if let Some(mut stored) = load(tx, ticket)? {
            stored.desk.resident = None;
            update(tx, &stored)?;
            publish(tx, stored, &Doer::server());
        }
    }
    tx.execute("UPDATE tickets SET user_id = NULL WHERE user_id = $1", params![user])?;
    Ok(())
}
