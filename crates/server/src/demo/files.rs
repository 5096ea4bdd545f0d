//! The town as registry files.

use super::bills;
use super::town::{Account, Meter, Town};
use crate::registry::cell::day;
use crate::registry::writing::{self, MeterCells};
use crate::registry::{dbf, encoding, p4, r3, resource};
use chrono::Datelike as _;
use domain::MeterValue;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};

/// A file to be written.
#[derive(Debug, Clone)]
pub struct File {
    /// Its name.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// INN and account of the demo utility, as they stand in the name of a bank's file.
const P1_PREFIX: &str = "2124012348_40702810775020000123_001";

/// The files, in the order of their import: accounts first, then their meters, then their bills.
pub fn files(town: &Town) -> Vec<File> {
    let month = town.month;
    vec![
        File { name: format!("{P1_PREFIX}_{}.txt", month.to_mmyy()), bytes: p1(town) },
        File {
            name: format!("BEZPB{:02}{:02}{:02}.dbf", month.year() % 100, month.month(), month.days()),
            bytes: p4(town),
        },
        File { name: format!("pribory-{month}.xlsx"), bytes: r3(town) },
        File { name: format!("pokazaniya-{month}.txt"), bytes: r1(town) },
        File { name: format!("kvitancii-do-{month}.jsonl"), bytes: bills::history(town) },
        File { name: format!("kvitancii-{month}.csv"), bytes: bills::month(town) },
    ]
}

/// The three of the story and every second account come from the bank's text, the others from the table.
fn in_p1(place: usize) -> bool {
    place < 3 || place.is_multiple_of(2)
}

/// The meters of most accounts come from the spreadsheet, of every fifth from the bank's text.
fn in_r3(place: usize) -> bool {
    place < 3 || place % 5 != 4
}

fn accounts(town: &Town, chosen: fn(usize) -> bool) -> impl Iterator<Item = &Account> {
    town.accounts.iter().enumerate().filter(move |(place, _)| chosen(*place)).map(|(_, account)| account)
}

fn p1(town: &Town) -> Vec<u8> {
    let row = |account: &Account| writing::p1_row(&account.cells, town.month, account.sum);
    encoding::to_cp1251(&accounts(town, in_p1).map(row).collect::<String>())
}

fn p4(town: &Town) -> Vec<u8> {
    let on = town.month.day_clamped(31);
    let row = |account: &Account| {
        let sum = account.sum.to_registry().replace(',', ".");
        vec![on.format("%Y%m%d").to_string(), account.cells.number.clone(), account.cells.address.clone(), sum]
    };
    let rows: Vec<Vec<String>> = accounts(town, |place| !in_p1(place)).map(row).collect();
    let small = |number: u32| u8::try_from(number).unwrap_or(0);
    let changed = [small(u32::try_from(on.year() - 1900).unwrap_or(0)), small(on.month()), small(on.day())];
    dbf::write(&p4::FIELDS, changed, &rows)
}

fn r1(town: &Town) -> Vec<u8> {
    let cells = |meter: &Meter| {
        let last = meter.readings.last()?;
        let title = resource::title(meter.kind);
        let name = if meter.place.is_empty() { title.to_owned() } else { format!("{title}, {}", meter.place) };
        Some(MeterCells {
            kind: meter.kind,
            serial: meter.serial.clone(),
            name,
            verified_until: Some(meter.verified_until),
            values: last.values.clone(),
            decimals: meter.dial.decimals(),
            on: last.on,
        })
    };
    let mut text = String::new();
    for account in accounts(town, |place| !in_r3(place)) {
        // The format cannot say that a meter is out of use.
        let meters = account.meters.iter().filter(|meter| meter.archived_on.is_none());
        text.push_str(&writing::r1_row(&account.cells, &meters.filter_map(cells).collect::<Vec<_>>()).0);
    }
    encoding::to_cp1251(&text)
}

fn r3(town: &Town) -> Vec<u8> {
    workbook(town).expect("a sheet of short texts within the format's limits can be written to memory")
}

fn workbook(town: &Town) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    // The day of the file is the month's last: the same town must give the same bytes.
    let last = town.month.day_clamped(31);
    let year = u16::try_from(last.year()).unwrap_or(2026);
    let small = |number: u32| u8::try_from(number).unwrap_or(1);
    let created = ExcelDateTime::from_ymd(year, small(last.month()), small(last.day()))?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&created));
    let sheet = book.add_worksheet();
    sheet.set_name("Приборы")?;
    for (column, name) in (0..).zip(r3::COLUMNS) {
        sheet.write_string(0, column, name)?;
    }
    let mut row = 0;
    for account in accounts(town, in_r3) {
        for meter in &account.meters {
            for taken in &meter.readings {
                row += 1;
                for (column, name) in (0..).zip(r3::COLUMNS) {
                    let text = r3_cell(name, account, meter, taken.on, &taken.values);
                    if !text.is_empty() {
                        sheet.write_string(row, column, text)?;
                    }
                }
            }
        }
    }
    book.save_to_buffer()
}

fn r3_cell(column: &str, account: &Account, meter: &Meter, on: chrono::NaiveDate, values: &[MeterValue]) -> String {
    let value = |tariff: usize| values.get(tariff).map(|value| value.format(meter.dial.decimals(), ','));
    match column {
        "Адрес" => account.house.clone(),
        "Помещение" => account.flat.clone(),
        "Тип помещения" => "Квартира".to_owned(),
        "Лицевой счет" => account.cells.number.clone(),
        "Тип счетчика" => resource::to_r3(meter.kind).to_owned(),
        "Номер счетчика" => meter.serial.clone(),
        "Количество тарифов" => meter.tariffs.to_string(),
        "Показание 1" => value(0).unwrap_or_default(),
        "Показание 2" => value(1).unwrap_or_default(),
        "Показание 3" => value(2).unwrap_or_default(),
        "Показание 4" => value(3).unwrap_or_default(),
        "Дата передачи показаний" => day(on),
        "Дата поверки" => day(meter.verified_on),
        "Дата следующей поверки" => day(meter.verified_until),
        "Дата установки" => day(meter.installed_on),
        "Место установки счетчика" => meter.place.clone(),
        "Автоматический" => if meter.automatic { "Да" } else { "Нет" }.to_owned(),
        "Дата вывода из эксплуатации" => meter.archived_on.map(day).unwrap_or_default(),
        "Разрядность" => meter.dial.digits().to_string(),
        "Знаков после запятой" => meter.dial.decimals().to_string(),
        "Межповерочный интервал" => meter.interval_years.to_string(),
        _ => String::new(),
    }
}
