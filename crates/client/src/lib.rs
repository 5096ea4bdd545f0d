//! The desktop's engine: vault, store, synchronisation, commands. It knows no window.
pub mod blobs;
mod calls;
pub mod commands;
pub mod core;
mod documents;
mod durable_file;
pub mod engine;
pub mod outside;
mod overlay;
mod people;
pub mod platform;
pub mod ports;
mod registration;
mod report;
mod session;
mod settings;
pub mod store;
mod sync;
mod toasts;
pub mod transport;
mod utility_record;
mod vault;
pub mod view;

pub use crate::core::{Core, CoreConfig};
