//! Pulling: how fast what the server has comes to the desktop's mirror.

use super::bare_file;
use super::desk::Desk;
use super::pages::{PageServer, Pages, Way};
use crate::figure::{Figure, Side, Target, Unit, turns};
use crate::process;
use crate::server::town::Town;
use crate::stage::{Stage, seconds};
use rusqlite::params;
use std::sync::Arc;
use std::time::{Duration, Instant};
use uuid::Uuid;
use wire::feed::{Change, Page, Snapshot, Versioned};

const OURS: &str = "шифрованный cache.db, WAL NORMAL: переживает гибель программы";
const BARE: &str = "такой же файл и такие же таблицы, WAL NORMAL";

/// A hundred thousand rows by one way.
pub fn pulled(stage: &Stage, way: Way) -> anyhow::Result<Figure> {
    let rows = stage.pick(3_000, 100_000);
    let pages = Arc::new(Pages::new(way, rows, true)?);
    let server = stage.runtime.block_on(pages.serve())?;
    let mut ours = || Ok(rows as f64 / mirrored(stage, &pages, &server)?);
    let mut other = || Ok(rows as f64 / bare(stage, &pages, way)?);
    let measured = turns(stage.pick(1, 3), &mut [&mut ours, &mut other])?;
    let names = [("Engine по HTTP через loopback", OURS), ("serde_json и INSERT из памяти", BARE)];
    let sides = measured.into_iter().zip(names);
    let sides = sides
        .map(|(runs, (name, durability))| Side { name: name.into(), durability: durability.into(), runs })
        .collect();
    let (name, how) = match way {
        Way::Feed => ("pull.feed", "изменениями"),
        Way::Snapshot => ("pull.snapshot", "снимком, как при первой синхронизации"),
    };
    let what = format!("получить {rows} строк {how}: против чистых разбора и вставки");
    Ok(Figure::new(name, what, Unit::PerSecond, sides).target(Target::AtLeast(0.5)))
}

/// How much the memory of the process grows while a million rows come.
pub fn memory(stage: &Stage) -> anyhow::Result<Figure> {
    let (many, few) = (stage.pick(20_000, 1_000_000), stage.pick(2_000, 100_000));
    let mut grown = [Vec::new(), Vec::new()];
    for way in [Way::Feed, Way::Snapshot] {
        for (rows, grown) in [many, few].into_iter().zip(&mut grown) {
            let pages = Arc::new(Pages::new(way, rows, false)?);
            let server = stage.runtime.block_on(pages.serve())?;
            let before = process::resident_mib()?;
            process::forget_peak()?;
            mirrored(stage, &pages, &server)?;
            grown.push(process::peak_mib()? - before);
        }
    }
    let sides = grown.into_iter().zip([many, few]);
    let sides =
        sides.map(|(runs, rows)| Side { name: format!("{rows} строк"), durability: OURS.into(), runs }).collect();
    let what =
        format!("рост памяти процесса (с сервером страниц в нём), пока приходит {many} строк: изменениями, снимком");
    Ok(Figure::new("pull.memory", what, Unit::MiB, sides))
}

/// Seconds until the mirror of an empty computer holds everything.
fn mirrored(stage: &Stage, pages: &Pages, server: &PageServer) -> anyhow::Result<f64> {
    let desk = Desk::new(stage, pages.user, &server.url, "token")?;
    let took = synchronised(stage, &desk);
    desk.close(stage);
    Ok(took)
}

/// Seconds until a computer has all that its person sees.
pub(crate) fn synchronised(stage: &Stage, desk: &Desk) -> f64 {
    let began = Instant::now();
    desk.go();
    stage.runtime.block_on(async {
        while desk.engine.status().last_synced_ms.is_none() {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    });
    seconds(began)
}

/// A town of one flat with so many meters: rows of a real server.
pub fn large_flat(stage: &Stage, rows: usize) -> anyhow::Result<Town> {
    Town::build(stage, 1, rows, "")
}

/// Seconds until an empty computer has all that a real server has for its person.
pub fn first_synchronisation(stage: &Stage, town: &Town) -> anyhow::Result<f64> {
    let person = &town.people[0];
    let desk = Desk::new(stage, person.user, &town.url(), &person.token)?;
    let took = synchronised(stage, &desk);
    let mirrored = desk.engine.read()?.mirror.list("meter", person.account.uuid())?.len();
    anyhow::ensure!(mirrored == person.meters.len(), "{mirrored} of {} meters came", person.meters.len());
    desk.close(stage);
    Ok(took)
}

/// Seconds for the same rows without anything around them.
fn bare(stage: &Stage, pages: &Pages, way: Way) -> anyhow::Result<f64> {
    let folder = stage.fresh()?;
    let file = bare_file::cache(&folder.path().join("bare.db"))?;
    let began = Instant::now();
    for bytes in pages.ready() {
        let rows: Vec<Versioned> = match way {
            Way::Snapshot => serde_json::from_slice::<Snapshot>(bytes)?.entities,
            Way::Feed => {
                let page = serde_json::from_slice::<Page>(bytes)?;
                let put = |row: wire::feed::Row| match row.change {
                    Change::Put { entity } => Some(Versioned { version: row.seq, entity }),
                    _ => None,
                };
                page.rows.into_iter().filter_map(put).collect()
            }
        };
        file.execute_batch("BEGIN")?;
        for row in &rows {
            file.prepare_cached("INSERT INTO entity VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?.execute(params![
                row.entity.kind(),
                row.entity.id().into_bytes(),
                row.entity.parent().map(Uuid::into_bytes),
                format!("user:{}", pages.user),
                row.version,
                serde_json::to_string(&row.entity)?,
            ])?;
        }
        file.execute_batch("COMMIT")?;
    }
    Ok(seconds(began))
}
