//! Payments of residents through the bank.
//!
//! A payment is written down before the bank is asked ([`start`]); from then on one server at a time asks about it
//! ([`asking`]), at a pace ([`pace`]), and whatever the bank says goes through one place ([`settle`]). Nothing but an answer
//! of the bank to our own question changes a payment: a callback, the page that a person comes back to, a second click are
//! only reasons to ask. Money is credited by rows that are added once ([`credit`]).

pub mod asking;
pub mod by_hand;
pub mod callback;
mod cart;
pub mod cli;
pub mod credit;
pub mod events;
mod pace;
pub mod refund;
pub mod settle;
pub mod shown;
pub mod start;
pub mod table;
mod told;
pub mod verdict;
