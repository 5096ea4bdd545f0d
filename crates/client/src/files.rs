//! Photos and files of a person on this computer, by their content.
//!
//! The server and the window know a content by its SHA-256, the disk by the name of its blob, which tells nothing. What was
//! *added* here is kept in the file of the queue until it is sent and no draft names it. From then on, like what was
//! *fetched* and like small pictures, it is only here to be looked at: noted in the mirror's file, and the least recently
//! used goes when all of it is more than the person wants to give ([`evicting`]).

mod adding;
mod bills;
mod evicting;
mod fetching;
mod handing;
mod name;
mod picture;
mod reading;

pub(crate) use adding::refused;
pub(crate) use bills::BillPdf;
pub(crate) use fetching::Bringer;
pub(crate) use handing::{private_folder, remove_copies};
pub(crate) use name::Name;

use crate::engine::Engine;
use crate::locked::locked;
use crate::overlay::tickets::attachments::{Facts, added};
use crate::report::Fault;
use crate::store::Fetched;
use crate::view::{DraftView, Failure, Field, FieldProblem};
use domain::{AttachmentLimits, FileId, FileName};
use outbox::{BlobName, Need};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard};
use tokio::sync::Semaphore;
use wire::ticket::Enclosure;

/// What is on this computer.
pub(crate) struct Files {
    here: Mutex<BTreeMap<Name, Here>>,
    /// Held while something comes or goes, so that nothing goes that just came again.
    turn: tokio::sync::Mutex<()>,
    /// Held while a picture is made smaller: one large picture fills enough memory.
    pictures: Semaphore,
}

/// Something that is on this computer.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Here {
    blob: BlobName,
    what: What,
    used_ms: i64,
    /// Whether it was added here and is kept for that.
    kept: bool,
}

/// What is known of a content.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct What {
    /// `image/jpeg`.
    media: String,
    /// Bytes.
    bytes: u64,
    /// Width and height of a picture.
    size: Option<(u32, u32)>,
}

/// The note of a content that was added.
#[derive(Serialize, Deserialize)]
struct Added {
    file: FileId,
    what: What,
}

impl Files {
    /// Reads what is here.
    pub(crate) async fn open(engine: &Engine) -> Result<Self, Fault> {
        let mut here = BTreeMap::new();
        for fetched in engine.fetched().await? {
            let (Ok(name), Ok(what)) = (fetched.name.parse(), serde_json::from_str(&fetched.facts)) else { continue };
            here.insert(name, Here { blob: fetched.blob, what, used_ms: fetched.used_ms, kept: false });
        }
        let now_ms = engine.now().ms;
        for (blob, note) in engine.kept_blobs().await? {
            if let Ok(Added { file, what }) = serde_json::from_slice(&note) {
                here.insert(Name::Whole(file), Here { blob, what, used_ms: now_ms, kept: true });
            }
        }
        Ok(Self { here: Mutex::new(here), turn: tokio::sync::Mutex::default(), pictures: Semaphore::new(1) })
    }

    /// What is known of a content that is here.
    pub(crate) fn facts(&self, engine: &Engine, file: FileId) -> Option<Facts> {
        let Here { blob, what, .. } = self.get(Name::Whole(file))?;
        let sent = engine.sent(blob, what.bytes);
        Some(Facts { media: what.media, bytes: what.bytes, size: what.size, sent })
    }

    /// Says again of a draft's files what is known of them now; those that are not here any more go.
    pub(crate) fn refresh(&self, engine: &Engine, draft: &mut DraftView) {
        draft.files.retain_mut(|file| {
            let known = file.attachment.file.parse().ok().and_then(|id| Some((id, self.facts(engine, id)?)));
            let Some((id, facts)) = known else { return false };
            file.attachment = added(id, &FileName::new(&file.attachment.name), facts);
            true
        });
    }

    /// The files of a draft as they go with what is sent, and the blobs that it needs.
    pub(crate) fn enclose(
        &self,
        draft: &DraftView,
        limits: AttachmentLimits,
    ) -> Result<(Vec<Enclosure>, BTreeSet<Need>), Failure> {
        if draft.files.len() > usize::from(limits.files) {
            let problem = FieldProblem::TooManyFiles { max: u32::from(limits.files) };
            return Err(Failure::Field { field: Field::File, problem });
        }
        let (mut enclosures, mut needs) = (Vec::new(), BTreeSet::new());
        for file in &draft.files {
            let id: FileId = file.attachment.file.parse().map_err(|_| Failure::Gone)?;
            let here = self.get(Name::Whole(id)).ok_or(Failure::Gone)?;
            needs.insert(Need::Blob(here.blob));
            enclosures.push(Enclosure { file: id, name: FileName::new(&file.attachment.name) });
        }
        Ok((enclosures, needs))
    }

    /// Notes something that is only here to be looked at.
    async fn note(&self, engine: &Engine, name: Name, blob: BlobName, what: What) -> Result<(), Fault> {
        let used_ms = engine.now().ms;
        let facts = serde_json::to_string(&what).map_err(|error| Fault::Defect(error.to_string()))?;
        let bytes = what.bytes;
        engine.note_fetched(Fetched { name: name.to_string(), blob, bytes, used_ms, facts }).await?;
        self.here().insert(name, Here { blob, what, used_ms, kept: false });
        Ok(())
    }

    fn get(&self, name: Name) -> Option<Here> {
        self.here().get(&name).cloned()
    }

    fn here(&self) -> MutexGuard<'_, BTreeMap<Name, Here>> {
        locked(&self.here)
    }
}

/// Does what takes a while where it holds up no task.
async fn apart<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Fault> {
    tokio::task::spawn_blocking(work).await.map_err(|error| Fault::Defect(error.to_string()))
}
