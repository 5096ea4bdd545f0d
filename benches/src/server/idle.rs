//! Ten thousand desktops that only listen.

use super::line::Line;
use super::town::Town;
use crate::figure::{Figure, Side, Unit};
use crate::process;
use crate::stage::Stage;

/// How much memory of the server one costs.
pub fn memory(stage: &Stage) -> anyhow::Result<Figure> {
    let count = stage.pick(200, 10_000);
    anyhow::ensure!(super::many_files()? as usize > count + 500, "the system allows too few open files");
    let town = Town::build(stage, count, 1, "")?;
    let (town, server) = town.alone(stage, "")?;
    // The first ones wake up what every server has anyway.
    let mut lines = Vec::with_capacity(count);
    let mut listen = |from: usize, until: usize| {
        stage.runtime.block_on(async {
            for person in &town.people[from..until] {
                let mut line = Line::open(server.addr).await?;
                line.listen(&person.token).await?;
                lines.push(line);
            }
            anyhow::Ok(())
        })
    };
    listen(0, count / 20)?;
    let before = process::tree_pss_mib(server.id())?;
    listen(count / 20, count)?;
    let after = process::tree_pss_mib(server.id())?;
    let each = (after - before) * 1024.0 / (count - count / 20) as f64;
    drop(lines);
    let side =
        Side { name: format!("{count} соединений /v1/live"), durability: String::new(), runs: vec![each] };
    let what = "память сервера на одно молчащее живое соединение";
    let all = format!("сервер целиком: {after:.0} МиБ с ними, {before:.0} МиБ с двадцатой частью");
    Ok(Figure::new("server.idle", what, Unit::KiB, vec![side]).note(all))
}
