//! What residents do in the window: enter, change, take back, repeat, give up.

use crate::book::Wish;
use crate::computer::Told;
use crate::world::World;
use client::engine::QueuedOperation;
use domain::OperationId;
use outbox::State;
use serde_json::{Value, json};

/// How the entry of a read mark is called.
pub const WHAT_WAS_READ: &str = "what was read";

impl World {
    /// A resident enters something on a computer that is on.
    pub async fn enter(&mut self, computer: usize) -> anyhow::Result<()> {
        match self.dice.index(16) {
            0..6 => self.enter_reading(computer).await,
            6..8 => self.rename(computer).await,
            8..10 => self.change_profile(computer).await,
            _ => self.about_tickets(computer).await,
        }
    }

    async fn enter_reading(&mut self, computer: usize) -> anyhow::Result<()> {
        let Some(meter) = self.a_meter(computer).await? else { return Ok(()) };
        let Some(last) = meter["last"]["values"][0].as_str().and_then(|text| text.parse::<f64>().ok()) else {
            return Ok(());
        };
        self.entered += 1;
        let litres = u32::try_from(self.entered).unwrap_or(u32::MAX);
        let value = format!("{:.3}", last + f64::from(litres) / 1000.0);
        let early = meter["entry"]["entry"] == "early";
        let args = json!({ "meter": meter["id"], "values": [value], "confirmed": [], "early": early });
        self.keep(computer, "reading_submit", args).await
    }

    async fn rename(&mut self, computer: usize) -> anyhow::Result<()> {
        let Some(meter) = self.a_meter(computer).await? else { return Ok(()) };
        self.entered += 1;
        let name = format!("Прибор {}", self.entered);
        self.keep(computer, "meter_rename", json!({ "meter": meter["id"], "name": name })).await
    }

    async fn change_profile(&mut self, computer: usize) -> anyhow::Result<()> {
        self.entered += 1;
        let email = format!("post{}@example.ru", self.entered);
        self.keep(computer, "profile_save", json!({ "name": "Смирнова Валентина Петровна", "email": email })).await
    }

    async fn a_meter(&mut self, computer: usize) -> anyhow::Result<Option<Value>> {
        let Told::Done(view) = self.computers[computer].call("readings", json!({ "account": null })).await? else {
            return Ok(None);
        };
        let meters = view["meters"].as_array().cloned().unwrap_or_default();
        if meters.is_empty() {
            return Ok(None);
        }
        Ok(Some(self.dice.pick(&meters).clone()))
    }

    /// Enters something and writes down what the program said that it kept.
    pub async fn keep(&mut self, computer: usize, command: &str, args: Value) -> anyhow::Result<()> {
        self.meet_before(computer).await?;
        let told = self.computers[computer].call(command, args).await?;
        self.kept(computer, command, told)
    }

    /// What was kept before goes into the book first.
    pub async fn meet_before(&mut self, computer: usize) -> anyhow::Result<()> {
        if self.unsure[computer] > 0 {
            self.call(computer, "queue", json!({})).await?;
            self.watch()?;
        }
        Ok(())
    }

    /// Writes down what became of a wish to enter something.
    pub fn kept(&mut self, computer: usize, command: &str, told: Told) -> anyhow::Result<()> {
        match told {
            Told::Done(Value::Null) => {}
            // It is kept, and the program dies before the person reads so. What was read is shown to nobody, so nobody would
            // meet it again when the program runs.
            Told::Done(_) if self.dice.percent(4) && command != WHAT_WAS_READ => {
                self.trace.note(format!("computer {computer}: {command}: kept, and killed"));
                self.tally.count("computer_killed");
                self.unsure[computer] += 1;
                self.computers[computer].kill()?;
            }
            Told::Done(done) => {
                let id = done["operation"].as_str().and_then(|text| text.parse::<OperationId>().ok());
                let id = id.ok_or_else(|| anyhow::anyhow!("{command} answered {done}"))?;
                self.trace.note(format!("computer {computer}: {command}: kept {id}"));
                if done["replaced"] == true {
                    self.tally.count("changed_in_place");
                }
                self.write_down(computer, id)?;
            }
            Told::Failed(failure) => self.trace.note(format!("computer {computer}: {command}: {failure:?}")),
            Told::Died => self.unsure[computer] += 1,
        }
        Ok(())
    }

