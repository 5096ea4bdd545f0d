//! The server beside the bare statements, and in the situations that it is made for.

mod bare_sql;
pub mod child;
pub mod evening;
pub mod idle;
pub(crate) mod line;
pub mod ops;
mod readings;
pub mod town;
pub mod upload;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Lets this process have as many connections as the system allows.
pub fn many_files() -> anyhow::Result<u64> {
    let limit = getrlimit(Resource::Nofile);
    setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, maximum: limit.maximum })?;
    Ok(limit.maximum.unwrap_or(u64::MAX))
}
