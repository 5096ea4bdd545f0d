use super::*;
use base64::Engine as _;
use domain::Kopecks;
use sha2::{Digest as _, Sha256};
use std::io::Write as _;

/// The sample of docs/domain.md
const GOLDEN: &str = "A34KAQEAAAChAGYAAAAAAAAAAAAAAAAAAAAAAABlAABEQVRBAAAAAAAAAEQAAAAACAAAAAAAAAAAAAAAAAAAAExTAAAAAAAAAAAATgAAAAANAAAAAAAAAAAAAAAAAAAAQUREUgAAAAAAAABDAAAAAEYAAAAAAAAAAAAAAAAAAABTVU1NQQAAAAAAAE4AAAAACgIAAAAAAAAAAAAAAAAAAA0gMjAyNjEwMDEgICAxMjM0NTY3ODkwoy4gja6irueloa6q4aDg4aosIOOrLiCCqK2uquPgrqKgLCCkLiAxMCwgqqIuIDI1ICAgICAgICAgICAgICAgICAgICAgICAgIDM0NTYuNzga";

fn golden() -> Vec<u8> {
    base64::engine::general_purpose::STANDARD.decode(GOLDEN).expect("base64")
}

fn record(cells: [&str; 4]) -> Vec<u8> {
    dbf::write(&FIELDS, [126, 10, 1], &[cells.map(str::to_owned).to_vec()])
}

const GOOD: [&str; 4] = ["20261001", "1234567890", "г. Новочебоксарск, ул. Винокурова, д. 10, кв. 25", "3456.78"];

#[test]
fn the_sample_of_the_real_exchange_is_read_to_the_kopeck() {
    let bytes = golden();
    let hash = hex::encode(Sha256::digest(&bytes));
    assert_eq!(hash, "a4565313fd8b36d87a5cd28665a5faf9121213a541fe2cfbc9ac8def063be834");
    let parsed = parse(&bytes).expect("whole");
    assert_eq!((parsed.lines, parsed.encoding, parsed.rejected.len()), (1, Some("cp866"), 0));
    let row = &parsed.rows[0].row;
    assert_eq!(row.account.as_str(), "1234567890");
    assert_eq!(row.sum, Kopecks(345_678));
    assert_eq!(row.on, NaiveDate::from_ymd_opt(2026, 10, 1));
    assert_eq!(row.address.full, "г. Новочебоксарск, ул. Винокурова, д. 10, кв. 25");
}

#[test]
fn what_we_write_is_what_another_reader_of_the_format_reads() {
    let bytes = record(GOOD);
    let mut witness = dbase::Reader::new(std::io::Cursor::new(&bytes)).expect("a table");
    let records = witness.read().expect("records");
    assert_eq!(records[0].get("SUMMA"), Some(&dbase::FieldValue::Numeric(Some(3456.78))));
    assert_eq!(records[0].get("ADDR"), Some(&dbase::FieldValue::Character(Some(GOOD[2].to_owned()))));
    assert_eq!(parse(&bytes).expect("whole").rows, parse(&golden()).expect("whole").rows);
}

#[test]
fn a_table_in_a_zip_is_the_same_table() {
    let mut zipped = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zipped.start_file("BEZPB261001.DBF", zip::write::SimpleFileOptions::default()).expect("an entry");
    zipped.write_all(&golden()).expect("written");
    let bytes = zipped.finish().expect("closed").into_inner();
    assert_eq!(parse(&bytes).expect("whole").rows, parse(&golden()).expect("whole").rows);
    assert!(matches!(parse(&bytes[..bytes.len() / 2]), Err(Broken::Damaged { .. })));
}

#[test]
fn each_wrong_field_is_named() {
    for (at, wrong, field) in [
        (0, "20261301", "DATA"),
        (0, "", "DATA"),
        (1, "12", "LS"),
        (2, "Новочебоксарск", "ADDR"),
        (3, "34O6.78", "SUMMA"),
        (3, "", "SUMMA"),
    ] {
        let mut cells = GOOD;
        cells[at] = wrong;
        let parsed = parse(&record(cells)).expect("whole");
        let fields: Vec<&str> = parsed.rejected.iter().map(|bad| bad.field.as_str()).collect();
        assert_eq!((parsed.rows.len(), fields.as_slice()), (0, [field].as_slice()), "{wrong}");
    }
}

#[test]
fn a_table_cut_anywhere_is_not_taken() {
    let whole = golden();
    // Without the closing 0x1A every record is still there.
    assert!(parse(&whole[..whole.len() - 1]).is_ok());
    for end in 0..whole.len() - 1 {
        assert!(parse(&whole[..end]).is_err(), "cut at {end}");
    }
}

#[test]
fn the_headers_count_is_a_control_total() {
    let mut two = golden();
    two[4] = 2;
    assert!(matches!(parse(&two), Err(Broken::Truncated { .. })));
    let mut none = golden();
    none[4] = 0;
    assert!(matches!(parse(&none), Err(Broken::Totals { what: "записей", .. })));
}

#[test]
fn a_table_of_something_else_names_the_missing_fields() {
    let other = [Field { name: "LS", kind: b'N', length: 13, decimals: 0 }];
    let bytes = dbf::write(&other, [126, 10, 1], &[vec!["1234567890".to_owned()]]);
    let names = ["DATA", "ADDR", "SUMMA"].map(str::to_owned).to_vec();
    assert_eq!(parse(&bytes), Err(Broken::MissingColumn { names }));
    assert!(matches!(parse(b"1234567890;;;"), Err(Broken::Damaged { .. })));
    assert_eq!(parse(b""), Err(Broken::Empty));
}

#[test]
fn deleted_records_are_passed_over() {
    let mut bytes = golden();
    bytes[161] = b'*';
    assert_eq!(parse(&bytes).expect("whole").lines, 0);
}
