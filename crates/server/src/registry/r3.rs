//! R3, a spreadsheet of meters (docs/domain.md): columns by their names in any order, and three of ours, «Разрядность»,
//! «Знаков после запятой», «Межповерочный интервал».
//!
//! A meter may stand in several rows with different «Дата передачи показаний»: these are its readings. Rows of one
//! meter need not be neighbours; facts about the meter are taken from its last row.

use super::p1::note;
use super::row::{Broken, MeterRow, Numbered, Parsed, Passport, ReadingCells, Rejected};
use super::xlsx::{self, Cells};
use super::{cell, resource};
use calamine::Data;
use chrono::{Days, NaiveDate};
use domain::Dial;
use std::collections::HashMap;

/// Every column the format knows, as the header writes it. The first [`REQUIRED`] must be there.
pub const COLUMNS: [&str; 24] = [
    "Адрес",
    "Лицевой счет",
    "Тип счетчика",
    "Номер счетчика",
    "Количество тарифов",
    "Показание 1",
    "Дата передачи показаний",
    "Помещение",
    "Тип помещения",
    "Показание 2",
    "Показание 3",
    "Показание 4",
    "Дата поверки",
    "Дата следующей поверки",
    "Дата установки",
    "Дата ввода в эксплуатацию",
    "Дата опломбирования",
    "Дата контрольных показаний",
    "Место установки счетчика",
    "Автоматический",
    "Дата вывода из эксплуатации",
    "Разрядность",
    "Знаков после запятой",
    "Межповерочный интервал",
];
const REQUIRED: usize = 7;
const VALUES: [&str; 4] = ["Показание 1", "Показание 2", "Показание 3", "Показание 4"];

/// Reads the first sheet.
pub fn parse(bytes: &[u8]) -> Result<Parsed<MeterRow>, Broken> {
    let sheet = xlsx::first_sheet(bytes)?;
    let mut rows = sheet.iter();
    let (_, header) = rows.next().ok_or(Broken::Empty)?;
    let columns = columns(header)?;
    let mut parsed = Parsed { rows: Vec::new(), rejected: Vec::new(), lines: 0, encoding: None, totals: Vec::new() };
    for (row, cells) in rows {
        if cells.values().all(|cell| text(cell).is_empty()) {
            continue;
        }
        parsed.lines += 1;
        let line = *row as usize + 1;
        match (MeterCells { columns: &columns, cells }).row(line) {
            Ok(row) => parsed.rows.push(Numbered { line, row }),
            Err(mut rejected) => parsed.rejected.append(&mut rejected),
        }
    }
    Ok(parsed)
}

fn columns(header: &Cells) -> Result<HashMap<&'static str, u32>, Broken> {
    let mut columns = HashMap::new();
    for (at, cell) in header {
        let written = plain(&text(cell));
        let Some(known) = COLUMNS.iter().find(|name| plain(name) == written) else { continue };
        if columns.insert(*known, *at).is_some() {
            return Err(Broken::DoubledColumn { name: (*known).to_owned() });
        }
    }
    let missing = |name: &&&str| !columns.contains_key(**name);
    let names: Vec<String> = COLUMNS[..REQUIRED].iter().filter(missing).map(|name| format!("«{name}»")).collect();
    if names.is_empty() { Ok(columns) } else { Err(Broken::MissingColumn { names }) }
}

/// Headers differ in case, spaces and ё.
fn plain(header: &str) -> String {
    header.to_lowercase().replace('ё', "е").split_whitespace().collect::<Vec<_>>().join(" ")
}

struct MeterCells<'a> {
    columns: &'a HashMap<&'static str, u32>,
    cells: &'a Cells,
}

