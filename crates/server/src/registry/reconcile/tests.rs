use super::*;
use crate::registry::testing::{Database, NOW_MS};

/// A payment of 1 000 ₽ and 10 ₽ of commission, as the bank's answers left it.
fn payment(database: &Database, number: &'static str, status: &'static str, paid: bool) {
    let done = database.store.write_blocking(move |tx| {
        let (id, part) = (tx.id_v7(), tx.id_v7());
        tx.execute(
            "INSERT INTO payments (id, number, user_id, way, email, sum, commission, status, why, paid_by, created_ms,
                 until_ms, asked, busy_ms, unwanted, paid_ms)
             VALUES ($1, $2, $3, 'card', '', 100000, 1000, $4, '', '', 0, 0, 0, 0, 0, $5)",
            params![id, number, id, status, paid.then_some(NOW_MS)],
        )?;
        tx.execute(
            "INSERT INTO payment_parts (id, payment_id, account_id, sum, refunded)
             SELECT $1, $2, id, 100000, 0 FROM accounts WHERE number = '2140183572'",
            params![part, id],
        )
    });
    done.expect("written");
}

const HEAD: &str = "дата;время;номер_заказа;номер_банка;операция;сумма;карта\r\n";

fn run(database: &Database, by: CreditBy, rows: &str, totals: &str) -> Reconciled {
    let operations = parse(format!("{HEAD}{rows}{totals}\r\n").as_bytes()).expect("whole");
    reconcile(&database.store, by, chrono_tz::Europe::Moscow, operations).expect("compared")
}

#[test]
fn every_gap_is_named_and_nothing_is_credited_by_the_banks_own_word() {
    let database = Database::town();
    payment(&database, "KS-000001", "credited", true);
    payment(&database, "KS-000002", "paid", true);
    payment(&database, "KS-000003", "declined", false);
    payment(&database, "KS-000004", "paid", true);
    let before = database.everything();
    let rows = "10.11.2026;12:00:00;KS-000001;o1;оплата;1010,00;x\r\n10.11.2026;12:00:00;KS-000002;o2;оплата;1000,00;x\r\n\
10.11.2026;12:00:00;KS-000003;o3;оплата;1010,00;x\r\n10.11.2026;12:00:00;KS-000009;o9;оплата;5,00;x\r\n";
    let reconciled = run(&database, CreditBy::Bank, rows, "=4;3025,00");
    let said = reconciled.to_string();
    for words in [
        "строка 3, KS-000002: суммы расходятся: у банка 1000,00, у нас 1010,00",
        "строка 4, KS-000003: состояние расходится",
        "строка 5, KS-000009: у банка есть, у нас нет: 5,00",
        "KS-000004: у нас есть, у банка нет: 1010,00 за 10.11.2026",
        "Расхождений: 4",
    ] {
        assert!(said.contains(words), "no «{words}» in:\n{said}");
    }
    assert_eq!((reconciled.agree, reconciled.credited), (1, 0));
    assert_eq!(database.everything(), before);
}

#[test]
fn money_that_came_under_a_former_number_is_named_with_the_number_of_today() {
    let database = Database::town();
    payment(&database, "KS-000012", "credited", true);
    let noted = database.store.write_blocking(|tx| {
        tx.execute(
            "INSERT INTO payment_events (id, payment_id, at_ms, what, detail)
             SELECT 'e', id, 0, 'renumbered', 'KS-000011 KS-000012' FROM payments WHERE number = 'KS-000012'",
            &[],
        )
    });
    noted.expect("noted");
    let rows = "10.11.2026;12:00:00;KS-000011;b11;оплата;1010,00;2200\r\n10.11.2026;12:01:00;KS-000012;b12;оплата;1010,00;2200\r\n";
    let told = run(&database, CreditBy::Bank, rows, "=2;2020,00");
    let words: Vec<_> = told.gaps.iter().map(|gap| (gap.number.as_str(), gap.words.as_str())).collect();
    assert_eq!(words, [("KS-000011", "оплачен заказ, вместо которого платёж получил номер KS-000012: 1010,00")]);
    assert_eq!(told.agree, 1);
}

#[test]
fn where_the_registry_credits_it_does_so_once() {
    let database = Database::town();
    payment(&database, "KS-000001", "paid", true);
    let rows = "10.11.2026;12:00:00;KS-000001;o1;оплата;1010,00;x\r\n";
    assert_eq!(run(&database, CreditBy::Registry, rows, "=1;1010,00").credited, 1);
    assert_eq!(run(&database, CreditBy::Registry, rows, "=1;1010,00").credited, 0);
    assert_eq!(database.count("SELECT COUNT(*) FROM credits"), 1);
    assert_eq!(database.count("SELECT CAST(SUM(sum) AS BIGINT) FROM credits"), 100_000);
}

#[test]
fn a_registry_that_was_cut_or_does_not_sum_is_not_compared() {
    let row = "10.11.2026;12:00:00;KS-000001;o1;оплата;1010,00;x\r\n";
    let cut = parse(format!("{HEAD}{row}").as_bytes());
    assert!(matches!(cut, Err(Broken::Truncated { .. })), "{cut:?}");
    let wrong = parse(format!("{HEAD}{row}=1;1010,01\r\n").as_bytes());
    assert!(matches!(wrong, Err(Broken::Totals { what: "сумма", .. })), "{wrong:?}");
    let short = parse(format!("{HEAD}10.11.2026;KS-000001\r\n=1;0,00\r\n").as_bytes());
    assert!(matches!(&short, Err(Broken::Damaged { detail }) if detail.contains("строка 2")), "{short:?}");
}

#[test]
fn the_same_operations_in_the_form_of_e1_are_understood() {
    let row = "10-11-2026;12-00-00;0;CARD;KS-000001-0123456789ab;2140183572;С;А;1026;1000,00;1000,00;0,00\r\n=1;1000,00;1000,00;0,00;1;10-11-2026\r\n";
    let operations = parse(row.as_bytes()).expect("whole");
    assert_eq!(operations.told["KS-000001"].paid, Kopecks(100_000));
    let database = Database::town();
    payment(&database, "KS-000001", "paid", true);
    let reconciled =
        reconcile(&database.store, CreditBy::Bank, chrono_tz::Europe::Moscow, operations).expect("compared");
    assert_eq!((reconciled.agree, reconciled.gaps.len()), (1, 0), "{reconciled}");
}
