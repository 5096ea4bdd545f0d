use super::*;
use crate::registry::testing::{Database, NOW_MS};

/// As if a payment of the first account had been credited, and perhaps given back.
fn credit(database: &Database, id: u8, kind: &'static str, sum: i64, at_ms: i64) {
    let done = database.store.write_blocking(move |tx| {
        let uuid = |head: &str| format!("{head}{id:02}1111-1111-4111-8111-1111111111{id:02}");
        tx.execute(
            "INSERT INTO payments (id, number, user_id, way, email, sum, commission, status, why, paid_by, created_ms,
                 until_ms, asked, busy_ms, unwanted)
             VALUES ($1, $2, 'user', 'card', '', 1, 0, 'credited', '', '', 0, 0, 0, 0, 0)",
            params![uuid("aa"), format!("KS-{id:06}")],
        )?;
        tx.execute(
            "INSERT INTO payment_parts (id, payment_id, account_id, sum, refunded)
             SELECT $1, $2, id, $3, 0 FROM accounts WHERE number = '2140183572'",
            params![uuid("bb"), uuid("aa"), sum],
        )?;
        tx.execute(
            "INSERT INTO credits (id, part_id, account_id, kind, sum, at_ms)
             SELECT $1, $2, id, $3, $4, $5 FROM accounts WHERE number = '2140183572'",
            params![uuid("cc"), uuid("bb"), kind, sum, at_ms],
        )
    });
    done.expect("credited");
}

fn order(database: &Database, form: Form, when: When, name: &str) -> Order {
    let today = NaiveDate::from_ymd_opt(2026, 11, 10).expect("a day");
    Order { form, when, out: database.folder().join(name), today, zone: chrono_tz::Europe::Moscow }
}

fn text(database: &Database, name: &str) -> String {
    let bytes = std::fs::read(database.folder().join(name)).expect("the file");
    encoding_rs::WINDOWS_1251.decode(&bytes).0.into_owned()
}

const DAY_MS: i64 = 86_400_000;

#[test]
fn a_payment_leaves_once_with_its_totals_and_the_billing_is_marked_as_knowing() {
    let database = Database::town();
    credit(&database, 1, "payment", 100_000, NOW_MS);
    credit(&database, 2, "refund", -20_000, NOW_MS + 1_000);
    let exported = export(&database.store, order(&database, Form::E1, When::All, "e1.txt")).expect("exported");
    assert_eq!((exported.rows, exported.sum, exported.number), (2, Kopecks(80_000), 1));
    let text = text(&database, "e1.txt");
    let rows: Vec<&str> = text.lines().collect();
    assert!(rows[0].starts_with("10-11-2026;12-00-00;0;CARD;KS-000001-"), "{text}");
    assert!(
        rows[0].ends_with(";1026;1000,00;1000,00;0,00") && rows[0].contains(";2140183572;СМИРНОВА В. П.;"),
        "{text}"
    );
    assert!(rows[1].contains(";-200,00;-200,00;0,00"), "{text}");
    assert_eq!(rows[2], "=2;800,00;800,00;0,00;1;10-11-2026");
    assert_eq!(database.count("SELECT COUNT(*) FROM credits WHERE exported_on = '2026-11-10'"), 2);
    let again = export(&database.store, order(&database, Form::E1, When::All, "e1-again.txt"));
    assert!(matches!(again, Err(ExportError::NoPayments)), "{again:?}");
    assert!(!database.folder().join("e1-again.txt").exists() && !database.folder().join("e1.txt.part").exists());
}

#[test]
fn only_the_day_that_was_asked_for_leaves() {
    let database = Database::town();
    credit(&database, 1, "payment", 100_000, NOW_MS - DAY_MS);
    credit(&database, 2, "payment", 50_000, NOW_MS);
    let day = When::Day(NaiveDate::from_ymd_opt(2026, 11, 9).expect("a day"));
    let exported = export(&database.store, order(&database, Form::E1, day, "day.txt")).expect("exported");
    assert_eq!((exported.rows, exported.sum), (1, Kopecks(100_000)));
    let month = When::Month(Period::new(2026, 11).expect("November"));
    let rest = export(&database.store, order(&database, Form::E1, month, "month.txt")).expect("exported");
    assert_eq!((rest.rows, rest.sum, rest.number), (1, Kopecks(50_000), 2));
}

#[test]
fn the_form_without_negative_sums_leaves_refunds_for_the_other() {
    let database = Database::town();
    credit(&database, 1, "payment", 100_000, NOW_MS);
    credit(&database, 2, "refund", -20_000, NOW_MS);
    let exported = export(&database.store, order(&database, Form::E2, When::All, "e2.txt")).expect("exported");
    assert_eq!((exported.rows, exported.left_out.len()), (1, 1));
    let text = text(&database, "e2.txt");
    let cells: Vec<&str> = text.trim_end().split(';').collect();
    assert_eq!(cells.len(), 17, "{text}");
    assert_eq!((cells[0], cells[1], cells[3], cells[4]), ("2140183572", "1000.00", "1", "10.11.2026"));
    assert!(cells[2].len() == 26 && cells[2].starts_with("101126") && cells[2].bytes().all(|b| b.is_ascii_digit()));
    assert_eq!(database.count("SELECT COUNT(*) FROM credits WHERE export_id IS NULL"), 1);
}

#[test]
fn a_file_of_an_export_that_was_marked_is_never_written_over() {
    let database = Database::town();
    credit(&database, 1, "payment", 100_000, NOW_MS);
    export(&database.store, order(&database, Form::E1, When::All, "e1.txt")).expect("exported");
    // As after a power cut between the commit and the naming.
    std::fs::rename(database.folder().join("e1.txt"), database.folder().join("e1.txt.part")).expect("renamed");
    credit(&database, 2, "payment", 50_000, NOW_MS);
    let again = export(&database.store, order(&database, Form::E1, When::All, "e1.txt"));
    assert!(matches!(again, Err(ExportError::Kept { .. })), "{again:?}");
    assert_eq!(database.count("SELECT COUNT(*) FROM credits WHERE export_id IS NULL"), 1);
}

#[test]
fn the_debt_that_is_shown_takes_off_what_the_billing_does_not_know() {
    let database = Database::town();
    let shown = |database: &Database| {
        database.store.read_blocking(|sql: &mut dyn Sql| {
            let row = sql.first("SELECT id FROM accounts WHERE number = '2140183572'", &[])?.expect("there");
            Ok::<_, StoreError>(accounts::entity(sql, row.get(0)?)?.expect("shown").debt)
        })
    };
    credit(&database, 1, "payment", 100_000, NOW_MS);
    assert_eq!(shown(&database).expect("read"), Kopecks(245_678));
    export(&database.store, order(&database, Form::E1, When::All, "e1.txt")).expect("exported");
    assert_eq!(shown(&database).expect("read"), Kopecks(245_678), "the debt is older than the export");
    let later =
        crate::registry::testing::ACCOUNTS.replace(";1026;3456,78", ";1126;2456,78").replace(";1026;", ";1126;");
    let loaded = database.load(crate::registry::Format::P1, "b.txt", &to_cp1251(&later));
    assert!(loaded.applied(), "{loaded}");
    assert_eq!(shown(&database).expect("read"), Kopecks(245_678), "the billing has it in its debt");
}
