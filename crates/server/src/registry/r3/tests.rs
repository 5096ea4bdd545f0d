use super::*;
use domain::MeterKind;
use rust_xlsxwriter::Workbook;

/// A sheet of texts.
fn sheet(rows: &[Vec<&str>]) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (row, cells) in rows.iter().enumerate() {
        for (column, text) in cells.iter().enumerate() {
            let (row, column) = (u32::try_from(row).expect("small"), u16::try_from(column).expect("small"));
            sheet.write_string(row, column, *text).expect("written");
        }
    }
    book.save_to_buffer().expect("saved")
}

const GOOD: [(&str, &str); 15] = [
    ("Номер счетчика", "0453817-21"),
    ("Лицевой счет", "2140183572"),
    ("Адрес", "г. Новочебоксарск, ул. Винокурова, д. 10"),
    ("Помещение", "25"),
    ("Тип счетчика", "ХВС"),
    ("Количество тарифов", "1"),
    ("Показание 1", "453,118"),
    ("Дата передачи показаний", "30.09.2026"),
    ("Дата поверки", "14.03.2023"),
    ("Дата следующей поверки", "14.03.2029"),
    ("Место установки счетчика", "кухня"),
    ("Автоматический", "Нет"),
    ("Разрядность", "5"),
    ("Знаков после запятой", "3"),
    ("Межповерочный интервал", "6"),
];

fn one(cells: &[(&str, &str)]) -> Vec<u8> {
    sheet(&[cells.iter().map(|(name, _)| *name).collect(), cells.iter().map(|(_, text)| *text).collect()])
}

fn with(column: &str, text: &'static str) -> Vec<(&'static str, &'static str)> {
    GOOD.iter().map(|(name, good)| (*name, if *name == column { text } else { good })).collect()
}

#[test]
fn a_meter_is_read_whatever_the_order_of_columns() {
    let forward = parse(&one(&GOOD)).expect("whole");
    let mut turned = GOOD;
    turned.reverse();
    assert_eq!(parse(&one(&turned)).expect("whole"), forward);
    assert_eq!((forward.lines, forward.rejected.len(), forward.rows[0].line), (1, 0, 2));
    let row = &forward.rows[0].row;
    assert_eq!(
        (row.kind, row.serial.as_str(), row.name.as_str()),
        (MeterKind::ColdWater, "0453817-21", "Холодная вода, кухня")
    );
    assert_eq!((row.dial.digits(), row.dial.decimals(), row.dial_stated), (5, 3, true));
    assert_eq!(row.passport.verified_until, NaiveDate::from_ymd_opt(2029, 3, 14));
    assert_eq!(row.passport.interval_years, Some(6));
    let reading = row.reading.as_ref().expect("a reading");
    assert_eq!((reading.on.to_string().as_str(), reading.values[0].to_string().as_str()), ("2026-09-30", "453.118"));
}

#[test]
fn numbers_and_dates_of_the_spreadsheet_itself_are_read_exactly() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let day = rust_xlsxwriter::ExcelDateTime::from_ymd(2026, 9, 30).expect("a day");
    let format = rust_xlsxwriter::Format::new().set_num_format("dd.mm.yyyy");
    for (column, (name, text)) in GOOD.iter().enumerate() {
        let column = u16::try_from(column).expect("small");
        sheet.write_string(0, column, *name).expect("written");
        match *name {
            "Лицевой счет" => sheet.write_number(1, column, 2_140_183_572_f64),
            // As a formula leaves it: one bit above what is shown.
            "Показание 1" => sheet.write_number(1, column, f64::from_bits(453.118_f64.to_bits() + 1)),
            "Дата передачи показаний" => {
                sheet.write_datetime_with_format(1, column, &day, &format)
            }
            _ => sheet.write_string(1, column, *text),
        }
        .expect("written");
    }
    let parsed = parse(&book.save_to_buffer().expect("saved")).expect("whole");
    assert_eq!(parsed.rows, parse(&one(&GOOD)).expect("whole").rows);
}

#[test]
fn a_missing_column_is_named() {
    for required in &COLUMNS[..REQUIRED] {
        let without: Vec<_> = GOOD.iter().filter(|(name, _)| name != required).copied().collect();
        assert_eq!(parse(&one(&without)), Err(Broken::MissingColumn { names: vec![format!("«{required}»")] }));
    }
    let mut twice = GOOD.to_vec();
    twice.push(("НОМЕР СЧЁТЧИКА", "1"));
    assert_eq!(parse(&one(&twice)), Err(Broken::DoubledColumn { name: "Номер счетчика".to_owned() }));
}

#[test]
fn each_wrong_cell_is_named_with_its_row() {
    for (column, wrong) in [
        ("Лицевой счет", ""),
        ("Лицевой счет", "ЛС-17"),
        ("Тип счетчика", "ПАР"),
        ("Тип счетчика", "ЖБО"),
        ("Номер счетчика", " "),
        ("Количество тарифов", "2"),
        ("Количество тарифов", "5"),
        ("Количество тарифов", "один"),
        ("Показание 1", "45З,118"),
        ("Показание 1", "-5"),
        ("Показание 1", "453,1189"),
        ("Показание 1", "100453,118"),
        ("Показание 1", ""),
        ("Дата передачи показаний", ""),
        ("Дата передачи показаний", "31.09.2026"),
        ("Дата передачи показаний", "сентябрь"),
        ("Дата следующей поверки", "14.03.2019"),
        ("Автоматический", "иногда"),
        ("Разрядность", "0"),
        ("Знаков после запятой", "7"),
        ("Межповерочный интервал", "сто"),
    ] {
        let parsed = parse(&one(&with(column, wrong))).expect("whole");
        assert!(parsed.rows.is_empty(), "{column} = «{wrong}» was taken");
        let named: Vec<_> = parsed.rejected.iter().map(|bad| (bad.line, bad.field.as_str())).collect();
        assert!(named.contains(&(2, column)), "{column} = «{wrong}» gave {named:?}");
    }
}

#[test]
fn a_meter_needs_as_many_values_as_tariffs() {
    let mut two: Vec<_> = with("Тип счетчика", "ЭЛ");
    for (name, text) in &mut two {
        match *name {
            "Количество тарифов" => *text = "2",
            "Показание 1" => *text = "14208",
            "Разрядность" => *text = "6",
            "Знаков после запятой" => *text = "0",
            _ => {}
        }
    }
    let few = parse(&one(&two)).expect("whole");
    assert_eq!(few.rejected[0].reason, "показаний 1, а тарифов 2");
    two.push(("Показание 2", "6911"));
    let row = &parse(&one(&two)).expect("whole").rows[0].row;
    assert_eq!(row.reading.as_ref().map(|reading| reading.values.len()), Some(2));
    two.push(("Показание 3", "1"));
    assert_eq!(parse(&one(&two)).expect("whole").rejected[0].field, "Показание 3");
}

#[test]
fn what_is_not_a_whole_spreadsheet_is_not_taken() {
    let whole = one(&GOOD);
    assert_eq!(parse(b""), Err(Broken::Empty));
    assert!(matches!(parse(b"not a spreadsheet"), Err(Broken::Damaged { .. })));
    for tenth in 0..10 {
        let end = whole.len() * tenth / 10;
        assert!(parse(&whole[..end]).is_err(), "cut at {end}");
    }
    assert_eq!(parse(&sheet(&[])), Err(Broken::Empty));
}
