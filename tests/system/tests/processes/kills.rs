//! Who is killed, at which moment, and how it gets up again.

use crate::drill::{Drill, Wanted};
use anyhow::Context;
use rand::Rng;
use rand::rngs::StdRng;
use serde_json::{Value, json};
use std::fmt;
use std::time::Duration;
use zhkh_system_tests::server_program::ServerProgram;

/// Who is killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Victim {
    Core,
    /// One process of the server, by number.
    Server(usize),
    /// The core and one process of the server.
    Both(usize),
}

/// How many entries wait for the network when a core is killed while it sends what has waited.
const WAITING: usize = 6;

/// The kills that were seen to hit a living process, by what it was doing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Kills {
    /// Somebody was entering something.
    pub entering: u64,
    /// It was starting, after a kill: nothing had been recovered yet.
    pub starting: u64,
    /// It had entries from before to send or to take.
    pub sending: u64,
    /// It had been asked to end.
    pub closing: u64,
}

impl Victim {
    fn random(dice: &mut StdRng, drill: &Drill) -> Self {
        let server = dice.random_range(0..drill.scene.servers().count());
        [Self::Core, Self::Server(server), Self::Both(server)][dice.random_range(0..3)]
    }

    fn server_of(dice: &mut StdRng, drill: &Drill) -> Self {
        Self::Server(dice.random_range(0..drill.scene.servers().count()))
    }

    fn core(self) -> bool {
        matches!(self, Self::Core | Self::Both(_))
    }

    fn server(self) -> Option<usize> {
        match self {
            Self::Core => None,
            Self::Server(number) | Self::Both(number) => Some(number),
        }
    }
}

impl Kills {
    /// All of them.
    pub fn total(self) -> u64 {
        self.entering + self.starting + self.sending + self.closing
    }

    /// Fails when some kind of moment was hit so rarely that nothing is said about it.
    pub fn at_every_kind_of_moment(self) -> anyhow::Result<()> {
        let least = [self.entering, self.starting, self.sending, self.closing].into_iter().min().unwrap_or(0);
        anyhow::ensure!(least * 20 >= self.total(), "some moments were hardly hit: {self}");
        Ok(())
    }
}

impl fmt::Display for Kills {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { entering, starting, sending, closing } = self;
        let total = self.total();
        write!(f, "{total} (entering {entering}, starting {starting}, sending {sending}, closing {closing})")
    }
}

fn up_to(dice: &mut StdRng, most_ms: u64) -> Duration {
    Duration::from_micros(dice.random_range(0..most_ms * 1000))
}

impl Drill {
    /// An entry with a kill on its way: between its first byte and its acknowledgement, or as soon as it is confirmed.
    pub async fn kill_while_entering(&mut self, dice: &mut StdRng, kills: &mut Kills) -> anyhow::Result<()> {
        let (wanted, victim) = (self.next(dice), Victim::random(dice, self));
        let done = match dice.random_range(0..3) {
            0 => {
                let done = self.call(&wanted).await;
                self.shoot(victim);
                done
            }
            fast_or_slow => {
                // Not a wait for anything: from before it arrives to after its acknowledgement.
                let after = up_to(dice, if fast_or_slow == 1 { 4 } else { 60 });
                self.call_and_shoot(&wanted, victim, after).await
            }
        };
        kills.entering += u64::from(self.bury(victim)?);
        self.stand_up(victim, dice, kills).await?;
        let done = match victim {
            Victim::Server(_) => Some(done?),
            Victim::Core | Victim::Both(_) => done.ok(),
        };
        self.note(wanted, done).await
    }

    async fn call_and_shoot(&self, wanted: &Wanted, victim: Victim, after: Duration) -> anyhow::Result<Value> {
        let shot = async {
            tokio::time::sleep(after).await;
            self.shoot(victim);
        };
        tokio::join!(self.call(wanted), shot).0
    }

    /// Entries wait for the network; it comes back, and somebody is killed while they are sent and taken.
    pub async fn kill_while_sending(&mut self, dice: &mut StdRng, kills: &mut Kills) -> anyhow::Result<()> {
        self.scene.proxy.cut().await;
        for _ in 0..WAITING {
            self.enter(dice).await?;
        }
        let victim = Victim::random(dice, self);
        if dice.random() {
            // The core has just started and sends what it finds in its queue.
            self.core.take().context("the core runs")?.kill_9()?;
            self.scene.proxy.restore().await?;
            self.core = Some(self.scene.seat.start()?);
        } else {
            self.scene.proxy.restore().await?;
            self.core.as_ref().context("the core runs")?.call("person_back", json!({})).await?;
        }
        tokio::time::sleep(up_to(dice, 150)).await;
        self.shoot(victim);
        kills.sending += u64::from(self.bury(victim)?);
        self.stand_up(victim, dice, kills).await
    }

    /// Somebody is asked to end and is killed before it has ended.
    pub async fn kill_while_closing(&mut self, dice: &mut StdRng, kills: &mut Kills) -> anyhow::Result<()> {
        self.enter(dice).await?;
        let victim = if dice.random() { Victim::Core } else { Victim::server_of(dice, self) };
        let after = up_to(dice, 10);
        let was_closing = match victim.server() {
            None => self.core.take().context("the core runs")?.close_and_kill_9(after).await?,
            Some(number) => self.scene.server(number).close_and_kill_9(after).await?,
        };
        kills.closing += u64::from(was_closing);
        self.stand_up(victim, dice, kills).await
    }

    fn shoot(&self, victim: Victim) {
        if let (true, Some(core)) = (victim.core(), &self.core) {
            core.shoot();
        }
        let server = victim.server().and_then(|number| self.scene.servers().nth(number));
        if let Some(server) = server.and_then(ServerProgram::running) {
            server.shoot();
        }
    }

    /// Waits until those who were shot are gone. Tells whether that is what they died of.
    fn bury(&mut self, victim: Victim) -> anyhow::Result<bool> {
        let mut hit = true;
        if victim.core() {
            hit &= self.core.take().context("the core runs")?.kill_9()?;
        }
        if let Some(number) = victim.server() {
            hit &= self.scene.server(number).kill_9()?;
        }
        Ok(hit)
    }

    /// Starts again whoever is gone; now and then it is killed once or twice before it stands.
    async fn stand_up(&mut self, victim: Victim, dice: &mut StdRng, kills: &mut Kills) -> anyhow::Result<()> {
        let shots = [0, 0, 0, 1, 2][dice.random_range(0..5)];
        for _ in 0..shots {
            let after = up_to(dice, 250);
            let hit = if let Some(number) = victim.server() {
                let server = self.scene.server(number);
                server.begin_to_start()?;
                tokio::time::sleep(after).await;
                server.kill_9()?
            } else {
                self.scene.seat.start_and_kill_9(after).await?
            };
            kills.starting += u64::from(hit);
        }
        if let Some(number) = victim.server() {
            self.scene.server(number).start()?;
        }
        if victim.core() {
            self.core = Some(self.scene.seat.start()?);
        }
        Ok(())
    }
}
