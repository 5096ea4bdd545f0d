//! `play [PLAY] --out FOLDER [--break-ack SERVER]`: a story in the real window with no person present.
//!
//! Every step leaves a screenshot and a row of `result.json`. In the main job the first answer to the reading is always
//! lost, so it is sent twice. With `--break-ack` the server does not look into its ledger: the play must notice and fail.

mod album;
mod coming_in;
mod main_job;
mod money;
mod reading;
mod stage;
mod tickets;

use anyhow::Context;
use clap::{Parser, ValueEnum};
use stage::Stage;
use std::path::PathBuf;
use std::process::ExitCode;
use zhkh_system_tests::cut_proxy::CutProxy;
use zhkh_system_tests::desk::{Desk, Kind};
use zhkh_system_tests::town::{Plan, Town};

#[derive(Parser)]
struct Options {
    /// Which story.
    #[arg(value_enum, default_value_t = Play::MainJob)]
    play: Play,
    /// Where screenshots, `result.json` and logs go. Emptied first.
    #[arg(long)]
    out: PathBuf,
    /// A server built with the feature `sabotage`.
    #[arg(long, value_name = "SERVER")]
    break_ack: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Play {
    MainJob,
    Tickets,
    Money,
}

#[tokio::main]
async fn main() -> anyhow::Result<ExitCode> {
    let options = Options::parse();
    let out = std::path::absolute(&options.out)?;
    if out.exists() {
        std::fs::remove_dir_all(&out).with_context(|| format!("{} cannot be emptied", out.display()))?;
    }
    std::fs::create_dir_all(&out)?;
    let work = tempfile::tempdir()?;
    let mut plan = Plan::under(work.path());
    plan.logs = out.join("logs");
    plan.server_program = options.break_ack.map(std::path::absolute).transpose()?;
    let town = Town::start(&plan)?;
    let proxy = CutProxy::start(town.server.address).await?;
    let desk = Desk::set_up(Kind::Full, work.path(), &plan.logs).await?;
    let mut album = album::Album::new(&out, &desk, &town);
    let stage = Stage { desk: &desk, town: &town, proxy: &proxy, work: work.path(), out: &out };
    let played = match options.play {
        Play::MainJob => main_job::play(&stage, &mut album).await,
        Play::Tickets => tickets::play(&stage, &mut album).await,
        Play::Money => money::play(&stage, &mut album).await,
    };
    if let Err(error) = &played {
        album.failed(&format!("{error:#}")).await?;
        println!("{error:#}");
    }
    println!("{} passed, {} failed", album.passed(), u32::from(played.is_err()));
    Ok(if played.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
