//! R1, «Сбер показания» (docs/domain.md): `ЛС;ФИО;ЕЛС;ФИАС;Адрес`, then blocks of seven:
//! `тип;номер ПУ;название;дата след. поверки;показание;дата;доп.`
//!
//! A meter of several tariffs is several blocks with one number. The format knows no face of a meter: it is the usual
//! one of the kind, with as many decimals as the value has.

use super::p1::note;
use super::resource::{self, BankType};
use super::row::{Broken, MeterRow, Numbered, Parsed, Passport, ReadingCells, Rejected};
use super::{cell, encoding};
use chrono::NaiveDate;
use domain::{AccountNumber, Dial, MeterValue};

const ACCOUNT_CELLS: usize = 5;
const BLOCK: usize = 7;

/// Reads a file.
pub fn parse(bytes: &[u8]) -> Result<Parsed<MeterRow>, Broken> {
    let decoded = encoding::decode(bytes)?;
    let mut parsed = Parsed {
        rows: Vec::new(),
        rejected: Vec::new(),
        lines: 0,
        encoding: Some(decoded.encoding),
        totals: Vec::new(),
    };
    // A row may have any number of blocks: only the line end tells that it is whole.
    if !decoded.text.ends_with('\n') {
        let detail = format!("последняя строка {} не закончена переводом строки", decoded.text.lines().count());
        return Err(Broken::Truncated { detail });
    }
    for (index, text) in decoded.text.lines().enumerate() {
        let line = index + 1;
        if text.trim().is_empty() {
            continue;
        }
        parsed.lines += 1;
        let cells: Vec<&str> = text.split(';').map(str::trim).collect();
        account_row(line, &cells, &mut parsed);
    }
    Ok(parsed)
}

/// The cells of the blocks, without a last empty cell that some programs add.
fn block_cells<'a, 'b>(cells: &'a [&'b str]) -> Option<&'a [&'b str]> {
    let blocks = cells.get(ACCOUNT_CELLS..)?;
    match blocks.len() % BLOCK {
        0 => Some(blocks),
        1 if blocks.last().is_some_and(|last| last.is_empty()) => Some(&blocks[..blocks.len() - 1]),
        _ => None,
    }
}

fn account_row(line: usize, cells: &[&str], parsed: &mut Parsed<MeterRow>) {
    let Some(blocks) = block_cells(cells) else {
        let reason = format!("неверное число полей: {}, нужно {ACCOUNT_CELLS} и по {BLOCK} на прибор", cells.len());
        parsed.rejected.push(Rejected::new(line, "вся строка", reason));
        return;
    };
    let Some(account) = note(&mut parsed.rejected, line, "ЛС", cell::account(cells[0])) else { return };
    note(&mut parsed.rejected, line, "ЕЛС", cell::els(cells[2]));
    let mut meters: Vec<Vec<Block<'_>>> = Vec::new();
    for block in blocks.chunks_exact(BLOCK) {
        let serial = block[1];
        let field = |name: &str| format!("{name}, прибор «{serial}»");
        if serial.is_empty() {
            parsed.rejected.push(Rejected::new(line, "Номер ПУ", "номер прибора не заполнен"));
            continue;
        }
        let before = parsed.rejected.len();
        let bank_type = note(&mut parsed.rejected, line, &field("Тип"), resource::from_r1(block[0]));
        let until = note(&mut parsed.rejected, line, &field("Дата поверки"), cell::date(block[3])).flatten();
        let on = note(&mut parsed.rejected, line, &field("Дата"), cell::date(block[5])).flatten();
        let value = (!block[4].is_empty())
            .then(|| note(&mut parsed.rejected, line, &field("Показание"), cell::value(block[4])))
            .flatten();
        if parsed.rejected.len() > before {
            continue;
        }
        let Some(bank_type) = bank_type else { continue };
        let block = Block { bank_type, serial, name: block[2], until, value, on };
        match meters.iter_mut().find(|meter| meter[0].same_meter(&block)) {
            Some(meter) => meter.push(block),
            None => meters.push(vec![block]),
        }
    }
    for blocks in meters {
        match meter(&account, &blocks) {
            Ok(row) => parsed.rows.push(Numbered { line, row }),
            Err(reason) => {
                parsed.rejected.push(Rejected::new(line, format!("Прибор «{}»", blocks[0].serial), reason));
            }
        }
    }
}

struct Block<'a> {
    bank_type: BankType,
    serial: &'a str,
    name: &'a str,
    until: Option<NaiveDate>,
    value: Option<MeterValue>,
    on: Option<NaiveDate>,
}

impl Block<'_> {
    fn same_meter(&self, other: &Self) -> bool {
        self.serial == other.serial
            && self.bank_type.kind == other.bank_type.kind
            && self.bank_type.tariffs == other.bank_type.tariffs
    }
}

fn meter(account: &AccountNumber, blocks: &[Block<'_>]) -> Result<MeterRow, String> {
    let BankType { kind, tariffs, .. } = blocks[0].bank_type;
    let mut by_tariff: Vec<&Block<'_>> = Vec::new();
    for tariff in 0..tariffs {
        let mut of_tariff = blocks.iter().filter(|block| block.bank_type.tariff == tariff);
        match (of_tariff.next(), of_tariff.next()) {
            (Some(block), None) => by_tariff.push(block),
            (None, _) => return Err(format!("тарифов {tariffs}, а показаны не все")),
            (Some(_), Some(_)) => return Err("один и тот же тариф показан дважды".to_owned()),
        }
    }
    let values: Vec<MeterValue> = by_tariff.iter().filter_map(|block| block.value).collect();
    let on = by_tariff.iter().find_map(|block| block.on);
    let reading = match (values.len(), on) {
        (0, _) => None,
        (given, _) if given != usize::from(tariffs) => {
            return Err(format!("показаний {given}, а тарифов {tariffs}"));
        }
        (_, None) => return Err("показания есть, а даты нет".to_owned()),
        (_, Some(on)) if by_tariff.iter().any(|block| block.on != Some(on)) => {
            return Err("даты показаний по тарифам разные".to_owned());
        }
        (_, Some(on)) => Some(ReadingCells { on, values: values.clone() }),
    };
    let usual = resource::usual_dial(kind);
    let decimals = values.iter().map(|value| value.decimals_used()).fold(usual.decimals(), u8::max);
    let dial = Dial::new(usual.digits(), decimals).map_err(|_| "такой разрядности не бывает".to_owned())?;
    if values.iter().any(|value| !dial.holds(*value)) {
        return Err(format!("показание больше, чем бывает на таком приборе: цифр до запятой {}", dial.digits()));
    }
    let name = by_tariff.iter().map(|block| block.name).find(|name| !name.is_empty());
    let name = name.map_or_else(|| resource::title(kind).to_owned(), str::to_owned);
    let passport = Passport { verified_until: by_tariff.iter().find_map(|block| block.until), ..Passport::default() };
    let (account, serial) = (account.clone(), blocks[0].serial.to_owned());
    Ok(MeterRow { account, kind, serial, name, tariffs, dial, dial_stated: false, reading, passport })
}

#[cfg(test)]
mod tests;
