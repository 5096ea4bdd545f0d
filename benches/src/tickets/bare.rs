//! The same rows in the same kind of encrypted file, and the bare statement that finds them: the limit of what could be.

use crate::engine::bare_file;
use domain::TicketId;
use rusqlite::{Connection, params};
use std::path::Path;
use std::time::Instant;
use uuid::Uuid;
use wire::desk::DeskTicket;
use wire::entity::Entity;
use wire::ticket::Message;

const INSERT: &str = "INSERT INTO entity (kind, id, parent, scope, version, json, place, words)
     VALUES (?1, ?2, ?3, 'user', ?4, ?5, ?6, ?7)";

/// The messages of a conversation.
pub fn messages(path: &Path, messages: impl Iterator<Item = Message>) -> anyhow::Result<()> {
    let file = bare_file::whole_cache(path)?;
    file.execute_batch("BEGIN")?;
    for message in messages {
        let (id, parent, number) = (message.id.uuid(), message.conversation.id(), message.number);
        let words = message.text.as_str().to_lowercase();
        let json = serde_json::to_string(&Entity::Message(message))?;
        file.prepare_cached(INSERT)?.execute(params![
            "message",
            id.into_bytes(),
            parent.into_bytes(),
            number,
            json,
            number,
            words
        ])?;
    }
    Ok(file.execute_batch("COMMIT")?)
}

/// Rows of the desk, as the mirror has them.
pub fn insert_tickets(file: &Connection, tickets: &[(i64, Entity)]) -> anyhow::Result<()> {
    file.execute_batch("BEGIN")?;
    for (version, entity) in tickets {
        let json = serde_json::to_string(entity)?;
        let parent = entity.parent().map(Uuid::into_bytes);
        let row = params![entity.kind(), entity.id().into_bytes(), parent, version, json, None::<i64>, None::<String>];
        file.prepare_cached(INSERT)?.execute(row)?;
    }
    Ok(file.execute_batch("COMMIT")?)
}

/// Milliseconds until the messages at these places are there.
pub fn select(file: &Connection, ticket: TicketId, from: i64, count: i64) -> anyhow::Result<f64> {
    let began = Instant::now();
    let sql = "SELECT version, json FROM entity WHERE kind = 'message' AND parent = ?1 AND place BETWEEN ?2 AND ?3
         ORDER BY place";
    let mut select = file.prepare_cached(sql)?;
    let rows = select.query_map(params![ticket.uuid().into_bytes(), from + 1, from + count], |row| {
        Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?))
    })?;
    let found = rows.collect::<Result<Vec<_>, _>>()?;
    let took = began.elapsed().as_secs_f64() * 1e3;
    anyhow::ensure!(found.len() as i64 == count, "{} of {count} rows", found.len());
    Ok(took)
}

/// Milliseconds until it is known where words stand.
pub fn find(file: &Connection, ticket: TicketId, words: &str) -> anyhow::Result<f64> {
    let began = Instant::now();
    let sql = "SELECT place FROM entity WHERE kind = 'message' AND parent = ?1 AND place IS NOT NULL
         AND instr(words, ?2) > 0 ORDER BY place";
    let mut select = file.prepare_cached(sql)?;
    let rows = select.query_map(params![ticket.uuid().into_bytes(), words], |row| row.get::<_, i64>(0))?;
    let found = rows.collect::<Result<Vec<_>, _>>()?;
    anyhow::ensure!(!found.is_empty(), "«{words}» stands nowhere");
    Ok(began.elapsed().as_secs_f64() * 1e3)
}

/// Milliseconds until all tickets are read.
pub fn read_all(file: &Connection) -> anyhow::Result<f64> {
    let began = Instant::now();
    let mut select = file.prepare("SELECT version, json FROM entity WHERE kind = 'desk_ticket'")?;
    let rows = select.query_map([], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?)))?;
    let read = rows.collect::<Result<Vec<_>, _>>()?;
    anyhow::ensure!(!read.is_empty(), "no rows");
    Ok(began.elapsed().as_secs_f64() * 1e3)
}

/// A table such as one would filter and search at first: a column for each thing that is asked for.
pub fn list(path: &Path, tickets: impl Iterator<Item = DeskTicket>) -> anyhow::Result<Connection> {
    let file = bare_file::cache(path)?;
    file.execute_batch(
        "CREATE TABLE list (id BLOB PRIMARY KEY, open INTEGER, emergency INTEGER, due INTEGER, registered INTEGER,
             department BLOB, words TEXT, json TEXT) STRICT;
         CREATE INDEX list_open ON list (open, emergency, due); CREATE INDEX list_new ON list (registered);
         BEGIN",
    )?;
    for desk in tickets {
        let ticket = &desk.ticket;
        let words = [&ticket.number.to_string(), &ticket.address, &desk.applicant_name, ticket.description.as_str()];
        file.prepare_cached("INSERT INTO list VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")?.execute(params![
            ticket.id.uuid().into_bytes(),
            ticket.status.is_open(),
            ticket.emergency,
            ticket.deadlines.first().map(|deadline| deadline.due_ms),
            ticket.registered_ms,
            desk.department.map(|department| department.uuid().into_bytes()),
            words.join("\n").to_lowercase(),
            serde_json::to_string(&desk)?,
        ])?;
    }
    file.execute_batch("COMMIT")?;
    Ok(file)
}

/// Milliseconds for the first page of what is open, the urgent first, and how many there are.
pub fn filter(file: &Connection, department: Uuid) -> anyhow::Result<f64> {
    let of = department.into_bytes();
    page(
        file,
        "SELECT json FROM list WHERE open AND department = ?1 ORDER BY emergency DESC, due LIMIT 50",
        "SELECT count(*) FROM list WHERE open AND department = ?1",
        &of,
    )
}

/// Milliseconds for the first page of what has these words, the newest first, and how many there are.
pub fn search(file: &Connection, words: &str) -> anyhow::Result<f64> {
    page(
        file,
        "SELECT json FROM list WHERE instr(words, ?1) ORDER BY registered DESC LIMIT 50",
        "SELECT count(*) FROM list WHERE instr(words, ?1)",
        &words,
    )
}

fn page(file: &Connection, rows: &str, total: &str, of: &dyn rusqlite::ToSql) -> anyhow::Result<f64> {
    let began = Instant::now();
    let mut select = file.prepare_cached(rows)?;
    let found = select.query_map([of], |row| row.get::<_, String>(0))?.collect::<Result<Vec<_>, _>>()?;
    let total: i64 = file.prepare_cached(total)?.query_row([of], |row| row.get(0))?;
    anyhow::ensure!(total >= found.len() as i64 && total > 0, "nothing found");
    Ok(began.elapsed().as_secs_f64() * 1e3)
}
