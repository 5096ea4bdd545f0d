//! A server with one house in it, on a disk that is watched.

use domain::{
    AccountId, Capture, DeviceId, HouseId, Incarnation, MeterId, MeterValue, OperationId, ReadingId, Source, UserId,
};
use power_cut::Disk;
use rand::{Rng, rngs::StdRng};
use server::clock::SetClock;
use server::operations::{answer, push};
use server::params;
use server::server::App;
use server::sessions::Caller;
use server::storage::{Sql, StoreError};
use server::{Config, ServerPorts};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use uuid::Uuid;
use wire::operation::{Body, Operation, RenameMeter, Sealed, SubmitReading, UpdateProfile};
use wire::push::{Batch, Item, ItemResult};

/// Noon of the 20th of November 2026 in Moscow, when readings are taken.
const NOW_MS: i64 = 1_795_165_200_000;

const SETTINGS: &str = concat!(
    include_str!("../../../../tests/settings/utility.toml"),
    r#"[[readings.rules]]
start_day = 15
end_day = 25
[[tariffs]]
kind = "cold_water"
rates = ["35,12"]
from = 2026-07-01
"#
);

/// What was sent, what came back, and when.
pub struct Answer {
    pub batch: Batch,
    pub results: Vec<ItemResult>,
    pub point: usize,
}

pub struct House {
    pub app: Arc<App>,
    disk: Disk,
    /// The server's key as it was when the server had started, and when that was.
    pub key: (usize, Vec<u8>),
    sequence: AtomicU64,
    folder: TempDir,
}

pub fn runtime() -> Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime")
}

/// Opens the server in `folder/data`, as it is there.
pub fn open(folder: &Path) -> App {
    std::fs::write(folder.join("consent.txt"), "Даю согласие на обработку.").expect("written");
    let config = Config::parse(SETTINGS, folder, []).expect("settings");
    let ports = ServerPorts { clock: Arc::new(SetClock::new(NOW_MS)), ..ServerPorts::default() };
    App::open(config, ports).unwrap_or_else(|error| panic!("the server does not start: {error}"))
}

fn resident() -> UserId {
    UserId::new(Uuid::from_u128(1))
}

fn caller() -> Caller {
    let device = DeviceId::new(Uuid::from_u128(2));
    Caller { user: resident(), device, session: Uuid::from_u128(3), origin: "127.0.0.1".into() }
}

fn meter(number: u128) -> MeterId {
    MeterId::new(Uuid::from_u128(10 + number))
}

/// Pushes a batch as the route does.
pub async fn deliver(app: &Arc<App>, batch: &Batch) -> Vec<ItemResult> {
    let (shared, batch) = (app.clone(), batch.clone());
    let done = app.store.write(move |tx| push(tx, shared.effects(), &caller(), &batch)).await;
    answer(&done.expect("taken"))
}

impl House {
    pub fn new(runtime: &Runtime) -> Self {
        let folder = TempDir::new().expect("a folder");
        std::fs::create_dir(folder.path().join("data")).expect("made");
        let disk = Disk::watch(&folder.path().join("data")).expect("watched");
        let app = Arc::new(open(folder.path()));
        let key = (disk.point(), std::fs::read(folder.path().join("data/code.key")).expect("made"));
        let built = app.store.write(|tx| build(tx));
        runtime.block_on(built).expect("built");
        Self { app, disk, key, sequence: AtomicU64::new(1), folder }
    }

    pub fn disk(&self) -> &Disk {
        &self.disk
    }

    /// Ends the server. What is on the disk stays, and its log.
    pub fn close(self) -> Disk {
        self.app.store.close();
        drop(self.folder);
        self.disk
    }

    /// One batch of a device: readings, names, what is refused, what is taken back before it came.
    pub fn batch(&self, dice: &mut StdRng) -> Batch {
        let items = (0..dice.random_range(1..5)).map(|_| self.item(dice)).collect();
        Batch { incarnation: incarnation(), items }
    }

    fn item(&self, dice: &mut StdRng) -> Item {
        let device_seq = self.sequence.fetch_add(1, Ordering::Relaxed);
        let meter = meter(dice.random_range(0..3));
        let body = match dice.random_range(0..10) {
            0..5 => Body::SubmitReading(SubmitReading {
                reading: ReadingId::new(Uuid::now_v7()),
                meter,
                values: vec![MeterValue::parse(&format!("{}", 454 + device_seq % 5)).expect("a value")],
                confirmed: vec![],
                early: false,
            }),
            5..7 => Body::RenameMeter(RenameMeter { meter, name: format!("Кран {device_seq}") }),
            7 | 8 => {
                Body::UpdateProfile(UpdateProfile { name: None, email: Some(format!("a{device_seq}@ks.example")) })
            }
            _ => return Item::Withdraw { id: OperationId::new(Uuid::now_v7()) },
        };
        let operation = Operation {
            id: OperationId::new(Uuid::now_v7()),
            actor: resident(),
            on_behalf_of: None,
            source: Source::ResidentApp,
            incarnation: incarnation(),
            device_seq,
            lane: body.lane(resident()),
            captured: Capture {
                wall_ms: NOW_MS,
                server_offset_ms: Some(0),
                boot_ms: 1,
                boot_id: "b".into(),
                anchored: true,
            },
            base_version: None,
            replaces: None,
            body,
        };
        Item::Apply { operation: Sealed::seal(&operation).expect("sealed"), after: None }
    }

    /// Pushes a batch and notes when the answer came.
    pub async fn push(&self, batch: Batch) -> Answer {
        let results = deliver(&self.app, &batch).await;
        Answer { batch, results, point: self.disk.point() }
    }
}

fn incarnation() -> Incarnation {
    Incarnation::new(Uuid::from_u128(4))
}

/// A resident with a flat that has two meters; the third is a stranger's.
fn build(sql: &mut dyn Sql) -> Result<(), StoreError> {
    let house = HouseId::new(Uuid::from_u128(7));
    let [own, other] = [8, 9].map(|id| AccountId::new(Uuid::from_u128(id)));
    sql.execute(
        "INSERT INTO users (id, phone, name, email, password, created_ms, password_ms)
         VALUES ($1, '+79000000001', 'Иванов Иван Иванович', '', '', 0, 0)",
        params![resident()],
    )?;
    sql.execute(
        "INSERT INTO houses (id, address) VALUES ($1, 'г. Новочебоксарск, ул. Винокурова, д. 10')",
        params![house],
    )?;
    for (account, number) in [(own, "2140183572"), (other, "2140183580")] {
        sql.execute(
            "INSERT INTO accounts (id, number, house_id, address, short_address, payer, debt, debt_on)
             VALUES ($1, $2, $3, 'ул. Винокурова, д. 10', 'Винокурова, 10', 'Смирнова В. П.', 0, '2026-11-01')",
            params![account, number, house],
        )?;
    }
    sql.execute(
        "INSERT INTO attachments (user_id, account_id, attached_ms, proof) VALUES ($1, $2, 0, 'sum')",
        params![resident(), own],
    )?;
    for (number, account) in [(0, own), (1, own), (2, other)] {
        sql.execute(
            "INSERT INTO meters (id, account_id, kind, name, serial, digits, decimals, tariffs, ratio, initial, verified_until, automatic)
             VALUES ($1, $2, 'cold_water', 'Холодная вода', $3, 5, 3, 1, 1, '[4531180]', '2029-03-14', 0)",
            params![meter(number), account, format!("{number}")],
        )?;
    }
    Ok(())
}
