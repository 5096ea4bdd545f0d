//! `serve`

use crate::Config;
use crate::server::{Server, ServerPorts};
use anyhow::Context as _;
use clap::Args;
use std::net::SocketAddr;
use std::process::ExitCode;
use tracing_subscriber::EnvFilter;

/// `serve [--listen ADDRESS]`
#[derive(Debug, Args)]
pub(super) struct ServeArgs {
    /// Где слушать вместо адреса из настроек; порт 0 значит любой свободный.
    #[arg(long)]
    listen: Option<SocketAddr>,
}

impl ServeArgs {
    pub(super) fn run(self, mut config: Config) -> anyhow::Result<ExitCode> {
        let filter = EnvFilter::try_from_env("ZHKH_LOG").unwrap_or_else(|_| EnvFilter::new("info,refinery_core=warn"));
        tracing_subscriber::fmt().json().with_env_filter(filter).with_writer(std::io::stderr).init();
        if let Some(listen) = self.listen {
            config.listen = listen;
        }
        let runtime = tokio::runtime::Runtime::new().context("Сервер не запускается")?;
        runtime.block_on(serve(config))?;
        Ok(ExitCode::SUCCESS)
    }
}

async fn serve(config: Config) -> anyhow::Result<()> {
    let running = Server::start(config, ServerPorts::default()).await.context("Сервер не запускается")?;
    // Whoever started the program reads the port here.
    println!("{}", serde_json::json!({ "listening": running.addr.to_string() }));
    let stopper = running.stopper();
    tokio::select! {
        () = asked_to_stop() => {}
        () = stopper.cancelled() => {}
    }
    tracing::info!("stopping");
    running.stop().await;
    Ok(())
}

#[cfg(unix)]
async fn asked_to_stop() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        let _ = tokio::signal::ctrl_c().await;
        return;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}

#[cfg(not(unix))]
async fn asked_to_stop() {
    let _ = tokio::signal::ctrl_c().await;
}
