//! The real core behind HTTP, so that a browser can drive it. For development and tests only: whoever reaches the
//! port is the person who is signed in.

mod keyring_file;
mod opened;
mod routes;
mod wrong_clock;

use anyhow::Context;
use clap::Parser;
use client::platform::{SystemBlobDisk, SystemClock, SystemRandom, TokioSpawn};
use client::ports::{Keychain, NoKeychain, Ports};
use client::transport::HttpTransport;
use client::{Core, CoreConfig};
use keyring_file::KeyringFile;
use opened::Opened;
use routes::Bridge;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::runtime::Handle;
use tokio::sync::Notify;
use tracing_subscriber::EnvFilter;
use wrong_clock::WrongClock;

/// Serves the core of ЖКХ Desktop and its window to a browser on this computer.
#[derive(Parser)]
struct Options {
    /// The address to listen on; port 0 picks a free one.
    #[arg(long, default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// The server of the utility.
    #[arg(long)]
    server: String,
    /// The program's data folder.
    #[arg(long)]
    data: PathBuf,
    /// The built UI.
    #[arg(long)]
    ui: PathBuf,
    /// Where «Сохранить в файл» writes; `documents` in the data folder when absent.
    #[arg(long)]
    documents: Option<PathBuf>,
    /// A file that plays the system's programs: what they would be handed stands in it; `opened.txt` in the data folder when
    /// absent.
    #[arg(long)]
    opened_file: Option<PathBuf>,
    /// A file that plays the keyring; without it there is none.
    #[arg(long)]
    keyring_file: Option<PathBuf>,
    /// How wrong this computer's clock is, in milliseconds; positive when it is fast.
    #[arg(long, default_value_t = 0, allow_negative_numbers = true)]
    clock_offset_ms: i64,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt().with_env_filter(filter).with_ansi(false).with_writer(std::io::stderr).init();
    anyhow::ensure!(options.listen.ip().is_loopback(), "the bridge listens on this computer only");

    let keychain: Arc<dyn Keychain> = match options.keyring_file {
        Some(file) => Arc::new(KeyringFile::new(file)),
        None => Arc::new(NoKeychain),
    };
    let ports = Ports {
        transport: Arc::new(HttpTransport::new(&options.server).context("the address of the server")?),
        clock: Arc::new(WrongClock { offset_ms: options.clock_offset_ms, right: SystemClock::new() }),
        random: Arc::new(SystemRandom),
        keychain,
        spawn: Arc::new(TokioSpawn::new(Handle::current())),
        blobs: Arc::new(SystemBlobDisk),
    };
    let mut config = CoreConfig::new(&options.data);
    config.documents = options.documents.unwrap_or_else(|| options.data.join("documents"));
    config.opener = Arc::new(Opened(options.opened_file.unwrap_or_else(|| options.data.join("opened.txt"))));
    let core = Core::open(config, ports);
    let quit = Arc::new(Notify::new());
    let app = routes::routes(Bridge { core: core.clone(), quit: quit.clone() }, &options.ui);

    let listener = TcpListener::bind(options.listen).await.context("listening")?;
    println!("{}", serde_json::json!({ "listening": listener.local_addr()?.to_string() }));
    tokio::select! {
        served = axum::serve(listener, app) => served.context("serving")?,
        // Open event streams are cut here; waiting for them would be waiting for the browser.
        () = quit.notified() => {}
        () = asked_to_end() => {}
    }
    core.close().await;
    Ok(())
}

async fn asked_to_end() {
    // Without the signal there is still `/quit`.
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
