use super::*;
use crate::registry::encoding::to_cp1251;

const FILE: &str = "#FILESUM 3444.28\r\n#TYPE 7\r\n#SERVICE 130137\r\n#NOTE\r\n\
Смирнова Валентина Петровна;г. Новочебоксарск, Винокурова, 10, 25;2140183572;3456.78;800;01/10/2026;31/10/2026;1:3456.78:\r\n\
Иванов И.И.;г. Новочебоксарск,Винокурова,10,26;2140183573;-12.50;800;01/10/2026;31/10/2026;1:-12.50:\r\n";

#[test]
fn the_header_gives_the_total_and_the_begin_the_month() {
    let parsed = parse(&to_cp1251(FILE)).expect("whole");
    assert_eq!(
        (parsed.lines, parsed.rejected.len(), parsed.totals.as_slice()),
        (2, 0, &["сумма 3444.28".to_owned()][..])
    );
    let row = &parsed.rows[0];
    assert_eq!((row.line, row.row.account.as_str(), row.row.sum), (5, "2140183572", Kopecks(345_678)));
    assert_eq!(
        (row.row.period, row.row.address.short.as_str()),
        (Period::new(2026, 10).expect("October"), "Винокурова, 10-25")
    );
}

#[test]
fn a_wrong_or_missing_total_breaks_the_file() {
    let wrong = parse(&to_cp1251(&FILE.replace("3444.28", "3444.29")));
    assert!(matches!(wrong, Err(Broken::Totals { what: "сумма", .. })), "{wrong:?}");
    let cut = &FILE[..FILE.find("Иванов").expect("the second row")];
    assert!(matches!(parse(&to_cp1251(cut)), Err(Broken::Totals { .. })));
    let missing = parse(&to_cp1251(FILE.split_once("\r\n").expect("lines").1));
    assert!(matches!(missing, Err(Broken::Damaged { .. })), "{missing:?}");
}

#[test]
fn bad_rows_are_named_with_their_place_in_the_file() {
    let short =
        FILE.replace(";2140183573;-12.50;800;01/10/2026;31/10/2026;1:-12.50:", "").replace("3444.28", "3456.78");
    let parsed = parse(&to_cp1251(&short)).expect("whole");
    assert_eq!((parsed.rejected[0].line, parsed.rejected[0].field.as_str()), (6, "вся строка"));
    let late = parse(&to_cp1251(&FILE.replacen("01/10/2026", "32/10/2026", 1))).expect("whole");
    assert_eq!((late.rejected[0].line, late.rejected[0].field.as_str()), (5, "Начало периода"));
}
