//! What was entered, and what of it must and may be on the server.

use rusqlite::{Connection, OpenFlags};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// What an entry does to its meter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Reading,
    Name,
}

/// What must have become of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Due {
    /// On the server, once.
    There,
    /// A later one took its place before it left.
    NotThere,
    /// The program was killed while a later one was entered: that one may have taken its place.
    Perhaps,
}

#[derive(Debug, Clone)]
struct Entry {
    operation: String,
    meter: String,
    kind: Kind,
    text: String,
    due: Due,
}

/// Everything that was entered and is durable, in the order of entry.
#[derive(Debug, Default)]
pub struct Entries(Vec<Entry>);

/// What the server holds of operations.
struct Server {
    ledger: BTreeMap<String, String>,
    /// Operation, meter, value in steps.
    readings: Vec<(String, String, String)>,
    feed: Vec<String>,
    current: BTreeMap<String, String>,
    names: BTreeMap<String, String>,
}

impl Entries {
    /// An entry that is durable. `replaced` is what the program said, if it lived to say it.
    pub fn add(&mut self, operation: &str, meter: &str, kind: Kind, text: &str, replaced: Option<bool>) {
        if let Some(before) = self.0.iter_mut().rev().find(|entry| entry.meter == meter && entry.kind == kind) {
            match replaced {
                Some(true) => before.due = Due::NotThere,
                None if before.due == Due::There => before.due = Due::Perhaps,
                _ => {}
            }
        }
        let (operation, meter, text) = (operation.to_owned(), meter.to_owned(), text.to_owned());
        self.0.push(Entry { operation, meter, kind, text, due: Due::There });
    }

    pub fn knows(&self, operation: &str) -> bool {
        self.0.iter().any(|entry| entry.operation == operation)
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Compares with the server's database.
    pub fn compare(&self, database: &Path) -> anyhow::Result<()> {
        let server = Server::read(database)?;
        for entry in &self.0 {
            let effects = match entry.kind {
                Kind::Reading => server.readings.iter().filter(|(operation, _, _)| operation == &entry.operation).count(),
                Kind::Name => server.feed.iter().filter(|operation| *operation == &entry.operation).count(),
            };
            let outcome = server.ledger.get(&entry.operation).map(String::as_str);
            let good = match (entry.due, outcome) {
                (Due::There, Some("applied")) | (Due::Perhaps, Some("applied")) => effects == 1,
                (Due::NotThere | Due::Perhaps, None) => effects == 0,
                _ => false,
            };
            anyhow::ensure!(good, "{entry:?} is in the ledger as {outcome:?} and took effect {effects} times");
        }
        let known: BTreeSet<&String> = self.0.iter().map(|entry| &entry.operation).collect();
        let strangers: Vec<_> = server.ledger.keys().filter(|operation| !known.contains(operation)).collect();
        anyhow::ensure!(strangers.is_empty(), "nobody entered {strangers:?}");
        self.last_counts(&server)
    }

    /// What was entered last about a meter is what counts.
    fn last_counts(&self, server: &Server) -> anyhow::Result<()> {
        let last: BTreeMap<_, _> = self.0.iter().map(|entry| ((&entry.meter, entry.kind), entry)).collect();
        for ((meter, kind), entry) in last {
            let (held, wanted) = match kind {
                Kind::Reading => (server.current.get(meter), format!("[{}]", steps(&entry.text)?)),
                Kind::Name => (server.names.get(meter), entry.text.clone()),
            };
            anyhow::ensure!(held == Some(&wanted), "last entered was {entry:?}, the server counts {held:?}");
        }
        Ok(())
    }
}

impl Server {
    fn read(database: &Path) -> anyhow::Result<Self> {
        let db = Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        let pair = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
        let mut ledger = db.prepare("SELECT id, outcome FROM ledger")?;
        let mut readings = db.prepare("SELECT operation, meter_id, steps FROM readings WHERE operation IS NOT NULL")?;
        let mut feed = db.prepare("SELECT operation FROM feed WHERE operation IS NOT NULL")?;
        let mut current = db.prepare(
            "SELECT meter_id, steps FROM readings WHERE is_current = 1 AND operation IS NOT NULL ORDER BY received_ms",
        )?;
        let mut names = db.prepare("SELECT id, own_name FROM meters WHERE own_name IS NOT NULL")?;
        Ok(Self {
            ledger: ledger.query_map([], pair)?.collect::<Result<_, _>>()?,
            readings: readings
                .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
                .collect::<Result<_, _>>()?,
            feed: feed.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?,
            current: current.query_map([], pair)?.collect::<Result<_, _>>()?,
            names: names.query_map([], pair)?.collect::<Result<_, _>>()?,
        })
    }
}

/// `460.118` in steps of 1/10000.
pub fn steps(text: &str) -> anyhow::Result<i64> {
    let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
    Ok(whole.parse::<i64>()? * 10_000 + format!("{rest:0<4}").parse::<i64>()?)
}
