//! A server's database with a few accounts, for the tests of import and export.

use super::import::{BillOrder, Order, import, import_bills, try_import};
use super::protocol::Protocol;
use super::{Format, encoding};
use crate::clock::SetClock;
use crate::params;
use crate::storage::testing::Place;
use crate::storage::{Row, Sql, Store, StoreError, StorePorts};
use chrono::NaiveDate;
use std::io::Cursor;
use std::path::Path;
use std::sync::Arc;

/// 10 November 2026, noon in Moscow.
pub const NOW_MS: i64 = 1_794_301_200_000;

/// Two accounts of one house.
pub const ACCOUNTS: &str = "\
2140183572;70АА123456;acde8f61-fd56-4cec-a4df-1f033e2a63ee,25;Смирнова Валентина Петровна;г. Новочебоксарск, ул. Винокурова, д. 10, кв. 25;1026;3456,78\r\n\
2140183573;;acde8f61-fd56-4cec-a4df-1f033e2a63ee,26;Иванов И.И.;г. Новочебоксарск, ул. Винокурова, 10, 26;1026;-12,50\r\n";

/// Two meters of the first account, the second of two tariffs.
pub const METERS: &str = "2140183572;Смирнова В. П.;;;г. Новочебоксарск, ул. Винокурова, 10, 25;9;0453817-21;Холодная вода, кухня;14.03.2029;453,118;31.10.2026;;3;011204883;Электроэнергия;;14208;31.10.2026;;4;011204883;Электроэнергия;;6911;31.10.2026;\r\n";

/// A database in a folder of its own.
pub struct Database {
    /// The open store.
    pub store: Store,
    /// Where it is, gone with it.
    place: Place,
}

impl Database {
    /// An empty one.
    pub fn new() -> Self {
        let place = Place::new();
        let clock = Arc::new(SetClock::new(NOW_MS));
        let store = Store::open(&place.database(), StorePorts::with_clock(clock)).expect("a database");
        Self { store, place }
    }

    /// A folder for files, gone with it.
    pub fn folder(&self) -> &Path {
        self.place.folder()
    }

    /// With [`ACCOUNTS`] and [`METERS`].
    pub fn town() -> Self {
        let database = Self::new();
        assert!(database.load(Format::P1, "a.txt", &encoding::to_cp1251(ACCOUNTS)).applied());
        assert!(database.load(Format::R1, "m.txt", &encoding::to_cp1251(METERS)).applied());
        database
    }

    /// Imports bytes.
    pub fn load(&self, format: Format, file: &str, bytes: &[u8]) -> Protocol {
        import(&self.store, order(format, file, bytes, false)).expect("the database answers")
    }

    /// Imports what is good of them.
    pub fn load_part(&self, format: Format, file: &str, bytes: &[u8]) -> Protocol {
        import(&self.store, order(format, file, bytes, true)).expect("the database answers")
    }

    /// Tries to import bytes.
    pub fn try_load(&self, format: Format, file: &str, bytes: &[u8]) -> Protocol {
        try_import(&self.store, order(format, file, bytes, false)).expect("the database answers")
    }

    /// Imports a file of bills.
    pub fn load_bills(&self, file: &str, bytes: impl AsRef<[u8]>) -> Protocol {
        self.load_bills_by(file, bytes, |_| {})
    }

    /// Imports a file of bills otherwise than usual.
    pub fn load_bills_by(&self, file: &str, bytes: impl AsRef<[u8]>, how: impl FnOnce(&mut BillOrder)) -> Protocol {
        let Order { file, today, zone, .. } = order(Format::P1, file, &[], false);
        let mut order = BillOrder { file, accept_partial: false, dry_run: false, today, zone, most_bytes: 1 << 20 };
        how(&mut order);
        import_bills(&self.store, order, Cursor::new(bytes.as_ref().to_vec())).expect("the database answers")
    }

    /// As if somebody had attached the account.
    pub fn attach(&self, number: &'static str) {
        let attached = self.store.write_blocking(move |tx| {
            tx.execute(
                "INSERT INTO attachments (user_id, account_id, attached_ms, proof)
                 SELECT 'user', id, 0, 'sum' FROM accounts WHERE number = $1",
                params![number],
            )
        });
        attached.expect("attached");
    }

    /// Rows of a query.
    pub fn rows(&self, sql: &'static str) -> Vec<Row> {
        self.store.read_blocking(move |database: &mut dyn Sql| database.query(sql, &[])).expect(sql)
    }

    /// One number.
    pub fn count(&self, sql: &'static str) -> i64 {
        self.rows(sql)[0].get(0).expect("a number")
    }

    /// One text.
    pub fn text(&self, sql: &'static str) -> String {
        self.rows(sql)[0].get(0).expect("a text")
    }

    /// Everything that an import could change, as text: equal before and after means that nothing changed.
    pub fn everything(&self) -> String {
        const TABLES: [&str; 16] = [
            "head",
            "feed",
            "mirror",
            "houses",
            "accounts",
            "account_services",
            "bills",
            "former_bills",
            "credits",
            "payment_exports",
            "meters",
            "readings",
            "imports",
            "installations",
            "exports",
            "access_log",
        ];
        let read = |database: &mut dyn Sql| {
            let mut all = String::new();
            for table in TABLES {
                all.push_str(&format!(
                    "{table}: {:?}\n",
                    database.query(&format!("SELECT * FROM {table} ORDER BY 1, 2"), &[])?
                ));
            }
            Ok::<_, StoreError>(all)
        };
        self.store.read_blocking(read).expect("all tables")
    }
}

fn order(format: Format, file: &str, bytes: &[u8], accept_partial: bool) -> Order {
    let today = NaiveDate::from_ymd_opt(2026, 11, 10).expect("a day");
    let zone = chrono_tz::Europe::Moscow;
    Order { format, file: file.to_owned(), bytes: bytes.to_vec(), accept_partial, today, zone }
}
