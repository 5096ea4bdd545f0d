//! The main job in steps, and what must be true when a program was killed after one of them.

use crate::{CHANGED, CHANGED_STEPS, FIRST, SERIAL, Scene};
use anyhow::Context;
use serde_json::{Value, json};
use std::time::{SystemTime, UNIX_EPOCH};
use zhkh_system_tests::bridge::{Bridge, PATIENCE};
use zhkh_system_tests::cut_proxy::Faults;
use zhkh_system_tests::resident::{accepted, meter, submit};
use zhkh_system_tests::robot;
use zhkh_system_tests::until::until;

/// The steps in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    RegistrationStarted,
    Called,
    PhoneProven,
    RegistrationFinished,
    AccountLookedUp,
    AccountProven,
    AccountAttached,
    ReadingSubmittedOffline,
    ReadingChangedOffline,
    ReconnectedBeforeTheAck,
    ReconnectedAfterTheAck,
}

use Step::*;

impl Step {
    pub const ALL: [Self; 11] = [
        RegistrationStarted,
        Called,
        PhoneProven,
        RegistrationFinished,
        AccountLookedUp,
        AccountProven,
        AccountAttached,
        ReadingSubmittedOffline,
        ReadingChangedOffline,
        ReconnectedBeforeTheAck,
        ReconnectedAfterTheAck,
    ];
}

/// One resident doing the main job.
pub struct Job {
    pub scene: Scene,
    core: Option<Bridge>,
    /// What the window holds between two steps, gone when it is killed.
    token: Value,
    first: String,
    changed: String,
    replaced: bool,
    changed_between_ms: (i64, i64),
}

impl Job {
    pub async fn begin() -> anyhow::Result<Self> {
        let scene = Scene::set().await?;
        let core = Some(scene.seat.start()?);
        let nothing = String::new();
        let (first, changed) = (nothing.clone(), nothing);
        Ok(Self { scene, core, token: Value::Null, first, changed, replaced: false, changed_between_ms: (0, 0) })
    }

    fn core(&self) -> anyhow::Result<&Bridge> {
        self.core.as_ref().context("the core runs")
    }

    pub async fn take(&mut self, step: Step) -> anyhow::Result<()> {
        let (core, scene) = (self.core.as_ref().context("the core runs")?, &self.scene);
        let account = scene.accounts.first().context("the story has accounts")?;
        match step {
            RegistrationStarted => scene.resident.start_registration(core).await?,
            Called => drop(core.call("registration_call", json!({})).await?),
            PhoneProven => {
                let code = robot::hear(&scene.town.sandbox, &scene.resident.phone, 0).await?;
                core.call("registration_code", json!({ "code": code })).await?;
            }
            RegistrationFinished => scene.resident.finish_registration(core, false).await?,
            AccountLookedUp => drop(core.call("account_lookup", json!({"number": account.number})).await?),
            AccountProven => {
                let proof = json!({"by": "sum", "sum": account.sum_typed(), "period": account.period});
                let proven = core.call("account_prove", json!({"number": account.number, "proof": proof})).await?;
                self.token = proven["token"].clone();
            }
            AccountAttached => {
                core.call("account_attach", json!({"token": self.token})).await?;
                meter(core, SERIAL).await?;
            }
            ReadingSubmittedOffline => {
                scene.proxy.cut().await;
                self.first = submit(core, SERIAL, FIRST).await?;
                self.waits_here(FIRST).await?;
            }
            ReadingChangedOffline => {
                let meter = meter(core, SERIAL).await?;
                let args = json!({"meter": meter["id"], "values": [CHANGED], "confirmed": [], "early": false});
                let began = now_ms()?;
                let done = core.call("reading_submit", args).await?;
                self.changed_between_ms = (began, now_ms()?);
                self.changed = done["operation"].as_str().context("an id")?.to_owned();
                self.replaced = done["replaced"] == true;
                self.waits_here(CHANGED).await?;
            }
            ReconnectedBeforeTheAck => {
                scene.proxy.set(Faults { lose_answers: u32::MAX, feed_after: u32::MAX, ..Faults::default() });
                scene.proxy.restore().await?;
                until("the server applies it", PATIENCE, || async {
                    core.call("person_back", json!({})).await?;
                    let held = scene.town.inspect()?;
                    anyhow::ensure!(held.ledger.iter().any(|fate| fate.id == self.changed), "not there");
                    Ok(())
                })
                .await?;
            }
            ReconnectedAfterTheAck => {
                scene.proxy.set(Faults::default());
                self.is_accepted().await?;
            }
        }
        Ok(())
    }

