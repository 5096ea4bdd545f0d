//! A month's bills of a whole town: how fast they come in, and how much memory that takes.

use super::bare_rows::Bare;
use super::town::{self, LINES, Town};
use crate::figure::{Figure, Side, Target, Unit, turns};
use crate::process;
use crate::server::ops::Base;
use crate::stage::{Stage, seconds};
use anyhow::Context;
use domain::Period;
use std::cell::Cell;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

const OURS: &str = "одна транзакция: всё или ничего; на диске, когда протокол напечатан";
const BARE: &str = "одна транзакция, тот же диск и те же настройки";

/// Lines per second, every run a month of its own.
pub fn bills(stage: &Stage, base: Base) -> anyhow::Result<Figure> {
    let accounts = stage.pick(500, 100_000);
    let town = Town::make(stage, base, accounts)?;
    let mut bare = Bare::open(&town.place)?;
    let month = Cell::new(Period::new(2025, 1)?);
    let next = || {
        let this = month.get();
        month.set(this.next());
        this
    };
    let lines = (accounts * LINES) as f64;
    let mut ours = || {
        let month = next();
        let path = town.file(&month.to_string(), &town.bills(month, accounts)?)?;
        let began = Instant::now();
        town::import(&town.store, &path, accounts)?;
        let took = seconds(began);
        std::fs::remove_file(path)?;
        Ok(lines / took)
    };
    let mut other = || {
        let bills = town.bills(next(), accounts)?;
        let began = Instant::now();
        bare.insert(&bills)?;
        Ok(lines / seconds(began))
    };
    let measured = turns(stage.pick(1, 3), &mut [&mut ours, &mut other])?;
    let (name, how) = match base {
        Base::Sqlite => ("sqlite", "голая вставка в две таблицы того же файла, готовыми запросами из памяти"),
        Base::Postgres => ("postgres", "голый COPY в две таблицы той же базы, из памяти"),
    };
    let names = [("zhkh-server import bills: файл B2 с диска, проверка, квитанции, долги, лента", OURS), (how, BARE)];
    let sides = measured.into_iter().zip(names);
    let sides = sides.map(|(runs, (name, durability))| Side { name: name.into(), durability: durability.into(), runs });
    let what = format!("строк квитанций в секунду, {accounts} счетов по {LINES} строк, {name}");
    let figure = Figure::new(format!("import.bills.{name}"), what, Unit::PerSecond, sides.collect());
    Ok(figure.target(Target::AtLeast(0.5)))
}

/// How much the memory of a process grows while it imports: a file of the whole town beside one of a tenth of it, in the
/// same town, because what a server has to know of its accounts is no matter of the file.
pub fn memory(stage: &Stage) -> anyhow::Result<Figure> {
    let accounts = stage.pick(500, 100_000);
    let town = Town::make(stage, Base::Sqlite, accounts)?;
    let mut month = Period::new(2025, 1)?;
    let mut grown = |bills: usize| {
        let path = town.file(&month.to_string(), &town.bills(month, bills)?)?;
        month = month.next();
        let mut child = Command::new(std::env::current_exe()?);
        child.arg("import").arg(&town.place).arg(&path).arg(bills.to_string()).stderr(Stdio::inherit());
        let told = child.output().context("the import's process")?;
        let told = String::from_utf8(told.stdout)?;
        told.trim().parse::<f64>().with_context(|| format!("the import said «{told}»"))
    };
    let (mut whole, mut tenth) = (Vec::new(), Vec::new());
    for _ in 0..2 {
        whole.push(grown(accounts)?);
        tenth.push(grown(accounts / 10)?);
    }
    let side = |bills: usize, runs| Side {
        name: format!("файл на {bills} квитанций, {} строк", bills * LINES),
        durability: String::new(),
        runs,
    };
    let what = format!("рост памяти процесса, пока он загружает файл, в городе на {accounts} счетов");
    let sides = vec![side(accounts, whole), side(accounts / 10, tenth)];
    Ok(Figure::new("import.memory", what, Unit::MiB, sides))
}

/// The child's part of [`memory`]: imports and says by how many MiB its memory grew.
pub fn alone(place: &str, path: &Path, bills: usize) -> anyhow::Result<()> {
    let store = town::open(place)?;
    let before = process::resident_mib()?;
    process::forget_peak()?;
    town::import(&store, path, bills)?;
    println!("{}", process::peak_mib()? - before);
    Ok(())
}
