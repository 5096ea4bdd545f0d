//! Uploading: the files that operations need, one after another, by tus 1.0.
//!
//! Where an upload goes on stands in `outbox.db`, so a killed program goes on at the byte that the server has. How much
//! it has only the server says: it is asked whenever that is not sure.

use super::answer::Trouble;
use super::link::Told;
use crate::blobs::BlobError;
use crate::engine::heart::Heart;
use crate::ports::UploadStep;
use crate::store::StoreError;
use bytes::Bytes;
use domain::FileId;
use outbox::{Backoff, BlobName, Failure, Unsendable};
use std::sync::Arc;
use std::time::Duration;
use wire::problem::{Code, FileRefusal};

/// What goes in one request. A line that cannot carry so much before the request is given up still gets on: the server
/// keeps what came of it.
const PIECE: u64 = 512 << 10;
/// How often an upload that turns out to be over is begun anew before it is left alone for a while.
const ANEW: u32 = 2;

/// Why a file did not go.
enum Stop {
    /// It never will.
    Never(Unsendable),
    /// The way to the server, or the server.
    Trouble(Trouble),
    /// The file cannot be read here.
    Blob(BlobError),
    /// The disk.
    Store(StoreError),
}

impl From<Trouble> for Stop {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Problem(Code::TooLarge) => Self::Never(Unsendable::TooLarge),
            Trouble::Problem(Code::FileRefused { why }) => Self::Never(match why {
                FileRefusal::Empty => Unsendable::Empty,
                FileRefusal::Kind => Unsendable::Kind,
                FileRefusal::TooManyPixels => Unsendable::TooManyPixels,
            }),
            other => Self::Trouble(other),
        }
    }
}

impl From<BlobError> for Stop {
    fn from(error: BlobError) -> Self {
        match error {
            BlobError::Missing | BlobError::Damaged => Self::Never(Unsendable::Lost),
            other => Self::Blob(other),
        }
    }
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// Uploads until the engine closes.
pub(crate) async fn run(heart: Arc<Heart>) {
    let mut backoff = Backoff::new();
    loop {
        let wanted = heart.queue().outbox.wanted_blobs().first().copied();
        let mut wait = Duration::MAX;
        let is_idle = wanted.is_none();
        if let Some(name) = wanted {
            let sent = tokio::select! {
                biased;
                () = heart.stop.cancelled() => return,
                sent = send(&heart, name) => sent,
            };
            let sent = match sent {
                Err(Stop::Never(why)) => never(&heart, name, why).await,
                other => other,
            };
            let now = heart.now();
            match sent {
                Ok(()) => {
                    backoff.reset();
                    continue;
                }
                Err(stop) => backoff.fail(now.ms, now.jitter, asked_ms(&stop)),
            }
            let until = backoff.until(now.ms).unwrap_or(now.ms);
            wait = Duration::from_millis((until - now.ms).unsigned_abs());
        }
        tokio::select! {
            biased;
            () = heart.stop.cancelled() => return,
            () = heart.upload_wake.notified() => {}
            () = heart.file_wanted.notified(), if is_idle => {}
            () = tokio::time::sleep(wait) => {}
        }
    }
}

/// What needs the file waits for the person.
async fn never(heart: &Heart, name: BlobName, why: Unsendable) -> Result<(), Stop> {
    tracing::warn!(?why, "a file that an operation needs never reaches the server");
    heart.change(|outbox, now| outbox.unsendable(name, why, now)).await?;
    Ok(heart.outbox_db.set_secret(&key(name), None).done().await?)
}

/// How long the server asked to be left alone. Also says what was wrong.
fn asked_ms(stop: &Stop) -> Option<i64> {
    match stop {
        Stop::Trouble(trouble) => {
            let failure = trouble.as_failure();
            tracing::info!(?failure, "a file was not sent to its end");
            match failure {
                Failure::Busy { retry_after_ms } => retry_after_ms,
                _ => None,
            }
        }
        Stop::Blob(error) => {
            tracing::error!(%error, "a file that an operation needs cannot be read");
            None
        }
        Stop::Never(_) => None,
        Stop::Store(error) => {
            tracing::error!(%error, "how far an upload has come was not written");
            None
        }
    }
}

/// Sends one file to its end.
async fn send(heart: &Arc<Heart>, name: BlobName) -> Result<(), Stop> {
    let (length, content) = heart.content(name).await?;
    for _ in 0..=ANEW {
        let Some((path, mut offset)) = standing(heart, name, length, content).await? else { continue };
        loop {
            heart.file_moved(name, offset);
            if offset >= length {
                heart.change(|outbox, _| outbox.uploaded(name)).await?;
                return Ok(heart.outbox_db.set_secret(&key(name), None).done().await?);
            }
            let bytes = Bytes::from(heart.blob(name, offset..length.min(offset + PIECE)).await?.bytes);
            match heart.link.upload("PATCH", path.clone(), UploadStep::Write { offset, bytes }).await? {
                Told::Stands(told) => match told.offset.filter(|stands| *stands > offset) {
                    Some(stands) => offset = stands,
                    None => break,
                },
                Told::Elsewhere => break,
                Told::Over => {
                    heart.outbox_db.set_secret(&key(name), None).done().await?;
                    break;
                }
            }
        }
    }
    Err(Trouble::Failure(Failure::Busy { retry_after_ms: None }).into())
}

/// Where the upload goes on, and from which byte: the one that was begun before, or a new one. `None`: the one before is
/// over.
async fn standing(heart: &Heart, name: BlobName, length: u64, content: FileId) -> Result<Option<(String, u64)>, Stop> {
    let kept = heart.outbox_db.secret(&key(name)).done().await?.and_then(|path| String::from_utf8(path).ok());
    if let Some(path) = kept {
        if let Told::Stands(told) = heart.link.upload("HEAD", path.clone(), UploadStep::Standing).await? {
            return Ok(told.offset.map(|offset| (path, offset)));
        }
        heart.outbox_db.set_secret(&key(name), None).done().await?;
        return Ok(None);
    }
    let begin = UploadStep::Begin { length, content };
    let Told::Stands(told) = heart.link.upload("POST", "/v1/files".into(), begin).await? else { return Ok(None) };
    let Some(path) = told.location else { return Ok(None) };
    heart.outbox_db.set_secret(&key(name), Some(path.clone().into_bytes())).done().await?;
    Ok(Some((path, told.offset.unwrap_or(0))))
}

fn key(name: BlobName) -> String {
    format!("upload:{name}")
}
