//! What a person and the network do, drawn from a seed.

use crate::desk::{Desk, rename};
use crate::facts::Fact;
use client::engine::{Engine, EngineEvent, Storage, Withdrawal};
use domain::OperationId;
use futures_util::future::join_all;
use outbox::{Need, State};
use power_cut::{Deed, Fault, Refusal};
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng, rngs::StdRng};
use std::io::Cursor;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::broadcast::Receiver;

/// How many things are done.
const MOVES: usize = 60;

struct Story<'a> {
    desk: &'a Desk,
    engine: Arc<Engine>,
    events: Receiver<EngineEvent>,
    dice: StdRng,
    secrets: u64,
}

/// Entering, changing, taking back, photos, secrets; a line that comes and goes and loses answers; the program closed
/// and opened again.
pub async fn offline_and_online(desk: &Desk, seed: u64) {
    let engine = desk.open(desk.dir.path(), Storage::Inline).expect("opens");
    let events = engine.subscribe();
    let mut story = Story { desk, engine, events, dice: StdRng::seed_from_u64(seed), secrets: 0 };
    {
        let mut town = desk.town.state();
        town.dice = StdRng::seed_from_u64(seed);
        (town.losses, town.rejections) = (4, 2);
    }
    for _ in 0..MOVES {
        story.step().await;
        story.hear();
    }
    story.engine.close().await;
    desk.town.state().online = false;
}

impl Story<'_> {
    async fn step(&mut self) {
        let (desk, engine) = (self.desk, self.engine.clone());
        match self.dice.random_range(0..20) {
            0..6 => drop(desk.enter(&engine, self.entry([]), None).await),
            6..9 => {
                let old = self.one(|_| true);
                let entry = self.entry([]);
                desk.enter(&engine, entry, old).await;
            }
            9 | 10 => self.take_back().await,
            11 => self.decide().await,
            12 | 13 => self.photo().await,
            14 => {
                self.secrets += 1;
                let value = self.secrets.to_le_bytes();
                engine.set_secret("refresh", Some(&value)).await.expect("kept");
                desk.tell(Fact::Secret(self.secrets));
            }
            15 => {
                engine.close().await;
                self.engine = desk.open(desk.dir.path(), Storage::Inline).expect("opens again");
                self.events = self.engine.subscribe();
            }
            16 => {
                let mut town = desk.town.state();
                town.online = !town.online;
            }
            _ => {
                engine.person_back();
                // Nobody waits for real: time goes on when everybody waits.
                tokio::time::sleep(Duration::from_millis(self.dice.random_range(0..20_000))).await;
            }
        }
    }

    fn entry(&mut self, needs: impl IntoIterator<Item = Need>) -> client::engine::NewOperation {
        let name = "Кухня ".repeat(self.dice.random_range(1..40));
        rename(self.dice.random_range(1..5), &name, needs)
    }

    fn one(&mut self, of: impl Fn(&State) -> bool) -> Option<OperationId> {
        let queue = self.engine.read().expect("read").queue;
        let some: Vec<_> =
            queue.iter().filter(|operation| of(&operation.state)).map(|operation| operation.id).collect();
        some.choose(&mut self.dice).copied()
    }

    async fn take_back(&mut self) {
        let Some(id) = self.one(State::is_waiting) else { return };
        match self.engine.withdraw(id).await.expect("taken back") {
            Withdrawal::Done => self.desk.tell(Fact::TakenBack(id)),
            Withdrawal::Asked => self.desk.tell(Fact::Asked(id)),
        }
    }

    async fn decide(&mut self) {
        let Some(id) = self.one(State::blocks_lane) else { return };
        if self.dice.random() {
            self.engine.discard(id).await.expect("given up");
            self.desk.tell(Fact::GivenUp(id));
        } else {
            let again = self.engine.retry(id).await.expect("repeated");
            self.desk.entered(&self.engine, again.id, again.replaced);
        }
    }

    async fn photo(&mut self) {
        let content = vec![self.dice.random::<u8>(); self.dice.random_range(1..70_000)];
        let blob = self.engine.add_blob(Cursor::new(content)).await.expect("stored");
        self.desk.tell(Fact::Stored(blob));
        let entry = self.entry([Need::Blob(blob)]);
        let id = self.desk.enter(&self.engine, entry, None).await;
        self.desk.tell(Fact::Needs(id, blob));
    }

    /// What the engine says by itself.
    fn hear(&mut self) {
        while let Ok(event) = self.events.try_recv() {
            if let EngineEvent::Decided { id, outcome } = event {
                self.desk.tell(Fact::Decided { id, outcome });
            }
        }
    }
}

