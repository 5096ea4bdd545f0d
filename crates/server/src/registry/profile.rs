//! A utility's own description of a file (TOML): which column is the account, which the sum. With it any delimited text,
//! DBF table or spreadsheet of accounts and sums is imported as P1 is.

use super::address::Address;
use super::bill::lines::cells;
use super::encoding;
use super::p1::note;
use super::row::{Broken, ChargeRow, Numbered, Parsed, Rejected};
use super::{cell, dbf, r3, xlsx};
use calamine::Data;
use domain::payment::ServiceSum;
use domain::{Kopecks, Period};
use encoding_rs::{Encoding, IBM866, KOI8_R, UTF_8, WINDOWS_1251};
use serde::Deserialize;
use std::collections::BTreeSet;

/// The description.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// The kind of file.
    pub file: Kind,
    /// The encoding of a text; guessed where it is not said.
    pub encoding: Option<Page>,
    /// What stands between the cells of a text.
    #[serde(default = "semicolon")]
    pub separator: char,
    /// Rows above the data; the last of them names the columns.
    #[serde(default)]
    pub header_rows: usize,
    /// Rows below the data.
    #[serde(default)]
    pub footer_rows: usize,
    /// The month of all rows, where no column has it: `2026-10`.
    pub period: Option<Period>,
    /// Which column is what.
    pub columns: Columns,
    /// Columns with the sum by services, in the order in which residents see them; they have to sum to `columns.sum`.
    #[serde(default)]
    pub services: Vec<ServiceColumn>,
    /// The row of control totals.
    pub total: Option<Total>,
}

/// The column of one service.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServiceColumn {
    /// What residents read: «Холодное водоснабжение».
    pub name: String,
    /// Where its sum stands; an empty cell is nothing.
    pub column: Column,
}

/// A kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Text with a separator.
    Delimited,
    /// DBF; its own mark tells the code page.
    Dbf,
    /// XLSX, the first sheet.
    Spreadsheet,
}

/// An encoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum Page {
    /// Windows.
    #[serde(rename = "cp1251")]
    Cp1251,
    /// DOS.
    #[serde(rename = "cp866")]
    Cp866,
    /// Unix of old.
    #[serde(rename = "koi8-r")]
    Koi8R,
    /// Today's.
    #[serde(rename = "utf-8")]
    Utf8,
}

/// Columns by their number from 1 or their name in the header.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Columns {
    /// ЛС.
    pub account: Column,
    /// The address.
    pub address: Column,
    /// To pay.
    pub sum: Column,
    /// The month.
    pub period: Option<Column>,
    /// ФИО.
    pub payer: Option<Column>,
    /// ЕЛС.
    pub els: Option<Column>,
    /// The house in ФИАС.
    pub fias: Option<Column>,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Column {
    /// From 1.
    Number(usize),
    /// As the header has it.
    Name(String),
}

/// Control totals: a row whose first cell begins with `prefix`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Total {
    /// «ИТОГО», «=».
    pub prefix: String,
    /// The cell with the sum, from 1.
    pub sum: Option<usize>,
    /// The cell with the number of rows, from 1.
    pub count: Option<usize>,
}

const fn semicolon() -> char {
    ';'
}

type Rows = Vec<(usize, Vec<String>)>;

impl Profile {
    /// Reads a description; what is wrong with it, in words.
    pub fn read(text: &str) -> Result<Self, String> {
        let profile: Self = toml::from_str(text).map_err(|error| format!("Описание файла не читается:\n{error}"))?;
        if profile.columns.period.is_none() && profile.period.is_none() {
            return Err("В описании нет месяца: columns.period или period = \"ГГГГ-ММ\"".to_owned());
        }
        let named: BTreeSet<&str> = profile.services.iter().map(|service| service.name.trim()).collect();
        if named.len() != profile.services.len() || named.contains("") {
            return Err("В описании услуга без названия или названа дважды: [[services]] name".to_owned());
        }
        Ok(profile)
    }

