use super::*;
use crate::registry::encoding::to_cp1251;
use crate::registry::testing::{ACCOUNTS, Database, METERS};
use crate::registry::{dbf, p4};

/// Imports must stop: nothing changes, and the protocol says each of these.
fn stops(database: &Database, format: Format, file: &str, bytes: &[u8], said: &[&str]) {
    let before = database.everything();
    let protocol = database.load(format, file, bytes);
    assert!(!protocol.applied(), "{protocol}");
    let text = protocol.to_string();
    for words in said.iter().chain(&["Ничего не изменено"]) {
        assert!(text.contains(words), "no «{words}» in:\n{text}");
    }
    assert_eq!(database.everything(), before, "{text}");
}

#[test]
fn accounts_of_the_banks_text_are_kept_with_bill_house_and_feed() {
    let database = Database::new();
    let protocol = database.load(Format::P1, "1234567890_40702810012345678912_001_1026.txt", &to_cp1251(ACCOUNTS));
    assert!(protocol.applied(), "{protocol}");
    assert!(protocol.to_string().contains("К оплате по ним, ₽: 3444,28"), "{protocol}");
    assert_eq!(database.count("SELECT COUNT(*) FROM houses"), 1, "two flats of one house, written in two ways");
    let row = &database
        .rows("SELECT short_address, payer, debt, debt_on, bill_sum, bill_period, els FROM accounts ORDER BY number")
        [0];
    let texts: Vec<String> = [0, 1, 3, 5, 6].map(|place| row.get(place).expect("a text")).to_vec();
    assert_eq!(texts, ["Винокурова, 10-25", "Смирнова В. П.", "2026-10-31", "2026-10", "70АА123456"]);
    assert_eq!(row.get::<i64>(2).expect("debt"), row.get::<i64>(4).expect("bill"));
    assert_eq!(database.count("SELECT COUNT(*) FROM mirror WHERE kind = 'account'"), 2);
    assert_eq!(database.count("SELECT COUNT(*) FROM access_log WHERE deed = 'imported'"), 1);
}

#[test]
fn the_table_adds_to_what_the_text_brought_and_takes_no_name_away() {
    let database = Database::town();
    let record = ["20261101", "2140183572", "г. Новочебоксарск, ул. Винокурова, д. 10, кв. 25", "100.00"];
    let bytes = dbf::write(&p4::FIELDS, [126, 11, 1], &[record.map(str::to_owned).to_vec()]);
    let protocol = database.load(Format::P4, "BEZPB261101.DBF", &bytes);
    assert!(protocol.to_string().contains("счетов изменено: 1"), "{protocol}");
    let row = &database.rows("SELECT payer, debt, debt_on, bill_period FROM accounts WHERE number = '2140183572'")[0];
    assert_eq!(row.get::<String>(0).expect("a name"), "Смирнова В. П.");
    assert_eq!(row.get::<i64>(1).expect("a sum"), 10_000);
    assert_eq!(row.get::<String>(2).expect("a day"), "2026-11-01");
    // An older bill must not come over the newer one.
    let older = ACCOUNTS.replace("3456,78", "1,00");
    stops(&database, Format::P1, "old.txt", &to_cp1251(&older), &["строка 1, Период: за 2026-11 счёт уже загружен"]);
}

#[test]
fn meters_come_with_their_readings_counted() {
    let database = Database::town();
    assert_eq!(database.count("SELECT COUNT(*) FROM meters"), 2);
    let row = &database
        .rows("SELECT period, taken_on, steps, source, verdict, is_current, captured_ms FROM readings ORDER BY steps")
        [1];
    let texts: Vec<String> = [0, 1, 2, 3, 4].map(|place| row.get(place).expect("a text")).to_vec();
    assert_eq!(texts, ["2026-10", "2026-10-31", "[4531180]", "import", "counted"]);
    assert!(row.get::<bool>(5).expect("a flag"));
    // Noon in Moscow.
    assert_eq!(row.get::<i64>(6).expect("a time"), 1_793_437_200_000);
    assert_eq!(database.count("SELECT COUNT(*) FROM mirror WHERE kind = 'reading'"), 2);
}

#[test]
fn the_same_file_again_says_so_and_changes_nothing() {
    let database = Database::town();
    stops(
        &database,
        Format::P1,
        "another-name.txt",
        &to_cp1251(ACCOUNTS),
        &["этот файл уже загружен 10.11.2026 в 12:00"],
    );
    stops(&database, Format::R1, "m.txt", &to_cp1251(METERS), &["этот файл уже загружен"]);
}

