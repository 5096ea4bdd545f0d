//! kill -9 of an import beside the running server, and of an export and its server: a registry is in whole or not at
//! all, and a reading that is marked as exported is in exactly one whole file.

use crate::Scene;
use crate::drill::Drill;
use anyhow::Context;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};
use zhkh_system_tests::books::Books;
use zhkh_system_tests::entries::steps;
use zhkh_system_tests::program::{self, Program};
use zhkh_system_tests::server_program::ServerProgram;
use zhkh_system_tests::town::Town;
use zhkh_system_tests::{billing, folder};

/// What an import writes into.
const TABLES: [&str; 6] = ["imports", "houses", "accounts", "mirror", "feed", "access_log"];

/// The registries that are imported; the first brings half of the accounts, the second the other half.
const REGISTRIES: [&str; 2] = ["p1", "p4"];

/// How many towns are founded.
const TOWNS: u64 = 6;

/// How often an import is killed before it is let through.
const KILLS: usize = 3;

/// How many exports have to be hit by a kill.
const EXPORTS: u32 = 12;

/// Exports that nobody kills come first: they tell how long one takes.
const UNHARMED: u64 = 3;

/// A server over an empty database.
struct Empty {
    server: ServerProgram,
    books: Books,
    registries: Vec<(&'static str, PathBuf)>,
    _folder: tempfile::TempDir,
}

impl Empty {
    fn found() -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let (data, logs) = (folder.path().join("server"), folder.path().join("logs"));
        let program = folder::program("zhkh-server")?;
        let registries = billing::registries(&billing::last_month()?, &program, folder.path())?;
        let registries = registries.into_iter().filter(|(format, _)| REGISTRIES.contains(format)).collect();
        let environment = vec![("ZHKH_DATA".into(), data.display().to_string())];
        let mut server = ServerProgram::new("server", program, environment, logs);
        server.start()?;
        Ok(Self { server, books: Books::File(data.join("zhkh.db")), registries, _folder: folder })
    }

    fn import(&self, format: &str, file: &Path) -> Command {
        let mut import = self.server.command(&["import", format]);
        import.arg(file);
        import
    }

    fn counts(&self) -> anyhow::Result<BTreeMap<&'static str, i64>> {
        let count = |table: &'static str| {
            let rows = self.books.rows(&format!("SELECT COUNT(*) FROM {table}"))?;
            Ok((table, rows.first().context("a count")?.number(0)?))
        };
        TABLES.into_iter().map(count).collect()
    }
}

/// How long an import takes that nobody kills, and what is there before and after it.
struct Whole {
    took: Duration,
    before: BTreeMap<&'static str, i64>,
    after: BTreeMap<&'static str, i64>,
}

