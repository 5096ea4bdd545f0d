//! A resident at the core's commands: the main job without a window, for tests of processes.

use crate::bridge::Bridge;
use crate::robot;
use crate::town::{SignIn, Town};
use anyhow::Context;
use serde_json::{Value, json};

/// Who plays.
#[derive(Debug, Clone)]
pub struct Resident {
    /// `79…`
    pub phone: String,
    /// ФИО.
    pub name: String,
    /// The password.
    pub password: String,
}

impl Resident {
    /// A resident whose phone ends with `number`.
    pub fn number(number: u32) -> Self {
        Self {
            phone: format!("7900{number:07}"),
            name: "Смирнова Валентина Петровна".into(),
            password: "Печка7Окно".into(),
        }
    }

    /// Registration, step 1: phone, name, consent.
    pub async fn start_registration(&self, core: &Bridge) -> anyhow::Result<()> {
        let consent = core.await_in("consent", json!({}), |answer| Some(answer.clone())).await?;
        let args = json!({
            "phone": format!("+{}", self.phone), "name": self.name, "consent_given": true,
            "consent_version": consent["version"], "consent_sha256": consent["sha256"],
        });
        core.call("registration_start", args).await.map(drop)
    }

    /// Registration, step 2: the robot's call.
    pub async fn prove_phone(&self, core: &Bridge, town: &Town) -> anyhow::Result<()> {
        core.call("registration_call", json!({})).await?;
        let code = robot::hear(&town.sandbox, &self.phone, 0).await?;
        core.call("registration_code", json!({"code": code})).await.map(drop)
    }

    /// Registration, step 3: the password.
    pub async fn finish_registration(&self, core: &Bridge, forget_password: bool) -> anyhow::Result<()> {
        let args = json!({"password": self.password, "repeat": self.password, "forget_password": forget_password});
        core.call("registration_finish", args).await.map(drop)
    }

    /// All three steps.
    pub async fn register(&self, core: &Bridge, town: &Town) -> anyhow::Result<()> {
        self.start_registration(core).await?;
        self.prove_phone(core, town).await?;
        self.finish_registration(core, false).await
    }

    /// Attaches an account by the sum of its bill and waits for its meters.
    pub async fn attach(&self, core: &Bridge, account: &SignIn) -> anyhow::Result<()> {
        core.call("account_lookup", json!({"number": account.number})).await?;
        let proof = json!({"by": "sum", "sum": account.sum_typed(), "period": account.period});
        let proven = core.call("account_prove", json!({"number": account.number, "proof": proof})).await?;
        core.call("account_attach", json!({"token": proven["token"]})).await?;
        core.await_in("readings", json!({"account": null}), |answer| {
            answer["meters"].as_array().filter(|meters| !meters.is_empty()).map(drop)
        })
        .await
    }
}

/// A meter as the section «Показания» shows it.
pub async fn meter(core: &Bridge, serial: &str) -> anyhow::Result<Value> {
    core.await_in("readings", json!({"account": null}), |answer| {
        answer["meters"].as_array()?.iter().find(|meter| meter["serial"] == serial).cloned()
    })
    .await
    .with_context(|| format!("meter {serial}"))
}

/// Submits a reading; gives its operation.
pub async fn submit(core: &Bridge, serial: &str, value: &str) -> anyhow::Result<String> {
    let meter = meter(core, serial).await?;
    let args = json!({"meter": meter["id"], "values": [value], "confirmed": [], "early": false});
    let done = core.call("reading_submit", args).await?;
    Ok(done["operation"].as_str().context("an operation has an id")?.to_owned())
}

/// Waits until the reading of this month is accepted, and has this value.
pub async fn accepted(core: &Bridge, serial: &str, value: &str) -> anyhow::Result<()> {
    core.await_in("readings", json!({"account": null}), |answer| {
        let meter = answer["meters"].as_array()?.iter().find(|meter| meter["serial"] == serial)?;
        let current = &meter["current"];
        (current["mark"]["mark"] == "accepted" && current["values"] == json!([value])).then_some(())
    })
    .await
}
