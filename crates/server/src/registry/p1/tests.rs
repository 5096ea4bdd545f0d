use super::*;

const ROW: &str = "1234567890;70АА123456;acde8f61-fd56-4cec-a4df-1f033e2a63ee,25;Иванов И.И.;г. Новочебоксарск, ул. Винокурова, 10, 25;1026;3456,78";
const NAME: &str = "1234567890_40702810012345678912_001_1026.txt";

fn read(text: &str) -> Parsed<ChargeRow> {
    parse(&encoding::to_cp1251(text), NAME).expect("a whole file")
}

fn reason(text: &str) -> String {
    let parsed = read(&format!("{text}\r\n"));
    assert!(parsed.rows.is_empty(), "accepted: {text}");
    let first = parsed.rejected.first().expect("a reason");
    assert_eq!(first.line, 1);
    format!("{}: {}", first.field, first.reason)
}

#[test]
fn the_banks_row_is_read() {
    let parsed = read(&format!("{ROW}\r\n"));
    assert_eq!((parsed.lines, parsed.encoding), (1, Some("Windows-1251")));
    let row = &parsed.rows[0].row;
    assert_eq!(row.account.as_str(), "1234567890");
    assert_eq!(row.els.as_ref().map(Els::as_str), Some("70АА123456"));
    assert_eq!(row.fias.as_deref(), Some("acde8f61-fd56-4cec-a4df-1f033e2a63ee"));
    assert_eq!(row.sum, Kopecks(345_678));
    assert_eq!(row.period.to_string(), "2026-10");
    assert_eq!(row.address.full, "г. Новочебоксарск, ул. Винокурова, д. 10, кв. 25");
}

use domain::Els;

#[test]
fn point_overpayment_and_a_last_separator_are_understood() {
    assert_eq!(read(&ROW.replace("3456,78", "-12.50\r\n")).rows[0].row.sum, Kopecks(-1250));
    assert_eq!(read(&format!("{ROW};\r\n")).rows[0].row.sum, Kopecks(345_678));
}

#[test]
fn each_wrong_field_is_named() {
    assert!(reason(&ROW.replace("1234567890", "12ab")).starts_with("ЛС: "));
    assert!(reason(&ROW.replace("1234567890", "")).starts_with("ЛС: номер счёта не заполнен"));
    assert!(reason(&ROW.replace("70АА123456", "70АА1")).starts_with("ЕЛС: "));
    assert!(reason(&ROW.replace("acde8f61-", "acde-")).starts_with("ФИАС: "));
    assert!(reason(&ROW.replace("Иванов И.И.", " ")).starts_with("ФИО: "));
    assert!(reason(&ROW.replace(", ул. Винокурова, 10, 25", "")).starts_with("Адрес: "));
    assert!(reason(&ROW.replace("1026", "1326")).starts_with("Период: период записан неверно"));
    assert_eq!(reason(&ROW.replace("1026", "0926")), "Период: период 0926, а файл за 1026");
    assert!(reason(&ROW.replace("3456,78", "3456,7890")).starts_with("Сумма: "));
    assert!(reason(&ROW.replace("3456,78", "сто рублей")).starts_with("Сумма: "));
    assert_eq!(reason("1234567890;Иванов;10"), "вся строка: неверное число полей: 3, нужно 7");
    assert_eq!(reason(&format!("{ROW};1;2")), "вся строка: неверное число полей: 9, нужно 7");
}

#[test]
fn a_bad_row_does_not_hide_the_good_ones_and_keeps_its_number() {
    let parsed = read(&format!("{ROW}\r\n\r\nмусор\r\n{}\r\n", ROW.replace("1234567890", "1234567891")));
    assert_eq!(parsed.rows.iter().map(|row| row.line).collect::<Vec<_>>(), [1, 4]);
    assert_eq!(parsed.rejected[0].line, 3);
}

#[test]
fn a_file_cut_anywhere_in_its_last_row_is_not_taken() {
    let whole = encoding::to_cp1251(&format!("{ROW}\r\n{ROW}"));
    let first = encoding::to_cp1251(ROW).len() + 2;
    for end in first + 1..whole.len() {
        assert!(
            matches!(parse(&whole[..end], NAME), Err(Broken::Truncated { .. })),
            "cut at byte {end} of {}",
            whole.len()
        );
    }
    assert!(parse(&whole, NAME).is_ok());
}

#[test]
fn control_totals_stop_the_file_when_they_do_not_agree() {
    assert_eq!(read(&format!("{ROW}\r\n=1;3456,78\r\n")).totals, ["строк 1", "сумма 3456,78"]);
    let sum = parse(&encoding::to_cp1251(&format!("{ROW}\r\n=1;3456,79\r\n")), NAME);
    assert!(matches!(sum, Err(Broken::Totals { what: "сумма", .. })), "{sum:?}");
    let count = parse(&encoding::to_cp1251(&format!("{ROW}\r\n=2;3456,78\r\n")), NAME);
    assert!(matches!(count, Err(Broken::Totals { what: "строк", .. })), "{count:?}");
}

#[test]
fn the_month_comes_from_the_name_only_when_the_name_is_the_banks() {
    assert_eq!(period_of_name(NAME).map(|period| period.to_string()).as_deref(), Some("2026-10"));
    assert_eq!(period_of_name("начисления.txt"), None);
    let nameless = parse(&encoding::to_cp1251(&ROW.replace("1026", "0926")), "a.txt").expect("whole");
    assert_eq!(nameless.rows[0].row.period.to_string(), "2026-09");
}
