//! Bills with their lines (B1, B2, B3): read on a thread of their own, a little ahead of the one transaction that writes
//! them. It is undone when something stops the import or when it was only to be tried.

use super::{Stopped, already, note_import};
use crate::accounts;
use crate::bills::{self, Replace};
use crate::registry::Format;
use crate::registry::bill::lines::SAMPLE;
use crate::registry::bill::{BillRow, Counted, Read as BillRead, Reading, json::Json, table::Table};
use crate::registry::protocol::{Outcome, Protocol};
use crate::registry::row::{Broken, Numbered, Rejected};
use crate::storage::{Sql, Store, StoreError, Tx, Value};
use chrono::NaiveDate;
use chrono_tz::Tz;
use domain::{AccountId, Kopecks, Period};
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::io::{Read, Seek, SeekFrom};
use std::sync::mpsc::{SyncSender, sync_channel};
use uuid::Uuid;

/// A file of bills to import.
#[derive(Debug, Clone)]
pub struct BillOrder {
    /// Its name without the folder: the ending tells the form.
    pub file: String,
    /// Apply the good bills although others were rejected.
    pub accept_partial: bool,
    /// Only try: nothing stays changed.
    pub dry_run: bool,
    /// The day of the import.
    pub today: NaiveDate,
    /// The utility's zone.
    pub zone: Tz,
    /// A larger file is not read.
    pub most_bytes: u64,
}

/// So many bills are held at once.
const AT_ONCE: usize = 500;

/// So many times [`AT_ONCE`] bills may wait for being written.
const AHEAD: usize = 1;

/// So many accounts are read and written at once.
const ACCOUNTS_AT_ONCE: usize = 5_000;

/// So many findings are listed; the others are counted.
const LISTED: usize = 10_000;

/// Imports a file of bills. Must not be called on an async thread.
pub fn import_bills<R>(store: &Store, order: BillOrder, mut source: R) -> Result<Protocol, StoreError>
where
    R: Read + Seek + Send + 'static,
{
    let form = match order.file.rsplit_once('.').map(|(_, ending)| ending.to_lowercase()).as_deref() {
        Some("json" | "jsonl") => Ok(Format::B1),
        Some("csv" | "txt") => Ok(Format::B2),
        Some("xlsx") => Ok(Format::B3),
        _ => Err(Broken::Extension { needed: ".json, .jsonl, .csv, .txt или .xlsx".to_owned() }),
    };
    let mut blank = Protocol::blank(&order.file, form.clone().unwrap_or(Format::B1));
    let measured = form.and_then(|_| measure(&mut source, order.most_bytes));
    let sample = match measured {
        Ok((sha256, sample)) => {
            blank.sha256 = sha256;
            sample
        }
        Err(broken) => return Ok(Protocol { outcome: Outcome::Broken(broken), ..blank }),
    };
    let done = store.write_blocking(move |tx| {
        if let Some(protocol) = already(tx, &blank, order.zone)? {
            return Ok(protocol);
        }
        let broken =
            |outcome| Stopped::Undone(Box::new(Protocol { outcome: Outcome::Broken(outcome), ..blank.clone() }));
        let mut reading: Box<dyn Reading + Send> = match blank.format {
            Format::B1 => Box::new(Json::new(source, &sample).map_err(broken)?),
            Format::B2 => Box::new(Table::text(source, &sample).map_err(broken)?),
            _ => {
                let mut bytes = Vec::new();
                let read = source.read_to_end(&mut bytes);
                read.map_err(|error| {
                    broken(Broken::Damaged { detail: format!("файл не читается: {error}") })
                })?;
                Box::new(Table::sheet(&bytes).map_err(broken)?)
            }
        };
        Import::begin(tx, &order)?.run(tx, &mut *reading, blank.clone())
    });
    match done {
        Ok(done) => Ok(done.value),
        Err(Stopped::Undone(protocol)) => Ok(*protocol),
        Err(Stopped::Store(error)) => Err(error),
    }
}

/// The hash and the beginning of a file that is not too large. It stands at its beginning again.
fn measure(source: &mut (impl Read + Seek), most: u64) -> Result<(String, Vec<u8>), Broken> {
    let unreadable =
        |error: std::io::Error| Broken::Damaged { detail: format!("файл не читается: {error}") };
    // What is too large by its length is not read at all; what grows meanwhile is noticed below.
    if source.seek(SeekFrom::End(0)).map_err(unreadable)? > most {
        return Err(Broken::TooLarge { most });
    }
    source.rewind().map_err(unreadable)?;
    let (mut hash, mut sample, mut length) = (Sha256::new(), Vec::new(), 0_u64);
    let mut piece = vec![0; 1 << 16];
    loop {
        let read = match source.read(&mut piece) {
            Ok(0) => break,
            Ok(read) => read,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(unreadable(error)),
        };
        length += read as u64;
        if length > most {
            return Err(Broken::TooLarge { most });
        }
        hash.update(&piece[..read]);
        sample.extend_from_slice(&piece[..read.min(SAMPLE - sample.len())]);
    }
    source.rewind().map_err(unreadable)?;
    if length == 0 { Err(Broken::Empty) } else { Ok((hex::encode(hash.finalize()), sample)) }
}

