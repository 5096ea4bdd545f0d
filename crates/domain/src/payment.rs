//! Paying: what a payment comes to, and the course of one.

mod rules;
mod services;
mod status;

pub use crate::dated::in_force;
pub use rules::{Commission, PaymentProblem, PaymentRules, PaymentWay, Totals};
pub use services::{ServiceSum, ServicesProblem, check_services, spread};
pub use status::PaymentStatus;
