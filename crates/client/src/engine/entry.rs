//! What a person does with the queue: enter, repeat, take back, give up.

use super::Engine;
use super::heart::Heart;
use crate::locked::locked;
use crate::store::StoreError;
use domain::{Capture, OperationId, Source, UserId};
use outbox::{Blob, BlobState, Need, Record, State};
use std::collections::BTreeSet;
use wire::operation::{Body, Operation, Sealed};
use wire::problem::Rejection;

/// Something to be done, as the person entered it.
#[derive(Debug, Clone)]
pub struct NewOperation {
    /// What is asked.
    pub body: Body,
    /// The version of the entity that the person saw.
    pub base_version: Option<i64>,
    /// For whom, when somebody else enters it.
    pub on_behalf_of: Option<UserId>,
    /// What goes first: the smaller number; [`outbox::WHENEVER`] when nothing is urgent. For a reading of a closing
    /// window: its last day as a number of days.
    pub priority: i64,
    /// What has to be there before it goes out: operations that were entered, blobs that were [added](Engine::add_blob).
    pub needs: BTreeSet<Need>,
}

/// What became of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Enqueued {
    /// The operation that was made.
    pub id: OperationId,
    /// The operation whose place it took. `None` when it is one of its own, also when the one that was to be replaced
    /// may have left this computer.
    pub replaced: Option<OperationId>,
}

/// What became of a wish to take something back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Withdrawal {
    /// Taken back: it never left this computer.
    Done,
    /// It may have left: the server is being asked.
    Asked,
}

/// The time as the engine believes it.
#[derive(Debug, Clone, PartialEq)]
pub struct Moment {
    /// Milliseconds since 1970 UTC, by the server's clock as far as it is known, else by the wall clock.
    pub ms: i64,
    /// The same with all that is known about its sureness; goes into an envelope.
    pub capture: Capture,
}

impl Engine {
    /// Puts something into the queue. Returns when it is durable. With `replaces`, takes the place of that operation
    /// if it was never sent, was rejected or needs attention; if it may have left, a second operation is made.
    pub async fn enqueue(&self, new: NewOperation, replaces: Option<OperationId>) -> Result<Enqueued, StoreError> {
        self.enqueue_and_forget(new, replaces, None).await
    }

    /// The same, and in the same commit forgets a [secret](Engine::set_secret): the draft that was entered.
    pub async fn enqueue_and_forget(
        &self,
        new: NewOperation,
        replaces: Option<OperationId>,
        secret: Option<&str>,
    ) -> Result<Enqueued, StoreError> {
        let heart = &self.heart;
        heart.usable().await?;
        let forgotten = secret.map(|name| (super::own(name), None)).into_iter().collect();
        let (enqueued, written) = enter(heart, new, replaces, forgotten)?;
        heart.settle(written).await?;
        Ok(enqueued)
    }

    /// «Повторить»: a rejected operation goes again under a new id, entered now; a waiting one is tried now.
    pub async fn retry(&self, id: OperationId) -> Result<Enqueued, StoreError> {
        let record = self.heart.record(id)?;
        if record.state.is_waiting() {
            self.heart.hurry();
            return Ok(Enqueued { id, replaced: None });
        }
        if !record.state.blocks_lane() {
            return Err(StoreError::NotPossible(id));
        }
        let old = record.sealed.as_ref().and_then(|sealed| sealed.open().ok()).ok_or(StoreError::NotPossible(id))?;
        // Whoever repeats after a conflict has seen the other version.
        let base_version = match record.state {
            State::Rejected { rejection: Rejection::Changed { version }, .. } => Some(version),
            _ => old.base_version,
        };
        let mut needs = record.needs;
        {
            // What is not kept any more was applied long ago.
            let queue = self.heart.queue();
            needs.retain(|need| !matches!(need, Need::Operation(id) if queue.outbox.get(*id).is_none()));
        }
        let (on_behalf_of, priority) = (old.on_behalf_of, record.priority);
        let new = NewOperation { body: old.body, base_version, on_behalf_of, priority, needs };
        self.enqueue(new, Some(id)).await
    }

