//! The town that every seed begins with: four flats, their meters, the bills of October. It is made once per process
//! from registry files by the server's own import, and copied for each seed.

use crate::clocks::november;
use crate::dice::Dice;
use crate::folders;
use anyhow::Context;
use server::clock::SetClock;
use server::registry::import::{Order, import};
use server::registry::{Format, encoding};
use server::server::App;
use server::storage::Work;
use server::{Config, ServerPorts};
use std::path::Path;
use std::sync::{Arc, OnceLock};

/// The flats by their account numbers.
pub const FLATS: [&str; 4] = ["2140183572", "2140183573", "2140183574", "2140183575"];
/// «Итого к оплате» of every flat.
pub const SUM: &str = "3456,78";
/// The month of the bills.
pub const BILLED: &str = "2026-10";
/// The first day on which readings are taken.
pub const OPENS: u32 = 15;
/// The last one.
pub const CLOSES: u32 = 25;

/// A meter: factory number, type and name of the bank's registry.
type Meter = (&'static str, &'static str, &'static str);

const METERS: [&[Meter]; 4] = [
    &[("0453817-21", "9", "Холодная вода, кухня"), ("0218644-20", "8", "Горячая вода, кухня")],
    &[("0500045-25", "9", "Холодная вода"), ("0500052-21", "8", "Горячая вода")],
    &[("0600001-22", "9", "Холодная вода")],
    &[("0700001-22", "9", "Холодная вода"), ("0700002-22", "8", "Горячая вода")],
];

const SETTINGS: &str = concat!(
    include_str!("../../../tests/settings/utility.toml"),
    r#"access_s = 300
[requests]
keep_alive_s = 60
[limits]
sign_in_tries = 50
sign_in_per_ip_hour = 1000
registrations_per_ip_day = 1000
calls_per_ip_day = 1000
calls_per_phone_day = 1000
lookups_per_hour = 1000
proofs_per_hour = 1000
proofs_per_account_day = 1000
[[readings.rules]]
start_day = 15
end_day = 25
"#
);

/// The settings of a server whose files are in `folder`.
pub fn config(folder: &Path) -> anyhow::Result<Config> {
    Ok(Config::parse(SETTINGS, folder, [])?)
}

/// Puts the town into `folder`.
pub fn copy_to(folder: &Path) -> anyhow::Result<()> {
    static TOWN: OnceLock<Result<tempfile::TempDir, String>> = OnceLock::new();
    // Import must not be called where tasks run.
    let made = TOWN.get_or_init(|| {
        let making = std::thread::spawn(|| make().map_err(|error| format!("{error:#}")));
        making.join().unwrap_or_else(|_| Err("making the town panicked".into()))
    });
    let town = made.as_ref().map_err(|error| anyhow::anyhow!("the town was not made: {error}"))?;
    folders::copy(town.path(), folder)
}

fn make() -> anyhow::Result<tempfile::TempDir> {
    let folder = folders::temporary()?;
    std::fs::write(folder.path().join("consent.txt"), "Даю согласие на обработку.")?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build()?;
    let app = runtime.block_on(async {
        let ports = ServerPorts {
            clock: Arc::new(SetClock::new(november(1, 12))),
            random: Arc::new(Dice::of(0, 0)),
            caller: None,
            bank: None,
            work: Work::Inline,
        };
        let app = Arc::new(App::open(config(folder.path())?, ports)?);
        app.publish_settings().await?;
        anyhow::Ok(app)
    })?;
    let (mut accounts, mut meters) = (String::new(), String::new());
    for ((flat, number), of_flat) in (25..).zip(FLATS).zip(METERS) {
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
        let (zone, bytes) = (app.config.zone, encoding::to_cp1251(&text));
        let order = Order { format, file: "registry.txt".into(), bytes, accept_partial: false, today, zone };
        let protocol = import(&app.store, order)?;
        anyhow::ensure!(protocol.applied(), "{protocol}");
    }
    app.store.close();
    Ok(folder)
}
