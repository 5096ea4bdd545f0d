//! The server's room: the real server, called in process, its files, and the copies of them.

use crate::clocks::TrueTime;
use crate::dice::Dice;
use crate::life::Life;
use crate::{folders, town};
use anyhow::Context;
use async_trait::async_trait;
use axum::Router;
use axum::body::{Body, BodyDataStream, Bytes};
use axum::extract::ConnectInfo;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD as BASE64;
use client::ports::{Request, Response, UploadStep, UploadTold};
use domain::Phone;
use power_cut::Disk;
use server::ServerPorts;
use server::calls::{CallError, CallStatus, CodeCaller, Delivery};
use server::server::App;
use server::storage::Work;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tower::ServiceExt;

/// The robot that calls: it remembers what it said.
#[derive(Default)]
pub struct Robot(Mutex<BTreeMap<String, String>>);

impl Robot {
    /// What this phone was told last.
    pub fn said(&self, phone: &str) -> Option<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(phone).cloned()
    }
}

#[async_trait]
impl CodeCaller for Robot {
    async fn deliver(&self, phone: &Phone, code: &str) -> Result<Delivery, CallError> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(phone.as_str().to_owned(), code.to_owned());
        Ok(Delivery { provider_id: "1".into() })
    }
    async fn status(&self, _: &Phone, _: &str) -> Result<CallStatus, CallError> {
        Ok(CallStatus::Delivered)
    }
    async fn balance(&self) -> Result<String, CallError> {
        Ok("1.00".into())
    }
}

/// The room.
pub struct Room {
    time: Arc<TrueTime>,
    random: Arc<Dice>,
    /// The robot.
    pub robot: Arc<Robot>,
    root: PathBuf,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    runs: u32,
    folder: PathBuf,
    disk: Option<Disk>,
    running: Option<Running>,
}

/// A run of the server.
#[derive(Clone)]
pub struct Running {
    /// What its requests share.
    pub app: Arc<App>,
    /// Its life.
    pub life: Arc<Life>,
    router: Router,
}

impl Room {
    /// A room with the town in it; the server does not run yet.
    pub fn new(root: &Path, time: Arc<TrueTime>, random: Arc<Dice>) -> anyhow::Result<Self> {
        let folder = root.join("server-0");
        town::copy_to(&folder)?;
        let state = Mutex::new(State { runs: 0, folder, disk: None, running: None });
        Ok(Self { time, random, robot: Arc::default(), root: root.to_owned(), state })
    }

