//! Everything mixed by a seed: lost answers, doubled and cut requests, delays, partitions, restarts of the program, on
//! two computers of one person. Then the network heals.

use crate::city::{City, FLAT, OTHER_FLAT};
use crate::computer::{Computer, has, operation, value};
use anyhow::Context;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde_json::{Value, json};
use std::time::Duration;
use zhkh_system_tests::cut_proxy::Faults;
use zhkh_system_tests::entries::{Entered, Entries, Kind};

const PHONE: &str = "+79000000001";
/// The meters that each of the two computers enters; the other one only shows them.
const METERS: [&[&str]; 2] = [&["0453817-21", "0453820-21", "0218644-20", "0218645-20"], &["0500045-25", "0500052-21"]];
/// How many things happen in one seed.
const STEPS: usize = 40;

struct Storm {
    city: City,
    computers: [Computer; 2],
    entries: Entries,
    litres: i64,
}

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

/// Ten seeds from `first` on, one after the other in one city.
async fn seeds(first: u64) -> anyhow::Result<()> {
    let mut storm = Storm::gather().await?;
    let chosen = std::env::var("ZHKH_SEED").is_ok();
    let list: Vec<u64> =
        if chosen { vec![number("ZHKH_SEED", 0)] } else { (0..10).map(|turn| first + 4 * turn).collect() };
    for seed in list {
        println!("seed {seed}");
        storm.rage(seed).await.with_context(|| format!("ZHKH_SEED={seed}"))?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_the_network_does_every_entry_takes_effect_once_in_order_and_everybody_sees_it() -> anyhow::Result<()>
{
    let (one, two, three, four) = tokio::join!(seeds(1), seeds(2), seeds(3), seeds(4));
    one.and(two).and(three).and(four)
}

impl Storm {
    async fn gather() -> anyhow::Result<Self> {
        let city = City::on(16).await?;
        let home = Computer::of(&city, PHONE, &[FLAT, OTHER_FLAT]).await?;
        let office = Computer::new(&city).await?;
        office.sign_in(PHONE).await?;
        office.when("both flats", || office.meter("0500052-21")).await?;
        office.when("both flats", || office.meter("0218645-20")).await?;
        Ok(Self { city, computers: [home, office], entries: Entries::default(), litres: 0 })
    }

    async fn rage(&mut self, seed: u64) -> anyhow::Result<()> {
        let mut dice = StdRng::seed_from_u64(seed);
        for _ in 0..STEPS {
            let device = usize::from(dice.random_ratio(1, 3));
            match dice.random_range(0..100) {
                0..50 => self.enter(device, &mut dice).await?,
                50..70 => {
                    let before = self.computers[device].line.delivered();
                    let few = |dice: &mut StdRng| dice.random_range(0..3);
                    let faults = Faults {
                        lose_answers: few(&mut dice),
                        duplicate: few(&mut dice),
                        cut_requests: few(&mut dice),
                        feed_after: before + few(&mut dice),
                        delay: Duration::from_millis(dice.random_range(0..200)),
                        ..Faults::default()
                    };
                    self.computers[device].line.set(faults);
                }
                70..78 => self.computers[device].line.cut().await,
                78..86 => self.computers[device].line.restore().await?,
                86..90 => self.computers[device].restart().await?,
                90..93 => self.computers[device].line.set(Faults { portal: true, ..Faults::default() }),
                _ => drop(self.computers[device].call("person_back", json!({})).await?),
            }
            self.own_entries_are_shown().await?;
            // Not a wait for anything: how much of what was begun is done before the next thing happens.
            tokio::time::sleep(Duration::from_millis(dice.random_range(0..40))).await;
        }
        self.heal().await?;
        self.entries.compare(&self.city.database())?;
        self.everybody_sees_it().await
    }

    async fn enter(&mut self, device: usize, dice: &mut StdRng) -> anyhow::Result<()> {
        let serial = METERS[device][dice.random_range(0..METERS[device].len())];
        let computer = &self.computers[device];
        let meter = computer.meter(serial).await?["id"].as_str().context("an id")?.to_owned();
        self.litres += 1;
        let (kind, text, done) = if dice.random_ratio(1, 4) {
            let name = format!("Прибор {}", self.litres);
            let done = computer.rename(serial, &name).await?;
            (Kind::Name, name, done)
        } else {
            (Kind::Reading, value(self.litres), computer.submit(serial, self.litres).await?)
        };
        let what = Entered { device, meter, kind, text };
        self.entries.add(&operation(&done), what, Some(done["replaced"] == true));
        Ok(())
    }

    /// What was entered on a computer is what its window shows, at every moment, whatever became of it meanwhile.
    async fn own_entries_are_shown(&self) -> anyhow::Result<()> {
        for (computer, own) in self.computers.iter().zip(METERS) {
            for meter in computer.meters().await? {
                if meter["serial"].as_str().is_some_and(|serial| own.contains(&serial)) {
                    self.shows_the_last(&meter)?;
                }
            }
        }
        Ok(())
    }

    fn shows_the_last(&self, meter: &Value) -> anyhow::Result<()> {
        let id = meter["id"].as_str().context("an id")?;
        if let Some(value) = self.entries.last(id, Kind::Reading) {
            let current = &meter["current"];
            anyhow::ensure!(has(current, value)?, "{value} was entered last, shown is {current}");
        }
        if let Some(name) = self.entries.last(id, Kind::Name) {
            anyhow::ensure!(meter["name"] == name, "{name} was entered last, shown is {}", meter["name"]);
        }
        Ok(())
    }

    async fn heal(&self) -> anyhow::Result<()> {
        for computer in &self.computers {
            computer.line.set(Faults::default());
            computer.line.restore().await?;
        }
        for computer in &self.computers {
            computer.drained().await?;
        }
        Ok(())
    }

    /// Both windows show for every meter what was entered last, as accepted.
    async fn everybody_sees_it(&self) -> anyhow::Result<()> {
        for computer in &self.computers {
            computer.when("the window shows what the server has", || self.is_seen(computer)).await?;
        }
        Ok(())
    }

    async fn is_seen(&self, computer: &Computer) -> anyhow::Result<()> {
        computer.call("person_back", json!({})).await?;
        for meter in computer.meters().await? {
            self.shows_the_last(&meter)?;
            let current = &meter["current"];
            anyhow::ensure!(current.is_null() || current["mark"]["mark"] == "accepted", "not accepted: {current}");
            anyhow::ensure!(meter["name_mark"].is_null(), "the name is on its way: {meter}");
        }
        Ok(())
    }
}
