//! Who is signed in: one person at a time, with an engine of their own.

mod enter;
mod files_ahead;
mod leave;
pub(crate) mod person;
pub(crate) mod tokens;
mod unlock;
mod watch;

pub(crate) use enter::{Credentials, enter, open_last, sign_in_online};
pub(crate) use leave::leave;
pub(crate) use person::{Person, PersonBringer};
