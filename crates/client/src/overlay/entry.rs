//! An operation of the queue as the views need it.

use crate::engine::QueuedOperation;
use crate::view::Mark;
use domain::{MeterId, OperationId};
use outbox::State;
use wire::operation::{Body, Operation, SubmitReading};
use wire::problem::Rejection;

/// One operation and where it is.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    /// Its id.
    pub(crate) id: OperationId,
    /// What was entered; `None` when this program cannot read it.
    pub(crate) content: Option<Operation>,
    /// When it was entered, as far as this computer knows.
    pub(crate) captured_ms: i64,
    /// When the server decided.
    pub(crate) decided_ms: Option<i64>,
    /// Whether a copy may have left this computer.
    pub(crate) ever_sent: bool,
    /// Whether the mirror may not contain it although it stands at or above its position.
    pub(crate) unseen: bool,
    /// Where it is.
    pub(crate) fate: Fate,
}

/// Where an operation is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Fate {
    /// Never sent.
    Queued,
    /// Sent, or about to be; the answer is not known.
    InFlight,
    /// The server is asked to take it back.
    Withdrawing,
    /// Took effect at this position of the feed.
    Acked {
        /// The position.
        position: i64,
    },
    /// Will never take effect.
    Rejected {
        /// Why.
        rejection: Rejection,
    },
    /// What it stands on was rejected.
    Held {
        /// That one.
        by: OperationId,
    },
    /// It cannot go on without the person; the bytes are kept.
    Attention(outbox::Attention),
}

impl Fate {
    /// `None` for what a person has done away with: replaced, given up, taken back.
    fn of(queued: &QueuedOperation) -> Option<Self> {
        Some(match &queued.state {
            State::Queued | State::InFlight if queued.withdrawing => Self::Withdrawing,
            State::Queued => Self::Queued,
            State::InFlight => Self::InFlight,
            State::Acked { position } | State::Settled { position } => Self::Acked { position: *position },
            State::Rejected { rejection, .. } => Self::Rejected { rejection: rejection.clone() },
            State::Held { by } => Self::Held { by: *by },
            State::Attention { why } => Self::Attention(*why),
            State::Replaced { .. } | State::Discarded | State::Withdrawn => return None,
        })
    }
}

impl Entry {
    /// What the engine tells of an operation; `None` when there is nothing to show of it any more.
    pub(crate) fn of(queued: QueuedOperation) -> Option<Self> {
        Some(Self {
            fate: Fate::of(&queued)?,
            id: queued.id,
            captured_ms: queued.captured_ms,
            decided_ms: queued.decided_ms,
            ever_sent: queued.ever_sent,
            unseen: queued.unseen,
            content: queued.operation,
        })
    }

    /// Whether its effect is to be laid over a mirror that stands at `seq`.
    ///
    /// Everything that may still take effect is; an accepted one stays until the mirror has passed its position,
    /// so that nothing flickers between the answer and the feed.
    pub(crate) fn overlays(&self, seq: Option<i64>) -> bool {
        match self.fate {
            Fate::Queued | Fate::InFlight | Fate::Withdrawing | Fate::Held { .. } | Fate::Attention(_) => true,
            Fate::Acked { position } => self.unseen || seq.is_none_or(|seq| seq < position),
            Fate::Rejected { .. } => false,
        }
    }

    /// Whether it still has to reach the server.
    pub(crate) const fn waits(&self) -> bool {
        matches!(self.fate, Fate::Queued | Fate::InFlight | Fate::Withdrawing | Fate::Held { .. })
    }

    /// Whether a person has to look at it.
    pub(crate) const fn needs_attention(&self) -> bool {
        matches!(self.fate, Fate::Rejected { .. } | Fate::Attention(_))
    }

    /// Whether a later entry may take its place: it never left, or it was rejected.
    pub(crate) const fn replaceable(&self) -> bool {
        match self.fate {
            Fate::Queued | Fate::Held { .. } => !self.ever_sent,
            Fate::Rejected { .. } | Fate::Attention(outbox::Attention::File { .. }) => true,
            Fate::InFlight | Fate::Withdrawing | Fate::Acked { .. } | Fate::Attention(_) => false,
        }
    }

    /// The body, if it can be read.
    pub(crate) fn body(&self) -> Option<&Body> {
        self.content.as_ref().map(|operation| &operation.body)
    }

    /// Whether it only tells what was read: nobody's entry.
    pub(crate) fn is_read_mark(&self) -> bool {
        matches!(self.body(), Some(Body::MarkRead(_) | Body::ReadAnnouncement(_)))
    }

    /// The reading that it submits, if it does and `meter` is the one.
    pub(crate) fn reading_of(&self, meter: MeterId) -> Option<&SubmitReading> {
        match self.body()? {
            Body::SubmitReading(reading) if reading.meter == meter => Some(reading),
            _ => None,
        }
    }

    /// The mark beside it.
    pub(crate) fn mark(&self) -> Mark {
        match &self.fate {
            Fate::Queued => Mark::Here,
            Fate::InFlight | Fate::Withdrawing => Mark::Sending,
            Fate::Acked { .. } => Mark::Accepted { at_ms: self.decided_ms },
            Fate::Rejected { rejection } => Mark::Rejected { rejection: rejection.clone() },
            Fate::Held { .. } => Mark::Held,
            Fate::Attention(outbox::Attention::File { why }) => Mark::FileRefused { why: (*why).into() },
            Fate::Attention(_) => Mark::Attention,
        }
    }
}
