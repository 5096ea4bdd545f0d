//! Who stands behind an operation: a resident or somebody of the staff. What either may do is asked of this.

use super::{Refused, invalid};
use crate::people;
use crate::staff::{self, Member};
use crate::storage::{StoreError, Tx};
use domain::ticket::Party;
use domain::{Source, UserId};
use wire::desk::Role;
use wire::problem::Rejection;

/// Who asks.
#[derive(Debug, Clone)]
pub enum Actor {
    /// A resident.
    Resident(UserId),
    /// Somebody of the staff, at work.
    Staff(Box<Member>),
}

impl Actor {
    /// Who sends a batch, and with it enters what is in it: nobody sends another's operations.
    pub fn of(tx: &mut Tx<'_>, user: UserId) -> Result<Self, StoreError> {
        let member = staff::at_work(tx, user)?;
        Ok(member.map_or(Self::Resident(user), |member| Self::Staff(Box::new(member))))
    }

    /// Whether an operation may come from this workplace. The staff has no resident's program under its login, and a
    /// resident no desk.
    pub fn is_at(&self, workplace: Source) -> Result<(), Refused> {
        match (workplace, self) {
            (Source::ResidentApp | Source::Kiosk, Self::Resident(_))
            | (Source::Desk | Source::Phone, Self::Staff(_)) => Ok(()),
            (Source::Desk | Source::Phone, Self::Resident(_)) => Err(Rejection::NotYours.into()),
            _ => Err(invalid("source")),
        }
    }

    /// On whose side they stand.
    pub const fn party(&self) -> Party {
        match self {
            Self::Resident(_) => Party::Resident,
            Self::Staff(_) => Party::Staff,
        }
    }

    /// How others read who it was.
    pub fn name(&self, tx: &mut Tx<'_>) -> Result<String, StoreError> {
        match self {
            Self::Resident(user) => people::short_name(tx, *user),
            Self::Staff(member) => Ok(member.signature()),
        }
    }

    /// The resident.
    pub fn resident(&self) -> Result<UserId, Refused> {
        match self {
            Self::Resident(user) => Ok(*user),
            Self::Staff(_) => Err(Rejection::NotYours.into()),
        }
    }

    /// Somebody of the staff who has the role.
    pub fn staff(&self, role: Role) -> Result<&Member, Refused> {
        match self {
            Self::Staff(member) if member.is(role) => Ok(member),
            _ => Err(Rejection::NotYours.into()),
        }
    }
}
