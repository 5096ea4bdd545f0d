//! B2 and B3: the same columns as text with `;` and as a spreadsheet, found by their names in the first row.
//!
//! A row is a line of a bill. The columns of the bill itself need to be filled in its first row only: a row that repeats
//! account and month, or leaves both empty, belongs to the bill above it. A row without a service is a bill of sum; one with
//! the ground of a recalculation and without sums of its own is that recalculation. The last row of a text may hold the control totals: `=квитанций;строк;сумма`.

use super::lines::{Lines, cells};
use super::{BillRow, Read, Reading, Stated};
use crate::registry::p1::note;
use crate::registry::row::{Broken, Numbered, Rejected};
use crate::registry::{cell, r3, xlsx};
use calamine::Data;
use domain::Kopecks;
use domain::bill::{BillLine, VolumeMethod};
use domain::decimal::{LineRate, Volume};
use std::io;
use wire::money::Recalculation;

/// The columns, in the order in which we write them.
pub const COLUMNS: [&str; 26] = [
    "ЛС",
    "Период",
    "Номер документа",
    "Дата документа",
    "Оплатить до",
    "Долг на начало",
    "Оплачено",
    "Дата оплаты",
    "Начислено всего",
    "Пени",
    "К оплате",
    "Площадь",
    "Проживает",
    "Примечание",
    "Услуга",
    "Единица",
    "Способ",
    "Объём",
    "Тариф",
    "Начислено",
    "Превышение",
    "Перерасчёт",
    "Льгота",
    "Итого",
    "Основание перерасчёта",
    "Сумма перерасчёта",
];

const NEEDED: [&str; 3] = ["ЛС", "Период", "К оплате"];

/// A row of a table with its number, cells in the table's order.
type Row = (usize, Vec<String>);

/// Where rows come from.
trait Rows {
    fn next(&mut self) -> Result<Option<Row>, Broken>;
    fn encoding(&self) -> Option<&'static str>;
}

struct Text<R>(Lines<R>);

impl<R: io::Read> Rows for Text<R> {
    fn next(&mut self) -> Result<Option<Row>, Broken> {
        let Some((line, _, text)) = self.0.read()? else { return Ok(None) };
        let row = cells(&text, ';').into_iter().map(|cell| cell.into_owned()).collect();
        Ok(Some((line, row)))
    }

    fn encoding(&self) -> Option<&'static str> {
        Some(self.0.encoding())
    }
}

struct Sheet(std::collections::btree_map::IntoIter<u32, xlsx::Cells>);

impl Rows for Sheet {
    fn next(&mut self) -> Result<Option<Row>, Broken> {
        let Some((row, cells)) = self.0.next() else { return Ok(None) };
        let width = cells.keys().next_back().map_or(0, |last| *last as usize + 1);
        let mut texts = vec![String::new(); width.min(MOST_COLUMNS)];
        for (column, data) in cells {
            if let Some(text) = texts.get_mut(column as usize) {
                *text = shown(&data);
            }
        }
        Ok(Some((row as usize + 1, texts)))
    }

    fn encoding(&self) -> Option<&'static str> {
        None
    }
}

/// More than the form has, so that a far cell does not make a wide row.
const MOST_COLUMNS: usize = 256;

/// A day stays a day: spreadsheets keep it as a number with a form.
fn shown(data: &Data) -> String {
    match data {
        Data::DateTime(day) => {
            r3::serial_day(day.as_f64()).ok().flatten().map_or_else(|| r3::text(data), |day| day.to_string())
        }
        other => r3::text(other),
    }
}

/// A file of B2 or B3.
pub struct Table<'a> {
    rows: Box<dyn Rows + Send + 'a>,
    /// The column of each of [`COLUMNS`].
    places: Vec<Option<usize>>,
    /// The first row of the next bill.
    ahead: Option<Row>,
    stated: Stated,
    count: usize,
}

