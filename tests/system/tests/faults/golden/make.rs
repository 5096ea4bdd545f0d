//! Fills a queue with an entry for every way an entry can stand, by the real program against the real server.

use super::home::{Batches, Home, sign_in};
use super::scene::PARTS;
use super::{NEWEST, Queue, databases, queues, raw};
use crate::city::{City, FLAT, OTHER_FLAT};
use crate::computer::{Computer, PATIENCE};
use anyhow::Context;
use client::engine::{NewOperation, Withdrawal};
use domain::{MeterId, MeterValue, OperationId, ReadingId};
use outbox::{Need, State};
use rusqlite::{Connection, params};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use uuid::Uuid;
use wire::entity::Entity;
use wire::operation::{Body, RenameMeter, Sealed, SubmitReading, UpdateProfile};
use zhkh_system_tests::until::until;

pub const PHONE: &str = "+79000000001";
const KITCHEN: &str = "0453817-21";
const BATH: &str = "0453820-21";
const HOT: &str = "0218644-20";
const HOT_BATH: &str = "0218645-20";
const OTHER: &str = "0500045-25";
const OTHER_HOT: &str = "0500052-21";

/// What was made: the disk of the computer as a power cut would leave it, and the server's database of that moment.
pub struct Made {
    pub disk: tempfile::TempDir,
    pub database: PathBuf,
    pub queue: Queue,
    // The backup lies in its folder.
    _city: City,
}

struct Scene<'a> {
    city: &'a City,
    home: &'a Home,
    meters: BTreeMap<String, MeterId>,
    made: BTreeMap<String, OperationId>,
}

/// Longer than the server takes.
fn long_name() -> String {
    "Ё".repeat(61)
}

fn renamed(meter: MeterId, name: &str) -> Body {
    Body::RenameMeter(RenameMeter { meter, name: name.to_owned() })
}

fn profile(name: Option<&str>, email: Option<&str>) -> Body {
    Body::UpdateProfile(UpdateProfile { name: name.map(str::to_owned), email: email.map(str::to_owned) })
}

fn reading(meter: MeterId, value: &str) -> anyhow::Result<Body> {
    let values = vec![MeterValue::parse(value)?];
    let reading = ReadingId::new(Uuid::now_v7());
    Ok(Body::SubmitReading(SubmitReading { reading, meter, values, confirmed: Vec::new(), early: false }))
}

fn is(name: &'static str) -> impl Fn(&State) -> bool {
    move |state| state.name() == name
}

