//! `staff add` and `staff list`.

use crate::access_log::{self, Deed as Noted};
use crate::random::SystemRandom;
use crate::sessions::Passwords;
use crate::storage::{Sql as _, Store, StoreError, StorePorts, Value};
use crate::{Config, params};
use anyhow::{Context as _, bail};
use clap::{Args, Subcommand, ValueEnum};
use domain::PersonName;
use serde::Serialize;
use std::process::ExitCode;
use std::sync::Arc;

/// `staff`
#[derive(Debug, Args)]
pub(super) struct StaffArgs {
    #[command(subcommand)]
    deed: Deed,
}

#[derive(Debug, Subcommand)]
enum Deed {
    /// Добавить сотрудника; пароль читается со стандартного ввода.
    Add {
        /// Имя для входа: латинские буквы, цифры, точка, дефис.
        login: String,
        /// ФИО.
        #[arg(long)]
        name: String,
        /// Должность.
        #[arg(long, value_enum)]
        role: Role,
    },
    /// Показать сотрудников.
    List,
}

#[derive(Debug, Clone, Copy, ValueEnum, Serialize)]
#[serde(rename_all = "snake_case")]
enum Role {
    /// Кассир.
    Cashier,
    /// Диспетчер АДС.
    Dispatcher,
    /// Сотрудник поддержки.
    Support,
    /// Редактор новостей.
    Editor,
    /// Администратор.
    Administrator,
}

impl StaffArgs {
    pub(super) fn run(self, config: &Config) -> anyhow::Result<ExitCode> {
        config.make_data_folder().context("Папка данных не создаётся")?;
        let store = Store::open(&config.database(), StorePorts::default())?;
        match self.deed {
            Deed::Add { login, name, role } => add(&store, config, login, &name, role)?,
            Deed::List => list(&store)?,
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn add(store: &Store, config: &Config, login: String, name: &str, role: Role) -> anyhow::Result<()> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    if login.is_empty() || login.len() > 40 || !login.chars().all(allowed) {
        bail!("Имя для входа: до 40 латинских букв, цифр, точек и дефисов.");
    }
    let Ok(name) = PersonName::parse(name) else {
        bail!("Напишите ФИО, например: --name \"Петрова Анна Андреевна\"")
    };
    eprint!("Пароль: ");
    let mut password = String::new();
    std::io::stdin().read_line(&mut password).context("Пароль не прочитан")?;
    let password = password.trim_end_matches(['\r', '\n']);
    if domain::password::check(password).is_err() {
        bail!("Пароль: не меньше 8 символов, буквы и цифры, не меньше 4 разных.");
    }
    let hash = Passwords::new(&config.security, Arc::new(SystemRandom))?.hash_here(password)?;
    let added = store.write_blocking(move |tx| {
        let now = tx.now_ms();
        let added = tx.execute(
            "INSERT INTO staff (id, login, name, role, password, created_ms) VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (login) DO NOTHING",
            params![tx.id_v7(), &login, name.as_str(), Value::word(&role)?, hash, now],
        )?;
        access_log::note(tx, "command", Noted::StaffAdded, &format!("staff:{login}"), "command")?;
        Ok::<_, StoreError>(added)
    })?;
    if added.value == 0 {
        bail!("Сотрудник с таким именем для входа уже есть.");
    }
    println!("Сотрудник добавлен.");
    Ok(())
}

fn list(store: &Store) -> anyhow::Result<()> {
    let rows = store.read_blocking(|sql| {
        sql.query("SELECT login, name, role FROM staff WHERE removed_ms IS NULL ORDER BY login", &[])
    })?;
    if rows.is_empty() {
        println!("Сотрудников пока нет. Добавьте: zhkh-server staff add LOGIN --name \"ФИО\" --role cashier");
    }
    for row in rows {
        let (login, name, role): (String, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        println!("{login}\t{role}\t{name}");
    }
    Ok(())
}
