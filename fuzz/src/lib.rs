//! What comes from outside, thrown at every parser.
//!
//! A target is a plain function over bytes that panics when a promise is broken: not only that nothing crashes, but that
//! what was read can be written and read again, that a number stays in its range, that an error names a field. The
//! same functions run in three ways: over the whole corpus and over mutations of it as a plain test (`tests/corpus.rs`,
//! in `cargo xtask test`), under libFuzzer (`cargo xtask fuzz`, which is cargo-fuzz), and over one file
//! (`cargo run -p zhkh-fuzz --bin replay TARGET FILE`).
//!
//! Whatever was found lies in the corpus for ever, named after what it broke.

mod answers;
mod callbacks;
mod clocks;
mod feed;
mod files;
mod money;
pub mod mutation;
mod operations;
mod packed;
mod payment_qr;
mod registries;
mod streams;
mod typed;
mod wires;

use std::path::PathBuf;

/// A door and what is thrown at it.
pub struct Target {
    /// Its name: the folder of its corpus and the binary of cargo-fuzz.
    pub name: &'static str,
    /// Panics when a promise is broken.
    pub run: fn(&[u8]),
    /// How many mutations the test tries: fewer where one costs more.
    pub mutations: u32,
}

const fn target(name: &'static str, run: fn(&[u8]), mutations: u32) -> Target {
    Target { name, run, mutations }
}

/// Every door.
pub const TARGETS: [Target; 17] = [
    target("answers", answers::run, 6_000),
    target("bills", money::bills, 6_000),
    target("callbacks", callbacks::run, 6_000),
    target("charges", registries::charges, 6_000),
    target("clocks", clocks::run, 20_000),
    target("described", money::described, 1_500),
    target("events", streams::run, 10_000),
    target("feed", feed::run, 6_000),
    target("files", files::run, 3_000),
    target("meters", registries::meters, 1_500),
    target("operations", operations::run, 6_000),
    target("packed", packed::run, 1_500),
    target("payment_qr", payment_qr::run, 4_000),
    target("readings", registries::readings, 3_000),
    target("tables", registries::tables, 6_000),
    target("typed", typed::run, 20_000),
    target("wires", wires::run, 3_000),
];

/// The target of a name.
pub fn named(name: &str) -> Option<&'static Target> {
    TARGETS.iter().find(|target| target.name == name)
}

/// Runs a target. For the binaries of cargo-fuzz.
///
/// # Panics
/// When a promise is broken, or when there is no such target.
pub fn run(name: &str, input: &[u8]) {
    let Some(target) = named(name) else { panic!("there is no target {name}") };
    (target.run)(input);
}

/// Where the inputs of a target lie.
pub fn corpus(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("corpus").join(name)
}
