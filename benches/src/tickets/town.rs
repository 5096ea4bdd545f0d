//! The town with its tickets: put straight into the feed of a real server, as if all of it had happened.

use super::written;
use crate::resident::PASSWORD;
use crate::server::town::Town;
use crate::stage::Stage;
use anyhow::Context;
use domain::ticket::{Party, Status};
use domain::{PersonName, TicketId, UserId};
use server::params;
use server::staff::{self, Newcomer};
use server::storage::{Sql, StoreError, Value};
use uuid::Uuid;
use wire::desk::DeskTicket;
use wire::entity::Entity;
use wire::feed::{Change, Scope};
use wire::ticket::{Conversation, ReadMark};

/// What the dispatcher signs in with.
pub const LOGIN: &str = "ilina";
/// So many rows are written together.
const TOGETHER: usize = 5_000;
/// Tickets of the resident beside the long conversation.
const OTHERS: usize = 30;

/// A town with one resident and one dispatcher, who may sign in.
pub fn staffed(stage: &Stage) -> anyhow::Result<Town> {
    let town = Town::build(stage, 1, 4, "")?;
    let running = town.running.as_ref().context("it runs")?;
    let user = town.people[0].user;
    let hash = running.app().passwords.hash_here(PASSWORD).map_err(|_| anyhow::anyhow!("no hash"))?;
    let name = PersonName::parse("Ильина Анна Сергеевна")?;
    let newcomer = Newcomer {
        login: LOGIN.to_owned(),
        name,
        post: "Диспетчер".to_owned(),
        department: None,
        roles: "dispatcher".to_owned(),
        password: hash.clone(),
    };
    let hired = running.app().store.write(move |tx| {
        tx.execute("UPDATE users SET password = $2 WHERE id = $1", params![user, hash])?;
        staff::add(tx, &newcomer)
    });
    stage.runtime.block_on(hired)?;
    Ok(town)
}

/// Puts entities into the feed.
pub fn tell(stage: &Stage, town: &Town, scope: Scope, entities: impl Iterator<Item = Entity>) -> anyhow::Result<()> {
    let running = town.running.as_ref().context("it runs")?;
    let mut entities = entities.peekable();
    while entities.peek().is_some() {
        let some: Vec<Entity> = entities.by_ref().take(TOGETHER).collect();
        let told = running.app().store.write(move |tx| {
            for entity in some {
                tx.emit(scope, None, Change::Put { entity });
            }
            Ok::<_, StoreError>(())
        });
        stage.runtime.block_on(told)?;
    }
    Ok(())
}

/// The resident's tickets; the newest has a conversation of so many messages, all of them read.
pub fn with_conversation(stage: &Stage, town: &Town, messages: usize) -> anyhow::Result<TicketId> {
    let person = town.people[0].clone();
    let own = |number| {
        let mut desk = written::ticket(number, OTHERS, Some(person.account));
        if number == OTHERS {
            desk.ticket.status = Status::InProgress;
        }
        DeskTicket { resident: Some(person.user), ..desk }
    };
    let long = own(OTHERS);
    let ticket = long.ticket.id;
    register(stage, town, person.user, long)?;
    let tickets = (0..=OTHERS).map(|number| Entity::Ticket(Box::new(own(number).ticket)));
    let talk = (0..messages).map(|place| Entity::Message(written::message(ticket, place, messages)));
    let read = [Party::Resident, Party::Staff].into_iter().map(|party| {
        let id = Uuid::from_u128(0x81 << 96 | u128::from(party == Party::Staff));
        Entity::ReadMark(ReadMark { id, conversation: Conversation::Ticket(ticket), party, through: messages as i64 })
    });
    tell(stage, town, Scope::User(person.user), tickets.chain(talk).chain(read))?;
    let running = town.running.as_ref().context("it runs")?;
    let counted = running.app().store.write(move |tx| {
        tx.execute(
            "INSERT INTO conversations (conversation, messages) VALUES ($1, $2)",
            params![format!("ticket:{ticket}"), messages as i64],
        )
    });
    stage.runtime.block_on(counted)?;
    Ok(ticket)
}

/// A ticket to which the server takes messages: it stands in the server's own table.
fn register(stage: &Stage, town: &Town, user: UserId, desk: DeskTicket) -> anyhow::Result<()> {
    let running = town.running.as_ref().context("it runs")?;
    let registered = running.app().store.write(move |tx| {
        let number = desk.ticket.number;
        tx.execute(
            "INSERT INTO tickets (id, year, number, user_id, status, state) VALUES ($1, $2, $3, $4, $5, $6)",
            params![
                desk.ticket.id,
                i64::from(number.year),
                i64::from(number.number),
                user,
                Value::word(&desk.ticket.status)?,
                Value::json(&desk)?,
            ],
        )
    });
    stage.runtime.block_on(registered)?;
    Ok(())
}

/// Tickets of everybody.
pub fn with_tickets(stage: &Stage, town: &Town, tickets: usize) -> anyhow::Result<()> {
    let all = (1..=tickets).map(|number| Entity::DeskTicket(Box::new(written::ticket(number, tickets, None))));
    tell(stage, town, Scope::Desk, all)
}
