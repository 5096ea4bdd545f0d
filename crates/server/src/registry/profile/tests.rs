use super::*;
use crate::registry::encoding::{to_cp866, to_cp1251};
use crate::registry::p4;
use proptest::prelude::*;

const PROFILE: &str = r#"
file = "delimited"
encoding = "cp866"
separator = "|"
header_rows = 2
period = "2026-10"
[columns]
account = "Счёт"
address = 3
sum = "Долг"
payer = 2
[total]
prefix = "ИТОГО"
count = 2
sum = 4
"#;

const FILE: &str = "Выгрузка за октябрь\r\nСчёт|ФИО|Адрес|Долг\r\n2140183572|Смирнова В. П.|г. Новочебоксарск, Винокурова, 10, 25|3 456,78\r\n\
2140183573||г. Новочебоксарск, Винокурова, 10, 26|-12.5\r\nИТОГО|2||3444,28\r\n";

fn profile() -> Profile {
    Profile::read(PROFILE).expect("a description")
}

#[test]
fn columns_are_found_by_name_and_number_and_totals_agree() {
    let parsed = profile().parse(&to_cp866(FILE)).expect("whole");
    assert_eq!((parsed.lines, parsed.rejected.len(), parsed.encoding), (2, 0, Some("cp866")));
    assert_eq!(parsed.totals, ["строк 2", "сумма 3444,28"]);
    let row = &parsed.rows[1];
    assert_eq!((row.line, row.row.account.as_str(), row.row.sum), (4, "2140183573", Kopecks(-1_250)));
    assert_eq!(row.row.period.to_string(), "2026-10");
}

#[test]
fn columns_of_services_have_to_make_the_sum() {
    let described = format!(
        "{}\n[[services]]\nname = \"Холодная вода\"\ncolumn = 5\n[[services]]\nname = \"Содержание\"\ncolumn = 6\n",
        PROFILE
    );
    let profile = Profile::read(&described).expect("a description");
    let file = FILE.replace("3 456,78\r\n", "3 456,78|1 456,78|2000\r\n").replace("-12.5\r\n", "-12.5||-12,50\r\n");
    let parsed = profile.parse(&to_cp866(&file)).expect("whole");
    assert_eq!(parsed.rejected, []);
    let services = |row: usize| -> Vec<(&str, i64)> {
        parsed.rows[row].row.services.iter().map(|one| (one.service.as_str(), one.sum.0)).collect()
    };
    assert_eq!(services(0), [("Холодная вода", 145_678), ("Содержание", 200_000)]);
    assert_eq!(services(1), [("Содержание", -1_250)]);
    let parsed = profile.parse(&to_cp866(&file.replace("|2000", "|2001"))).expect("whole");
    assert_eq!(parsed.rejected, [Rejected::new(3, "Сумма", "услуги дают 3457,78, а к оплате 3456,78")]);
    assert!(Profile::read(&described.replace("Содержание", "Холодная вода")).is_err());
}

#[test]
fn what_is_not_as_described_is_named() {
    let (profile, file) = (profile(), to_cp866(FILE));
    let missing = profile.parse(&to_cp866(&FILE.replace("Долг", "Сумма")));
    assert_eq!(missing, Err(Broken::MissingColumn { names: vec!["Долг".into()] }));
    assert!(matches!(profile.parse(&file[..file.len() - 20]), Err(Broken::Truncated { .. })));
    let totals = profile.parse(&to_cp866(&FILE.replace("3444,28", "3444,29")));
    assert!(matches!(totals, Err(Broken::Totals { what: "сумма", .. })), "{totals:?}");
    let short = profile.parse(&to_cp866(&FILE.replace("|-12.5", "").replace("3444,28", "3456,78"))).expect("whole");
    assert_eq!((short.rejected[0].line, short.rejected[0].field.as_str()), (4, "Сумма"));
    let wrong = Profile { encoding: Some(Page::Utf8), ..profile.clone() }.parse(&file);
    assert!(matches!(wrong, Err(Broken::Encoding { .. })), "{wrong:?}");
    assert!(Profile::read(&PROFILE.replace("period = \"2026-10\"", "")).is_err());
}

#[test]
fn a_table_of_dbase_is_read_by_its_field_names() {
    let text = "file = \"dbf\"\nheader_rows = 1\n[columns]\naccount = \"LS\"\naddress = \"ADDR\"\nsum = \"SUMMA\"\nperiod = \"DATA\"";
    let record = ["01.10.2026", "2140183572", "г. Новочебоксарск, ул. Винокурова, д. 10, кв. 25", "100.00"];
    let fields =
        [dbf::Field { name: "DATA", kind: b'C', length: 10, decimals: 0 }, p4::FIELDS[1], p4::FIELDS[2], p4::FIELDS[3]];
    let bytes = dbf::write(&fields, [126, 10, 1], &[record.map(str::to_owned).to_vec()]);
    let parsed = Profile::read(text).expect("a description").parse(&bytes).expect("whole");
    assert_eq!((parsed.rows.len(), parsed.rows[0].row.sum), (1, Kopecks(10_000)), "{:?}", parsed.rejected);
    assert_eq!(parsed.rows[0].row.period.to_string(), "2026-10");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn rows_survive_every_encoding_and_separator(
        sums in prop::collection::vec(-99_999_999_i64..99_999_999, 1..8),
        page in prop::sample::select(vec![Page::Cp1251, Page::Cp866, Page::Koi8R, Page::Utf8]),
        separator in prop::sample::select(vec![';', '|', '\t']),
        point in any::<bool>(),
    ) {
        let mut text = String::new();
        for (place, sum) in sums.iter().enumerate() {
            let sum = Kopecks(*sum).to_registry();
            let sum = if point { sum.replace(',', ".") } else { sum };
            let address = "г. Новочебоксарск, ул. Винокурова, д. 10, кв. 25";
            text.push_str(&[&format!("{}", 214_000_000 + place), address, &sum].join(&separator.to_string()));
            text.push('\n');
        }
        let bytes = match page {
            Page::Cp1251 => to_cp1251(&text),
            Page::Cp866 => to_cp866(&text),
            Page::Koi8R => KOI8_R.encode(&text).0.into_owned(),
            Page::Utf8 => text.into_bytes(),
        };
        let columns = Columns {
            account: Column::Number(1), address: Column::Number(2), sum: Column::Number(3),
            period: None, payer: None, els: None, fias: None,
        };
        let profile = Profile {
            file: Kind::Delimited, encoding: Some(page), separator, header_rows: 0, footer_rows: 0,
            period: Period::new(2026, 10).ok(), columns, services: Vec::new(), total: None,
        };
        let parsed = profile.parse(&bytes).expect("whole");
        prop_assert_eq!(parsed.rejected, []);
        prop_assert_eq!(parsed.rows.iter().map(|row| row.row.sum.0).collect::<Vec<_>>(), sums);
    }

    #[test]
    fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        for file in [Kind::Delimited, Kind::Dbf, Kind::Spreadsheet] {
            for encoding in [None, Some(Page::Cp866)] {
                let _ = Profile { file, encoding, ..profile() }.parse(&bytes);
            }
        }
    }
}