    fn held(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The server, if it runs and nothing has killed it.
    pub fn running(&self) -> Option<Running> {
        self.held().running.clone().filter(|running| !running.life.is_dead())
    }

    /// Whether it died by itself and nobody has looked yet.
    pub fn has_died(&self) -> bool {
        self.held().running.as_ref().is_some_and(|running| running.life.is_dead())
    }

    /// Starts it on the files that are there.
    pub async fn start(&self) -> anyhow::Result<()> {
        let folder = self.held().folder.clone();
        let disk = Disk::watch(&folder)?;
        let ports = ServerPorts {
            clock: self.time.clone(),
            random: self.random.clone(),
            caller: Some(self.robot.clone()),
            bank: None,
            work: Work::Inline,
        };
        let app = Arc::new(App::open(town::config(&folder)?, ports)?);
        app.publish_settings().await?;
        let router = server::http::router(Arc::clone(&app));
        self.held().disk = Some(disk);
        self.held().running = Some(Running { app, life: Arc::default(), router });
        Ok(())
    }

    /// Kills it. What it had written is what the next run finds; what it was doing is lost.
    pub fn kill(&self) -> anyhow::Result<()> {
        let next = self.copy_aside()?;
        self.end(next);
        Ok(())
    }

    /// Its power fails: of what was not synced anything may be there.
    pub fn cut_power(&self) -> anyhow::Result<()> {
        let seed = self.random.between(0, u64::MAX);
        let Some(image) = self.held().disk.as_ref().map(|disk| disk.crash(seed)) else { return Ok(()) };
        let folder = self.new_folder();
        std::fs::create_dir_all(&folder)?;
        image.write_to(&folder)?;
        self.end(folder);
        Ok(())
    }

    /// A copy of its files as they are, as an operator's backup holds them.
    pub fn back_up(&self) -> anyhow::Result<PathBuf> {
        self.copy_aside()
    }

    /// Kills it and puts an older copy of its files in their place, as another life of the database: by its name alone
    /// can a computer know that what it was told of positions above the copy is over.
    pub fn restore(&self, backup: &Path) -> anyhow::Result<()> {
        let folder = self.new_folder();
        folders::copy(backup, &folder)?;
        let mut life = [0; 16];
        server::random::Random::fill(&*self.random, &mut life);
        let life = uuid::Builder::from_random_bytes(life).into_uuid();
        let database = rusqlite::Connection::open(folder.join("data/zhkh.db"))?;
        database.execute("UPDATE head SET epoch = ?1 WHERE one = 1", [life.to_string()])?;
        drop(database);
        self.end(folder);
        Ok(())
    }

    fn end(&self, folder: PathBuf) {
        let mut state = self.held();
        state.folder = folder;
        let running = state.running.take();
        state.disk = None;
        drop(state);
        if let Some(running) = running {
            running.life.kill();
        }
    }

    fn new_folder(&self) -> PathBuf {
        let mut state = self.held();
        state.runs += 1;
        self.root.join(format!("server-{}", state.runs))
    }

    fn copy_aside(&self) -> anyhow::Result<PathBuf> {
        let from = self.held().folder.clone();
        let to = self.new_folder();
        folders::copy(&from, &to)?;
        Ok(to)
    }

    /// A file name that was not there before.
    pub fn new_file(&self) -> PathBuf {
        self.new_folder().with_extension("txt")
    }

    /// Hands a request to the server and reads the whole answer. `None` when it does not run, or died over it. Of a file's
    /// bytes only the first `cut` come before the line breaks, if it breaks.
    pub async fn answer(&self, request: Request, cut: Option<usize>, from: SocketAddr) -> Option<Response> {
        let running = self.running()?;
        let request = http_request(request, cut, from).ok()?;
        let whole = async {
            let answer = running.router.clone().oneshot(request).await.ok()?;
            let (head, body) = answer.into_parts();
            let text = |name: &str| head.headers.get(name)?.to_str().ok().map(str::to_owned);
            let media = text("content-type").unwrap_or_default();
            Some(Response {
                status: head.status.as_u16(),
                content_type: media.split(';').next().unwrap_or_default().trim().to_ascii_lowercase(),
                retry_after: text("retry-after"),
                server_ms: text(wire::TIME_HEADER).and_then(|ms| ms.parse().ok()),
                upload: text("tus-resumable").map(|_| UploadTold {
                    offset: text("upload-offset").and_then(|offset| offset.parse().ok()),
                    location: text("location"),
                }),
                bytes: axum::body::to_bytes(body, usize::MAX).await.ok()?,
            })
        };
        running.life.of(whole).await?
    }

    /// Opens a stream of events. `None` when there is none.
    pub async fn listen(&self, request: Request, from: SocketAddr) -> Option<(BodyDataStream, Arc<Life>)> {
        let running = self.running()?;
        let request = http_request(request, None, from).ok()?;
        let answer = running.life.of(running.router.clone().oneshot(request)).await?.ok()?;
        let good = answer.status().is_success();
        good.then(|| (answer.into_body().into_data_stream(), running.life))
    }

    /// The server, which has to run.
    pub fn must_run(&self) -> anyhow::Result<Running> {
        self.running().context("the server runs")
    }
}

fn http_request(request: Request, cut: Option<usize>, from: SocketAddr) -> anyhow::Result<axum::extract::Request> {
    let mut builder = axum::http::Request::builder()
        .method(request.method)
        .uri(request.path)
        .header(wire::PROTOCOL_HEADER, wire::PROTOCOL)
        .extension(ConnectInfo(from));
    if let Some(token) = request.bearer {
        builder = builder.header("authorization", format!("Bearer {token}"));
    }
    if let Some(range) = request.range {
        builder = builder.header("range", format!("bytes={}-{}", range.start, range.end.saturating_sub(1)));
    }
    if let Some(step) = request.upload {
        return of_upload(builder, step, cut);
    }
    let body = match request.body {
        Some(body) => {
            builder = builder.header("content-type", "application/json");
            if body.zstd {
                builder = builder.header("content-encoding", "zstd");
            }
            Body::from(body.bytes)
        }
        None => Body::from(Bytes::new()),
    };
    Ok(builder.body(body)?)
}

/// A step of an upload by tus.
fn of_upload(
    builder: axum::http::request::Builder,
    step: UploadStep,
    cut: Option<usize>,
) -> anyhow::Result<axum::extract::Request> {
    let builder = builder.header("tus-resumable", "1.0.0");
    let bytes_of = |builder: axum::http::request::Builder| builder.header("content-type", UPLOAD_BYTES);
    Ok(match step {
        UploadStep::Begin { length, content } => bytes_of(builder)
            .header("upload-length", length)
            .header("upload-metadata", format!("sha256 {}", BASE64.encode(content.to_string())))
            .body(Body::empty())?,
        UploadStep::Standing => builder.body(Body::empty())?,
        UploadStep::Write { offset, bytes } => {
            let body = match cut {
                None => Body::from(bytes),
                Some(cut) => {
                    let broken = std::io::Error::from(std::io::ErrorKind::ConnectionReset);
                    let come = bytes.slice(..cut.min(bytes.len()));
                    Body::from_stream(futures_util::stream::iter([Ok(come), Err(broken)]))
                }
            };
            bytes_of(builder).header("upload-offset", offset).body(body)?
        }
    })
}

/// The media type of bytes of an upload.
const UPLOAD_BYTES: &str = "application/offset+octet-stream";
