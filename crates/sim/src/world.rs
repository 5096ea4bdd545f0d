//! Everything that exists in one simulation.

use crate::book::Book;
use crate::clocks::{TrueTime, november};
use crate::computer::{Computer, Told};
use crate::dice::Dice;
use crate::folders;
use crate::line::Network;
use crate::room::Room;
use crate::tally::Tally;
use crate::town::{BILLED, FLATS, SUM};
use crate::trace::Trace;
use anyhow::Context;
use domain::{AccountId, MeterId};
use serde_json::{Value, json};
use server::params;
use server::storage::{Sql, StoreError};
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

/// A resident.
pub struct Person {
    /// The login.
    pub phone: String,
    /// Every password they ever had; the last one is the one they try first.
    pub passwords: Vec<String>,
    /// Accounts that they may have lost for a while: detached, or not attached yet in a backup that was put back.
    pub shaky: BTreeSet<AccountId>,
}

/// A copy of a computer's disk.
pub struct DiskCopy {
    /// Of which computer.
    pub computer: usize,
    /// Where it is.
    pub folder: PathBuf,
    /// The book at that moment.
    pub book: Vec<crate::book::Entry>,
    /// Entries that a program was about to make, or had made, when it died, and that are not in the book yet.
    pub unsure: u32,
    /// When it was made.
    pub at_ms: i64,
}

/// The world of one seed.
pub struct World {
    /// The story's own dice.
    pub dice: Dice,
    /// The time.
    pub time: Arc<TrueTime>,
    /// What happened.
    pub trace: Arc<Trace>,
    /// What occurred.
    pub tally: Arc<Tally>,
    /// The server.
    pub room: Arc<Room>,
    /// The network.
    pub network: Arc<Network>,
    /// The computers.
    pub computers: Vec<Computer>,
    /// The residents.
    pub people: Vec<Person>,
    /// What was entered.
    pub book: Book,
    /// Copies of the server's files.
    pub backups: Vec<PathBuf>,
    /// Copies of computers' disks.
    pub copies: Vec<DiskCopy>,
    /// Entries that a program was about to make when it died, by computer.
    pub unsure: Vec<u32>,
    /// Whether the clock of a computer was ever set wrong.
    pub clock_touched: Vec<bool>,
    /// Whether billing has locked the period at some time.
    pub locked: bool,
    /// How often the server was put back.
    pub restores: u32,
    /// Makes every entered value and name another.
    pub entered: u64,
    seed: u64,
    root: tempfile::TempDir,
}

impl World {
    /// The server runs, the residents have registered, each on one computer or two.
    pub async fn new(seed: u64) -> anyhow::Result<Self> {
        let dice = Dice::of(seed, 1);
        let root = folders::temporary()?;
        let (day, hour) = match dice.index(10) {
            0 | 1 => (14, 22),
            2 => (11, 10),
            3..=6 => (18, 12),
            _ => (25, 8),
        };
        let time = TrueTime::beginning(november(day, hour));
        let trace = Trace::new(Arc::clone(&time));
        let tally = Arc::<Tally>::default();
        let room = Arc::new(Room::new(root.path(), Arc::clone(&time), Arc::new(Dice::of(seed, 2)))?);
        room.start().await?;
        let network = Arc::new(Network {
            room: Arc::clone(&room),
            trace: Arc::clone(&trace),
            tally: Arc::clone(&tally),
            time: Arc::clone(&time),
            dice: Dice::of(seed, 3),
            late: AtomicU64::new(0),
        });
        let mut world = Self {
            dice,
            time,
            trace,
            tally,
            room,
            network,
            computers: Vec::new(),
            people: Vec::new(),
            book: Book::default(),
            backups: Vec::new(),
            copies: Vec::new(),
            unsure: Vec::new(),
            clock_touched: Vec::new(),
            locked: false,
            restores: 0,
            entered: 0,
            seed,
            root,
        };
        world.book.accounts = world.read_meters().await?.into_iter().collect();
        world.settle_in().await?;
        Ok(world)
    }

    async fn settle_in(&mut self) -> anyhow::Result<()> {
        for owner in 0..1 + self.dice.index(3) {
            let password = format!("Печка7Окно{owner}");
            let phone = format!("+7900000000{owner}");
            self.people.push(Person { phone, passwords: vec![password], shaky: BTreeSet::new() });
            let first = self.new_computer(owner)?;
            self.register(first, owner, "Смирнова Валентина Петровна").await?;
            // A flat of one's own, and sometimes one that somebody else has too.
            let mut flats = vec![owner];
            if self.dice.percent(50) {
                flats.push((owner + 1) % FLATS.len());
            }
            for flat in flats {
                anyhow::ensure!(self.attach(first, flat).await?, "a flat is not attached");
            }
            if self.dice.percent(50) {
                let second = self.new_computer(owner)?;
                let told = self.sign_in(second).await?;
                anyhow::ensure!(told, "the second computer is not signed in");
                self.tally.count("second_computer");
            }
        }
        // The first synchronisation of all.
        tokio::time::sleep(Duration::from_secs(20)).await;
        Ok(())
    }

