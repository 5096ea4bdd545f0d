//! B1: JSON, one bill a line, UTF-8. Sums and volumes are decimal texts or numbers, read to the kopeck and never as
//! floats. The first or last line may hold the control totals: `{"bills":1500,"lines":13420,"to_pay":"4801233,20"}`.

use super::lines::Lines;
use super::{BillRow, Read, Reading, Stated};
use crate::registry::cell;
use crate::registry::p1::note;
use crate::registry::row::{Broken, Numbered, Rejected};
use domain::bill::{BillLine, VolumeMethod};
use domain::decimal::{LineRate, Volume};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::io;
use wire::money::Recalculation;

/// A number, or a text with one.
#[derive(Deserialize, Clone, Copy)]
#[serde(transparent)]
struct Number<'a>(#[serde(borrow)] &'a RawValue);

impl Number<'_> {
    fn text(self) -> Cow<'static, str> {
        let raw = self.0.get();
        let text = serde_json::from_str::<String>(raw).unwrap_or_else(|_| raw.to_owned());
        Cow::Owned(text)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BillText<'a> {
    account: Cow<'a, str>,
    period: Cow<'a, str>,
    #[serde(default)]
    number: String,
    #[serde(default)]
    issued_on: Cow<'a, str>,
    #[serde(default)]
    due_on: Cow<'a, str>,
    #[serde(default, borrow)]
    opening: Option<Number<'a>>,
    #[serde(default, borrow)]
    paid: Option<Number<'a>>,
    #[serde(default)]
    paid_on: Cow<'a, str>,
    #[serde(default, borrow)]
    accrued: Option<Number<'a>>,
    #[serde(default, borrow)]
    penalty: Option<Number<'a>>,
    #[serde(borrow)]
    to_pay: Number<'a>,
    #[serde(default)]
    area: Option<String>,
    #[serde(default)]
    residents: Option<u16>,
    #[serde(default, borrow)]
    lines: Vec<LineText<'a>>,
    #[serde(default, borrow)]
    recalculations: Vec<RecalculationText<'a>>,
    #[serde(default)]
    note: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LineText<'a> {
    service: String,
    #[serde(default)]
    unit: String,
    #[serde(default)]
    method: Option<VolumeMethod>,
    #[serde(default, borrow)]
    volume: Option<Number<'a>>,
    #[serde(default, borrow)]
    rate: Option<Number<'a>>,
    #[serde(borrow)]
    accrued: Number<'a>,
    #[serde(default, borrow)]
    excess: Option<Number<'a>>,
    #[serde(default, borrow)]
    recalculated: Option<Number<'a>>,
    #[serde(default, borrow)]
    discount: Option<Number<'a>>,
    #[serde(borrow)]
    total: Number<'a>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RecalculationText<'a> {
    service: String,
    ground: String,
    #[serde(borrow)]
    sum: Number<'a>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Totals<'a> {
    #[serde(borrow)]
    bills: Number<'a>,
    #[serde(default, borrow)]
    lines: Option<Number<'a>>,
    #[serde(default, borrow)]
    to_pay: Option<Number<'a>>,
}

/// A file of B1.
pub struct Json<R> {
    lines: Lines<R>,
    stated: Stated,
    rows: usize,
}

impl<R: io::Read> Json<R> {
    /// Begins to read.
    pub fn new(reader: R, sample: &[u8]) -> Result<Self, Broken> {
        Ok(Self { lines: Lines::new(reader, sample)?, stated: Stated::default(), rows: 0 })
    }
}

impl<R: io::Read> Reading for Json<R> {
    fn next(&mut self) -> Result<Option<Read>, Broken> {
        while let Some((line, ended, text)) = self.lines.read()? {
            let text = text.trim().to_owned();
            let text = text.as_str();
            if let Ok(totals) = serde_json::from_str::<Totals<'_>>(text) {
                let shown = |number: Number<'_>| number.text().into_owned();
                let (bills, lines) = (Some(shown(totals.bills)), totals.lines.map(shown));
                self.stated = Stated { bills, lines, to_pay: totals.to_pay.map(shown) };
                continue;
            }
            self.rows += 1;
            let read = match serde_json::from_str::<BillText<'_>>(text) {
                Ok(bill) => bill.read(line).map(|row| Numbered { line, row }),
                // A line that stops in the middle without an end is a file that was cut.
                Err(error) if error.is_eof() && !ended => {
                    return Err(Broken::Truncated {
                        detail: format!("последняя строка {line} не закончена")
                    });
                }
                Err(error) => Err(vec![misread(line, &error)]),
            };
            return Ok(Some(read));
        }
        Ok(None)
    }

    fn stated(&self) -> &Stated {
        &self.stated
    }

    fn rows(&self) -> usize {
        self.rows
    }

    fn encoding(&self) -> Option<&'static str> {
        Some(self.lines.encoding())
    }
}

