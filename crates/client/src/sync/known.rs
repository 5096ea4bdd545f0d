//! How far the queue has seen the feed, kept beside the queue. The mirror may be younger after a power cut, or lost, and its
//! cursor then does not show that the server was restored from a copy: rows that the queue relies on may be gone although
//! the mirror never had them.

use super::answer::Trouble;
use super::pull::PullError;
use crate::engine::heart::Heart;
use crate::store::FEED_SEEN;
use serde::de::IgnoredAny;
use wire::feed::Cursor;
use wire::problem::Code;

/// How far the queue has seen the feed.
pub(crate) struct Known {
    /// As it is kept. Positions of what the queue has settled are of this life of the server.
    at: Option<Cursor>,
    mirror: Against,
}

/// How the mirror stands against it, since the engine was opened.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Against {
    /// Nobody has looked yet.
    Unknown,
    /// The mirror has not come there yet, and the server is the same.
    Behind,
    /// The mirror is as far.
    Level,
}

impl Known {
    /// As it was kept when the engine is opened.
    pub(crate) fn kept(json: Option<Vec<u8>>) -> Self {
        let at = json.and_then(|json| serde_json::from_slice(&json).ok());
        Self { at, mirror: Against::Unknown }
    }

    /// Whether positions of what the queue has settled can be compared with those of a mirror that stands at `mirror`.
    /// After a power cut the mirror may be that of an earlier life of the server, in which they stood for something
    /// else.
    pub(crate) fn is_of(&self, mirror: Option<Cursor>) -> bool {
        let (Some(at), Some(mirror)) = (self.at, mirror) else { return true };
        at.epoch == mirror.epoch
    }
}

/// Notes that the feed was seen up to here. Submitted before what the queue makes of it, so it is never behind.
pub(super) fn seen(heart: &Heart, at: Cursor) {
    let mut known = heart.known();
    let ahead = known.at.filter(|_| known.mirror == Against::Behind);
    if ahead.is_some_and(|ahead| ahead.epoch == at.epoch && ahead.seq > at.seq) {
        return;
    }
    *known = Known { at: Some(at), mirror: Against::Level };
    if let Ok(json) = serde_json::to_vec(&at) {
        drop(heart.outbox_db.set_secret(FEED_SEEN, Some(json)));
    }
}

/// Whether the server still is the one whose feed the queue has seen. It is asked only when the mirror, which stands at
/// `mirror`, cannot tell.
pub(super) async fn is_same_server(heart: &Heart, mirror: Option<Cursor>) -> Result<bool, PullError> {
    let behind = |kept: &Cursor| mirror.is_none_or(|mirror| mirror.epoch == kept.epoch && mirror.seq < kept.seq);
    let kept = {
        let mut known = heart.known();
        let kept = known.at.filter(behind).filter(|_| known.mirror != Against::Level);
        if kept.is_none() {
            known.mirror = Against::Level;
        }
        if known.mirror == Against::Behind {
            return Ok(true);
        }
        kept
    };
    let Some(Cursor { epoch, seq, name }) = kept else { return Ok(true) };
    let asked = heart.link.get::<IgnoredAny>(format!("/v1/feed?epoch={epoch}&seq={seq}&name={name}&limit=1")).await;
    match asked {
        Ok(_) | Err(Trouble::Problem(Code::SnapshotNeeded)) => {
            heart.known().mirror = Against::Behind;
            Ok(true)
        }
        Err(Trouble::Problem(Code::EpochChanged)) => Ok(false),
        Err(trouble) => Err(trouble.into()),
    }
}

/// The server is another one: what was seen of its feed says nothing any more.
pub(super) async fn forget(heart: &Heart) -> Result<(), PullError> {
    heart.outbox_db.set_secret(FEED_SEEN, None).done().await?;
    *heart.known() = Known { at: None, mirror: Against::Level };
    Ok(())
}