    /// Reads a file by it.
    pub fn parse(&self, bytes: &[u8]) -> Result<Parsed<ChargeRow>, Broken> {
        let (mut rows, encoding) = self.rows(bytes)?;
        let stated = self.take_total(&mut rows);
        if rows.len() < self.header_rows + self.footer_rows {
            return Err(Broken::Empty);
        }
        rows.truncate(rows.len() - self.footer_rows);
        let data = rows.split_off(self.header_rows);
        let heading = rows.pop().map(|(_, cells)| cells).unwrap_or_default();
        let places = self.places(&heading)?;
        let mut parsed = Parsed {
            rows: Vec::with_capacity(data.len()),
            rejected: Vec::new(),
            lines: data.len(),
            encoding,
            totals: Vec::new(),
        };
        let mut sum = Kopecks(0);
        for (line, cells) in &data {
            let cell = |place: usize| cells.get(place).map_or("", |cell| cell.trim());
            if let Ok(of_row) = cell::sum(cell(places.sum)) {
                sum = Kopecks(sum.0.saturating_add(of_row.0));
            }
            match self.row(*line, &places, &cell) {
                Ok(row) => parsed.rows.push(Numbered { line: *line, row }),
                Err(mut rejected) => parsed.rejected.append(&mut rejected),
            }
        }
        if let Some(total) = &self.total {
            parsed.totals = total.compare(stated.as_deref(), parsed.lines, sum)?;
        }
        Ok(parsed)
    }

    fn rows(&self, bytes: &[u8]) -> Result<(Rows, Option<&'static str>), Broken> {
        if bytes.is_empty() {
            return Err(Broken::Empty);
        }
        match self.file {
            Kind::Delimited => {
                let (text, name) = self.text(bytes)?;
                let filled = text.lines().enumerate().filter(|(_, text)| !text.trim().is_empty());
                let split =
                    |text: &str| cells(text, self.separator).into_iter().map(|cell| cell.into_owned()).collect();
                Ok((filled.map(|(index, text)| (index + 1, split(text))).collect(), Some(name)))
            }
            Kind::Dbf => {
                let table = dbf::read(bytes)?;
                // The names are a header of one row.
                let mut rows = vec![(0, table.fields)];
                rows.extend(table.records);
                Ok((rows, Some(table.encoding)))
            }
            Kind::Spreadsheet => {
                let sheet = xlsx::first_sheet(bytes)?;
                let row = |(row, cells): (u32, xlsx::Cells)| {
                    let width = cells.keys().next_back().map_or(0, |last| (*last as usize + 1).min(MOST_COLUMNS));
                    let cell = |column: usize| match u32::try_from(column).ok().and_then(|column| cells.get(&column)) {
                        Some(Data::DateTime(day)) => {
                            r3::serial_day(day.as_f64()).ok().flatten().map_or_else(String::new, cell::day)
                        }
                        Some(data) => r3::text(data),
                        None => String::new(),
                    };
                    (row as usize + 1, (0..width).map(cell).collect())
                };
                Ok((sheet.into_iter().map(row).collect(), None))
            }
        }
    }

    fn text(&self, bytes: &[u8]) -> Result<(String, &'static str), Broken> {
        let (page, name): (&'static Encoding, _) = match self.encoding {
            None => return encoding::decode(bytes).map(|decoded| (decoded.text, decoded.encoding)),
            Some(Page::Cp1251) => (WINDOWS_1251, "Windows-1251"),
            Some(Page::Cp866) => (IBM866, "cp866"),
            Some(Page::Koi8R) => (KOI8_R, "KOI8-R"),
            Some(Page::Utf8) => (UTF_8, "UTF-8"),
        };
        let (text, broken) = page.decode_with_bom_removal(bytes);
        if broken || bytes.contains(&0) {
            return Err(Broken::Encoding { found: "это не тот текст, что в описании" });
        }
        Ok((text.into_owned(), name))
    }

    fn take_total(&self, rows: &mut Rows) -> Option<Vec<String>> {
        let total = self.total.as_ref()?;
        let is_total =
            |(_, cells): &(usize, Vec<String>)| cells.first().is_some_and(|cell| cell.starts_with(&total.prefix));
        let at = rows.iter().rposition(is_total)?;
        Some(rows.remove(at).1)
    }

    fn places(&self, heading: &[String]) -> Result<Places, Broken> {
        let mut missing = Vec::new();
        let mut find = |column: &Column| match column {
            Column::Number(number) => number.saturating_sub(1),
            Column::Name(name) => {
                let same = |cell: &String| cell.trim().to_lowercase() == name.trim().to_lowercase();
                heading.iter().position(same).unwrap_or_else(|| {
                    missing.push(name.clone());
                    0
                })
            }
        };
        let columns = &self.columns;
        let places = Places {
            account: find(&columns.account),
            address: find(&columns.address),
            sum: find(&columns.sum),
            period: columns.period.as_ref().map(&mut find),
            payer: columns.payer.as_ref().map(&mut find),
            els: columns.els.as_ref().map(&mut find),
            fias: columns.fias.as_ref().map(&mut find),
            services: self.services.iter().map(|service| find(&service.column)).collect(),
        };
        if missing.is_empty() { Ok(places) } else { Err(Broken::MissingColumn { names: missing }) }
    }

