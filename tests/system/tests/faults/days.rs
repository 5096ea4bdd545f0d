//! The window for readings: captured in it and delivered late, and entered before it opens.

use crate::city::{City, DAY_MS, FLAT};
use crate::computer::{Computer, operation, value};
use serde_json::json;
use zhkh_system_tests::ledger;

const PHONE: &str = "+79000000001";
const KITCHEN: &str = "0453817-21";

/// Enters a reading on the last day of the window without a connection, which comes back so many days later.
async fn delivered_after(days: i64) -> anyhow::Result<(City, Computer, String)> {
    let city = City::on(25).await?;
    let home = Computer::of(&city, PHONE, &[FLAT]).await?;
    home.line.cut().await;
    let entered = operation(&home.submit(KITCHEN, 500).await?);
    city.clock.forward(days * DAY_MS);
    home.line.restore().await?;
    home.call("person_back", json!({})).await?;
    Ok((city, home, entered))
}

#[tokio::test]
async fn a_reading_of_the_last_day_delivered_three_days_later_is_taken() -> anyhow::Result<()> {
    let (city, home, entered) = delivered_after(3).await?;
    home.drained().await?;
    let held = ledger::read(&city.database())?;
    let reading = held.exactly_once(KITCHEN, &[4_536_180])?;
    anyhow::ensure!(reading.operation == entered && reading.period == "2026-11", "{reading:?}");
    anyhow::ensure!(reading.captured_sure && reading.verdict == "accepted", "{reading:?}");
    anyhow::ensure!(reading.received_ms - reading.captured_ms > 2 * DAY_MS, "the time is not that of the entry");
    anyhow::ensure!(city.count("SELECT COUNT(*) FROM readings WHERE late = 1")? == 1, "not noted as late");
    Ok(())
}

#[tokio::test]
async fn six_days_later_it_is_rejected_and_the_next_month_is_offered_in_its_place() -> anyhow::Result<()> {
    let (city, home, entered) = delivered_after(6).await?;
    let queue = home.queue_when("a rejection", |queue| queue["pill"]["pill"] == "attention").await?;
    let rejection = &queue["attention"][0]["mark"]["rejection"];
    let expected = json!({
        "reason": "window_closed", "closed_on": "2026-11-25", "next_opens": "2026-12-15", "too_late": true,
    });
    anyhow::ensure!(rejection == &expected, "{rejection}");
    anyhow::ensure!(queue["attention"][0]["actions"][0] == "fix", "{queue}");

    let meter = home.meter(KITCHEN).await?;
    anyhow::ensure!(meter["entry"]["entry"] == "early", "the next month is not offered: {meter}");
    let args = json!({"meter": meter["id"], "values": [value(500)], "confirmed": [], "early": true});
    let again = home.call("reading_submit", args).await?;
    anyhow::ensure!(again["replaced"] == true, "it stands beside the rejected one: {again}");
    home.drained().await?;
    home.shows(KITCHEN, 500, "scheduled").await?;
    let held = ledger::read(&city.database())?;
    let reading = held.exactly_once(KITCHEN, &[4_536_180])?;
    anyhow::ensure!((reading.period.as_str(), reading.verdict.as_str()) == ("2026-12", "scheduled"), "{reading:?}");
    anyhow::ensure!(held.ledger.iter().any(|fate| fate.id == entered && fate.outcome == "rejected"), "{held:?}");
    Ok(())
}

#[tokio::test]
async fn an_early_reading_is_held_and_accepted_when_the_window_opens() -> anyhow::Result<()> {
    let city = City::on(10).await?;
    let home = Computer::of(&city, PHONE, &[FLAT]).await?;
    let meter = home.meter(KITCHEN).await?;
    let args = |early: bool| json!({"meter": meter["id"], "values": [value(500)], "confirmed": [], "early": early});
    anyhow::ensure!(home.call("reading_submit", args(false)).await.is_err(), "the window is closed");
    home.call("reading_submit", args(true)).await?;
    home.drained().await?;
    let shown = home.shows(KITCHEN, 500, "scheduled").await?;
    anyhow::ensure!(shown["current"]["mark"]["on"] == "2026-11-15", "{shown}");
    city.clock.forward(4 * DAY_MS);
    city.running()?.tick().await?;
    anyhow::ensure!(city.text("SELECT verdict FROM readings WHERE operation IS NOT NULL")? == "scheduled", "too soon");
    city.clock.forward(DAY_MS);
    city.running()?.tick().await?;
    home.call("person_back", json!({})).await?;
    home.shows(KITCHEN, 500, "accepted").await?;
    let held = ledger::read(&city.database())?;
    let reading = held.exactly_once(KITCHEN, &[4_536_180])?;
    anyhow::ensure!(reading.verdict == "accepted" && reading.period == "2026-11", "{reading:?}");
    Ok(())
}
