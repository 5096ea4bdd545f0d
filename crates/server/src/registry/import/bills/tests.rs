use crate::registry::testing::{ACCOUNTS, Database, METERS};
use crate::registry::{Format, encoding};

/// One bill of two lines that sums.
const BILL: &str = r#"{"account":"2140183572","period":"2026-10","number":"17","opening":"100.00","paid":100,"accrued":"3456.78","penalty":"0","to_pay":"3456.78","lines":[{"service":"Холодная вода","unit":"м³","volume":"10","method":"meter","rate":"32.85","accrued":"328.50","total":"328.50"},{"service":"Содержание","accrued":"3128.28","total":"3128.28"}]}"#;

fn stops(database: &Database, file: &str, bytes: impl AsRef<[u8]>, said: &[&str]) {
    let before = database.everything();
    let protocol = database.load_bills(file, bytes);
    assert!(!protocol.applied(), "{protocol}");
    for words in said.iter().chain(&["Ничего не изменено"]) {
        assert!(protocol.to_string().contains(words), "no «{words}» in:\n{protocol}");
    }
    assert_eq!(database.everything(), before, "{protocol}");
}

#[test]
fn a_bill_with_lines_takes_the_place_of_its_sum_and_the_former_is_kept() {
    let database = Database::town();
    assert_eq!(database.count("SELECT COUNT(*) FROM bills WHERE lines = 0"), 2, "P1 made bills of sum");
    let protocol = database.load_bills("b.jsonl", BILL);
    assert!(protocol.applied(), "{protocol}");
    assert!(protocol.to_string().contains("квитанций заменено: 1"), "{protocol}");
    assert_eq!(database.count("SELECT COUNT(*) FROM bills WHERE lines = 2 AND to_pay = 345678"), 1);
    assert_eq!(database.count("SELECT COUNT(*) FROM former_bills"), 1);
    assert_eq!(database.count("SELECT COUNT(*) FROM imports WHERE format = 'B1'"), 1);
    // The bank's file again with another sum takes no lines away.
    let later = ACCOUNTS.replace("3456,78", "3000,00");
    assert!(database.load(Format::P1, "c.txt", &encoding::to_cp1251(&later)).applied());
    assert_eq!(database.count("SELECT COUNT(*) FROM bills WHERE lines = 2"), 1);
    assert_eq!(database.count("SELECT bill_sum FROM accounts WHERE number = '2140183572'"), 300_000);
}

#[test]
fn the_same_file_again_and_the_same_bill_in_another_file_change_nothing() {
    let database = Database::town();
    assert!(database.load_bills("b.jsonl", BILL).applied());
    stops(&database, "other.jsonl", BILL, &["этот файл уже загружен"]);
    let again = database.load_bills("b.jsonl", format!("{BILL}\n"));
    assert!(again.to_string().contains("квитанций новых: 0"), "{again}");
    assert!(again.to_string().contains("квитанций заменено: 0"), "{again}");
}

#[test]
fn a_dry_run_says_what_would_be_and_leaves_no_trace() {
    let database = Database::town();
    let before = database.everything();
    let protocol = database.load_bills_by("b.jsonl", BILL, |order| order.dry_run = true);
    assert!(protocol.went_well() && !protocol.applied(), "{protocol}");
    assert!(protocol.to_string().contains("квитанций заменено: 1"), "{protocol}");
    let other = METERS.replace("453,118", "460,000").replace("31.10.2026", "01.11.2026");
    assert!(database.try_load(Format::R1, "m.txt", &encoding::to_cp1251(&other)).went_well());
    assert_eq!(database.everything(), before);
    assert!(database.load_bills("b.jsonl", BILL).applied(), "a dry run is not remembered");
}

