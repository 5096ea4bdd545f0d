//! What the program keeps of a person's conversations beside queue and mirror: which events were seen, and which
//! conversation is in front of the person now.

use crate::engine::{Engine, Reading};
use crate::locked::locked;
use crate::overlay::entry::Entry;
use crate::overlay::tickets::seen::Seen;
use crate::report::Fault;
use crate::store::StoreError;
use domain::TicketId;
use std::sync::Mutex;
use wire::ticket::Conversation;

/// The name of [`Seen`] in the encrypted file.
const SEEN: &str = "tickets_seen";

/// What is kept of a person's conversations.
pub(crate) struct Conversations {
    seen: Mutex<Seen>,
    front: Mutex<Option<Conversation>>,
    /// Held while a read mark is made, so that two of them do not take each other's place.
    pub(crate) reading: tokio::sync::Mutex<()>,
}

impl Conversations {
    /// Reads what was kept; a computer that shows tickets for the first time begins now.
    pub(crate) async fn open(engine: &Engine) -> Result<Self, StoreError> {
        let kept = engine.secret(SEEN).await?.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        let seen = match kept {
            Some(seen) => seen,
            None => {
                let seen = Seen::from(engine.now().ms);
                engine.set_secret(SEEN, serde_json::to_vec(&seen).ok().as_deref()).await?;
                seen
            }
        };
        let (seen, front) = (Mutex::new(seen), Mutex::default());
        Ok(Self { seen, front, reading: tokio::sync::Mutex::default() })
    }

    /// Which events were seen.
    pub(crate) fn seen(&self) -> Seen {
        locked(&self.seen).clone()
    }

    /// Events of a ticket were shown up to here. Says whether that was news.
    pub(crate) async fn show(&self, engine: &Engine, ticket: TicketId, through_ms: i64) -> Result<bool, Fault> {
        let bytes = {
            let mut seen = locked(&self.seen);
            if !seen.show(ticket, through_ms) {
                return Ok(false);
            }
            serde_json::to_vec(&*seen).map_err(|error| Fault::Defect(error.to_string()))?
        };
        engine.set_secret(SEEN, Some(&bytes)).await?;
        Ok(true)
    }

    /// That something was read, and the server will not hear of it, is nobody's trouble: but a mark that was rejected would
    /// hold up the messages behind it.
    pub(crate) async fn let_go_of_marks(&self, engine: &Engine) {
        let Ok(Reading { queue, .. }) = engine.read() else { return };
        for mark in queue.into_iter().filter_map(Entry::of) {
            if mark.is_read_mark() && mark.needs_attention() {
                // It may have gone meanwhile; else the next look finds it again.
                let _ = engine.discard(mark.id).await;
            }
        }
    }

    /// What is in front of the person.
    pub(crate) fn front(&self) -> Option<Conversation> {
        *locked(&self.front)
    }

    /// The window shows this one, or none.
    pub(crate) fn set_front(&self, front: Option<Conversation>) {
        *locked(&self.front) = front;
    }
}
