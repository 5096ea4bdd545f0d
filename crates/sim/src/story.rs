//! What happens, step by step, as the story's dice say; then everything heals.

use crate::clocks::HOUR_MS;
use crate::weather::Weather;
use crate::world::World;
use client::engine::Pause;
use outbox::State;
use serde_json::json;
use std::sync::atomic::Ordering;
use std::time::Duration;

/// How many steps a story has at most.
const STEPS: u64 = 90;
/// Within this time everything is sent and seen once nothing hinders it.
const PATIENCE_MS: i64 = 3 * HOUR_MS;
/// More batches than this for one thing that waits say that sending is not linear.
const BATCHES_PER_ENTRY: u64 = 4;

impl World {
    /// The story.
    pub async fn live(&mut self) -> anyhow::Result<()> {
        let steps = self.dice.between(30, STEPS);
        for _ in 0..steps {
            self.pause().await?;
            self.step().await?;
            self.watch()?;
        }
        Ok(())
    }

    async fn pause(&mut self) -> anyhow::Result<()> {
        let ms = match self.dice.index(100) {
            0..45 => self.dice.between(0, 60),
            45..75 => self.dice.between(60, 5_000),
            75..92 => self.dice.between(5_000, 90_000),
            92..97 => self.dice.between(90_000, 600_000),
            _ => return self.leap().await,
        };
        tokio::time::sleep(Duration::from_millis(ms)).await;
        Ok(())
    }

    /// Hours go by; most computers are off or asleep meanwhile.
    async fn leap(&mut self) -> anyhow::Result<()> {
        let slept = self.close_all().await?;
        let hours = self.dice.between(1, 30);
        self.trace.note(format!("{hours} hours go by"));
        tokio::time::sleep(Duration::from_secs(hours * 3600)).await;
        self.open_all(&slept)?;
        self.tick().await
    }

    /// Closes lids and switches off; which computers were awake.
    pub async fn close_all(&mut self) -> anyhow::Result<Vec<usize>> {
        let awake: Vec<usize> = (0..self.computers.len()).filter(|name| self.computers[*name].is_awake()).collect();
        for name in &awake {
            if self.dice.percent(50) {
                self.tally.count("computer_slept");
                self.computers[*name].set_asleep(true);
            } else {
                self.tally.count("computer_off");
                self.computers[*name].stop().await?;
            }
        }
        Ok(awake)
    }

    /// Everybody is back.
    pub fn open_all(&mut self, names: &[usize]) -> anyhow::Result<()> {
        for name in names {
            self.bring_back(*name)?;
        }
        Ok(())
    }

    async fn tick(&mut self) -> anyhow::Result<()> {
        if let Some(running) = self.room.running() {
            running.life.of(running.app.tick()).await.transpose()?;
        }
        Ok(())
    }

    async fn step(&mut self) -> anyhow::Result<()> {
        let computer = self.dice.index(self.computers.len());
        if !self.computers[computer].is_awake() && self.dice.percent(40) {
            self.bring_back(computer)?;
        }
        let awake = self.computers[computer].is_awake();
        match self.dice.index(100) {
            0..40 if awake => self.enter(computer).await?,
            40..50 if awake => self.touch_the_queue(computer).await?,
            50..53 if awake => drop(self.call(computer, "person_back", json!({})).await?),
            53..70 => self.change_weather(computer),
            70..77 => self.hurt_program(computer).await?,
            77..80 => self.hurt_clock(computer),
            80..84 => self.copy_or_restore_disk(computer)?,
            84..90 => self.hurt_server().await?,
            90..92 => self.bill()?,
            92..95 if awake => self.hurt_session(computer).await?,
            95..97 if awake => self.push_is_hindered(computer).await?,
            _ => self.raise_server().await?,
        }
        if self.dice.percent(25) {
            self.sign_in_where_asked().await?;
        }
        if self.dice.percent(20) {
            self.raise_server().await?;
        }
        Ok(())
    }

    /// While nothing can be pushed, what is new on the server is seen all the same.
    async fn push_is_hindered(&mut self, computer: usize) -> anyhow::Result<()> {
        if self.computers[computer].is_full() {
            return Ok(());
        }
        self.raise_server().await?;
        self.computers[computer].line.set(Weather { swallow_pushes: true, ..Weather::default() });
        self.call(computer, "person_back", json!({})).await?;
        self.enter(computer).await?;
        tokio::time::sleep(Duration::from_secs(200)).await;
        let Some(engine) = self.computers[computer].engine() else { return Ok(()) };
        let status = engine.status();
        // Whoever has to sign in sees nothing new, and is told so.
        if matches!(status.pause, Some(Pause::SignIn)) || self.room.running().is_none() {
            return Ok(());
        }
        let (synced, now) = (status.last_synced_ms.unwrap_or(0), self.time.ms());
        anyhow::ensure!(now - synced < 130_000, "computer {computer}: pulling waits for pushing: {status:?} at {now}");
        Ok(())
    }

