//! The real core and the real server as processes: killed between any two steps of the main job and at any moment, and
//! over a network that loses, doubles, delays and cuts; several processes of the server over one PostgreSQL, which is
//! killed too. Exactly once, as another process reads it from the server's database.

#[path = "processes/batches.rs"]
mod batches;
#[path = "processes/drill.rs"]
mod drill;
#[path = "processes/exchange.rs"]
mod exchange;
#[path = "processes/fleet.rs"]
mod fleet;
#[path = "processes/hand.rs"]
mod hand;
#[path = "processes/job.rs"]
mod job;
#[path = "processes/kills.rs"]
mod kills;
#[path = "processes/moments.rs"]
mod moments;
#[path = "processes/outages.rs"]
mod outages;
#[path = "processes/steps.rs"]
mod steps;
#[path = "processes/uploads.rs"]
mod uploads;

use serde_json::json;
use std::iter;
use std::time::Duration;
use tempfile::TempDir;
use zhkh_system_tests::bridge::Seat;
use zhkh_system_tests::cut_proxy::{CutProxy, Faults};
use zhkh_system_tests::resident::{Resident, accepted, submit};
use zhkh_system_tests::server_program::ServerProgram;
use zhkh_system_tests::town::{Plan, SignIn, Town};

const SERIAL: &str = "0453817-21";
const FIRST: &str = "459.118";
const CHANGED: &str = "460.118";
const CHANGED_STEPS: [i64; 1] = [4_601_180];

/// A town, a bad network before it, and a seat for a core.
struct Scene {
    town: Town,
    /// Further processes of the server over the same database.
    others: Vec<ServerProgram>,
    proxy: CutProxy,
    seat: Seat,
    resident: Resident,
    accounts: Vec<SignIn>,
    _folder: TempDir,
}

impl Scene {
    async fn set() -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let plan = Plan::prepared(folder.path())?;
        Self::of(plan, folder, 1).await
    }

    /// Over a database of PostgreSQL, with several processes of the server between which requests are shared.
    async fn on_postgres(url: String, servers: usize) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let mut plan = Plan::prepared_in(url, folder.path())?;
        // What one process tells the others is heard, or nothing is.
        plan.settings.push(("ZHKH_FEED__LOOK_S".into(), "86400".into()));
        Self::of(plan, folder, servers).await
    }

    async fn of(mut plan: Plan, folder: TempDir, servers: usize) -> anyhow::Result<Self> {
        // Whoever is killed before the password registers again at once.
        plan.settings.push(("ZHKH_LIMITS__CALL_GAP_S".into(), "0".into()));
        let town = Town::start(&plan)?;
        let knobs = reqwest::Client::new().post(format!("{}/control", town.sandbox));
        knobs.json(&json!({"duplicate_window_s": 0})).send().await?.error_for_status()?;
        let mut others = Vec::new();
        for number in 2..=servers {
            let mut other = town.server.another(&format!("server-{number}"));
            other.start()?;
            others.push(other);
        }
        let proxy = CutProxy::start(town.server.address).await?;
        let addresses: Vec<_> = iter::once(&town.server).chain(&others).map(|server| server.address).collect();
        proxy.share_between(&addresses);
        let seat = Seat::under(&folder.path().join("core"), &proxy.url(), &plan.logs);
        let accounts = town.sign_ins()?;
        Ok(Self { town, others, proxy, seat, resident: Resident::number(1_112_233), accounts, _folder: folder })
    }

    /// All processes of the server.
    fn servers(&self) -> impl Iterator<Item = &ServerProgram> {
        iter::once(&self.town.server).chain(&self.others)
    }

    /// One of them.
    fn server(&mut self, number: usize) -> &mut ServerProgram {
        match number {
            0 => &mut self.town.server,
            number => &mut self.others[number - 1],
        }
    }

    fn assert_exactly_once(&self) -> anyhow::Result<()> {
        let held = self.town.inspect()?;
        let reading = held.exactly_once(SERIAL, &CHANGED_STEPS)?;
        anyhow::ensure!(reading.captured_ms <= reading.received_ms, "captured after it arrived");
        Ok(())
    }
}

/// Enters a reading over a network with `faults`, and waits until it is accepted.
async fn over(faults: Faults, sent_at_least: u32) -> anyhow::Result<()> {
    let scene = Scene::set().await?;
    let core = scene.seat.start()?;
    scene.resident.register(&core, &scene.town).await?;
    scene.resident.attach(&core, &scene.accounts[0]).await?;
    scene.proxy.set(faults);
    submit(&core, SERIAL, CHANGED).await?;
    accepted(&core, SERIAL, CHANGED).await?;
    anyhow::ensure!(
        scene.proxy.delivered() >= sent_at_least,
        "the fault did not happen: {} requests",
        scene.proxy.delivered()
    );
    scene.assert_exactly_once()
}

#[tokio::test]
async fn answers_that_are_lost_make_no_second_reading() -> anyhow::Result<()> {
    over(Faults { lose_answers: 2, feed_after: 3, ..Faults::default() }, 3).await
}

#[tokio::test]
async fn a_request_that_arrives_twice_makes_no_second_reading() -> anyhow::Result<()> {
    over(Faults { duplicate: 1, ..Faults::default() }, 2).await
}

#[tokio::test]
async fn a_request_cut_in_the_middle_is_sent_again() -> anyhow::Result<()> {
    over(Faults { cut_requests: 2, ..Faults::default() }, 1).await
}

#[tokio::test]
async fn slow_answers_make_no_second_reading() -> anyhow::Result<()> {
    over(Faults { delay: Duration::from_millis(1500), ..Faults::default() }, 1).await
}

#[tokio::test]
async fn a_start_without_a_connection_keeps_the_queue() -> anyhow::Result<()> {
    let scene = Scene::set().await?;
    let core = scene.seat.start()?;
    scene.resident.register(&core, &scene.town).await?;
    scene.resident.attach(&core, &scene.accounts[0]).await?;
    scene.proxy.cut().await;
    submit(&core, SERIAL, CHANGED).await?;
    core.kill_9()?;
    let core = scene.seat.start()?;
    let waiting = core
        .await_in("queue", json!({}), |queue| queue["waiting"].as_array().map(Vec::len).filter(|count| *count > 0))
        .await?;
    anyhow::ensure!(waiting == 1, "one entry was queued, {waiting} are there");
    Ok(())
}
