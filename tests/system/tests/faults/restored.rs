//! The server, or a computer, is put back from an older copy.

use crate::city::{City, FLAT};
use crate::computer::{Computer, operation};
use serde_json::json;
use zhkh_system_tests::ledger;

const PHONE: &str = "+79000000001";
const KITCHEN: &str = "0453817-21";
const BATH: &str = "0453820-21";
const HOT: &str = "0218644-20";

async fn send_again(others_went_on: bool) -> anyhow::Result<()> {
    let mut city = City::on(20).await?;
    let home = Computer::of(&city, PHONE, &[FLAT]).await?;
    let other = Computer::of(&city, "+79000000002", &[]).await?;
    let mut all = vec![operation(&home.submit(KITCHEN, 100).await?)];
    home.drained().await?;
    let backup = city.back_up()?;
    all.push(operation(&home.submit(KITCHEN, 200).await?));
    home.drained().await?;
    all.push(operation(&home.rename(KITCHEN, "У окна").await?));
    all.push(operation(&home.submit(BATH, 300).await?));
    home.drained().await?;
    anyhow::ensure!(ledger::read(&city.database())?.ledger.len() == 4, "four were acknowledged");

    home.line.cut().await;
    let waiting = operation(&home.submit(HOT, 400).await?);
    city.restore(&backup).await?;
    anyhow::ensure!(ledger::read(&city.database())?.ledger.len() == 1, "the backup is older");
    other.line.lead_to(city.running()?.addr);
    if others_went_on {
        for number in 0..5 {
            let profile = json!({"name": "Иванов Иван Иванович", "email": format!("ivanov{number}@example.ru")});
            all.push(operation(&other.call("profile_save", profile).await?));
            other.drained().await?;
        }
    }
    home.line.lead_to(city.running()?.addr);
    home.line.restore().await?;
    all.push(waiting);
    home.when("everything is there again", || async {
        home.call("person_back", json!({})).await?;
        let held = ledger::read(&city.database())?;
        anyhow::ensure!(held.ledger.len() >= all.len(), "{} of {}", held.ledger.len(), all.len());
        Ok(())
    })
    .await?;
    home.drained().await?;
    let held = ledger::read(&city.database())?;
    for operation in &all {
        let fate = held.ledger.iter().find(|fate| &fate.id == operation);
        anyhow::ensure!(fate.is_some_and(|fate| fate.outcome == "applied"), "{operation}: {fate:?}");
    }
    anyhow::ensure!(held.ledger.len() == all.len(), "{held:?}");
    for (serial, steps) in [(KITCHEN, 4_533_180), (BATH, 4_534_180), (HOT, 4_535_180)] {
        held.exactly_once(serial, &[steps])?;
    }
    anyhow::ensure!(held.readings.len() == 4, "{held:?}");
    home.shows(KITCHEN, 200, "accepted").await?;
    let name = home.meter(KITCHEN).await?["name"].clone();
    anyhow::ensure!(name == "У окна", "the window shows the backup's name: {name}");
    home.shows(BATH, 300, "accepted").await?;
    home.shows(HOT, 400, "accepted").await.map(drop)
}

#[tokio::test]
async fn what_was_acknowledged_after_the_backup_goes_again_exactly_once() -> anyhow::Result<()> {
    send_again(false).await
}

#[tokio::test]
async fn also_when_others_moved_the_restored_server_on_before_this_computer_came() -> anyhow::Result<()> {
    send_again(true).await
}

#[tokio::test]
async fn a_computer_put_back_from_a_copy_of_its_disk_doubles_nothing_and_goes_on() -> anyhow::Result<()> {
    let city = City::on(20).await?;
    let mut home = Computer::of(&city, PHONE, &[FLAT]).await?;
    let mut all = vec![operation(&home.submit(KITCHEN, 100).await?)];
    home.drained().await?;
    home.line.cut().await;
    all.push(operation(&home.submit(BATH, 200).await?));
    let copy = home.put_back(None).await?;
    home.line.restore().await?;
    home.drained().await?;
    all.push(operation(&home.submit(HOT, 300).await?));
    home.drained().await?;

    home.line.cut().await;
    drop(home.put_back(Some(copy)).await?);
    let waiting = home.queue().await?["waiting"].clone();
    anyhow::ensure!(waiting[0]["operation"] == all[1], "the copy has it still to send: {waiting}");
    // The copy gives it the number in the life of this device that the third one has.
    all.push(operation(&home.submit(KITCHEN, 400).await?));
    home.line.restore().await?;
    home.drained().await?;
    let held = ledger::read(&city.database())?;
    for operation in &all {
        let fates = held.ledger.iter().filter(|fate| &fate.id == operation && fate.outcome == "applied").count();
        let effects = held.readings.iter().filter(|reading| &reading.operation == operation).count();
        anyhow::ensure!((fates, effects) == (1, 1), "{operation}: {held:?}");
    }
    anyhow::ensure!(held.ledger.len() == all.len(), "{held:?}");
    for (serial, litres) in [(KITCHEN, 400), (BATH, 200), (HOT, 300)] {
        home.shows(serial, litres, "accepted").await?;
    }
    Ok(())
}
