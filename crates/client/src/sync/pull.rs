//! Reading the feed: the mirror moves on page by page, each with its cursor in one transaction.

use super::answer::Trouble;
use super::{known, rebuild};
use crate::engine::EngineEvent;
use crate::engine::heart::Heart;
use crate::store::{Applied, LoosePage, Pending, SnapshotPage, StoreError};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use uuid::Uuid;
use wire::feed::{Cursor, Scope};
use wire::problem::Code;

/// Without a word from the server the feed is asked this often.
const POLL: Duration = Duration::from_secs(60);

/// What is sent holds off what is shown for so long at most.
const BEHIND_A_RUN: Duration = Duration::from_millis(500);

/// Why the mirror did not come up to the feed.
#[derive(Debug)]
pub(crate) enum PullError {
    /// The way to the server, or the server.
    Trouble(Trouble),
    /// The disk.
    Store(StoreError),
}

impl From<Trouble> for PullError {
    fn from(trouble: Trouble) -> Self {
        Self::Trouble(trouble)
    }
}

impl From<StoreError> for PullError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// Pulls until the engine closes.
pub(crate) async fn run(heart: Arc<Heart>) {
    loop {
        let file = heart.cache.number();
        let result = tokio::select! {
            biased;
            () = heart.stop.cancelled() => return,
            result = up_to_date(&heart) => result,
        };
        let wait = match result {
            Ok(()) => {
                heart.pulled().await;
                POLL
            }
            Err(PullError::Store(StoreError::Damaged)) => {
                if heart.cache.start_anew(file).is_ok() {
                    continue;
                }
                POLL
            }
            Err(PullError::Store(error)) => {
                tracing::warn!(%error, "the mirror was not written");
                POLL
            }
            Err(PullError::Trouble(trouble)) => heart.pull_failed(trouble.as_failure()),
        };
        tokio::select! {
            biased;
            () = heart.stop.cancelled() => return,
            () = heart.pull_wake.notified() => behind_a_run(&heart).await,
            () = tokio::time::sleep(wait) => {}
        }
    }
}

/// While batches go out one behind another, what they came to is read in one go and not after each: a page costs the
/// computer and the server as much as a batch, and sending goes before showing.
async fn behind_a_run(heart: &Heart) {
    let mut run = heart.in_a_run.subscribe();
    tokio::select! {
        biased;
        () = heart.stop.cancelled() => {}
        _ = run.wait_for(|run| !run) => {}
        () = tokio::time::sleep(BEHIND_A_RUN) => {}
    }
}

/// Reads the feed to its head. While one page goes to the disk the next one is on its way.
async fn up_to_date(heart: &Heart) -> Result<(), PullError> {
    let mut ahead: Option<(Cursor, Result<LoosePage, Trouble>)> = None;
    loop {
        let mirror = heart.cache.cursor().done().await?;
        if !known::is_same_server(heart, mirror.map(|(cursor, _)| cursor)).await? {
            restored(heart, mirror.map_or(0, |(_, backed_up)| backed_up)).await?;
            continue;
        }
        let Some((cursor, backed_up)) = mirror else {
            rebuild::mirror(heart).await?;
            continue;
        };
        heart.mirrored.store(cursor.seq, Ordering::Relaxed);
        match wanted(heart, cursor).await {
            Err(PullError::Trouble(Trouble::Problem(Code::EpochChanged))) => {
                restored(heart, backed_up).await?;
                continue;
            }
            other => other?,
        }
        let page = match ahead.take() {
            Some((at, page)) if at == cursor => page,
            _ => feed(heart, cursor).await,
        };
        let page = match page {
            Err(Trouble::Problem(Code::EpochChanged)) => {
                restored(heart, backed_up).await?;
                continue;
            }
            Err(Trouble::Problem(Code::SnapshotNeeded)) => {
                rebuild::mirror(heart).await?;
                continue;
            }
            other => other?,
        };
        let (next, more) = (Cursor { epoch: cursor.epoch, seq: page.through, name: page.name }, page.more);
        let applied = heart.cache.page(cursor.epoch, page);
        if more {
            let (following, applied) = tokio::join!(feed(heart, next), shown(heart, cursor.seq, next, applied));
            applied?;
            ahead = Some((next, following));
        } else {
            shown(heart, cursor.seq, next, applied).await?;
        }
        let granted = heart.cache.wanted().done().await?.is_some();
        if !more && !granted {
            return Ok(());
        }
    }
}

/// The server was restored from a copy that had `backed_up`.
async fn restored(heart: &Heart, backed_up: i64) -> Result<(), PullError> {
    tracing::warn!("the server was restored: the mirror is built anew, the queue is kept");
    heart.change(|outbox, _| outbox.new_epoch(backed_up)).await?;
    known::forget(heart).await?;
    rebuild::mirror(heart).await
}

/// The page of the feed behind a cursor.
async fn feed(heart: &Heart, cursor: Cursor) -> Result<LoosePage, Trouble> {
    let Cursor { epoch, seq, name } = cursor;
    heart.link.get(format!("/v1/feed?epoch={epoch}&seq={seq}&name={name}&limit={}", wire::MAX_PAGE)).await
}

/// Waits until the page behind `from` is on the disk; then the queue lets go of what the mirror shows now.
async fn shown(heart: &Heart, from: i64, at: Cursor, applied: Pending<Applied>) -> Result<(), PullError> {
    let applied = applied.done().await?;
    heart.mirrored.store(at.seq, Ordering::Relaxed);
    known::seen(heart, at);
    heart.change(|outbox, now| outbox.moved(from, at.seq, &applied.seen, now)).await?;
    if !applied.kinds.is_empty() {
        heart.tell(EngineEvent::MirrorChanged { kinds: applied.kinds });
    }
    Ok(())
}

/// Fetches the snapshots of all scopes that were granted.
async fn wanted(heart: &Heart, cursor: Cursor) -> Result<(), PullError> {
    while let Some(scope) = heart.cache.wanted().done().await? {
        match snapshot(heart, scope, cursor).await {
            // Taken away again meanwhile; the feed will say so.
            Err(PullError::Trouble(Trouble::Problem(Code::NotYours))) => heart.cache.unwant(scope).done().await?,
            other => other?,
        }
    }
    Ok(())
}

/// Fetches the snapshot of a scope that was granted.
async fn snapshot(heart: &Heart, scope: Scope, cursor: Cursor) -> Result<(), PullError> {
    let mut after = None;
    loop {
        let page = page(heart, scope, after).await?;
        if page.epoch != cursor.epoch {
            // The feed would say the same, and is not asked before what is wanted is here.
            return Err(Trouble::Problem(Code::EpochChanged).into());
        }
        after = page.next;
        let kinds = heart.cache.scope_page(scope, page).done().await?;
        heart.tell(EngineEvent::MirrorChanged { kinds });
        if after.is_none() {
            return Ok(());
        }
    }
}

/// One page of a snapshot.
pub(super) async fn page(heart: &Heart, scope: Scope, after: Option<Uuid>) -> Result<SnapshotPage, Trouble> {
    let mut path = format!("/v1/snapshot?scope={scope}&limit={}", wire::MAX_PAGE);
    if let Some(after) = after {
        path.push_str(&format!("&after={after}"));
    }
    heart.link.get(path).await
}
