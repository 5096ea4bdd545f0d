//! `staff add`, `staff list`, `staff disable` and `staff password`.

use crate::Config;
use crate::access_log::{self, Deed as Noted};
use crate::random::{Random, SystemRandom};
use crate::sessions::{Login, Passwords};
use crate::staff::{self, Newcomer};
use crate::storage::{Store, StoreError, StorePorts};
use anyhow::{Context as _, bail};
use clap::{Args, Subcommand, ValueEnum};
use domain::{DepartmentId, PersonName};
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
        /// Роль; можно назвать несколько.
        #[arg(long, value_enum, required = true)]
        role: Vec<Role>,
        /// Должность, как её увидят жители: «диспетчер АДС».
        #[arg(long, default_value = "")]
        post: String,
        /// Отдел из настроек.
        #[arg(long)]
        department: Option<String>,
        /// Придумать пароль и напечатать его один раз.
        #[arg(long)]
        generate: bool,
    },
    /// Показать сотрудников.
    List,
    /// Закрыть вход: сотрудник больше не работает.
    Disable {
        /// Имя для входа.
        login: String,
    },
    /// Сменить пароль; новый читается со стандартного ввода.
    Password {
        /// Имя для входа.
        login: String,
        /// Придумать пароль и напечатать его один раз.
        #[arg(long)]
        generate: bool,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Role {
    /// Кассир.
    Cashier,
    /// Диспетчер АДС.
    Dispatcher,
    /// Сотрудник поддержки.
    Support,
    /// Исполнитель: его назначают на заявки, в программу он не входит.
    Worker,
    /// Редактор новостей.
    Editor,
    /// Администратор.
    Administrator,
}

impl Role {
    const fn word(self) -> &'static str {
        match self {
            Self::Cashier => "cashier",
            Self::Dispatcher => "dispatcher",
            Self::Support => "support",
            Self::Worker => "worker",
            Self::Editor => "editor",
            Self::Administrator => "administrator",
        }
    }
}

impl StaffArgs {
    pub(super) fn run(self, config: &Config) -> anyhow::Result<ExitCode> {
        config.make_data_folder().context("Папка данных не создаётся")?;
        let store = Store::open(&config.database(), StorePorts::default())?;
        match self.deed {
            Deed::Add { login, name, role, post, department, generate } => {
                let login = checked(&login)?;
                let Ok(name) = PersonName::parse(&name) else {
                    bail!("Напишите ФИО, например: --name \"Петрова Анна Андреевна\"")
                };
                let department = department.map(|name| department_of(config, &name)).transpose()?;
                let password = if role == [Role::Worker] { String::new() } else { hash(config, generate)? };
                let roles = role.iter().map(|role| role.word()).collect::<Vec<_>>().join(",");
                add(&store, Newcomer { login, name, post: post.trim().to_owned(), department, roles, password })?;
            }
            Deed::List => list(&store)?,
            Deed::Disable { login } => disable(&store, checked(&login)?)?,
            Deed::Password { login, generate } => {
                let login = checked(&login)?;
                let hash = hash(config, generate)?;
                replace(&store, login, hash)?;
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn checked(login: &str) -> anyhow::Result<String> {
    match Login::parse(login) {
        Some(Login::Staff(login)) => Ok(login),
        _ => bail!("Имя для входа: до 40 латинских букв, цифр, точек и дефисов, хотя бы одна буква."),
    }
}

fn department_of(config: &Config, name: &str) -> anyhow::Result<DepartmentId> {
    let all = &config.tickets.departments;
    let Some(found) = all.iter().find(|of| of.name == name.trim()) else {
        let names: Vec<_> = all.iter().map(|of| of.name.as_str()).collect();
        bail!("Отдела «{name}» нет в настройках. Есть: {}.", names.join(", "))
    };
    Ok(found.id)
}

/// The hash of a password that was typed, or made up and printed.
fn hash(config: &Config, generate: bool) -> anyhow::Result<String> {
    let password = if generate { made_up(&SystemRandom) } else { typed()? };
    let hash = Passwords::new(&config.security, Arc::new(SystemRandom))?.hash_here(&password)?;
    if generate {
        println!("Пароль: {password}");
    }
    Ok(hash)
}

fn typed() -> anyhow::Result<String> {
    eprint!("Пароль: ");
    let mut password = String::new();
    std::io::stdin().read_line(&mut password).context("Пароль не прочитан")?;
    let password = password.trim_end_matches(['\r', '\n']).to_owned();
    if domain::password::check(&password).is_err() {
        bail!("Пароль: не меньше 8 символов, буквы и цифры, не меньше 4 разных.");
    }
    Ok(password)
}

/// Four groups that nobody reads wrongly: without 0, O, 1, l. Nearly 80 bits.
fn made_up(random: &dyn Random) -> String {
    const SIGNS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    loop {
        let mut bytes = [0; 16];
        random.fill(&mut bytes);
        let signs: Vec<char> = bytes.iter().map(|byte| char::from(SIGNS[usize::from(byte % 32)])).collect();
        let password = signs.chunks(4).map(|four| four.iter().collect::<String>()).collect::<Vec<_>>().join("-");
        if domain::password::check(&password).is_ok() {
            return password;
        }
    }
}

fn add(store: &Store, newcomer: Newcomer) -> anyhow::Result<()> {
    let added = store.write_blocking(move |tx| {
        let added = staff::add(tx, &newcomer)?;
        if added.is_some() {
            access_log::note(tx, "command", Noted::StaffAdded, &format!("staff:{}", newcomer.login), "command")?;
        }
        Ok::<_, StoreError>(added.is_some())
    })?;
    if !added.value {
        bail!("Сотрудник с таким именем для входа уже есть.");
    }
    println!("Сотрудник добавлен.");
    Ok(())
}

fn disable(store: &Store, login: String) -> anyhow::Result<()> {
    let done = store.write_blocking(move |tx| {
        let gone = staff::dismiss(tx, &login)?;
        access_log::note(tx, "command", Noted::StaffDisabled, &format!("staff:{login}"), "command")?;
        Ok::<_, StoreError>(gone.is_some())
    })?;
    if !done.value {
        bail!("Сотрудника с таким именем для входа нет.");
    }
    println!("Вход закрыт, открытые сеансы завершены.");
    Ok(())
}

fn replace(store: &Store, login: String, hash: String) -> anyhow::Result<()> {
    let done = store.write_blocking(move |tx| {
        let replaced = staff::replace_password(tx, &login, &hash)?;
        access_log::note(tx, "command", Noted::StaffPasswordReplaced, &format!("staff:{login}"), "command")?;
        Ok::<_, StoreError>(replaced.is_some())
    })?;
    if !done.value {
        bail!("Сотрудника с таким именем для входа нет.");
    }
    println!("Пароль сменён, открытые сеансы завершены.");
    Ok(())
}

fn list(store: &Store) -> anyhow::Result<()> {
    let rows = store.read_blocking(|sql| staff::listed(sql))?;
    if rows.is_empty() {
        println!("Сотрудников пока нет. Добавьте: zhkh-server staff add LOGIN --name \"ФИО\" --role dispatcher");
    }
    for (login, roles, name) in rows {
        println!("{login}\t{roles}\t{name}");
    }
    Ok(())
}
