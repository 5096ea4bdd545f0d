//! A body on its way in, piece by piece.

use crate::server::App;
use axum::body::{Body, BodyDataStream, Bytes};
use futures_util::StreamExt as _;
use std::time::Duration;
use tokio::time::{Instant, timeout_at};
use tokio_util::sync::CancellationToken;

/// How much is written at once.
const PIECE: usize = 256 << 10;
/// Of how many chunks at most: the smallest one may keep a buffer of the connection from being used again.
const CHUNKS: usize = 256;
/// A long request is noted on its way, so that a killed server costs its sender no more than this.
pub const KEEP_EVERY: Duration = Duration::from_secs(2);

/// How a body ended.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// All of it came.
    Whole,
    /// It broke off, fell silent, or the server stops.
    Broken,
}

/// Bytes as they came, not copied once more.
pub struct Piece {
    /// The bytes.
    pub chunks: Vec<Bytes>,
    /// How many they are.
    pub count: usize,
    /// `None` when there is more to come.
    pub end: Option<End>,
}

/// A body that comes in.
pub struct Incoming {
    body: BodyDataStream,
    idle: Duration,
    last_byte: Instant,
    stopping: CancellationToken,
}

impl Incoming {
    /// A body whose sender may be silent for as long as the settings say.
    pub fn new(body: Body, app: &App) -> Self {
        Self {
            body: body.into_data_stream(),
            idle: Duration::from_secs(app.config.files.idle_s),
            last_byte: Instant::now(),
            stopping: app.stopping.clone(),
        }
    }

    /// The next piece: a full one, or what came in a while.
    pub async fn next(&mut self) -> Piece {
        let (mut chunks, mut count) = (Vec::new(), 0);
        let soon = Instant::now() + KEEP_EVERY;
        let end = loop {
            if count >= PIECE || chunks.len() >= CHUNKS {
                break None;
            }
            let silent = self.last_byte + self.idle;
            let chunk = tokio::select! {
                biased;
                () = self.stopping.cancelled() => break Some(End::Broken),
                chunk = timeout_at(soon.min(silent), self.body.next()) => chunk,
            };
            match chunk {
                Ok(Some(Ok(chunk))) => {
                    self.last_byte = Instant::now();
                    count += chunk.len();
                    chunks.push(chunk);
                }
                Ok(Some(Err(_))) => break Some(End::Broken),
                Ok(None) => break Some(End::Whole),
                Err(_) if Instant::now() >= silent => break Some(End::Broken),
                Err(_) => break None,
            }
        };
        Piece { chunks, count, end }
    }
}
