use super::*;
use crate::registry::writing::{AccountCells, MeterCells, r1_row};
use domain::MeterKind;
use proptest::prelude::*;

/// The sample of docs/domain.md with the address written out.
const ROW: &str = "1234567890;Иванов И.И.;70АА123456;acde8f61-fd56-4cec-a4df-1f033e2a63ee;г. Новочебоксарск, ул. Винокурова, 10, 25;9;010;ХВС кухня;01.05.2030;110,1;24.10.2026;;3;011;Эл;;111,1;24.10.2026;;4;011;Эл;;111,2;24.10.2026;";

fn read(text: &str) -> Parsed<MeterRow> {
    parse(&encoding::to_cp1251(text)).expect("a whole file")
}

fn reason(text: &str) -> String {
    let parsed = read(&format!("{text}\r\n"));
    let first = parsed.rejected.first().expect("a reason");
    format!("{}: {}", first.field, first.reason)
}

#[test]
fn the_banks_row_is_two_meters_and_the_second_has_two_tariffs() {
    let parsed = read(&format!("{ROW}\r\n"));
    assert_eq!((parsed.lines, parsed.rejected.len()), (1, 0));
    let meters: Vec<_> = parsed.rows.iter().map(|row| &row.row).collect();
    assert_eq!((meters[0].kind, meters[0].serial.as_str(), meters[0].tariffs), (MeterKind::ColdWater, "010", 1));
    assert_eq!(meters[0].passport.verified_until, NaiveDate::from_ymd_opt(2030, 5, 1));
    assert_eq!((meters[0].dial.digits(), meters[0].dial.decimals()), (5, 3));
    assert_eq!((meters[1].kind, meters[1].tariffs), (MeterKind::Electricity, 2));
    let reading = meters[1].reading.as_ref().expect("a reading");
    assert_eq!(reading.values.iter().map(ToString::to_string).collect::<Vec<_>>(), ["111.1", "111.2"]);
    assert_eq!((meters[1].dial.digits(), meters[1].dial.decimals()), (6, 1));
}

#[test]
fn three_tariffs_come_in_the_order_of_the_meters_face() {
    let row = "2140183572;;;;;5;3;Эл;;500;24.10.2026;;6;3;Эл;;600;24.10.2026;;7;3;Эл;;700;24.10.2026;";
    let parsed = read(&format!("{row}\r\n"));
    let reading = parsed.rows[0].row.reading.as_ref().expect("a reading");
    // Peak, night, half-peak.
    assert_eq!(reading.values.iter().map(ToString::to_string).collect::<Vec<_>>(), ["500", "700", "600"]);
}

#[test]
fn each_wrong_block_is_named_and_spares_the_others() {
    for (wrong, expected) in [
        (ROW.replace(";9;010;", ";99;010;"), "Тип, прибор «010»: неизвестный код"),
        (ROW.replace(";9;010;", ";13;010;"), "Тип, прибор «010»: приборы с кодом 13"),
        (ROW.replace("110,1", "11O,1"), "Показание, прибор «010»: показание записано не цифрами"),
        (ROW.replace("110,1", "123456,1"), "Прибор «010»: показание больше"),
        (ROW.replace("110,1;24.10.2026", "110,1;31.02.2026"), "Дата, прибор «010»: такой даты нет"),
        (ROW.replace("110,1;24.10.2026", "110,1;"), "Прибор «010»: показания есть, а даты нет"),
        (ROW.replace("01.05.2030", "01/05/2030"), "Дата поверки, прибор «010»"),
        (ROW.replace(";010;", ";;"), "Номер ПУ: номер прибора не заполнен"),
    ] {
        let said = reason(&wrong);
        assert!(said.starts_with(expected), "{said}");
        assert_eq!(read(&format!("{wrong}\r\n")).rows.len(), 1, "the other meter is taken: {expected}");
    }
    assert!(reason(&ROW.replace(";3;011;", ";4;011;")).starts_with("Прибор «011»: тарифов 2, а показаны не все"));
    assert!(reason(&ROW.replace("111,2", "")).starts_with("Прибор «011»: показаний 1, а тарифов 2"));
    assert!(reason(&ROW.replace("111,2;24", "111,2;25")).starts_with("Прибор «011»: даты показаний"));
}