#[tokio::test]
async fn an_import_killed_beside_the_server_is_in_whole_or_not_at_all() -> anyhow::Result<()> {
    let town = Empty::found()?;
    let mut wholes = Vec::new();
    for (format, file) in &town.registries {
        let (before, began) = (town.counts()?, Instant::now());
        program::run(town.import(format, file))?;
        let (took, after) = (began.elapsed(), town.counts()?);
        anyhow::ensure!(before["accounts"] < after["accounts"] && before["imports"] + 1 == after["imports"]);
        wholes.push(Whole { took, before, after });
    }
    let (mut kills, mut landed) = (0, 0);
    for seed in 1..=TOWNS {
        let mut dice = StdRng::seed_from_u64(seed);
        let town = Empty::found()?;
        for ((format, file), whole) in town.registries.iter().zip(&wholes) {
            for _ in 0..KILLS {
                let mut import = Program::start("import", town.import(format, file), &town.server.logs)?;
                tokio::time::sleep(whole.took.mul_f64(dice.random_range(0.2..1.1))).await;
                kills += u32::from(import.kill_9()?);
                let counts = town.counts()?;
                landed += u32::from(counts == whole.after);
                let whole_or_not = counts == whole.before || counts == whole.after;
                anyhow::ensure!(whole_or_not, "seed {seed}: half of {format} is there: {counts:?}");
                if counts == whole.after {
                    break;
                }
            }
            if town.counts()? == whole.before {
                program::run(town.import(format, file))?;
            }
            anyhow::ensure!(town.counts()? == whole.after, "seed {seed}: {format} came in otherwise after kills");
        }
        reqwest::get(format!("{}/readyz", town.server.url())).await?.error_for_status()?;
    }
    println!("» imports killed: {kills}, of them after the commit or ended before: {landed}");
    anyhow::ensure!(kills >= 10, "only {kills} kills hit a running import");
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_reading_is_in_exactly_one_export_though_exports_and_the_server_are_killed() -> anyhow::Result<()> {
    let mut drill = Drill::found(Scene::set().await?).await?;
    let files = tempfile::tempdir()?;
    let (mut took, mut kills, mut kept, mut seed) = (Duration::MAX, 0, 0, 0);
    while kills < EXPORTS {
        seed += 1;
        anyhow::ensure!(seed < 200, "only {kills} kills hit a running export");
        let mut dice = StdRng::seed_from_u64(seed);
        drill.enter_a_reading(&mut dice).await?;
        drill.compare().await?;
        let out = files.path().join(format!("{seed}.txt"));
        if seed > UNHARMED {
            let town = &mut drill.scene.town;
            let mut export = Program::start("export", export(town, &out)?, &town.server.logs)?;
            tokio::time::sleep(took.mul_f64(dice.random_range(0.2..1.0))).await;
            if dice.random() {
                town.server.kill_9()?;
                town.server.start()?;
            }
            kills += u32::from(export.kill_9()?);
        }
        let town = &drill.scene.town;
        marked_is_in_one_file(town, files.path()).with_context(|| format!("seed {seed}"))?;
        let began = Instant::now();
        kept += u32::from(finish(town, &out)?);
        if seed <= UNHARMED {
            took = took.min(began.elapsed());
        }
        let exported = marked_is_in_one_file(town, files.path()).with_context(|| format!("seed {seed}"))?;
        let waits =
            town.inspect()?.readings.into_iter().find(|reading| reading.current && reading.verdict != "exported");
        anyhow::ensure!(waits.is_none(), "seed {seed}: {waits:?} was not exported");
        anyhow::ensure!(exported > 0, "nothing was exported");
    }
    println!("» exports killed: {kills}, of them with a file left beside its name: {kept}");
    Ok(())
}

fn export(town: &Town, out: &Path) -> anyhow::Result<Command> {
    let month = town.inspect()?.readings.first().context("a reading was sent")?.period.clone();
    let mut export = town.server.command(&["export", "r1", "--period", &month, "--out"]);
    export.arg(out);
    Ok(export)
}

/// What an operator does after an export was killed: exports again and follows what the program says about a file that
/// lies beside the name. Tells whether there was one.
fn finish(town: &Town, out: &Path) -> anyhow::Result<bool> {
    let part = out.with_extension("txt.part");
    let was_left = part.is_file();
    if out.is_file() {
        return Ok(false);
    }
    let said = export(town, out)?.output()?;
    let words = String::from_utf8_lossy(&said.stderr).into_owned();
    if was_left {
        anyhow::ensure!(!said.status.success(), "an export went over a file that was left");
        if words.contains("уже отмечены") {
            std::fs::rename(&part, out)?;
            return Ok(true);
        }
        anyhow::ensure!(words.contains("удалите его"), "nothing is said about the file that was left: {words}");
        std::fs::remove_file(&part)?;
        program::run(export(town, out)?)?;
    } else {
        anyhow::ensure!(said.status.success(), "the export was refused: {words}");
    }
    Ok(was_left)
}

/// Every reading that the database marks as exported is in exactly one whole file, and the files of finished exports
/// hold no others. Gives how many.
fn marked_is_in_one_file(town: &Town, folder: &Path) -> anyhow::Result<usize> {
    let known: BTreeSet<String> =
        town.books.rows("SELECT sha256 FROM exports")?.iter().map(|row| row.text(0)).collect::<Result<_, _>>()?;
    let mut found = Vec::new();
    let mut whole = BTreeSet::new();
    for file in std::fs::read_dir(folder)? {
        let file = file?.path();
        let bytes = std::fs::read(&file)?;
        let sha256 = hex::encode(Sha256::digest(&bytes));
        if known.contains(&sha256) {
            whole.insert(sha256);
            found.extend(readings_of(&bytes)?);
        } else {
            let unfinished = file.extension().is_some_and(|extension| extension == "part");
            anyhow::ensure!(unfinished, "no export is known that made {}", file.display());
        }
    }
    anyhow::ensure!(whole == known, "an export has no file");
    found.sort();
    let marked = town.inspect()?.readings.into_iter().filter(|reading| reading.verdict == "exported");
    let mut marked: Vec<_> = marked.map(|reading| (reading.serial, reading.steps[0])).collect();
    marked.sort();
    anyhow::ensure!(found == marked, "in files: {found:?}\nmarked: {marked:?}");
    Ok(found.len())
}

/// Serial numbers and values of an R1 (docs/domain.md): five cells of the account, then seven per value.
fn readings_of(r1: &[u8]) -> anyhow::Result<Vec<(String, i64)>> {
    let text = encoding_rs::WINDOWS_1251.decode(r1).0;
    let mut readings = Vec::new();
    for line in text.lines() {
        let cells: Vec<&str> = line.split(';').collect();
        for block in cells.get(5..).context("an account")?.chunks(7) {
            readings.push((block[1].to_owned(), steps(&block[4].replace(',', "."))?));
        }
    }
    Ok(readings)
}
