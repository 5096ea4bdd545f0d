//! Messages of tickets and of the support, and how far each side has read them.

use crate::config::stable_id;
use crate::operations::{Actor, Deed, Refused, invalid};
use crate::params;
use crate::storage::{Sql, StoreError, Ticket as Place, Tx, Value};
use crate::tickets::{self, Doer, StoredTicket, tell};
use crate::{people, staff};
use domain::UserId;
use domain::ticket::Party;
use wire::desk::{Role, SupportTalk};
use wire::entity::Entity;
use wire::feed::{Change, Scope};
use wire::problem::Rejection;
use wire::ticket::{Conversation, MarkRead, Message, ReadMark, SendMessage};

/// Takes a message, behind all that came before it. A closed ticket takes messages too: what somebody wrote while it was
/// being closed shall not be lost.
pub fn send(tx: &mut Tx<'_>, deed: &Deed<'_>, body: &SendMessage) -> Result<Place, Refused> {
    let room = Room::of(tx, deed, body.conversation)?;
    if body.text.is_empty() && body.attachments.is_empty() {
        return Err(invalid("text"));
    }
    if tx.first("SELECT id FROM messages WHERE id = $1", params![body.message])?.is_some() {
        return Err(invalid("message"));
    }
    let scopes = [Scope::User(room.resident), room.staff];
    let received_ms = tx.now_ms();
    let from = deed.actor.party();
    let message = Message {
        id: body.message,
        conversation: body.conversation,
        number: next_number(tx, body.conversation, from)?,
        from,
        author: deed.actor.name(tx)?,
        text: body.text.clone(),
        attachments: deed.effects.attach(tx, deed.operation.actor, &scopes, &body.attachments)?,
        captured_ms: deed.entered_ms(received_ms),
        received_ms,
    };
    tx.execute(
        "INSERT INTO messages (id, conversation, number, party, author, text, attachments, captured_ms, received_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        params![
            message.id,
            key(message.conversation),
            message.number,
            Value::word(&message.from)?,
            &message.author,
            message.text.as_str(),
            Value::json(&message.attachments)?,
            message.captured_ms,
            message.received_ms,
        ],
    )?;
    match (room.ticket, from) {
        (Some(stored), Party::Resident) => tickets::answered(tx, deed, stored)?,
        (Some(stored), _) => tickets::informed(tx, deed, stored)?,
        (None, _) => publish_talk(tx, room.resident)?,
    }
    let doer = Doer { by: from, who: String::new(), operation: Some(deed.operation.id) };
    Ok(tell(tx, Some(room.resident), room.staff, &doer, Entity::Message(message)))
}

/// Notes how far a side has read. A mark never goes back, and never beyond the last message.
pub fn mark_read(tx: &mut Tx<'_>, deed: &Deed<'_>, body: &MarkRead) -> Result<Place, Refused> {
    let room = Room::of(tx, deed, body.conversation)?;
    let party = deed.actor.party();
    let (key, side) = (key(body.conversation), Value::word(&party)?);
    let through = body.through.min(count(tx, &key)?);
    let row = tx.first(
        "INSERT INTO read_marks (conversation, party, through) VALUES ($1, $2, $3)
         ON CONFLICT (conversation, party) DO UPDATE SET through =
             CASE WHEN excluded.through > read_marks.through THEN excluded.through ELSE read_marks.through END
         RETURNING through",
        params![&key, side, through],
    )?;
    let word = if party == Party::Resident { "resident" } else { "staff" };
    let mark = ReadMark {
        id: stable_id(&["read_mark", &key, word]),
        conversation: body.conversation,
        party,
        through: row.ok_or(StoreError::Column(0))?.get(0)?,
    };
    let doer = Doer { by: party, who: String::new(), operation: Some(deed.operation.id) };
    Ok(tell(tx, Some(room.resident), room.staff, &doer, Entity::ReadMark(mark)))
}

