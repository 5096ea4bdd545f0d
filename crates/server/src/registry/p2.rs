//! P2, «Система «Город»» (docs/domain.md): lines that begin with `#` are the header, then
//! `ФИО;Адрес;ЛС;Сумма;код услуги;начало;конец;начислено`, dates `дд/мм/гггг`.
//!
//! `#FILESUM` is the control total. The month is that of the begin; the format may leave it out, and then nobody can tell.

use super::address::Address;
use super::p1::note;
use super::row::{Broken, ChargeRow, Numbered, Parsed, Rejected};
use super::{cell, encoding};
use chrono::NaiveDate;
use domain::{Kopecks, Period};

/// Reads a file.
pub fn parse(bytes: &[u8]) -> Result<Parsed<ChargeRow>, Broken> {
    let decoded = encoding::decode(bytes)?;
    let mut parsed = Parsed {
        rows: Vec::new(),
        rejected: Vec::new(),
        lines: 0,
        encoding: Some(decoded.encoding),
        totals: Vec::new(),
    };
    let (mut stated, mut sum) = (None, Kopecks(0));
    for (index, text) in decoded.text.lines().enumerate() {
        let line = index + 1;
        if let Some(header) = text.strip_prefix('#') {
            let (name, value) = header.split_once(char::is_whitespace).unwrap_or((header, ""));
            if name == "FILESUM" {
                stated = Some(value.trim().to_owned());
            }
            continue;
        }
        if text.trim().is_empty() {
            continue;
        }
        parsed.lines += 1;
        let cells: Vec<&str> = text.split(';').map(str::trim).collect();
        if let Some(Ok(of_row)) = cells.get(3).map(|text| cell::sum(text)) {
            sum = Kopecks(sum.0.saturating_add(of_row.0));
        }
        match row(line, &cells) {
            Ok(row) => parsed.rows.push(Numbered { line, row }),
            Err(mut rejected) => parsed.rejected.append(&mut rejected),
        }
    }
    // Without the total nobody could tell whether the end is missing.
    let Some(stated) = stated else {
        return Err(Broken::Damaged {
            detail: "нет строки #FILESUM с контрольной суммой".to_owned()
        });
    };
    if Kopecks::parse_roubles(&stated) != Ok(sum) {
        return Err(Broken::Totals { what: "сумма", stated, counted: sum.to_registry() });
    }
    parsed.totals.push(format!("сумма {stated}"));
    Ok(parsed)
}

fn row(line: usize, cells: &[&str]) -> Result<ChargeRow, Vec<Rejected>> {
    if cells.len() < 4 {
        let reason = format!("неверное число полей: {}, нужно не меньше 4", cells.len());
        return Err(vec![Rejected::new(line, "вся строка", reason)]);
    }
    let mut bad = Vec::new();
    if cells[0].is_empty() {
        bad.push(Rejected::new(line, "ФИО", "ФИО не заполнено"));
    }
    let address =
        Address::parse(cells[1]).ok_or_else(|| format!("в адресе не найти города, улицы и дома: «{}»", cells[1]));
    let address = note(&mut bad, line, "Адрес", address);
    let account = note(&mut bad, line, "ЛС", cell::account(cells[2]));
    let sum = note(&mut bad, line, "Сумма", cell::sum(cells[3]));
    let period = note(&mut bad, line, "Начало периода", begin(cells.get(5).copied().unwrap_or_default()));
    match (account, address, period, sum) {
        (Some(account), Some(address), Some(period), Some(sum)) if bad.is_empty() => {
            let payer = cells[0].to_owned();
            Ok(ChargeRow {
                account,
                els: None,
                fias: None,
                payer,
                address,
                period,
                sum,
                on: None,
                services: Vec::new(),
            })
        }
        _ => Err(bad),
    }
}

fn begin(text: &str) -> Result<Period, String> {
    if text.is_empty() {
        return Err("начало периода не заполнено".to_owned());
    }
    let day = NaiveDate::parse_from_str(text, "%d/%m/%Y").ok();
    let day = day.filter(|day| (2000..2100).contains(&chrono::Datelike::year(day)));
    day.map(Period::of).ok_or_else(|| format!("такой даты нет: «{text}», нужно ДД/ММ/ГГГГ"))
}

#[cfg(test)]
mod tests;
