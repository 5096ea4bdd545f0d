//! Commits of other processes, heard at once.

use super::super::StoreError;
use super::super::neighbours::Neighbours;
use super::CHANNEL;
use super::refused;
use super::settings::{Messages, PostgresSettings};
use futures_util::StreamExt as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};
use std::sync::mpsc::{self, Sender};
use std::thread::JoinHandle;
use std::time::Duration;
use tokio_postgres::{AsyncMessage, Client, Notification};
use tokio_util::sync::CancellationToken;

/// Between two tries to connect. What is missed meanwhile is found by the look that is taken now and then.
const AGAIN: Duration = Duration::from_secs(1);

/// A thread with a connection that only listens. Ends when it is dropped or told to.
pub struct Listener {
    stop: CancellationToken,
    thread: JoinHandle<()>,
}

struct Listening {
    settings: Arc<PostgresSettings>,
    /// The session of our own writer, whose commits are known here.
    own: Arc<AtomicI32>,
    neighbours: Neighbours,
    stop: CancellationToken,
}

impl Listener {
    /// Returns when it listens, or could not at the first try.
    pub(in super::super) fn start(
        settings: Arc<PostgresSettings>,
        own: Arc<AtomicI32>,
        neighbours: Neighbours,
    ) -> Result<Self, StoreError> {
        let stop = CancellationToken::new();
        let listening = Listening { settings, own, neighbours, stop: stop.clone() };
        let (ready, wait) = mpsc::channel();
        let failed = |error: std::io::Error| StoreError::Open(error.to_string());
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(failed)?;
        let work = move || {
            runtime.block_on(listening.run(ready));
            runtime.shutdown_background();
        };
        let thread = std::thread::Builder::new().name("listener".into()).spawn(work).map_err(failed)?;
        // Whoever opened the store may rely on being woken. Its end is dropped when it listens, or cannot.
        let _ = wait.recv();
        Ok(Self { stop, thread })
    }

    /// Tells it to end; the thread to wait for.
    pub(in super::super) fn end(self) -> JoinHandle<()> {
        self.stop.cancel();
        self.thread
    }
}

impl Listening {
    async fn run(self, ready: Sender<()>) {
        let mut ready = Some(ready);
        loop {
            tokio::select! {
                () = self.stop.cancelled() => return,
                heard = self.listen(&mut ready) => if let Err(error) = heard {
                    tracing::warn!(%error, "other processes cannot be heard");
                },
            }
            drop(ready.take());
            tokio::select! {
                () = self.stop.cancelled() => return,
                () = tokio::time::sleep(AGAIN) => {}
            }
        }
    }

    /// Until the connection breaks.
    async fn listen(&self, ready: &mut Option<Sender<()>>) -> Result<(), StoreError> {
        let (client, mut messages) = self.settings.connect().await?;
        subscribe(&client, &mut messages).await?;
        if ready.take().is_none() {
            // Not the first time: something may have been missed.
            self.neighbours.look().await?;
        }
        while let Some(message) = messages.next().await {
            if let AsyncMessage::Notification(notification) = message.map_err(|error| refused(&error))?
                && notification.process_id() != self.own.load(Ordering::Acquire)
                && let Some((after, last)) = rows(&notification)
            {
                self.neighbours.announced(after, last).await?;
            }
        }
        Err(StoreError::Down("the connection ended".into()))
    }
}

/// Reads on while the command is under way; nothing can be announced to a session before it listens.
async fn subscribe(client: &Client, messages: &mut Messages) -> Result<(), StoreError> {
    let command = format!("LISTEN {CHANNEL}");
    let mut listening = std::pin::pin!(client.batch_execute(&command));
    loop {
        tokio::select! {
            biased;
            done = &mut listening => return done.map_err(|error| refused(&error)),
            message = messages.next() => match message {
                Some(message) => drop(message.map_err(|error| refused(&error))?),
                None => return Err(StoreError::Down("the connection ended".into())),
            },
        }
    }
}

fn rows(notification: &Notification) -> Option<(i64, i64)> {
    let (after, last) = notification.payload().split_once(' ')?;
    Some((after.parse().ok()?, last.parse().ok()?))
}
