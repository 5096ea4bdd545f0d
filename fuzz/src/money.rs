//! Files about money: bills with lines, accounts and sums in forms of their own, the bank's registry of operations.

use server::registry::bill::{BillRow, Reading, json::Json, table::Table, write};
use server::registry::profile::Profile;
use server::registry::row::Broken;
use server::registry::{p2, reconcile};

/// B1 and B2: what was read can be written and reads back as it was.
pub fn bills(input: &[u8]) {
    if let Ok(reading) = Json::new(input, input) {
        let bills = all(reading, input);
        let text: String = bills.iter().map(write::json).collect();
        same(&bills, Json::new(text.as_bytes(), text.as_bytes()));
    }
    if let Ok(reading) = Table::text(input, input) {
        all(reading, input);
    }
}

/// P2, a described file, the bank's operations.
pub fn described(input: &[u8]) {
    if let Ok(parsed) = p2::parse(input) {
        assert!(parsed.lines >= parsed.rows.len());
        assert!(parsed.rejected.iter().all(|rejected| rejected.line > 0 && !rejected.reason.is_empty()));
    }
    let _ = reconcile::parse(input);
    for file in ["delimited", "dbf", "spreadsheet"] {
        let text = format!(
            "file = \"{file}\"\nheader_rows = 1\nperiod = \"2026-10\"\n[columns]\naccount = 1\naddress = 2\nsum = 3\n[total]\nprefix = \"=\"\ncount = 1\nsum = 2\n"
        );
        let parsed = Profile::read(&text).expect("a description").parse(input);
        if let Ok(parsed) = parsed {
            assert!(parsed.rows.len() <= parsed.lines);
        }
    }
}

fn all(mut reading: impl Reading, input: &[u8]) -> Vec<BillRow> {
    let mut bills = Vec::new();
    loop {
        match reading.next() {
            Ok(Some(Ok(bill))) => {
                assert!(bill.line > 0, "rows are counted from 1");
                let _ = bill.row.doubts();
                bills.push(bill.row);
            }
            Ok(Some(Err(rejected))) => {
                assert!(!rejected.is_empty(), "a bill was neither taken nor refused");
                assert!(rejected.iter().all(|one| one.line > 0 && !one.field.is_empty() && !one.reason.is_empty()));
            }
            Ok(None) => break,
            Err(Broken::Empty) => break,
            Err(broken) => {
                assert!(!input.is_empty(), "{broken}: it is empty");
                break;
            }
        }
    }
    bills
}

fn same(bills: &[BillRow], again: Result<impl Reading, Broken>) {
    match again {
        Ok(reading) => assert_eq!(all(reading, b"x"), bills, "what was read is written otherwise"),
        Err(_) => assert!(bills.is_empty(), "what was written cannot be read"),
    }
}
