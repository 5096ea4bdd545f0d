//! Contents that are only on the server are fetched piece by piece, each kept encrypted at once: whoever is cut off, or
//! killed, goes on at the piece that is missing. The whole is kept only if it is what its name says.

use super::{Files, Name, What, apart, picture};
use crate::calls::CallError;
use crate::engine::Engine;
use crate::report::Fault;
use crate::view::Failure;
use async_trait::async_trait;
use bytes::Bytes;
use domain::attachment::media::HEAD;
use domain::{FileId, Media};
use sha2::{Digest, Sha256};
use std::io::Cursor;
use std::ops::Range;

/// What is asked for at once.
const PIECE: u64 = 1 << 20;
/// More than this is no file that a utility takes: whoever sends it is not believed.
const MOST: u64 = 1 << 30;

/// Who asks the server for bytes in the person's name.
#[async_trait]
pub(crate) trait Bringer: Sync {
    /// A range of what is at this path, as much as there is; everything without a range.
    async fn bring(&self, path: &str, range: Option<Range<u64>>) -> Result<Bytes, CallError>;
}

impl Files {
    /// Makes sure that a content is here.
    pub(crate) async fn fetch(&self, engine: &Engine, server: &dyn Bringer, file: FileId) -> Result<(), Fault> {
        if self.get(Name::Whole(file)).is_some() {
            return Ok(());
        }
        let path = format!("/v1/files/{file}");
        let mut whole = Vec::new();
        for number in 0.. {
            let piece = self.piece(engine, server, &path, Name::Piece(file, number)).await?;
            whole.extend_from_slice(&piece);
            if (piece.len() as u64) < PIECE {
                break;
            }
            if whole.len() as u64 > MOST {
                return Err(Failure::ServerBusy.into());
            }
        }
        let (whole, told, what) = apart(move || {
            let told = FileId::of(Sha256::digest(&whole).into());
            let media = Media::of(&whole[..whole.len().min(HEAD)]);
            let size = media.and_then(|media| picture::size(&whole, media));
            let media = media.map_or("application/octet-stream", Media::name).to_owned();
            let what = What { media, bytes: whole.len() as u64, size };
            (whole, told, what)
        })
        .await?;
        let taken = if told == file { self.take(engine, Name::Whole(file), whole, what).await } else { Ok(()) };
        self.forget_pieces(engine, file).await?;
        taken?;
        if told == file {
            return Ok(());
        }
        tracing::warn!("what came is not the content that was asked for");
        Err(Failure::ServerBusy.into())
    }

    /// Keeps something that came, to be looked at.
    pub(super) async fn take(&self, engine: &Engine, name: Name, bytes: Vec<u8>, what: What) -> Result<(), Fault> {
        let _turn = self.turn.lock().await;
        if self.get(name).is_none() {
            let blob = engine.add_blob(Cursor::new(bytes)).await?;
            self.note(engine, name, blob, what).await?;
        }
        Ok(())
    }

    /// A piece, kept from before or fetched now.
    async fn piece(&self, engine: &Engine, server: &dyn Bringer, path: &str, name: Name) -> Result<Bytes, Fault> {
        if let Some(here) = self.get(name)
            && let Ok(part) = engine.read_blob(here.blob, 0..PIECE).await
        {
            return Ok(part.bytes.into());
        }
        let Name::Piece(_, number) = name else { return Ok(Bytes::new()) };
        let from = u64::from(number) * PIECE;
        let bytes = server.bring(path, Some(from..from + PIECE)).await?;
        // The last one makes the whole, which is kept instead. One that is too long is not ours.
        if bytes.len() as u64 == PIECE {
            let what = What { bytes: PIECE, ..What::default() };
            self.take(engine, name, bytes.to_vec(), what).await?;
        }
        Ok(bytes)
    }

    async fn forget_pieces(&self, engine: &Engine, file: FileId) -> Result<(), Fault> {
        let pieces = Name::Piece(file, 0)..=Name::Piece(file, u32::MAX);
        let pieces = self.here().range(pieces).map(|(name, _)| *name).collect();
        self.forget(engine, pieces).await
    }
}