#[test]
fn a_row_of_wrong_length_or_without_an_account_is_rejected_whole() {
    assert!(reason(&ROW.replace(";ХВС кухня", "")).starts_with("вся строка: неверное число полей"));
    assert!(reason("1234567890;Иванов").starts_with("вся строка: неверное число полей: 2"));
    assert!(reason(&ROW.replace("1234567890", "12")).starts_with("ЛС: "));
}

#[test]
fn a_file_cut_anywhere_in_its_last_row_is_not_taken() {
    let whole = encoding::to_cp1251(&format!("{ROW}\r\n{ROW}"));
    let first = encoding::to_cp1251(ROW).len() + 2;
    for end in first + 1..=whole.len() {
        assert!(matches!(parse(&whole[..end]), Err(Broken::Truncated { .. })), "cut at {end}");
    }
    assert!(parse(&[whole.as_slice(), b"\r\n"].concat()).is_ok());
}

fn words() -> impl Strategy<Value = String> {
    let words = ["", "Смирнова Валентина Петровна", "ООО \"Дом; сад\"", "O'Neil, кв. 5", "ХВС №3\r\n«кухня»; у окна"];
    prop::sample::select(words.to_vec()).prop_map(str::to_owned)
}

fn any_meter() -> impl Strategy<Value = MeterCells> {
    let kinds = prop::sample::select(MeterKind::ALL.to_vec());
    let kind_and_tariffs = kinds.prop_flat_map(|kind| (Just(kind), kind.tariffs_allowed()));
    // Four tariffs have no type in the format.
    let sayable =
        kind_and_tariffs.prop_filter("no type", |(kind, tariffs)| !resource::to_r1(*kind, *tariffs).is_empty());
    (sayable, "[0-9А-Я;\"-]{1,12}[0-9]", words(), any::<bool>()).prop_flat_map(
        |((kind, tariffs), serial, name, known)| {
            let dial = resource::usual_dial(kind);
            let grain = 10_i64.pow(4 - u32::from(dial.decimals()));
            let value =
                (0..dial.capacity_steps() / grain).prop_map(move |grains| MeterValue::from_steps(grains * grain));
            prop::collection::vec(value, usize::from(tariffs)).prop_map(move |values| MeterCells {
                kind,
                serial: serial.clone(),
                name: name.clone(),
                verified_until: known.then(|| NaiveDate::from_ymd_opt(2030, 2, 28).expect("a day")),
                values,
                decimals: dial.decimals(),
                on: NaiveDate::from_ymd_opt(2026, 11, 9).expect("a day"),
            })
        },
    )
}

proptest! {
    /// Whatever stands in names and numbers: what is written is read back as the same values of the same meter.
    #[test]
    fn what_is_written_is_read_back(meter in any_meter(), payer in words()) {
        let account = AccountCells { number: "2140183572".to_owned(), payer, address: "г. Новочебоксарск".to_owned(), ..AccountCells::default() };
        let (row, blocks) = r1_row(&account, std::slice::from_ref(&meter));
        prop_assert_eq!(blocks, meter.values.len());
        let parsed = parse(&encoding::to_cp1251(&row)).expect("whole");
        prop_assert_eq!(&parsed.rejected, &[]);
        let back = &parsed.rows[0].row;
        prop_assert_eq!((back.kind, usize::from(back.tariffs)), (meter.kind, meter.values.len()));
        let reading = back.reading.as_ref().expect("a reading");
        prop_assert_eq!((&reading.values, reading.on), (&meter.values, meter.on));
        prop_assert_eq!(back.passport.verified_until, meter.verified_until);
    }
}
