//! A person's computer: the real core, its files, a keyring, and a line to the server that can be spoilt.

use crate::city::{City, Hands, OCTOBER, SUM};
use anyhow::Context;
use client::platform::{SystemBlobDisk, SystemRandom, TokioSpawn};
use client::ports::{Keychain, KeychainError, Ports};
use client::transport::HttpTransport;
use client::{Core, CoreConfig};
use domain::UserId;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::future::Future;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use zhkh_system_tests::cut_proxy::CutProxy;
use zhkh_system_tests::entries::steps;
use zhkh_system_tests::until::until;

pub const PASSWORD: &str = "Печка7Окно";
/// How long anything may take.
pub const PATIENCE: Duration = Duration::from_secs(40);

/// A keyring in memory.
#[derive(Default)]
struct Keyring(Mutex<BTreeMap<UserId, Vec<u8>>>);

impl Keychain for Keyring {
    fn available(&self) -> bool {
        true
    }
    fn get(&self, user: UserId) -> Result<Option<Vec<u8>>, KeychainError> {
        Ok(self.0.lock().expect("no panic in it").get(&user).cloned())
    }
    fn set(&self, user: UserId, secret: &[u8]) -> Result<(), KeychainError> {
        self.0.lock().expect("no panic in it").insert(user, secret.to_vec());
        Ok(())
    }
    fn delete(&self, user: UserId) -> Result<(), KeychainError> {
        self.0.lock().expect("no panic in it").remove(&user);
        Ok(())
    }
}

/// A computer with the program running.
pub struct Computer {
    pub core: Arc<Core>,
    pub line: CutProxy,
    keyring: Arc<Keyring>,
    clock: Arc<Hands>,
    folder: tempfile::TempDir,
}

impl Computer {
    /// A new one, nobody signed in.
    pub async fn new(city: &City) -> anyhow::Result<Self> {
        let line = CutProxy::start(city.running()?.addr).await?;
        let (keyring, clock, folder) = (Arc::<Keyring>::default(), Arc::clone(&city.clock), tempfile::tempdir()?);
        let core = open(&line, &keyring, &clock, &folder)?;
        Ok(Self { core, line, keyring, clock, folder })
    }

    /// A new one with a person who registers and attaches flats.
    pub async fn of(city: &City, phone: &str, flats: &[&str]) -> anyhow::Result<Self> {
        let computer = Self::new(city).await?;
        computer.register(city, phone).await?;
        for flat in flats {
            computer.attach(flat).await?;
        }
        Ok(computer)
    }

    /// Ends the program in peace and starts it again.
    pub async fn restart(&mut self) -> anyhow::Result<()> {
        self.core.close().await;
        self.core = open(&self.line, &self.keyring, &self.clock, &self.folder)?;
        Ok(())
    }

    /// Ends the program in peace, and starts it again with the disk as `copy` has it; gives a copy of the disk of now.
    pub async fn put_back(&mut self, copy: Option<tempfile::TempDir>) -> anyhow::Result<tempfile::TempDir> {
        self.core.close().await;
        let now = tempfile::tempdir()?;
        copy_tree(self.folder.path(), now.path())?;
        if let Some(copy) = copy {
            self.folder = copy;
        }
        self.core = open(&self.line, &self.keyring, &self.clock, &self.folder)?;
        Ok(now)
    }

    pub async fn call(&self, command: &str, args: Value) -> anyhow::Result<Value> {
        let done = self.core.call(command, args).await;
        done.map_err(|failure| anyhow::anyhow!("{command}: {failure:?}"))
    }

    pub async fn register(&self, city: &City, phone: &str) -> anyhow::Result<()> {
        let consent = self.call("consent", json!({})).await?;
        let who = json!({
            "phone": phone, "name": "Смирнова Валентина Петровна", "consent_given": true,
            "consent_version": consent["version"], "consent_sha256": consent["sha256"],
        });
        self.call("registration_start", who).await?;
        self.call("registration_call", json!({})).await?;
        self.call("registration_code", json!({"code": city.heard(phone)?})).await?;
        let password = json!({"password": PASSWORD, "repeat": PASSWORD, "forget_password": false});
        self.call("registration_finish", password).await.map(drop)
    }

    pub async fn sign_in(&self, phone: &str) -> anyhow::Result<()> {
        self.call("sign_in", json!({"phone": phone, "password": PASSWORD, "forget_password": false})).await.map(drop)
    }

    pub async fn attach(&self, flat: &str) -> anyhow::Result<()> {
        self.call("account_lookup", json!({"number": flat})).await?;
        let proof = json!({"by": "sum", "sum": SUM, "period": "2026-10"});
        let proven = self.call("account_prove", json!({"number": flat, "proof": proof})).await?;
        self.call("account_attach", json!({"token": proven["token"]})).await?;
        self.when(&format!("meters of {flat}"), || async {
            let meters = self.meters().await?;
            let has = meters.iter().any(|meter| meter["account_number"] == flat);
            anyhow::ensure!(has, "none of {}", meters.len());
            Ok(())
        })
        .await
    }

