//! What goes wrong with computers, with the server and with people's sessions.

use crate::clocks::{DAY_MS, HOUR_MS, MINUTE_MS};
use crate::line::Line;
use crate::weather::Weather;
use crate::world::{DiskCopy, World};
use domain::{AccountId, FileId, Period};
use serde_json::json;
use server::params;
use server::registry::export::{self, export};
use server::storage::{Sql, StoreError};
use std::time::Duration;

impl World {
    /// Something happens to the program on a computer.
    pub async fn hurt_program(&mut self, computer: usize) -> anyhow::Result<()> {
        match self.dice.index(14) {
            10 | 11 => {
                self.tally.count("power_cut");
                self.trace.note(format!("computer {computer}: the power fails"));
                self.computers[computer].cut_power()?;
            }
            12 => {
                let full = !self.computers[computer].is_full();
                if full {
                    self.tally.count("disk_full");
                }
                self.trace.note(format!("computer {computer}: its disk is full: {full}"));
                self.computers[computer].set_full(full);
            }
            13 => {
                self.computers[computer].stop().await?;
                self.leave_old_entry(computer)?;
            }
            0..6 => {
                let steps = self.dice.between(0, 60);
                self.trace.note(format!("computer {computer}: dies after {steps} steps"));
                self.tally.count("computer_killed");
                self.computers[computer].kill_after(steps);
            }
            6..8 => {
                self.trace.note(format!("computer {computer}: switched off"));
                self.tally.count("computer_off");
                self.computers[computer].stop().await?;
            }
            8 => {
                self.tally.count("computer_rebooted");
                self.trace.note(format!("computer {computer}: rebooted"));
                self.computers[computer].kill()?;
                self.computers[computer].clock.reboot();
                self.computers[computer].start()?;
            }
            _ => {
                self.tally.count("computer_slept");
                self.trace.note(format!("computer {computer}: sleeps"));
                self.computers[computer].set_asleep(true);
            }
        }
        Ok(())
    }

    /// Whatever stands still goes on.
    pub fn bring_back(&mut self, computer: usize) -> anyhow::Result<()> {
        let it = &mut self.computers[computer];
        if it.has_died() {
            it.kill()?;
        }
        it.set_asleep(false);
        it.start()?;
        self.trace.note(format!("computer {computer}: goes on"));
        Ok(())
    }

    /// Somebody sets the clock of a computer.
    pub fn hurt_clock(&mut self, computer: usize) {
        let ms = [-3 * DAY_MS, -2 * HOUR_MS, -5 * MINUTE_MS, 0, 10 * MINUTE_MS, 7 * HOUR_MS, 5 * DAY_MS];
        let ahead = *self.dice.pick(&ms);
        self.tally.count(if ahead < 0 { "clock_set_back" } else { "clock_set_forward" });
        self.trace.note(format!("computer {computer}: its clock is {ahead} ms ahead"));
        self.clock_touched[computer] = true;
        self.computers[computer].clock.set_ahead(ahead);
    }

    /// Copies the disk of a computer, or puts an older copy in its place.
    pub fn copy_or_restore_disk(&mut self, computer: usize) -> anyhow::Result<()> {
        let older = self.copies.iter().rposition(|copy| copy.computer == computer);
        let Some(older) = older.filter(|_| self.dice.percent(60)) else {
            self.trace.note(format!("computer {computer}: its disk is copied"));
            let folder = self.computers[computer].copy_aside()?;
            let book = self.book.entries().to_vec();
            let (unsure, at_ms) = (self.unsure[computer], self.time.ms());
            self.copies.push(DiskCopy { computer, folder, book, unsure, at_ms });
            return Ok(());
        };
        let copy = self.copies.remove(older);
        self.tally.count("computer_restored");
        self.trace.note(format!("computer {computer}: its disk is put back by {} ms", self.time.ms() - copy.at_ms));
        self.computers[computer].restore(&copy.folder)?;
        self.book.put_back(computer, &copy.book);
        // What a program that died kept since may be gone, and may have left before.
        self.unsure[computer] = copy.unsure;
        self.computers[computer].start()?;
        Ok(())
    }

    /// The server is killed, copied, or put back to an older copy.
    pub async fn hurt_server(&mut self) -> anyhow::Result<()> {
        match self.dice.index(10) {
            9 => self.lose_a_file().await?,
            8 => {
                self.tally.count("server_power_cut");
                self.trace.note("server: the power fails");
                self.room.cut_power()?;
            }
            0..2 => {
                self.tally.count("server_killed");
                let steps = self.dice.between(0, 40);
                self.trace.note(format!("server: dies after {steps} steps"));
                if let Some(running) = self.room.running() {
                    running.life.kill_after(steps);
                }
            }
            2..4 => {
                self.tally.count("server_killed");
                self.trace.note("server: killed");
                self.room.kill()?;
            }
            4..6 => {
                self.trace.note("server: backed up");
                self.backups.push(self.room.back_up()?);
            }
            _ => {
                if !self.backups.is_empty() {
                    let backup = self.backups[self.dice.index(self.backups.len())].clone();
                    self.restore_server(&backup).await?;
                }
            }
        }
        Ok(())
    }

