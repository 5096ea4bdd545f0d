//! Export of readings to the billing, in R1 (docs/domain.md).
//!
//! Taken are the readings of a period that count, were accepted and were not exported before. The file lies complete
//! beside its final name before the database says that the readings are exported, and gets that name after: whatever
//! breaks in between, no reading is marked without being in a file. A file found beside the name is such a one, maybe
//! the only copy of its readings: it is never written over, and the operator is told what it is.

mod listing;
pub mod payments;
pub mod penalties;
pub mod services;

use super::encoding::to_cp1251;
use super::resource;
use super::writing::{self, AccountCells, MeterCells};
use crate::access_log::{self, Deed};
use crate::storage::{Row, Sql, Store, StoreError, Tx, Undo};
use crate::{params, readings};
use domain::{MeterKind, MeterValue, Period, ReadingId};
use sha2::{Digest as _, Sha256};
use std::fmt;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use wire::entity::Verdict;

/// What to export.
#[derive(Debug, Clone)]
pub struct Order {
    /// The month.
    pub period: Period,
    /// Where to. The file must not exist: an earlier export would be lost.
    pub out: PathBuf,
    /// Close the period: no more readings are taken for it.
    pub lock: bool,
}

/// What was exported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exported {
    /// The month.
    pub period: Period,
    /// The file; `None` when nothing waited and the period was only closed.
    pub file: Option<PathBuf>,
    /// SHA-256 of the file, hex; empty without a file.
    pub sha256: String,
    /// Rows: accounts.
    pub rows: usize,
    /// Blocks: values.
    pub blocks: usize,
    /// Readings.
    pub readings: usize,
    /// Meters that the format has no type for, by account and number: they stay to be passed another way.
    pub left_out: Vec<String>,
    /// Whether the period is closed now.
    pub locked: bool,
}

/// Why nothing was exported.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// Nothing waits.
    #[error("Ничего не выгружено: за {0} нет принятых показаний, которые ещё не выгружены.")]
    Nothing(Period),
    /// No payment waits.
    #[error("Ничего не выгружено: зачисленных платежей, которые ещё не выгружены, нет.")]
    NoPayments,
    /// No account has penalties.
    #[error("Ничего не выгружено: пеней на этот день ни у кого нет.")]
    NoPenalties,
    /// No payment was divided by services.
    #[error("Ничего не выгружено: в эти дни никто не делил зачисленные платежи по услугам.")]
    NoServices,
    /// The file is there.
    #[error("Ничего не выгружено: файл {0} уже есть. Назовите новый файл, чтобы прежняя выгрузка осталась.")]
    Exists(PathBuf),
    /// The file of an earlier export did not get its name.
    #[error(
        "Ничего не выгружено: прежняя выгрузка лежит целой в файле {part}, её строки уже отмечены как выгруженные. Передайте этот файл в расчёт, назвав его {out}, и повторите выгрузку с другим именем."
    )]
    Kept {
        /// The name it has.
        part: PathBuf,
        /// The name it should have.
        out: PathBuf,
    },
    /// A file of an export that did not come to its end.
    #[error(
        "Ничего не выгружено: рядом лежит файл {0} от прерванной выгрузки. По базе ничего с ним не выгружено: удалите его и повторите."
    )]
    Unfinished(PathBuf),
    /// The disk refuses.
    #[error("Файл {path} не записывается: {why}. Ничего не отмечено как выгруженное.")]
    Disk {
        /// Where.
        path: PathBuf,
        /// What the system says.
        why: std::io::Error,
    },
    /// The file is whole but did not get its name.
    #[error("Выгружено в файл {kept}, но назвать его {wanted} не удалось: {why}.")]
    Rename {
        /// The name it has.
        kept: PathBuf,
        /// The name it should have.
        wanted: PathBuf,
        /// What the system says.
        why: std::io::Error,
    },
    /// The database refuses.
    #[error("База данных не отвечает: {0}")]
    Store(#[from] StoreError),
}

impl Undo for ExportError {}

struct Waiting {
    reading: ReadingId,
    account: AccountCells,
    meter: MeterCells,
}

/// Exports. Must not be called on an async thread.
pub fn export(store: &Store, order: Order) -> Result<Exported, ExportError> {
    let out = order.out.clone();
    leave(
        store,
        &out,
        |exported: &Exported| exported.file.is_some(),
        move |tx, part, made| write(tx, &order, part, made),
    )
}

