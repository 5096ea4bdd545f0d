//! The table of tickets.

use crate::params;
use crate::storage::{Row, Sql, StoreError, Tx, Value};
use domain::TicketId;
use domain::ticket::{Status, TicketNumber};
use wire::desk::DeskTicket;
use wire::ticket::Ticket;

/// A ticket with what nobody needs to see.
#[derive(Debug, Clone)]
pub struct StoredTicket {
    /// As the desk sees it; what its resident sees is a part of that.
    pub desk: DeskTicket,
    /// Since when it stands at done.
    pub done_ms: Option<i64>,
}

impl StoredTicket {
    /// As its resident sees it.
    pub fn ticket(&self) -> &Ticket {
        &self.desk.ticket
    }

    /// Puts it at another status at a moment.
    pub(super) fn stand(&mut self, status: Status, at_ms: i64) {
        self.desk.ticket.status = status;
        self.done_ms = (status == Status::Done).then_some(at_ms);
        if status != Status::Deferred {
            self.desk.ticket.deferred_until = None;
        }
    }
}

/// A ticket.
pub fn load(sql: &mut dyn Sql, ticket: TicketId) -> Result<Option<StoredTicket>, StoreError> {
    let row = sql.first("SELECT state, done_ms FROM tickets WHERE id = $1", params![ticket])?;
    row.map(|row| read(&row)).transpose()
}

/// Tickets that stand at done since before a moment, at most so many.
pub(super) fn done_before(sql: &mut dyn Sql, before_ms: i64, most: i64) -> Result<Vec<StoredTicket>, StoreError> {
    let rows = sql.query(
        "SELECT state, done_ms FROM tickets WHERE done_ms <= $1 ORDER BY done_ms LIMIT $2",
        params![before_ms, most],
    )?;
    rows.iter().map(read).collect()
}

/// The next number of a year. Inside the transaction that registers: when that is undone, the number is free again.
pub(super) fn next_number(tx: &mut Tx<'_>, year: i32) -> Result<TicketNumber, StoreError> {
    let row = tx.first(
        "INSERT INTO ticket_numbers (year, last) VALUES ($1, 1)
         ON CONFLICT (year) DO UPDATE SET last = ticket_numbers.last + 1 RETURNING last",
        params![i64::from(year)],
    )?;
    let number: u32 = row.ok_or(StoreError::Column(0))?.get(0)?;
    Ok(TicketNumber { year, number })
}

/// Writes a new ticket.
pub(super) fn insert(tx: &mut Tx<'_>, stored: &StoredTicket) -> Result<(), StoreError> {
    let ticket = stored.ticket();
    tx.execute(
        "INSERT INTO tickets (id, year, number, user_id, status, done_ms, state) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        params![
            ticket.id,
            i64::from(ticket.number.year),
            ticket.number.number,
            stored.desk.resident,
            Value::word(&ticket.status)?,
            stored.done_ms,
            Value::json(&stored.desk)?,
        ],
    )?;
    Ok(())
}

/// Writes what changed of a ticket.
pub(super) fn update(tx: &mut Tx<'_>, stored: &StoredTicket) -> Result<(), StoreError> {
    let ticket = stored.ticket();
    tx.execute(
        "UPDATE tickets SET status = $2, done_ms = $3, state = $4 WHERE id = $1",
        params![ticket.id, Value::word(&ticket.status)?, stored.done_ms, Value::json(&stored.desk)?],
    )?;
    Ok(())
}

fn read(row: &Row) -> Result<StoredTicket, StoreError> {
    Ok(StoredTicket { desk: row.json(0)?, done_ms: row.get(1)? })
}
