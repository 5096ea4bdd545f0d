//! A computer with the whole core of the program; its keyring is memory, so that it opens again by itself.

use crate::stage::Stage;
use anyhow::Context;
use client::platform::{SystemBlobDisk, SystemClock, SystemRandom, TokioSpawn};
use client::ports::{Keychain, KeychainError, Ports};
use client::transport::HttpTransport;
use client::{Core, CoreConfig};
use domain::UserId;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// A computer on which somebody is signed in.
pub struct Computer {
    core: Arc<Core>,
    keys: Arc<Keys>,
    server: String,
    folder: TempDir,
}

impl Computer {
    /// Signs somebody in on a new one and waits until the first synchronisation is done.
    pub fn signed_in(stage: &Stage, server: &str, login: &str, password: &str) -> anyhow::Result<Self> {
        let (folder, keys) = (stage.fresh()?, Arc::default());
        let core = open(stage, &folder, &keys, server)?;
        let computer = Self { core, keys, server: server.to_owned(), folder };
        computer.ask(stage, "sign_in", json!({"phone": login, "password": password, "forget_password": false}))?;
        let engine = computer.core.engine().context("signed in")?;
        stage.runtime.block_on(async {
            while engine.status().last_synced_ms.is_none() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        });
        Ok(computer)
    }

    /// Ends the program and starts it again; the keyring opens the data, and the window has asked for its first screen.
    pub fn reopened(mut self, stage: &Stage) -> anyhow::Result<Self> {
        stage.runtime.block_on(self.core.close());
        self.core = open(stage, &self.folder, &self.keys, &self.server)?;
        self.ask(stage, "boot", json!({}))?;
        anyhow::ensure!(self.core.engine().is_some(), "the keyring did not open the data");
        Ok(self)
    }

    /// The core.
    pub fn core(&self) -> &Arc<Core> {
        &self.core
    }

    /// Gives a command as the window does; the answer, and the milliseconds until it was there.
    pub fn ask(&self, stage: &Stage, command: &str, args: Value) -> anyhow::Result<(Value, f64)> {
        let began = Instant::now();
        let answer = stage.runtime.block_on(self.core.call(command, args));
        let took = began.elapsed().as_secs_f64() * 1e3;
        Ok((answer.map_err(|failure| anyhow::anyhow!("{command}: {failure:?}"))?, took))
    }
}

fn open(stage: &Stage, folder: &TempDir, keys: &Arc<Keys>, server: &str) -> anyhow::Result<Arc<Core>> {
    let ports = Ports {
        transport: Arc::new(HttpTransport::new(server)?),
        clock: Arc::new(SystemClock::new()),
        random: Arc::new(SystemRandom),
        keychain: keys.clone(),
        spawn: Arc::new(TokioSpawn::new(stage.runtime.handle().clone())),
        blobs: Arc::new(SystemBlobDisk),
    };
    // What the core begins at once is begun inside the runtime.
    let _inside = stage.runtime.enter();
    Ok(Core::open(CoreConfig::new(folder.path()), ports))
}

/// A keyring that ends with the measuring.
#[derive(Default)]
struct Keys(Mutex<HashMap<UserId, Vec<u8>>>);

impl Keychain for Keys {
    fn available(&self) -> bool {
        true
    }
    fn get(&self, user: UserId) -> Result<Option<Vec<u8>>, KeychainError> {
        Ok(self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&user).cloned())
    }
    fn set(&self, user: UserId, secret: &[u8]) -> Result<(), KeychainError> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(user, secret.to_owned());
        Ok(())
    }
    fn delete(&self, user: UserId) -> Result<(), KeychainError> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&user);
        Ok(())
    }
}
