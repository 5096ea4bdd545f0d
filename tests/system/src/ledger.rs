//! What the server holds, read from its database by a process that is not the server.

use crate::books::{Books, Row};
use anyhow::Context;
use serde::{Deserialize, Serialize};

/// All that the main job leaves on the server.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Held {
    /// The fate of every operation.
    pub ledger: Vec<Fate>,
    /// Every reading that a resident's program sent.
    pub readings: Vec<HeldReading>,
    /// Every ticket.
    pub tickets: Vec<HeldTicket>,
    /// Every payment, in the order of their numbers.
    pub payments: Vec<HeldPayment>,
}

/// A payment with what it brought to accounts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldPayment {
    /// Its number at the bank.
    pub number: String,
    /// `awaiting`, `credited` …
    pub status: String,
    /// Kopecks, without the commission.
    pub sum: i64,
    /// Kopecks.
    pub commission: i64,
    /// Every credit, kopecks; refunds are negative.
    pub credits: Vec<i64>,
    /// How many times the bank called to tell that the money was taken.
    pub calls: usize,
}

/// A ticket with its conversation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HeldTicket {
    /// The ticket.
    pub id: String,
    /// Its number in its year.
    pub number: i64,
    /// `new`, `accepted` …
    pub status: String,
    /// One to five.
    pub rating: Option<i64>,
    /// The words of the description.
    pub description: String,
    /// How many files go with the description.
    pub files: usize,
    /// The messages in their order.
    pub messages: Vec<HeldMessage>,
}

/// A message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HeldMessage {
    /// Its place, from 1.
    pub number: i64,
    /// `resident` or `staff`.
    pub party: String,
    /// The words.
    pub text: String,
    /// How many files go with it.
    pub files: usize,
}

/// A row of the ledger.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fate {
    /// The operation.
    pub id: String,
    /// `applied`, `rejected` or `withdrawn`.
    pub outcome: String,
    /// Where it stands in the feed.
    pub position: Option<i64>,
    /// When it was decided.
    pub decided_ms: i64,
}

/// A row of the readings.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HeldReading {
    /// The reading.
    pub id: String,
    /// The meter's factory number.
    pub serial: String,
    /// The account's number.
    pub account: String,
    /// The month.
    pub period: String,
    /// Values in steps of 1/10000 of the unit.
    pub steps: Vec<i64>,
    /// When it was entered, as the server believes.
    pub captured_ms: i64,
    /// Whether that is sure.
    pub captured_sure: bool,
    /// When it arrived.
    pub received_ms: i64,
    /// What became of it.
    pub verdict: String,
    /// Whether it counts in its month.
    pub current: bool,
    /// The operation that brought it.
    pub operation: String,
}

/// Reads the database without touching it.
pub fn read(books: impl Into<Books>) -> anyhow::Result<Held> {
    let books = books.into();
    let ledger = books.rows("SELECT id, outcome, position, decided_ms FROM ledger ORDER BY position, id")?;
    let readings = books.rows(
        "SELECT r.id, m.serial, a.number, r.period, r.steps, r.captured_ms, r.captured_sure, r.received_ms, \
                r.verdict, r.is_current, r.operation \
         FROM readings r JOIN meters m ON m.id = r.meter_id JOIN accounts a ON a.id = r.account_id \
         WHERE r.operation IS NOT NULL ORDER BY r.received_ms, r.id",
    )?;
    let tickets = books.rows("SELECT id, number, status, state FROM tickets ORDER BY year, number")?;
    let messages = books
        .rows("SELECT conversation, number, party, text, attachments FROM messages ORDER BY conversation, number")?;
    let payments = books.rows("SELECT number, status, sum, commission, id FROM payments ORDER BY number")?;
    let credits = books.rows(
        "SELECT p.payment_id, c.sum FROM credits c JOIN payment_parts p ON p.id = c.part_id ORDER BY c.at_ms, c.id",
    )?;
    let calls = books.rows("SELECT payment_id FROM payment_events WHERE what = 'called' AND detail = 'deposited 1'")?;
    Ok(Held {
        payments: payments.iter().map(|row| payment(row, &credits, &calls)).collect::<anyhow::Result<_>>()?,
        tickets: tickets.iter().map(|row| ticket(row, &messages)).collect::<anyhow::Result<_>>()?,
        ledger: ledger.iter().map(fate).collect::<anyhow::Result<_>>()?,
        readings: readings.iter().map(reading).collect::<anyhow::Result<_>>()?,
    })
}