#[test]
fn the_same_readings_in_another_file_are_not_doubled() {
    let database = Database::town();
    let again = database.load(Format::R1, "n.txt", &to_cp1251(&METERS.replace("кухня", "раковина")));
    assert!(again.to_string().contains("показаний уже было: 2"), "{again}");
    assert_eq!(database.count("SELECT COUNT(*) FROM readings"), 2);
    assert_eq!(database.count("SELECT COUNT(*) FROM feed WHERE change LIKE '%\"reading\"%'"), 2);
}

#[test]
fn one_bad_row_stops_the_file_and_a_partial_load_takes_the_rest() {
    let database = Database::new();
    let broken = to_cp1251(&ACCOUNTS.replace("-12,50", "двенадцать"));
    stops(&database, Format::P1, "a.txt", &broken, &["строка 2, Сумма: это не сумма", "Строк с замечаниями: 1"]);
    let part = database.load_part(Format::P1, "a.txt", &broken);
    assert!(part.applied() && part.to_string().contains("Загружено частично"), "{part}");
    assert_eq!(database.count("SELECT COUNT(*) FROM accounts"), 1);
    let nothing_good = to_cp1251("мусор\r\n");
    assert!(!database.load_part(Format::P1, "b.txt", &nothing_good).applied());
}

#[test]
fn an_account_twice_in_a_file_is_named_with_both_rows() {
    let twice = ACCOUNTS.replace("2140183573", "2140183572");
    stops(
        &Database::new(),
        Format::P1,
        "a.txt",
        &to_cp1251(&twice),
        &["строка 2, ЛС: счёт 2140183572 уже был в строке 1"],
    );
}

#[test]
fn files_broken_as_a_whole_change_nothing_and_say_why() {
    let database = Database::town();
    let (p1, r1) = (to_cp1251(ACCOUNTS), to_cp1251(METERS));
    let fresh = to_cp1251(&ACCOUNTS.replace("3456,78", "3456,79"));
    let dos = crate::registry::encoding::to_cp866(ACCOUNTS);
    let town = crate::demo::Town::build(crate::demo::Wish {
        seed: 3,
        accounts: 6,
        month: domain::Period::new(2026, 10).expect("October"),
    });
    let table = crate::demo::files(&town).into_iter().find(|file| file.name.ends_with(".dbf")).expect("a table").bytes;
    let memo: Vec<u8> = [&[table[0] | 0x80], &table[1..]].concat();
    let short = table[..table.len() - 40].to_vec();
    for (format, file, bytes, words) in [
        (Format::P1, "a.txt", b"".as_slice(), "файл пуст"),
        (Format::P1, "a.txt", b"\r\n\r\n", "файл пуст"),
        (Format::P1, "a.dbf", &fresh, "расширение файла не подходит: нужно .txt или .csv"),
        (Format::P1, "a", &fresh, "расширение файла не подходит"),
        (Format::P1, "a.txt", &dos, "кодировка не подходит: похоже на DOS (cp866)"),
        (Format::P1, "a.txt", &fresh[..fresh.len() - 20], "файл обрывается: последняя строка 2"),
        (Format::P1, "a.txt", &p1[..p1.len() - 4], "файл обрывается"),
        (Format::P4, "a.dbf", b"", "файл пуст"),
        (Format::P4, "a.dbf", &p1, "это не таблица DBF"),
        (Format::P4, "a.dbf", &memo, "в таблице есть memo-поля"),
        (Format::P4, "a.dbf", &short, "в файле"),
        (Format::P4, "a.zip", b"PK\x03\x04 and no more", "архив ZIP не распаковывается"),
        (Format::R3, "a.xlsx", &p1, "таблица XLSX не открывается"),
        (Format::R3, "a.xls", &p1, "расширение файла не подходит: нужно .xlsx"),
        (Format::R1, "a.txt", &r1[..r1.len() - 30], "файл обрывается"),
    ] {
        stops(&database, format, file, bytes, &[words]);
        let before = database.everything();
        assert!(!database.load_part(format, file, bytes).applied(), "a broken file is never taken in part: {words}");
        assert_eq!(database.everything(), before);
    }
    let totals = to_cp1251(&format!("{ACCOUNTS}=2;9999,99\r\n"));
    stops(
        &database,
        Format::P1,
        "a.txt",
        &totals,
        &["контрольная сумма не сходится: сумма в файле 9999,99, по строкам 3444,28"],
    );
}

