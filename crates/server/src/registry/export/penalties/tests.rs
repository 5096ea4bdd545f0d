use super::*;
use crate::registry::testing::Database;
use domain::penalty::{PenaltyRules, PenaltyStep};
use sha2::{Digest as _, Sha256};

const VERA: &str = "2140183572";
const IVAN: &str = "2140183573";

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

fn order(database: &Database, on: &str, name: &str) -> Order {
    let steps = vec![PenaltyStep { from_day: 31, one_in: 300 }, PenaltyStep { from_day: 91, one_in: 130 }];
    let law = PenaltyRules { from: day("2026-01-01"), key_rate: 1_600, cap: Some(950), steps };
    let table = PenaltyTable::new(vec![law]).expect("a table");
    Order { on: day(on), out: database.folder().join(name), utf8: true, table, zone: chrono_tz::Europe::Moscow }
}

/// Both accounts with a bill of a thousand roubles for March, to be paid by 15.04; the first owes more than that, the second
/// has overpaid.
fn town() -> Database {
    let database = Database::town();
    let bill = |number: &str| {
        format!(
            "{{\"account\":\"{number}\",\"period\":\"2026-03\",\"due_on\":\"2026-04-15\",\"accrued\":\"1000.00\",\"to_pay\":\"1000.00\"}}\n"
        )
    };
    let protocol = database.load_bills("march.jsonl", format!("{}{}", bill(VERA), bill(IVAN)));
    assert!(protocol.applied(), "{protocol}");
    // The town's debts came with another bill, of the month in which nothing is due yet.
    database
        .store
        .write_blocking(|tx| tx.execute("DELETE FROM bills WHERE period <> '2026-03'", &[]))
        .expect("forgotten");
    database
}

fn pay(database: &Database, sum: i64, on: &'static str) {
    let at_ms = day(on).and_hms_opt(9, 0, 0).expect("nine").and_utc().timestamp_millis();
    let done = database.store.write_blocking(move |tx| {
        tx.execute(
            "INSERT INTO payments (id, number, user_id, way, email, sum, commission, status, why, paid_by, created_ms,
                 until_ms, asked, busy_ms, unwanted, paid_ms)
             VALUES ('aa', 'KS-1', 'user', 'card', '', 1, 0, 'credited', '', '', 0, 0, 0, 0, 0, $1)",
            params![at_ms],
        )?;
        tx.execute(
            "INSERT INTO payment_parts (id, payment_id, account_id, sum, refunded)
             SELECT 'bb', 'aa', id, $1, 0 FROM accounts WHERE number = $2",
            params![sum, VERA],
        )
    });
    done.expect("paid");
}

fn text(exported: &Exported) -> String {
    let bytes = std::fs::read(&exported.file).expect("the file");
    assert_eq!(exported.sha256, hex::encode(Sha256::digest(&bytes)));
    String::from_utf8(bytes).expect("UTF-8")
}

#[test]
fn the_examples_of_the_law_leave_with_their_steps_and_totals() {
    let database = town();
    let early = export(&database.store, order(&database, "2026-05-30", "may.csv")).expect("exported");
    assert_eq!((early.rows, early.overdue, early.sum), (1, Kopecks(100_000), Kopecks(475)));
    let lines = "ЛС;Просрочено;Дней;Расчёт;Пени\r\n\
         2140183572;1000,00;15;15.04.2026: 1000,00*15*9,50%/300=4,75;4,75\r\n=1;1000,00;4,75\r\n";
    assert_eq!(text(&early), lines);
    let late = export(&database.store, order(&database, "2026-07-24", "july.csv")).expect("exported");
    let steps =
        "2140183572;1000,00;70;15.04.2026: 1000,00*60*9,50%/300=19,00 + 15.04.2026: 1000,00*10*9,50%/130=7,31;26,31";
    assert_eq!(text(&late).lines().nth(1), Some(steps));
    assert!(late.to_string().contains("пени, ₽: 26,31"), "{late}");
}

#[test]
fn a_payment_stops_it_and_whoever_has_overpaid_is_not_in_the_file() {
    let database = town();
    pay(&database, 100_000, "2026-05-30");
    let exported = export(&database.store, order(&database, "2026-07-24", "july.csv")).expect("exported");
    assert_eq!((exported.rows, exported.overdue, exported.sum), (1, Kopecks(0), Kopecks(475)));
    assert!(!text(&exported).contains(IVAN));
}

#[test]
fn without_penalties_there_is_no_file_and_an_earlier_one_is_kept() {
    let database = town();
    let none = export(&database.store, order(&database, "2026-05-15", "free.csv"));
    assert!(matches!(none, Err(ExportError::NoPenalties)), "{none:?}");
    assert!(!database.folder().join("free.csv").exists() && !database.folder().join("free.csv.part").exists());
    export(&database.store, order(&database, "2026-05-30", "may.csv")).expect("exported");
    let again = export(&database.store, order(&database, "2026-07-24", "may.csv"));
    assert!(matches!(again, Err(ExportError::Exists(_))), "{again:?}");
    let untold = Order { table: PenaltyTable::default(), ..order(&database, "2026-07-24", "none.csv") };
    assert!(matches!(export(&database.store, untold), Err(ExportError::NoPenalties)));
}

#[test]
fn billing_that_reads_windows_1251_gets_it() {
    let database = town();
    let exported = export(&database.store, Order { utf8: false, ..order(&database, "2026-05-30", "cp.csv") });
    let bytes = std::fs::read(exported.expect("exported").file).expect("the file");
    let text = encoding_rs::WINDOWS_1251.decode(&bytes).0;
    assert!(text.starts_with("ЛС;Просрочено;"), "{text}");
}
