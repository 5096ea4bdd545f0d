//! What is done every minute: early readings whose day has come, settings that come into force, old things swept out.

use super::App;
use crate::readings::schedule;
use crate::storage::StoreError;
use crate::tickets::closing;
use crate::{feed, files, letters, limits, payments, sessions};
use std::sync::Arc;
use std::time::Duration;

const EVERY: Duration = Duration::from_secs(60);
const DAY_MS: i64 = 24 * 3_600_000;

pub(super) async fn run(app: Arc<App>) {
    let mut interval = tokio::time::interval(EVERY);
    interval.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut neighbours = tokio::time::interval(Duration::from_secs(app.config.feed.look_s.max(1).into()));
    neighbours.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = app.stopping.cancelled() => return,
            _ = interval.tick() => {}
            _ = neighbours.tick() => {
                if let Err(error) = app.store.wake_for_neighbours().await {
                    tracing::error!(%error, "the end of the feed cannot be read");
                }
                continue;
            }
        }
        if let Err(error) = tick(&app).await {
            tracing::error!(%error, "the work of a minute failed; it is tried again in the next");
        }
    }
}

/// Sends letters until the server stops.
pub(super) async fn post(app: Arc<App>) {
    let Some(settings) = &app.config.mail else { return };
    let mut interval = tokio::time::interval(Duration::from_secs(settings.look_s.into()));
    interval.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = app.stopping.cancelled() => return,
            _ = interval.tick() => {}
        }
        let sent = tokio::select! {
            // What was not sent before the server stopped is sent after it starts.
            () = app.stopping.cancelled() => return,
            sent = letters::send_due(&app) => sent,
        };
        if let Err(error) = sent {
            tracing::error!(%error, "the letters that wait cannot be read");
        }
    }
}

/// Asks the bank about payments until the server stops.
pub(super) async fn ask_bank(app: Arc<App>) {
    let Some(settings) = &app.config.bank else { return };
    let mut interval = tokio::time::interval(Duration::from_millis(settings.look_ms));
    interval.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = app.stopping.cancelled() => return,
            _ = interval.tick() => {}
        }
        // A question that runs ends by itself, whether it is waited for or not.
        let asked = tokio::select! {
            () = app.stopping.cancelled() => return,
            asked = payments::asking::ask_due(&app) => asked,
        };
        if let Err(error) = asked {
            tracing::error!(%error, "the payments to ask about cannot be read");
        }
    }
}

pub(super) async fn tick(app: &Arc<App>) -> Result<(), StoreError> {
    let today = app.config.day(app.clock.now_ms());
    app.publish_settings().await?;
    while app.store.read(move |sql| schedule::is_due(sql, today)).await? {
        let accepted = app.store.write(move |tx| schedule::accept_due(tx, today)).await?;
        tracing::info!(count = accepted.value, "early readings were accepted");
    }
    app.publish_places().await?;
    let now_ms = app.clock.now_ms();
    loop {
        let asked = Arc::clone(app);
        if !app.store.read(move |sql| closing::is_due(sql, &asked.config, now_ms)).await? {
            break;
        }
        let shared = Arc::clone(app);
        let closed = app.store.write(move |tx| closing::close_due(tx, &shared.config)).await?;
        tracing::info!(count = closed.value, "tickets that were done are closed");
    }
    app.tell_announcements().await?;
    let config = app.config.clone();
    let before_ms = app.clock.now_ms() - i64::from(config.feed.keep_days) * DAY_MS;
    let swept = app.store.write(move |tx| {
        limits::sweep(tx)?;
        sessions::sweep(tx, &config.security)?;
        letters::give_up_old(tx)?;
        letters::sweep(tx)?;
        feed::prune(tx, before_ms)
    });
    swept.await?;
    files::sweeping::sweep(app).await
}