impl<'a> Table<'a> {
    /// Begins to read a text.
    pub fn text<R: io::Read + Send + 'a>(reader: R, sample: &[u8]) -> Result<Self, Broken> {
        Self::new(Box::new(Text(Lines::new(reader, sample)?)))
    }

    /// Begins to read a workbook.
    pub fn sheet(bytes: &[u8]) -> Result<Self, Broken> {
        Self::new(Box::new(Sheet(xlsx::first_sheet(bytes)?.into_iter())))
    }

    fn new(mut rows: Box<dyn Rows + Send + 'a>) -> Result<Self, Broken> {
        let (_, heading) = rows.next()?.ok_or(Broken::Empty)?;
        let mut places = Vec::with_capacity(COLUMNS.len());
        for name in COLUMNS {
            let mut found =
                heading.iter().enumerate().filter(|(_, cell)| cell.trim().to_lowercase() == name.to_lowercase());
            let place = found.next().map(|(place, _)| place);
            if found.next().is_some() {
                return Err(Broken::DoubledColumn { name: name.to_owned() });
            }
            places.push(place);
        }
        let mut table = Self { rows, places, ahead: None, stated: Stated::default(), count: 0 };
        let missing: Vec<String> =
            NEEDED.iter().filter(|name| table.place(name).is_none()).map(|name| (*name).to_owned()).collect();
        if !missing.is_empty() {
            return Err(Broken::MissingColumn { names: missing });
        }
        table.ahead = table.row()?;
        Ok(table)
    }

    fn place(&self, name: &str) -> Option<usize> {
        let at = COLUMNS.iter().position(|known| *known == name)?;
        self.places[at]
    }

    fn cell<'r>(&self, row: &'r Row, name: &str) -> &'r str {
        self.place(name).and_then(|place| row.1.get(place)).map_or("", |cell| cell.trim())
    }

    /// The next row of data; totals are kept aside.
    fn row(&mut self) -> Result<Option<Row>, Broken> {
        while let Some(row) = self.rows.next()? {
            if let Some(bills) = row.1.first().and_then(|first| first.trim().strip_prefix('=')) {
                let cell = |at: usize| row.1.get(at).map(|cell| cell.trim().to_owned()).filter(|cell| !cell.is_empty());
                self.stated = Stated { bills: Some(bills.trim().to_owned()), lines: cell(1), to_pay: cell(2) };
                continue;
            }
            if row.1.iter().any(|cell| !cell.trim().is_empty()) {
                self.count += 1;
                return Ok(Some(row));
            }
        }
        Ok(None)
    }

    fn first(&self, bad: &mut Vec<Rejected>, row: &Row) -> Option<BillRow> {
        let line = row.0;
        let account = note(bad, line, "ЛС", cell::account(self.cell(row, "ЛС")));
        let period = note(bad, line, "Период", cell::month(self.cell(row, "Период")));
        let to_pay = note(bad, line, "К оплате", cell::sum(self.cell(row, "К оплате")));
        let mut day = |name: &str| note(bad, line, name, cell::date(self.cell(row, name))).flatten();
        let (issued_on, due_on, paid_on) = (day("Дата документа"), day("Оплатить до"), day("Дата оплаты"));
        let mut sum = |name: &str| self.sum(bad, row, name);
        let (opening, paid) = (sum("Долг на начало"), sum("Оплачено"));
        let (accrued, penalty) = (sum("Начислено всего"), sum("Пени"));
        let residents = Some(self.cell(row, "Проживает")).filter(|text| !text.is_empty()).and_then(|text| {
            let residents = text.parse::<u16>().map_err(|_| format!("нужно целое число, а здесь «{text}»"));
            note(bad, line, "Проживает", residents)
        });
        let area = Some(self.cell(row, "Площадь")).filter(|text| !text.is_empty()).map(str::to_owned);
        let text = |name: &str| self.cell(row, name).to_owned();
        Some(BillRow {
            account: account?,
            period: period?,
            number: text("Номер документа"),
            issued_on,
            due_on,
            opening,
            paid,
            paid_on,
            accrued,
            penalty,
            to_pay: to_pay?,
            area,
            residents,
            lines: Vec::new(),
            recalculations: Vec::new(),
            note: text("Примечание"),
        })
    }

    fn sum(&self, bad: &mut Vec<Rejected>, row: &Row, name: &str) -> Option<Kopecks> {
        let text = self.cell(row, name);
        if text.is_empty() { None } else { note(bad, row.0, name, cell::sum(text)) }
    }

    fn line(&self, bad: &mut Vec<Rejected>, row: &Row) -> Option<BillLine> {
        let service = self.cell(row, "Услуга");
        let empty = |name: &str| self.cell(row, name).is_empty();
        let only_recalculates = !empty("Основание перерасчёта") && empty("Начислено") && empty("Итого");
        if service.is_empty() || only_recalculates {
            return None;
        }
        let line = row.0;
        let filled = |name: &'static str| Some(self.cell(row, name)).filter(|text| !text.is_empty());
        let method = filled("Способ").and_then(|text| note(bad, line, "Способ", method(text)));
        let volume = filled("Объём").and_then(|text| note(bad, line, "Объём", cell::decimal(text, Volume::parse)));
        let rate = filled("Тариф").and_then(|text| note(bad, line, "Тариф", cell::decimal(text, LineRate::parse)));
        for name in ["Начислено", "Итого"] {
            if filled(name).is_none() {
                bad.push(Rejected::new(line, name, "сумма не заполнена"));
            }
        }
        let mut sum = |name: &str| self.sum(bad, row, name).unwrap_or_default();
        Some(BillLine {
            service: service.to_owned(),
            unit: self.cell(row, "Единица").to_owned(),
            method,
            volume,
            rate,
            accrued: sum("Начислено"),
            excess: sum("Превышение"),
            recalculated: sum("Перерасчёт"),
            discount: sum("Льгота"),
            total: sum("Итого"),
        })
    }

    fn recalculation(&self, bad: &mut Vec<Rejected>, row: &Row) -> Option<Recalculation> {
        let ground = self.cell(row, "Основание перерасчёта");
        if ground.is_empty() {
            return None;
        }
        let sum = self.sum(bad, row, "Сумма перерасчёта").or_else(|| self.sum(bad, row, "Перерасчёт"));
        if sum.is_none() {
            bad.push(Rejected::new(row.0, "Сумма перерасчёта", "сумма не заполнена"));
        }
        Some(Recalculation { service: self.cell(row, "Услуга").to_owned(), ground: ground.to_owned(), sum: sum? })
    }

    /// Whether a row goes on with the bill that `first` began.
    fn continues(&self, first: &Row, row: &Row) -> bool {
        let key = |row| (self.cell(row, "ЛС"), self.cell(row, "Период"));
        key(row) == ("", "") || key(row) == key(first)
    }
}