impl Scene<'_> {
    fn meter(&self, serial: &str) -> anyhow::Result<MeterId> {
        self.meters.get(serial).copied().with_context(|| format!("no meter {serial}"))
    }

    async fn enter(&mut self, part: &str, body: Body) -> anyhow::Result<OperationId> {
        self.enter_with(part, body, BTreeSet::new(), None).await
    }

    async fn enter_with(
        &mut self,
        part: &str,
        body: Body,
        needs: BTreeSet<Need>,
        replaces: Option<OperationId>,
    ) -> anyhow::Result<OperationId> {
        let priority = if matches!(body, Body::SubmitReading(_)) { 20_782 } else { outbox::WHENEVER };
        let new = NewOperation { body, base_version: None, on_behalf_of: None, priority, needs };
        let entered = self.home.engine.enqueue(new, replaces).await?;
        anyhow::ensure!(entered.replaced == replaces, "{part} took no place");
        self.made.insert(part.to_owned(), entered.id);
        Ok(entered.id)
    }

    /// Waits until the server has decided about an operation, whoever knows of it.
    async fn arrived(&self, id: OperationId) -> anyhow::Result<()> {
        until("it arrives", PATIENCE, || async {
            self.home.engine.person_back();
            let there = self.city.count(&format!("SELECT COUNT(*) FROM ledger WHERE id = '{id}'"))?;
            anyhow::ensure!(there == 1, "{id} is not in the ledger");
            Ok(())
        })
        .await
    }

    /// What is decided while everything works.
    async fn on_a_good_day(&mut self) -> anyhow::Result<()> {
        let (kitchen, bath, hot) = (self.meter(KITCHEN)?, self.meter(BATH)?, self.meter(HOT)?);
        let settled = self.enter("settled reading", reading(kitchen, "453,618")?).await?;
        let name = profile(Some("Смирнова-Ёлкина Валентина Петровна"), Some("smirnova@example.ru"));
        let named = self.enter("settled profile", name).await?;
        let rejected = self.enter("rejected", renamed(bath, &long_name())).await?;
        let held = self.enter("held behind it", reading(bath, "453,518")?).await?;
        let discarded = self.enter("discarded", renamed(hot, &long_name())).await?;
        for (id, state) in [(settled, "settled"), (named, "settled"), (rejected, "rejected"), (discarded, "rejected")] {
            self.home.when(id, state, is(state)).await?;
        }
        self.home.when(held, "held", is("held")).await?;
        self.home.engine.discard(discarded).await?;
        let again = self.enter("rejected and replaced", renamed(hot, &long_name())).await?;
        self.home.when(again, "rejected", is("rejected")).await
    }

    /// What stands in between when the feed and the answers stay away.
    async fn on_a_bad_day(&mut self) -> anyhow::Result<()> {
        let (home, other, other_hot, kitchen) =
            (self.home, self.meter(OTHER)?, self.meter(OTHER_HOT)?, self.meter(KITCHEN)?);
        home.line.set(|line| line.feed = false);
        let acked = self.enter("acked", reading(other_hot, "453,718")?).await?;
        home.when(acked, "acked", is("acked")).await?;

        home.line.set(|line| line.batches = Batches::LoseAnswers);
        let taken = self.enter("id taken", renamed(other, "Стояк")).await?;
        self.arrived(taken).await?;
        let other_content = "UPDATE ledger SET hash = zeroblob(32) WHERE id = ?1";
        anyhow::ensure!(Connection::open(self.city.database())?.execute(other_content, [taken.to_string()])? == 1);
        home.line.set(|line| line.batches = Batches::Pass);
        home.when(taken, "attention", is("attention")).await?;

        home.line.set(|line| line.batches = Batches::LoseAnswers);
        let back = self.enter("being withdrawn", renamed(kitchen, "Кухня, у окна")).await?;
        self.arrived(back).await?;
        home.line.set(|line| line.online = false);
        home.when(back, "queued again", is("queued")).await?;
        anyhow::ensure!(home.engine.withdraw(back).await? == Withdrawal::Asked, "it may have arrived");
        Ok(())
    }

    /// What is entered without a line, what is on its way when it comes back, and what is entered then.
    async fn without_a_line(&mut self) -> anyhow::Result<()> {
        let (home, hot, hot_bath) = (self.home, self.meter(HOT)?, self.meter(HOT_BATH)?);
        let (other_hot, kitchen) = (self.meter(OTHER_HOT)?, self.meter(KITCHEN)?);
        let withdrawn = self.enter("withdrawn", renamed(hot_bath, "Ошибка")).await?;
        anyhow::ensure!(home.engine.withdraw(withdrawn).await? == Withdrawal::Done, "it never left");
        let replaced = self.enter("replaced", renamed(hot_bath, "Ванна")).await?;
        let none = BTreeSet::new();
        let better = renamed(hot_bath, "Ванная, стояк «2»");
        self.enter_with("instead of the replaced", better, none.clone(), Some(replaced)).await?;
        let rejected = self.made["rejected and replaced"];
        self.enter_with("instead of the rejected", renamed(hot, "Горячая, кухня"), none, Some(rejected)).await?;
        let flying = self.enter("in flight", reading(other_hot, "453,818")?).await?;
        home.line.set(|line| (line.online, line.batches) = (true, Batches::Hold));
        home.when(flying, "in flight", is("in_flight")).await?;

        self.enter("queued behind it", renamed(other_hot, "Щитовая")).await?;
        self.enter("queued profile", profile(None, Some(""))).await?;
        let needed = BTreeSet::from([Need::Operation(flying)]);
        let email = profile(None, Some("valentina@example.ru"));
        self.enter_with("needs an operation", email, needed, None).await?;
        let document = home.engine.add_blob(std::io::Cursor::new("Акт поверки № 17".repeat(400))).await?;
        let needed = BTreeSet::from([Need::Blob(document)]);
        self.enter_with("needs a document that is there", reading(kitchen, "453,918")?, needed, None).await?;
        let photo = home.engine.add_blob(std::io::Cursor::new(vec![0xD8; 70_000])).await?;
        let needed = BTreeSet::from([Need::Blob(photo)]);
        self.enter_with("needs a photo", reading(hot_bath, "453,218")?, needed, None).await.map(drop)
    }
}

