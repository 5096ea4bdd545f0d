//! `zhkh-server import` and `zhkh-server export`.

use super::Format;
use super::export::{self, export};
use super::import::{self, import};
use crate::Config;
use crate::clock::{Clock as _, SystemClock};
use crate::storage::{Store, StorePorts};
use crate::tickets::classifier;
use anyhow::Context as _;
use chrono::NaiveDate;
use clap::{Args, ValueEnum};
use domain::Period;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// `import <p1|p4|r3|r1|classifier> FILE`
#[derive(Debug, Args)]
pub struct ImportArgs {
    /// Формат: p1, p4 (счета и начисления), r3, r1 (приборы и показания), classifier (типы заявок, TOML или CSV).
    #[arg(value_enum)]
    format: What,
    /// Файл реестра.
    file: PathBuf,
    /// Загрузить годные строки, даже если в других есть замечания.
    #[arg(long)]
    accept_partial: bool,
    /// Куда записать протокол; он печатается всегда.
    #[arg(long, value_name = "OUT.txt")]
    protocol: Option<PathBuf>,
    /// День загрузки, если не сегодня (ГГГГ-ММ-ДД): даты позже него не принимаются.
    #[arg(long, value_name = "DATE")]
    today: Option<NaiveDate>,
}

/// `export r1 --period 2026-11 --out FILE`
#[derive(Debug, Args)]
pub struct ExportArgs {
    /// Формат выгрузки.
    #[arg(value_enum)]
    format: ExportFormat,
    /// Месяц, ГГГГ-ММ.
    #[arg(long, value_parser = month)]
    period: Period,
    /// Новый файл.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Закрыть период: показания за него больше не принимаются.
    #[arg(long)]
    lock: bool,
}

/// What can be imported.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum What {
    P1,
    P4,
    R3,
    R1,
    Classifier,
}

/// What can be exported.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum ExportFormat {
    R1,
}

/// Reads `2026-11`.
pub fn month(text: &str) -> Result<Period, String> {
    Period::try_from(text.to_owned()).map_err(|_| "нужен месяц в виде ГГГГ-ММ, например 2026-11".to_owned())
}

impl ImportArgs {
    /// Imports and prints the protocol. Fails where nothing was applied.
    pub fn run(self, config: &Config) -> anyhow::Result<ExitCode> {
        let bytes = std::fs::read(&self.file).with_context(|| format!("Файл {} не читается", self.file.display()))?;
        let store = open(config)?;
        let today = self.today.unwrap_or_else(|| config.day(SystemClock.now_ms()));
        let file = self.file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let Self { accept_partial, .. } = self;
        let format = match self.format {
            What::P1 => Format::P1,
            What::P4 => Format::P4,
            What::R3 => Format::R3,
            What::R1 => Format::R1,
            What::Classifier => {
                println!("{}", classifier::file::import(&store, config, &bytes)?);
                return Ok(ExitCode::SUCCESS);
            }
        };
        let order = import::Order { format, file, bytes, accept_partial, today, zone: config.zone };
        let protocol = import(&store, order)?;
        print!("{protocol}");
        if let Some(out) = self.protocol {
            std::fs::write(&out, protocol.to_string())
                .with_context(|| format!("Протокол не записывается в {}", out.display()))?;
        }
        Ok(if protocol.applied() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

impl ExportArgs {
    /// Exports and prints the protocol. Fails where nothing was exported.
    pub fn run(self, config: &Config) -> anyhow::Result<ExitCode> {
        let ExportFormat::R1 = self.format;
        let store = open(config)?;
        let order = export::Order { period: self.period, out: absolute(&self.out), lock: self.lock };
        print!("{}", export(&store, order)?);
        Ok(ExitCode::SUCCESS)
    }
}

/// The database; the server may be running on it at the same time.
fn open(config: &Config) -> anyhow::Result<Store> {
    config.make_data_folder().with_context(|| format!("Папка данных {} не создаётся", config.data.display()))?;
    Ok(Store::open(&config.database(), StorePorts::default())?)
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}
