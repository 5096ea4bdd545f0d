//! Other products in the same job, each set up as its own documentation says, beside the engine. Their scripts are in
//! `peers/`; Node and their packages are needed only here.

use crate::engine::{drain, pull};
use crate::figure::{Figure, Side, Unit};
use crate::stage::Stage;
use anyhow::Context;
use serde::Deserialize;
use std::path::Path;
use std::process::Command;

/// Where the scripts are, from the root of the checkout.
const FOLDER: &str = "benches/peers";

/// What a script tells.
#[derive(Deserialize)]
struct Told {
    seconds: f64,
    versions: Vec<String>,
    durability: String,
    node: String,
}

/// PouchDB → express-pouchdb.
pub fn pouchdb_push(stage: &Stage) -> anyhow::Result<Figure> {
    let count = stage.pick(200, 10_000);
    let what = format!("отправить очередь из {count} записей: против репликации PouchDB → express-pouchdb");
    let ours = |_| drain::once(stage, count, 100);
    beside(stage, "peers.pouchdb.push", what, count, stage.pick(1, 3), (&["pouchdb.js", "push"], &ours))
}

/// express-pouchdb → PouchDB.
pub fn pouchdb_pull(stage: &Stage) -> anyhow::Result<Figure> {
    let count = stage.pick(500, 100_000);
    let what = format!("первая синхронизация, {count} строк: против репликации express-pouchdb → PouchDB");
    let town = pull::large_flat(stage, count)?;
    let ours = |_| pull::first_synchronisation(stage, &town);
    let figure = beside(stage, "peers.pouchdb.pull", what, count, 1, (&["pouchdb.js", "pull"], &ours))?;
    town.stop(stage);
    Ok(figure)
}

/// The upload queue of PowerSync, in batches of 100 as its documentation advises for many changes.
pub fn powersync_batch(stage: &Stage) -> anyhow::Result<Figure> {
    let count = stage.pick(200, 10_000);
    let what =
        format!("отправить очередь из {count} записей пачками по 100: против getCrudBatch(100) из @powersync/node");
    let ours = |_| drain::once(stage, count, 100);
    beside(stage, "peers.powersync.batch", what, count, stage.pick(1, 3), (&["powersync.js", "batch"], &ours))
}

/// The same as its connector is written at first: a request per transaction.
pub fn powersync_transaction(stage: &Stage) -> anyhow::Result<Figure> {
    let count = stage.pick(20, 500);
    let what =
        format!("отправить очередь из {count} записей по одной: против getNextCrudTransaction() из @powersync/node");
    let ours = |_| drain::once(stage, count, 1);
    beside(stage, "peers.powersync.one", what, count, stage.pick(1, 3), (&["powersync.js", "transaction"], &ours))
}

type Ours<'a> = &'a dyn Fn(usize) -> anyhow::Result<f64>;

fn beside(
    stage: &Stage,
    name: &str,
    what: String,
    count: usize,
    runs: usize,
    (script, ours): (&[&str], Ours<'_>),
) -> anyhow::Result<Figure> {
    if !Path::new(FOLDER).join("node_modules").is_dir() {
        return Ok(Figure::skipped(name, what, "пакеты npm не установлены: их ставит cargo xtask bench"));
    }
    let (mut engine, mut peer) = (Vec::new(), Vec::new());
    let mut told = None;
    for run in 0..runs {
        engine.push(count as f64 / ours(run)?);
        match run_script(stage, script, count) {
            Ok(one) => {
                peer.push(count as f64 / one.seconds);
                told = Some(one);
            }
            Err(error) => return Ok(Figure::skipped(name, what, format!("{error:#}"))),
        }
    }
    let Some(Told { versions, durability, node, .. }) = told else { anyhow::bail!("nothing was measured") };
    let names = format!("{} (Node {node})", versions.join(", "));
    let sides = vec![
        Side { name: "Engine ↔ zhkh-server".into(), durability: crate::engine::DURABLE.into(), runs: engine },
        Side { name: names, durability, runs: peer },
    ];
    Ok(Figure::new(name, what, Unit::PerSecond, sides))
}

fn run_script(stage: &Stage, script: &[&str], count: usize) -> anyhow::Result<Told> {
    let folder = stage.fresh()?;
    let mut command = Command::new("node");
    command.args(script).arg(count.to_string()).arg(std::path::absolute(folder.path())?).current_dir(FOLDER);
    let output = command.output().context("Node.js не запускается")?;
    let words = String::from_utf8_lossy(&output.stderr);
    let last = words.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or_default().to_owned();
    anyhow::ensure!(output.status.success(), "{} не получилось: {last}", script.join(" "));
    let text = String::from_utf8_lossy(&output.stdout);
    let line = text.lines().rev().find(|line| line.starts_with('{')).context("результата нет")?;
    Ok(serde_json::from_str(line)?)
}