/// Reads on until the file ends or is broken, or nobody wants more of it.
fn read_ahead(reading: &mut (dyn Reading + Send), ready: SyncSender<Result<Vec<BillRead>, Broken>>) {
    loop {
        let batch: Result<Vec<_>, _> = std::iter::from_fn(|| reading.next().transpose()).take(AT_ONCE).collect();
        let last = batch.as_ref().map_or(true, |batch| batch.len() < AT_ONCE);
        if ready.send(batch).is_err() || last {
            return;
        }
    }
}

/// What the server knows of an account.
struct Known {
    id: AccountId,
    bill: Option<(Period, Kopecks)>,
    debt: Kopecks,
    debt_on: NaiveDate,
    /// Whether the file changes any of these.
    changed: bool,
}

struct Import<'a> {
    order: &'a BillOrder,
    id: Uuid,
    accounts: HashMap<String, Known>,
    seen: HashSet<(AccountId, Period)>,
    counted: Counted,
    good: usize,
    rejected: Vec<Rejected>,
    rejected_bills: usize,
    doubts: Vec<Rejected>,
    doubtful: usize,
    unknown: BTreeSet<String>,
}

impl<'a> Import<'a> {
    fn begin(tx: &mut Tx<'_>, order: &'a BillOrder) -> Result<Self, StoreError> {
        let mut accounts = HashMap::new();
        let mut after = String::new();
        loop {
            let rows = tx.query(
                "SELECT number, id, bill_period, bill_sum, debt, debt_on FROM accounts
                 WHERE number > $1 ORDER BY number LIMIT $2",
                &[Value::Text(after), Value::Int(ACCOUNTS_AT_ONCE as i64)],
            )?;
            let Some(last) = rows.last() else { break };
            after = last.get(0)?;
            for row in &rows {
                let (period, sum): (Option<Period>, Option<Kopecks>) = (row.get(2)?, row.get(3)?);
                let (id, bill, debt, debt_on) = (row.get(1)?, period.zip(sum), row.get(4)?, row.get(5)?);
                accounts.insert(row.get(0)?, Known { id, bill, debt, debt_on, changed: false });
            }
        }
        Ok(Self {
            order,
            id: tx.id_v7(),
            accounts,
            seen: HashSet::new(),
            counted: Counted::default(),
            good: 0,
            rejected: Vec::new(),
            rejected_bills: 0,
            doubts: Vec::new(),
            doubtful: 0,
            unknown: BTreeSet::new(),
        })
    }

    fn run(
        mut self,
        tx: &mut Tx<'_>,
        reading: &mut (dyn Reading + Send),
        blank: Protocol,
    ) -> Result<Protocol, Stopped> {
        let broken =
            |outcome| Stopped::Undone(Box::new(Protocol { outcome: Outcome::Broken(outcome), ..blank.clone() }));
        // A reader that panics does so here, when the scope ends.
        std::thread::scope(|scope| {
            let (ready, batches) = sync_channel(AHEAD);
            scope.spawn(|| read_ahead(reading, ready));
            batches.into_iter().try_for_each(|batch| self.take(tx, batch.map_err(broken)?))
        })?;
        if self.counted.bills == 0 {
            return Err(broken(Broken::Empty));
        }
        let totals = reading.stated().compare(&self.counted).map_err(broken)?;
        self.end(tx, Protocol { lines: reading.rows(), encoding: reading.encoding(), totals, ..blank })
    }

    /// Checks some bills and writes the good ones.
    fn take(&mut self, tx: &mut Tx<'_>, batch: Vec<BillRead>) -> Result<(), Stopped> {
        let mut good = Vec::with_capacity(batch.len());
        for read in batch {
            match read {
                Ok(row) => good.extend(self.check(row)),
                Err(rejected) => {
                    self.counted.bills += 1;
                    self.counted.unread += 1;
                    self.reject(rejected);
                }
            }
        }
        // Where the import will be undone anyway only the rest of the findings is wanted.
        if self.rejected_bills == 0 || self.order.accept_partial {
            bills::write(tx, self.id, Replace::All, good)?;
        }
        Ok(())
    }

