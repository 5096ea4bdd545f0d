//! One failure of the network at a time.

use crate::city::{City, FLAT, OTHER_FLAT};
use crate::computer::{Computer, operation};
use serde_json::json;
use std::time::Duration;
use zhkh_system_tests::cut_proxy::Faults;
use zhkh_system_tests::ledger;

const PHONE: &str = "+79000000001";
const KITCHEN: &str = "0453817-21";
const BATH: &str = "0453820-21";

async fn at_home() -> anyhow::Result<(City, Computer)> {
    let city = City::on(20).await?;
    let computer = Computer::of(&city, PHONE, &[FLAT]).await?;
    Ok((city, computer))
}

/// The ledger has exactly these operations, all applied, and each reading is there once.
fn applied_once(city: &City, operations: &[String]) -> anyhow::Result<()> {
    let held = ledger::read(&city.database())?;
    let mut there: Vec<&String> = held.ledger.iter().map(|fate| &fate.id).collect();
    let mut wanted: Vec<&String> = operations.iter().collect();
    there.sort();
    wanted.sort();
    anyhow::ensure!(there == wanted, "the ledger holds {:?}, entered were {wanted:?}", held.ledger);
    anyhow::ensure!(held.ledger.iter().all(|fate| fate.outcome == "applied"), "{:?}", held.ledger);
    for operation in operations {
        let times = held.readings.iter().filter(|reading| &reading.operation == operation).count();
        anyhow::ensure!(times <= 1, "{operation} took effect {times} times");
    }
    Ok(())
}

#[tokio::test]
async fn an_operation_whose_answer_was_lost_goes_again_under_its_id_and_takes_effect_once() -> anyhow::Result<()> {
    let (city, home) = at_home().await?;
    home.line.set(Faults { lose_answers: 2, feed_after: 3, ..Faults::default() });
    let only = operation(&home.submit(KITCHEN, 500).await?);
    home.drained().await?;
    anyhow::ensure!(home.line.delivered() >= 3, "it arrived {} times", home.line.delivered());
    applied_once(&city, &[only])?;
    anyhow::ensure!(city.count("SELECT COUNT(*) FROM readings WHERE operation IS NOT NULL")? == 1, "doubled");
    home.shows(KITCHEN, 500, "accepted").await.map(drop)
}

#[tokio::test]
async fn reading_the_feed_goes_on_while_sending_hangs() -> anyhow::Result<()> {
    let (city, home) = at_home().await?;
    let office = Computer::new(&city).await?;
    office.sign_in(PHONE).await?;
    office.when("the other computer has the meters", || office.meter(BATH)).await?;
    home.line.set(Faults { hold_operations: true, ..Faults::default() });
    let held = operation(&home.submit(KITCHEN, 500).await?);
    home.queue_when("in flight", |queue| queue["waiting"][0]["mark"]["mark"] == "sending").await?;

    let passed = operation(&office.rename(BATH, "Ванная внизу").await?);
    home.when("the other computer's name arrives", || async {
        let meter = home.meter(BATH).await?;
        anyhow::ensure!(meter["name"] == "Ванная внизу", "it is {}", meter["name"]);
        Ok(())
    })
    .await?;
    let queue = home.queue().await?;
    anyhow::ensure!(queue["waiting"][0]["operation"] == held, "it still waits: {queue}");

    home.line.set(Faults::default());
    home.line.cut().await;
    home.line.restore().await?;
    home.drained().await?;
    applied_once(&city, &[passed, held])
}

#[tokio::test]
async fn what_was_accepted_stays_shown_while_the_feed_is_behind() -> anyhow::Result<()> {
    let (city, home) = at_home().await?;
    home.line.cut().await;
    home.line.set(Faults { feed_after: u32::MAX, ..Faults::default() });
    home.line.restore().await?;
    let reading = operation(&home.submit(KITCHEN, 500).await?);
    let name = operation(&home.rename(BATH, "Ванная внизу").await?);
    home.queue_when("both are acknowledged", |queue| {
        queue["waiting"] == json!([]) && queue["accepted"].as_array().is_some_and(|items| items.len() == 2)
    })
    .await?;
    // The feed cannot have told of them: this is the overlay.
    home.shows(KITCHEN, 500, "accepted").await?;
    anyhow::ensure!(home.meter(BATH).await?["name"] == "Ванная внизу", "the name vanished");
    home.line.set(Faults::default());
    home.drained().await?;
    home.shows(KITCHEN, 500, "accepted").await?;
    anyhow::ensure!(home.meter(BATH).await?["name"] == "Ванная внизу", "the name vanished");
    applied_once(&city, &[reading, name])
}