#[test]
fn lines_that_do_not_sum_are_a_warning_and_the_bill_is_taken() {
    let database = Database::town();
    let wrong = BILL.replace(r#""total":"328.50""#, r#""total":"338.50""#);
    let protocol = database.load_bills("b.jsonl", wrong);
    assert!(protocol.applied(), "{protocol}");
    let text = protocol.to_string();
    for words in
        ["суммы не сходятся: 1", "Холодная вода, ЛС 2140183572: итого 338,50, по расчёту 328,50", "строки дают 3466,78"]
    {
        assert!(text.contains(words), "no «{words}» in:\n{text}");
    }
}

#[test]
fn broken_files_say_the_row_and_change_nothing() {
    let database = Database::town();
    let two = format!("{BILL}\n{BILL}\n");
    stops(&database, "b.jsonl", &two, &["строка 2, ЛС: квитанция счёта 2140183572 за 2026-10 уже была"]);
    stops(&database, "b.jsonl", "", &["файл пуст"]);
    let unknown = BILL.replace("\"to_pay\"", "\"topay\"");
    stops(&database, "b.jsonl", &unknown, &["строка 1, topay: такого поля в квитанции нет"]);
    let nameless = BILL.replacen("{", "{\"\":1,", 1);
    stops(&database, "b.jsonl", &nameless, &["строка 1, без имени: такого поля в квитанции нет"]);
    let without = BILL.replacen("\"account\":\"2140183572\",", "", 1);
    assert_ne!(without, BILL);
    stops(&database, "b.jsonl", &without, &["строка 1, account: поле не заполнено"]);
    stops(&database, "b.doc", BILL, &["расширение"]);
    stops(&database, "b.jsonl", &BILL[..BILL.len() - 40], &["файл обрывается: последняя строка 1"]);
    stops(&database, "b.jsonl", format!("{}\n", &BILL[..BILL.len() - 40]), &["строка 1, вся строка: это не квитанция"]);
    let stranger = BILL.replace("2140183572", "2140999999");
    stops(
        &database,
        "b.jsonl",
        format!("{BILL}\n{stranger}\n"),
        &["строка 2, ЛС: счёта 2140999999 нет", "нет в базе: 1"],
    );
    stops(
        &database,
        "b.jsonl",
        BILL.replace("2026-10", "2027-10"),
        &["строка 1, Период: месяц 2027-10 ещё не наступил"],
    );
    stops(&database, "b.jsonl", BILL.replace("\"3456.78\"", "\"34.567\""), &["строка 1, to_pay: это не сумма"]);
    let totals = r#"{"bills":1,"lines":3}"#;
    stops(
        &database,
        "b.jsonl",
        format!("{totals}\n{BILL}\n"),
        &["контрольная сумма не сходится: строк в файле 3, по строкам 2"],
    );
    let sum = r#"{"bills":1,"lines":2,"to_pay":"3456.79"}"#;
    stops(&database, "b.jsonl", format!("{BILL}\n{sum}\n"), &["сумма в файле 3456.79"]);
    let utf16: Vec<u8> = BILL.encode_utf16().flat_map(u16::to_le_bytes).collect();
    stops(&database, "b.jsonl", utf16, &["кодировка не подходит"]);
    stops(&database, "b.csv", "ЛС;Период\r\n2140183572;2026-10\r\n", &["нет столбца: К оплате"]);
    stops(&database, "b.csv", "ЛС;ЛС;Период;К оплате\r\n", &["столбец «ЛС» встречается дважды"]);
    let rows = "ЛС;Период;К оплате;Услуга;Начислено;Итого\r\n2140183572;1026;3456,78;Вода;1,00\r\n;;;Свет;сто;2,00\r\n";
    stops(&database, "b.csv", rows, &["строка 2, Итого: сумма не заполнена", "строка 3, Начислено: это не сумма"]);
    stops(&database, "b.xlsx", b"PK\x03\x04", &["файл повреждён"]);
    let protocol = database.load_bills_by("b.jsonl", BILL, |order| order.most_bytes = 100);
    assert!(protocol.to_string().contains("файл больше"), "{protocol}");
}

#[test]
fn the_good_bills_of_a_broken_file_are_taken_when_asked_for() {
    let database = Database::town();
    let text = format!("{BILL}\n{}\n", BILL.replace("2140183572", "2140999999"));
    let protocol = database.load_bills_by("b.jsonl", text, |order| order.accept_partial = true);
    assert!(protocol.applied(), "{protocol}");
    assert_eq!(database.count("SELECT COUNT(*) FROM bills WHERE lines > 0"), 1);
}

#[test]
fn a_newer_bill_tells_what_is_owed_and_an_older_one_does_not() {
    let database = Database::town();
    let newer = BILL.replace("2026-10", "2026-11").replace(r#""to_pay":"3456.78""#, r#""to_pay":"1000.00""#);
    assert!(database.load_bills("b.jsonl", newer).applied());
    let owed = "SELECT debt FROM accounts WHERE number = '2140183572'";
    assert_eq!(database.count(owed), 100_000);
    assert_eq!(database.text("SELECT debt_on FROM accounts WHERE number = '2140183572'"), "2026-11-10");
    let older = BILL.replace("2026-10", "2026-09").replace(r#""to_pay":"3456.78""#, r#""to_pay":"5.00""#);
    assert!(database.load_bills("b.jsonl", older).applied());
    assert_eq!(database.count(owed), 100_000);
    assert_eq!(database.count("SELECT COUNT(*) FROM bills"), 4);
}

#[test]
fn who_has_attached_the_account_is_told_and_keeps_the_newest_twenty_four() {
    let database = Database::town();
    database.attach("2140183572");
    let mut text = String::new();
    let mut period = domain::Period::new(2026, 10).expect("October");
    for _ in 0..30 {
        text.push_str(&BILL.replace("2026-10", &period.to_string()));
        text.push('\n');
        period = period.previous();
    }
    let protocol = database.load_bills("b.jsonl", text);
    assert!(protocol.applied(), "{protocol}");
    assert_eq!(database.count("SELECT COUNT(*) FROM bills"), 31, "the server keeps all");
    assert_eq!(database.count("SELECT COUNT(*) FROM mirror WHERE kind = 'bill' AND entity <> ''"), 24);
    assert_eq!(database.count("SELECT COUNT(*) FROM feed WHERE change LIKE '%\"is\":\"bill\"%'"), 24);
    // The next month pushes the oldest out.
    assert!(database.load_bills("c.jsonl", BILL.replace("2026-10", "2026-11")).applied());
    assert_eq!(database.count("SELECT COUNT(*) FROM mirror WHERE kind = 'bill' AND entity <> ''"), 24);
    assert_eq!(database.count("SELECT COUNT(*) FROM feed WHERE change LIKE '%\"gone\"%'"), 1);
    // Of the account that nobody has, the mirror only points to the bill.
    assert_eq!(database.count("SELECT COUNT(*) FROM mirror WHERE kind = 'bill' AND entity = ''"), 1);
}
