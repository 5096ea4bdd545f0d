//! The log: a file a day, seven kept. No personal data: no crate of ours writes any, and others may only warn.

use anyhow::Context;
use std::path::Path;
use tracing_appender::non_blocking::WorkerGuard;
use tracing_appender::rolling::{RollingFileAppender, Rotation};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

const DAYS_KEPT: usize = 7;

/// Our crates at `info`; of libraries only warnings, for they may log what they carry.
const OURS: &str = "warn,zhkh_desktop=info,zhkh_client=info,zhkh_outbox=info,client=info,outbox=info,panic=error";

/// Begins the log under `data`. Dropping the guard writes what is still in memory.
pub fn start(data: &Path) -> anyhow::Result<WorkerGuard> {
    let folder = data.join("logs");
    // The appender complains on the console about a folder that it then makes itself.
    std::fs::create_dir_all(&folder).context("the folder of the log cannot be made")?;
    let files = RollingFileAppender::builder()
        .rotation(Rotation::DAILY)
        .filename_prefix("zhkh")
        .filename_suffix("log")
        .max_log_files(DAYS_KEPT)
        .build(folder)
        .context("the log cannot be written into the data folder")?;
    let (writer, guard) = tracing_appender::non_blocking(files);
    tracing_subscriber::registry()
        .with(EnvFilter::new(OURS))
        .with(tracing_subscriber::fmt::layer().with_writer(writer).with_ansi(false))
        .init();
    tracing::info!(version = env!("CARGO_PKG_VERSION"), "started");
    Ok(guard)
}
