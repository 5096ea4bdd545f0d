//! The desk with a hundred thousand tickets: fetched, read into memory, filtered, searched, and one of them changed.

use super::computer::Computer;
use super::town::{self, LOGIN};
use super::{READ_ONLY, bare, sides, written};
use crate::engine::bare_file;
use crate::engine::desk::Desk;
use crate::engine::pull::synchronised;
use crate::figure::{Figure, Unit, turns};
use crate::resident::PASSWORD;
use crate::server::town::Town;
use crate::stage::{Stage, seconds};
use anyhow::Context;
use rusqlite::Connection;
use serde_json::{Value, json};
use std::cell::{Cell, RefCell};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use wire::entity::Entity;
use wire::feed::Scope;
use wire::session::{DeviceInfo, Session, SignIn};

/// An answer to a key that is pressed has to be there in so many milliseconds.
const KEY_MS: f64 = 50.0;
/// What the window asks for at once.
const PART: usize = 50;
/// What is typed: a number, an address, a name, a telephone, words, and what stands nowhere.
const TYPED: [&str; 6] = ["5107", "винокурова д. 10", "степанова", "9001234", "ёлка во дворе", "жираф"];

/// The dispatcher's computer, and the same tickets in bare files.
pub struct Office {
    town: Town,
    tickets: usize,
    computer: RefCell<Option<Computer>>,
    mirror: Connection,
    list: Connection,
    _folder: TempDir,
}

impl Office {
    /// Writes everything, signs in and fetches it.
    pub fn make(stage: &Stage) -> anyhow::Result<Self> {
        let tickets = stage.pick(6_000, 100_000);
        let built = town::staffed(stage)?;
        town::with_tickets(stage, &built, tickets)?;
        let computer = Computer::signed_in(stage, &built.url(), LOGIN, PASSWORD)?;
        let folder = stage.fresh()?;
        let mirror = bare_file::whole_cache(&folder.path().join("mirror.db"))?;
        bare::insert_tickets(&mirror, &entities(tickets))?;
        let all = (1..=tickets).map(|number| written::ticket(number, tickets, None));
        let list = bare::list(&folder.path().join("list.db"), all)?;
        let office =
            Self { town: built, tickets, computer: RefCell::new(Some(computer)), mirror, list, _folder: folder };
        // The first question of all reads everything into memory.
        office.ask(stage, "desk", json!({}))?;
        Ok(office)
    }

    fn ask(&self, stage: &Stage, command: &str, args: Value) -> anyhow::Result<(Value, f64)> {
        let computer = self.computer.borrow();
        computer.as_ref().context("it did not open")?.ask(stage, command, args)
    }

    fn part(&self, stage: &Stage, changes: Value) -> anyhow::Result<(Value, f64)> {
        let mut args = json!({
            "shelf": "open", "department": null, "executor": null, "text": "", "urgent_first": true,
            "from": 0, "count": PART,
        });
        if let (Some(args), Value::Object(changes)) = (args.as_object_mut(), changes) {
            args.extend(changes);
        }
        self.ask(stage, "desk_tickets", args)
    }

    fn what(&self, words: &str) -> String {
        format!("{words}; на рабочем месте {} заявок", self.tickets)
    }
}

/// As the feed numbers them.
fn entities(tickets: usize) -> Vec<(i64, Entity)> {
    let ticket = |number| Entity::DeskTicket(Box::new(written::ticket(number, tickets, None)));
    (1..=tickets).map(|number| (number as i64, ticket(number))).collect()
}

/// All tickets come to a computer that has none.
pub fn snapshot(stage: &Stage) -> anyhow::Result<Figure> {
    let office = stage.office()?;
    let session = session(stage, &office.town)?;
    let all = entities(office.tickets);
    let mut ours = || {
        let desk = Desk::new(stage, session.user, &office.town.url(), &session.access_token)?;
        let took = synchronised(stage, &desk);
        let came = desk.engine.read()?.mirror.all("desk_ticket")?.len();
        anyhow::ensure!(came == office.tickets, "{came} of {} tickets came", office.tickets);
        desk.close(stage);
        Ok(took)
    };
    let mut other = || {
        let folder = stage.fresh()?;
        let file = bare_file::whole_cache(&folder.path().join("bare.db"))?;
        let began = Instant::now();
        bare::insert_tickets(&file, &all)?;
        Ok(seconds(began))
    };
    let measured = turns(stage.pick(1, 3), &mut [&mut ours, &mut other])?;
    let per_second = measured[0].iter().map(|took| office.tickets as f64 / took).fold(0.0, f64::max);
    let names = [
        ("Engine ← zhkh-server через loopback, до конца первой синхронизации", "зеркало WAL NORMAL"),
        ("serde_json и INSERT из памяти в такие же таблицы, одной транзакцией", "WAL NORMAL"),
    ];
    let what = office.what("первая загрузка");
    let figure = Figure::new("desk.snapshot", what, Unit::Seconds, sides(measured, names));
    Ok(figure.note(format!("лучший прогон: {per_second:.0} заявок в секунду, вместе с работой сервера")))
}

