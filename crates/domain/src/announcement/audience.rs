//! For whom an announcement is.

use crate::{AccountId, HouseId, Kopecks};
use serde::{Deserialize, Serialize};

/// How many houses, streets or accounts one announcement names at most.
pub const AUDIENCE_MAX: usize = 5_000;

/// Who sees an announcement. Whoever attaches an account later sees what is for that account or its house.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(tag = "to", rename_all = "snake_case")]
pub enum Audience {
    /// Everybody.
    All,
    /// All houses of these streets, by the street's name as the addresses have it.
    Streets {
        /// The names.
        streets: Vec<String>,
    },
    /// These houses.
    Houses {
        /// The houses.
        houses: Vec<HouseId>,
    },
    /// Accounts that owe more than this on the day of publication.
    Debt {
        /// More than this.
        over: Kopecks,
    },
    /// These accounts.
    Accounts {
        /// The accounts.
        accounts: Vec<AccountId>,
    },
}

/// Why nobody can be meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AudienceProblem {
    /// Nothing is named.
    #[error("nobody is named")]
    Nobody,
    /// More than [`AUDIENCE_MAX`].
    #[error("more than {AUDIENCE_MAX} are named")]
    TooMany,
    /// A debt is more than nothing.
    #[error("a debt is at least zero")]
    Debt,
}

impl Audience {
    /// Whether somebody can be meant.
    pub fn check(&self) -> Result<(), AudienceProblem> {
        let named = match self {
            Self::All => return Ok(()),
            Self::Debt { over } => return if over.0 < 0 { Err(AudienceProblem::Debt) } else { Ok(()) },
            Self::Streets { streets } if streets.iter().any(|street| street.trim().is_empty()) => 0,
            Self::Streets { streets } => streets.len(),
            Self::Houses { houses } => houses.len(),
            Self::Accounts { accounts } => accounts.len(),
        };
        match named {
            0 => Err(AudienceProblem::Nobody),
            1..=AUDIENCE_MAX => Ok(()),
            _ => Err(AudienceProblem::TooMany),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn somebody_has_to_be_named() {
        assert_eq!(Audience::All.check(), Ok(()));
        assert_eq!(Audience::Houses { houses: vec![] }.check(), Err(AudienceProblem::Nobody));
        assert_eq!(Audience::Streets { streets: vec![" ".into()] }.check(), Err(AudienceProblem::Nobody));
        let many = vec!["Ленина".to_owned(); AUDIENCE_MAX + 1];
        assert_eq!(Audience::Streets { streets: many }.check(), Err(AudienceProblem::TooMany));
        assert_eq!(Audience::Debt { over: Kopecks(-1) }.check(), Err(AudienceProblem::Debt));
        assert_eq!(Audience::Debt { over: Kopecks(0) }.check(), Ok(()));
    }
}
