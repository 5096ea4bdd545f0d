//! Writing bills: what is written here reads back as it was. The demo town is made with it.

use super::BillRow;
use super::table::{COLUMNS, method_word};
use crate::registry::cell;
use domain::Kopecks;
use domain::bill::BillLine;
use serde_json::{Value, json};

/// A row of B2 and B3: a cell for each of [`COLUMNS`].
pub type Cells = [String; COLUMNS.len()];

/// The rows of a bill in B2 and B3.
pub fn rows(bill: &BillRow) -> Vec<Cells> {
    let mut rows: Vec<Cells> = bill.lines.iter().map(line).collect();
    for recalculation in &bill.recalculations {
        let mut cells = Cells::default();
        put(&mut cells, "Услуга", recalculation.service.clone());
        put(&mut cells, "Основание перерасчёта", recalculation.ground.clone());
        put(&mut cells, "Сумма перерасчёта", recalculation.sum.to_registry());
        rows.push(cells);
    }
    if rows.is_empty() {
        rows.push(Cells::default());
    }
    let first = &mut rows[0];
    let day = |day: Option<chrono::NaiveDate>| day.map(cell::day).unwrap_or_default();
    let sum = |sum: Option<Kopecks>| sum.map(Kopecks::to_registry).unwrap_or_default();
    for (name, text) in [
        ("ЛС", bill.account.as_str().to_owned()),
        ("Период", bill.period.to_string()),
        ("Номер документа", bill.number.clone()),
        ("Дата документа", day(bill.issued_on)),
        ("Оплатить до", day(bill.due_on)),
        ("Долг на начало", sum(bill.opening)),
        ("Оплачено", sum(bill.paid)),
        ("Дата оплаты", day(bill.paid_on)),
        ("Начислено всего", sum(bill.accrued)),
        ("Пени", sum(bill.penalty)),
        ("К оплате", bill.to_pay.to_registry()),
        ("Площадь", bill.area.clone().unwrap_or_default()),
        ("Проживает", bill.residents.map(|residents| residents.to_string()).unwrap_or_default()),
        ("Примечание", bill.note.clone()),
    ] {
        put(first, name, text);
    }
    rows
}

fn line(line: &BillLine) -> Cells {
    let mut cells = Cells::default();
    let comma = |text: String| text.replace('.', ",");
    let sum = |sum: Kopecks| if sum == Kopecks(0) { String::new() } else { sum.to_registry() };
    for (name, text) in [
        ("Услуга", line.service.clone()),
        ("Единица", line.unit.clone()),
        ("Способ", line.method.map(method_word).unwrap_or_default().to_owned()),
        ("Объём", line.volume.map(|volume| comma(volume.to_string())).unwrap_or_default()),
        ("Тариф", line.rate.map(|rate| comma(rate.to_string())).unwrap_or_default()),
        ("Начислено", line.accrued.to_registry()),
        ("Превышение", sum(line.excess)),
        ("Перерасчёт", sum(line.recalculated)),
        ("Льгота", sum(line.discount)),
        ("Итого", line.total.to_registry()),
    ] {
        put(&mut cells, name, text);
    }
    cells
}

fn put(cells: &mut Cells, name: &str, text: String) {
    if let Some(place) = COLUMNS.iter().position(|column| *column == name) {
        cells[place] = text;
    }
}

/// The first row of B2.
pub fn heading() -> String {
    COLUMNS.join(";") + "\r\n"
}

/// A bill as rows of B2.
pub fn text(bill: &BillRow) -> String {
    let row = |cells: Cells| cells.map(|cell| quoted(&cell)).join(";").trim_end_matches(';').to_owned() + "\r\n";
    rows(bill).into_iter().map(row).collect()
}

/// In quotation marks where a reader would otherwise take the cell for something else.
fn quoted(cell: &str) -> String {
    let one_line = cell.replace(['\r', '\n'], " ");
    if one_line.contains([';', '"']) || one_line.starts_with('=') {
        format!("\"{}\"", one_line.replace('"', "\"\""))
    } else {
        one_line
    }
}

/// A bill as a line of B1.
pub fn json(bill: &BillRow) -> String {
    let sum = |sum: Kopecks| sum.to_registry().replace(',', ".");
    let day = |day: Option<chrono::NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    let lines: Vec<Value> = bill
        .lines
        .iter()
        .map(|line| {
            json!({
                "service": line.service, "unit": line.unit, "method": line.method,
                "volume": line.volume, "rate": line.rate, "accrued": sum(line.accrued),
                "excess": sum(line.excess), "recalculated": sum(line.recalculated),
                "discount": sum(line.discount), "total": sum(line.total),
            })
        })
        .collect();
    let recalculations: Vec<Value> = bill
        .recalculations
        .iter()
        .map(|one| json!({"service": one.service, "ground": one.ground, "sum": sum(one.sum)}))
        .collect();
    let whole = json!({
        "account": bill.account.as_str(), "period": bill.period, "number": bill.number,
        "issued_on": day(bill.issued_on), "due_on": day(bill.due_on), "opening": bill.opening.map(sum),
        "paid": bill.paid.map(sum), "paid_on": day(bill.paid_on), "accrued": bill.accrued.map(sum),
        "penalty": bill.penalty.map(sum), "to_pay": sum(bill.to_pay), "area": bill.area,
        "residents": bill.residents, "lines": lines, "recalculations": recalculations, "note": bill.note,
    });
    format!("{whole}\n")
}
