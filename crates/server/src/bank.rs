//! The bank through which residents pay: what is asked of it, and how its callbacks are checked (docs/domain.md).

mod callback;
mod checksum;
mod rbs;

pub use callback::read_callback;
pub use checksum::{CallbackKey, read_public_key};
pub use rbs::Rbs;

use async_trait::async_trait;
use domain::{Kopecks, PaymentId};

/// An order that is to be registered.
#[derive(Debug, Clone)]
pub struct NewOrder {
    /// Our payment: the bank gives it back with the order.
    pub payment: PaymentId,
    /// Our number of it, which the bank takes once.
    pub number: String,
    /// All that is taken.
    pub amount: Kopecks,
    /// What the person reads on the bank's page.
    pub description: String,
    /// Where the receipt goes; may be empty.
    pub email: String,
    /// The numbers of the accounts.
    pub accounts: String,
    /// Where the bank sends the person afterwards.
    pub return_url: String,
    /// Whom the bank tells.
    pub callback_url: String,
    /// For how long it can be paid, seconds.
    pub session_s: i64,
    /// The cart of the receipt.
    pub cart: Option<serde_json::Value>,
}

/// An order that the bank has taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registered {
    /// The bank's number.
    pub order: String,
    /// The page to pay on.
    pub form_url: String,
}

/// Where an order stands at the bank.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Registered, not paid; or the payer's own bank is asked.
    Open,
    /// The sum is held.
    Held,
    /// The sum was taken.
    Deposited,
    /// A hold or a payment was taken back.
    Reversed,
    /// Some of it was given back, or all.
    Refunded,
    /// Declined.
    Declined,
    /// Nobody paid in time.
    Lapsed,
}

/// An order as the bank knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderState {
    /// The bank's number.
    pub order: Option<String>,
    /// The payment for which it was registered, where the bank tells.
    pub payment: Option<PaymentId>,
    /// Where it stands.
    pub stage: Stage,
    /// What it is for.
    pub amount: Kopecks,
    /// What was taken.
    pub deposited: Kopecks,
    /// What went back.
    pub refunded: Kopecks,
    /// «МИР 2202 •• 0001»; empty where it was no card.
    pub by: String,
    /// Why it was declined, in the bank's words.
    pub why: String,
}

/// Why the bank gave no good answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BankError {
    /// It was certainly not asked: no connection, or it said that it takes nothing now.
    #[error("the bank takes no requests")]
    NotAsked,
    /// It may have been done or not: no answer in time, a broken one, or one that is none.
    #[error("the bank's answer did not come")]
    Unsure,
    /// It has an order with this number already.
    #[error("the bank has an order with this number")]
    NumberTaken,
    /// It says no, and would say so again.
    #[error("the bank refuses with code {code}")]
    Refused {
        /// Its code.
        code: i64,
    },
}

/// A bank that takes payments.
#[async_trait]
pub trait PaymentGateway: Send + Sync {
    /// Registers an order.
    async fn register(&self, order: &NewOrder) -> Result<Registered, BankError>;
    /// The order with our number; `None` when the bank has none.
    async fn by_number(&self, number: &str) -> Result<Option<OrderState>, BankError>;
    /// The order with the bank's number.
    async fn by_order(&self, order: &str) -> Result<Option<OrderState>, BankError>;
    /// Ends an order that was not paid.
    async fn decline(&self, order: &str) -> Result<(), BankError>;
    /// Gives money back.
    async fn refund(&self, order: &str, sum: Kopecks) -> Result<(), BankError>;
    /// What the code of СБП for an order holds.
    async fn sbp_code(&self, order: &str) -> Result<String, BankError>;
    /// The address of the electronic receipt, when there is one.
    async fn receipt(&self, order: &str) -> Result<Option<String>, BankError>;
}

#[cfg(test)]
mod tests;