#[test]
fn accounts_that_do_not_exist_are_listed() {
    let database = Database::town();
    let stranger = to_cp1251(&METERS.replace("2140183572", "2149999999"));
    stops(
        &database,
        Format::R1,
        "a.txt",
        &stranger,
        &["строка 1, Лицевой счет: счёта 2149999999 нет в базе", "Таких лицевых счетов нет в базе: 1\n  2149999999\n"],
    );
}

#[test]
fn a_meter_of_somebody_else_is_not_taken_over() {
    let database = Database::town();
    let other = METERS.replace("2140183572", "2140183573");
    stops(
        &database,
        Format::R1,
        "a.txt",
        &to_cp1251(&other),
        &["прибор «0453817-21» в базе числится за другим лицевым счётом"],
    );
    // The same number of another resource is another meter.
    let gas = "2140183573;;;;;1;0453817-21;Газ;;10;31.10.2026;\r\n";
    assert!(database.load(Format::R1, "g.txt", &to_cp1251(gas)).applied());
    let both = "2140183572;;;;;8;077;ГВС;;10;31.10.2026;\r\n2140183573;;;;;8;077;ГВС;;10;31.10.2026;\r\n";
    stops(
        &database,
        Format::R1,
        "b.txt",
        &to_cp1251(both),
        &["строка 2", "в этом файле уже был за другим лицевым счётом"],
    );
}

#[test]
fn readings_that_cannot_be_are_named() {
    let database = Database::town();
    let row = |block: &str| to_cp1251(&format!("2140183572;;;;;{block}\r\n"));
    for (block, words) in [
        ("9;0453817-21;;;460;11.11.2026;", "день 11.11.2026 ещё не наступил"),
        ("9;0453817-21;;;460,1234;01.11.2026;", "прибор «0453817-21» такого не показывает"),
        ("2;011204883;;;15000;01.11.2026;", "у прибора «011204883» тарифов 2, а здесь 1"),
    ] {
        stops(&database, Format::R1, "a.txt", &row(block), &["строка 1", words]);
    }
    let twice = "2140183572;;;;;9;0453817-21;;;460;01.11.2026;\r\n2140183572;;;;;9;0453817-21;;;461;01.11.2026;\r\n";
    stops(&database, Format::R1, "a.txt", &to_cp1251(twice), &["строка 2", "за 01.11.2026 уже было в этом файле"]);
    let future = ACCOUNTS.replace(";1026;", ";0127;");
    stops(&database, Format::P1, "f.txt", &to_cp1251(&future), &["месяц 2027-01 ещё не наступил"]);
}

#[test]
fn a_reading_that_a_resident_passed_becomes_counted_when_the_billing_returns_it() {
    let database = Database::town();
    database
        .store
        .write_blocking(|tx| tx.execute("UPDATE readings SET verdict = 'exported', source = 'resident_app'", &[]))
        .expect("as if exported");
    let back = to_cp1251(&METERS.replace("кухня", "раковина"));
    let protocol = database.load(Format::R1, "back.txt", &back);
    assert!(protocol.to_string().contains("показаний учтено расчётом: 2"), "{protocol}");
    assert_eq!(
        database.count("SELECT COUNT(*) FROM readings WHERE verdict = 'counted' AND source = 'resident_app'"),
        2
    );
}

#[test]
fn a_reading_passed_early_is_counted_in_the_month_it_was_passed_for() {
    let database = Database::town();
    // Taken on 31 October for November, exported in November.
    database
        .store
        .write_blocking(|tx| {
            tx.execute(
                "UPDATE readings SET verdict = 'exported', source = 'resident_app', period = '2026-11'
                 WHERE steps = '[4531180]'",
                &[],
            )
        })
        .expect("as if exported");
    let back = database.load(Format::R1, "back.txt", &to_cp1251(&METERS.replace("кухня", "раковина")));
    assert!(back.to_string().contains("показаний учтено расчётом: 1"), "{back}");
    assert_eq!(database.count("SELECT COUNT(*) FROM readings"), 2);
    let counted = "SELECT COUNT(*) FROM readings WHERE period = '2026-11' AND verdict = 'counted' AND is_current = 1";
    assert_eq!(database.count(counted), 1);
}

#[test]
fn a_reading_that_a_later_file_replaced_does_not_come_back_with_the_first() {
    let database = Database::town();
    let corrected = METERS.replace("453,118", "453,2");
    assert!(database.load(Format::R1, "corrected.txt", &to_cp1251(&corrected)).applied());
    assert_eq!(database.count("SELECT COUNT(*) FROM readings"), 3);
    let first = database.load(Format::R1, "first.txt", &to_cp1251(&METERS.replace("кухня", "раковина")));
    assert!(first.to_string().contains("показаний уже было: 2"), "{first}");
    assert_eq!(database.count("SELECT COUNT(*) FROM readings WHERE steps = '[4532000]' AND is_current = 1"), 1);
    assert_eq!(database.count("SELECT COUNT(*) FROM readings"), 3);
}