/// A conversation with both of its sides.
struct Room {
    resident: UserId,
    staff: Scope,
    ticket: Option<StoredTicket>,
}

impl Room {
    /// The conversation, when the actor may write there. A ticket whose resident is unknown has none: nobody would read it.
    fn of(tx: &mut Tx<'_>, deed: &Deed<'_>, conversation: Conversation) -> Result<Self, Refused> {
        let room = match conversation {
            Conversation::Ticket(ticket) => {
                let stored = tickets::load(tx, ticket)?.ok_or(Rejection::NotYours)?;
                match stored.desk.resident {
                    Some(resident) => Self { resident, staff: Scope::Desk, ticket: Some(stored) },
                    None if deed.actor.staff(Role::Dispatcher).is_ok() => return Err(invalid("conversation")),
                    None => return Err(Rejection::NotYours.into()),
                }
            }
            Conversation::Support(resident) => Self { resident, staff: Scope::SupportDesk, ticket: None },
        };
        match deed.actor {
            Actor::Resident(user) if *user == room.resident => Ok(room),
            Actor::Resident(_) => Err(Rejection::NotYours.into()),
            Actor::Staff(_) if room.ticket.is_some() => deed.actor.staff(Role::Dispatcher).map(|_| room),
            Actor::Staff(_) => {
                deed.actor.staff(Role::Support)?;
                let known =
                    people::profile(tx, room.resident)?.is_some() && staff::at_work(tx, room.resident)?.is_none();
                if known { Ok(room) } else { Err(Rejection::NotYours.into()) }
            }
        }
    }
}

/// Takes the next number, and notes since when the resident waits.
fn next_number(tx: &mut Tx<'_>, conversation: Conversation, from: Party) -> Result<i64, StoreError> {
    let waiting_since_ms = (from == Party::Resident).then(|| tx.now_ms());
    let row = tx.first(
        "INSERT INTO conversations (conversation, messages, waiting_since_ms) VALUES ($1, 1, $2)
         ON CONFLICT (conversation) DO UPDATE SET messages = conversations.messages + 1, waiting_since_ms =
             CASE WHEN excluded.waiting_since_ms IS NULL THEN NULL
                  ELSE COALESCE(conversations.waiting_since_ms, excluded.waiting_since_ms) END
         RETURNING messages",
        params![key(conversation), Value::from(waiting_since_ms)],
    )?;
    row.ok_or(StoreError::Column(0))?.get(0)
}

/// Shows the support how a person's conversation stands, under the name that they have now. Nothing without a message.
pub fn publish_talk(tx: &mut Tx<'_>, resident: UserId) -> Result<(), StoreError> {
    let row = tx.first(
        "SELECT conversations.messages, conversations.waiting_since_ms, messages.received_ms FROM conversations
         JOIN messages ON messages.conversation = conversations.conversation
             AND messages.number = conversations.messages
         WHERE conversations.conversation = $1",
        params![key(Conversation::Support(resident))],
    )?;
    let (Some(row), Some(profile)) = (row, people::profile(tx, resident)?) else { return Ok(()) };
    let talk = SupportTalk {
        resident,
        name: profile.name,
        phone: profile.phone,
        messages: row.get(0)?,
        last_ms: row.get(2)?,
        waiting_since_ms: row.get(1)?,
    };
    tx.emit(Scope::SupportDesk, None, Change::Put { entity: Entity::SupportTalk(talk) });
    Ok(())
}

fn count(tx: &mut Tx<'_>, key: &str) -> Result<i64, StoreError> {
    let row = tx.first("SELECT messages FROM conversations WHERE conversation = $1", params![key])?;
    row.map_or(Ok(0), |row| row.get(0))
}

/// Under which name a conversation stands in the tables.
fn key(conversation: Conversation) -> String {
    match conversation {
        Conversation::Ticket(ticket) => format!("ticket:{ticket}"),
        Conversation::Support(user) => format!("support:{user}"),
    }
}