    /// «Отозвать».
    pub async fn withdraw(&self, id: OperationId) -> Result<Withdrawal, StoreError> {
        let heart = &self.heart;
        heart.usable().await?;
        let now = heart.now();
        let (withdrawal, written) = {
            let mut queue = heart.queue();
            let known = queue.outbox.get(id).is_some();
            let (withdrawal, effects) = queue.outbox.withdraw(id, now).map_err(|_| refusal(known, id))?;
            (withdrawal, heart.write(&queue, effects))
        };
        heart.settle(written).await?;
        Ok(match withdrawal {
            outbox::Withdrawal::Done => Withdrawal::Done,
            outbox::Withdrawal::Asked => Withdrawal::Asked,
        })
    }

    /// «Убрать»: the person gives up a rejected operation or one that needs attention.
    pub async fn discard(&self, id: OperationId) -> Result<(), StoreError> {
        let heart = &self.heart;
        heart.usable().await?;
        let now = heart.now();
        let written = {
            let mut queue = heart.queue();
            let known = queue.outbox.get(id).is_some();
            let effects = queue.outbox.discard(id, now).map_err(|_| refusal(known, id))?;
            heart.write(&queue, effects)
        };
        heart.settle(written).await?;
        Ok(())
    }
}

fn refusal(known: bool, id: OperationId) -> StoreError {
    if known { StoreError::NotPossible(id) } else { StoreError::Unknown(id) }
}

/// Through what an operation comes: a ticket that is taken by telephone comes through that.
fn source_of(heart: &Heart, body: &Body) -> Source {
    match body {
        Body::RegisterTicket(_) => Source::Phone,
        _ => *locked(&heart.source),
    }
}

/// The blobs among the needs. All of them are on the disk.
fn here(heart: &Heart, needs: &BTreeSet<Need>) -> Result<Vec<Blob>, StoreError> {
    let names = needs.iter().filter_map(|need| match need {
        Need::Blob(name) => Some(*name),
        Need::Operation(_) => None,
    });
    let blob = |name| {
        let bytes = heart.blobs.len(name).map_err(|_| StoreError::NoBlob)?;
        Ok(Blob { name, bytes, state: BlobState::Here })
    };
    names.map(blob).collect()
}

/// Seals and enters, under one lock: the sequence in the sealed bytes is the one that this entry uses up.
fn enter(
    heart: &Heart,
    new: NewOperation,
    replaces: Option<OperationId>,
    secrets: Vec<(String, Option<Vec<u8>>)>,
) -> Result<(Enqueued, super::heart::Written), StoreError> {
    let id = OperationId::new(heart.random_id());
    let now = heart.now();
    let moment = heart.moment();
    let mut queue = heart.queue();
    if queue.broken {
        return Err(StoreError::Closed);
    }
    if let Some(unknown) = replaces.filter(|id| queue.outbox.get(*id).is_none()) {
        return Err(StoreError::Unknown(unknown));
    }
    let replaced = replaces.filter(|id| queue.outbox.is_replaceable(*id));
    // Asked under the lock that forgetting a blob takes: from here on it is needed, and stays.
    let blobs = here(heart, &new.needs)?;
    let device = queue.outbox.device();
    let lane = new.body.lane(heart.user);
    let operation = Operation {
        id,
        actor: heart.user,
        on_behalf_of: new.on_behalf_of,
        source: source_of(heart, &new.body),
        incarnation: device.incarnation,
        device_seq: device.next_seq,
        lane,
        captured: moment.capture,
        base_version: new.base_version,
        replaces: replaced,
        body: new.body,
    };
    let sealed = Sealed::seal(&operation).map_err(|error| StoreError::Form(error.to_string()))?;
    let record = Record::new(id, sealed, lane, new.priority, moment.ms).needing(new.needs);
    let refused = |_| StoreError::NotPossible(id);
    let effects = queue.outbox.enqueue(record, &blobs, replaced, now).map_err(refused)?;
    let written = heart.write_with(&queue, effects, secrets);
    Ok((Enqueued { id, replaced }, written))
}