    /// Buys a computer and switches it on.
    pub fn new_computer(&mut self, owner: usize) -> anyhow::Result<usize> {
        let name = self.computers.len();
        let time = Arc::clone(&self.time);
        let mut computer = Computer::new(self.root.path(), name, owner, self.seed, &self.network, time);
        computer.start()?;
        self.computers.push(computer);
        self.unsure.push(0);
        self.clock_touched.push(false);
        Ok(name)
    }

    /// Gives a command; what it answered, or `None` when it did not work. A program that died over it is noted.
    pub async fn call(&mut self, computer: usize, command: &str, args: Value) -> anyhow::Result<Option<Value>> {
        let told = self.computers[computer].call(command, args).await?;
        let word = match &told {
            Told::Done(_) => "done".to_owned(),
            Told::Failed(failure) => format!("{failure:?}").split(['{', ' ']).next().unwrap_or_default().to_owned(),
            Told::Died => "died".to_owned(),
        };
        self.trace.note(format!("computer {computer}: {command}: {word}"));
        Ok(if let Told::Done(value) = told { Some(value) } else { None })
    }

    /// Registers the owner's phone on a computer, with the last of their passwords.
    pub async fn register(&mut self, computer: usize, owner: usize, name: &str) -> anyhow::Result<bool> {
        let (phone, password) = (self.people[owner].phone.clone(), self.password(owner));
        let Some(consent) = self.call(computer, "consent", json!({})).await? else { return Ok(false) };
        let who = json!({
            "phone": phone, "name": name, "consent_given": true,
            "consent_version": consent["version"], "consent_sha256": consent["sha256"],
        });
        if self.call(computer, "registration_start", who).await?.is_none()
            || self.call(computer, "registration_call", json!({})).await?.is_none()
        {
            return Ok(false);
        }
        let code = self.room.robot.said(&phone).context("the robot called")?;
        if self.call(computer, "registration_code", json!({ "code": code })).await?.is_none() {
            return Ok(false);
        }
        let password = json!({ "password": password, "repeat": password, "forget_password": false });
        Ok(self.call(computer, "registration_finish", password).await?.is_some())
    }

    /// The password that the person believes to be theirs.
    pub fn password(&self, owner: usize) -> String {
        self.people[owner].passwords.last().cloned().unwrap_or_default()
    }

    /// Signs the owner in; the password before is tried as well.
    pub async fn sign_in(&mut self, computer: usize) -> anyhow::Result<bool> {
        let owner = self.computers[computer].owner;
        let phone = self.people[owner].phone.clone();
        for password in self.people[owner].passwords.clone().into_iter().rev() {
            let args = json!({ "phone": phone, "password": password, "forget_password": false });
            match self.computers[computer].call("sign_in", args).await? {
                Told::Done(_) => {
                    self.trace.note(format!("computer {computer}: signed in"));
                    return Ok(true);
                }
                Told::Failed(client::view::Failure::WrongPassword { .. }) => {}
                Told::Failed(failure) => {
                    self.trace.note(format!("computer {computer}: sign_in: {failure:?}"));
                    return Ok(false);
                }
                Told::Died => return Ok(false),
            }
        }
        self.trace.note(format!("computer {computer}: no password is right"));
        Ok(false)
    }

    /// Attaches a flat.
    pub async fn attach(&mut self, computer: usize, flat: usize) -> anyhow::Result<bool> {
        let number = FLATS[flat];
        let proof = json!({ "by": "sum", "sum": SUM, "period": BILLED });
        if self.call(computer, "account_lookup", json!({ "number": number })).await?.is_none() {
            return Ok(false);
        }
        let proven = self.call(computer, "account_prove", json!({ "number": number, "proof": proof })).await?;
        let Some(proven) = proven else { return Ok(false) };
        Ok(self.call(computer, "account_attach", json!({ "token": proven["token"] })).await?.is_some())
    }

    async fn read_meters(&self) -> anyhow::Result<Vec<(MeterId, AccountId)>> {
        let store = self.room.must_run()?.app.store.clone();
        let read = |sql: &mut dyn Sql| {
            let rows = sql.query("SELECT id, account_id FROM meters ORDER BY id", params![])?;
            rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect::<Result<Vec<_>, StoreError>>()
        };
        Ok(store.read(read).await?)
    }
}