#[test]
fn who_has_an_account_that_moves_gets_its_new_house_and_keeps_the_old_only_with_another_account_there() {
    let database = Database::town();
    database
        .store
        .write_blocking(|tx| {
            for (user, numbers) in [("1", "2140183572"), ("2", "2140183572"), ("2", "2140183573")] {
                tx.execute(
                    "INSERT INTO attachments (user_id, account_id, attached_ms, proof)
                     SELECT $1, id, 1, 'bill' FROM accounts WHERE number = $2",
                    params![format!("{user}1111111-1111-4111-8111-111111111111"), numbers],
                )?;
            }
            Ok::<_, StoreError>(())
        })
        .expect("attached");
    let moved = ACCOUNTS.replace("д. 10, кв. 25", "д. 12, кв. 3");
    assert!(database.load(Format::P1, "moved.txt", &to_cp1251(&moved)).applied());
    let told: Vec<(String, String)> = database
        .rows("SELECT scope, change FROM feed WHERE scope LIKE 'user:%' ORDER BY seq")
        .iter()
        .map(|row| (row.get(0).expect("a scope"), row.get(1).expect("a change")))
        .collect();
    let house = |address: &'static str| {
        let row = &database
            .rows("SELECT address, id FROM houses")
            .into_iter()
            .find(|row| row.get::<String>(0).is_ok_and(|known| known.ends_with(address)));
        row.as_ref().expect(address).get::<String>(1).expect("an id")
    };
    let expected =
        [("1", "revoked", house("д. 10")), ("1", "granted", house("д. 12")), ("2", "granted", house("д. 12"))];
    assert_eq!(told.len(), expected.len(), "{told:?}");
    for ((scope, change), (user, word, house)) in told.iter().zip(&expected) {
        assert!(scope.starts_with(&format!("user:{user}")), "{scope}");
        assert!(change.contains(word) && change.contains(house), "{change}");
    }
}

#[test]
fn a_street_written_without_its_kind_is_the_same_house_unless_two_streets_share_the_name() {
    let database = Database::town();
    let bare = ACCOUNTS.replace("ул. Винокурова", "Винокурова");
    assert!(database.load(Format::P1, "bare.txt", &to_cp1251(&bare)).applied());
    assert_eq!(database.text("SELECT address FROM houses"), "г. Новочебоксарск, ул. Винокурова, д. 10");
    assert_eq!(database.count("SELECT COUNT(*) FROM houses"), 1);
    // The lane's house is another one, and then the bare name says nothing.
    let lane = ACCOUNTS.lines().next().expect("a row").replace("ул. Винокурова", "переулок Винокурова");
    assert!(database.load(Format::P1, "lane.txt", &to_cp1251(&format!("{lane}\r\n"))).applied());
    assert_eq!(database.count("SELECT COUNT(*) FROM houses"), 2);
    assert!(database.load(Format::P1, "again.txt", &to_cp1251(&bare.replace("3456", "3457"))).applied());
    assert_eq!(database.count("SELECT COUNT(*) FROM houses"), 3);

    let database = Database::new();
    for (name, text) in [("bare.txt", bare.as_str()), ("full.txt", ACCOUNTS)] {
        assert!(database.load(Format::P1, name, &to_cp1251(text)).applied());
    }
    assert_eq!(database.count("SELECT COUNT(*) FROM houses"), 1);
    assert_eq!(database.text("SELECT address FROM houses"), "г. Новочебоксарск, ул. Винокурова, д. 10");
}

mod spreadsheet {
    use super::*;
    use rust_xlsxwriter::Workbook;

    const HEADER: [&str; 12] = [
        "Адрес",
        "Лицевой счет",
        "Тип счетчика",
        "Номер счетчика",
        "Количество тарифов",
        "Показание 1",
        "Дата передачи показаний",
        "Место установки счетчика",
        "Дата установки",
        "Дата вывода из эксплуатации",
        "Разрядность",
        "Межповерочный интервал",
    ];
    const HOUSE: &str = "г. Новочебоксарск, ул. Винокурова, д. 10";

    fn sheet(rows: &[[&str; 12]]) -> Vec<u8> {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        for (row, cells) in (0..).zip(std::iter::once(&HEADER).chain(rows)) {
            for (column, text) in (0..).zip(cells) {
                sheet.write_string(row, column, *text).expect("written");
            }
        }
        book.save_to_buffer().expect("saved")
    }