impl Held {
    /// Fails unless every operation took effect at most once, and these values of one meter are there exactly once
    /// and count. Gives that reading.
    pub fn exactly_once(&self, serial: &str, steps: &[i64]) -> anyhow::Result<&HeldReading> {
        for reading in &self.readings {
            let operation = &reading.operation;
            let doubles = self.readings.iter().filter(|other| &other.operation == operation).count();
            anyhow::ensure!(doubles == 1, "not exactly once: operation {operation} took effect {doubles} times");
            let applied = self.ledger.iter().any(|fate| &fate.id == operation && fate.outcome == "applied");
            anyhow::ensure!(
                applied,
                "not exactly once: operation {operation} took effect, but was decided otherwise too"
            );
        }
        let mut found = self.readings.iter().filter(|reading| reading.serial == serial && reading.steps == steps);
        let only = found.next().with_context(|| format!("not once: no reading {steps:?} of meter {serial}"))?;
        let more = found.count();
        anyhow::ensure!(
            more == 0,
            "not exactly once: the reading {steps:?} of meter {serial} is there {} times",
            more + 1
        );
        anyhow::ensure!(only.current, "the reading does not count in its month");
        Ok(only)
    }
}

fn ticket(row: &Row, messages: &[Row]) -> anyhow::Result<HeldTicket> {
    let id = row.text(0)?;
    let conversation = format!("ticket:{id}");
    let of_it = messages.iter().filter(|message| message.maybe(0) == Some(&conversation));
    let message = |message: &Row| {
        Ok(HeldMessage {
            number: message.number(1)?,
            party: message.text(2)?,
            text: message.text(3)?,
            files: count(&message.text(4)?)?,
        })
    };
    let state: serde_json::Value = serde_json::from_str(&row.text(3)?)?;
    Ok(HeldTicket {
        number: row.number(1)?,
        status: row.text(2)?,
        rating: state["rating"].as_i64(),
        description: state["description"].as_str().unwrap_or_default().to_owned(),
        files: state["attachments"].as_array().map_or(0, Vec::len),
        messages: of_it.map(message).collect::<anyhow::Result<_>>()?,
        id,
    })
}

fn payment(row: &Row, credits: &[Row], calls: &[Row]) -> anyhow::Result<HeldPayment> {
    let id = row.text(4)?;
    let its = |other: &&Row| other.maybe(0) == Some(&id);
    Ok(HeldPayment {
        number: row.text(0)?,
        status: row.text(1)?,
        sum: row.number(2)?,
        commission: row.number(3)?,
        credits: credits.iter().filter(its).map(|credit| credit.number(1)).collect::<anyhow::Result<_>>()?,
        calls: calls.iter().filter(its).count(),
    })
}

/// How many things a JSON list has.
fn count(list: &str) -> anyhow::Result<usize> {
    Ok(serde_json::from_str::<Vec<serde_json::Value>>(list)?.len())
}

fn fate(row: &Row) -> anyhow::Result<Fate> {
    let position = row.maybe(2).map(str::parse).transpose()?;
    Ok(Fate { id: row.text(0)?, outcome: row.text(1)?, position, decided_ms: row.number(3)? })
}

fn reading(row: &Row) -> anyhow::Result<HeldReading> {
    Ok(HeldReading {
        id: row.text(0)?,
        serial: row.text(1)?,
        account: row.text(2)?,
        period: row.text(3)?,
        steps: serde_json::from_str(&row.text(4)?)?,
        captured_ms: row.number(5)?,
        captured_sure: row.holds(6),
        received_ms: row.number(7)?,
        verdict: row.text(8)?,
        current: row.holds(9),
        operation: row.text(10)?,
    })
}
