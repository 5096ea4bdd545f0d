//! kill -9 of both programs at random moments while readings and names are entered and sent.

use crate::Scene;
use anyhow::Context;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};
use std::time::Duration;
use zhkh_system_tests::bridge::{Bridge, PATIENCE};
use zhkh_system_tests::entries::{Entered, Entries, Kind, steps};
use zhkh_system_tests::until::until;

/// How many entries a round has.
const ENTRIES: usize = 30;

#[derive(Debug, Clone, Copy)]
enum Victim {
    Core,
    Server,
    Both,
}

/// When it is killed.
#[derive(Debug, Clone, Copy)]
enum Moment {
    /// So long after the entry was begun. Not a wait for anything: from before it arrives to after its acknowledgement.
    After(Duration),
    /// As soon as the program said that the entry is saved.
    AtTheAnswer,
}

impl Moment {
    fn random(dice: &mut StdRng) -> Self {
        match dice.random_range(0..3) {
            0 => Self::AtTheAnswer,
            1 => Self::After(Duration::from_micros(dice.random_range(0..4_000))),
            _ => Self::After(Duration::from_micros(dice.random_range(0..60_000))),
        }
    }
}

/// A meter with one tariff and three decimals.
struct Meter {
    id: String,
    /// In steps of 1/10000; each entry is a litre more.
    last: i64,
}

struct Town {
    scene: Scene,
    core: Option<Bridge>,
    meters: Vec<Meter>,
    entries: Entries,
    count: usize,
    /// How many entries the program did not live to confirm.
    unconfirmed: usize,
}

/// One entry as it is tried, and tried again if the program did not live to take it.
struct Wanted {
    meter: usize,
    kind: Kind,
    text: String,
}

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn kills_at_any_moment_lose_nothing_that_was_confirmed_and_double_nothing() -> anyhow::Result<()> {
    let rounds = number("ZHKH_KILLS", 12);
    let first = number("ZHKH_SEED", 1);
    let mut town = Town::found().await?;
    for seed in first..first + rounds {
        println!("seed {seed}");
        town.round(seed).await.with_context(|| format!("ZHKH_SEED={seed}"))?;
    }
    println!("entries: {}, killed before they were confirmed: {}", town.entries.count(), town.unconfirmed);
    anyhow::ensure!(town.entries.count() >= ENTRIES * usize::try_from(rounds)?, "entries are missing from the list");
    Ok(())
}

impl Town {
    async fn found() -> anyhow::Result<Self> {
        let scene = Scene::set().await?;
        let core = scene.seat.start()?;
        scene.resident.register(&core, &scene.town).await?;
        for account in &scene.accounts {
            scene.resident.attach(&core, account).await?;
        }
        let view = core.call("readings", json!({"account": null})).await?;
        let fits = |meter: &&Value| {
            meter["decimals"] == 3
                && meter["zones"].as_array().is_some_and(|zones| zones.len() == 1)
                && meter["entry"]["entry"] == "submit"
        };
        let mut meters = Vec::new();
        for meter in view["meters"].as_array().into_iter().flatten().filter(fits).take(5) {
            let last = steps(meter["last"]["values"][0].as_str().context("it has a history")?)?;
            meters.push(Meter { id: meter["id"].as_str().unwrap_or_default().to_owned(), last });
        }
        anyhow::ensure!(meters.len() >= 3, "several meters are needed: {view}");
        Ok(Self { scene, core: Some(core), meters, entries: Entries::default(), count: 0, unconfirmed: 0 })
    }

    async fn round(&mut self, seed: u64) -> anyhow::Result<()> {
        let mut dice = StdRng::seed_from_u64(seed);
        for _ in 0..ENTRIES {
            let wanted = self.next(&mut dice);
            let kill = dice.random_ratio(1, 4).then(|| {
                let victim = [Victim::Core, Victim::Server, Victim::Both][dice.random_range(0..3)];
                (victim, Moment::random(&mut dice))
            });
            self.enter(&wanted, kill).await?;
        }
        self.drained().await?;
        self.entries.compare(&self.scene.town.database())
    }

    fn next(&mut self, dice: &mut StdRng) -> Wanted {
        self.count += 1;
        let meter = dice.random_range(0..self.meters.len());
        if dice.random_ratio(1, 4) {
            return Wanted { meter, kind: Kind::Name, text: format!("Прибор {}", self.count) };
        }
        self.meters[meter].last += 10;
        let last = self.meters[meter].last;
        Wanted { meter, kind: Kind::Reading, text: format!("{}.{:03}", last / 10_000, last % 10_000 / 10) }
    }

