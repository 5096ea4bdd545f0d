//! Payments through the sandbox's bank: once to the account, whatever happens on the way.

#[path = "../common/mod.rs"]
mod common;

mod callbacks;
mod course;
mod fake;
mod letters;
mod locks;
mod model;
mod refunds;
mod services;
mod staff;
mod till;
mod trouble;
