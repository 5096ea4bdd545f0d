//! The ways to the server.

mod http;

pub use http::{HttpTransport, HttpTransportError};

#[cfg(test)]
mod tests;
