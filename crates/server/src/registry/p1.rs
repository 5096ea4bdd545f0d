//! P1, «Сбер начисления (новый)» (docs/domain.md): `ЛС;ЕЛС;ФИАС[,№];ФИО;Адрес;Период;Сумма`, no header, no escape.
//!
//! A totals line `=количество;сумма` may close the file, as it does in other files of the bank; then it must agree.

use super::address::Address;
use super::row::{Broken, ChargeRow, Numbered, Parsed, Rejected};
use super::{cell, encoding};
use domain::{Kopecks, Period};

const FIELDS: usize = 7;

/// Reads a file. The month in a name like `ИНН_РС_НОМЕР_ММГГ.txt` must be that of the rows.
pub fn parse(bytes: &[u8], file_name: &str) -> Result<Parsed<ChargeRow>, Broken> {
    let decoded = encoding::decode(bytes)?;
    let named = period_of_name(file_name);
    let mut parsed = Parsed {
        rows: Vec::new(),
        rejected: Vec::new(),
        lines: 0,
        encoding: Some(decoded.encoding),
        totals: Vec::new(),
    };
    let mut stated = None;
    let mut sum = Kopecks(0);
    for (index, text) in decoded.text.lines().enumerate() {
        let line = index + 1;
        if text.trim().is_empty() {
            continue;
        }
        if let Some(totals) = text.strip_prefix('=') {
            stated = Some(totals.to_owned());
            continue;
        }
        parsed.lines += 1;
        let cells: Vec<&str> = text.split(';').map(str::trim).collect();
        if let Some(Ok(of_row)) = cells.get(FIELDS - 1).map(|text| cell::sum(text)) {
            sum = sum + of_row;
        }
        match row(line, &cells, named) {
            Ok(row) => parsed.rows.push(Numbered { line, row }),
            Err(mut rejected) => parsed.rejected.append(&mut rejected),
        }
    }
    if stated.is_none() && !decoded.text.ends_with('\n') {
        whole_end(&decoded.text)?;
    }
    if let Some(stated) = stated {
        parsed.totals = compare(&stated, parsed.lines, sum)?;
    }
    Ok(parsed)
}

/// `1234567890_40702810012345678912_001_1219.txt` is December 2019.
pub fn period_of_name(file_name: &str) -> Option<Period> {
    let stem = file_name.rsplit_once('.').map_or(file_name, |(stem, _)| stem);
    let parts: Vec<&str> = stem.split('_').collect();
    match parts.as_slice() {
        [_, _, _, month] => Period::parse_mmyy(month).ok(),
        _ => None,
    }
}

fn row(line: usize, cells: &[&str], named: Option<Period>) -> Result<ChargeRow, Vec<Rejected>> {
    // A separator behind the last field is how some programs end a row.
    let count = if cells.len() == FIELDS + 1 && cells[FIELDS].is_empty() { FIELDS } else { cells.len() };
    if count != FIELDS {
        let reason = format!("неверное число полей: {count}, нужно {FIELDS}");
        return Err(vec![Rejected::new(line, "вся строка", reason)]);
    }
    let mut bad = Vec::new();
    let account = note(&mut bad, line, "ЛС", cell::account(cells[0]));
    let els = note(&mut bad, line, "ЕЛС", cell::els(cells[1]));
    let fias = cells[2].split(',').next().map(str::trim).filter(|guid| !guid.is_empty()).map(str::to_owned);
    if fias.as_ref().is_some_and(|guid| uuid::Uuid::parse_str(guid).is_err()) {
        bad.push(Rejected::new(line, "ФИАС", format!("это не код ФИАС: «{}»", cells[2])));
    }
    if cells[3].is_empty() {
        bad.push(Rejected::new(line, "ФИО", "ФИО не заполнено"));
    }
    let address =
        Address::parse(cells[4]).ok_or_else(|| format!("в адресе не найти города, улицы и дома: «{}»", cells[4]));
    let address = note(&mut bad, line, "Адрес", address);
    let period = match (cells[5], named) {
        ("", Some(named)) => Ok(named),
        ("", None) => Err("период не заполнен".to_owned()),
        (text, _) => cell::period(text),
    };
    let period = note(&mut bad, line, "Период", period);
    if let (Some(period), Some(named)) = (period, named)
        && period != named
    {
        let reason = format!("период {}, а файл за {}", period.to_mmyy(), named.to_mmyy());
        bad.push(Rejected::new(line, "Период", reason));
    }
    let sum = note(&mut bad, line, "Сумма", cell::sum(cells[6]));
    match (account, els, address, period, sum) {
        (Some(account), Some(els), Some(address), Some(period), Some(sum)) if bad.is_empty() => Ok(ChargeRow {
            account,
            els,
            fias,
            payer: cells[3].to_owned(),
            address,
            period,
            sum,
            on: None,
            services: Vec::new(),
        }),
        _ => Err(bad),
    }
}

/// Keeps a good cell and writes a bad one down.
pub(super) fn note<T>(bad: &mut Vec<Rejected>, line: usize, field: &str, cell: Result<T, String>) -> Option<T> {
    cell.map_err(|reason| bad.push(Rejected::new(line, field, reason))).ok()
}

/// A file that was cut ends inside a row. Without a line end, only a last row that is whole to the kopeck is believed.
fn whole_end(text: &str) -> Result<(), Broken> {
    let last = text.lines().last().unwrap_or_default();
    let cells: Vec<&str> = last.split(';').collect();
    let kopecks = cells.get(FIELDS - 1).and_then(|sum| sum.rsplit_once([',', '.'])).map_or("", |(_, kopecks)| kopecks);
    if cells.len() >= FIELDS && (kopecks.len() == 2 || cells.len() > FIELDS) {
        Ok(())
    } else {
        let detail = format!("последняя строка {} не закончена", text.lines().count());
        Err(Broken::Truncated { detail })
    }
}

fn compare(stated: &str, lines: usize, sum: Kopecks) -> Result<Vec<String>, Broken> {
    let mut cells = stated.split(';');
    let (count, total) = (cells.next().unwrap_or_default().trim(), cells.next().unwrap_or_default().trim());
    if count != lines.to_string() {
        return Err(Broken::Totals { what: "строк", stated: count.to_owned(), counted: lines.to_string() });
    }
    if Kopecks::parse_roubles(total) != Ok(sum) {
        return Err(Broken::Totals { what: "сумма", stated: total.to_owned(), counted: sum.to_registry() });
    }
    Ok(vec![format!("строк {count}"), format!("сумма {total}")])
}

#[cfg(test)]
mod tests;
