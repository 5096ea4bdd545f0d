//! What must be true after a power cut.

use crate::desk::{Desk, KEY, rename};
use crate::facts::Fact;
use client::engine::{Engine, QueuedOperation, Storage};
use domain::OperationId;
use outbox::{Attention, State};
use power_cut::{Disk, Image};
use std::collections::BTreeMap;
use std::path::Path;
use tempfile::TempDir;
use wire::push::Outcome;

/// Opens the image as the program does, and looks whether everything that was told until `point` is true.
pub async fn check(desk: &Desk, image: &Image, point: usize) {
    let dir = TempDir::new().expect("a folder");
    let _disk = Disk::hurried(dir.path()).expect("watched");
    image.write_to(dir.path()).expect("written");
    let facts = desk.facts.until(point);
    stored(desk, dir.path(), &facts);
    let engine = desk.open(dir.path(), Storage::Inline).unwrap_or_else(|error| panic!("at {point}: {error}"));
    let queue = Queue::of(desk, &engine);
    whole(desk, &engine, &queue, point).await;
    for fact in &facts {
        holds(&engine, &queue, fact, &facts).await.unwrap_or_else(|why| panic!("at {point}: {fact:?}: {why}"));
    }
    nothing_vanishes(&engine, point);
    numbers_go_on(&engine, &facts, point).await;
    engine.close().await;
    sound(&dir.path().join("outbox.db"));
}

/// All operations of the workload that the queue has.
struct Queue(BTreeMap<OperationId, QueuedOperation>);

impl Queue {
    fn of(desk: &Desk, engine: &Engine) -> Self {
        let ids = desk.facts.texts().into_keys();
        Self(ids.filter_map(|id| Some((id, engine.operation(id)?))).collect())
    }

    fn find(&self, id: OperationId) -> Result<&QueuedOperation, String> {
        self.0.get(&id).ok_or_else(|| format!("{id} is lost"))
    }
}

async fn holds(engine: &Engine, queue: &Queue, fact: &Fact, facts: &[Fact]) -> Result<(), String> {
    let find = |id: &OperationId| queue.find(*id);
    let so = |so: bool, what: &dyn std::fmt::Debug| if so { Ok(()) } else { Err(format!("now {what:?}")) };
    match fact {
        Fact::Kept { id, text } => {
            let kept = find(id)?;
            let sealed = kept.sealed.as_ref().ok_or("the bytes are lost")?;
            so(sealed.text() == text, &"other bytes")
        }
        Fact::Replaced { old, by } => {
            let state = &find(old)?.state;
            so(*state == State::Replaced { by: *by }, state)
        }
        Fact::TakenBack(id) => {
            let state = &find(id)?.state;
            so(*state == State::Withdrawn, state)
        }
        Fact::Asked(id) => {
            let kept = find(id)?;
            so(kept.withdrawing || !kept.state.is_waiting(), &kept.state)
        }
        Fact::GivenUp(id) => {
            let state = &find(id)?.state;
            so(*state == State::Discarded, state)
        }
        Fact::Left(id) => so(find(id)?.ever_sent, &"as if it had never left"),
        Fact::Decided { id, outcome } => decided(&find(id)?.state, outcome),
        Fact::Secret(number) => {
            let kept = engine.secret("refresh").await.map_err(|error| error.to_string())?.ok_or("lost")?;
            let kept = u64::from_le_bytes(kept.try_into().map_err(|_| "of another length")?);
            let last = facts.iter().filter(|fact| matches!(fact, Fact::Secret(_))).count() as u64;
            // The one that was being written may be there already.
            so(kept >= *number && kept <= last + 1, &kept)
        }
        Fact::Numbered { .. } | Fact::Stored(_) | Fact::Needs(..) => Ok(()),
    }
}

fn decided(state: &State, outcome: &Outcome) -> Result<(), String> {
    let so = match outcome {
        Outcome::Applied { position } => {
            matches!(state, State::Acked { position: at } | State::Settled { position: at } if at == position)
        }
        Outcome::Withdrawn { .. } => *state == State::Withdrawn,
        Outcome::Rejected { .. } => {
            matches!(state, State::Rejected { .. } | State::Replaced { .. } | State::Discarded)
        }
        _ => true,
    };
    if so { Ok(()) } else { Err(format!("now {state:?}")) }
}

