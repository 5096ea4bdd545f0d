//! The stages of a ticket and who may move it from one to another.
//!
//! ПП РФ 416 asks that every request is registered and its course can be followed; the stages themselves are the
//! utility's custom. A resident closes a ticket from any stage that is not final, and opens it again.

use serde::{Deserialize, Serialize};

/// Where the work stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Новая: nobody took it yet.
    New,
    /// Принята: a dispatcher took it.
    Accepted,
    /// В работе: somebody was sent.
    InProgress,
    /// Отложена until a day.
    Deferred,
    /// Ждёт ответа жителя.
    AwaitingResident,
    /// Выполнена: done, as the utility says.
    Done,
    /// Закрыта: the resident agreed, or did not object in time.
    Closed,
    /// Отклонена, with the reason.
    Rejected,
}

/// On whose side somebody stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Party {
    /// Who asked.
    Resident,
    /// Who works on it.
    Staff,
    /// The server by itself: what was done and not objected to is closed.
    Utility,
}

/// Why a ticket stays where it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It stands there already, so nothing would change.
    #[error("the ticket has this status already")]
    Same,
    /// No way leads there from here.
    #[error("the ticket cannot go from {from:?} to {to:?}")]
    NoWay {
        /// Where it stands.
        from: Status,
        /// Where it should go.
        to: Status,
    },
    /// The way exists, but not for this party.
    #[error("only the other side may do this")]
    NotYours,
}

impl Status {
    /// All of them, in the order of a ticket's life.
    pub const ALL: [Self; 8] = [
        Self::New,
        Self::Accepted,
        Self::InProgress,
        Self::Deferred,
        Self::AwaitingResident,
        Self::Done,
        Self::Closed,
        Self::Rejected,
    ];

    /// Whether nothing more is expected of anybody. A final ticket is hidden unless «Показать закрытые» is on.
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Closed | Self::Rejected)
    }

    /// Whether the utility owes work: its deadlines run.
    pub const fn is_open(self) -> bool {
        !matches!(self, Self::Done | Self::Closed | Self::Rejected)
    }

    /// Whether a ticket may go from here to `to` by the will of `party`.
    ///
    /// A ticket that is opened again goes back to [`Status::New`], so that a dispatcher has to take it anew.
    pub fn check(self, to: Self, party: Party) -> Result<(), Refusal> {
        use Status::{Accepted, AwaitingResident, Closed, Deferred, Done, InProgress, New, Rejected};
        if self == to {
            return Err(Refusal::Same);
        }
        let staff = match self {
            New => matches!(to, Accepted | InProgress | Deferred | AwaitingResident | Done | Rejected),
            Accepted => matches!(to, InProgress | Deferred | AwaitingResident | Done | Rejected),
            InProgress => matches!(to, Accepted | Deferred | AwaitingResident | Done | Rejected),
            Deferred | AwaitingResident => {
                matches!(to, Accepted | InProgress | Deferred | AwaitingResident | Done | Rejected)
            }
            Done => matches!(to, InProgress | Closed),
            Closed | Rejected => false,
        };
        let resident = match self {
            Done | Closed | Rejected if to == New => true,
            _ => to == Closed && !self.is_final(),
        };
        // What is done closes by itself after a time; an answer that was waited for lets the work go on.
        let utility =
            (self == Done && to == Closed) || (self == AwaitingResident && matches!(to, Accepted | InProgress));
        let allowed = match party {
            Party::Staff => staff,
            Party::Resident => resident,
            Party::Utility => utility,
        };
        match (allowed, staff || resident) {
            (true, _) => Ok(()),
            (false, true) => Err(Refusal::NotYours),
            (false, false) => Err(Refusal::NoWay { from: self, to }),
        }
    }

    /// Everywhere a party may move a ticket that stands here.
    pub fn ways(self, party: Party) -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(move |to| self.check(*to, party).is_ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_resident_closes_from_every_stage_that_is_not_final() {
        for from in Status::ALL {
            assert_eq!(from.check(Status::Closed, Party::Resident).is_ok(), !from.is_final(), "{from:?}");
        }
    }

    #[test]
    fn a_resident_only_closes_and_opens_again() {
        for from in Status::ALL {
            for to in from.ways(Party::Resident) {
                assert!(matches!(to, Status::Closed | Status::New), "{from:?} to {to:?}");
            }
        }
        assert_eq!(Status::New.check(Status::Done, Party::Resident), Err(Refusal::NotYours));
        assert_eq!(
            Status::InProgress.check(Status::New, Party::Resident),
            Err(Refusal::NoWay { from: Status::InProgress, to: Status::New })
        );
    }

    #[test]
    fn a_closed_ticket_is_opened_by_its_resident_only() {
        for from in [Status::Closed, Status::Rejected] {
            assert_eq!(from.ways(Party::Staff).count(), 0, "{from:?}");
            assert_eq!(from.ways(Party::Utility).count(), 0, "{from:?}");
            assert_eq!(from.ways(Party::Resident).collect::<Vec<_>>(), [Status::New]);
        }
    }

    #[test]
    fn from_every_open_stage_the_staff_can_reach_done() {
        for from in Status::ALL.into_iter().filter(|status| status.is_open()) {
            assert!(from.check(Status::Done, Party::Staff).is_ok(), "{from:?}");
        }
    }

    #[test]
    fn the_server_by_itself_only_closes_what_is_done_and_goes_on_with_what_was_answered() {
        for from in Status::ALL {
            let ways: Vec<_> = from.ways(Party::Utility).collect();
            let expected = match from {
                Status::Done => vec![Status::Closed],
                Status::AwaitingResident => vec![Status::Accepted, Status::InProgress],
                _ => vec![],
            };
            assert_eq!(ways, expected, "{from:?}");
        }
    }

    #[test]
    fn staying_is_never_a_move() {
        for status in Status::ALL {
            assert_eq!(status.check(status, Party::Staff), Err(Refusal::Same));
        }
    }
}