    fn row<'a>(
        &self,
        line: usize,
        places: &Places,
        cell: &impl Fn(usize) -> &'a str,
    ) -> Result<ChargeRow, Vec<Rejected>> {
        let mut bad = Vec::new();
        let account = note(&mut bad, line, "ЛС", cell::account(cell(places.account)));
        let text = cell(places.address);
        let address = Address::parse(text).ok_or_else(|| format!("в адресе не найти города, улицы и дома: «{text}»"));
        let address = note(&mut bad, line, "Адрес", address);
        let sum = note(&mut bad, line, "Сумма", cell::sum(cell(places.sum)));
        let els = note(&mut bad, line, "ЕЛС", cell::els(places.els.map_or("", cell)));
        let period = match (places.period.map(cell), self.period) {
            (None | Some(""), Some(period)) => Some(period),
            (text, _) => note(&mut bad, line, "Период", cell::month(text.unwrap_or_default())),
        };
        let fias = places.fias.map(cell).filter(|guid| !guid.is_empty()).map(str::to_owned);
        if fias.as_ref().is_some_and(|guid| uuid::Uuid::parse_str(guid).is_err()) {
            bad.push(Rejected::new(line, "ФИАС", "это не код ФИАС"));
        }
        let payer = places.payer.map_or("", cell).to_owned();
        let services = self.services_of(&mut bad, line, places, cell);
        let by_services: Kopecks = services.iter().map(|one| one.sum).sum();
        if let Some(sum) = sum.filter(|sum| !services.is_empty() && *sum != by_services) {
            let (by, sum) = (by_services.to_registry(), sum.to_registry());
            bad.push(Rejected::new(line, "Сумма", format!("услуги дают {by}, а к оплате {sum}")));
        }
        match (account, address, sum, els, period) {
            (Some(account), Some(address), Some(sum), Some(els), Some(period)) if bad.is_empty() => {
                Ok(ChargeRow { account, els, fias, payer, address, period, sum, on: None, services })
            }
            _ => Err(bad),
        }
    }
}

impl Profile {
    /// The sums of a row by services; those of nothing are left out.
    fn services_of<'a>(
        &self,
        bad: &mut Vec<Rejected>,
        line: usize,
        places: &Places,
        cell: &impl Fn(usize) -> &'a str,
    ) -> Vec<ServiceSum> {
        let mut services = Vec::new();
        for (service, place) in self.services.iter().zip(&places.services) {
            let text = cell(*place);
            if text.is_empty() {
                continue;
            }
            let service = service.name.trim().to_owned();
            if let Some(sum) = note(bad, line, &service, cell::sum(text)).filter(|sum| *sum != Kopecks(0)) {
                services.push(ServiceSum { service, sum });
            }
        }
        services
    }
}

/// A wider row is no registry of accounts.
const MOST_COLUMNS: usize = 256;

struct Places {
    account: usize,
    address: usize,
    sum: usize,
    period: Option<usize>,
    payer: Option<usize>,
    els: Option<usize>,
    fias: Option<usize>,
    services: Vec<usize>,
}

impl Total {
    fn compare(&self, stated: Option<&[String]>, lines: usize, sum: Kopecks) -> Result<Vec<String>, Broken> {
        let Some(cells) = stated else {
            return Err(Broken::Truncated { detail: format!("нет строки итогов «{}»", self.prefix) });
        };
        let cell = |number: usize| {
            let cell = cells.get(number.saturating_sub(1)).map_or("", |cell| cell.trim());
            if number == 1 { cell.trim_start_matches(&self.prefix).trim() } else { cell }.to_owned()
        };
        let mut agree = Vec::new();
        if let Some(stated) = self.count.map(cell) {
            if stated != lines.to_string() {
                return Err(Broken::Totals { what: "строк", stated, counted: lines.to_string() });
            }
            agree.push(format!("строк {stated}"));
        }
        if let Some(stated) = self.sum.map(cell) {
            if Kopecks::parse_roubles(&stated) != Ok(sum) {
                return Err(Broken::Totals { what: "сумма", stated, counted: sum.to_registry() });
            }
            agree.push(format!("сумма {stated}"));
        }
        Ok(agree)
    }
}

#[cfg(test)]
mod tests;
