//! `zhkh-server import` and `zhkh-server export`.

use super::Format;
use super::export::{self, export, payments, penalties, services};
use super::import::{self, BillOrder, import, import_bills, import_described, try_import};
use super::profile::Profile;
use super::protocol::{Outcome, Protocol};
use super::reconcile;
use super::row::Broken;
use crate::Config;
use crate::clock::{Clock as _, SystemClock};
use crate::storage::{Store, StorePorts};
use crate::tickets::classifier;
use anyhow::Context as _;
use chrono::NaiveDate;
use clap::{Args, ValueEnum};
use domain::Period;
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// `import <p1|p2|p4|r3|r1|bills|classifier> FILE`
#[derive(Debug, Args)]
pub struct ImportArgs {
    /// Формат: p1, p2, p4 (счета и начисления), bills (квитанции со строками: JSON, CSV, XLSX), r3, r1 (приборы и
    /// показания), profile (счета и начисления по описанию --profile), classifier (типы заявок, TOML или CSV).
    #[arg(value_enum)]
    format: What,
    /// Файл реестра.
    file: PathBuf,
    /// Загрузить годные строки, даже если в других есть замечания.
    #[arg(long)]
    accept_partial: bool,
    /// Описание файла (TOML) для формата profile.
    #[arg(long, value_name = "FILE.toml", required_if_eq("format", "profile"))]
    profile: Option<PathBuf>,
    /// Только проверить: протокол без загрузки.
    #[arg(long)]
    dry_run: bool,
    /// Куда записать протокол; он печатается всегда.
    #[arg(long, value_name = "OUT.txt")]
    protocol: Option<PathBuf>,
    /// День загрузки, если не сегодня (ГГГГ-ММ-ДД): даты позже него не принимаются.
    #[arg(long, value_name = "DATE")]
    today: Option<NaiveDate>,
}

/// `export r1 --period 2026-11 --out FILE`, `export penalties --on 2026-11-24 --out FILE`, `export <e1|e2> [--day 2026-11-22 | --period 2026-11] --out FILE`
#[derive(Debug, Args)]
pub struct ExportArgs {
    /// Формат выгрузки: r1 (показания), e1, e2 (зачисленные платежи и возвраты, которые ещё не выгружены),
    /// penalties (пени, которых ещё нет в квитанциях), services (как плательщики разделили платежи по услугам).
    #[arg(value_enum)]
    format: ExportFormat,
    /// Месяц, ГГГГ-ММ; обязателен для r1, для services он или --day.
    #[arg(long, value_parser = month, required_if_eq("format", "r1"))]
    period: Option<Period>,
    /// Платежи одного дня, ГГГГ-ММ-ДД.
    #[arg(long, value_name = "DATE", conflicts_with = "period")]
    day: Option<NaiveDate>,
    /// День, по который включительно считаются пени, ГГГГ-ММ-ДД; без него сегодня.
    #[arg(long, value_name = "DATE")]
    on: Option<NaiveDate>,
    /// Пени или услуги в UTF-8, а не в Windows-1251.
    #[arg(long)]
    utf8: bool,
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
    P2,
    P4,
    R3,
    R1,
    Bills,
    Profile,
    Classifier,
}

/// What can be exported.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum ExportFormat {
    R1,
    E1,
    E2,
    Penalties,
    Services,
}

/// Reads `2026-11`.
pub fn month(text: &str) -> Result<Period, String> {
    Period::try_from(text.to_owned()).map_err(|_| "нужен месяц в виде ГГГГ-ММ, например 2026-11".to_owned())
}

impl ImportArgs {
    /// Imports and prints the protocol. Fails where nothing was applied.
    pub fn run(self, config: &Config) -> anyhow::Result<ExitCode> {
        let unreadable = || format!("Файл {} не читается", self.file.display());
        let mut source = File::open(&self.file).with_context(unreadable)?;
        let file = self.file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let today = self.today.unwrap_or_else(|| config.day(SystemClock.now_ms()));
        let (zone, most_bytes) = (config.zone, config.registry.most_bytes);
        let Self { accept_partial, dry_run, .. } = self;
        let format = match self.format {
            What::P1 => Format::P1,
            What::P2 => Format::P2,
            What::P4 => Format::P4,
            What::R3 => Format::R3,
            What::R1 => Format::R1,
            What::Profile => Format::Described,
            What::Bills => {
                let order = BillOrder { file, accept_partial, dry_run, today, zone, most_bytes };
                return self.tell(&import_bills(&open(config)?, order, source)?);
            }
            What::Classifier => {
                let bytes = std::fs::read(&self.file).with_context(unreadable)?;
                println!("{}", classifier::file::import(&open(config)?, config, &bytes)?);
                return Ok(ExitCode::SUCCESS);
            }
        };
        let too_large = || Protocol {
            outcome: Outcome::Broken(Broken::TooLarge { most: most_bytes }),
            ..Protocol::blank(&file, format)
        };
        // Before a byte of it takes room in memory.
        if source.metadata().with_context(unreadable)?.len() > most_bytes {
            return self.tell(&too_large());
        }
        let mut bytes = Vec::new();
        (&mut source).take(most_bytes + 1).read_to_end(&mut bytes).with_context(unreadable)?;
        // It grew meanwhile, or is no file of a length.
        if bytes.len() as u64 > most_bytes {
            return self.tell(&too_large());
        }
        let order = import::Order { format, file, bytes, accept_partial, today, zone };
        let store = open(config)?;
        if let Some(profile) = &self.profile {
            let text = std::fs::read_to_string(profile)
                .with_context(|| format!("Описание {} не читается", profile.display()))?;
            let profile = Profile::read(&text).map_err(anyhow::Error::msg)?;
            return self.tell(&import_described(&store, order, &profile, dry_run)?);
        }
        self.tell(&if dry_run { try_import(&store, order)? } else { import(&store, order)? })
    }