    /// Compares a bill with the others of the file and with its account.
    fn check(&mut self, Numbered { line, row }: Numbered<BillRow>) -> Option<wire::money::Bill> {
        self.counted.bills += 1;
        self.counted.lines += row.lines.len();
        self.counted.to_pay = Kopecks(self.counted.to_pay.0.saturating_add(row.to_pay.0));
        let number = row.account.as_str();
        let Some(known) = self.accounts.get_mut(number) else {
            self.unknown.insert(number.to_owned());
            let reason = format!("счёта {number} нет в базе");
            self.reject(vec![Rejected::new(line, "ЛС", reason)]);
            return None;
        };
        let trouble = if row.period > Period::of(self.order.today).next() {
            Some(("Период", format!("месяц {} ещё не наступил", row.period)))
        } else if !self.seen.insert((known.id, row.period)) {
            Some(("ЛС", format!("квитанция счёта {number} за {} уже была в файле", row.period)))
        } else {
            None
        };
        if let Some((field, reason)) = trouble {
            self.reject(vec![Rejected::new(line, field, reason)]);
            return None;
        }
        known.learn(&row, self.order.today);
        let doubts = row.doubts();
        self.doubtful += usize::from(!doubts.is_empty());
        let room = LISTED.saturating_sub(self.doubts.len());
        let doubts =
            doubts.into_iter().map(|(field, reason)| Rejected::new(line, format!("{field}, ЛС {number}"), reason));
        self.doubts.extend(doubts.take(room));
        self.good += 1;
        let account = known.id;
        Some(row.into_bill(account))
    }

    fn reject(&mut self, rejected: Vec<Rejected>) {
        self.rejected_bills += 1;
        let room = LISTED.saturating_sub(self.rejected.len());
        self.rejected.extend(rejected.into_iter().take(room));
    }

    fn end(self, tx: &mut Tx<'_>, blank: Protocol) -> Result<Protocol, Stopped> {
        let mut accepted = vec![
            ("Годных квитанций", self.good.to_string()),
            ("Строк в них", self.counted.lines.to_string()),
            ("К оплате по ним, ₽", self.counted.to_pay.to_registry()),
        ];
        if self.doubtful > 0 {
            accepted.push(("Квитанций, где суммы не сходятся", self.doubtful.to_string()));
        }
        if self.rejected_bills > self.rejected.len() {
            accepted.push(("Квитанций с замечаниями, всего", self.rejected_bills.to_string()));
        }
        let whole = self.rejected_bills == 0;
        let mut protocol = Protocol {
            accepted,
            rejected: self.rejected,
            doubts: self.doubts,
            unknown_accounts: self.unknown,
            ..blank
        };
        if !whole && (!self.order.accept_partial || self.good == 0) {
            return Err(Stopped::Undone(Box::new(protocol)));
        }
        let brought = bills::publish(tx, self.id)?;
        let mut changed: Vec<&Known> = self.accounts.values().filter(|known| known.changed).collect();
        changed.sort_by_key(|known| known.id);
        for some in changed.chunks(ACCOUNTS_AT_ONCE) {
            let mut updates = Vec::with_capacity(5 * some.len());
            for known in some {
                let (period, sum) = known.bill.unzip();
                let values: [Value; 5] =
                    [known.id.into(), known.debt.into(), known.debt_on.into(), sum.into(), period.into()];
                updates.extend(values);
            }
            tx.execute_each(
                "UPDATE accounts SET debt = $2, debt_on = $3, bill_sum = $4, bill_period = $5 WHERE id = $1",
                5,
                &updates,
            )?;
            // They were those of the former debt.
            let ids: Vec<Value> = some.iter().map(|known| known.id.into()).collect();
            tx.execute_each("DELETE FROM account_services WHERE account_id = $1", 1, &ids)?;
        }
        for known in &changed {
            accounts::publish_late(tx, known.id);
        }
        let count = |number: i64| usize::try_from(number).unwrap_or(0);
        let changes = vec![
            ("квитанций новых", count(brought.new)),
            ("квитанций заменено", count(brought.replaced)),
            ("счетов с новым долгом", changed.len()),
        ];
        note_import(tx, self.id, &protocol)?;
        protocol.outcome = if whole { Outcome::Applied { changes } } else { Outcome::AppliedInPart { changes } };
        if self.order.dry_run { Err(Stopped::Undone(Box::new(protocol.tried()))) } else { Ok(protocol) }
    }
}

impl Known {
    /// A bill of the latest month tells what is owed, unless the debt is of a later day.
    fn learn(&mut self, row: &BillRow, today: NaiveDate) {
        if self.bill.is_some_and(|(period, _)| period > row.period) {
            return;
        }
        let before = (self.bill, self.debt, self.debt_on);
        self.bill = Some((row.period, row.to_pay));
        let on = row.period.day_clamped(31).min(today);
        if on >= self.debt_on {
            (self.debt, self.debt_on) = (row.to_pay, on);
        }
        self.changed |= (self.bill, self.debt, self.debt_on) != before;
    }
}

#[cfg(test)]
mod tests;
