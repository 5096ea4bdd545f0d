//! The desktop's engine beside the bare work of the same kind.

mod bare_file;
mod bare_http;
mod desk;
pub mod pages;
pub mod drain;
pub mod enqueue;
pub mod pull;
