//! The command line.

mod doctor;
mod serve;
mod staff;

use crate::Config;
use crate::demo::cli::DemoArgs;
use crate::http;
use crate::payments::cli::PaymentsArgs;
use crate::registry::cli::{ExportArgs, ImportArgs, ReconcileArgs};
use anyhow::Context as _;
use clap::{Parser, Subcommand};
use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

/// The program's arguments.
#[derive(Debug, Parser)]
#[command(name = "zhkh-server", version, about = "Сервер ЖКХ Desktop")]
pub struct Command {
    /// Файл настроек.
    #[arg(long, global = true, env = "ZHKH_CONFIG", default_value = "zhkh-server.toml", value_name = "FILE.toml")]
    config: PathBuf,
    #[command(subcommand)]
    deed: Deed,
}

#[derive(Debug, Subcommand)]
enum Deed {
    /// Запустить сервер.
    Serve(serve::ServeArgs),
    /// Загрузить реестр.
    Import(ImportArgs),
    /// Выгрузить показания, платежи или пени в расчёт.
    Export(ExportArgs),
    /// Сверить реестр операций банка с платежами.
    Reconcile(ReconcileArgs),
    /// Посмотреть платёж, вернуть деньги, решить о платеже с другой суммой.
    Payments(PaymentsArgs),
    /// Сотрудники.
    Staff(staff::StaffArgs),
    /// Выдуманный город для показа.
    Demo(DemoArgs),
    /// Проверить настройки, базу, место на диске, часы и звонкового робота.
    Doctor,
    /// Напечатать описание HTTP-протокола (OpenAPI 3.1).
    Openapi,
}

impl Command {
    /// Does what was asked.
    pub fn run(self) -> anyhow::Result<ExitCode> {
        let config = || Config::load(&self.config);
        match self.deed {
            Deed::Serve(args) => args.run(config()?),
            Deed::Import(args) => args.run(&config()?),
            Deed::Export(args) => args.run(&config()?),
            Deed::Reconcile(args) => args.run(&config()?),
            Deed::Payments(args) => args.run(config()?),
            Deed::Staff(args) => args.run(&config()?),
            Deed::Demo(args) => args.run(|| Ok(config()?)),
            Deed::Doctor => doctor::run(&config()?),
            Deed::Openapi => {
                let document = http::document().to_pretty_json().context("Описание не записывается")?;
                // A reader that has seen enough (`head`) may close the pipe.
                let written = writeln!(std::io::stdout(), "{document}");
                Ok(if written.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
            }
        }
    }
}