/// The files that a power cut would leave, without the mirror and without what SQLite makes anew.
fn copy_disk(from: &Path) -> anyhow::Result<tempfile::TempDir> {
    let to = tempfile::tempdir()?;
    for name in ["outbox.db", "outbox.db-wal"] {
        std::fs::copy(from.join(name), to.path().join(name))?;
    }
    std::fs::create_dir(to.path().join("blobs"))?;
    for blob in std::fs::read_dir(from.join("blobs"))? {
        let blob = blob?;
        std::fs::copy(blob.path(), to.path().join("blobs").join(blob.file_name()))?;
    }
    Ok(to)
}

/// Adds what only a later program, or a damaged disk, can have left in this form; folds the journal in.
fn add_strange_rows(outbox: &Path, made: &mut BTreeMap<String, OperationId>) -> anyhow::Result<()> {
    let db = raw(outbox)?;
    let model = made["queued behind it"].uuid().into_bytes();
    let text: String = db.query_row("SELECT sealed FROM operation WHERE id = ?1", [model], |row| row.get(0))?;
    let (old_id, old_seq) = {
        let operation = Sealed::from_text(text.clone())?.open()?;
        (operation.id.to_string(), format!("\"device_seq\":{},", operation.device_seq))
    };
    let strange = |kind: &str, part: &str, lane_kind: &str, lane: Uuid, sound: bool| -> anyhow::Result<OperationId> {
        let id = OperationId::new(Uuid::now_v7());
        // The row of the device may be behind: how far the numbers are used up the entries say.
        let used_up = "SELECT max(sealed ->> '$.device_seq') FROM operation";
        let seq = db.query_row(used_up, [], |row| row.get::<_, i64>(0))? + 1;
        let sealed = text
            .replace(&old_id, &id.to_string())
            .replace(&old_seq, &format!("\"device_seq\":{seq},"))
            .replace("meter.rename/1", kind);
        let hash = Sealed::from_text(sealed.clone())?.hash().0;
        let sealed = if sound { sealed } else { sealed.replace("Щитовая", "Щитовой") };
        let columns = "INSERT INTO operation (id, sealed, hash, lane_kind, lane_id, place, priority, captured_ms) \
                       SELECT ?1, ?2, ?3, ?4, ?5, (SELECT max(place) + 1 FROM operation), priority, captured_ms \
                       FROM operation WHERE id = ?6";
        let written =
            db.execute(columns, params![id.uuid().into_bytes(), sealed, hash, lane_kind, lane.into_bytes(), model])?;
        anyhow::ensure!(written == 1, "{part} was not written");
        Ok(id)
    };
    for (part, kind, lane_kind, sound) in [
        ("of a future lane", "ticket.open/1", "ticket", true),
        ("of a future kind", "meter.rename/99", "meter", true),
        ("damaged", "meter.rename/1", "meter", false),
    ] {
        let id = strange(kind, part, lane_kind, Uuid::now_v7(), sound)?;
        made.insert(part.to_owned(), id);
    }
    // As the program that will upload them leaves a document that has arrived: the smaller one.
    db.execute("UPDATE blob SET on_server = 1 WHERE bytes = (SELECT min(bytes) FROM blob)", [])?;
    db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    db.close().map_err(|(_, error)| error.into())
}