    /// kill -9 of the core after `step`, and a start. What a window does not keep is done again, as a person would.
    pub async fn kill_core_after(&mut self, step: Step) -> anyhow::Result<()> {
        self.core.take().context("the core runs")?.kill_9()?;
        self.core = Some(self.scene.seat.start()?);
        let again = match step {
            RegistrationStarted | Called | PhoneProven => RegistrationStarted..=step,
            AccountLookedUp | AccountProven => AccountLookedUp..=step,
            _ => return self.stands_after(step).await,
        };
        for step in Step::ALL.into_iter().filter(|step| again.contains(step)) {
            self.take(step).await?;
        }
        Ok(())
    }

    /// kill -9 of the server after `step`, and a start where it was. Nothing is done again.
    pub async fn kill_server_after(&mut self, step: Step) -> anyhow::Result<()> {
        self.scene.town.server.kill_9()?;
        self.scene.town.server.start()?;
        self.scene.proxy.lead_to(self.scene.town.server.address);
        self.stands_after(step).await
    }

    /// What the person sees without doing anything.
    async fn stands_after(&self, step: Step) -> anyhow::Result<()> {
        if step >= RegistrationFinished {
            let boot = self.core()?.call("boot", json!({})).await?;
            anyhow::ensure!(!boot["session"].is_null(), "signed out by the kill");
        }
        match step {
            AccountAttached => drop(meter(self.core()?, SERIAL).await?),
            ReadingSubmittedOffline => self.waits_here(FIRST).await?,
            ReadingChangedOffline | ReconnectedBeforeTheAck => self.shows(CHANGED).await?,
            ReconnectedAfterTheAck => self.is_accepted().await?,
            _ => {}
        }
        Ok(())
    }

    async fn shows(&self, value: &str) -> anyhow::Result<()> {
        let meter = meter(self.core()?, SERIAL).await?;
        let shown = &meter["current"]["values"];
        anyhow::ensure!(shown == &json!([value]), "{value} was entered, {shown} is shown");
        Ok(())
    }

    /// The value is shown as «на этом компьютере», and the pill says why.
    async fn waits_here(&self, value: &str) -> anyhow::Result<()> {
        self.shows(value).await?;
        until("«На этом компьютере»", PATIENCE, || async {
            let meter = meter(self.core()?, SERIAL).await?;
            let mark = &meter["current"]["mark"]["mark"];
            anyhow::ensure!(mark == "here", "the mark is {mark}");
            let pill = self.core()?.pill().await?;
            anyhow::ensure!(pill == "offline", "the pill is {pill}");
            Ok(())
        })
        .await
    }

    async fn is_accepted(&self) -> anyhow::Result<()> {
        self.core()?.call("person_back", json!({})).await?;
        accepted(self.core()?, SERIAL, CHANGED).await?;
        self.core()?.await_in("queue", json!({}), |queue| (queue["pill"]["pill"] == "sent").then_some(())).await
    }

    /// The end of the job, as another process reads it from the server's database.
    pub fn is_done_exactly_once(&self) -> anyhow::Result<()> {
        let held = self.scene.town.inspect()?;
        let reading = held.exactly_once(SERIAL, &CHANGED_STEPS)?;
        anyhow::ensure!(reading.operation == self.changed, "another operation brought it");
        let (from, to) = self.changed_between_ms;
        let captured = reading.captured_ms;
        anyhow::ensure!(reading.captured_sure, "the time of capture is not sure");
        // Half a second for the way of the server's time to the core.
        let in_time = (from - 500..=to + 500).contains(&captured);
        anyhow::ensure!(in_time, "captured at {captured}, entered between {from} and {to}");
        let mut expected = vec![self.changed.as_str()];
        if !self.replaced {
            // The kill hit the moment in which the first may have left; then it is an operation of its own.
            expected.insert(0, &self.first);
        }
        let ledger: Vec<&str> = held.ledger.iter().map(|fate| fate.id.as_str()).collect();
        anyhow::ensure!(ledger == expected, "the ledger holds {ledger:?} instead of {expected:?}");
        anyhow::ensure!(held.ledger.iter().all(|fate| fate.outcome == "applied"), "{:?}", held.ledger);
        anyhow::ensure!(held.readings.len() == expected.len(), "{:?}", held.readings);
        Ok(())
    }
}

pub fn now_ms() -> anyhow::Result<i64> {
    Ok(i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis())?)
}
