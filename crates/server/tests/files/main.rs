//! Files over loopback: how they come in by tus 1.0, what is taken, who may have them, when they go.

#[path = "../common/mod.rs"]
mod common;

mod content;
mod pictures;
mod rights;
mod several;
mod sweeping;
mod tus;
mod unfinished;
mod uploads;
