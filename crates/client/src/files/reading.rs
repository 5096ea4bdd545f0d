//! Contents and small pictures on their way to the window.

use super::fetching::Bringer;
use super::{Files, Name, What, apart, picture};
use crate::blobs::{BlobError, BlobPart};
use crate::engine::Engine;
use crate::store::Fetched;
use domain::{FileId, Media};
use std::ops::Range;

/// How long a use is good for: the disk need not hear of every look.
const LATELY_MS: i64 = 60 * 60 * 1000;

impl Files {
    /// A range of something that is here.
    pub(crate) async fn read(&self, engine: &Engine, name: Name, range: Range<u64>) -> Result<BlobPart, BlobError> {
        let here = self.get(name).ok_or(BlobError::Missing)?;
        self.used(engine, name).await;
        engine.read_blob(here.blob, range).await
    }

    /// Makes sure that there is a small picture of a content: made of it, or fetched.
    pub(crate) async fn make_small(
        &self,
        engine: &Engine,
        server: &dyn Bringer,
        file: FileId,
    ) -> Result<(), BlobError> {
        let name = Name::Small(file);
        if self.get(name).is_some() {
            return Ok(());
        }
        let _turn = self.pictures.acquire().await.map_err(|_| BlobError::Closed)?;
        if self.get(name).is_some() {
            return Ok(());
        }
        let small = match self.get(Name::Whole(file)) {
            Some(here) => {
                let media = Media::named(&here.what.media).filter(|media| media.is_picture());
                let media = media.ok_or(BlobError::Missing)?;
                let whole = engine.read_blob(here.blob, 0..u64::MAX).await?.bytes;
                apart(move || picture::smaller(&whole, media)).await.unwrap_or_default()
            }
            None => {
                let brought = server.bring(&format!("/v1/files/{file}/thumbnail"), None).await;
                brought.ok().map(Vec::from).filter(|bytes| bytes.starts_with(&[0xff, 0xd8, 0xff]))
            }
        };
        let small = small.ok_or(BlobError::Missing)?;
        let what = What { media: "image/jpeg".to_owned(), bytes: small.len() as u64, size: None };
        self.take(engine, name, small, what).await.map_err(|fault| {
            tracing::warn!(?fault, "a small picture was not kept");
            BlobError::Missing
        })
    }

    /// What was used goes later than what was not.
    async fn used(&self, engine: &Engine, name: Name) {
        let now_ms = engine.now().ms;
        let fetched = {
            let mut all = self.here();
            let Some(here) = all.get_mut(&name).filter(|here| now_ms - here.used_ms > LATELY_MS) else { return };
            here.used_ms = now_ms;
            if here.kept {
                return;
            }
            let Ok(facts) = serde_json::to_string(&here.what) else { return };
            Fetched { name: name.to_string(), blob: here.blob, bytes: here.what.bytes, used_ms: now_ms, facts }
        };
        if let Err(error) = engine.note_fetched(fetched).await {
            tracing::warn!(%error, "that a file was looked at was not noted");
        }
    }
}
