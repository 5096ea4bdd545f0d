//! What only the staff reads. A note is written to a table of its own and to the desk's scope, and to nothing else.

use super::load;
use crate::operations::{Deed, Refused, invalid};
use crate::params;
use crate::storage::{Sql, Ticket as Place, Tx, Value};
use wire::desk::{AddNote, Note, Role};
use wire::entity::Entity;
use wire::feed::{Change, Scope};
use wire::problem::Rejection;

/// Adds a note to a ticket, at whatever stage it stands.
pub fn add_note(tx: &mut Tx<'_>, deed: &Deed<'_>, body: &AddNote) -> Result<Place, Refused> {
    let author = deed.actor.staff(Role::Dispatcher)?.signature();
    load(tx, body.ticket)?.ok_or(Rejection::NotYours)?;
    if body.text.is_empty() && body.attachments.is_empty() {
        return Err(invalid("text"));
    }
    if tx.first("SELECT id FROM notes WHERE id = $1", params![body.note])?.is_some() {
        return Err(invalid("note"));
    }
    let received_ms = tx.now_ms();
    let note = Note {
        id: body.note,
        ticket: body.ticket,
        author,
        text: body.text.clone(),
        attachments: deed.effects.attach(tx, deed.operation.actor, &[Scope::Desk], &body.attachments)?,
        captured_ms: deed.entered_ms(received_ms),
        received_ms,
    };
    tx.execute(
        "INSERT INTO notes (id, ticket_id, author, text, attachments, captured_ms, received_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        params![
            note.id,
            note.ticket,
            &note.author,
            note.text.as_str(),
            Value::json(&note.attachments)?,
            note.captured_ms,
            note.received_ms,
        ],
    )?;
    Ok(tx.emit(Scope::Desk, Some(deed.operation.id), Change::Put { entity: Entity::Note(note) }))
}
