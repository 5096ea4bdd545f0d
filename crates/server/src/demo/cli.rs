//! `zhkh-server demo generate`, `demo sign-ins` and `demo people`.

use super::{CHARACTERS, Wish, populate, sign_ins, write};
use crate::Config;
use crate::registry::cli::month;
use anyhow::Context as _;
use clap::{Args, Subcommand};
use domain::Period;
use std::path::PathBuf;
use std::process::ExitCode;

/// `demo`
#[derive(Debug, Args)]
pub struct DemoArgs {
    #[command(subcommand)]
    deed: Deed,
}

#[derive(Debug, Subcommand)]
enum Deed {
    /// Составить файлы реестров выдуманного города.
    Generate {
        /// Папка для файлов.
        #[arg(long)]
        out: PathBuf,
        /// Одно число — один и тот же город.
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// Сколько лицевых счетов.
        #[arg(long, default_value_t = 3000)]
        accounts: usize,
        /// Месяц начислений и последних показаний, ГГГГ-ММ.
        #[arg(long, value_parser = month, default_value = "2026-10")]
        month: Period,
    },
    /// Показать лицевые счета, с которыми удобно начать, и что спросят при подключении.
    SignIns {
        /// Месяц начислений, ГГГГ-ММ.
        #[arg(long, value_parser = month, default_value = "2026-10")]
        month: Period,
        /// Строками JSON.
        #[arg(long)]
        json: bool,
    },
    /// Добавить в загруженный город выдуманных людей и их заявки; напечатать, как войти.
    People,
}

impl DemoArgs {
    /// Only what puts people into a town asks for the settings.
    pub fn run(self, config: impl FnOnce() -> anyhow::Result<Config>) -> anyhow::Result<ExitCode> {
        match self.deed {
            Deed::Generate { out, seed, accounts, month } => {
                let names = write(&out, Wish { seed, accounts, month })
                    .with_context(|| format!("Файлы не записываются в {}", out.display()))?;
                for name in names {
                    println!("{}", out.join(name).display());
                }
            }
            Deed::People => {
                populate(config()?)?;
                for character in CHARACTERS {
                    println!("{}  {}  {}", character.login, character.password, character.about);
                }
            }
            Deed::SignIns { month, json } => {
                for sign_in in sign_ins(month) {
                    if json {
                        println!("{}", serde_json::to_string(&sign_in)?);
                        continue;
                    }
                    println!("Лицевой счёт {}: {}", sign_in.number, sign_in.about);
                    println!("  адрес: {}", sign_in.address);
                    println!("  плательщик: {}", sign_in.payer);
                    let sum = sign_in.sum.to_registry();
                    println!("  для подключения: итого к оплате {sum} ₽ за {}", sign_in.period);
                }
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}
