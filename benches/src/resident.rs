//! A resident whose computer holds ten thousand rows: signed in once, so that the window opens on its data by itself.

use crate::server::town::Town;
use crate::stage::Stage;
use anyhow::Context;
use client::platform::{SystemBlobDisk, SystemClock, SystemRandom, TokioSpawn};
use client::ports::{Keychain, KeychainError, Ports};
use client::transport::HttpTransport;
use client::{Core, CoreConfig};
use domain::{MeterValue, Period, ReadingId, Source, UserId};
use keyring::{Entry, Error};
use serde_json::json;
use server::params;
use server::storage::{Sql, StoreError};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use uuid::Uuid;
use wire::entity::{Entity, Reading, Verdict};
use wire::feed::{Change, Scope};

/// The only person of the town.
pub(crate) const PHONE: &str = "+79000000000";
pub(crate) const PASSWORD: &str = "вода2026тепло";
/// Under what name the window's program keeps its keys.
const PROGRAM: &str = "ru.zhkh.desktop";

/// A town whose one person may sign in and has so many readings.
pub fn town(stage: &Stage, rows: usize) -> anyhow::Result<Town> {
    let town = Town::build(stage, 1, 20, "")?;
    let Some(running) = &town.running else { anyhow::bail!("the server was stopped") };
    let person = town.people[0].clone();
    let hash = running.app().passwords.hash_here(PASSWORD).map_err(|_| anyhow::anyhow!("no hash"))?;
    let filled = running.app().store.write(move |tx| {
        tx.execute("UPDATE users SET password = $2 WHERE id = $1", params![person.user, hash])?;
        for number in 0..rows {
            let meter = person.meters[number % person.meters.len()];
            let month = number / person.meters.len();
            let entity = Entity::Reading(reading(person.account, meter, month));
            tx.emit(Scope::Account(person.account), None, Change::Put { entity });
        }
        Ok::<_, StoreError>(())
    });
    stage.runtime.block_on(filled)?;
    Ok(town)
}

fn reading(account: domain::AccountId, meter: domain::MeterId, month: usize) -> Reading {
    let (year, of_year) = (2026 - (month / 12) as i32 % 20, 12 - (month % 12) as u8);
    Reading {
        id: ReadingId::new(Uuid::now_v7()),
        meter,
        account,
        period: Period::new(year, of_year).unwrap_or_else(|_| unreachable!("a month")),
        values: vec![MeterValue::from_steps(9_000_000 - month as i64 * 10_000)],
        taken_on: chrono::NaiveDate::from_ymd_opt(year, u32::from(of_year), 20).unwrap_or_default(),
        captured_ms: 1_800_000_000_000 - month as i64,
        captured_sure: true,
        received_ms: 1_800_000_000_000,
        source: Source::ResidentApp,
        verdict: Verdict::Counted,
        current: true,
    }
}

/// The child's part, in the session whose keyring is to hold the key: signs in and fetches everything.
pub fn sign_in(stage: &Stage, data: &Path, server: &str) -> anyhow::Result<()> {
    let mut hasher = DefaultHasher::new();
    data.hash(&mut hasher);
    let ports = Ports {
        transport: Arc::new(HttpTransport::new(server)?),
        clock: Arc::new(SystemClock::new()),
        random: Arc::new(SystemRandom),
        // As the program names a data folder apart.
        keychain: Arc::new(SessionKeyring { suffix: format!("@d{:016x}", hasher.finish()) }),
        spawn: Arc::new(TokioSpawn::new(stage.runtime.handle().clone())),
        blobs: Arc::new(SystemBlobDisk),
    };
    stage.runtime.block_on(async {
        let core = Core::open(CoreConfig::new(data), ports);
        let args = json!({"phone": PHONE, "password": PASSWORD, "forget_password": false});
        core.call("sign_in", args).await.map_err(|failure| anyhow::anyhow!("signing in: {failure:?}"))?;
        let engine = core.engine().context("signed in")?;
        while engine.status().last_synced_ms.is_none() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        core.close().await;
        Ok(())
    })
}

/// The keyring of the session, as the program uses it.
struct SessionKeyring {
    suffix: String,
}

impl SessionKeyring {
    fn entry(&self, user: UserId) -> Result<Entry, KeychainError> {
        Entry::new(PROGRAM, &format!("{}{}", user.uuid(), self.suffix)).map_err(|error| refused(&error))
    }
}

fn refused(error: &Error) -> KeychainError {
    KeychainError(error.to_string())
}

impl Keychain for SessionKeyring {
    fn available(&self) -> bool {
        true
    }
    fn get(&self, user: UserId) -> Result<Option<Vec<u8>>, KeychainError> {
        match self.entry(user)?.get_secret() {
            Ok(secret) => Ok(Some(secret)),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(refused(&error)),
        }
    }
    fn set(&self, user: UserId, secret: &[u8]) -> Result<(), KeychainError> {
        self.entry(user)?.set_secret(secret).map_err(|error| refused(&error))
    }
    fn delete(&self, user: UserId) -> Result<(), KeychainError> {
        match self.entry(user)?.delete_credential() {
            Ok(()) | Err(Error::NoEntry) => Ok(()),
            Err(error) => Err(refused(&error)),
        }
    }
}