/// Makes the whole scene.
pub async fn full_queue() -> anyhow::Result<Made> {
    let city = City::on(20).await?;
    let window = Computer::of(&city, PHONE, &[FLAT, OTHER_FLAT]).await?;
    window.core.close().await;
    let session = sign_in(&city, PHONE).await?;
    let folder = tempfile::tempdir()?;
    let home = Home::open(&city, &session, folder.path(), true)?;
    let meters = until("the meters are there", PATIENCE, || async {
        let all = home.engine.read()?.mirror.all("meter")?;
        anyhow::ensure!(all.len() == 6, "{} meters", all.len());
        let of = |entity| if let Entity::Meter(meter) = entity { Some((meter.serial, meter.id)) } else { None };
        Ok(all.into_iter().filter_map(|meter| of(meter.entity)).collect())
    })
    .await?;
    let mut scene = Scene { city: &city, home: &home, meters, made: BTreeMap::new() };
    scene.on_a_good_day().await?;
    scene.on_a_bad_day().await?;
    scene.without_a_line().await?;
    let mut operations = scene.made;
    let disk = copy_disk(folder.path())?;
    let database = city.back_up()?;
    home.engine.close().await;
    add_strange_rows(&disk.path().join("outbox.db"), &mut operations)?;
    Ok(Made { disk, database, queue: Queue { user: session.user, operations }, _city: city })
}

/// Makes the golden files of the form that this program writes. To be run once, by the program that is released:
/// `cargo test -p zhkh-system-tests --test faults make_the_golden_files -- --ignored`.
#[tokio::test]
#[ignore = "writes the golden files of a new form; those of a released one never change"]
async fn make_the_golden_files() -> anyhow::Result<()> {
    let (queue, database) = (queues().join(NEWEST), databases().join(NEWEST));
    anyhow::ensure!(!queue.join("outbox.db").exists(), "form {NEWEST} was released and has its files");
    let made = full_queue().await?;
    std::fs::create_dir_all(queue.join("blobs"))?;
    std::fs::create_dir_all(&database)?;
    std::fs::copy(made.disk.path().join("outbox.db"), queue.join("outbox.db"))?;
    for blob in std::fs::read_dir(made.disk.path().join("blobs"))? {
        let blob = blob?;
        std::fs::copy(blob.path(), queue.join("blobs").join(blob.file_name()))?;
    }
    std::fs::write(queue.join("queue.json"), serde_json::to_string_pretty(&made.queue)? + "\n")?;
    let packed = zstd::encode_all(std::fs::File::open(&made.database)?, 19)?;
    std::fs::write(database.join("zhkh.db.zst"), packed)?;
    Ok(())
}

/// What SQLite says a database is made of, without what it made by itself.
fn form(db: &Connection) -> anyhow::Result<Vec<String>> {
    let mut select = db.prepare("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type, name")?;
    let form = select.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    Ok(form)
}

/// The states of all entries by their parts, and how many of them may have left.
fn states(db: &Connection, queue: &Queue) -> anyhow::Result<BTreeMap<String, (String, bool, bool)>> {
    let mut all = BTreeMap::new();
    for (part, id) in &queue.operations {
        let sql = "SELECT ifnull(state, 'queued'), ifnull(ever_sent, 0), ifnull(withdrawing, 0) \
                   FROM operation LEFT JOIN fate USING (number) WHERE id = ?1";
        let row = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
        all.insert(part.clone(), db.query_row(sql, [id.uuid().into_bytes()], row).with_context(|| part.clone())?);
    }
    Ok(all)
}

#[tokio::test]
async fn todays_program_writes_a_queue_in_the_form_of_the_newest_golden_file() -> anyhow::Result<()> {
    let made = full_queue().await?;
    let kept: Queue = serde_json::from_slice(&std::fs::read(queues().join(NEWEST).join("queue.json"))?)?;
    let folder = tempfile::tempdir()?;
    std::fs::copy(queues().join(NEWEST).join("outbox.db"), folder.path().join("outbox.db"))?;
    let (today, golden) = (raw(&made.disk.path().join("outbox.db"))?, raw(&folder.path().join("outbox.db"))?);
    assert_eq!(form(&today)?, form(&golden)?, "another form needs a migration and golden files of its own");
    let states_of_golden = states(&golden, &kept)?;
    assert_eq!(states(&today, &made.queue)?, states_of_golden);
    for part in PARTS {
        assert_eq!(states_of_golden.get(part.name).map(|state| state.0.as_str()), Some(part.on_disk), "{}", part.name);
    }
    assert_eq!(states_of_golden.len(), PARTS.len());
    Ok(())
}