    /// The server's disk loses a content that something may still have to be attached to.
    async fn lose_a_file(&mut self) -> anyhow::Result<()> {
        let Some(running) = self.room.running() else { return Ok(()) };
        let files = |sql: &mut dyn Sql| {
            let rows = sql.query("SELECT id FROM files WHERE attached = 0 ORDER BY id", params![])?;
            rows.iter().map(|row| row.get::<FileId>(0)).collect::<Result<Vec<_>, StoreError>>()
        };
        let files = running.app.store.clone().read(files).await?;
        if files.is_empty() {
            return Ok(());
        }
        let file = *self.dice.pick(&files);
        if std::fs::remove_file(running.app.files.folder().content(file)).is_ok() {
            self.tally.count("file_lost");
            self.trace.note(format!("server: loses the file {file}"));
        }
        Ok(())
    }

    async fn restore_server(&mut self, backup: &std::path::Path) -> anyhow::Result<()> {
        self.tally.count("server_restored");
        self.trace.note("server: put back from a backup");
        self.restores += 1;
        self.room.restore(backup)?;
        // What was attached or detached since is as it was.
        let all: Vec<AccountId> = self.book.accounts.values().copied().collect();
        for person in &mut self.people {
            person.shaky.extend(&all);
        }
        if self.dice.percent(50) {
            self.raise_server().await?;
        }
        Ok(())
    }

    /// The server runs again.
    pub async fn raise_server(&mut self) -> anyhow::Result<()> {
        if self.room.running().is_some() {
            return Ok(());
        }
        self.trace.note("server: runs again");
        if self.room.has_died() {
            self.room.kill()?;
        }
        self.room.start().await
    }

    /// Billing takes what there is; sometimes the period is closed with it.
    pub fn bill(&mut self) -> anyhow::Result<()> {
        let Some(running) = self.room.running() else { return Ok(()) };
        let lock = self.dice.percent(40);
        self.locked |= lock;
        if lock {
            self.tally.count("period_locked");
        }
        self.trace.note(format!("server: exports, lock {lock}"));
        let period = Period::try_from("2026-11".to_owned()).map_err(|_| anyhow::anyhow!("a period"))?;
        let order = export::Order { period, out: self.room.new_file(), lock };
        // An export must not run where tasks do; the time is that of the tasks.
        let runtime = tokio::runtime::Handle::current();
        let exporting = std::thread::spawn(move || {
            let _time = runtime.enter();
            export(&running.app.store, order)
        });
        let exported = exporting.join().map_err(|_| anyhow::anyhow!("an export panicked"))?;
        match exported {
            Ok(_) | Err(export::ExportError::Nothing(_)) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Something happens to somebody's session or accounts.
    pub async fn hurt_session(&mut self, computer: usize) -> anyhow::Result<()> {
        let owner = self.computers[computer].owner;
        match self.dice.index(6) {
            0 => self.change_password_elsewhere(owner).await,
            1 => self.sign_out_and_in(computer).await,
            2 | 3 => {
                let flat = self.dice.index(4);
                if self.attach(computer, flat).await? {
                    self.tally.count("account_attached");
                }
                Ok(())
            }
            _ => self.detach(computer, owner).await,
        }
    }

    async fn detach(&mut self, computer: usize, owner: usize) -> anyhow::Result<()> {
        let Some(view) = self.call(computer, "accounts", json!({})).await? else { return Ok(()) };
        let accounts = view["accounts"].as_array().cloned().unwrap_or_default();
        if accounts.is_empty() {
            return Ok(());
        }
        let id = self.dice.pick(&accounts)["id"].as_str().unwrap_or_default().to_owned();
        if let Ok(account) = id.parse() {
            // Also when no answer says so.
            self.people[owner].shaky.insert(account);
        }
        if self.call(computer, "account_detach", json!({ "id": id })).await?.is_some() {
            self.tally.count("account_detached");
        }
        Ok(())
    }

    /// The phone is registered anew on another computer, under another password: every session ends.
    async fn change_password_elsewhere(&mut self, owner: usize) -> anyhow::Result<()> {
        if self.computers.len() >= 6 {
            return Ok(());
        }
        let password = format!("{}а", self.password(owner));
        self.people[owner].passwords.push(password);
        let all: Vec<AccountId> = self.book.accounts.values().copied().collect();
        self.people[owner].shaky.extend(all);
        let elsewhere = self.new_computer(owner)?;
        if self.register(elsewhere, owner, "Смирнова Валентина Павловна").await? {
            self.tally.count("password_changed_elsewhere");
        }
        self.computers[elsewhere].stop().await
    }

    /// «Выход», and later sign-in again, perhaps without a line.
    async fn sign_out_and_in(&mut self, computer: usize) -> anyhow::Result<()> {
        if self.call(computer, "sign_out", json!({ "leave_queue": true })).await?.is_none() {
            return Ok(());
        }
        self.tally.count("signed_out");
        let weather = self.computers[computer].line.weather();
        tokio::time::sleep(Duration::from_secs(self.dice.between(0, 60))).await;
        let without = self.dice.percent(50);
        if without {
            let way = crate::weather::Way::NoRoute;
            self.computers[computer].line.set(Weather { way, ..weather });
        }
        if self.sign_in(computer).await? && without {
            self.tally.count("signed_in_without_a_line");
        }
        self.computers[computer].line.set(weather);
        Ok(())
    }

    /// The weather on the line of a computer changes.
    pub fn change_weather(&mut self, computer: usize) {
        let weather = if self.dice.percent(45) { Weather::default() } else { Weather::drawn(&self.dice) };
        let line: &Line = &self.computers[computer].line;
        line.set(weather);
    }
}
