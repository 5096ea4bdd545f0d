//! Entries of every earlier version of the program: a queue may hold them from before an update. The golden files of the
//! wire are put into the queue of a computer as such a program had left them.

use crate::world::World;
use anyhow::Context;
use domain::OperationId;
use rusqlite::{Connection, params};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};
use uuid::Uuid;
use wire::operation::Operation;

/// Where the golden operations are.
const GOLDEN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../wire/golden/operations");

/// All of them about meters and people. What no program knows is not among them, nor what is about tickets: those have to
/// be of this town.
fn golden() -> anyhow::Result<Vec<PathBuf>> {
    let names = std::fs::read_dir(GOLDEN)?.map(|entry| Ok(entry?.path())).collect::<std::io::Result<Vec<_>>>()?;
    let known = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.ends_with(".json") && ["reading.", "meter.", "profile."].iter().any(|kind| name.starts_with(kind))
    };
    let mut known: Vec<PathBuf> = names.into_iter().filter(known).collect();
    known.sort();
    Ok(known)
}

impl World {
    /// Puts an entry of an old program into the queue of a computer that is off.
    pub fn leave_old_entry(&mut self, computer: usize) -> anyhow::Result<()> {
        let Some((file, user, key)) = self.computers[computer].queue_file() else { return Ok(()) };
        if !file.exists() || self.unsure[computer] > 0 || self.computers[computer].is_full() {
            return Ok(());
        }
        let golden = golden()?;
        let mut entry: Value = serde_json::from_str(&std::fs::read_to_string(self.dice.pick(&golden))?)?;
        let queue = open(&file, &key)?;
        let (life, next_seq) = next_number(&queue)?;
        self.entered += 1;
        let mut random = [0; 10];
        client::ports::Random::fill(&self.dice, &mut random);
        let now_ms = u64::try_from(self.time.ms()).unwrap_or(0);
        let id = uuid::Builder::from_unix_timestamp_millis(now_ms, &random).into_uuid();
        let fields = entry.as_object_mut().context("an operation")?;
        for gone in ["on_behalf_of", "replaces", "base_version"] {
            fields.remove(gone);
        }
        fields.insert("id".into(), json!(id));
        fields.insert("actor".into(), json!(user));
        fields.insert("incarnation".into(), json!(life));
        fields.insert("device_seq".into(), json!(next_seq));
        fields.insert("source".into(), json!("resident_app"));
        fields["captured"]["wall_ms"] = json!(self.time.ms());
        fields["captured"]["server_offset_ms"] = json!(0);
        fields["captured"]["anchored"] = json!(true);
        let lane = if fields["lane"]["kind"] == "meter" { self.of_a_meter(fields, id) } else { user.uuid() };
        fields["lane"]["id"] = json!(lane);
        let sealed = serde_json::to_string(&entry)?;
        let operation: Operation = serde_json::from_str(&sealed)?;
        queue.execute(
            "INSERT INTO operation (id, place, priority, sealed, hash, lane_kind, lane_id, captured_ms)
             VALUES (?1, (SELECT coalesce(max(place), 0) + 1 FROM operation), ?2, ?3, ?4, ?5, ?6, ?7)",
            params![
                id.as_bytes().as_slice(),
                outbox::WHENEVER,
                sealed,
                Sha256::digest(sealed.as_bytes()).as_slice(),
                entry["lane"]["kind"].as_str(),
                lane.as_bytes().as_slice(),
                self.time.ms(),
            ],
        )?;
        queue.execute("UPDATE device SET next_seq = ?1", [next_seq + 1])?;
        // It need not be of a flat that is theirs now.
        let account = operation.body.lane(user).id;
        let account = self.book.accounts.iter().find(|(meter, _)| meter.uuid() == account).map(|(_, account)| *account);
        let owner = self.computers[computer].owner;
        self.people[owner].shaky.extend(account);
        self.tally.count("old_entry");
        self.trace.note(format!("computer {computer}: an old program had left {}", OperationId::new(id)));
        self.book.add(computer, &operation, self.time.ms());
        Ok(())
    }

    /// Makes the entry one of a meter of this town.
    fn of_a_meter(&self, fields: &mut serde_json::Map<String, Value>, id: Uuid) -> Uuid {
        let meters: Vec<_> = self.book.accounts.keys().copied().collect();
        let meter = self.dice.pick(&meters).uuid();
        let data = &mut fields["body"]["data"];
        data["meter"] = json!(meter);
        if data.get("reading").is_some() {
            data["reading"] = json!(id);
            let litres = 453_118 + i64::try_from(self.entered).unwrap_or(0);
            data["values"] = json!([format!("{}.{:03}", litres / 1000, litres % 1000)]);
            data["early"] = json!(true);
        }
        meter
    }
}

fn open(file: &Path, key: &[u8]) -> anyhow::Result<Connection> {
    let queue = Connection::open(file)?;
    queue.execute_batch(&format!("PRAGMA key = \"x'{}'\";", hex::encode(key)))?;
    Ok(queue)
}

/// The life of the queue, and the number of its next entry: behind what the device row says, and behind every entry.
fn next_number(queue: &Connection) -> anyhow::Result<(Uuid, i64)> {
    let (life, said): (Vec<u8>, i64) =
        queue.query_row("SELECT incarnation, next_seq FROM device", [], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let life = Uuid::from_slice(&life)?;
    let used: i64 = queue.query_row(
        "SELECT coalesce(max(sealed ->> 'device_seq'), 0) FROM operation
         WHERE json_valid(sealed) AND sealed ->> 'incarnation' = ?1",
        [life.to_string()],
        |row| row.get(0),
    )?;
    Ok((life, said.max(used + 1)))
}