    /// Writes down an operation that the program keeps. The program may have died the moment after.
    pub fn write_down(&mut self, computer: usize, id: OperationId) -> anyhow::Result<()> {
        let Some(engine) = self.computers[computer].engine() else {
            self.unsure[computer] += 1;
            return Ok(());
        };
        let kept = engine.operation(id).and_then(|kept| kept.operation);
        let operation = kept.ok_or_else(|| anyhow::anyhow!("{id} was told as kept and is not there"))?;
        let earlier = self.book.known_to(computer).any(|entry| entry.lane == operation.lane);
        if operation.replaces.is_none() && earlier {
            self.tally.count("second_operation");
        }
        self.book.add(computer, &operation, self.time.ms());
        Ok(())
    }

    /// A resident does something about what is in the queue.
    pub async fn touch_the_queue(&mut self, computer: usize) -> anyhow::Result<()> {
        let mut queue = self.computers[computer].look()?.map(|reading| reading.queue).unwrap_or_default();
        // What is not in the book yet is left alone until it is.
        queue.retain(|queued| self.book.get(queued.id).is_some());
        if queue.is_empty() {
            return Ok(());
        }
        let queued = self.dice.pick(&queue).clone();
        match queued.state {
            State::Rejected { .. } | State::Attention { .. } => self.cure(computer, &queued).await,
            _ if self.dice.percent(50) => self.take_back(computer, queued.id).await,
            _ => self.call(computer, "queue_send_now", json!({})).await.map(drop),
        }
    }

    async fn take_back(&mut self, computer: usize, id: OperationId) -> anyhow::Result<()> {
        let args = json!({ "operation": id.to_string() });
        let told = self.computers[computer].call("queue_withdraw", args).await?;
        let wish = match &told {
            Told::Done(done) if done["state"] == "withdrawn" => Wish::TakenBack,
            Told::Done(_) | Told::Died => Wish::Asked,
            Told::Failed(_) => return Ok(()),
        };
        self.trace.note(format!("computer {computer}: took back {id}: {wish:?}"));
        if wish == Wish::TakenBack {
            self.tally.count("taken_back_at_once");
        }
        if let Some(entry) = self.book.get_mut(id) {
            entry.wish = wish;
        }
        Ok(())
    }

    /// A rejected entry is repeated or given up.
    pub async fn cure(&mut self, computer: usize, queued: &QueuedOperation) -> anyhow::Result<()> {
        let args = json!({ "operation": queued.id.to_string() });
        let repeat = self.dice.percent(40);
        let command = if repeat { "queue_retry" } else { "queue_discard" };
        let before = self.ids(computer)?;
        let told = self.computers[computer].call(command, args).await?;
        self.trace.note(format!("computer {computer}: {command} {}: {told:?}", queued.id));
        match told {
            Told::Done(_) if repeat => {
                self.tally.count("repeated");
                let fresh: Vec<_> = self.ids(computer)?.into_iter().filter(|id| !before.contains(id)).collect();
                for id in fresh {
                    self.write_down(computer, id)?;
                }
            }
            Told::Done(_) => {
                self.tally.count("discarded");
                if let Some(entry) = self.book.get_mut(queued.id) {
                    entry.wish = Wish::GivenUp;
                }
            }
            Told::Died => {
                self.unsure[computer] += u32::from(repeat);
                if let Some(entry) = self.book.get_mut(queued.id) {
                    entry.wish = Wish::Asked;
                }
            }
            Told::Failed(_) => {}
        }
        Ok(())
    }

    fn ids(&self, computer: usize) -> anyhow::Result<Vec<OperationId>> {
        let queue = self.computers[computer].look()?.map(|reading| reading.queue).unwrap_or_default();
        Ok(queue.iter().map(|queued| queued.id).collect())
    }
}
