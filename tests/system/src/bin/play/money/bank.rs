//! The sandbox's bank: its knobs, its orders, its registry.

use crate::stage::Stage;
use serde::Deserialize;
use serde_json::Value;

/// An order as the bank has it.
#[derive(Debug, Deserialize)]
pub struct Order {
    /// Ours.
    pub number: String,
    /// Kopecks.
    pub amount: i64,
    /// `registered`, `deposited` …
    pub stage: String,
}

/// Turns knobs.
pub async fn turn(stage: &Stage<'_>, knobs: Value) -> anyhow::Result<()> {
    let control = format!("{}/bank/control", stage.town.sandbox);
    reqwest::Client::new().post(control).json(&knobs).send().await?.error_for_status()?;
    Ok(())
}

/// All orders.
pub async fn orders(stage: &Stage<'_>) -> anyhow::Result<Vec<Order>> {
    Ok(reqwest::get(format!("{}/bank/orders", stage.town.sandbox)).await?.error_for_status()?.json().await?)
}

/// The registry of the operations of today.
pub async fn registry(stage: &Stage<'_>) -> anyhow::Result<Vec<u8>> {
    let day = chrono::Utc::now().with_timezone(&chrono_tz::Europe::Moscow).format("%Y-%m-%d");
    let answer = reqwest::get(format!("{}/bank/registry?day={day}", stage.town.sandbox)).await?;
    Ok(answer.error_for_status()?.bytes().await?.to_vec())
}
