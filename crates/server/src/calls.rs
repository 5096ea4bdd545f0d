//! The code by telephone: a robot calls the person and dictates it (manual §1, docs/domain.md).

mod smsc;

pub use smsc::{Smsc, SmscSettings};

use async_trait::async_trait;
use domain::Phone;
use serde::{Deserialize, Serialize};

/// A call the provider took.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// The provider's number of the call, to ask what became of it.
    pub provider_id: String,
}

/// What became of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallStatus {
    /// Still to be made, or being made.
    Waiting,
    /// The person picked up and heard it.
    Delivered,
    /// Nobody picked up in time.
    Expired,
    /// The number cannot be reached.
    Unreachable,
    /// The provider may not make this call.
    Prohibited,
    /// The provider does not know the call.
    NotFound,
}

/// Why no call was made. Each variant is a different thing to tell the person or the operator.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// The utility has to top up; the person can only be asked to try later.
    #[error("the call provider's account has no money")]
    NoMoney,
    /// The same number was called less than a minute ago.
    #[error("the number was called less than a minute ago")]
    Duplicate,
    /// The provider says it is not a number.
    #[error("the provider does not accept the number")]
    BadNumber,
    /// The number exists but cannot be reached.
    #[error("the number cannot be reached")]
    Unreachable,
    /// The provider bars our words or our calls.
    #[error("the provider prohibits the call")]
    Prohibited,
    /// Our login, password or address is not accepted: the operator's setting is wrong.
    #[error("the provider does not accept our credentials")]
    Credentials,
    /// The provider blocks us for a while for too many errors.
    #[error("the provider blocks us for a while")]
    Blocked,
    /// No answer in time. The call may have been made.
    #[error("the provider did not answer in time")]
    Timeout,
    /// No connection, a 5xx, or something that is not the provider's answer.
    #[error("the provider does not work")]
    Down,
    /// An error code that says our request was wrong: a defect here, not the person's.
    #[error("the provider refused our request with code {code}")]
    Refused {
        /// The provider's code.
        code: i64,
    },
}

/// Whoever can say a code to a telephone.
#[async_trait]
pub trait CodeCaller: Send + Sync {
    /// Calls and dictates `code`, digit by digit, twice.
    async fn deliver(&self, phone: &Phone, code: &str) -> Result<Delivery, CallError>;
    /// What became of a call.
    async fn status(&self, phone: &Phone, provider_id: &str) -> Result<CallStatus, CallError>;
    /// Money left, as the provider writes it; for `doctor`.
    async fn balance(&self) -> Result<String, CallError>;
}

/// The words of the robot: «Ваш код: 1, 2, 3, 4. Повторяю: 1, 2, 3, 4». The commas make it pause.
pub fn words_for(code: &str) -> String {
    let digits = code.chars().map(String::from).collect::<Vec<_>>().join(", ");
    format!("Ваш код: {digits}. Повторяю: {digits}")
}

#[cfg(test)]
mod tests;
