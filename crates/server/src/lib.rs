//! The server of ЖКХ Desktop: one program that keeps what residents send, exactly once.
//!
//! * [`storage`]: the database behind one small seam; group commit; the feed's positions;
//! * [`operations`]: what devices push, the ledger, what one operation's failure takes back;
//! * [`readings`], [`meters`], [`accounts`], [`people`]: the things themselves;
//! * [`tickets`], [`conversations`], [`questions`]: what residents ask, and what is said about it; [`staff`]: who works on it;
//! * [`bills`]: what the billing wants, month by month;
//! * [`registration`], [`sessions`], [`limits`]: who may come in, and how often one may try;
//! * [`feed`]: what changed, page by page, each seeing only their scopes;
//! * [`files`]: what people attach, from the first byte of an upload to who may have it;
//! * [`announcements`]: news, polls and offers;
//! * [`payments`]: money through the [`bank`], each credited once;
//! * [`http`]: the routes; thin, the rules are elsewhere;
//! * [`registry`]: exchange with the billing; [`calls`]: the robot that dictates codes; [`demo`]: an invented town;
//! * [`clock`], [`random`]: the outer world that is passed in;
//! * [`outside`]: what comes from strangers, as fuzzing sees it;
//! * [`config`], [`command`]: settings and the command line.

pub mod access_log;
pub mod accounts;
pub mod announcements;
pub mod bank;
pub mod bill_form;
pub mod bills;
pub mod calls;
pub mod clock;
pub mod command;
pub mod config;
pub mod conversations;
pub mod demo;
pub mod failure;
pub mod feed;
pub mod files;
pub mod http;
pub mod incidents;
pub mod letters;
pub mod limits;
pub mod meters;
pub mod operations;
pub mod outside;
pub mod payments;
pub mod people;
pub mod places;
pub mod publication;
pub mod questions;
pub mod random;
pub mod readings;
pub mod registration;
pub mod registry;
#[cfg(feature = "sabotage")]
mod sabotage;
pub mod secret;
pub mod server;
pub mod sessions;
pub mod staff;
pub mod storage;
pub mod tickets;

pub use config::Config;
pub use server::{Running, Server, ServerPorts};