    /// Enters it, with a kill on the way; again as long as the program did not take it.
    async fn enter(&mut self, wanted: &Wanted, kill: Option<(Victim, Moment)>) -> anyhow::Result<()> {
        let done = match kill {
            None => Some(self.call(wanted).await?),
            Some((victim, moment)) => {
                let done = match moment {
                    Moment::After(time) => {
                        let shot = async {
                            tokio::time::sleep(time).await;
                            self.shoot(victim)
                        };
                        let (done, shot) = tokio::join!(self.call(wanted), shot);
                        shot.and(Ok(done))?
                    }
                    Moment::AtTheAnswer => {
                        let done = self.call(wanted).await;
                        self.shoot(victim)?;
                        done
                    }
                };
                self.stand_up(victim)?;
                match victim {
                    Victim::Server => Some(done?),
                    Victim::Core | Victim::Both => done.ok(),
                }
            }
        };
        let what = Entered {
            device: 0,
            meter: self.meters[wanted.meter].id.clone(),
            kind: wanted.kind,
            text: wanted.text.clone(),
        };
        let mut done = done;
        loop {
            if let Some(done) = done {
                let operation = done["operation"].as_str().context("an id")?;
                self.entries.add(operation, what, Some(done["replaced"] == true));
                return Ok(());
            }
            self.unconfirmed += 1;
            // A person looks whether it is there.
            if let Some(operation) = self.find(wanted).await? {
                self.entries.add(&operation, what, None);
                return Ok(());
            }
            done = Some(self.call(wanted).await?);
        }
    }

    async fn call(&self, wanted: &Wanted) -> anyhow::Result<Value> {
        let (core, meter) = (self.core.as_ref().context("the core runs")?, &self.meters[wanted.meter].id);
        match wanted.kind {
            Kind::Name => core.call("meter_rename", json!({"meter": meter, "name": wanted.text})).await,
            Kind::Reading => {
                let args = json!({"meter": meter, "values": [wanted.text], "confirmed": [], "early": false});
                core.call("reading_submit", args).await
            }
        }
    }

    /// The durable operation of an entry that nobody confirmed, as the queue panel shows it.
    async fn find(&self, wanted: &Wanted) -> anyhow::Result<Option<String>> {
        let queue = self.core.as_ref().context("the core runs")?.call("queue", json!({})).await?;
        let items =
            ["attention", "waiting", "accepted"].into_iter().filter_map(|group| queue[group].as_array()).flatten();
        for item in items {
            let (what, operation) = (&item["what"], item["operation"].as_str().unwrap_or_default());
            let same = match wanted.kind {
                Kind::Name => what["what"] == "rename" && what["name"] == wanted.text,
                Kind::Reading => {
                    let shown = what["shown"][0].as_str().unwrap_or_default().replace(',', ".");
                    what["what"] == "reading" && shown.trim_start_matches('0') == wanted.text
                }
            };
            if same && what["meter"] == self.meters[wanted.meter].id && !self.entries.knows(operation) {
                return Ok(Some(operation.to_owned()));
            }
        }
        Ok(None)
    }

    fn shoot(&self, victim: Victim) -> anyhow::Result<()> {
        if let (Victim::Core | Victim::Both, Some(core)) = (victim, &self.core) {
            let id = Pid::from_raw(i32::try_from(core.id())?).context("a process has an id")?;
            kill_process(id, Signal::KILL)?;
        }
        Ok(())
    }

    /// Starts again what was shot.
    fn stand_up(&mut self, victim: Victim) -> anyhow::Result<()> {
        if matches!(victim, Victim::Server | Victim::Both) {
            self.scene.town.kill_server()?;
            self.scene.town.start_server()?;
            self.scene.proxy.lead_to(self.scene.town.server_address);
        }
        if matches!(victim, Victim::Core | Victim::Both) {
            self.core.take().context("the core runs")?.kill_9()?;
            self.core = Some(self.scene.seat.start()?);
        }
        Ok(())
    }

    async fn drained(&self) -> anyhow::Result<()> {
        let core = self.core.as_ref().context("the core runs")?;
        until("the queue is empty", PATIENCE, || async {
            core.call("person_back", json!({})).await?;
            let queue = core.call("queue", json!({})).await?;
            anyhow::ensure!(queue["pill"]["pill"] == "sent", "it is {}", queue["pill"]);
            Ok(())
        })
        .await
    }
}
