//! `stage demo`: the demo town and the window, for a person. `stage browser`: the same without a window, for the
//! browser specs, which find the core at `ZHKH_BRIDGE_URL`.

use anyhow::Context;
use clap::{Parser, ValueEnum};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Command, ExitCode};
use tokio::signal::unix::{SignalKind, signal};
use zhkh_system_tests::folder;
use zhkh_system_tests::town::{Plan, Town};

#[derive(Parser)]
struct Options {
    /// What is played on it.
    what: What,
    /// Where data and logs go. Emptied first.
    #[arg(long)]
    folder: PathBuf,
}

#[derive(Clone, Copy, ValueEnum)]
enum What {
    Demo,
    Browser,
}

fn main() -> anyhow::Result<ExitCode> {
    let options = Options::parse();
    let folder = std::path::absolute(&options.folder)?;
    if folder.exists() {
        std::fs::remove_dir_all(&folder).with_context(|| format!("{} cannot be emptied", folder.display()))?;
    }
    match options.what {
        What::Demo => demo(folder),
        What::Browser => browser(folder),
    }
}

/// Ports that a person can keep in mind, so that the addresses stay the same at every start.
fn demo(folder: PathBuf) -> anyhow::Result<ExitCode> {
    let mut plan = Plan::under(&folder);
    plan.server = SocketAddr::from(([127, 0, 0, 1], 18080));
    plan.sandbox = SocketAddr::from(([127, 0, 0, 1], 18081));
    plan.mail = Some(SocketAddr::from(([127, 0, 0, 1], 18025)));
    let town = Town::start(&plan)?;
    let people = town.people()?;
    println!("\nДемонстрационный город готов.\n");
    println!("Регистрация: любой телефон +7 9…; что «сказал» робот, видно на странице {}", town.sandbox);
    println!("Лицевые счета и доказательства из квитанции:");
    for account in town.sign_ins()? {
        println!("  {}  {}", account.number, account.address);
        println!("              итого к оплате {} ₽ за {}; {}", account.sum_typed(), account.period, account.about);
    }
    println!("Готовые люди, с заявками во всех состояниях (вход, пароль):");
    people.lines().for_each(|line| println!("  {line}"));
    println!("Письма жителям видно на странице {}/mail", town.sandbox);
    println!("Банк, в котором «платят» (карта 2200 0000 0000 0004): {}/bank", town.sandbox);
    println!("\nСервер: {}   Журналы: {}\n", town.url(), plan.logs.display());
    let mut window = Command::new(folder::program("zhkh-desktop")?);
    window.env("ZHKH_SERVER_URL", town.url()).env("ZHKH_DATA_DIR", folder.join("window"));
    until_it_ends(window)
}

fn browser(folder: PathBuf) -> anyhow::Result<ExitCode> {
    let plan = Plan::under(&folder);
    let town = Town::start(&plan)?;
    let mut specs = Command::new("npx");
    specs.args(["playwright", "test"]).current_dir(folder::root().join("tests/browser"));
    specs
        .env("ZHKH_SERVER_URL", town.url())
        .env("ZHKH_SANDBOX_URL", &town.sandbox)
        .env("ZHKH_MONTH", town.month())
        .env("ZHKH_BRIDGE", folder::program("zhkh-bridge")?)
        .env("ZHKH_UI", folder::root().join("ui/dist-http"))
        .env("ZHKH_WORK", &folder);
    until_it_ends(specs)
}

/// Runs what the stage is for until it ends, or until somebody ends the stage: then the town goes too, which lives in
/// process groups of its own and would outlast us. Whether it succeeded is its own business: it has told why not, and
/// nothing of ours may stand below that.
fn until_it_ends(command: Command) -> anyhow::Result<ExitCode> {
    let name = command.get_program().to_string_lossy().into_owned();
    tokio::runtime::Runtime::new()?.block_on(async {
        let mut asked_to_end = signal(SignalKind::terminate())?;
        let mut hung_up = signal(SignalKind::hangup())?;
        let mut child = tokio::process::Command::from(command).kill_on_drop(true).spawn().context(name.clone())?;
        tokio::select! {
            status = child.wait() => {
                let status = status?;
                if status.success() {
                    return Ok(ExitCode::SUCCESS);
                }
                eprintln!("{name}: {status}");
                Ok(ExitCode::FAILURE)
            }
            interrupted = tokio::signal::ctrl_c() => Ok(interrupted.map(|()| ExitCode::SUCCESS)?),
            _ = asked_to_end.recv() => Ok(ExitCode::SUCCESS),
            _ = hung_up.recv() => Ok(ExitCode::SUCCESS),
        }
    })
}
