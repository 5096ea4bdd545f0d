//! Photos and files on this computer: added before the operation that needs them, read by whoever shows or sends them.

use super::heart::Heart;
use super::{Engine, Storage};
use crate::blobs::{BlobError, BlobName, BlobPart, BlobStore};
use crate::locked::locked;
use crate::store::{Fetched, KEPT, StoreError, blob_in};
use domain::FileId;
use outbox::{Blob, BlobState};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::io::{Read, Seek};
use std::ops::Range;
use std::sync::Arc;

/// How much is read at once to learn what a content is.
const PIECE: u64 = 1 << 20;

impl Engine {
    /// Stores what `content` holds, encrypted. When this returns it survives a power cut, and an operation may
    /// [need](super::NewOperation::needs) it. What no operation came to need is removed at the next start.
    pub async fn add_blob(&self, mut content: impl Read + Seek + Send + 'static) -> Result<BlobName, BlobError> {
        on_the_disk(&self.heart, move |blobs| blobs.add(&mut content)).await
    }

    /// A range of a blob, as much of it as there is.
    pub async fn read_blob(&self, name: BlobName, range: Range<u64>) -> Result<BlobPart, BlobError> {
        self.heart.blob(name, range).await
    }

    /// The name under which the server and the window know what a blob holds, by what lies on the disk.
    pub async fn content_of(&self, name: BlobName) -> Result<FileId, BlobError> {
        Ok(self.heart.content(name).await?.1)
    }

    /// Keeps a blob over restarts although no operation needs it, with a note. Durable when it returns.
    pub async fn keep_blob(&self, name: BlobName, note: Vec<u8>) -> Result<(), BlobError> {
        Ok(self.heart.outbox_db.set_secret(&format!("{KEPT}{name}"), Some(note)).done().await?)
    }

    /// Does not keep it any longer.
    pub async fn release_blob(&self, name: BlobName) -> Result<(), BlobError> {
        Ok(self.heart.outbox_db.set_secret(&format!("{KEPT}{name}"), None).done().await?)
    }

    /// The blobs that are kept, each with its note.
    pub async fn kept_blobs(&self) -> Result<Vec<(BlobName, Vec<u8>)>, BlobError> {
        let kept = self.heart.outbox_db.secrets(KEPT).done().await?;
        Ok(kept.into_iter().filter_map(|(name, note)| Some((blob_in(&name)?, note))).collect())
    }

    /// Whether an operation needs a blob.
    pub fn is_needed(&self, name: BlobName) -> bool {
        self.heart.queue().outbox.blob(name).is_some()
    }

    /// What was fetched to be looked at. Its blobs stay over restarts until they are forgotten.
    pub async fn fetched(&self) -> Result<Vec<Fetched>, StoreError> {
        self.heart.cache.fetched().done().await
    }

    /// Notes what was fetched, or that it was used.
    pub async fn note_fetched(&self, what: Fetched) -> Result<(), StoreError> {
        self.heart.cache.note_fetched(what).done().await
    }

    /// It is not to stay any longer.
    pub async fn forget_fetched(&self, name: &str) -> Result<(), StoreError> {
        self.heart.cache.forget_fetched(name.to_owned()).done().await
    }

    /// How much of a blob of this length the server has, in per cent, as far as this computer knows.
    pub fn sent(&self, name: BlobName, bytes: u64) -> u8 {
        let on_server = {
            let queue = self.heart.queue();
            queue.outbox.blob(name).is_some_and(|blob| blob.state == BlobState::OnServer)
        };
        if on_server {
            return 100;
        }
        let sent = self.heart.sent().get(&name).copied().unwrap_or(0);
        u8::try_from(sent.saturating_mul(100) / bytes.max(1)).unwrap_or(100).min(99)
    }

    /// Removes a blob, if no operation needs it.
    pub async fn remove_blob(&self, name: BlobName) -> Result<(), BlobError> {
        let heart = &self.heart;
        heart.usable().await?;
        let written = {
            let mut queue = heart.queue();
            let effects = queue.outbox.forget_blob(name).map_err(|_| BlobError::Needed)?;
            heart.write(&queue, effects)
        };
        heart.settle(written).await?;
        let asked = heart.clone();
        on_the_disk(heart, move |blobs| {
            // Under the lock of an entry: one that came to need it meanwhile keeps it.
            let queue = asked.queue();
            if queue.outbox.blob(name).is_some() {
                return Err(BlobError::Needed);
            }
            locked(&asked.contents).remove(&name);
            blobs.remove(name)
        })
        .await
    }
}

impl Heart {
    /// A range of a blob, as much of it as there is.
    pub(crate) async fn blob(self: &Arc<Self>, name: BlobName, range: Range<u64>) -> Result<BlobPart, BlobError> {
        on_the_disk(self, move |blobs| blobs.read(name, range)).await
    }

    /// The size of a blob and the SHA-256 of its plain content, under which the server knows it. Read once as long as the
    /// program runs: a blob never changes.
    pub(crate) async fn content(self: &Arc<Self>, name: BlobName) -> Result<(u64, FileId), BlobError> {
        if let Some(known) = locked(&self.contents).get(&name) {
            return Ok(*known);
        }
        let (mut hash, mut at) = (Sha256::new(), 0);
        loop {
            let part = self.blob(name, at..at + PIECE).await?;
            hash.update(&part.bytes);
            at += part.bytes.len() as u64;
            if part.bytes.is_empty() || at >= part.total {
                let content = (part.total, FileId::of(hash.finalize().into()));
                locked(&self.contents).insert(name, content);
                return Ok(content);
            }
        }
    }
}

/// Removes the files that no row names and nobody keeps, and says if a row names a file that is not there.
pub(super) fn tidy(store: &BlobStore, blobs: &[Blob], kept: impl Iterator<Item = BlobName>) {
    let names: BTreeSet<_> = blobs.iter().map(|blob| blob.name).collect();
    store.keep_only(&names.iter().copied().chain(kept).collect());
    let missing = store.missing(names).len();
    if missing > 0 {
        tracing::error!(missing, "blobs that operations need are not on the disk");
    }
}

/// Works with the disk where it holds up nobody; a simulation does it on the spot.
async fn on_the_disk<T: Send + 'static>(
    heart: &Arc<Heart>,
    work: impl FnOnce(&BlobStore) -> Result<T, BlobError> + Send + 'static,
) -> Result<T, BlobError> {
    if heart.stop.is_cancelled() {
        return Err(BlobError::Closed);
    }
    match heart.storage {
        Storage::Inline => work(&heart.blobs),
        Storage::Threads => {
            let blobs = heart.blobs.clone();
            tokio::task::spawn_blocking(move || work(&blobs)).await.unwrap_or(Err(BlobError::Closed))
        }
    }
}
