//! Import: a file is read, compared with what the server holds, and applied whole or not at all.

mod bills;
mod charges;
mod meters;
mod readings;

pub use bills::{BillOrder, import_bills};

use super::profile::Profile;
use super::protocol::{Outcome, Protocol};
use super::row::{Broken, ChargeRow, MeterRow, Parsed, Rejected};
use super::{Format, p1, p2, p4, r1, r3};
use crate::access_log::{self, Deed};
use crate::params;
use crate::storage::{Sql, Store, StoreError, Tx, Undo};
use chrono::NaiveDate;
use chrono_tz::Tz;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeSet;
use uuid::Uuid;

/// A file to import.
#[derive(Debug, Clone)]
pub struct Order {
    /// What it claims to be.
    pub format: Format,
    /// Its name without the folder.
    pub file: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Apply the good rows although others were rejected.
    pub accept_partial: bool,
    /// The day of the import: nothing may be dated after it.
    pub today: NaiveDate,
    /// The utility's zone: registries know days, the server moments.
    pub zone: Tz,
}

/// What one format carries.
enum Content {
    Charges(Parsed<ChargeRow>),
    Meters(Parsed<MeterRow>),
}

/// What the rows of a file come to, before anything is written.
struct Findings {
    lines: usize,
    /// Accounts or meters that can be applied.
    usable: usize,
    encoding: Option<&'static str>,
    accepted: Vec<(&'static str, String)>,
    rejected: Vec<Rejected>,
    unknown_accounts: BTreeSet<String>,
    totals: Vec<String>,
}

/// Why an import leaves no trace.
enum Stopped {
    /// The database fails.
    Store(StoreError),
    /// The protocol says why.
    Undone(Box<Protocol>),
}

impl From<StoreError> for Stopped {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl Undo for Stopped {}

/// Imports a file. Must not be called on an async thread.
pub fn import(store: &Store, order: Order) -> Result<Protocol, StoreError> {
    run(store, order, None, false)
}

/// Imports a file and undoes it: the protocol of what would be. Must not be called on an async thread.
pub fn try_import(store: &Store, order: Order) -> Result<Protocol, StoreError> {
    run(store, order, None, true)
}

/// Imports a file as the utility describes it, or only tries. Must not be called on an async thread.
pub fn import_described(store: &Store, order: Order, profile: &Profile, dry_run: bool) -> Result<Protocol, StoreError> {
    run(store, order, Some(profile), dry_run)
}

fn run(store: &Store, order: Order, profile: Option<&Profile>, dry_run: bool) -> Result<Protocol, StoreError> {
    let sha256 = hex::encode(Sha256::digest(&order.bytes));
    let blank = Protocol { sha256, ..Protocol::blank(&order.file, order.format) };
    let content = match parse(&order, profile) {
        Ok(content) => content,
        Err(broken) => return Ok(Protocol { outcome: Outcome::Broken(broken), ..blank }),
    };
    let done = store.write_blocking(move |tx| {
        let protocol = decide(tx, &order, content, blank)?;
        if dry_run { Err(Stopped::Undone(Box::new(protocol.tried()))) } else { Ok(protocol) }
    });
    match done {
        Ok(done) => Ok(done.value),
        Err(Stopped::Undone(protocol)) => Ok(*protocol),
        Err(Stopped::Store(error)) => Err(error),
    }
}

/// The protocol of a file that was loaded before.
fn already(sql: &mut dyn Sql, blank: &Protocol, zone: Tz) -> Result<Option<Protocol>, StoreError> {
    let Some(row) = sql.first("SELECT loaded_ms FROM imports WHERE sha256 = $1", params![&blank.sha256])? else {
        return Ok(None);
    };
    let at = chrono::DateTime::from_timestamp_millis(row.get(0)?).unwrap_or_default().with_timezone(&zone);
    let at = at.format("%d.%m.%Y в %H:%M").to_string();
    Ok(Some(Protocol { outcome: Outcome::AlreadyLoaded { at }, ..blank.clone() }))
}

/// Remembers what was imported.
fn note_import(tx: &mut Tx<'_>, import: Uuid, protocol: &Protocol) -> Result<(), StoreError> {
    let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    let (now, rows, bad) = (tx.now_ms(), count(protocol.lines), count(protocol.rejected_lines()));
    tx.execute(
        "INSERT INTO imports (id, format, file, sha256, loaded_ms, rows, rejected) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        params![import, protocol.format.name(), &protocol.file, &protocol.sha256, now, rows, bad],
    )?;
    access_log::note(tx, "command", Deed::Imported, &format!("import:{import}"), "command")
}

fn parse(order: &Order, profile: Option<&Profile>) -> Result<Content, Broken> {
    let Order { format, file, bytes, .. } = order;
    let extension = file.rsplit_once('.').map_or(String::new(), |(_, extension)| extension.to_lowercase());
    if !format.extensions().contains(&extension.as_str()) {
        let needed = format.extensions().iter().map(|extension| format!(".{extension}")).collect::<Vec<_>>();
        return Err(Broken::Extension { needed: needed.join(" или ") });
    }
    let content = match format {
        Format::P1 => Content::Charges(p1::parse(bytes, file)?),
        Format::P2 => Content::Charges(p2::parse(bytes)?),
        Format::P4 => Content::Charges(p4::parse(bytes)?),
        Format::R3 => Content::Meters(r3::parse(bytes)?),
        Format::R1 => Content::Meters(r1::parse(bytes)?),
        Format::Described => match profile {
            Some(profile) => Content::Charges(profile.parse(bytes)?),
            None => return Err(Broken::Damaged { detail: "нет описания файла".to_owned() }),
        },
        // Bills are too large to be bytes: [`import_bills`].
        Format::B1 | Format::B2 | Format::B3 => return Err(Broken::Extension { needed: String::new() }),
    };
    let lines = match &content {
        Content::Charges(parsed) => parsed.lines,
        Content::Meters(parsed) => parsed.lines,
    };
    if lines == 0 { Err(Broken::Empty) } else { Ok(content) }
}

/// One job of the store: everything in it is one savepoint of one transaction.
fn decide(tx: &mut Tx<'_>, order: &Order, content: Content, blank: Protocol) -> Result<Protocol, StoreError> {
    if let Some(protocol) = already(tx, &blank, order.zone)? {
        return Ok(protocol);
    }
    let import = tx.id_v7();
    match content {
        Content::Charges(parsed) => {
            let (checked, findings) = charges::check(tx, order, parsed)?;
            finish(tx, order, blank, findings, import, |tx| charges::apply(tx, order, import, &checked))
        }
        Content::Meters(parsed) => {
            let (checked, findings) = meters::check(tx, order, parsed)?;
            finish(tx, order, blank, findings, import, |tx| meters::apply(tx, order, import, &checked))
        }
    }
}

fn finish(
    tx: &mut Tx<'_>,
    order: &Order,
    blank: Protocol,
    findings: Findings,
    import: Uuid,
    apply: impl FnOnce(&mut Tx<'_>) -> Result<Vec<(&'static str, usize)>, StoreError>,
) -> Result<Protocol, StoreError> {
    let Findings { lines, usable, encoding, accepted, rejected, unknown_accounts, totals } = findings;
    let mut protocol = Protocol { lines, encoding, accepted, rejected, unknown_accounts, totals, ..blank };
    let whole = protocol.rejected.is_empty();
    if !whole && (!order.accept_partial || usable == 0) {
        return Ok(protocol);
    }
    let changes = apply(tx)?;
    note_import(tx, import, &protocol)?;
    protocol.outcome = if whole { Outcome::Applied { changes } } else { Outcome::AppliedInPart { changes } };
    Ok(protocol)
}

#[cfg(test)]
mod tests;
