//! Several accounts, several people, several computers.

use crate::city::{City, FLAT, OTHER_FLAT, STRANGERS_FLAT};
use crate::computer::{Computer, operation};
use serde_json::json;
use zhkh_system_tests::ledger;

const PHONE: &str = "+79000000001";
const STRANGER: &str = "+79000000002";
const KITCHEN: &str = "0453817-21";
const OTHER: &str = "0500045-25";
const STRANGERS: &str = "0600001-22";

#[tokio::test]
async fn readings_of_several_accounts_each_reach_their_own() -> anyhow::Result<()> {
    let city = City::on(20).await?;
    let home = Computer::of(&city, PHONE, &[FLAT, OTHER_FLAT]).await?;
    home.line.cut().await;
    let first = operation(&home.submit(KITCHEN, 100).await?);
    let second = operation(&home.submit(OTHER, 200).await?);
    home.line.restore().await?;
    home.drained().await?;
    let held = ledger::read(&city.database())?;
    let account = |operation: &str| {
        let mut readings = held.readings.iter().filter(|reading| reading.operation == operation);
        readings.next().map(|reading| (reading.account.as_str(), reading.steps.clone()))
    };
    anyhow::ensure!(account(&first) == Some((FLAT, vec![4_532_180])), "{held:?}");
    anyhow::ensure!(account(&second) == Some((OTHER_FLAT, vec![4_533_180])), "{held:?}");
    anyhow::ensure!(held.readings.len() == 2, "{held:?}");
    Ok(())
}

#[tokio::test]
async fn two_people_on_one_computer_never_see_or_send_each_others_things() -> anyhow::Result<()> {
    let city = City::on(20).await?;
    let computer = Computer::of(&city, PHONE, &[FLAT]).await?;
    computer.line.cut().await;
    let waiting = operation(&computer.submit(KITCHEN, 100).await?);
    let asked = computer.call("sign_out", json!({"leave_queue": false})).await?;
    anyhow::ensure!(asked == json!({"state": "queue_waits", "count": 1}), "{asked}");
    computer.call("sign_out", json!({"leave_queue": true})).await?;
    computer.line.restore().await?;

    computer.register(&city, STRANGER).await?;
    computer.attach(STRANGERS_FLAT).await?;
    let meters = computer.meters().await?;
    anyhow::ensure!(meters.len() == 1 && meters[0]["serial"] == STRANGERS, "{meters:?}");
    let accounts = computer.call("accounts", json!({})).await?;
    anyhow::ensure!(accounts["accounts"].as_array().is_some_and(|all| all.len() == 1), "{accounts}");
    let hits = computer.call("find", json!({"query": KITCHEN})).await?;
    anyhow::ensure!(hits == json!([]), "found at a stranger's: {hits}");
    let theirs = operation(&computer.submit(STRANGERS, 300).await?);
    computer.drained().await?;
    let queue = computer.queue().await?;
    anyhow::ensure!(!queue.to_string().contains(&waiting), "the first person's entry is shown: {queue}");
    let there = ledger::read(&city.database())?.ledger;
    anyhow::ensure!(there.len() == 1 && there[0].id == theirs, "sent in the wrong name: {there:?}");

    computer.call("sign_out", json!({"leave_queue": false})).await?;
    computer.sign_in(PHONE).await?;
    computer.drained().await?;
    computer.shows(KITCHEN, 100, "accepted").await?;
    let mine = "SELECT COUNT(*) FROM readings r JOIN users u ON u.id = r.actor WHERE r.operation IS NOT NULL \
                AND u.phone = '+79000000001'";
    anyhow::ensure!(city.count(mine)? == 1, "not in the name of who entered it");
    anyhow::ensure!(ledger::read(&city.database())?.ledger.len() == 2, "exactly two entries were made");
    Ok(())
}

#[tokio::test]
async fn of_two_computers_the_later_reading_counts_and_both_show_it() -> anyhow::Result<()> {
    let city = City::on(20).await?;
    let home = Computer::of(&city, PHONE, &[FLAT]).await?;
    let office = Computer::new(&city).await?;
    office.sign_in(PHONE).await?;
    office.when("the other computer has the meters", || office.meter(KITCHEN)).await?;
    home.line.cut().await;
    office.line.cut().await;
    home.submit(KITCHEN, 100).await?;
    city.clock.forward(60_000);
    office.submit(KITCHEN, 200).await?;
    // The later one arrives first.
    office.line.restore().await?;
    office.drained().await?;
    home.line.restore().await?;
    home.drained().await?;
    for computer in [&home, &office] {
        let meter = computer.shows(KITCHEN, 200, "accepted").await?;
        let rows = meter["history"].as_array().map(Vec::len);
        anyhow::ensure!(rows == Some(3), "October and both of November are in the history: {meter}");
    }
    Ok(())
}
