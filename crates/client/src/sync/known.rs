//! How far the queue has seen the feed, kept beside the queue. The mirror may be younger after a power cut, or lost, and its
//! cursor then does not show that the server was restored from a copy: rows that the queue relies on may be gone although
//! the mirror never had them.

use super::answer::Trouble;
use super::pull::PullError;
use crate::engine::heart::Heart;
use serde::de::IgnoredAny;
use wire::feed::Cursor;
use wire::problem::Code;

/// The name under which it is kept.
const KNOWN: &str = "feed_seen";

/// What is known of it since the engine was opened.
#[derive(Default)]
pub(crate) enum Known {
    /// The disk was not asked yet.
    #[default]
    Unread,
    /// The queue has seen the feed up to here, and the mirror has not come there yet.
    Ahead(Cursor),
    /// The mirror is as far.
    Level,
}

/// Notes that the feed was seen up to here. Submitted before what the queue makes of it, so it is never behind.
pub(super) fn seen(heart: &Heart, at: Cursor) {
    let mut known = heart.known();
    if let Known::Ahead(ahead) = &*known
        && ahead.epoch == at.epoch
        && ahead.seq > at.seq
    {
        return;
    }
    *known = Known::Level;
    if let Ok(json) = serde_json::to_vec(&at) {
        drop(heart.outbox_db.set_secret(KNOWN, Some(json)));
    }
}

/// Whether the server still is the one whose feed the queue has seen. It is asked only when the mirror, which stands at
/// `mirror`, cannot tell.
pub(super) async fn is_same_server(heart: &Heart, mirror: Option<Cursor>) -> Result<bool, PullError> {
    if matches!(*heart.known(), Known::Level) {
        return Ok(true);
    }
    let kept = heart.outbox_db.secret(KNOWN).done().await?;
    let kept = kept.and_then(|json| serde_json::from_slice::<Cursor>(&json).ok());
    let behind = |kept: &Cursor| mirror.is_none_or(|mirror| mirror.epoch == kept.epoch && mirror.seq < kept.seq);
    let Some(kept) = kept.filter(behind) else {
        *heart.known() = Known::Level;
        return Ok(true);
    };
    if matches!(*heart.known(), Known::Ahead(_)) {
        return Ok(true);
    }
    let Cursor { epoch, seq, name } = kept;
    let asked = heart.link.get::<IgnoredAny>(format!("/v1/feed?epoch={epoch}&seq={seq}&name={name}&limit=1")).await;
    match asked {
        Ok(_) | Err(Trouble::Problem(Code::SnapshotNeeded)) => {
            *heart.known() = Known::Ahead(kept);
            Ok(true)
        }
        Err(Trouble::Problem(Code::EpochChanged)) => Ok(false),
        Err(trouble) => Err(trouble.into()),
    }
}

/// The server is another one: what was seen of its feed says nothing any more.
pub(super) async fn forget(heart: &Heart) -> Result<(), PullError> {
    heart.outbox_db.set_secret(KNOWN, None).done().await?;
    *heart.known() = Known::Level;
    Ok(())
}
