//! Registries go in and out while the server runs and a resident is connected.

mod common;

use common::*;
use domain::{AccountId, Kopecks, MeterId, Period, PersonName};
use std::path::PathBuf;
use std::sync::Arc;
use wire::entity::{Entity, Verdict};
use wire::feed::{Change, Scope};
use wire::push::Outcome;
use zhkh_server::clock::Clock;
use zhkh_server::demo::{Town, Wish, files};
use zhkh_server::registry::export::{self, ExportError, Exported};
use zhkh_server::registry::protocol::Protocol;
use zhkh_server::registry::{Format, encoding, import, r1};
use zhkh_server::storage::{Sql, Store, StoreError, StorePorts};

const NUMBER: &str = "2140183572";

/// The database as another process opens it: the command line beside the server.
fn beside(world: &World) -> Store {
    Store::open(&world.config().database(), StorePorts::with_clock(Arc::clone(&world.clock) as Arc<dyn Clock>))
        .expect("opened")
}

async fn load(world: &World, format: Format, file: &str, bytes: Vec<u8>) -> Protocol {
    let config = world.config();
    let (today, zone) = (config.day(world.clock.now_ms()), config.zone);
    let order = import::Order { format, file: file.to_owned(), bytes, accept_partial: false, today, zone };
    let store = beside(world);
    tokio::task::spawn_blocking(move || import::import(&store, order)).await.expect("ran").expect("imported")
}

async fn unload(world: &World, name: &str, lock: bool) -> Result<Exported, ExportError> {
    let period = Period::new(2026, 11).expect("November");
    let (store, out): (_, PathBuf) = (beside(world), world.folder.path().join(name));
    tokio::task::spawn_blocking(move || export::export(&store, export::Order { period, out, lock })).await.expect("ran")
}

/// A server with a small demo town.
async fn town() -> World {
    let world = World::new().await;
    let wish = Wish { seed: 1, accounts: 20, month: Period::new(2026, 10).expect("October") };
    let formats = [Format::P1, Format::P4, Format::R3, Format::R1];
    for (format, file) in formats.into_iter().zip(files(&Town::build(wish))) {
        let protocol = load(&world, format, &file.name, file.bytes).await;
        assert!(protocol.applied(), "{protocol}");
    }
    world
}

async fn meter(world: &World, serial: &'static str) -> MeterId {
    let find = move |sql: &mut dyn Sql| {
        let row = sql.first("SELECT id FROM meters WHERE serial = $1", zhkh_server::params![serial])?;
        row.ok_or(StoreError::Column(0))?.get(0)
    };
    world.store().read(find).await.expect("a meter")
}

#[tokio::test]
async fn a_reading_on_imported_data_reaches_the_file_once_and_comes_back_counted() {
    let world = town().await;
    let person = world.register("+79000000001").await;
    let account: AccountId = world.attach(&person, NUMBER).await.account;
    let scope = Scope::Account(account);
    let whole = world.snapshot(&person, scope).await;
    // The account, four meters, thirteen months of each, the bill that the bank's file made.
    assert_eq!(whole.entities.len(), 1 + 4 + 4 * 13 + 1);

    let kitchen = meter(&world, "0453817-21").await;
    let submit = operation(&person, 1, november(20), reading(kitchen, "460,604"));
    let outcome = world.push_one(&person, item(&submit)).await;
    assert!(matches!(outcome, Outcome::Applied { .. }), "{outcome:?}");
    let before = world.snapshot(&person, scope).await;

    let exported = unload(&world, "first.txt", true).await.expect("exported");
    assert_eq!((exported.rows, exported.readings), (1, 1));
    let bytes = std::fs::read(exported.file.expect("its name")).expect("the file");
    let parsed = r1::parse(&bytes).expect("whole");
    let row = &parsed.rows[0].row;
    assert_eq!((row.account.as_str(), row.serial.as_str()), (NUMBER, "0453817-21"));
    let cells = row.reading.as_ref().expect("a reading");
    assert_eq!((cells.values[0].to_string().as_str(), cells.on.to_string().as_str()), ("460.604", "2026-11-20"));
    let again = unload(&world, "second.txt", false).await;
    assert!(matches!(again, Err(ExportError::Nothing(_))), "{again:?}");

    let told = verdicts(&world.feed_after(&person, &before).await.rows);
    assert_eq!(told, [Verdict::Exported]);
    let late = operation(&person, 2, november(20), reading(kitchen, "461"));
    let outcome = world.push_one(&person, item(&late)).await;
    assert!(matches!(outcome, Outcome::Rejected { .. }), "the period is closed: {outcome:?}");

    // The billing returns what it counted: the very file.
    let protocol = load(&world, Format::R1, "back.txt", bytes).await;
    assert!(protocol.to_string().contains("показаний учтено расчётом: 1"), "{protocol}");
    let told = verdicts(&world.feed_after(&person, &before).await.rows);
    assert_eq!(told, [Verdict::Exported, Verdict::Counted]);
}

fn verdicts(rows: &[wire::feed::Row]) -> Vec<Verdict> {
    let verdict = |row: &wire::feed::Row| match &row.change {
        Change::Put { entity: Entity::Reading(reading) } => Some(reading.verdict.clone()),
        _ => None,
    };
    rows.iter().filter_map(verdict).collect()
}

#[tokio::test]
async fn a_new_bill_reaches_the_resident_and_a_broken_file_nobody() {
    let world = town().await;
    let person = world.register("+79000000001").await;
    let account = world.attach(&person, NUMBER).await.account;
    let before = world.snapshot(&person, Scope::Account(account)).await;
    let bill = |sum: &str| {
        let name = PersonName::parse("Смирнова Валентина Петровна").expect("a name");
        let address = "г. Новочебоксарск, ул. Винокурова, д. 10, кв. 25";
        encoding::to_cp1251(&format!("{NUMBER};;;{};{address};1126;{sum}\r\n", name.as_str()))
    };
    let broken = load(&world, Format::P1, "nov.txt", bill("сорок")).await;
    assert!(!broken.applied(), "{broken}");
    assert_eq!(world.feed_after(&person, &before).await.rows, []);

    assert!(load(&world, Format::P1, "nov.txt", bill("40,00")).await.applied());
    let rows = world.feed_after(&person, &before).await.rows;
    let [row, bill] = rows.as_slice() else { panic!("{rows:?}") };
    let Change::Put { entity: Entity::Bill(bill) } = &bill.change else { panic!("{bill:?}") };
    assert_eq!((bill.to_pay, bill.period.to_string()), (Kopecks(4_000), "2026-11".to_owned()));
    let Change::Put { entity: Entity::Account(account) } = &row.change else { panic!("{row:?}") };
    assert_eq!(account.debt, Kopecks(4_000));
    // A bill of a month that is not over is of the day of the import.
    assert_eq!(account.debt_on.to_string(), "2026-11-20");
}
