//! Why a request has no good answer.

use crate::storage::{StoreError, Undo};
use wire::problem::Code;

/// Either an answer that is final for the desktop, or a trouble of ours, which it tries again.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Failure {
    /// A final answer; what was written before it (a counted try) stays.
    #[error("problem {0:?}")]
    Problem(Code),
    /// The database failed; nothing of the job stays.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Something else of ours failed. Never holds personal data.
    #[error("{0}")]
    Internal(String),
}

impl From<Code> for Failure {
    fn from(code: Code) -> Self {
        Self::Problem(code)
    }
}

impl Undo for Failure {
    fn undoes(&self) -> bool {
        !matches!(self, Self::Problem(_))
    }
}

/// 422 that names a field.
pub fn unreadable(field: &str) -> Failure {
    Failure::Problem(Code::Unreadable { field: Some(field.to_owned()) })
}
