use super::*;
use crate::registry::r1;
use crate::registry::testing::{Database, NOW_MS};

/// As if the resident had passed `steps` for the meter.
fn pass(database: &Database, serial: &'static str, id: &'static str, steps: &'static str) {
    database
        .store
        .write_blocking(move |tx| {
            tx.execute(
                "INSERT INTO readings (id, meter_id, account_id, period, steps, taken_on, captured_ms, captured_sure,
                     received_ms, source, late, verdict, is_current)
                 SELECT $1, id, account_id, '2026-11', $2, '2026-11-09', $3, 1, $4, 'resident_app', 0, 'accepted', 1
                 FROM meters WHERE serial = $5",
                params![id, steps, NOW_MS, NOW_MS, serial],
            )
        })
        .expect("inserted");
}

const COLD: &str = "0453817-21";
const POWER: &str = "011204883";
const ONE: &str = "11111111-1111-4111-8111-111111111111";
const TWO: &str = "22222222-2222-4222-8222-222222222222";

fn november(database: &Database, name: &str, lock: bool) -> Result<Exported, ExportError> {
    let period = Period::new(2026, 11).expect("November");
    export(&database.store, Order { period, out: database.folder().join(name), lock })
}

#[test]
fn what_is_exported_reads_back_as_what_was_passed() {
    let database = Database::town();
    pass(&database, COLD, ONE, "[4606040]");
    pass(&database, POWER, TWO, "[143470000,69800000]");
    let exported = november(&database, "out.txt", false).expect("exported");
    assert_eq!((exported.rows, exported.blocks, exported.readings, exported.locked), (1, 3, 2, false));
    let bytes = std::fs::read(exported.file.expect("its name")).expect("the file");
    let (text, _, broken) = encoding_rs::WINDOWS_1251.decode(&bytes);
    assert!(!broken);
    let cold = "9;0453817-21;Холодная вода, кухня;14.03.2029;460,604;09.11.2026;";
    assert!(text.starts_with("2140183572;Смирнова В. П.;70АА123456;") && text.contains(cold), "{text}");
    let parsed = r1::parse(&bytes).expect("whole");
    assert_eq!((parsed.lines, parsed.rejected.len(), parsed.rows.len()), (1, 0, 2));
    let values = |serial: &str| {
        let row = parsed.rows.iter().find(|row| row.row.serial == serial).expect(serial);
        row.row.reading.as_ref().expect("a reading").values.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(values(COLD), ["460.604"]);
    assert_eq!(values(POWER), ["14347", "6980"]);
    assert!(!database.folder().join("out.txt.part").exists());
}

#[test]
fn a_reading_leaves_once_and_its_resident_is_told() {
    let database = Database::town();
    pass(&database, COLD, ONE, "[4606040]");
    november(&database, "first.txt", false).expect("exported");
    assert_eq!(database.text("SELECT verdict FROM readings WHERE period = '2026-11'"), "exported");
    let told = "SELECT COUNT(*) FROM feed WHERE change LIKE '%\"exported\"%' AND scope LIKE 'account:%'";
    assert_eq!(database.count(told), 1);
    let again = november(&database, "second.txt", false);
    assert!(matches!(again, Err(ExportError::Nothing(_))), "{again:?}");
    assert!(!database.folder().join("second.txt").exists());
    // What came after the first export goes with the second.
    pass(&database, POWER, TWO, "[143470000,69800000]");
    assert_eq!(november(&database, "second.txt", false).expect("exported").readings, 1);
    assert_eq!(database.count("SELECT COUNT(*) FROM exports"), 2);
    assert_eq!(database.count("SELECT COUNT(*) FROM access_log WHERE deed = 'exported'"), 2);
}

#[test]
fn only_what_counts_and_was_accepted_leaves() {
    let database = Database::town();
    pass(&database, COLD, ONE, "[4606040]");
    pass(&database, POWER, TWO, "[143470000,69800000]");
    for change in [
        "UPDATE readings SET is_current = 0 WHERE id = '11111111-1111-4111-8111-111111111111'",
        "UPDATE readings SET verdict = 'scheduled', scheduled_on = '2026-11-15' WHERE id = '22222222-2222-4222-8222-222222222222'",
    ] {
        database.store.write_blocking(move |tx| tx.execute(change, &[])).expect(change);
    }
    let before = database.everything();
    assert!(matches!(november(&database, "out.txt", false), Err(ExportError::Nothing(_))));
    assert_eq!(database.everything(), before);
}

#[test]
fn a_lock_closes_the_period() {
    let database = Database::town();
    pass(&database, COLD, ONE, "[4606040]");
    let exported = november(&database, "out.txt", true).expect("exported");
    assert!(exported.locked && exported.to_string().contains("Период закрыт"), "{exported}");
    let period = Period::new(2026, 11).expect("November");
    let locked = database.store.read_blocking(move |sql: &mut dyn Sql| readings::is_locked(sql, period));
    assert!(locked.expect("asked"));
}

#[test]
fn a_period_is_closed_after_everything_had_left() {
    let database = Database::town();
    pass(&database, COLD, ONE, "[4606040]");
    november(&database, "out.txt", false).expect("exported");
    // The same command again, now with the lock: the file of the first is not in the way.
    let closed = november(&database, "out.txt", true).expect("closed");
    assert_eq!((closed.file.as_ref(), closed.rows, closed.locked), (None, 0, true));
    assert!(closed.to_string().contains("Файла нет") && closed.to_string().contains("Период закрыт"), "{closed}");
    assert_eq!(database.count("SELECT COUNT(*) FROM exports WHERE rows = 0 AND locks = 1"), 1);
    assert!(!database.folder().join("out.txt.part").exists());
    assert!(matches!(november(&database, "again.txt", true), Err(ExportError::Nothing(_))), "once is enough");
}

#[test]
fn an_export_that_lost_only_its_name_is_kept_and_named() {
    let database = Database::town();
    pass(&database, COLD, ONE, "[4606040]");
    let (out, part) = (database.folder().join("out.txt"), database.folder().join("out.txt.part"));
    november(&database, "out.txt", false).expect("exported");
    // As if the computer had stopped between the commit and the name.
    std::fs::rename(&out, &part).expect("renamed");
    let whole = std::fs::read(&part).expect("the file");
    let nothing_waits = november(&database, "out.txt", false);
    assert!(matches!(nothing_waits, Err(ExportError::Kept { .. })), "{nothing_waits:?}");
    pass(&database, POWER, TWO, "[143470000,69800000]");
    let before = database.everything();
    let again = november(&database, "out.txt", true);
    assert!(matches!(again, Err(ExportError::Kept { .. })), "{again:?}");
    assert_eq!(std::fs::read(&part).expect("still there"), whole);
    assert!(database.everything() == before && !out.exists());
}

#[test]
fn a_file_of_an_export_that_marked_nothing_is_named_and_left_to_the_operator() {
    let database = Database::town();
    pass(&database, COLD, ONE, "[4606040]");
    let part = database.folder().join("out.txt.part");
    std::fs::write(&part, "half a").expect("written");
    let before = database.everything();
    let found = november(&database, "out.txt", false);
    assert!(matches!(found, Err(ExportError::Unfinished(_))), "{found:?}");
    assert_eq!(std::fs::read_to_string(&part).expect("still there"), "half a");
    assert_eq!(database.everything(), before);
}

#[test]
fn an_earlier_export_is_never_overwritten() {
    let database = Database::town();
    pass(&database, COLD, ONE, "[4606040]");
    let out = database.folder().join("out.txt");
    std::fs::write(&out, "earlier").expect("written");
    let before = database.everything();
    assert!(matches!(november(&database, "out.txt", false), Err(ExportError::Exists(_))));
    assert_eq!(std::fs::read_to_string(&out).expect("read"), "earlier");
    assert_eq!(database.everything(), before);
}

#[test]
fn when_the_disk_refuses_no_reading_is_marked() {
    let database = Database::town();
    pass(&database, COLD, ONE, "[4606040]");
    let before = database.everything();
    let refused = november(&database, "no-such-folder/out.txt", true);
    assert!(matches!(refused, Err(ExportError::Disk { .. })), "{refused:?}");
    assert_eq!(database.everything(), before);
}

#[test]
fn meters_that_the_format_cannot_say_stay_accepted_and_are_named() {
    let database = Database::town();
    pass(&database, COLD, ONE, "[4606040]");
    pass(&database, POWER, TWO, "[1,2,3,4]");
    let exported = november(&database, "out.txt", false).expect("exported");
    assert_eq!(exported.left_out, ["2140183572, прибор «011204883»"]);
    let left = "SELECT verdict FROM readings WHERE id = '22222222-2222-4222-8222-222222222222'";
    assert_eq!(database.text(left), "accepted");
}