/// Which field of a line cannot be read, and what to do about it.
fn misread(line: usize, error: &serde_json::Error) -> Rejected {
    let told = error.to_string();
    // A name may be empty, too: {"":1}.
    let named = told.split('`').nth(1).filter(|name| !name.trim().is_empty()).unwrap_or("без имени");
    let (field, reason) = match error.classify() {
        serde_json::error::Category::Data if told.starts_with("missing field") => {
            (named, "поле не заполнено, без него квитанции нет".to_owned())
        }
        serde_json::error::Category::Data if told.starts_with("duplicate field") => {
            (named, "поле стоит в строке дважды: оставьте одно".to_owned())
        }
        serde_json::error::Category::Data if told.starts_with("unknown field") => {
            (named, "такого поля в квитанции нет: проверьте его имя или уберите".to_owned())
        }
        serde_json::error::Category::Data if told.starts_with("unknown variant") => {
            ("вся строка", format!("значение «{named}» не подходит, знак {}", error.column()))
        }
        serde_json::error::Category::Data => (
            "вся строка",
            format!("значение записано не так, знак {}: тексты пишут в кавычках, списки в [ ]", error.column()),
        ),
        _ => (
            "вся строка",
            format!("это не квитанция в JSON, знак {}: проверьте кавычки, запятые и скобки", error.column()),
        ),
    };
    Rejected::new(line, field, reason)
}

impl BillText<'_> {
    fn read(self, line: usize) -> Result<BillRow, Vec<Rejected>> {
        let mut bad = Vec::new();
        let account = note(&mut bad, line, "account", cell::account(&self.account));
        let period = note(&mut bad, line, "period", cell::month(&self.period));
        let issued_on = note(&mut bad, line, "issued_on", cell::date(&self.issued_on)).flatten();
        let due_on = note(&mut bad, line, "due_on", cell::date(&self.due_on)).flatten();
        let paid_on = note(&mut bad, line, "paid_on", cell::date(&self.paid_on)).flatten();
        let mut sum = |field: &str, number: Option<Number<'_>>| {
            number.and_then(|number| note(&mut bad, line, field, cell::sum(&number.text())))
        };
        let (opening, paid) = (sum("opening", self.opening), sum("paid", self.paid));
        let (accrued, penalty) = (sum("accrued", self.accrued), sum("penalty", self.penalty));
        let to_pay = sum("to_pay", Some(self.to_pay));
        let lines: Vec<BillLine> = self.lines.into_iter().filter_map(|text| text.read(&mut bad, line)).collect();
        let mut recalculations = Vec::with_capacity(self.recalculations.len());
        for RecalculationText { service, ground, sum } in self.recalculations {
            let sum = note(&mut bad, line, "recalculations.sum", cell::sum(&sum.text()));
            recalculations.extend(sum.map(|sum| Recalculation { service, ground, sum }));
        }
        let (area, residents, number, note) = (self.area, self.residents, self.number, self.note);
        match (account, period, to_pay) {
            (Some(account), Some(period), Some(to_pay)) if bad.is_empty() => Ok(BillRow {
                account,
                period,
                number,
                issued_on,
                due_on,
                opening,
                paid,
                paid_on,
                accrued,
                penalty,
                to_pay,
                area,
                residents,
                lines,
                recalculations,
                note,
            }),
            _ => Err(bad),
        }
    }
}

impl LineText<'_> {
    fn read(self, bad: &mut Vec<Rejected>, line: usize) -> Option<BillLine> {
        let before = bad.len();
        if self.service.trim().is_empty() {
            bad.push(Rejected::new(line, "lines.service", "услуга не названа"));
        }
        let field = |name: &str| format!("lines.{name}, «{}»", self.service);
        let volume = self
            .volume
            .and_then(|number| note(bad, line, &field("volume"), cell::decimal(&number.text(), Volume::parse)));
        let rate = self
            .rate
            .and_then(|number| note(bad, line, &field("rate"), cell::decimal(&number.text(), LineRate::parse)));
        let mut sum = |name: &str, number: Option<Number<'_>>| match number {
            Some(number) => note(bad, line, &field(name), cell::sum(&number.text())).unwrap_or_default(),
            None => domain::Kopecks(0),
        };
        let (accrued, excess) = (sum("accrued", Some(self.accrued)), sum("excess", self.excess));
        let (recalculated, discount) = (sum("recalculated", self.recalculated), sum("discount", self.discount));
        let total = sum("total", Some(self.total));
        let Self { service, unit, method, .. } = self;
        (bad.len() == before).then_some(BillLine {
            service,
            unit,
            method,
            volume,
            rate,
            accrued,
            excess,
            recalculated,
            discount,
            total,
        })
    }
}