    /// Wherever the program asks for it, the person signs in.
    async fn sign_in_where_asked(&mut self) -> anyhow::Result<bool> {
        let mut any = false;
        for computer in 0..self.computers.len() {
            if !self.computers[computer].is_awake() {
                continue;
            }
            let asked = match self.computers[computer].engine() {
                Some(engine) => matches!(engine.status().pause, Some(Pause::SignIn)),
                None => true,
            };
            if asked {
                any = true;
                self.tally.count("sign_in_pause");
                self.sign_in(computer).await?;
            }
        }
        Ok(any)
    }

    /// Nothing hinders anybody any more; everything has to come to its end by itself, but for what only people can do.
    pub async fn heal(&mut self) -> anyhow::Result<()> {
        self.trace.note("everything heals");
        self.raise_server().await?;
        self.room.must_run()?.life.spare();
        for computer in 0..self.computers.len() {
            self.computers[computer].spare();
            self.computers[computer].set_full(false);
            self.computers[computer].line.set(Weather::default());
            if !self.computers[computer].is_awake() {
                self.bring_back(computer)?;
            }
        }
        self.drain().await?;
        // Copies that are still in the network arrive when nobody expects them.
        while self.network.late.load(Ordering::Relaxed) > 0 {
            let awake = self.close_all().await?;
            while self.network.late.load(Ordering::Relaxed) > 0 {
                tokio::time::sleep(Duration::from_secs(3600)).await;
            }
            self.open_all(&awake)?;
            self.drain().await?;
        }
        self.tick().await?;
        self.drain().await
    }

    async fn drain(&mut self) -> anyhow::Result<()> {
        let until = self.time.ms() + PATIENCE_MS;
        let before: Vec<(u64, u64)> =
            (0..self.computers.len()).map(|name| (self.computers[name].line.pushes(), self.waiting(name))).collect();
        let mut calm = 0;
        while calm < 3 {
            tokio::time::sleep(Duration::from_secs(20)).await;
            self.watch()?;
            let asked = self.sign_in_where_asked().await?;
            let cured = self.cure_some().await?;
            let stuck = self.stuck().await?;
            calm = if stuck.is_none() && !asked && !cured { calm + 1 } else { 0 };
            if self.time.ms() > until {
                anyhow::bail!(
                    "it does not come to an end: {}",
                    stuck.unwrap_or_else(|| "people are asked for ever".into())
                );
            }
        }
        for (name, (pushes, waited)) in before.into_iter().enumerate() {
            let sent = self.computers[name].line.pushes() - pushes;
            let most = 40 + BATCHES_PER_ENTRY * waited;
            anyhow::ensure!(sent <= most, "computer {name} sent {sent} batches for {waited} entries");
        }
        Ok(())
    }

    fn waiting(&self, computer: usize) -> u64 {
        self.computers[computer].engine().map_or(0, |engine| u64::from(engine.status().waiting))
    }

    /// People look at what was rejected.
    async fn cure_some(&mut self) -> anyhow::Result<bool> {
        let mut any = false;
        for computer in 0..self.computers.len() {
            let Some(engine) = self.computers[computer].engine() else { continue };
            let queue = engine.read()?.queue;
            drop(engine);
            for queued in queue.iter().filter(|queued| queued.state.blocks_lane()) {
                if self.dice.percent(20) {
                    any = true;
                    self.cure(computer, queued).await?;
                }
            }
        }
        Ok(any)
    }

    /// What has not come to its end, in words.
    async fn stuck(&mut self) -> anyhow::Result<Option<String>> {
        let head = self.head().await?;
        for computer in &self.computers {
            let Some(engine) = computer.engine() else {
                return Ok(Some(format!("computer {}: nobody is signed in", computer.name)));
            };
            let reading = engine.read()?;
            let moving = reading.queue.iter().find(|queued| {
                matches!(queued.state, State::Queued | State::InFlight | State::Acked { .. }) || queued.withdrawing
            });
            if let Some(moving) = moving {
                let (id, state, status) = (moving.id, &moving.state, engine.status());
                return Ok(Some(format!("computer {}: {id} is {state:?} while {status:?}", computer.name)));
            }
            let seen = reading.mirror.cursor().map(|cursor| cursor.seq);
            if seen != Some(head) {
                let status = engine.status();
                return Ok(Some(format!("computer {}: sees {seen:?} of {head} while {status:?}", computer.name)));
            }
        }
        Ok(None)
    }
}
