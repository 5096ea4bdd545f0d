//! Building the mirror anew: at the first synchronisation, below the feed's horizon, after the server was restored,
//! after the file was damaged. The old mirror is shown until the new one is complete.

use super::answer::Trouble;
use super::known;
use super::pull::{self, PullError};
use crate::engine::EngineEvent;
use crate::engine::heart::Heart;
use domain::Epoch;
use outbox::Failure;
use uuid::Uuid;
use wire::feed::{Cursor, Scope, Scopes};

/// The name under which the server's life is kept beside the queue.
const EPOCH: &str = "epoch";

/// Fetches every scope and shows the result. Changes made meanwhile come through the feed, because the cursor is that
/// of the very first page.
pub(super) async fn mirror(heart: &Heart) -> Result<(), PullError> {
    heart.cache.begin().done().await?;
    let mut first: Option<Cursor> = None;
    let mut scopes: Vec<Scope> = Vec::new();
    loop {
        // Asked again until nothing is new: what was granted between the first list and the first page is told by no
        // row behind the cursor.
        let Scopes { scopes: seen } = heart.link.get::<Scopes>("/v1/scopes".into()).await?;
        let fresh: Vec<Scope> = seen.into_iter().filter(|scope| !scopes.contains(scope)).collect();
        if fresh.is_empty() {
            break;
        }
        for scope in &fresh {
            stage(heart, *scope, &mut first).await?;
        }
        scopes.extend(fresh);
    }
    let Some(at) = first else {
        // A person sees at least themselves; a server that says otherwise is asked again later.
        return Err(Trouble::Failure(Failure::Busy { retry_after_ms: None }).into());
    };
    let kinds = heart.cache.finish(scopes, at).done().await?;
    known::seen(heart, at);
    heart.change(|outbox, now| outbox.moved(at.seq, at.seq, &[], now)).await?;
    heart.tell(EngineEvent::MirrorChanged { kinds });
    Ok(())
}

/// Puts all pages of a scope into the mirror that is being built; notes where the very first page of all stood. While
/// one page goes to the disk the next one is on its way.
async fn stage(heart: &Heart, scope: Scope, first: &mut Option<Cursor>) -> Result<(), PullError> {
    let mut page = pull::page(heart, scope, None).await?;
    loop {
        if first.is_none() {
            note_epoch(heart, page.epoch).await?;
        }
        let at = *first.get_or_insert(Cursor { epoch: page.epoch, seq: page.through, name: page.name });
        if at.epoch != page.epoch {
            // Restored between two pages: from the beginning, a little later.
            return Err(Trouble::Failure(Failure::Busy { retry_after_ms: None }).into());
        }
        let after = page.next;
        let staged = heart.cache.stage(scope, page);
        if after.is_none() {
            return Ok(staged.done().await?);
        }
        let (following, staged) = tokio::join!(pull::page(heart, scope, after), staged.done());
        staged?;
        page = following?;
    }
}

/// The queue must learn of a new life of the server even if the mirror with its cursor was lost: so the life is also
/// kept beside the queue. With the first page, because what is acknowledged while the mirror is being built may be
/// forgotten before it is whole.
async fn note_epoch(heart: &Heart, epoch: Epoch) -> Result<(), PullError> {
    let outbox_db = &heart.link.outbox_db;
    let known = outbox_db.secret(EPOCH).done().await?;
    let known = known.and_then(|bytes| Uuid::from_slice(&bytes).ok());
    if known == Some(epoch.uuid()) {
        return Ok(());
    }
    if known.is_some() {
        heart.change(|outbox, _| outbox.new_epoch(0)).await?;
    }
    outbox_db.set_secret(EPOCH, Some(epoch.uuid().as_bytes().to_vec())).done().await?;
    Ok(())
}
