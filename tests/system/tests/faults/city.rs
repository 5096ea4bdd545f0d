//! A server in this process, three flats in its database, and clocks that a test puts forward.

use anyhow::Context;
use async_trait::async_trait;
use client::ports::Clock as DesktopClock;
use domain::Phone;
use domain::capture::ClockReading;
use rusqlite::Connection;
use server::calls::{CallError, CallStatus, CodeCaller, Delivery};
use server::clock::Clock;
use server::registry::import::{Order, import};
use server::registry::{Format, encoding};
use server::{Config, Running, Server, ServerPorts};
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Instant;

/// The first flat: four meters.
pub const FLAT: &str = "2140183572";
/// The second flat, of the same person: two meters.
pub const OTHER_FLAT: &str = "2140183573";
/// A stranger's flat: one meter.
pub const STRANGERS_FLAT: &str = "2140183574";
/// «Итого к оплате» of every flat.
pub const SUM: &str = "3456,78";
/// What every meter showed at the end of October.
pub const OCTOBER: i64 = 4_531_180;
/// A day in milliseconds.
pub const DAY_MS: i64 = 86_400_000;

/// A meter: factory number, type and name of the bank's registry.
type Device = (&'static str, &'static str, &'static str);

/// The meters of each flat.
const METERS: [(&str, &[Device]); 3] = [
    (
        FLAT,
        &[
            ("0453817-21", "9", "Холодная вода, кухня"),
            ("0453820-21", "9", "Холодная вода, ванная"),
            ("0218644-20", "8", "Горячая вода, кухня"),
            ("0218645-20", "8", "Горячая вода, ванная"),
        ],
    ),
    (OTHER_FLAT, &[("0500045-25", "9", "Холодная вода"), ("0500052-21", "8", "Горячая вода")]),
    (STRANGERS_FLAT, &[("0600001-22", "9", "Холодная вода")]),
];

const SETTINGS: &str = concat!(
    include_str!("../../../settings/utility.toml"),
    r#"[limits]
calls_per_ip_day = 1000
[[readings.rules]]
start_day = 15
end_day = 25
"#
);

/// Noon of a day of November 2026 in Moscow.
pub fn november(day: u32) -> i64 {
    let noon = chrono::NaiveDate::from_ymd_opt(2026, 11, day).and_then(|day| day.and_hms_opt(9, 0, 0));
    noon.map_or(0, |noon| noon.and_utc().timestamp_millis())
}

/// Clocks that run, the same for everybody, and that a test puts forward.
pub struct Hands {
    began: Instant,
    ahead_ms: AtomicI64,
}

impl Hands {
    fn at(now_ms: i64) -> Self {
        Self { began: Instant::now(), ahead_ms: AtomicI64::new(now_ms) }
    }

    pub fn forward(&self, by_ms: i64) {
        self.ahead_ms.fetch_add(by_ms, Ordering::SeqCst);
    }

    fn ms(&self) -> i64 {
        self.ahead_ms.load(Ordering::SeqCst) + i64::try_from(self.began.elapsed().as_millis()).unwrap_or(i64::MAX)
    }
}

impl Clock for Hands {
    fn now_ms(&self) -> i64 {
        self.ms()
    }
}

impl DesktopClock for Hands {
    fn read(&self) -> ClockReading {
        let wall_ms = self.ms();
        ClockReading { wall_ms, boot_ms: wall_ms - november(1), boot_id: "one".into() }
    }
}

/// Remembers what it said.
#[derive(Default)]
struct Robot(Mutex<HashMap<String, String>>);

#[async_trait]
impl CodeCaller for Robot {
    async fn deliver(&self, phone: &Phone, code: &str) -> Result<Delivery, CallError> {
        self.0.lock().expect("no panic in it").insert(phone.as_str().to_owned(), code.to_owned());
        Ok(Delivery { provider_id: "1".into() })
    }
    async fn status(&self, _: &Phone, _: &str) -> Result<CallStatus, CallError> {
        Ok(CallStatus::Delivered)
    }
    async fn balance(&self) -> Result<String, CallError> {
        Ok("1.00".into())
    }
}

/// The server and its world.
pub struct City {
    running: Option<Running>,
    pub clock: Arc<Hands>,
    robot: Arc<Robot>,
    folder: tempfile::TempDir,
}

impl City {
    /// On a day of November 2026; readings are taken from the 15th to the 25th.
    pub async fn on(day: u32) -> anyhow::Result<Self> {
        let mut city = Self::not_running(day)?;
        city.start().await?;
        city.import().await?;
        Ok(city)
    }

    /// On a day of November 2026, over the database of an earlier server.
    pub async fn with_database(day: u32, database: &[u8]) -> anyhow::Result<Self> {
        let mut city = Self::not_running(day)?;
        std::fs::create_dir(city.folder.path().join("data"))?;
        std::fs::write(city.database(), database)?;
        city.start().await?;
        Ok(city)
    }

    fn not_running(day: u32) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        std::fs::write(folder.path().join("consent.txt"), "Даю согласие на обработку.")?;
        let clock = Arc::new(Hands::at(november(day)));
        Ok(Self { running: None, clock, robot: Arc::default(), folder })
    }

    pub async fn start(&mut self) -> anyhow::Result<()> {
        let ports = ServerPorts {
            clock: Arc::clone(&self.clock) as Arc<dyn Clock>,
            caller: Some(Arc::clone(&self.robot) as Arc<dyn CodeCaller>),
            ..ServerPorts::default()
        };
        let config = Config::parse(SETTINGS, self.folder.path(), [])?;
        self.running = Some(Server::start(config, ports).await?);
        Ok(())
    }

    pub async fn stop(&mut self) {
        if let Some(running) = self.running.take() {
            running.stop().await;
        }
    }

    pub fn running(&self) -> anyhow::Result<&Running> {
        self.running.as_ref().context("the server runs")
    }

    pub fn heard(&self, phone: &str) -> anyhow::Result<String> {
        self.robot.0.lock().expect("no panic in it").get(phone).cloned().context("nobody called")
    }

    pub fn database(&self) -> PathBuf {
        self.folder.path().join("data/zhkh.db")
    }

    /// A backup as an operator makes it.
    pub fn back_up(&self) -> anyhow::Result<PathBuf> {
        let copy = self.folder.path().join("backup.db");
        let db = Connection::open(self.database())?;
        db.execute("VACUUM INTO ?1", [copy.to_str().context("a temporary path is text")?])?;
        Ok(copy)
    }

    /// Puts a backup in the place of the database.
    pub async fn restore(&mut self, copy: &PathBuf) -> anyhow::Result<()> {
        self.stop().await;
        let database = self.database();
        for beside in ["-wal", "-shm"] {
            let mut path = database.clone().into_os_string();
            path.push(beside);
            // They go with the last connection, unless it was slow.
            let _ = std::fs::remove_file(path);
        }
        std::fs::copy(copy, &database)?;
        self.start().await
    }

    /// A number from the database, read beside the server.
    pub fn count(&self, sql: &str) -> anyhow::Result<i64> {
        Ok(Connection::open(self.database())?.query_row(sql, [], |row| row.get(0))?)
    }

    /// A text from the database, read beside the server.
    pub fn text(&self, sql: &str) -> anyhow::Result<String> {
        Ok(Connection::open(self.database())?.query_row(sql, [], |row| row.get(0))?)
    }

    async fn import(&self) -> anyhow::Result<()> {
        let (mut accounts, mut meters) = (String::new(), String::new());
        for (flat, (number, of_flat)) in (25..).zip(METERS) {
            let address = format!("г. Новочебоксарск, ул. Винокурова, д. 10, кв. {flat}");
            accounts.push_str(&format!("{number};;;Смирнова Валентина Петровна;{address};1026;{SUM}\r\n"));
            meters.push_str(&format!("{number};Смирнова В. П.;;;{address}"));
            for (serial, kind, name) in of_flat {
                meters.push_str(&format!(";{kind};{serial};{name};14.03.2029;453,118;31.10.2026;"));
            }
            meters.push_str("\r\n");
        }
        for (format, text) in [(Format::P1, accounts), (Format::R1, meters)] {
            let today = chrono::NaiveDate::from_ymd_opt(2026, 11, 1).context("a day")?;
            let (zone, bytes) = (chrono_tz::Europe::Moscow, encoding::to_cp1251(&text));
            let order = Order { format, file: "registry.txt".into(), bytes, accept_partial: false, today, zone };
            let store = self.running()?.app().store.clone();
            let protocol = tokio::task::spawn_blocking(move || import(&store, order)).await??;
            anyhow::ensure!(protocol.applied(), "{protocol}");
        }
        Ok(())
    }
}