/// As whom the dispatcher's programs speak to the server.
pub fn session(stage: &Stage, town: &Town) -> anyhow::Result<Session> {
    let device = DeviceInfo { id: None, system: "Debian 12".into(), version: "0.1.0".into() };
    let asked = SignIn { phone: LOGIN.into(), password: PASSWORD.into(), device };
    let http = reqwest::Client::builder().no_proxy().build()?;
    stage.runtime.block_on(async {
        let answer = http.post(format!("{}/v1/session", town.url())).header("zhkh-protocol", wire::PROTOCOL);
        Ok(answer.json(&asked).send().await?.error_for_status()?.json().await?)
    })
}

/// The first question after the program was started: everything is read into memory.
pub fn open(stage: &Stage) -> anyhow::Result<Figure> {
    let office = stage.office()?;
    let mut ours = || {
        let computer = office.computer.take().context("it did not open")?;
        office.computer.replace(Some(computer.reopened(stage)?));
        let (answer, took) = office.ask(stage, "desk", json!({}))?;
        anyhow::ensure!(answer["known"] == true, "nothing is known");
        Ok(took)
    };
    let mut other = || bare::read_all(&office.mirror);
    let measured = turns(stage.pick(1, 3), &mut [&mut ours, &mut other])?;
    let names = [
        ("desk, первый вопрос после запуска программы", READ_ONLY),
        ("голый SELECT всех заявок, без разбора", READ_ONLY),
    ];
    let what = office.what("зеркало прочитано в память, полки сосчитаны");
    Ok(Figure::new("desk.open", what, Unit::Milliseconds, sides(measured, names)))
}

/// Shelves, a department, an executor, the end of a long list.
pub fn filter(stage: &Stage) -> anyhow::Result<Figure> {
    let office = stage.office()?;
    let department = written::department(2);
    let asked = [
        json!({}),
        json!({"department": department.to_string()}),
        json!({"shelf": "overdue", "department": department.to_string(), "urgent_first": false}),
        json!({"shelf": "finished"}),
        json!({"shelf": "finished", "from": office.tickets / 2}),
    ];
    let mut ours = || {
        let mut worst = 0.0_f64;
        for changes in &asked {
            let (answer, took) = office.part(stage, changes.clone())?;
            anyhow::ensure!(
                answer["rows"].as_array().is_some_and(|rows| rows.len() == PART),
                "{changes}: too few rows"
            );
            worst = worst.max(took);
        }
        Ok(worst)
    };
    let mut other = || bare::filter(&office.list, department.uuid());
    let measured = turns(stage.pick(1, 10), &mut [&mut ours, &mut other])?;
    let names = [
        ("desk_tickets, худшее из пяти отборов", READ_ONLY),
        ("SELECT со счётом по таблице с индексом под отбор", READ_ONLY),
    ];
    let figure = Figure::new("desk.filter", office.what("отбор"), Unit::Milliseconds, sides(measured, names));
    Ok(figure.within(KEY_MS))
}

/// What a dispatcher types.
pub fn search(stage: &Stage) -> anyhow::Result<Figure> {
    let office = stage.office()?;
    let mut ours = || {
        let mut worst = 0.0_f64;
        for typed in TYPED {
            let (answer, took) = office.part(stage, json!({"text": typed}))?;
            let found = answer["total"].as_u64().unwrap_or(0);
            anyhow::ensure!((found == 0) == (typed == "жираф"), "«{typed}»: {found}");
            worst = worst.max(took);
        }
        Ok(worst)
    };
    let mut other = || bare::search(&office.list, "ёлка во дворе");
    let measured = turns(stage.pick(1, 10), &mut [&mut ours, &mut other])?;
    let names = [
        ("desk_tickets, худшее из шести: номер, адрес, имя, телефон, слова, чего нет", READ_ONLY),
        ("SELECT со счётом и instr по такой же таблице", READ_ONLY),
    ];
    let figure = Figure::new("desk.search", office.what("поиск"), Unit::Milliseconds, sides(measured, names));
    Ok(figure.within(KEY_MS))
}

/// The list and its counters, right after a ticket was changed elsewhere and came by the feed.
pub fn changed(stage: &Stage) -> anyhow::Result<Figure> {
    let office = stage.office()?;
    let next = Cell::new(1);
    let mut ours = || {
        let number = next.replace(next.get() + 1);
        let mut desk = written::ticket(number, office.tickets, None);
        desk.ticket.reopened += 1;
        let id = desk.ticket.id.uuid();
        let engine =
            office.computer.borrow().as_ref().context("it did not open")?.core().engine().context("signed in")?;
        let version = || anyhow::Ok(engine.read()?.mirror.get("desk_ticket", id)?.map(|found| found.version));
        let before = version()?;
        let entity = Entity::DeskTicket(Box::new(desk));
        town::tell(stage, &office.town, Scope::Desk, std::iter::once(entity))?;
        while version()? == before {
            std::thread::sleep(Duration::from_millis(2));
        }
        let (_, list) = office.part(stage, json!({}))?;
        let (_, counters) = office.ask(stage, "desk", json!({}))?;
        Ok(list.max(counters))
    };
    let measured = turns(stage.pick(1, 10), &mut [&mut ours])?;
    let names = [("desk_tickets или desk, что дольше", READ_ONLY)];
    let what = office.what("список и счётчики, когда одна заявка изменилась на сервере");
    Ok(Figure::new("desk.changed", what, Unit::Milliseconds, sides(measured, names)).within(KEY_MS))
}