/// No operation is half there: not its bytes, not what it needs, not what it replaces.
async fn whole(desk: &Desk, engine: &Engine, queue: &Queue, point: usize) {
    let texts = desk.facts.texts();
    for (id, kept) in &queue.0 {
        let unreadable = State::Attention { why: Attention::Unreadable };
        assert!(kept.state != unreadable, "at {point}: {id} cannot be read");
        assert_eq!(kept.sealed.as_ref().map(|sealed| sealed.text()), Some(&texts[id][..]), "at {point}: {id}");
        if let State::Replaced { by } = kept.state {
            assert!(queue.find(by).is_ok(), "at {point}: {id} is replaced by nothing");
        }
        if let Some(old) = kept.operation.as_ref().and_then(|operation| operation.replaces) {
            let state = &queue.find(old).expect("what is replaced stays").state;
            assert_eq!(*state, State::Replaced { by: *id }, "at {point}: both {old} and {id} would be sent");
        }
    }
    let reading = engine.read().expect("read");
    for operation in reading.queue.iter().chain(&reading.accepted) {
        for blob in blobs_of(desk, operation.id) {
            let read = engine.read_blob(blob, 0..u64::MAX).await;
            assert!(read.is_ok(), "at {point}: a photo of {} is lost: {:?}", operation.id, read.err());
        }
    }
}

/// The photos of an entry, also when it was not told as kept yet.
fn blobs_of(desk: &Desk, id: OperationId) -> Vec<outbox::BlobName> {
    let of = |(_, fact): &(usize, Fact)| match fact {
        Fact::Needs(needing, blob) if *needing == id => Some(*blob),
        _ => None,
    };
    desk.facts.all().iter().filter_map(of).collect()
}

/// A blob that was told as stored is in its place, with the bytes it has there to this day.
fn stored(desk: &Desk, image: &Path, facts: &[Fact]) {
    let names = facts.iter().filter_map(|fact| if let Fact::Stored(name) = fact { Some(*name) } else { None });
    let check = |name: outbox::BlobName| {
        let path = Path::new("blobs").join(name.to_string());
        // One that no operation needs any more is removed at a start.
        if let Ok(now) = std::fs::read(desk.dir.path().join(&path)) {
            let kept = std::fs::read(image.join(&path)).unwrap_or_else(|error| panic!("a stored photo: {error}"));
            assert!(kept == now, "a stored photo is half there");
        }
    };
    names.for_each(check);
}

/// What was shown as accepted is still shown: by the mirror, or over it.
fn nothing_vanishes(engine: &Engine, point: usize) {
    let reading = engine.read().expect("read");
    let mirrored = reading.mirror.cursor().map_or(0, |cursor| cursor.seq);
    for operation in &reading.accepted {
        let position = operation.state.position().unwrap_or(0);
        assert!(
            position <= mirrored,
            "at {point}: {} is neither in the mirror ({mirrored}) nor over it: {:?}",
            operation.id,
            operation.state
        );
    }
}

/// The next entry takes a number that stands for nothing else, whoever has heard of it.
async fn numbers_go_on(engine: &Engine, facts: &[Fact], point: usize) {
    let mut numbers = BTreeMap::new();
    let known = facts.iter().filter_map(|fact| match fact {
        Fact::Numbered { life, number, id } => Some(((*life, *number), *id)),
        _ => None,
    });
    for (number, id) in known {
        let other = numbers.insert(number, id).filter(|other| *other != id);
        assert_eq!(other, None, "at {point}: {number:?} stands for two operations");
    }
    let new = engine.enqueue(rename(1, "После", []), None).await.expect("the queue takes entries again");
    let sealed = engine.operation(new.id).expect("kept").operation.expect("readable");
    let taken = numbers.get(&(sealed.incarnation, sealed.device_seq));
    assert_eq!(taken, None, "at {point}: the number {} is given again", sealed.device_seq);
}

/// The database is sound, page by page.
fn sound(path: &Path) {
    let connection = rusqlite::Connection::open(path).expect("opened");
    connection.execute_batch(&format!("PRAGMA key = \"x'{}'\"", hex::encode(KEY))).expect("keyed");
    let check: String = connection.query_row("PRAGMA integrity_check", [], |row| row.get(0)).expect("checked");
    assert_eq!(check, "ok");
}
