//! A resident who enters readings and names of meters all day, and a list of what was confirmed.

use crate::Scene;
use anyhow::Context;
use rand::Rng;
use rand::rngs::StdRng;
use serde_json::{Value, json};
use zhkh_system_tests::bridge::{Bridge, PATIENCE};
use zhkh_system_tests::entries::{Entered, Entries, Kind, steps};
use zhkh_system_tests::until::until;

/// How many meters there are to choose from; a lane each.
pub const METERS: usize = 5;

/// The number of the resident's own computer among devices.
pub const COMPUTER: usize = 0;

/// A meter with one tariff and three decimals.
struct Meter {
    id: String,
    /// In steps of 1/10000; each entry is a litre more.
    last: i64,
}

/// The resident, the programs, and what must be on the server.
pub struct Drill {
    pub scene: Scene,
    pub core: Option<Bridge>,
    meters: Vec<Meter>,
    /// The resident takes the first so many of them; the others are for somebody else.
    pub own_meters: usize,
    pub entries: Entries,
    count: usize,
    /// How many entries the program did not live to confirm.
    pub unconfirmed: usize,
}

/// One entry as it is tried, and tried again if the program did not live to take it.
pub struct Wanted {
    meter: usize,
    kind: Kind,
    text: String,
}

impl Drill {
    /// Registers, attaches the accounts, finds meters.
    pub async fn found(scene: Scene) -> anyhow::Result<Self> {
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
        let mut meters = Vec::with_capacity(METERS);
        for meter in view["meters"].as_array().into_iter().flatten().filter(fits).take(METERS) {
            let last = steps(meter["last"]["values"][0].as_str().context("it has a history")?)?;
            meters.push(Meter { id: meter["id"].as_str().unwrap_or_default().to_owned(), last });
        }
        anyhow::ensure!(meters.len() == METERS, "several meters are needed: {view}");
        Ok(Self {
            scene,
            core: Some(core),
            own_meters: meters.len(),
            meters,
            entries: Entries::default(),
            count: 0,
            unconfirmed: 0,
        })
    }

    /// What is entered next.
    pub fn next(&mut self, dice: &mut StdRng) -> Wanted {
        let meter = dice.random_range(0..self.own_meters);
        self.next_of(meter, dice)
    }

    /// What is entered next about a meter.
    pub fn next_of(&mut self, meter: usize, dice: &mut StdRng) -> Wanted {
        self.count += 1;
        if dice.random_ratio(1, 4) {
            return Wanted { meter, kind: Kind::Name, text: format!("Прибор {}", self.count) };
        }
        self.meters[meter].last += 10;
        let last = self.meters[meter].last;
        Wanted { meter, kind: Kind::Reading, text: format!("{}.{:03}", last / 10_000, last % 10_000 / 10) }
    }

    /// Enters something, and a reading for certain.
    pub async fn enter_a_reading(&mut self, dice: &mut StdRng) -> anyhow::Result<()> {
        loop {
            let wanted = self.next(dice);
            let kind = wanted.kind;
            let done = self.call(&wanted).await?;
            self.note(wanted, Some(done)).await?;
            if kind == Kind::Reading {
                return Ok(());
            }
        }
    }

    /// An entry as it is compared later.
    pub fn entered(&self, device: usize, wanted: &Wanted) -> Entered {
        Entered { device, meter: self.meters[wanted.meter].id.clone(), kind: wanted.kind, text: wanted.text.clone() }
    }

    /// Enters something, and waits for nothing but that it is saved.
    pub async fn enter(&mut self, dice: &mut StdRng) -> anyhow::Result<()> {
        let wanted = self.next(dice);
        let done = self.call(&wanted).await?;
        self.note(wanted, Some(done)).await
    }

    /// Enters it once.
    pub async fn call(&self, wanted: &Wanted) -> anyhow::Result<Value> {
        let (core, meter) = (self.core.as_ref().context("the core runs")?, &self.meters[wanted.meter].id);
        match wanted.kind {
            Kind::Name => core.call("meter_rename", json!({"meter": meter, "name": wanted.text})).await,
            Kind::Reading => {
                let args = json!({"meter": meter, "values": [wanted.text], "confirmed": [], "early": false});
                core.call("reading_submit", args).await
            }
        }
    }

    /// Writes down what the program answered; looks and enters again as long as it did not live to answer.
    pub async fn note(&mut self, wanted: Wanted, mut done: Option<Value>) -> anyhow::Result<()> {
        let what = self.entered(COMPUTER, &wanted);
        loop {
            if let Some(done) = done {
                let operation = done["operation"].as_str().context("an id")?;
                self.entries.add(operation, what, Some(done["replaced"] == true));
                return Ok(());
            }
            self.unconfirmed += 1;
            // A person looks whether it is there.
            if let Some(operation) = self.find(&wanted).await? {
                self.entries.add(&operation, what, None);
                return Ok(());
            }
            done = Some(self.call(&wanted).await?);
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

    /// Waits until everything is accepted, then compares with the server's database.
    pub async fn compare(&self) -> anyhow::Result<()> {
        let core = self.core.as_ref().context("the core runs")?;
        until("the queue is empty", PATIENCE, || async {
            core.call("person_back", json!({})).await?;
            let queue = core.call("queue", json!({})).await?;
            anyhow::ensure!(queue["pill"]["pill"] == "sent", "it is {}", queue["pill"]);
            Ok(())
        })
        .await?;
        self.entries.compare(&self.scene.town.books)
    }
}