impl Reading for Table<'_> {
    fn next(&mut self) -> Result<Option<Read>, Broken> {
        let Some(first) = self.ahead.take() else { return Ok(None) };
        let mut bad = Vec::new();
        let mut bill = self.first(&mut bad, &first);
        let mut next = Some(first.clone());
        while let Some(row) = next {
            let (line, recalculation) = (self.line(&mut bad, &row), self.recalculation(&mut bad, &row));
            if let Some(bill) = &mut bill {
                bill.lines.extend(line);
                bill.recalculations.extend(recalculation);
            }
            next = self.row()?;
            if next.as_ref().is_some_and(|row| !self.continues(&first, row)) {
                self.ahead = next.take();
            }
        }
        Ok(Some(match bill {
            Some(row) if bad.is_empty() => Ok(Numbered { line: first.0, row }),
            _ => Err(bad),
        }))
    }

    fn stated(&self) -> &Stated {
        &self.stated
    }

    fn rows(&self) -> usize {
        self.count
    }

    fn encoding(&self) -> Option<&'static str> {
        self.rows.encoding()
    }
}

/// «Способ» of a volume.
fn method(text: &str) -> Result<VolumeMethod, String> {
    match text.to_lowercase().as_str() {
        "прибор" | "счётчик" | "счетчик" | "ипу" => Ok(VolumeMethod::Meter),
        "норматив" => Ok(VolumeMethod::Norm),
        "среднее" => Ok(VolumeMethod::Average),
        "иное" => Ok(VolumeMethod::Other),
        _ => Err(format!("нужно «прибор», «среднее», «норматив» или «иное», а здесь «{text}»")),
    }
}

/// The word for [`method`].
pub const fn method_word(method: VolumeMethod) -> &'static str {
    match method {
        VolumeMethod::Meter => "прибор",
        VolumeMethod::Average => "среднее",
        VolumeMethod::Norm => "норматив",
        VolumeMethod::Other => "иное",
    }
}
