//! Every golden queue in today's program, against every golden database in today's server.

use super::home::{Home, sign_in};
use super::make::PHONE;
use super::scene::{PARTS, Part};
use super::{Queue, databases, queues, raw};
use crate::city::City;
use domain::OperationId;
use outbox::State;
use std::path::Path;
use zhkh_system_tests::ledger;

/// A copy of a golden queue.
struct Copy {
    folder: tempfile::TempDir,
    queue: Queue,
}

impl Copy {
    fn of(form: &Path) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        std::fs::copy(form.join("outbox.db"), folder.path().join("outbox.db"))?;
        std::fs::create_dir(folder.path().join("blobs"))?;
        for blob in std::fs::read_dir(form.join("blobs"))? {
            let blob = blob?;
            std::fs::copy(blob.path(), folder.path().join("blobs").join(blob.file_name()))?;
        }
        let queue = serde_json::from_slice(&std::fs::read(form.join("queue.json"))?)?;
        Ok(Self { folder, queue })
    }

    fn id(&self, part: &Part) -> anyhow::Result<OperationId> {
        self.queue.operations.get(part.name).copied().ok_or_else(|| anyhow::anyhow!("no {}", part.name))
    }

    fn stands(&self, home: &Home, wanted: impl Fn(&Part) -> &'static str) -> anyhow::Result<()> {
        for part in &PARTS {
            let state = home.state(self.id(part)?)?;
            anyhow::ensure!(state.name() == wanted(part), "«{}» is {state:?}", part.name);
        }
        Ok(())
    }
}

/// The forms with golden files, each a folder named by its number.
fn forms(of: &Path) -> anyhow::Result<Vec<String>> {
    let mut forms = Vec::new();
    for entry in std::fs::read_dir(of)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            forms.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    forms.sort();
    anyhow::ensure!(!forms.is_empty(), "no golden files");
    Ok(forms)
}

/// Today's server on the database that stood behind a golden queue.
async fn city_of(form: &str) -> anyhow::Result<City> {
    let packed = std::fs::read(databases().join(form).join("zhkh.db.zst"))?;
    City::with_database(21, &zstd::decode_all(packed.as_slice())?).await
}

#[tokio::test]
async fn a_full_queue_of_every_release_opens_in_todays_program_and_shows_every_entry() -> anyhow::Result<()> {
    for form in forms(&queues())? {
        let copy = Copy::of(&queues().join(&form))?;
        let city = city_of(&form).await?;
        let session = sign_in(&city, PHONE).await?;
        anyhow::ensure!(session.user == copy.queue.user, "the two files are of two people");
        let home = Home::open(&city, &session, copy.folder.path(), false)?;
        copy.stands(&home, |part| part.opened)?;
        let shown = home.engine.read()?;
        let shown: Vec<OperationId> = shown.queue.iter().chain(&shown.accepted).map(|entry| entry.id).collect();
        for part in &PARTS {
            let over = matches!(part.opened, "replaced" | "discarded" | "withdrawn");
            anyhow::ensure!(shown.contains(&copy.id(part)?) != over, "«{}» is shown: {}", part.name, over);
        }
        home.engine.close().await;
        // What a program cannot read stays as it was.
        let damaged = copy.queue.operations["damaged"].uuid().into_bytes();
        let text: String = raw(&copy.folder.path().join("outbox.db"))?.query_row(
            "SELECT sealed FROM operation WHERE id = ?1",
            [damaged],
            |row| row.get(0),
        )?;
        anyhow::ensure!(text.contains("Щитовой"), "{text}");
    }
    Ok(())
}

#[tokio::test]
async fn a_full_queue_of_every_release_drains_into_todays_server_with_exactly_its_effects() -> anyhow::Result<()> {
    for form in forms(&queues())? {
        let copy = Copy::of(&queues().join(&form))?;
        let city = city_of(&form).await?;
        let session = sign_in(&city, PHONE).await?;
        let home = Home::open(&city, &session, copy.folder.path(), true)?;
        for part in &PARTS {
            home.when(copy.id(part)?, part.name, |state| state.name() == part.drained).await?;
        }
        copy.stands(&home, |part| part.drained)?;
        effects(&city, &copy)?;

        // The person gives up what was rejected, and what it held goes.
        let id = |name: &str| copy.queue.operations[name];
        home.engine.discard(id("rejected")).await?;
        home.when(id("held behind it"), "let go", |state| matches!(state, State::Settled { .. })).await?;
        ledger::read(&city.database())?.exactly_once("0453820-21", &[4_535_180])?;
        home.engine.close().await;
    }
    Ok(())
}

/// The server holds what the scene says, and nothing else.
fn effects(city: &City, copy: &Copy) -> anyhow::Result<()> {
    let held = ledger::read(&city.database())?;
    for part in &PARTS {
        let id = copy.id(part)?.to_string();
        let outcome = held.ledger.iter().find(|fate| fate.id == id).map(|fate| fate.outcome.as_str());
        anyhow::ensure!(outcome == part.ledger, "«{}» is {outcome:?} in the ledger", part.name);
        let effects = city.count(&format!("SELECT COUNT(*) FROM feed WHERE operation = '{id}'"))?;
        let wanted = i64::from(part.ledger.is_some());
        anyhow::ensure!((effects > 0) == (wanted > 0), "«{}» took effect {effects} times", part.name);
    }
    let known = PARTS.iter().filter(|part| part.ledger.is_some()).count();
    anyhow::ensure!(held.ledger.len() == known, "{} operations in the ledger", held.ledger.len());
    let mut readings: Vec<_> =
        held.readings.iter().map(|reading| (reading.serial.as_str(), reading.steps[0])).collect();
    readings.sort_unstable();
    // The first needed a photo, which went before it.
    let wanted = [
        ("0218645-20", 4_532_180),
        ("0453817-21", 4_536_180),
        ("0453817-21", 4_539_180),
        ("0500052-21", 4_537_180),
        ("0500052-21", 4_538_180),
    ];
    anyhow::ensure!(readings == wanted, "{readings:?}");
    for (serial, steps) in [("0453817-21", 4_539_180), ("0500052-21", 4_538_180)] {
        held.exactly_once(serial, &[steps])?;
    }
    let name = |serial: &str| city.text(&format!("SELECT own_name FROM meters WHERE serial = '{serial}'"));
    for (serial, wanted) in [
        ("0453817-21", "Кухня, у окна"),
        ("0218644-20", "Горячая, кухня"),
        ("0218645-20", "Ванная, стояк «2»"),
        ("0500045-25", "Стояк"),
        ("0500052-21", "Щитовая"),
    ] {
        anyhow::ensure!(name(serial)? == wanted, "{serial} is {}", name(serial)?);
    }
    let email = city.text(&format!("SELECT email FROM users WHERE id = '{}'", copy.queue.user))?;
    anyhow::ensure!(email == "valentina@example.ru", "{email}");
    Ok(())
}
