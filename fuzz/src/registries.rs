//! Files of billing and banks: a row is taken whole or named with its field and a reason, and a file costs no more
//! memory than it is worth.

use domain::{Kopecks, MeterValue};
use server::registry::row::{Broken, ChargeRow, MeterRow, Parsed};
use server::registry::{cell, dbf, encoding, p1, p4, r1, r3};
use std::io::{Cursor, Write};

/// The largest sum that a cell can hold: ten digits of roubles.
const MOST_KOPECKS: i64 = 1_000_000_000_000;

/// P1, text.
pub fn charges(input: &[u8]) {
    for name in ["2124012348_40702810775020000123_001_1026.txt", "a.txt"] {
        whole(&p1::parse(input, name), input, charge, Rows::Told);
    }
    if let Ok(decoded) = encoding::decode(input) {
        assert!(decoded.text.len() <= 3 * input.len(), "a text grew");
        let cp1251 = encoding::to_cp1251(&decoded.text);
        assert!(decoded.encoding != "Windows-1251" || cp1251.len() == input.len());
    }
}

/// P4: a DBF table, alone or in a ZIP.
pub fn tables(input: &[u8]) {
    whole(&p4::parse(input), input, charge, Rows::Told);
    if let Ok(table) = dbf::read(input) {
        assert!(table.records.len() <= table.stated, "more records than stated");
        let cells: usize = table.records.iter().map(|(_, cells)| cells.len()).sum();
        assert!(cells <= input.len(), "{cells} cells out of {} bytes", input.len());
        assert!(table.records.iter().all(|(_, cells)| cells.len() == table.fields.len()));
    }
}

/// R1, text.
pub fn readings(input: &[u8]) {
    // An account without meters is a row without blocks: neither taken nor refused.
    whole(&r1::parse(input), input, meter, Rows::MayBeEmpty);
}

/// R3: a workbook, or the XML of its only sheet.
pub fn meters(input: &[u8]) {
    let book;
    let bytes = if input.starts_with(b"PK") {
        input
    } else {
        book = workbook(input);
        &book
    };
    whole(&r3::parse(bytes), bytes, meter, Rows::Told);
}

/// Whether every row has something to be taken or refused.
#[derive(PartialEq)]
enum Rows {
    Told,
    MayBeEmpty,
}

fn whole<T>(parsed: &Result<Parsed<T>, Broken>, input: &[u8], row: fn(&T), rows: Rows) {
    match parsed {
        Ok(parsed) => {
            for numbered in &parsed.rows {
                assert!(numbered.line > 0, "rows are counted from 1");
                row(&numbered.row);
            }
            for rejected in &parsed.rejected {
                assert!(rejected.line > 0, "rows are counted from 1");
                assert!(
                    !rejected.field.is_empty() && !rejected.reason.is_empty(),
                    "an error without a field or a reason"
                );
            }
            let named = parsed.rows.len() + parsed.rejected.len();
            assert!(parsed.lines == 0 || named > 0 || rows == Rows::MayBeEmpty, "a row was neither taken nor refused");
        }
        Err(Broken::Empty) => {}
        Err(broken) => {
            assert!(!input.is_empty(), "{broken}: it is empty");
            assert!(!broken.to_string().is_empty());
        }
    }
}

fn charge(row: &ChargeRow) {
    assert!((-MOST_KOPECKS..=MOST_KOPECKS).contains(&row.sum.0), "{:?}", row.sum);
    assert_eq!(Kopecks::parse_roubles(&row.sum.to_registry()), Ok(row.sum));
    assert!((2000..2200).contains(&row.period.year()));
    assert!(row.on.is_none_or(|on| domain::Period::of(on) == row.period), "the day is of another month");
    assert_eq!(cell::account(row.account.as_str()).as_ref(), Ok(&row.account));
    assert!(!row.address.full.is_empty() && !row.address.house.is_empty());
}

fn meter(row: &MeterRow) {
    assert!(row.kind.tariffs_allowed().contains(&row.tariffs), "{:?} with {} tariffs", row.kind, row.tariffs);
    assert!(!row.serial.trim().is_empty(), "a meter without a number");
    if let Some(reading) = &row.reading {
        assert_eq!(reading.values.len(), usize::from(row.tariffs));
        for value in &reading.values {
            assert!(*value >= MeterValue::ZERO, "{value}");
            assert!(row.dial.holds(*value), "{:?} cannot show {value}", row.dial);
        }
    }
    let passport = &row.passport;
    let days = [passport.verified_on, passport.verified_until, passport.installed_on, passport.archived_on];
    for day in days.into_iter().flatten() {
        assert_eq!(cell::date(&cell::day(day)), Ok(Some(day)), "a day that cannot be written");
    }
}

const PARTS: [(&str, &str); 4] = [
    (
        "[Content_Types].xml",
        r#"<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>"#,
    ),
    (
        "_rels/.rels",
        r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#,
    ),
    (
        "xl/workbook.xml",
        r#"<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="1" sheetId="1" r:id="rId1"/></sheets></workbook>"#,
    ),
    (
        "xl/_rels/workbook.xml.rels",
        r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#,
    ),
];

/// A workbook around a sheet, so that a change of one byte is a change of the sheet and not of a checksum.
fn workbook(sheet: &[u8]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let stored = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    let parts = PARTS.iter().map(|(name, text)| (*name, text.as_bytes())).chain([("xl/worksheets/sheet1.xml", sheet)]);
    for (name, bytes) in parts {
        archive.start_file(name, stored).expect("in memory");
        archive.write_all(bytes).expect("in memory");
    }
    archive.finish().expect("in memory").into_inner()
}
