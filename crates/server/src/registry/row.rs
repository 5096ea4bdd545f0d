//! What the parsers make of a file.

use chrono::NaiveDate;
use domain::payment::ServiceSum;
use domain::{AccountNumber, Dial, Els, Kopecks, MeterKind, MeterValue, Period};

/// A whole file that could be read as the format it claims to be.
#[derive(Debug, Clone, PartialEq)]
pub struct Parsed<T> {
    /// The rows that could be read.
    pub rows: Vec<Numbered<T>>,
    /// The rows that could not.
    pub rejected: Vec<Rejected>,
    /// How many rows of data the file has.
    pub lines: usize,
    /// The encoding of a text, as people call it.
    pub encoding: Option<&'static str>,
    /// Totals that the file itself states, already found equal to ours.
    pub totals: Vec<String>,
}

/// A row and where it stood, counted from 1 as editors and spreadsheets do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Numbered<T> {
    /// The row of the file.
    pub line: usize,
    /// What stood there.
    pub row: T,
}

/// A row that was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejected {
    /// The row of the file.
    pub line: usize,
    /// The field, as the format calls it.
    pub field: String,
    /// Why, in Russian.
    pub reason: String,
}

impl Rejected {
    /// A rejection of one field.
    pub fn new(line: usize, field: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { line, field: field.into(), reason: reason.into() }
    }
}

/// Why a file as a whole cannot be taken: nothing of it is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// No bytes, or only white space.
    #[error("файл пуст")]
    Empty,
    /// Larger than the settings allow.
    #[error("файл больше {} МБ; предел задаёт [registry] most_bytes в настройках", .most >> 20)]
    TooLarge {
        /// The limit, bytes.
        most: u64,
    },
    /// The name does not end as the format's files do.
    #[error("расширение файла не подходит: нужно {needed}")]
    Extension {
        /// What fits.
        needed: String,
    },
    /// Not text in one of the encodings of the format.
    #[error("кодировка не подходит: {found}. Сохраните файл в Windows-1251, UTF-8 или KOI8-R")]
    Encoding {
        /// What it looks like.
        found: &'static str,
    },
    /// The end is missing.
    #[error("файл обрывается: {detail}")]
    Truncated {
        /// Where.
        detail: String,
    },
    /// Not a file of this kind at all, or damaged.
    #[error("файл повреждён или другого вида: {detail}")]
    Damaged {
        /// What was seen.
        detail: String,
    },
    /// A column is not there.
    #[error("нет столбца: {}", .names.join(", "))]
    MissingColumn {
        /// Which ones.
        names: Vec<String>,
    },
    /// A column is there twice.
    #[error("столбец «{name}» встречается дважды")]
    DoubledColumn {
        /// Which one.
        name: String,
    },
    /// The totals in the file are not those of its rows.
    #[error("контрольная сумма не сходится: {what} в файле {stated}, по строкам {counted}")]
    Totals {
        /// What was counted.
        what: &'static str,
        /// What the file says.
        stated: String,
        /// What came out.
        counted: String,
    },
}

/// An account with its bill (P1, P4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChargeRow {
    /// ЛС.
    pub account: AccountNumber,
    /// ЕЛС, where the file has it.
    pub els: Option<Els>,
    /// The house's GUID in ФИАС, where the file has it.
    pub fias: Option<String>,
    /// The payer; empty where the file has none.
    pub payer: String,
    /// The address.
    pub address: super::address::Address,
    /// The month of the bill.
    pub period: Period,
    /// To pay; an overpayment when negative.
    pub sum: Kopecks,
    /// The day of the sum, where the file has it.
    pub on: Option<NaiveDate>,
    /// The sum by services, where the file has them.
    pub services: Vec<ServiceSum>,
}

/// A meter, with a reading or without (R3, R1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeterRow {
    /// ЛС.
    pub account: AccountNumber,
    /// The resource.
    pub kind: MeterKind,
    /// The factory number.
    pub serial: String,
    /// What the utility calls it: «Холодная вода, кухня».
    pub name: String,
    /// How many tariffs.
    pub tariffs: u8,
    /// The face; from the kind where the file says nothing.
    pub dial: Dial,
    /// Whether the file itself stated the face.
    pub dial_stated: bool,
    /// The reading.
    pub reading: Option<ReadingCells>,
    /// Facts about the meter that the format has; `None` where R1 says nothing about them.
    pub passport: Passport,
}

/// The values of a meter on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadingCells {
    /// When it was taken.
    pub on: NaiveDate,
    /// One value per tariff, in the order of the meter's face.
    pub values: Vec<MeterValue>,
}

/// What stands in a meter's papers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Passport {
    /// «Дата поверки».
    pub verified_on: Option<NaiveDate>,
    /// «Дата следующей поверки».
    pub verified_until: Option<NaiveDate>,
    /// «Межповерочный интервал», years.
    pub interval_years: Option<u8>,
    /// «Дата установки».
    pub installed_on: Option<NaiveDate>,
    /// «Автоматический».
    pub automatic: Option<bool>,
    /// «Дата вывода из эксплуатации».
    pub archived_on: Option<NaiveDate>,
}
