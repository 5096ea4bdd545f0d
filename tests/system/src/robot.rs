//! The resident's ear: what the sandbox's robot said on the telephone.

use crate::until::until;
use anyhow::Context;
use serde::Deserialize;
use std::time::Duration;

#[derive(Deserialize)]
struct Said {
    code: String,
    at_ms: i64,
}

/// Waits for a call to `phone` (`79…`) later than `after_ms` and gives the digits the robot said.
pub async fn hear(sandbox: &str, phone: &str, after_ms: i64) -> anyhow::Result<String> {
    let url = format!("{sandbox}/said?phone={phone}");
    until("the robot's call", Duration::from_secs(20), || async {
        let said: Vec<Said> = reqwest::get(&url).await?.error_for_status()?.json().await?;
        let newest = said.into_iter().next().context("nobody called")?;
        anyhow::ensure!(newest.at_ms > after_ms, "the last call was an earlier one");
        Ok(newest.code)
    })
    .await
}
