//! Where an operation is on its way.

use crate::unsendable::Unsendable;
use domain::OperationId;
use serde::{Deserialize, Serialize};
use wire::problem::Rejection;

/// The state of one operation. What a person reads beside each is in quotation marks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum State {
    /// «На этом компьютере»: to be sent.
    Queued,
    /// «Отправляется»: part of the batch in flight.
    InFlight,
    /// «Принято», and not yet seen in the mirror.
    Acked {
        /// The feed position of its effect.
        position: i64,
    },
    /// «Принято», and the mirror shows it. Kept until the server has it in a backup.
    Settled {
        /// The feed position of its effect.
        position: i64,
    },
    /// «Отклонено: причина». Waits for the person: Исправить, Повторить or Убрать.
    Rejected {
        /// Why.
        rejection: Rejection,
        /// The feed position at which this was decided.
        position: i64,
    },
    /// Another operation took its place.
    Replaced {
        /// Which.
        by: OperationId,
    },
    /// The person gave it up.
    Discarded,
    /// «Ждёт»: what it stands on was rejected or needs attention.
    Held {
        /// The operation it waits for.
        by: OperationId,
    },
    /// «Отозвано»: it will never take effect.
    Withdrawn,
    /// «Требует внимания»: cannot go on without the person. Never deleted by the program.
    Attention {
        /// Why.
        why: Attention,
    },
}

/// Why an operation needs a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Attention {
    /// The row on the disk cannot be read.
    Unreadable,
    /// The server has other content under this id.
    IdTaken,
    /// «Файл не принят»: one of its files never reaches the server.
    File {
        /// Why.
        why: Unsendable,
    },
}

impl State {
    /// Whether it holds a place in its lane: something behind it may have to wait for it.
    pub const fn is_live(&self) -> bool {
        matches!(
            self,
            Self::Queued
                | Self::InFlight
                | Self::Acked { .. }
                | Self::Rejected { .. }
                | Self::Held { .. }
                | Self::Attention { .. }
        )
    }

    /// Whether it is on its way: the person has nothing to do and the server has not decided.
    pub const fn is_waiting(&self) -> bool {
        matches!(self, Self::Queued | Self::InFlight | Self::Held { .. })
    }

    /// Whether it stops its lane until the person has decided.
    pub const fn blocks_lane(&self) -> bool {
        matches!(self, Self::Rejected { .. } | Self::Attention { .. })
    }

    /// The feed position at which the server decided, if it did.
    pub const fn position(&self) -> Option<i64> {
        match self {
            Self::Acked { position } | Self::Settled { position } | Self::Rejected { position, .. } => Some(*position),
            _ => None,
        }
    }

    /// A short name for the database and the log.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::InFlight => "in_flight",
            Self::Acked { .. } => "acked",
            Self::Settled { .. } => "settled",
            Self::Rejected { .. } => "rejected",
            Self::Replaced { .. } => "replaced",
            Self::Discarded => "discarded",
            Self::Held { .. } => "held",
            Self::Withdrawn => "withdrawn",
            Self::Attention { .. } => "attention",
        }
    }
}
