//! An invented town put straight into the tables of a real server: people with sessions, flats, meters.

use crate::stage::Stage;
use domain::{AccountId, HouseId, MeterId, UserId};
use server::storage::{Head, Sql, StoreError, Tx};
use server::{Config, Running, Server, ServerPorts, accounts, meters, params, people, secret};
use std::path::Path;
use tempfile::TempDir;
use uuid::Uuid;

/// A town and its server over loopback.
pub struct Town {
    /// The server.
    pub running: Option<Running>,
    /// The people, one per flat.
    pub people: Vec<Person>,
    folder: TempDir,
}

/// Somebody with a session and a flat.
#[derive(Debug, Clone)]
pub struct Person {
    /// Who.
    pub user: UserId,
    /// Their flat.
    pub account: AccountId,
    /// Their access token.
    pub token: String,
    /// Their flat's meters.
    pub meters: Vec<MeterId>,
}

/// Readings are taken all month: the day on which this runs shall not matter.
const SETTINGS: &str = concat!(
    include_str!("../../../tests/settings/utility.toml"),
    r#"access_s = 86400
[[readings.rules]]
start_day = 1
end_day = 31
[[tariffs]]
kind = "cold_water"
rates = ["35,12"]
from = 2026-07-01
"#
);

impl Town {
    /// A town of so many people with so many meters each. `more` are further settings.
    pub fn build(stage: &Stage, people: usize, meters: usize, more: &str) -> anyhow::Result<Self> {
        let folder = stage.fresh()?;
        let config = config(folder.path(), more)?;
        let running = stage.runtime.block_on(Server::start(config, ServerPorts::default()))?;
        let store = running.app().store.clone();
        let mut all = Vec::with_capacity(people);
        let numbers: Vec<usize> = (0..people).collect();
        for some in numbers.chunks(500) {
            let some = some.to_vec();
            let settle = store.write(move |tx| {
                some.into_iter().map(|number| household(tx, number, meters)).collect::<Result<Vec<_>, StoreError>>()
            });
            all.extend(stage.runtime.block_on(settle)?.value);
        }
        Ok(Self { running: Some(running), people: all, folder })
    }

    /// Where the server answers.
    pub fn url(&self) -> String {
        self.running.as_ref().map(|running| format!("http://{}", running.addr)).unwrap_or_default()
    }

    /// Counts rows of a table.
    pub fn count(&self, stage: &Stage, sql: &'static str) -> anyhow::Result<i64> {
        let Some(running) = &self.running else { anyhow::bail!("the server was stopped") };
        let count = running.app().store.read(move |sql_seam| {
            let row = sql_seam.first(sql, &[])?;
            row.map_or(Ok(0), |row| row.get(0))
        });
        stage.runtime.block_on(count).map_err(Into::into)
    }

    /// The town with its own server stopped.
    #[must_use]
    pub fn stopped(mut self, stage: &Stage) -> Self {
        if let Some(running) = self.running.take() {
            stage.runtime.block_on(running.stop());
        }
        self
    }

    /// The town with a server again.
    pub fn started(mut self, stage: &Stage, more: &str) -> anyhow::Result<Self> {
        let config = config(self.folder.path(), more)?;
        self.running = Some(stage.runtime.block_on(Server::start(config, ServerPorts::default()))?);
        Ok(self)
    }

    /// Where its files are.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The request for what comes behind the head of the feed as it is now.
    pub fn feed_path(&self, stage: &Stage) -> anyhow::Result<String> {
        let Some(running) = &self.running else { anyhow::bail!("the server was stopped") };
        let head = running.app().store.read(Head::read);
        let Head { epoch, seq, name, .. } = stage.runtime.block_on(head)?;
        Ok(format!("/v1/feed?epoch={epoch}&seq={seq}&name={name}&limit={}", wire::MAX_PAGE))
    }

    /// Stops the server.
    pub fn stop(self, stage: &Stage) {
        drop(self.stopped(stage));
    }
}

pub(super) fn config(folder: &Path, more: &str) -> anyhow::Result<Config> {
    std::fs::write(folder.join("consent.txt"), "Даю согласие на обработку.")?;
    Config::parse(&format!("{SETTINGS}{more}"), folder, []).map_err(|error| anyhow::anyhow!("{error}"))
}

fn household(tx: &mut Tx<'_>, number: usize, count: usize) -> Result<Person, StoreError> {
    let user = UserId::new(Uuid::new_v4());
    let (session, device, access) = (Uuid::new_v4(), Uuid::new_v4(), token());
    let house = HouseId::new(Uuid::from_u128(number as u128 / 100 + 1));
    let account = AccountId::new(Uuid::new_v4());
    let now = tx.now_ms();
    tx.execute(
        "INSERT INTO users (id, phone, name, email, password, created_ms, password_ms) VALUES ($1, $2, $3, '', 'none', $4, $4)",
        params![user, format!("+79{number:09}"), "Иванов Иван Иванович", now],
    )?;
    tx.execute(
        "INSERT INTO devices (id, user_id, secret, system, version, created_ms, seen_ms) VALUES ($1, $2, $3, 'Debian 12', '0.1.0', $4, $4)",
        params![device, user, [0_u8; 32], now],
    )?;
    tx.execute(
        "INSERT INTO sessions (id, user_id, device_id, refresh, created_ms, refreshed_ms) VALUES ($1, $2, $3, $4, $5, $5)",
        params![session, user, device, secret::token_hash(&token()), now],
    )?;
    tx.execute(
        "INSERT INTO access_tokens (hash, session_id, expires_ms) VALUES ($1, $2, $3)",
        params![secret::token_hash(&access), session, now + 86_400_000],
    )?;
    tx.execute(
        "INSERT INTO houses (id, address) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING",
        params![house, format!("г. Новочебоксарск, ул. Винокурова, д. {}", number / 100 + 1)],
    )?;
    tx.execute(
        "INSERT INTO accounts (id, number, house_id, address, short_address, payer, debt, debt_on)
         VALUES ($1, $2, $3, $4, $5, 'Иванов И. И.', 0, '2026-11-01')",
        params![
            account,
            format!("{:010}", 2_140_000_000 + number as i64),
            house,
            format!("г. Новочебоксарск, ул. Винокурова, кв. {number}"),
            format!("Винокурова, {number}"),
        ],
    )?;
    tx.execute(
        "INSERT INTO attachments (user_id, account_id, attached_ms, proof) VALUES ($1, $2, $3, 'sum')",
        params![user, account, now],
    )?;
    people::publish(tx, user, None)?;
    accounts::publish(tx, account, None)?;
    let mut own = Vec::with_capacity(count);
    for place in 0..count {
        let meter = MeterId::new(Uuid::new_v4());
        tx.execute(
            "INSERT INTO meters (id, account_id, kind, name, serial, digits, decimals, tariffs, ratio, initial, verified_until, automatic)
             VALUES ($1, $2, 'cold_water', $3, $4, 5, 3, 1, 1, '[4531180]', '2099-03-14', 0)",
            params![meter, account, format!("Холодная вода {place}"), meter.to_string()],
        )?;
        meters::publish(tx, meter, None)?;
        own.push(meter);
    }
    Ok(Person { user, account, token: access, meters: own })
}

/// As long as the server's own.
fn token() -> String {
    format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple())
}