#[tokio::test]
async fn a_rejected_operation_holds_its_own_lane_and_no_other() -> anyhow::Result<()> {
    let city = City::on(20).await?;
    let home = Computer::of(&city, PHONE, &[FLAT, OTHER_FLAT]).await?;
    let office = Computer::new(&city).await?;
    office.sign_in(PHONE).await?;
    office.when("the other computer has the meters", || office.meter("0500045-25")).await?;

    home.line.cut().await;
    home.pill("offline").await?;
    let rejected = operation(&home.submit("0500045-25", 300).await?);
    let behind = operation(&home.rename("0500045-25", "Стояк").await?);
    let beside = operation(&home.submit(KITCHEN, 500).await?);
    let account = office.meter("0500045-25").await?["account"].clone();
    office.call("account_detach", json!({"id": account})).await?;

    home.line.restore().await?;
    let queue = home.queue_when("a rejection", |queue| queue["pill"]["pill"] == "attention").await?;
    let item = &queue["attention"][0];
    anyhow::ensure!(item["operation"] == rejected, "{queue}");
    anyhow::ensure!(item["mark"]["rejection"]["reason"] == "not_yours", "{queue}");
    anyhow::ensure!(item["holds"][0]["operation"] == behind, "what stands behind it waits under it: {queue}");
    home.shows(KITCHEN, 500, "accepted").await?;

    home.call("queue_discard", json!({"operation": rejected})).await?;
    let queue = home
        .queue_when("the next of the lane is decided", |queue| queue["attention"][0]["operation"] == behind.as_str());
    queue.await?;
    home.call("queue_discard", json!({"operation": behind})).await?;
    home.drained().await?;
    let held = ledger::read(&city.database())?;
    let outcome = |id: &str| held.ledger.iter().find(|fate| fate.id == id).map(|fate| fate.outcome.clone());
    anyhow::ensure!(outcome(&rejected).as_deref() == Some("rejected"), "{held:?}");
    anyhow::ensure!(outcome(&behind).as_deref() == Some("rejected"), "{held:?}");
    anyhow::ensure!(outcome(&beside).as_deref() == Some("applied"), "{held:?}");
    Ok(())
}

#[tokio::test]
async fn a_refresh_whose_answer_was_lost_signs_nobody_out() -> anyhow::Result<()> {
    let (city, home) = at_home().await?;
    let mut all = Vec::new();
    for litres in [100, 200, 300] {
        // Longer than an access token is good.
        city.clock.forward(20 * 60_000);
        home.line.set(Faults { lose_refreshes: 1, ..Faults::default() });
        all.push(operation(&home.submit(KITCHEN, litres).await?));
        home.drained().await?;
        anyhow::ensure!(home.line.faults().lose_refreshes == 0, "no refresh was lost");
    }
    let boot = home.call("boot", json!({})).await?;
    anyhow::ensure!(boot["session"]["online"] == true, "signed out: {boot}");
    applied_once(&city, &all)
}

#[tokio::test]
async fn a_portal_keeps_the_queue_and_is_told_and_then_everything_goes() -> anyhow::Result<()> {
    let (city, home) = at_home().await?;
    home.line.cut().await;
    home.line.set(Faults { portal: true, ..Faults::default() });
    home.line.restore().await?;
    let only = operation(&home.submit(KITCHEN, 500).await?);
    let queue = home.queue_when("portal", |queue| queue["pause"]["pause"] == "portal").await?;
    anyhow::ensure!(queue["pill"] == json!({"pill": "offline", "count": 1}), "{queue}");
    anyhow::ensure!(queue["waiting"][0]["operation"] == only, "{queue}");
    anyhow::ensure!(ledger::read(&city.database())?.ledger.is_empty(), "nothing can have arrived");
    home.line.set(Faults::default());
    home.drained().await?;
    applied_once(&city, &[only])
}

#[tokio::test]
async fn a_change_entered_after_a_slow_answer_still_counts() -> anyhow::Result<()> {
    let (city, home) = at_home().await?;
    let mut all = vec![operation(&home.submit(KITCHEN, 100).await?)];
    home.drained().await?;
    // An answer that was long on its way tells a time that is long over.
    let slow = Duration::from_millis(1500);
    home.line.set(Faults { delay: slow, ..Faults::default() });
    all.push(operation(&home.submit(BATH, 100).await?));
    home.when("the slow request arrived", || async {
        anyhow::ensure!(home.line.delivered() >= 2, "not yet");
        Ok(())
    })
    .await?;
    all.push(operation(&home.submit(KITCHEN, 200).await?));
    home.shows(BATH, 100, "accepted").await?;
    all.push(operation(&home.submit(KITCHEN, 300).await?));
    home.shows(KITCHEN, 300, "accepted").await?;
    home.line.set(Faults::default());
    home.drained().await?;
    applied_once(&city, &all)?;
    let counts = "SELECT steps FROM readings WHERE is_current = 1 AND operation IS NOT NULL AND meter_id = \
                  (SELECT id FROM meters WHERE serial = '0453817-21')";
    let counts = city.text(counts)?;
    anyhow::ensure!(counts == "[4534180]", "the last change does not count: {counts}");
    Ok(())
}
