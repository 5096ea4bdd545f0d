//! A file on its way into the server, beside a bare streamed PUT of the same bytes with an fsync.

use super::town::{Person, Town};
use crate::figure::{Figure, Side, Target, Unit, turns};
use crate::stage::{Stage, seconds};
use anyhow::Context;
use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::put;
use futures_util::StreamExt as _;
use reqwest::{Client, Method, RequestBuilder};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;
use tokio::io::AsyncWriteExt as _;
use tokio::task::JoinHandle;

/// The photo of the issue.
const BYTES: usize = 12_000_000;
/// How it travels.
const PIECE: usize = 256 << 10;

/// One file after another, each of them new, over one connection.
pub fn one(stage: &Stage) -> anyhow::Result<Figure> {
    let files = stage.pick(1, 5);
    let town = Town::build(stage, 1, 1, "")?;
    let person = town.people.first().context("a person")?.clone();
    let bare = stage.runtime.block_on(Bare::start(town.folder()))?;
    let (client, next) = (Client::builder().no_proxy().build()?, AtomicU64::new(0));
    let many = |to: &str| {
        let contents: Vec<_> = (0..files).map(|_| content(next.fetch_add(1, Ordering::Relaxed))).collect();
        let began = Instant::now();
        stage.runtime.block_on(async {
            for content in contents {
                match to {
                    "" => put_bare(&client, &bare.url, content).await?,
                    server => upload(&client, server, &person, content).await?,
                }
            }
            anyhow::Ok(())
        })?;
        Ok((files * BYTES) as f64 / 1e6 / seconds(began))
    };
    let url = town.url();
    let (mut ours, mut other) = (|| many(&url), || many(""));
    let measured = turns(stage.runs(), &mut [&mut ours, &mut other])?;
    let sides = [
        ("zhkh-server: tus, SHA-256, просмотр, место по содержанию", "fsync файла, имени и записи в базе до ответа"),
        ("голый PUT: поток в файл", "fsync файла до ответа"),
    ];
    let sides = measured.into_iter().zip(sides);
    let sides = sides.map(|(runs, (name, durability))| Side { name: name.into(), durability: durability.into(), runs });
    let what = format!("МБ в секунду, файл {} МБ на сервер", BYTES / 1_000_000);
    let mut figure = Figure::new("upload.server", what, Unit::PerSecond, sides.collect());
    figure.target = Some(Target::AtLeast(0.8));
    drop(bare);
    town.stop(stage);
    Ok(figure)
}

/// A paper that is like no other.
fn content(number: u64) -> Vec<u8> {
    let mut bytes = format!("%PDF-1.7\n{number}\n").into_bytes();
    let noise = (number << 32..).flat_map(|line| line.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes());
    bytes.extend(noise.take(BYTES - bytes.len()));
    bytes
}

fn streamed(content: Vec<u8>) -> reqwest::Body {
    let content = bytes::Bytes::from(content);
    let pieces = (0..content.len()).step_by(PIECE).map(move |at| content.slice(at..(at + PIECE).min(content.len())));
    reqwest::Body::wrap_stream(futures_util::stream::iter(pieces.map(Ok::<_, std::io::Error>)))
}

async fn upload(client: &Client, server: &str, person: &Person, content: Vec<u8>) -> anyhow::Result<()> {
    let ask = |method: Method, url: &str| -> RequestBuilder {
        client.request(method, url).bearer_auth(&person.token).header("tus-resumable", "1.0.0")
    };
    let begun = ask(Method::POST, &format!("{server}/v1/files")).header("upload-length", content.len()).send().await?;
    let begun = begun.error_for_status()?;
    let place = begun.headers().get("location").context("a location")?.to_str()?;
    let write = ask(Method::PATCH, &format!("{server}{place}")).header("upload-offset", 0);
    let write = write.header("content-type", "application/offset+octet-stream");
    let done = write.header("content-length", content.len()).body(streamed(content)).send().await?;
    anyhow::ensure!(done.error_for_status()?.headers().contains_key("zhkh-file"), "not stored");
    Ok(())
}

async fn put_bare(client: &Client, url: &str, content: Vec<u8>) -> anyhow::Result<()> {
    let sent = client.put(url).header("content-length", content.len()).body(streamed(content)).send().await?;
    sent.error_for_status()?;
    Ok(())
}

/// A server that writes what comes into a file.
struct Bare {
    url: String,
    serving: JoinHandle<()>,
}

struct Place {
    folder: PathBuf,
    next: AtomicU64,
}

impl Bare {
    async fn start(folder: &Path) -> anyhow::Result<Self> {
        let folder = folder.join("bare");
        std::fs::create_dir(&folder)?;
        let place = Arc::new(Place { folder, next: AtomicU64::new(0) });
        let router = Router::new().route("/put", put(take)).with_state(place);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}/put", listener.local_addr()?);
        let serving = tokio::spawn(async move {
            // It ends when the measuring does.
            let _ = axum::serve(listener, router).await;
        });
        Ok(Self { url, serving })
    }
}

impl Drop for Bare {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn take(State(place): State<Arc<Place>>, body: Body) -> StatusCode {
    let path = place.folder.join(place.next.fetch_add(1, Ordering::Relaxed).to_string());
    match write(&path, body).await {
        Ok(()) => StatusCode::NO_CONTENT,
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

async fn write(path: &Path, body: Body) -> anyhow::Result<()> {
    let mut file = tokio::io::BufWriter::with_capacity(PIECE, tokio::fs::File::create(path).await?);
    let mut body = body.into_data_stream();
    while let Some(piece) = body.next().await {
        file.write_all(&piece?).await?;
    }
    file.flush().await?;
    Ok(file.into_inner().sync_all().await?)
}