/// Runs the job of an export, which writes the file beside its name, and gives the file its name when the database has
/// it that everything in it is exported.
fn leave<T: Send + 'static>(
    store: &Store,
    out: &Path,
    has_file: impl FnOnce(&T) -> bool,
    job: impl FnOnce(&mut Tx<'_>, &Path, &AtomicBool) -> Result<T, ExportError> + Send + 'static,
) -> Result<T, ExportError> {
    let part = beside(out);
    let (wanted, kept) = (out.to_owned(), part.clone());
    let made = Arc::new(AtomicBool::new(false));
    let making = Arc::clone(&made);
    let exported = store.write_blocking(move |tx| job(tx, &part, &making)).map(|done| done.value);
    // Nothing was marked: a file left here would be passed twice. Without an answer nobody knows, and the file stays.
    let undone = exported.as_ref().is_err_and(|error| !matches!(error, ExportError::Store(StoreError::Closed)));
    if undone && made.load(Ordering::Acquire) {
        let _ = std::fs::remove_file(&kept);
    }
    let exported = exported?;
    if has_file(&exported) {
        std::fs::rename(&kept, &wanted).map_err(|why| ExportError::Rename { kept, wanted: wanted.clone(), why })?;
        // A name lost with the power leaves the file under its first one, and the next export says so.
        let _ = keep_names(&wanted);
    }
    Ok(exported)
}

/// One job: other exports wait, so a file that lies there is not being written.
fn write(tx: &mut Tx<'_>, order: &Order, part: &Path, made: &AtomicBool) -> Result<Exported, ExportError> {
    if part.exists() {
        return Err(found(tx, &order.out, part)?);
    }
    let (waiting, left_out): (Vec<Waiting>, Vec<Waiting>) = waiting(tx, order.period)?
        .into_iter()
        .partition(|one| !resource::to_r1(one.meter.kind, tariffs(&one.meter.values)).is_empty());
    let was_locked = readings::is_locked(tx, order.period)?;
    if waiting.is_empty() && (!order.lock || was_locked) {
        return Err(ExportError::Nothing(order.period));
    }
    let mut exported = Exported {
        period: order.period,
        file: None,
        sha256: String::new(),
        rows: 0,
        blocks: 0,
        readings: waiting.len(),
        left_out: left_out.iter().map(|one| format!("{}, прибор «{}»", one.account.number, one.meter.serial)).collect(),
        locked: order.lock || was_locked,
    };
    if !waiting.is_empty() {
        if order.out.exists() {
            return Err(ExportError::Exists(order.out.clone()));
        }
        let bytes = text(&waiting, &mut exported);
        exported.sha256 = hex::encode(Sha256::digest(&bytes));
        exported.file = Some(order.out.clone());
        put(part, &bytes, made).map_err(|why| ExportError::Disk { path: part.to_owned(), why })?;
    }
    for one in &waiting {
        readings::set_verdict(tx, one.reading, &Verdict::Exported)?;
    }
    let (id, now, count) = (tx.id_v7(), tx.now_ms(), i64::try_from(exported.rows).unwrap_or(i64::MAX));
    tx.execute(
        "INSERT INTO exports (id, format, period, made_ms, sha256, rows, locks) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        params![id, "R1", order.period, now, &exported.sha256, count, order.lock],
    )?;
    access_log::note(tx, "command", Deed::Exported, &format!("export:{id}"), "command")?;
    Ok(exported)
}

/// What the file is that lies where this export would be written: the database knows the files it has marked.
fn found(sql: &mut dyn Sql, out: &Path, part: &Path) -> Result<ExportError, ExportError> {
    let disk = |why| ExportError::Disk { path: part.to_owned(), why };
    let sha256 = hex::encode(Sha256::digest(std::fs::read(part).map_err(disk)?));
    let marked = sql.first(
        "SELECT id FROM exports WHERE sha256 = $1 UNION ALL SELECT id FROM payment_exports WHERE sha256 = $1",
        params![&sha256],
    )?;
    Ok(match marked {
        Some(_) => ExportError::Kept { part: part.to_owned(), out: out.to_owned() },
        None => ExportError::Unfinished(part.to_owned()),
    })
}