    #[test]
    fn history_comes_in_several_rows_and_a_replaced_meter_knows_its_heir() {
        let database = Database::town();
        let bytes = sheet(&[
            [HOUSE, "2140183573", "ГВС", "old", "1", "400,1", "31.07.2026", "кухня", "", "17.08.2026", "5", "6"],
            [HOUSE, "2140183573", "ГВС", "new", "1", "3,2", "31.08.2026", "кухня", "17.08.2026", "", "5", "6"],
            [HOUSE, "2140183573", "ГВС", "new", "1", "6,4", "30.09.2026", "кухня", "17.08.2026", "", "5", "6"],
            [HOUSE, "2140183573", "ГВС", "bath", "1", "6,4", "30.09.2026", "ванная", "17.08.2026", "", "5", "6"],
        ]);
        let protocol = database.load(Format::R3, "r3.xlsx", &bytes);
        assert!(protocol.applied(), "{protocol}");
        assert!(protocol.to_string().contains("приборов заменено: 1"), "{protocol}");
        assert_eq!(database.count("SELECT COUNT(*) FROM meters WHERE name = 'Горячая вода, кухня'"), 2);
        assert_eq!(
            database.text("SELECT heir.serial FROM meters AS old JOIN meters AS heir ON heir.id = old.replaced_by WHERE old.serial = 'old'"),
            "new"
        );
        assert_eq!(
            database.count("SELECT COUNT(*) FROM readings JOIN meters ON meters.id = meter_id WHERE serial = 'new' AND is_current = 1"),
            2
        );
    }

    #[test]
    fn broken_cells_and_columns_change_nothing() {
        let database = Database::town();
        let late = [HOUSE, "2140183573", "ГВС", "old", "1", "400,1", "31.08.2026", "", "", "17.08.2026", "5", "6"];
        stops(&database, Format::R3, "a.xlsx", &sheet(&[late]), &["строка 2", "показание позже вывода прибора"]);
        let good = [HOUSE, "2140183573", "ГВС", "x", "1", "400,1", "31.08.2026", "", "", "", "5", "6"];
        let bad = [HOUSE, "2140183573", "ПАР", "y", "1", "4OO", "31.02.2026", "", "", "", "5", "6"];
        let words = ["строка 3, Тип счетчика", "строка 3, Показание 1", "строка 3, Дата передачи показаний"];
        stops(&database, Format::R3, "a.xlsx", &sheet(&[good, bad]), &words);
        let whole = sheet(&[good]);
        stops(&database, Format::R3, "a.xlsx", &whole[..whole.len() - 100], &["файл повреждён или другого вида"]);
        stops(&database, Format::R3, "a.xlsx", &sheet(&[]), &["файл пуст"]);
    }
}

#[test]
fn the_demo_town_is_imported_whole() {
    let database = Database::new();
    let wish = crate::demo::Wish { seed: 1, accounts: 300, month: domain::Period::new(2026, 10).expect("October") };
    let town = crate::demo::Town::build(wish);
    let formats = [Format::P1, Format::P4, Format::R3, Format::R1];
    let files = crate::demo::files(&town);
    for (format, file) in formats.into_iter().zip(&files) {
        let protocol = database.load(format, &file.name, &file.bytes);
        assert!(protocol.applied(), "{protocol}");
    }
    for file in &files[4..] {
        let protocol = database.load_bills(&file.name, &file.bytes);
        assert!(protocol.applied() && protocol.rejected.is_empty(), "{protocol}");
        // The sums of the bills are those of the bank's files.
        assert!(protocol.to_string().contains("счетов с новым долгом: 0"), "{protocol}");
    }
    assert_eq!(database.count("SELECT COUNT(*) FROM bills WHERE lines > 0"), 300 + 3 * 23);
    let different = "SELECT COUNT(*) FROM bills JOIN accounts ON accounts.id = account_id AND period = bill_period WHERE to_pay <> bill_sum";
    assert_eq!(database.count(different), 0);
    assert_eq!(database.count("SELECT COUNT(*) FROM accounts"), 300);
    assert_eq!(
        database.count(
            "SELECT COUNT(*) FROM readings JOIN accounts ON accounts.id = account_id WHERE number = '2140183572'"
        ),
        4 * 13
    );
    assert_eq!(
        database.count("SELECT COUNT(*) FROM meters JOIN accounts ON accounts.id = account_id WHERE number = '2140207419' AND replaced_by IS NOT NULL"),
        1
    );
}
