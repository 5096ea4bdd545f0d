//! Photos and files on this computer: added before the operation that needs them, read by whoever shows or sends them.

use super::heart::Heart;
use super::{Engine, Storage};
use crate::blobs::{BlobError, BlobName, BlobPart, BlobStore};
use outbox::Blob;
use std::collections::BTreeSet;
use std::io::{Read, Seek};
use std::ops::Range;
use std::sync::Arc;

impl Engine {
    /// Stores what `content` holds, encrypted. When this returns it survives a power cut, and an operation may
    /// [need](super::NewOperation::needs) it. What no operation came to need is removed at the next start.
    pub async fn add_blob(&self, mut content: impl Read + Seek + Send + 'static) -> Result<BlobName, BlobError> {
        on_the_disk(&self.heart, move |blobs| blobs.add(&mut content)).await
    }

    /// A range of a blob, as much of it as there is.
    pub async fn read_blob(&self, name: BlobName, range: Range<u64>) -> Result<BlobPart, BlobError> {
        on_the_disk(&self.heart, move |blobs| blobs.read(name, range)).await
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
            if queue.outbox.blob(name).is_some() { Err(BlobError::Needed) } else { blobs.remove(name) }
        })
        .await
    }
}

/// Removes the files that no row names, and says if a row names a file that is not there.
pub(super) fn tidy(store: &BlobStore, blobs: &[Blob]) {
    let names: BTreeSet<_> = blobs.iter().map(|blob| blob.name).collect();
    store.keep_only(&names);
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