fn text(waiting: &[Waiting], exported: &mut Exported) -> Vec<u8> {
    let mut text = String::new();
    for of_account in waiting.chunk_by(|one, next| one.account.number == next.account.number) {
        let meters: Vec<MeterCells> = of_account.iter().map(|one| one.meter.clone()).collect();
        let (row, count) = writing::r1_row(&of_account[0].account, &meters);
        text.push_str(&row);
        exported.rows += 1;
        exported.blocks += count;
    }
    to_cp1251(&text)
}

fn waiting(sql: &mut dyn Sql, period: Period) -> Result<Vec<Waiting>, StoreError> {
    let rows = sql.query(
        "SELECT readings.id, accounts.number, accounts.payer, accounts.els, accounts.fias, accounts.address,
             meters.kind, meters.serial, meters.name, meters.verified_until, meters.decimals, readings.steps, readings.taken_on
         FROM readings JOIN meters ON meters.id = readings.meter_id JOIN accounts ON accounts.id = readings.account_id
         WHERE readings.period = $1 AND readings.is_current = 1 AND readings.verdict = 'accepted'
         ORDER BY accounts.number, meters.kind, meters.serial",
        params![period],
    )?;
    rows.iter().map(read).collect()
}

fn read(row: &Row) -> Result<Waiting, StoreError> {
    let (els, fias): (Option<String>, Option<String>) = (row.get(3)?, row.get(4)?);
    let account = AccountCells {
        number: row.get(1)?,
        payer: row.get(2)?,
        els: els.unwrap_or_default(),
        fias: fias.unwrap_or_default(),
        address: row.get(5)?,
    };
    let kind: MeterKind = row.word(6)?;
    let steps: Vec<i64> = row.json(11)?;
    let meter = MeterCells {
        kind,
        serial: row.get(7)?,
        name: row.get(8)?,
        verified_until: row.get(9)?,
        values: steps.into_iter().map(MeterValue::from_steps).collect(),
        decimals: row.get(10)?,
        on: row.get(12)?,
    };
    Ok(Waiting { reading: row.get(0)?, account, meter })
}

fn tariffs(values: &[MeterValue]) -> u8 {
    u8::try_from(values.len()).unwrap_or(u8::MAX)
}

/// `out.txt` is first `out.txt.part`.
fn beside(out: &Path) -> PathBuf {
    let mut name = out.file_name().unwrap_or_default().to_owned();
    name.push(".part");
    out.with_file_name(name)
}

fn put(path: &Path, bytes: &[u8], made: &AtomicBool) -> std::io::Result<()> {
    let mut file = std::fs::File::create_new(path)?;
    made.store(true, Ordering::Release);
    file.write_all(bytes)?;
    file.sync_all()?;
    keep_names(path)
}

/// The names in the file's folder are on the disk when this returns.
#[cfg(unix)]
fn keep_names(path: &Path) -> std::io::Result<()> {
    std::fs::File::open(path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new(".")))?
        .sync_all()
}

/// Elsewhere a folder cannot be opened for this; the system journals names itself.
#[cfg(not(unix))]
fn keep_names(_: &Path) -> std::io::Result<()> {
    Ok(())
}

impl fmt::Display for Exported {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "Протокол выгрузки")?;
        if let Some(file) = &self.file {
            writeln!(f, "Файл: {}", file.display())?;
            writeln!(f, "Формат: R1, показания для банка и расчёта, Windows-1251")?;
        } else {
            writeln!(f, "Файла нет: выгружать нечего.")?;
        }
        writeln!(f, "Период: {}", self.period)?;
        if self.file.is_some() {
            writeln!(f, "SHA-256: {}", self.sha256)?;
            writeln!(f, "Итого строк: {}, блоков: {}, показаний: {}", self.rows, self.blocks, self.readings)?;
        }
        if !self.left_out.is_empty() {
            writeln!(f, "В этом формате не передать, осталось принятым: {}", self.left_out.len())?;
            for meter in &self.left_out {
                writeln!(f, "  {meter}")?;
            }
        }
        let state = if self.locked {
            "закрыт: показания за него больше не меняются"
        } else {
            "открыт"
        };
        writeln!(f, "Период {state}.")
    }
}

#[cfg(test)]
mod tests;
