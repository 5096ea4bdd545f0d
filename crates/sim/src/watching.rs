//! What has to be true at every moment, on every computer that is awake: nothing that was kept is gone, and nothing that
//! was shown has vanished.

use crate::book::{Entry, Wish};
use crate::world::World;
use client::engine::{Engine, Reading};
use domain::OperationId;
use outbox::State;
use std::collections::BTreeSet;

impl World {
    /// Looks at all computers.
    pub fn watch(&mut self) -> anyhow::Result<()> {
        for computer in 0..self.computers.len() {
            if let Some(engine) = self.computers[computer].engine() {
                self.watch_one(computer, &engine)?;
            }
        }
        Ok(())
    }

    fn watch_one(&mut self, computer: usize, engine: &Engine) -> anyhow::Result<()> {
        let Some(reading) = self.computers[computer].look()? else { return Ok(()) };
        self.meet_unknown(computer, engine, &reading)?;
        let accepted: BTreeSet<OperationId> = reading.accepted.iter().map(|queued| queued.id).collect();
        let waiting: BTreeSet<OperationId> = reading.queue.iter().map(|queued| queued.id).collect();
        let (mut now_accepted, mut sent_again) = (Vec::new(), Vec::new());
        for entry in self.book.known_to(computer) {
            let kept = engine.operation(entry.id);
            let kept = kept.ok_or_else(|| anyhow::anyhow!("computer {computer}: what was kept is gone: {entry:?}"))?;
            let over = matches!(kept.state, State::Replaced { .. } | State::Discarded | State::Withdrawn);
            if over {
                anyhow::ensure!(
                    entry.wish != Wish::Stands || entry.is_mark(),
                    "nobody gave it up: {entry:?} is {:?}",
                    kept.state
                );
                continue;
            }
            let shown = waiting.contains(&entry.id) || accepted.contains(&entry.id);
            anyhow::ensure!(shown, "computer {computer} shows nothing of {entry:?}, which is {:?}", kept.state);
            if entry.accepted && waiting.contains(&entry.id) && kept.state.is_waiting() {
                self.tally.count("sent_again_after_a_restore");
                sent_again.push(entry.id);
            }
            if accepted.contains(&entry.id) {
                now_accepted.push(entry.id);
                mirrored(&reading, entry, self.book.accounts.get(&entry.meter().unwrap_or_else(nobodys)).copied())?;
            }
        }
        for (ids, yes) in [(now_accepted, true), (sent_again, false)] {
            for id in ids {
                if let Some(entry) = self.book.get_mut(id) {
                    entry.accepted = yes;
                }
            }
        }
        Ok(())
    }

    /// What a program kept before it died is found when it runs again.
    fn meet_unknown(&mut self, computer: usize, engine: &Engine, reading: &Reading) -> anyhow::Result<()> {
        // In the order of entry, as far as lanes are concerned: what was accepted stood before what waits.
        let mut unknown: Vec<_> = reading.accepted.iter().collect();
        unknown.sort_by_key(|queued| queued.decided_ms);
        unknown.extend(&reading.queue);
        unknown.retain(|queued| self.book.get(queued.id).is_none());
        let ids: Vec<OperationId> = unknown.iter().map(|queued| queued.id).collect();
        for id in ids {
            anyhow::ensure!(self.unsure[computer] > 0, "computer {computer} keeps {id}, which nobody entered");
            self.unsure[computer] -= 1;
            self.tally.count("entered_by_a_program_that_died");
            let operation = engine.operation(id).and_then(|kept| kept.operation);
            let operation = operation.ok_or_else(|| anyhow::anyhow!("{id} cannot be read"))?;
            self.book.add(computer, &operation, self.time.ms());
        }
        // What is not there by now was never kept.
        self.unsure[computer] = 0;
        Ok(())
    }
}

fn nobodys() -> domain::MeterId {
    domain::MeterId::new(uuid::Uuid::nil())
}

/// What counts as accepted is in the mirror, as long as the account and its meter are there.
fn mirrored(reading: &Reading, entry: &Entry, account: Option<domain::AccountId>) -> anyhow::Result<()> {
    let (Some((meter, id)), Some(account)) = (entry.reading(), account) else { return Ok(()) };
    let known = |kind, id| anyhow::Ok(reading.mirror.get(kind, id)?.is_some());
    // One that was detached and attached again comes in two steps: what is new of it, then all of it.
    if !known("account", account.uuid())? || !known("meter", meter.uuid())? {
        return Ok(());
    }
    let there = reading.mirror.get("reading", id.uuid())?.is_some();
    let at = reading.mirror.cursor();
    anyhow::ensure!(there, "accepted, and the mirror at {at:?} does not show it: {entry:?}");
    Ok(())
}
