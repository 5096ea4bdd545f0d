//! What travels between the desktop and the server, and nothing else.
//!
//! * [`operation`]: what the desktop asks to be done, sealed at the moment of entry;
//! * [`push`]: batches of operations and the server's answers;
//! * [`feed`]: what changed on the server, page by page; [`entity`]: the things that change;
//! * [`ticket`]: tickets and conversations; [`desk`]: what the staff asks and sees besides;
//! * [`money`]: bills and payments; [`announcement`]: news, polls and offers;
//! * [`problem`]: the one list of codes that are final;
//! * [`session`], [`registration`], [`account`], [`utility`], [`support`]: the calls that need the server at once.
//!
//! The protocol is described in `docs/protocol.md`. Fields may be added; a field's meaning never changes. An
//! operation's body has a version of its own ([`operation::Body`]).

pub mod account;
pub mod announcement;
pub mod desk;
pub mod entity;
pub mod feed;
pub mod live;
pub mod money;
pub mod operation;
pub mod problem;
pub mod push;
pub mod registration;
pub mod session;
pub mod support;
pub mod ticket;
pub mod utility;

/// The version of the protocol, sent as `zhkh-protocol` with every request. A server that no longer speaks it answers 426.
pub const PROTOCOL: u32 = 1;
/// The media type of a final answer (RFC 9457).
pub const PROBLEM_JSON: &str = "application/problem+json";
/// The header that carries [`PROTOCOL`].
pub const PROTOCOL_HEADER: &str = "zhkh-protocol";
/// The header in which every answer carries the server's time, milliseconds since 1970 UTC.
pub const TIME_HEADER: &str = "zhkh-time";
/// The most operations in one batch.
pub const MAX_BATCH: usize = 100;
/// The most rows in one page of the feed.
pub const MAX_PAGE: u32 = 1000;
