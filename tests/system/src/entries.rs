//! What was entered, and what of it must and may be on the server.

use crate::books::Books;
use anyhow::Context;
use std::collections::{BTreeMap, BTreeSet};

/// What an entry does to its meter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Submits a reading.
    Reading,
    /// Renames it.
    Name,
}

/// What a person entered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entered {
    /// On which computer.
    pub device: usize,
    /// For which meter, by id.
    pub meter: String,
    /// What.
    pub kind: Kind,
    /// The value with a point, or the name.
    pub text: String,
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
    what: Entered,
    due: Due,
    /// Its place in the order of entry: that of the entry whose place it took. `None` when that is not known.
    place: Option<usize>,
}

/// Everything that was entered and is durable, in the order of entry.
#[derive(Debug, Default)]
pub struct Entries(Vec<Entry>);

/// What the server holds of operations.
struct Server {
    /// Outcome and position.
    ledger: BTreeMap<String, (String, Option<i64>)>,
    /// By operation: meter, values in steps.
    readings: BTreeMap<String, Vec<(String, String)>>,
    /// How many rows an operation made.
    feed: BTreeMap<String, usize>,
    current: BTreeMap<String, String>,
    names: BTreeMap<String, String>,
}

impl Entries {
    /// An entry that is durable. `replaced` is what the program said, if it lived to say it.
    pub fn add(&mut self, operation: &str, what: Entered, replaced: Option<bool>) {
        let same = |other: &Entered| (other.device, &other.meter, other.kind) == (what.device, &what.meter, what.kind);
        let mut place = Some(self.0.len());
        if let Some(before) = self.0.iter_mut().rev().find(|entry| same(&entry.what)) {
            match replaced {
                Some(true) => (before.due, place) = (Due::NotThere, before.place),
                None if before.due == Due::There => (before.due, place) = (Due::Perhaps, None),
                _ => {}
            }
        }
        self.0.push(Entry { operation: operation.to_owned(), what, due: Due::There, place });
    }

    /// Whether this operation is in the list.
    pub fn knows(&self, operation: &str) -> bool {
        self.0.iter().any(|entry| entry.operation == operation)
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// Compares with the server's database.
    pub fn compare(&self, books: impl Into<Books>) -> anyhow::Result<()> {
        let server = Server::read(&books.into())?;
        for entry in &self.0 {
            let effects = match entry.what.kind {
                Kind::Reading => server.readings.get(&entry.operation).map_or(0, Vec::len),
                Kind::Name => server.feed.get(&entry.operation).copied().unwrap_or(0),
            };
            let outcome = server.ledger.get(&entry.operation).map(|(outcome, _)| outcome.as_str());
            let good = match (entry.due, outcome) {
                (Due::There, Some("applied")) | (Due::Perhaps, Some("applied")) => effects == 1,
                (Due::NotThere | Due::Perhaps, None) => effects == 0,
                _ => false,
            };
            anyhow::ensure!(good, "{entry:?} is in the ledger as {outcome:?} and took effect {effects} times");
            if let Some(effect) = server.readings.get(&entry.operation).and_then(|effects| effects.first()) {
                let wanted = (entry.what.meter.clone(), format!("[{}]", steps(&entry.what.text)?));
                anyhow::ensure!(*effect == wanted, "{entry:?} took effect as {effect:?}");
            }
        }
        let known: BTreeSet<&String> = self.0.iter().map(|entry| &entry.operation).collect();
        let strangers: Vec<_> = server.ledger.keys().filter(|operation| !known.contains(operation)).collect();
        anyhow::ensure!(strangers.is_empty(), "nobody entered {strangers:?}");
        self.in_order(&server)?;
        self.last_counts(&server)
    }

    /// Inside a lane operations took effect in the order of entry.
    fn in_order(&self, server: &Server) -> anyhow::Result<()> {
        let mut last: BTreeMap<(usize, &String), (i64, &Entry)> = BTreeMap::new();
        let mut in_order: Vec<&Entry> = self.0.iter().filter(|entry| entry.place.is_some()).collect();
        in_order.sort_by_key(|entry| entry.place);
        for entry in in_order {
            let Some((_, position)) = server.ledger.get(&entry.operation) else { continue };
            let position = position.with_context(|| format!("{entry:?} has no place in the feed"))?;
            let before = last.insert((entry.what.device, &entry.what.meter), (position, entry));
            let overtaken = before.filter(|(before, _)| *before >= position);
            anyhow::ensure!(overtaken.is_none(), "{entry:?} at {position} overtook {overtaken:?}");
        }
        Ok(())
    }

    /// What was entered last about a meter is what counts.
    fn last_counts(&self, server: &Server) -> anyhow::Result<()> {
        let last: BTreeMap<_, _> = self.0.iter().map(|entry| ((&entry.what.meter, entry.what.kind), entry)).collect();
        for ((meter, kind), entry) in last {
            let (held, wanted) = match kind {
                Kind::Reading => (server.current.get(meter), format!("[{}]", steps(&entry.what.text)?)),
                Kind::Name => (server.names.get(meter), entry.what.text.clone()),
            };
            anyhow::ensure!(held == Some(&wanted), "last entered was {entry:?}, the server counts {held:?}");
        }
        Ok(())
    }

    /// The text that was entered last for a meter.
    pub fn last(&self, meter: &str, kind: Kind) -> Option<&str> {
        let entry = self.0.iter().rev().find(|entry| entry.what.meter == meter && entry.what.kind == kind)?;
        Some(&entry.what.text)
    }
}

impl Server {
    fn read(books: &Books) -> anyhow::Result<Self> {
        let ledger = books.rows("SELECT id, outcome, position FROM ledger")?;
        let readings = books.rows(
            "SELECT operation, meter_id, steps, is_current FROM readings WHERE operation IS NOT NULL ORDER BY received_ms",
        )?;
        let feed = books.rows("SELECT operation FROM feed WHERE operation IS NOT NULL")?;
        let names = books.rows("SELECT id, own_name FROM meters WHERE own_name IS NOT NULL")?;
        let mut server = Self {
            ledger: BTreeMap::new(),
            readings: BTreeMap::new(),
            feed: BTreeMap::new(),
            current: BTreeMap::new(),
            names: BTreeMap::new(),
        };
        for row in ledger {
            let position = row.maybe(2).map(str::parse).transpose()?;
            server.ledger.insert(row.text(0)?, (row.text(1)?, position));
        }
        for row in readings {
            let (meter, steps) = (row.text(1)?, row.text(2)?);
            if row.holds(3) {
                server.current.insert(meter.clone(), steps.clone());
            }
            server.readings.entry(row.text(0)?).or_default().push((meter, steps));
        }
        for row in feed {
            *server.feed.entry(row.text(0)?).or_default() += 1;
        }
        for row in names {
            server.names.insert(row.text(0)?, row.text(1)?);
        }
        Ok(server)
    }
}

/// `460.118` in steps of 1/10000.
pub fn steps(text: &str) -> anyhow::Result<i64> {
    let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
    Ok(whole.parse::<i64>()? * 10_000 + format!("{rest:0<4}").parse::<i64>()?)
}
