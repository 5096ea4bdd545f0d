//! Paying: what a payment comes to, and the course of one.

mod rules;
mod status;

pub use crate::dated::in_force;
pub use rules::{Commission, PaymentProblem, PaymentRules, PaymentWay, Totals};
pub use status::PaymentStatus;