/// Databases on threads of their own, and groups of entries that share a commit.
pub async fn many_at_once(desk: &Desk, seed: u64) {
    let engine = desk.open(desk.dir.path(), Storage::Threads).expect("opens");
    let mut dice = StdRng::seed_from_u64(seed);
    for _ in 0..12 {
        let count = dice.random_range(1..25);
        let entries: Vec<_> = (0..count).map(|_| rename(dice.random_range(1..9), "Ванная", [])).collect();
        join_all(entries.into_iter().map(|entry| desk.enter(&engine, entry, None))).await;
    }
    engine.close().await;
}

/// A disk that refuses now and then, or is full: whoever is told that nothing was saved tries again, and the program
/// goes on without a restart.
pub async fn a_failing_disk(desk: &Desk, seed: u64) {
    let engine = desk.open(desk.dir.path(), Storage::Inline).expect("opens");
    let mut events = engine.subscribe();
    let mut dice = StdRng::seed_from_u64(seed);
    {
        let mut town = desk.town.state();
        town.dice = StdRng::seed_from_u64(seed);
        (town.online, town.losses) = (true, 3);
    }
    let mut refused = 0;
    for _ in 0..25 {
        if dice.random_ratio(1, 4) {
            desk.disk.room(dice.random_range(0..20_000));
        } else {
            desk.disk.refuse(Fault {
                on: [None, Some(Deed::Write), Some(Deed::Sync), Some(Deed::Name)][dice.random_range(0..4)],
                after: dice.random_range(0..12),
                times: [1, 3, u64::MAX][dice.random_range(0..3)],
                refusal: if dice.random() { Refusal::Broken } else { Refusal::NoRoom },
            });
        }
        for _ in 0..4 {
            match engine.enqueue(rename(dice.random_range(1..5), &"Кухня ".repeat(50), []), None).await {
                Ok(entered) => desk.entered(&engine, entered.id, entered.replaced),
                Err(_) => refused += 1,
            }
        }
        if let Ok(blob) = engine.add_blob(Cursor::new(vec![dice.random::<u8>(); 9_000])).await {
            desk.tell(Fact::Stored(blob));
            if let Ok(entered) = engine.enqueue(rename(9, "Фото", [Need::Blob(blob)]), None).await {
                desk.entered(&engine, entered.id, entered.replaced);
                desk.tell(Fact::Needs(entered.id, blob));
            }
        }
        tokio::time::sleep(Duration::from_millis(dice.random_range(0..20_000))).await;
        desk.disk.mend();
        // The first try may still meet what the failure left in memory.
        let mut entered = engine.enqueue(rename(1, "Снова", []), None).await;
        if entered.is_err() {
            entered = engine.enqueue(rename(1, "Снова", []), None).await;
        }
        let entered = entered.expect("the disk is mended, and the program goes on");
        desk.entered(&engine, entered.id, entered.replaced);
        while let Ok(event) = events.try_recv() {
            if let EngineEvent::Decided { id, outcome } = event {
                desk.tell(Fact::Decided { id, outcome });
            }
        }
        for id in desk.facts.texts().into_keys() {
            assert!(engine.operation(id).is_some(), "{id} was told as kept and is not shown any more");
        }
    }
    assert!(refused > 10, "the disk refused {refused} entries");
    desk.town.state().online = false;
    engine.close().await;
}
