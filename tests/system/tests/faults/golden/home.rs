//! A person's engine alone, and a line to the server that a test holds in its hand.

use crate::city::City;
use crate::computer::{PASSWORD, PATIENCE};
use anyhow::Context;
use async_trait::async_trait;
use client::engine::{Auth, AuthPause, Engine, EngineConfig, Storage};
use client::platform::{SystemBlobDisk, SystemRandom, TokioSpawn};
use client::ports::{Body, NoKeychain, Ports, Request, Response, Transport, TransportError};
use client::transport::HttpTransport;
use domain::{OperationId, Source};
use futures_util::stream::BoxStream;
use outbox::State;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use wire::session::{DeviceInfo, Session, SignIn};
use zhkh_system_tests::until::until;

/// What becomes of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Batches {
    /// It goes and its answer comes.
    Pass,
    /// It goes and its answer is lost.
    LoseAnswers,
    /// It hangs on its way, for ever.
    Hold,
}

/// What the line does.
#[derive(Debug, Clone, Copy)]
pub struct Switches {
    pub online: bool,
    pub feed: bool,
    pub batches: Batches,
}

pub struct Line {
    http: HttpTransport,
    switches: Mutex<Switches>,
}

impl Line {
    pub fn set(&self, change: impl FnOnce(&mut Switches)) {
        change(&mut self.switches.lock().unwrap_or_else(PoisonError::into_inner));
    }

    fn now(&self) -> Switches {
        *self.switches.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn lost() -> TransportError {
    TransportError::AnswerLost("the test lost it".into())
}

#[async_trait]
impl Transport for Line {
    async fn call(&self, request: Request) -> Result<Response, TransportError> {
        let Switches { online, feed, batches } = self.now();
        if !online {
            return Err(TransportError::NoConnection("the test cut it".into()));
        }
        if request.path.starts_with("/v1/feed") && !feed {
            return Err(lost());
        }
        let batch = request.path == "/v1/operations";
        if batch && batches == Batches::Hold {
            std::future::pending::<()>().await;
        }
        let answer = self.http.call(request).await?;
        if batch && batches == Batches::LoseAnswers { Err(lost()) } else { Ok(answer) }
    }

    async fn events(
        &self,
        request: Request,
    ) -> Result<BoxStream<'static, Result<bytes::Bytes, TransportError>>, TransportError> {
        if self.now().online { self.http.events(request).await } else { Err(lost()) }
    }
}

/// One token, good as long as the test is short.
struct Token(String);

#[async_trait]
impl Auth for Token {
    async fn access_token(&self) -> Result<String, AuthPause> {
        Ok(self.0.clone())
    }
    async fn refused(&self, _: &str) {}
}

pub struct Home {
    pub engine: Arc<Engine>,
    pub line: Arc<Line>,
}

/// Signs in as the window does.
pub async fn sign_in(city: &City, phone: &str) -> anyhow::Result<Session> {
    let http = HttpTransport::new(&format!("http://{}", city.running()?.addr))?;
    let device = DeviceInfo { id: None, system: "Debian 12".into(), version: "0.1.0".into() };
    let asked = serde_json::to_vec(&SignIn { phone: phone.into(), password: PASSWORD.into(), device })?;
    let body = Some(Body { bytes: asked.into(), zstd: false });
    let answer = http
        .call(Request { method: "POST", path: "/v1/session".into(), bearer: None, body, upload: None, range: None })
        .await?;
    serde_json::from_slice(&answer.bytes).with_context(|| format!("sign-in: {}", answer.status))
}

impl Home {
    /// The person's engine over the files in `dir`.
    pub fn open(city: &City, session: &Session, dir: &Path, online: bool) -> anyhow::Result<Self> {
        let http = HttpTransport::new(&format!("http://{}", city.running()?.addr))?;
        let switches = Switches { online, feed: true, batches: Batches::Pass };
        let line = Arc::new(Line { http, switches: Mutex::new(switches) });
        let ports = Ports {
            transport: line.clone(),
            clock: Arc::clone(&city.clock) as Arc<dyn client::ports::Clock>,
            random: Arc::new(SystemRandom),
            keychain: Arc::new(NoKeychain),
            spawn: Arc::new(TokioSpawn::new(tokio::runtime::Handle::current())),
            blobs: Arc::new(SystemBlobDisk),
        };
        let config = EngineConfig {
            dir: dir.to_owned(),
            key: super::key()?,
            user: session.user,
            source: Source::ResidentApp,
            storage: Storage::Threads,
        };
        let engine = Engine::open(config, ports, Arc::new(Token(session.access_token.clone())))?;
        Ok(Self { engine, line })
    }

    pub fn state(&self, id: OperationId) -> anyhow::Result<State> {
        Ok(self.engine.operation(id).with_context(|| format!("{id} is not there"))?.state)
    }

    /// Waits until an operation is where it should be; the person is at the window.
    pub async fn when(&self, id: OperationId, what: &str, wanted: impl Fn(&State) -> bool) -> anyhow::Result<()> {
        until(what, PATIENCE, || async {
            let state = self.state(id)?;
            if wanted(&state) {
                return Ok(());
            }
            self.engine.person_back();
            anyhow::bail!("it is {state:?}")
        })
        .await
    }
}