impl MeterCells<'_> {
    fn data(&self, column: &str) -> &Data {
        self.columns.get(column).and_then(|at| self.cells.get(at)).unwrap_or(&Data::Empty)
    }

    fn text(&self, column: &str) -> String {
        text(self.data(column))
    }

    fn date(&self, bad: &mut Vec<Rejected>, line: usize, column: &str) -> Option<NaiveDate> {
        let date = match self.data(column) {
            Data::DateTime(date) => serial_day(date.as_f64()),
            Data::Float(serial) => serial_day(*serial),
            other => cell::date(&text(other)),
        };
        note(bad, line, column, date).flatten()
    }

    fn number(&self, bad: &mut Vec<Rejected>, line: usize, column: &str, from: u8, to: u8) -> Option<u8> {
        let text = self.text(column);
        if text.is_empty() { None } else { note(bad, line, column, cell::number(&text, from, to)) }
    }

    fn row(&self, line: usize) -> Result<MeterRow, Vec<Rejected>> {
        let mut bad = Vec::new();
        let account = note(&mut bad, line, "Лицевой счет", cell::account(&self.text("Лицевой счет")));
        let kind = note(&mut bad, line, "Тип счетчика", resource::from_r3(&self.text("Тип счетчика")));
        let serial = self.text("Номер счетчика");
        if serial.is_empty() {
            bad.push(Rejected::new(line, "Номер счетчика", "номер счётчика не заполнен"));
        }
        let tariffs = self.tariffs(&mut bad, line, kind);
        let dial = kind.and_then(|kind| self.dial(&mut bad, line, kind));
        let on = self.date(&mut bad, line, "Дата передачи показаний");
        let reading = self.reading(&mut bad, line, tariffs, dial.map(|(dial, _)| dial), on);
        let interval_years = self.number(&mut bad, line, "Межповерочный интервал", 1, 30);
        let mut date = |column: &str| self.date(&mut bad, line, column);
        let mut passport = Passport {
            verified_on: date("Дата поверки"),
            verified_until: date("Дата следующей поверки"),
            interval_years,
            installed_on: date("Дата установки"),
            automatic: None,
            archived_on: date("Дата вывода из эксплуатации"),
        };
        for column in ["Дата ввода в эксплуатацию", "Дата опломбирования", "Дата контрольных показаний"]
        {
            date(column);
        }
        let automatic = cell::yes_no(&self.text("Автоматический"));
        passport.automatic = note(&mut bad, line, "Автоматический", automatic).flatten();
        if let (Some(on), Some(until)) = (passport.verified_on, passport.verified_until)
            && until < on
        {
            bad.push(Rejected::new(line, "Дата следующей поверки", "следующая поверка раньше последней"));
        }
        match (account, kind, tariffs, dial) {
            (Some(account), Some(kind), Some(tariffs), Some((dial, dial_stated))) if bad.is_empty() => {
                let place = self.text("Место установки счетчика");
                let title = resource::title(kind);
                let name = if place.is_empty() { title.to_owned() } else { format!("{title}, {place}") };
                Ok(MeterRow { account, kind, serial, name, tariffs, dial, dial_stated, reading, passport })
            }
            _ => Err(bad),
        }
    }

    fn tariffs(&self, bad: &mut Vec<Rejected>, line: usize, kind: Option<domain::MeterKind>) -> Option<u8> {
        let column = "Количество тарифов";
        let tariffs = note(bad, line, column, cell::number(&self.text(column), 1, 4))?;
        if kind.is_some_and(|kind| !kind.tariffs_allowed().contains(&tariffs)) {
            bad.push(Rejected::new(line, column, format!("у такого прибора один тариф, а здесь {tariffs}")));
            return None;
        }
        Some(tariffs)
    }

    fn dial(&self, bad: &mut Vec<Rejected>, line: usize, kind: domain::MeterKind) -> Option<(Dial, bool)> {
        let before = bad.len();
        let digits = self.number(bad, line, "Разрядность", 1, 10);
        let decimals = self.number(bad, line, "Знаков после запятой", 0, 4);
        if bad.len() > before {
            return None;
        }
        let usual = resource::usual_dial(kind);
        let dial = Dial::new(digits.unwrap_or(usual.digits()), decimals.unwrap_or(usual.decimals())).ok()?;
        Some((dial, digits.is_some() || decimals.is_some()))
    }

    fn reading(
        &self,
        bad: &mut Vec<Rejected>,
        line: usize,
        tariffs: Option<u8>,
        dial: Option<Dial>,
        on: Option<NaiveDate>,
    ) -> Option<ReadingCells> {
        let texts = VALUES.map(|column| self.text(column));
        let given = texts.iter().rposition(|text| !text.is_empty()).map_or(0, |last| last + 1);
        let needed = usize::from(tariffs?);
        if given == 0 {
            if on.is_some() {
                bad.push(Rejected::new(line, VALUES[0], "дата передачи есть, а показаний нет"));
            }
            return None;
        }
        if given != needed {
            let reason = format!("показаний {given}, а тарифов {needed}");
            bad.push(Rejected::new(line, VALUES[given.min(needed)], reason));
            return None;
        }
        let mut values = Vec::with_capacity(needed);
        for (column, text) in VALUES.iter().zip(&texts[..needed]) {
            let value = note(bad, line, column, cell::value(text))?;
            if dial.is_some_and(|dial| !dial.holds(value)) {
                let reason = format!("прибор не может показать «{text}»: не та разрядность");
                bad.push(Rejected::new(line, *column, reason));
                return None;
            }
            values.push(value);
        }
        match on {
            Some(on) => Some(ReadingCells { on, values }),
            None => {
                let column = "Дата передачи показаний";
                // A date that was there but wrong has been named already.
                if self.text(column).is_empty() {
                    bad.push(Rejected::new(line, column, "показания есть, а даты нет"));
                }
                None
            }
        }
    }
}

/// What a person sees in the cell.
pub(super) fn text(cell: &Data) -> String {
    match cell {
        Data::String(text) => text.trim().to_owned(),
        Data::Float(number) => shown(*number),
        Data::Int(number) => number.to_string(),
        Data::Bool(yes) => if *yes { "Да" } else { "Нет" }.to_owned(),
        Data::DateTime(date) => date.as_f64().to_string(),
        Data::DateTimeIso(text) => text.split('T').next().unwrap_or_default().to_owned(),
        Data::DurationIso(text) => text.clone(),
        Data::Error(error) => error.to_string(),
        Data::Empty => String::new(),
    }
}

/// Spreadsheets show 15 significant digits; what a formula left behind them is no part of the number.
fn shown(number: f64) -> String {
    format!("{number:.14e}").parse::<f64>().unwrap_or(number).to_string()
}

/// Spreadsheets count days from 30 December 1899.
pub(super) fn serial_day(serial: f64) -> Result<Option<NaiveDate>, String> {
    let wrong = || format!("такой даты нет: «{serial}»");
    if !(20_000.0..80_000.0).contains(&serial) {
        return Err(wrong());
    }
    // Within the bounds just checked; the fraction is the time of day.
    let days = serial.trunc() as u64;
    let epoch = NaiveDate::from_ymd_opt(1899, 12, 30);
    epoch.and_then(|epoch| epoch.checked_add_days(Days::new(days))).map(Some).ok_or_else(wrong)
}

#[cfg(test)]
mod tests;