    pub async fn meters(&self) -> anyhow::Result<Vec<Value>> {
        let view = self.call("readings", json!({"account": null})).await?;
        view["meters"].as_array().cloned().context("a list")
    }

    pub async fn meter(&self, serial: &str) -> anyhow::Result<Value> {
        let meters = self.meters().await?;
        meters.into_iter().find(|meter| meter["serial"] == serial).with_context(|| format!("no meter {serial}"))
    }

    /// Submits October's value and so many litres.
    pub async fn submit(&self, serial: &str, litres: i64) -> anyhow::Result<Value> {
        let meter = self.meter(serial).await?;
        let args = json!({"meter": meter["id"], "values": [value(litres)], "confirmed": [], "early": false});
        self.call("reading_submit", args).await
    }

    pub async fn rename(&self, serial: &str, name: &str) -> anyhow::Result<Value> {
        let meter = self.meter(serial).await?;
        self.call("meter_rename", json!({"meter": meter["id"], "name": name})).await
    }

    pub async fn queue(&self) -> anyhow::Result<Value> {
        self.call("queue", json!({})).await
    }

    /// Waits for something to become true.
    pub async fn when<T, F, A>(&self, what: &str, ask: F) -> anyhow::Result<T>
    where
        F: FnMut() -> A,
        A: Future<Output = anyhow::Result<T>>,
    {
        until(what, PATIENCE, ask).await
    }

    /// Waits until the queue panel is as wanted.
    pub async fn queue_when(&self, what: &str, wanted: impl Fn(&Value) -> bool) -> anyhow::Result<Value> {
        self.when(what, || async {
            let queue = self.queue().await?;
            anyhow::ensure!(wanted(&queue), "the queue is {queue}");
            Ok(queue)
        })
        .await
    }

    /// Waits until the pill is of this kind.
    pub async fn pill(&self, kind: &str) -> anyhow::Result<Value> {
        self.queue_when(&format!("the pill says {kind}"), |queue| queue["pill"]["pill"] == kind).await
    }

    /// Waits until everything is sent; the person is at the window, so nothing waits longer than it must.
    pub async fn drained(&self) -> anyhow::Result<()> {
        self.when("everything is sent", || async {
            self.call("person_back", json!({})).await?;
            let queue = self.queue().await?;
            let empty = queue["waiting"].as_array().is_some_and(Vec::is_empty);
            anyhow::ensure!(empty && queue["pill"]["pill"] == "sent", "the queue is {queue}");
            Ok(())
        })
        .await
    }

    /// Waits until this month's reading has this value and this mark.
    pub async fn shows(&self, serial: &str, litres: i64, mark: &str) -> anyhow::Result<Value> {
        self.when(&format!("{serial} shows {} as {mark}", value(litres)), || async {
            let meter = self.meter(serial).await?;
            let current = &meter["current"];
            let right = has(current, &value(litres))? && current["mark"]["mark"] == mark;
            anyhow::ensure!(right, "it shows {current}");
            Ok(meter)
        })
        .await
    }
}

/// October's value and so many litres, as typed.
pub fn value(litres: i64) -> String {
    let litres = OCTOBER / 10 + litres;
    format!("{}.{:03}", litres / 1000, litres % 1000)
}

/// Whether a reading as the window shows it has this one value.
pub fn has(current: &Value, value: &str) -> anyhow::Result<bool> {
    let shown = current["values"][0].as_str().map(steps).transpose()?;
    Ok(shown == Some(steps(value)?))
}

/// The operation of an answer.
pub fn operation(answer: &Value) -> String {
    answer["operation"].as_str().unwrap_or_default().to_owned()
}

fn copy_tree(from: &Path, to: &Path) -> std::io::Result<()> {
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let (entry, to) = (entry.path(), to.join(entry.file_name()));
        if entry.is_dir() {
            std::fs::create_dir(&to)?;
            copy_tree(&entry, &to)?;
        } else {
            std::fs::copy(entry, to)?;
        }
    }
    Ok(())
}

fn open(
    line: &CutProxy,
    keyring: &Arc<Keyring>,
    clock: &Arc<Hands>,
    folder: &tempfile::TempDir,
) -> anyhow::Result<Arc<Core>> {
    let ports = Ports {
        transport: Arc::new(HttpTransport::new(&line.url())?),
        clock: Arc::clone(clock) as Arc<dyn client::ports::Clock>,
        random: Arc::new(SystemRandom),
        keychain: Arc::clone(keyring) as Arc<dyn Keychain>,
        spawn: Arc::new(TokioSpawn::new(tokio::runtime::Handle::current())),
        blobs: Arc::new(SystemBlobDisk),
    };
    let mut config = CoreConfig::new(folder.path().join("data"));
    config.documents = folder.path().join("documents");
    Ok(Core::open(config, ports))
}
