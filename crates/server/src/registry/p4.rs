//! P4, «BEZPByymmdd» (docs/domain.md): a DBF table, alone or in a ZIP, with DATA, LS, ADDR, SUMMA.
//!
//! It has neither names nor ЕЛС. DATA is the day of the sum; its month is the month of the bill. The number of records
//! in the header is the control total.

use super::address::Address;
use super::cell;
use super::dbf::{self, Field};
use super::p1::note;
use super::row::{Broken, ChargeRow, Numbered, Parsed, Rejected};
use chrono::NaiveDate;
use domain::Period;
use std::io::Read as _;

/// The fields of the format, for writing.
pub const FIELDS: [Field; 4] = [
    Field { name: "DATA", kind: b'D', length: 8, decimals: 0 },
    Field { name: "LS", kind: b'N', length: 13, decimals: 0 },
    Field { name: "ADDR", kind: b'C', length: 70, decimals: 0 },
    Field { name: "SUMMA", kind: b'N', length: 10, decimals: 2 },
];

/// A table of this size holds every account of a million-strong town; a ZIP that unpacks to more is not a registry.
const MOST_BYTES: u64 = 256 << 20;

/// Reads a file.
pub fn parse(bytes: &[u8]) -> Result<Parsed<ChargeRow>, Broken> {
    let unpacked;
    let bytes = if bytes.starts_with(b"PK") {
        unpacked = unzip(bytes)?;
        &unpacked
    } else {
        bytes
    };
    let table = dbf::read(bytes)?;
    let mut columns = [0; FIELDS.len()];
    let mut missing = Vec::new();
    for (column, field) in columns.iter_mut().zip(FIELDS) {
        match table.fields.iter().position(|name| name == field.name) {
            Some(at) => *column = at,
            None => missing.push(field.name.to_owned()),
        }
    }
    if !missing.is_empty() {
        return Err(Broken::MissingColumn { names: missing });
    }
    let mut parsed = Parsed {
        rows: Vec::with_capacity(table.records.len()),
        rejected: Vec::new(),
        lines: table.records.len(),
        encoding: Some(table.encoding),
        totals: vec![format!("записей в заголовке {}", table.stated)],
    };
    for (line, cells) in &table.records {
        match row(*line, columns.map(|at| cells[at].as_str())) {
            Ok(row) => parsed.rows.push(Numbered { line: *line, row }),
            Err(mut rejected) => parsed.rejected.append(&mut rejected),
        }
    }
    Ok(parsed)
}

fn row(line: usize, [on, account, address, sum]: [&str; 4]) -> Result<ChargeRow, Vec<Rejected>> {
    let mut bad = Vec::new();
    let day = NaiveDate::parse_from_str(on, "%Y%m%d").ok().and_then(|day| {
        Period::new(chrono::Datelike::year(&day), u8::try_from(chrono::Datelike::month(&day)).ok()?).ok().map(|_| day)
    });
    let on = note(&mut bad, line, "DATA", day.ok_or_else(|| format!("такой даты нет: «{on}», нужно ГГГГММДД")));
    let account = note(&mut bad, line, "LS", cell::account(account));
    let parsed = Address::parse(address).ok_or_else(|| format!("в адресе не найти города, улицы и дома: «{address}»"));
    let address = note(&mut bad, line, "ADDR", parsed);
    let sum = note(&mut bad, line, "SUMMA", cell::sum(sum));
    match (on, account, address, sum) {
        (Some(on), Some(account), Some(address), Some(sum)) => Ok(ChargeRow {
            account,
            els: None,
            fias: None,
            payer: String::new(),
            address,
            period: Period::of(on),
            sum,
            on: Some(on),
            services: Vec::new(),
        }),
        _ => Err(bad),
    }
}

fn unzip(bytes: &[u8]) -> Result<Vec<u8>, Broken> {
    let damaged = |_| Broken::Damaged { detail: "архив ZIP не распаковывается".to_owned() };
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).map_err(damaged)?;
    let names: Vec<String> = archive.file_names().filter_map(Result::ok).map(|name| name.into_owned()).collect();
    let tables: Vec<&String> = names.iter().filter(|name| name.to_lowercase().ends_with(".dbf")).collect();
    let [table] = tables.as_slice() else {
        let detail = format!("в архиве должна быть одна таблица .dbf, а их {}", tables.len());
        return Err(Broken::Damaged { detail });
    };
    let entry = archive.by_name(table).map_err(damaged)?;
    let mut unpacked = Vec::new();
    let read = entry.take(MOST_BYTES).read_to_end(&mut unpacked);
    read.map_err(|_| Broken::Damaged { detail: "архив ZIP не распаковывается".to_owned() })?;
    Ok(unpacked)
}

#[cfg(test)]
mod tests;
