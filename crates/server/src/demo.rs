//! An invented town for the demo and the tests: registry files as a billing would give them, from a seed.
//!
//! The same seed gives the same files, byte for byte. Nobody in them exists. Three accounts are the same under every
//! seed ([`story`]): the plays sign in with them.

mod bills;
pub mod cli;
mod days;
mod dice;
mod files;
mod fleet;
mod news;
mod people;
mod story;
mod town;
mod words;

pub use files::{File, files};
pub use people::{CHARACTERS, Character, populate};
pub use story::{SignIn, sign_ins};
pub use town::{Account, Meter, Taken, Town};

use domain::Period;
use std::path::Path;

/// What to generate.
#[derive(Debug, Clone, Copy)]
pub struct Wish {
    /// The same seed, the same town.
    pub seed: u64,
    /// How many accounts, the three of the story among them.
    pub accounts: usize,
    /// The month of the bills and of the last readings.
    pub month: Period,
}

/// Writes the town's registry files into a folder; their names, in the order in which they are to be imported.
pub fn write(out: &Path, wish: Wish) -> std::io::Result<Vec<String>> {
    std::fs::create_dir_all(out)?;
    let mut names = Vec::new();
    for file in files(&Town::build(wish)) {
        std::fs::write(out.join(&file.name), &file.bytes)?;
        names.push(file.name);
    }
    Ok(names)
}

#[cfg(test)]
mod tests;
