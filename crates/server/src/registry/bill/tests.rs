use super::lines::cells;
use super::{BillRow, Read, Reading, json::Json, table, write};
use crate::registry::row::Broken;
use chrono::NaiveDate;
use domain::bill::{BillLine, VolumeMethod};
use domain::decimal::{LineRate, Volume};
use domain::{AccountNumber, Kopecks, Period};
use proptest::prelude::*;
use wire::money::Recalculation;

fn all(mut reading: impl Reading) -> Result<Vec<Read>, Broken> {
    let mut bills = Vec::new();
    while let Some(bill) = reading.next()? {
        bills.push(bill);
    }
    Ok(bills)
}

fn good(read: Result<Vec<Read>, Broken>) -> Vec<BillRow> {
    read.expect("a whole file").into_iter().map(|bill| bill.expect("a good bill").row).collect()
}

fn sheet(bills: &[BillRow]) -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let page = book.add_worksheet();
    let rows = bills.iter().flat_map(write::rows);
    for (row, cells) in (0..).zip(std::iter::once(table::COLUMNS.map(str::to_owned)).chain(rows)) {
        for (column, cell) in (0..).zip(cells).filter(|(_, cell)| !cell.is_empty()) {
            page.write_string(row, column, cell).expect("written");
        }
    }
    book.save_to_buffer().expect("saved")
}

const SUMS: std::ops::RangeInclusive<i64> = -999_999_999..=999_999_999;

fn words() -> impl Strategy<Value = String> {
    "[А-я0-9«»\"; ,.()=²³-]{1,20}"
        .prop_map(|text| text.trim().to_owned())
        .prop_filter("a word", |text| !text.is_empty())
}

fn day() -> impl Strategy<Value = Option<NaiveDate>> {
    prop::option::of(
        (2000_i32..2090, 1_u32..366).prop_filter_map("a day", |(year, day)| NaiveDate::from_yo_opt(year, day)),
    )
}

prop_compose! {
    fn line()(service in words(), unit in prop::option::of("[а-я³²]{1,4}"), method in prop::option::of(prop::sample::select(vec![
        VolumeMethod::Meter, VolumeMethod::Norm, VolumeMethod::Average, VolumeMethod::Other])),
        volume in prop::option::of(-1_000_000_000_i64..1_000_000_000), rate in prop::option::of(0_i64..1_000_000_000),
        sums in prop::array::uniform5(SUMS)) -> BillLine
    {
        let [accrued, excess, recalculated, discount, total] = sums.map(Kopecks);
        BillLine {
            service, unit: unit.unwrap_or_default(), method,
            volume: volume.map(|steps| Volume::from_steps(steps).expect("fits")),
            rate: rate.map(|steps| LineRate::from_steps(steps).expect("fits")),
            accrued, excess, recalculated, discount, total,
        }
    }
}

prop_compose! {
    fn bill()(number in 1000_u64..9_999_999_999, month in 1_u8..=12, document in prop::option::of(words()),
        days in (day(), day(), day()), sums in prop::array::uniform4(prop::option::of(SUMS)), to_pay in SUMS,
        area in prop::option::of("[0-9]{2},[0-9]"), residents in prop::option::of(0_u16..20),
        lines in prop::collection::vec(line(), 0..4),
        recalculations in prop::collection::vec((words(), words(), SUMS), 0..3), note in prop::option::of(words())) -> BillRow
    {
        let [opening, paid, accrued, penalty] = sums.map(|sum| sum.map(Kopecks));
        BillRow {
            account: AccountNumber::parse(&number.to_string()).expect("a number"),
            period: Period::new(2026, month).expect("a month"),
            number: document.unwrap_or_default(), issued_on: days.0, due_on: days.1, paid_on: days.2,
            opening, paid, accrued, penalty, to_pay: Kopecks(to_pay), area, residents, lines,
            recalculations: recalculations.into_iter()
                .map(|(service, ground, sum)| Recalculation { service, ground, sum: Kopecks(sum) }).collect(),
            note: note.unwrap_or_default(),
        }
    }
}

/// Different accounts: two rows of one account and month are one bill.
fn bills() -> impl Strategy<Value = Vec<BillRow>> {
    prop::collection::vec(bill(), 1..5).prop_map(|mut bills| {
        bills.sort_by(|one, other| one.account.as_str().cmp(other.account.as_str()));
        bills.dedup_by(|one, other| one.account == other.account);
        bills
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn what_is_written_in_any_form_reads_back(bills in bills()) {
        let json: String = bills.iter().map(write::json).collect();
        prop_assert_eq!(&good(all(Json::new(json.as_bytes(), json.as_bytes()).expect("begun"))), &bills);
        let text = write::heading() + &bills.iter().map(write::text).collect::<String>();
        let reading = table::Table::text(text.as_bytes(), text.as_bytes()).expect("begun");
        prop_assert_eq!(&good(all(reading)), &bills);
        prop_assert_eq!(&good(all(table::Table::sheet(&sheet(&bills)).expect("begun"))), &bills);
    }

    #[test]
    fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = Json::new(bytes.as_slice(), &bytes).map(all);
        let _ = table::Table::text(bytes.as_slice(), &bytes).map(all);
        let mut table = write::heading().into_bytes();
        table.extend(&bytes);
        let _ = table::Table::text(table.as_slice(), &table).map(all);
    }
}

#[test]
fn cells_in_quotation_marks_may_hold_the_separator() {
    assert_eq!(cells(r#"a;"b;c";"d ""e""";;f"#, ';'), ["a", "b;c", "d \"e\"", "", "f"]);
    assert_eq!(cells(r#"ООО "Дом";"без конца;x"#, ';'), ["ООО \"Дом\"", "\"без конца", "x"]);
    assert_eq!(cells("", ';'), [""]);
}