    /// Prints the protocol, and writes it where it was asked for.
    fn tell(&self, protocol: &Protocol) -> anyhow::Result<ExitCode> {
        print!("{protocol}");
        if let Some(out) = &self.protocol {
            std::fs::write(out, protocol.to_string())
                .with_context(|| format!("Протокол не записывается в {}", out.display()))?;
        }
        Ok(if protocol.went_well() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

impl ExportArgs {
    /// Exports and prints the protocol. Fails where nothing was exported.
    pub fn run(self, config: &Config) -> anyhow::Result<ExitCode> {
        let out = absolute(&self.out);
        let form = match self.format {
            ExportFormat::R1 => {
                let period = self.period.context("Укажите месяц: --period ГГГГ-ММ")?;
                let order = export::Order { period, out, lock: self.lock };
                print!("{}", export(&open(config)?, order)?);
                return Ok(ExitCode::SUCCESS);
            }
            ExportFormat::Penalties => {
                anyhow::ensure!(
                    !config.penalties.versions().is_empty(),
                    "Ставки пеней не названы. Добавьте в настройки [[penalties]], образец в demo/server.toml."
                );
                let on = self.on.unwrap_or_else(|| config.day(SystemClock.now_ms()));
                let (table, zone, utf8) = (config.penalties.clone(), config.zone, self.utf8);
                let order = penalties::Order { on, out, utf8, table, zone };
                print!("{}", penalties::export(&open(config)?, order)?);
                return Ok(ExitCode::SUCCESS);
            }
            ExportFormat::Services => {
                let (from, to) = match (self.day, self.period) {
                    (Some(day), _) => (day, day),
                    (None, Some(period)) => (period.day_clamped(1), period.day_clamped(31)),
                    (None, None) => anyhow::bail!("Укажите день или месяц: --day ГГГГ-ММ-ДД или --period ГГГГ-ММ"),
                };
                let order = services::Order { from, to, out, utf8: self.utf8, zone: config.zone };
                print!("{}", services::export(&open(config)?, order)?);
                return Ok(ExitCode::SUCCESS);
            }
            ExportFormat::E1 => payments::Form::E1,
            ExportFormat::E2 => payments::Form::E2,
        };
        let when = match (self.day, self.period) {
            (Some(day), _) => payments::When::Day(day),
            (None, Some(period)) => payments::When::Month(period),
            (None, None) => payments::When::All,
        };
        let today = config.day(SystemClock.now_ms());
        let order = payments::Order { form, when, out, today, zone: config.zone };
        print!("{}", payments::export(&open(config)?, order)?);
        Ok(ExitCode::SUCCESS)
    }
}

/// `reconcile FILE`
#[derive(Debug, Args)]
pub struct ReconcileArgs {
    /// Реестр операций банка.
    file: PathBuf,
}

impl ReconcileArgs {
    /// Compares and prints the protocol. Fails where something does not agree.
    pub fn run(self, config: &Config) -> anyhow::Result<ExitCode> {
        let bytes = std::fs::read(&self.file).with_context(|| format!("Файл {} не читается", self.file.display()))?;
        let operations = match reconcile::parse(&bytes) {
            Ok(operations) => operations,
            Err(broken) => {
                println!("Сверки нет, ничего не изменено: {broken}.");
                return Ok(ExitCode::FAILURE);
            }
        };
        let by = config.payments.as_ref().map_or_else(Default::default, |payments| payments.credit);
        let reconciled = reconcile::reconcile(&open(config)?, by, config.zone, operations)?;
        print!("{reconciled}");
        Ok(if reconciled.gaps.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
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
