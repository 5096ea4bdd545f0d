//! A person's computer: a folder and the engine as the program runs it, its databases on their threads.

use crate::stage::Stage;
use async_trait::async_trait;
use bytes::Bytes;
use client::engine::{Auth, AuthPause, Engine, EngineConfig, NewOperation, Storage};
use client::platform::{SystemBlobDisk, SystemClock, SystemRandom, TokioSpawn};
use client::ports::{NoKeychain, Ports, Request, Response, Transport, TransportError};
use client::transport::HttpTransport;
use domain::{MeterId, OperationId, Source, UserId};
use futures_util::stream::BoxStream;
use std::collections::BTreeSet;
use std::sync::Arc;
use tempfile::TempDir;
use tokio::sync::watch;
use uuid::Uuid;
use wire::operation::{Body, RenameMeter};

/// A person's computer.
pub struct Desk {
    /// The engine.
    pub engine: Arc<Engine>,
    gate: watch::Sender<bool>,
    folder: TempDir,
}

/// Always the same token, given out from a moment on.
struct Token {
    token: String,
    may_go: watch::Receiver<bool>,
}

#[async_trait]
impl Auth for Token {
    async fn access_token(&self) -> Result<String, AuthPause> {
        let mut may_go = self.may_go.clone();
        // Whoever could let it go is gone: nothing is to be sent any more.
        may_go.wait_for(|may_go| *may_go).await.map_err(|_| AuthPause::SignIn)?;
        Ok(self.token.clone())
    }
    async fn refused(&self, _: &str) {}
}

/// No network at all.
struct NoNetwork;

#[async_trait]
impl Transport for NoNetwork {
    async fn call(&self, _: Request) -> Result<Response, TransportError> {
        Err(TransportError::NoConnection("none".into()))
    }
    async fn events(&self, _: Request) -> Result<BoxStream<'static, Result<Bytes, TransportError>>, TransportError> {
        Err(TransportError::NoConnection("none".into()))
    }
}

impl Desk {
    /// A computer with an empty queue and no network.
    pub fn offline(stage: &Stage) -> anyhow::Result<Self> {
        let desk = Self::new_offline(stage, UserId::new(Uuid::new_v4()))?;
        desk.go();
        Ok(desk)
    }

    /// The same folder, now with the way to a server.
    pub fn online(self, stage: &Stage, user: UserId, server: &str, token: &str) -> anyhow::Result<Self> {
        let folder = self.close(stage);
        Self::open(stage, folder, user, Arc::new(HttpTransport::new(server)?), token)
    }

    fn open(
        stage: &Stage,
        folder: TempDir,
        user: UserId,
        transport: Arc<dyn Transport>,
        token: &str,
    ) -> anyhow::Result<Self> {
        let spawn = Arc::new(TokioSpawn::new(stage.runtime.handle().clone()));
        let ports = Ports {
            transport,
            clock: Arc::new(SystemClock::new()),
            random: Arc::new(SystemRandom),
            keychain: Arc::new(NoKeychain),
            spawn,
            blobs: Arc::new(SystemBlobDisk),
        };
        let config = EngineConfig {
            dir: folder.path().to_owned(),
            key: [7; 32],
            user,
            source: Source::ResidentApp,
            storage: Storage::Threads,
        };
        let (gate, may_go) = watch::channel(false);
        let engine = Engine::open(config, ports, Arc::new(Token { token: token.to_owned(), may_go }))?;
        Ok(Self { engine, gate, folder })
    }

    /// Nothing is sent or asked for before this.
    pub fn go(&self) {
        self.gate.send_replace(true);
    }

    /// A computer of this person with the way to a server and nothing in its files.
    pub fn new(stage: &Stage, user: UserId, server: &str, token: &str) -> anyhow::Result<Self> {
        Self::open(stage, stage.fresh()?, user, Arc::new(HttpTransport::new(server)?), token)
    }

    /// The same without a network, so that a queue can grow.
    pub fn new_offline(stage: &Stage, user: UserId) -> anyhow::Result<Self> {
        Self::open(stage, stage.fresh()?, user, Arc::new(NoNetwork), "")
    }

    /// Closes the engine; the files stay.
    pub fn close(self, stage: &Stage) -> TempDir {
        self.go();
        stage.runtime.block_on(self.engine.close());
        self.folder
    }

    /// Enters operations, a hundred at once; the last one's id.
    pub async fn enter(&self, names: impl Iterator<Item = NewOperation>) -> anyhow::Result<Option<OperationId>> {
        let mut last = None;
        let mut names = names.peekable();
        while names.peek().is_some() {
            let some = names.by_ref().take(100).map(|new| self.engine.enqueue(new, None));
            for entered in futures_util::future::join_all(some).await {
                last = Some(entered?.id);
            }
        }
        Ok(last)
    }
}

/// The resident's own name for a meter: the smallest operation there is.
pub fn rename(meter: MeterId, number: usize) -> NewOperation {
    NewOperation {
        body: Body::RenameMeter(RenameMeter { meter, name: format!("Холодная вода, кухня {number}") }),
        base_version: None,
        on_behalf_of: None,
        priority: outbox::WHENEVER,
        needs: BTreeSet::new(),
    }
}
